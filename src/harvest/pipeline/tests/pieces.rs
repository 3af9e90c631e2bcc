//! F47: large dumps are streamed to the disk and read piece by piece.

use std::fmt::Write as _;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use serde_json::json;

use super::publisher::{World, clock};
use crate::harvest::dump::LARGE;
use crate::harvest::fetch::tests::server::answer;
use crate::harvest::fetch::{Resolver, SystemResolver};
use crate::journal::Durability;
use crate::register::ledger::{
    Outcome, Request, RequestKind, Row as _, Run, RunKind, Staged, Trigger,
};

const ROWS: usize = 100;

/// A table that is too large for the memory, of which the row `without` has no
/// key.
fn table(name: &str, without: usize) -> String {
    let mut table = "id,name,description,postcode\n".to_owned();
    let long = "Tea, cake\nand a warm room. ".repeat(200);
    for row in 0..ROWS {
        let key = if row == without { String::new() } else { row.to_string() };
        writeln!(table, "{key},{name} {row},\"{long}\",EH6 8RG").unwrap();
    }
    assert!(table.len() > LARGE);
    table
}

async fn world(directory: &tempfile::TempDir, body: String) -> World {
    let spool = directory.path().to_owned();
    let change = |options: &mut crate::harvest::Options| {
        options.spool = Some(spool);
        Arc::new(SystemResolver) as Arc<dyn Resolver>
    };
    World::with("/all.csv", "csv", change, move |_| {
        answer("200 OK", "Content-Type: text/csv\r\nETag: \"a\"\r\n", &body)
    })
    .await
}

#[tokio::test]
async fn f47_a_large_table_is_read_from_the_disk_to_its_end() {
    let directory = tempfile::tempdir().unwrap();
    let world = world(&directory, table("Club", 90)).await;
    let run = world.run().await;
    assert_eq!(run.outcome, Some(Outcome::OkWithErrors), "{run:#?}");
    assert_eq!(run.counts.seen, ROWS as u64 - 1);
    assert_eq!((run.counts.created, run.counts.invalid), (ROWS as u64 - 1, 1));
    assert!(run.counts.decoded_bytes > LARGE as u64 && run.counts.pages == 1);
    // Where something is wrong is told as of the whole, and what holds of the
    // whole is told once.
    let findings = world.findings(&run);
    let unnamed: Vec<&str> =
        findings.iter().filter(|it| it.code == "no-key").map(|it| &*it.at).collect();
    assert_eq!(unnamed, [format!("row 92, line {}", 2 + 90 * 201)]);
    assert_eq!(findings.iter().filter(|it| it.code == "mapping-guessed").count(), 1);
    // Nothing of it is left on the disk.
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);

    // The same again, by a server that knows no validators, and then from what
    // was kept.
    let body = table("Club", 90);
    world.answers(move |_| answer("200 OK", "Content-Type: text/csv\r\n", &body));
    let run = world.run().await;
    assert_eq!((run.counts.created, run.counts.changed), (0, 0), "{run:#?}");
    let run = world.run_as(RunKind::Replay).await;
    assert_eq!((run.counts.created, run.counts.changed), (0, 0), "{run:#?}");
    assert_eq!((run.kind, run.counts.seen), (RunKind::Replay, ROWS as u64 - 1));

    // What is gone from it is missed.
    let body = table("Club", 90).replacen("\n5,Club 5,", "\n5000,Club 5,", 1);
    world.answers(move |_| answer("200 OK", "Content-Type: text/csv\r\n", &body));
    let run = world.run().await;
    assert_eq!(run.counts.created, 1, "{run:#?}");
}

#[tokio::test]
async fn f9_a_run_that_broke_off_amid_a_large_document_counts_each_record_once() {
    let directory = tempfile::tempdir().unwrap();
    let world = world(&directory, table("Club", ROWS)).await;
    // The process is gone when the first piece was staged.
    let gone = |run: &Run| assert_eq!(run.counts.seen, 0, "the process is gone");
    let run = world.harvester.run("partner", RunKind::Harvest, Trigger::Manual, &gone);
    assert!(AssertUnwindSafe(run).catch_unwind().await.is_err());
    assert!(world.register().ledger().count::<Staged>("partner\n").unwrap() > 0);
    // It comes back with another listing, of which only the end is the same.
    let body = table("Hall", ROWS).replacen("\n5,Hall 5,", "\n5000,Hall 5,", 1);
    world.answers(move |_| answer("200 OK", "Content-Type: text/csv\r\n", &body));
    let run = world.run().await;
    assert_eq!(run.outcome, Some(Outcome::Ok), "{run:#?}");
    assert_eq!((run.number, run.counts.seen, run.counts.created), (1, 100, 100), "{run:#?}");
    assert_eq!(world.json("5000")["name"], "Hall 5");
    assert_eq!(world.assets(), 100);
}

#[tokio::test]
async fn f4_somebody_can_stop_a_run_amid_a_large_document() {
    let directory = tempfile::tempdir().unwrap();
    let world = world(&directory, table("Club", ROWS)).await;
    let stop = |run: &Run| {
        if run.counts.seen > 0 && run.ended.is_none() {
            let key = Request::key_of("partner", RequestKind::Cancel);
            let (source, by) = ("partner".to_owned(), "test".to_owned());
            let request = Request { source, kind: RequestKind::Cancel, at: clock(), by };
            world.register().ledger().write(&[request.put(key)], Durability::Relaxed).unwrap();
        }
    };
    let run = world.harvester.run("partner", RunKind::Harvest, Trigger::Manual, &stop);
    let run = run.await.unwrap();
    assert_eq!(run.outcome, Some(Outcome::Cancelled), "{run:#?}");
    assert!(run.counts.seen < 100);
    assert_eq!(world.assets(), 0);
    let run = world.run().await;
    assert_eq!((run.outcome, run.counts.created), (Some(Outcome::Ok), 100), "{run:#?}");
}

#[tokio::test]
async fn f47_what_cant_be_parted_is_read_at_once_and_has_the_limit_of_a_feed() {
    let directory = tempfile::tempdir().unwrap();
    let items: Vec<_> = (0..100)
        .map(|id| {
            json!({ "@id": format!("https://partner.example/{id}"), "@type": "Place",
            "@context": "https://schema.org/", "name": format!("Hall {id}"),
            "address": { "@type": "PostalAddress", "postalCode": "EH6 8RG" },
            "description": "Tea and cake. ".repeat(400) })
        })
        .collect();
    let body = json!(items).to_string();
    assert!(body.len() > LARGE);
    let spool = directory.path().to_owned();
    for (most, outcome) in [(50 << 20, Outcome::Ok), (LARGE, Outcome::Failed)] {
        let (body, spool) = (body.clone(), spool.clone());
        let change = |options: &mut crate::harvest::Options| {
            options.spool = Some(spool);
            options.fetch.limits.feed_bytes = most;
            Arc::new(SystemResolver) as Arc<dyn Resolver>
        };
        let world = World::with("/all.jsonld", "rdf", change, move |_| {
            answer("200 OK", "Content-Type: application/ld+json\r\n", &body)
        })
        .await;
        let run = world.run().await;
        assert_eq!(run.outcome, Some(outcome), "{run:#?}");
        let is_told = world.findings(&run).iter().any(|it| it.code == "too-large");
        assert_eq!(is_told, outcome == Outcome::Failed);
    }
}

#[tokio::test]
async fn f47_a_dump_beyond_50_mib_in_a_form_that_is_read_whole_is_clearly_told() {
    let rdf_xml = format!(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><!--{}--></rdf:RDF>",
        "-x".repeat(LARGE)
    );
    let workbook = [b"PK\x03\x04".to_vec(), vec![b'x'; 2 * LARGE]].concat();
    let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    for (path, format, media_type, body) in [
        (
            "/all.jsonld",
            "rdf",
            "application/ld+json",
            format!("[{}]", " ".repeat(2 * LARGE)).into(),
        ),
        ("/all.rdf", "rdf", "application/rdf+xml", rdf_xml.into_bytes()),
        ("/all.xlsx", "xlsx", sheet, workbook),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let spool = directory.path().to_owned();
        let change = |options: &mut crate::harvest::Options| {
            options.spool = Some(spool);
            // As if this were the 50 MiB.
            options.fetch.limits.feed_bytes = LARGE;
            Arc::new(SystemResolver) as Arc<dyn Resolver>
        };
        let head = format!("Content-Type: {media_type}\r\n");
        let world =
            World::with(path, format, change, move |_| answer("200 OK", &head, body.clone())).await;
        let run = world.run().await;
        assert_eq!(run.outcome, Some(Outcome::Failed), "{path}: {run:#?}");
        let findings = world.findings(&run);
        let told = findings.iter().find(|it| it.code == "too-large");
        let told = told.unwrap_or_else(|| panic!("{path}: {findings:#?}"));
        assert!(told.what.contains("read whole, and so up to 1 MiB"), "{path}: {}", told.what);
        assert!(told.advice.as_ref().is_some_and(|it| it.contains("piece by piece")), "{path}");
        assert!(run.reason.is_some_and(|it| it.starts_with(&*told.what)), "{path}");
    }
}

//! Harvests that are killed again and again, that fill the disk, and during
//! which people search.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::Receiver;

use serde_json::Value;

use crate::cli_unusable::run_limited;
use crate::harvest::{Desk, LONG, Publisher};
use crate::program::{BASE, get, kist};

/// How many sessions the long feed has.
const SESSIONS: u64 = 5 * LONG as u64;

/// After how many pages the program is killed.
const PAGES_BETWEEN: usize = 25;

/// How often it is killed while it writes.
const KILLS_AMID_WRITING: usize = 2;

/// Blocks of 512 bytes that some of the heavy pages take in the log beside the
/// journal, and not all.
const SOME_PAGES: u32 = 4_096;

fn begin(desk: &Desk) -> Child {
    let mut command = kist();
    command.args(["harvest", "run", "partner", "--base-url", BASE, "--config"]);
    command.arg(&desk.settings).arg("--data").arg(desk.data());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// How many bytes the journal has, with its log.
fn journal(data: &Path) -> u64 {
    let size = |name: &str| fs::metadata(data.join(name)).map_or(0, |file| file.len());
    size("journal.sqlite") + size("journal.sqlite-wal")
}

/// Waits until so many pages were asked for, or the last.
fn pages(told: &Receiver<String>, count: usize) -> bool {
    let last = format!("/long?page={LONG}");
    (0..count).any(|_| told.recv().unwrap() == last)
}

#[test]
fn b7_a_harvest_that_is_killed_all_the_time_gives_the_same_graphs_and_asks_little_twice() {
    let publisher = Publisher::start();
    let whole = Desk::new(&publisher);
    whole.add("partner", "rpde", &publisher.url("/long"));
    whole.run("harvest run partner").with(0);
    let expected = whole.statements();
    assert!(expected.iter().any(|line| line.contains(&format!("\"Session {SESSIONS}\""))));

    let desk = Desk::new(&publisher);
    desk.add("partner", "rpde", &publisher.url("/long"));
    publisher.asked();
    let told = publisher.tell();
    let mut kills = 0;
    let mut is_read = false;
    // Each kill comes at whatever moment the program is in when the page is
    // asked for: it goes on meanwhile.
    while !is_read {
        let child = begin(&desk);
        is_read = pages(&told, PAGES_BETWEEN);
        kill(child);
        kills += 1;
        assert!(kills < LONG, "it comes no further");
        // What was asked for between the last that was counted and the kill.
        is_read |= told.try_iter().any(|path| path == format!("/long?page={LONG}"));
    }
    // Everything is read, and what is written now is killed as soon as the
    // journal has grown a little.
    for _ in 0..KILLS_AMID_WRITING {
        let before = journal(&desk.data());
        let mut child = begin(&desk);
        while journal(&desk.data()) <= before && child.try_wait().unwrap().is_none() {}
        kill(child);
        kills += 1;
    }
    desk.run("harvest run partner").with(0);
    assert!(desk.statements() == expected, "the graphs are others");
    desk.run("check").with(0);
    let asked = publisher.asked();
    // The beginning was asked for to add the source; a run that came to its
    // end before it could be killed asks for the end once more.
    let end = format!("/long?page={LONG}");
    let again = asked.iter().filter(|(path, _)| path.contains("page=") && **path != end);
    let again: usize = again.map(|(_, count)| count - 1).sum();
    assert!(again <= kills, "{again} pages were asked for again after {kills} kills");
    assert!(kills >= LONG / PAGES_BETWEEN, "{kills}");
    let history = desk.run("harvest history partner --json").with(0).stdout;
    let history: Value = serde_json::from_str(&history).unwrap();
    let open = history.as_array().unwrap().iter().filter(|run| run["ended"].is_null()).count();
    assert_eq!(open, 0, "{history}");
}

#[test]
fn f6_a_disk_that_is_full_in_mid_run_costs_nothing_but_the_run() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    desk.add("partner", "rpde", &publisher.url("/heavy"));
    publisher.asked();
    let settings = desk.settings.to_str().unwrap();
    let arguments = ["harvest", "run", "partner", "--config", settings];
    let ended = run_limited(SOME_PAGES, &arguments, &desk.data());
    assert!(matches!(ended.code, Some(1 | 78)), "{ended:?}");
    assert!(format!("{}{}", ended.stdout, ended.stderr).contains("disk"), "{ended:?}");
    // It was in its midst: pages had come, and not all.
    let asked = publisher.asked();
    assert!(asked.len() > 1 && !asked.contains_key("/heavy?page=12"), "{asked:?}");
    desk.run("check").with(0);
    assert!(desk.statements().is_empty(), "nothing of it is half there");
    // With room again, everything comes.
    desk.run("harvest run partner").with(0);
    let statements = desk.statements();
    for session in 1..=60 {
        let name = format!("\"Session {session}\"");
        assert!(statements.iter().any(|line| line.contains(&name)), "{name}");
    }
}

#[test]
fn searches_are_answered_while_a_harvest_runs() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    desk.add("partner", "rpde", &publisher.url("/long"));
    desk.run("harvest resume partner").with(0);
    let server = desk.serve();
    let (mut seen, mut answers) = (0, 0);
    while seen < SESSIONS {
        let paths = [
            "/api/v1/search?q=session&kind=asset&limit=3",
            "/api/v1/assets?near=EH6+8RG&within=2km&limit=3",
            "/api/v1/assets?facets=source&limit=3",
        ];
        for path in paths {
            let answer = get(server.address(), path);
            assert_eq!(answer.status, 200, "{answer:?}");
            let json = answer.json();
            let (total, items) =
                (json["total"].as_u64().unwrap(), json["items"].as_array().unwrap());
            // Never more than there are, never fewer than before, and always
            // whole records.
            assert!(total >= seen && total <= SESSIONS, "{total} after {seen}");
            assert_eq!(items.len() as u64, total.min(3), "{path}: {json}");
            let is_whole = |item: &Value| item["name"].is_object() || item["name"].is_string();
            assert!(items.iter().all(is_whole), "{json}");
            seen = total;
        }
        answers += 1;
        assert!(answers < 100_000, "only {seen} came");
    }
    assert_eq!(server.stop(), Some(0));
}

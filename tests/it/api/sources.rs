//! How sources are harvested, and what the harvester is asked.

use http::Method;
use insta::assert_snapshot;
use kist::journal::{Durability, Scope};
use kist::register::ledger::{
    Item, ItemState, Outcome, Phase, Request, RequestKind, Row, Run, SourceState, Table, UNDONE,
};
use serde_json::{Value as Json, json};

use super::harvests::{harvested, id, rekeyed, run, write};
use super::server::{Answer, Sent, TestServer, now};

const SOURCE: &str = "/api/v1/sources/partner";

async fn read(server: &TestServer, path: &str) -> Answer {
    let token = server.token(Scope::Read);
    server.get_with(path, "authorization", &format!("Bearer {token}")).await
}

async fn ask(server: &TestServer, path: &str, body: &str) -> Answer {
    let token = server.token(Scope::Admin);
    let media_type = if body.is_empty() { "" } else { "application/json" };
    let sent = Sent { token: &token, media_type, header: None, body: body.as_bytes() };
    server.send(Method::POST, &format!("{SOURCE}{path}"), sent).await
}

fn pretty(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer}");
    serde_json::to_string_pretty(&answer.json()).unwrap()
}

/// The requests that wait, by kind.
fn waiting(server: &TestServer) -> Vec<RequestKind> {
    let rows = server.register.ledger().rows::<Request>("", "", 100).unwrap();
    rows.into_iter().map(|(_, request)| request.kind).collect()
}

#[tokio::test]
async fn runs_come_newest_first_and_lead_to_older_ones() {
    let server = harvested();
    assert_snapshot!("runs", pretty(&server.get(&format!("{SOURCE}/runs")).await));
    let page = server.json(&format!("{SOURCE}/runs?limit=1")).await;
    let next = page["next"].as_str().unwrap().split(".example").nth(1).unwrap().to_owned();
    let older = server.json(&next).await;
    assert_eq!((&older["items"][0]["number"], older.get("next")), (&json!(1), None));
    let one = server.json(&format!("{SOURCE}/runs/1")).await;
    assert_eq!(one, older["items"][0]);
    let by_slug = server.json("/api/v1/sources/events/runs/1").await;
    assert_eq!(by_slug, one);
}

#[tokio::test]
async fn many_runs_are_paged_without_gap_or_repetition() {
    let server = harvested();
    let runs: Vec<_> =
        (1..=25).map(|number| run(number).put(Run::key("partner", number))).collect();
    write(&server, &runs);
    let state = SourceState { last_run: 25, ..SourceState::default() };
    // The oldest are forgotten after a while.
    let forgotten = (1..=3).map(|number| Table::Run.forget(&Run::key("partner", number)));
    let notes: Vec<_> = forgotten.chain([state.put("partner")]).collect();
    write(&server, &notes);
    let (mut numbers, mut path) = (Vec::new(), format!("{SOURCE}/runs?limit=6"));
    loop {
        let page = server.json(&path).await;
        let items = page["items"].as_array().unwrap();
        numbers.extend(items.iter().map(|run| run["number"].as_u64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        path = next.split(".example").nth(1).unwrap().to_owned();
    }
    assert_eq!(numbers, (4..=25).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn the_state_tells_what_waits() {
    let server = harvested();
    ask(&server, "/runs", r#"{"kind": "harvest"}"#).await;
    assert_snapshot!("state", pretty(&read(&server, &format!("{SOURCE}/state")).await));
}

#[tokio::test]
async fn problems_are_counted_filtered_and_given_as_a_table() {
    let server = harvested();
    let path = format!("{SOURCE}/runs/1/problems");
    let mut all = read(&server, &path).await.json();
    let report = all["report"].as_str().unwrap().to_owned();
    assert!(report.starts_with("https://kist.example/reports/harvest/partner/1?key="), "{report}");
    all["report"] = json!("…");
    assert_snapshot!("problems", serde_json::to_string_pretty(&all).unwrap());
    for (query, expected) in [
        ("severity=warning", 1),
        ("code=bad-date", 2),
        ("code=bad-date&severity=broken", 0),
        ("key=walk", 1),
        ("offset=1&limit=1", 3),
    ] {
        let found = read(&server, &format!("{path}?{query}")).await.json();
        assert_eq!(found["total"], json!(expected), "{query}");
    }
    let table = read(&server, &format!("{path}.csv")).await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_snapshot!("problems_csv", table.text().replace("\r\n", "\n"));
}

#[tokio::test]
async fn problems_are_a_validation_report_for_who_reads_rdf() {
    let server = harvested();
    let report = read(&server, &format!("{SOURCE}/runs/1/problems.ttl")).await;
    assert_eq!(report.header("content-type"), "text/turtle; charset=utf-8");
    assert_snapshot!("problems_ttl", report.text());
    let report = read(&server, &format!("{SOURCE}/runs/1/problems.jsonld?severity=warning")).await;
    assert_eq!(report.status, 200, "{report}");
}

#[tokio::test]
async fn a_preview_tells_what_it_would_change() {
    let server = harvested();
    let path = format!("{SOURCE}/runs/2/changes");
    assert_snapshot!("staged", pretty(&read(&server, &path).await));
    let (mut kinds, mut path) = (Vec::new(), format!("{path}?limit=1"));
    loop {
        let page = read(&server, &path).await.json();
        let items = page["items"].as_array().unwrap();
        kinds.extend(items.iter().map(|item| item["change"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = next.split(".example").nth(1).unwrap().to_owned();
    }
    assert_eq!(Json::from(kinds), json!(["withdraw", "create", "update"]));
    let over = read(&server, &format!("{SOURCE}/runs/1/changes")).await;
    assert_eq!(over.status, 404, "{over}");
}

#[tokio::test]
async fn what_is_asked_twice_is_asked_once() {
    let server = harvested();
    for (kind, expected) in [
        ("harvest", RequestKind::Run),
        ("preview", RequestKind::Preview),
        ("replay", RequestKind::Replay),
    ] {
        let body = json!({ "kind": kind }).to_string();
        let first = ask(&server, "/runs", &body).await;
        assert_eq!(first.status, 202, "{first}");
        assert_eq!(first.header("location"), format!("https://kist.example{SOURCE}/state"));
        let again = ask(&server, "/runs", &body).await;
        assert_eq!((again.status, again.json()), (first.status, first.json()));
        assert_eq!(waiting(&server).iter().filter(|kind| **kind == expected).count(), 1);
    }
    let answer = ask(&server, "/runs", r#"{"kind": "harvest"}"#).await;
    let mut json = answer.json();
    assert!(json["by"].as_str().unwrap().starts_with("token:"));
    json["by"] = json!("…");
    assert_eq!(
        json,
        json!({ "source": "partner", "kind": "run", "at": "2026-11-21T12:00:00Z", "by": "…" })
    );
}

#[tokio::test]
async fn what_waits_can_be_approved_as_it_was_seen_and_no_other() {
    let server = harvested();
    let path = "/runs/newest/approval";
    let stale = ask(&server, path, r#"{"decision": "approve", "run": 1}"#).await;
    assert_eq!(stale.status, 409, "{stale}");
    let approved = ask(&server, path, r#"{"decision": "approve", "run": 2}"#).await;
    assert_eq!(approved.status, 202, "{approved}");
    assert_eq!(waiting(&server), [RequestKind::Approve]);
    let over = Run { outcome: Some(Outcome::Cancelled), ..run(2) };
    write(&server, &[over.put(Run::key("partner", 2))]);
    let nothing = ask(&server, path, r#"{"decision": "dismiss"}"#).await;
    assert_snapshot!(nothing, @r#"
    409 Conflict application/problem+json
    {"type":"https://kist.example/problems/conflict","title":"This is at odds with the register","status":409,"detail":"the newest run of partner waits for nobody"}
    "#);
}

#[tokio::test]
async fn new_keys_of_a_publisher_are_shown_and_taken_over() {
    let server = harvested();
    let path = "/runs/newest/approval";
    let nothing = ask(&server, path, r#"{"decision": "rekey"}"#).await;
    assert_eq!(nothing.status, 409, "{nothing}");
    let detail = "no new item of run 2 is surely a known one under another key";
    assert_eq!(nothing.json()["detail"], detail);
    rekeyed(&server);
    let changes = read(&server, &format!("{SOURCE}/runs/2/changes")).await.json();
    assert_eq!(changes["rekeys"], json!({ "sure": 1, "doubtful": 2, "areTaken": false }));
    let rekey = &changes["items"][1]["rekey"];
    assert_eq!((&rekey["key"], &rekey["isSure"]), (&json!("choir"), &json!(true)));
    assert_eq!(rekey["likelihood"], 0.987);
    assert!(rekey["id"].as_str().unwrap().starts_with("https://kist.example/id/asset/"));
    assert_eq!(changes["items"][0].get("rekey"), None);
    let asked = ask(&server, path, r#"{"decision": "rekey", "run": 2}"#).await;
    assert_eq!(asked.status, 202, "{asked}");
    assert_eq!(waiting(&server), [RequestKind::Rekey]);
}

#[tokio::test]
async fn a_run_is_stopped_or_never_begun() {
    let server = harvested();
    let path = "/runs/newest/cancellation";
    assert_eq!(ask(&server, path, "").await.status, 409);
    ask(&server, "/runs", r#"{"kind": "harvest"}"#).await;
    assert_eq!(ask(&server, path, "").await.status, 202);
    assert_eq!(waiting(&server), []);
    let running = Run { ended: None, outcome: None, phase: Phase::Fetching, ..run(2) };
    write(&server, &[running.put(Run::key("partner", 2))]);
    assert_eq!(ask(&server, path, "").await.status, 202);
    assert_eq!(waiting(&server), [RequestKind::Cancel]);
    let written = Run { phase: Phase::Applying, ..running };
    write(&server, &[written.put(Run::key("partner", 2))]);
    // Who writes it is told without a word in the journal, and what was to
    // follow is taken away.
    let writing = server.register.begin_writing("partner");
    ask(&server, "/runs", r#"{"kind": "harvest"}"#).await;
    assert_eq!(waiting(&server).len(), 2);
    assert_eq!(ask(&server, path, "").await.status, 202);
    assert!(writing.is_stopped());
    assert_eq!(waiting(&server), [RequestKind::Cancel]);
    drop(writing);
    // Just before it is begun the wish is kept for it.
    let key = server.register.ledger().rows::<Request>("", "", 9).unwrap().remove(0).0;
    write(&server, &[Table::Request.forget(&key)]);
    assert_eq!(ask(&server, path, "").await.status, 202);
    assert_eq!(waiting(&server), [RequestKind::Cancel]);
    // Until it can't be stopped any more.
    let writing = server.register.begin_writing("partner");
    assert!(writing.goes_through());
    let refused = ask(&server, path, "").await;
    assert_eq!(refused.status, 409, "{refused}");
    let detail =
        "run 2 of partner is being written to its end: it is done in moments, and can be undone";
    assert_eq!(refused.json()["detail"], detail);
    assert!(!writing.is_stopped());
}

#[tokio::test]
async fn runs_that_are_asked_for_or_wait_for_somebody_are_listed_so() {
    let server = harvested();
    let path = format!("{SOURCE}/runs");
    let waits = |list: &Json, place: usize| list["items"][place]["waitsForSomebody"].clone();
    let list = server.json(&path).await;
    assert_eq!((waits(&list, 0), waits(&list, 1)), (json!(true), json!(false)));
    assert_eq!(list.get("requested"), None);
    ask(&server, "/runs", r#"{"kind": "harvest"}"#).await;
    ask(&server, "/runs/newest/approval", r#"{"decision": "approve"}"#).await;
    let requested = server.json(&path).await["requested"].clone();
    assert_eq!(requested, json!([{ "kind": "run", "at": "2026-11-21T12:00:00Z" }]));
}

#[tokio::test]
async fn only_what_was_written_is_undone() {
    let server = harvested();
    let unchanged = |number| Run { outcome: Some(Outcome::Unchanged), ..run(number) };
    let written = [unchanged(1).put(Run::key("partner", 1)), run(2).put(Run::key("partner", 2))];
    write(&server, &[written[0].clone()]);
    // A preview is shown, and nothing is written.
    assert_eq!(ask(&server, "/undo", "").await.status, 409);
    write(&server, &[Run { ended: None, ..run(2) }.put(Run::key("partner", 2))]);
    assert_eq!(ask(&server, "/undo", "").await.status, 409);
    write(&server, &written);
    assert_eq!(ask(&server, "/undo", "").await.status, 202);
    assert_eq!(waiting(&server), [RequestKind::Undo]);
    let undone = Run { reason: Some(UNDONE.to_owned()), ..run(2) };
    write(&server, &[undone.put(Run::key("partner", 2))]);
    let again = ask(&server, "/undo", "").await;
    assert_eq!(again.status, 409, "{again}");
    assert!(again.text().contains("run 2 of partner was undone already"), "{again}");
}

#[tokio::test]
async fn what_is_not_public_and_what_is_wrong_is_refused() {
    let server = harvested();
    server.load(&json!([{
        "id": "source/over", "type": "source", "name": "Over", "harvesting": "retired",
    }]));
    for path in ["/state", "/runs/1/problems", "/runs/2/changes"] {
        assert_eq!(server.get(&format!("{SOURCE}{path}")).await.status, 401, "{path}");
    }
    let token = server.token(Scope::Write);
    let sent = Sent { token: &token, media_type: "application/json", header: None, body: b"{}" };
    for path in ["runs", "runs/newest/approval", "runs/newest/cancellation", "undo"] {
        let answer = server.send(Method::POST, &format!("{SOURCE}/{path}"), sent).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    let mut text = String::new();
    for path in ["/runs/0", "/runs/7", "/runs/x", "/runs?cursor=x", "/runs?limit=0"] {
        let answer = server.get(&format!("{SOURCE}{path}")).await;
        text = format!("{text}{path}\n{answer}\n\n");
    }
    for path in [
        "/runs/1/problems?severity=high",
        "/runs/1/problems?codes=a",
        "/runs/2/changes?cursor=!",
        "/runs/9/problems",
    ] {
        let answer = read(&server, &format!("{SOURCE}{path}")).await;
        text = format!("{text}{path}\n{answer}\n\n");
    }
    for (path, body) in [
        ("/runs", "{}"),
        ("/runs", r#"{"kind": "undo"}"#),
        ("/runs", r#"{"kind": "harvest", "force": true}"#),
        ("/runs/newest/approval", r#"{"decision": "yes"}"#),
        ("/../over/runs", r#"{"kind": "harvest"}"#),
        ("/../nothing/runs", r#"{"kind": "harvest"}"#),
    ] {
        let path = path.replace("/..", "");
        let token = server.token(Scope::Admin);
        let body = body.as_bytes();
        let sent = Sent { token: &token, media_type: "application/json", header: None, body };
        let path = if path.starts_with("/runs") {
            format!("{SOURCE}{path}")
        } else {
            format!("/api/v1/sources{path}")
        };
        let answer = server.send(Method::POST, &path, sent).await;
        text = format!("{text}{path} {}\n{answer}\n\n", String::from_utf8_lossy(body));
    }
    assert_snapshot!("refused", text);
    assert_eq!(waiting(&server), []);
}

#[tokio::test]
async fn what_is_erased_is_withdrawn_at_once_and_can_be_permitted_again() {
    let server = harvested();
    let walk = Item {
        id: id("walk"),
        hash: "h".to_owned(),
        modified: None,
        first_seen: now(),
        run: 1,
        state: ItemState::Live,
        formerly: None,
    };
    let key = Item::key("partner", "asset", "w1");
    server.register.ledger().write(&[walk.put(key)], Durability::Durable).unwrap();
    let erase = async |body: &str| ask(&server, "/erasures", body).await;
    let refused = erase(r#"{"key": "w1", "kind": "nothing"}"#).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["errors"][0]["pointer"]),
        (422, &json!("/kind"))
    );
    let erased = erase(r#"{"key": "w1", "reason": "request of 3 May"}"#).await;
    assert_eq!(erased.json()["withdrawn"], true, "{erased}");
    assert_eq!(server.get(&format!("/api/v1/assets/{}", id("walk").id())).await.status, 410);
    let again = erase(r#"{"key": "w1"}"#).await;
    assert_eq!(again.json()["withdrawn"], false, "it is gone already");
    let token = server.token(Scope::Admin);
    for expected in [204, 404] {
        let sent = Sent { token: &token, media_type: "", header: None, body: b"" };
        let path = format!("{SOURCE}/erasures?key=w1");
        let answer = server.send(Method::DELETE, &path, sent).await;
        assert_eq!(answer.status, expected, "{answer}");
    }
}

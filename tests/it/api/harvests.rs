//! What a harvester leaves in the ledger, for the tests of what is shown of it.

use jiff::Timestamp;
use kist::journal::{Derivation, Durability, Note};
use kist::record::{FromJson, RecordId, from_json};
use kist::register::ledger::{
    Counts, Cursor, Finding, HeldFor, Missing, Modified, Outcome, Passes, Phase, Rekey, Rekeys,
    Row, Run, RunKind, SourceState, Staged, StagedRecord, Trigger,
};
use kist::register::{Edit, References};
use serde_json::{Value as Json, json};

use super::server::{TestServer, now};

/// A source with two runs: one that changed something and found faults, and a
/// preview that waits for somebody.
pub(super) fn harvested() -> TestServer {
    let server = TestServer::with_categories();
    server.load(&json!([
        { "id": "organisation/partner", "type": "organisation", "name": "The partner" },
        {
            "id": "source/partner", "type": "source", "name": "Partner’s \"events\"", "slug": "events",
            "url": "https://partner.example/all.json", "publisher": "partner",
            "licence": "https://creativecommons.org/licenses/by/4.0/", "attribution": "© The partner",
        },
        { "id": "run/partner.1", "type": "run", "name": "Harvest 1", "harvestOf": "partner", "started": "2026-11-19T12:00:00Z" },
    ]));
    let first = run(1);
    let preview = Run {
        kind: RunKind::Preview,
        counts: Counts { created: 1, changed: 1, missing: 1, seen: 2, ..Counts::default() },
        codes: [].into(),
        held: Vec::new(),
        ..run(2)
    };
    let state = SourceState {
        last_run: 2,
        next_due: Some(at("2026-11-22T02:30:00Z")),
        last_success: Some(at("2026-11-20T12:01:00Z")),
        live: 2,
        cursor: Some("https://partner.example/all.json?page=9".to_owned()),
        ..SourceState::default()
    };
    let mut notes = vec![
        first.put(Run::key("partner", 1)),
        preview.put(Run::key("partner", 2)),
        state.put("partner"),
    ];
    notes.extend(findings());
    notes.extend(staged());
    write(&server, &notes);
    said(
        &server,
        "walk",
        &json!({ "name": "Walk", "assetType": "category/activity-asset", "online": true }),
    );
    said(
        &server,
        "choir",
        &json!({ "name": "Choir", "assetType": "category/activity-asset", "online": true }),
    );
    server
}

/// A run that ended well.
pub(super) fn run(number: u64) -> Run {
    let started = at("2026-11-19T12:00:00Z")
        + jiff::SignedDuration::from_hours(24 * (i64::try_from(number).unwrap() - 1));
    let ended = started + jiff::SignedDuration::from_mins(1);
    Run {
        source: "partner".to_owned(),
        number,
        kind: RunKind::Harvest,
        trigger: Trigger::Schedule,
        started,
        ended: Some(ended),
        heartbeat: ended,
        phase: Phase::Done,
        outcome: Some(Outcome::OkWithErrors),
        reason: Some("`=31/02` is no date (https://partner.example/all.json)".to_owned()),
        held: Vec::new(),
        held_for: Vec::new(),
        counts: Counts { seen: 3, created: 2, invalid: 1, findings: 1_205, ..Counts::default() },
        codes: [("bad-date".to_owned(), 1_203), ("no-name".to_owned(), 2)].into(),
        is_complete: true,
        is_approved: false,
        cursor_before: None,
        cursors_after: [].into(),
        cursor_after: Some("https://partner.example/all.json?page=9".to_owned()),
        queued: 4,
        broken: 0,
        extractor: "kist 0.1.0 json".to_owned(),
        continues: None,
        rest: None,
        rest_of: None,
        rekeys: Rekeys::default(),
        passes: Passes::default(),
        since_cursor: false,
        modified: Modified {
            oldest: Some("2026-10-01T09:00:00Z".to_owned()),
            newest: Some("2026-11-18T16:30:00Z".to_owned()),
        },
        cursor: Cursor {
            before: None,
            after: Some("https://partner.example/all.json?page=9".to_owned()),
        },
        peak_memory: Some(104_857_600),
    }
}

fn findings() -> Vec<Note> {
    let finding = |severity: &str, code: &str, key: Option<&str>| Finding {
        stage: "extract".to_owned(),
        severity: severity.to_owned(),
        code: code.to_owned(),
        url: "https://partner.example/all.json".to_owned(),
        at: "/items/3".to_owned(),
        what: "=31/02 is <no> date".to_owned(),
        advice: (code == "bad-date").then(|| "Write it as 2026-02-28.".to_owned()),
        key: key.map(str::to_owned),
        excerpt: (code == "bad-date").then(|| "{\"when\":\"31/02\"}".to_owned()),
        first_seen: (code == "bad-date").then(|| "2026-11-01T09:00:00Z".parse().unwrap()),
        runs: u32::from(code == "bad-date") * 2,
    };
    let all = [
        finding("error", "bad-date", Some("walk")),
        finding("warning", "bad-date", Some("choir")),
        finding("broken", "no-name", None),
    ];
    (1..).zip(all).map(|(number, one)| one.put(Finding::key("partner", 1, number))).collect()
}

fn staged() -> Vec<Note> {
    let staged = |key: &str, record: Option<Json>, before: Option<&str>| Staged {
        id: id(key),
        hash: if record.is_some() { "after".to_owned() } else { String::new() },
        is_absent: record.is_none(),
        rekey: None,
        record: record.as_ref().map(StagedRecord::new),
        modified: None,
        url: "https://partner.example/all.json".to_owned(),
        retrieved_at: now(),
        format: "json".to_owned(),
        before: before.map(str::to_owned),
        use_terms: None,
    };
    let asset = |name: &str| json!({ "name": name, "assetType": "category/activity-asset", "online": true });
    let all = [
        ("choir", staged("choir", None, Some("before"))),
        ("new\nkey", staged("new", Some(asset("New")), None)),
        ("walk", staged("walk", Some(asset("Long walk")), Some("before"))),
    ];
    all.map(|(key, one)| one.put(format!("partner\nasset\n{key}"))).into()
}

/// The newest run is held, and a new item of it seems to be a known one.
pub(super) fn rekeyed(server: &TestServer) {
    let held = Run {
        outcome: Some(Outcome::BlockedByGuard),
        held: vec!["12 of 40 records would go".to_owned(), "something else".to_owned()],
        held_for: ["vanished", "else"].map(held_for).into(),
        rekeys: Rekeys { sure: 1, doubtful: 2, are_taken: false },
        ..run(2)
    };
    let new = "partner\nasset\nnew\nkey";
    let staged: Option<Staged> = server.register.ledger().get(new).unwrap();
    let rekey = Rekey {
        from: "asset\nchoir".to_owned(),
        id: id("choir"),
        likelihood: 0.987,
        is_sure: true,
    };
    let staged = Staged { rekey: Some(rekey), ..staged.unwrap() };
    write(server, &[held.put(Run::key("partner", 2)), staged.put(new)]);
}

fn held_for(reason: &str) -> HeldFor {
    let numbers = [("vanished".to_owned(), 12), ("live".to_owned(), 40)].into();
    HeldFor { reason: reason.to_owned(), numbers }
}

/// The partner says this of an asset, as it was harvested.
pub(super) fn said(server: &TestServer, key: &str, json: &Json) {
    let derivation = Derivation {
        run: "partner.1".to_owned(),
        url: "https://partner.example/all.json".to_owned(),
        retrieved_at: at("2026-11-19T12:00:30Z"),
        extractor: "kist 0.1.0 json".to_owned(),
        modified: Some("2026-11-01".to_owned()),
        licence: None,
        attribution: None,
        terms: None,
    };
    say(server, "partner", &id(key), json, Some(derivation));
}

/// A source says this of a record.
pub(super) fn say(
    server: &TestServer,
    source: &str,
    id: &RecordId,
    json: &Json,
    derivation: Option<Derivation>,
) {
    let register = &server.register;
    let kind = register.schema().kind(id.kind()).unwrap();
    let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
    let edit = Edit {
        source: source.to_owned(),
        id: id.clone(),
        record: Some(from_json(context, kind, Some(id), json).unwrap()),
        original: None,
        expected: None,
        derivation,
    };
    register.apply(vec![edit], References::Kept, "harvest", now()).unwrap();
}

/// The source no longer lists an asset.
pub(super) fn lose(server: &TestServer, key: &str) {
    let since = at("2026-11-20T12:00:00Z");
    write(server, &[Missing { since }.put(Missing::key("partner", &id(key)))]);
}

pub(super) fn id(key: &str) -> RecordId {
    RecordId::new("asset", key).unwrap()
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn write(server: &TestServer, notes: &[Note]) {
    server.register.ledger().write(notes, Durability::Durable).unwrap();
}

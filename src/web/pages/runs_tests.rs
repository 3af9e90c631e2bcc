//! Tests of [`runs`](super).

use serde_json::json;

use super::*;
use crate::web::negotiate::Language;

#[track_caller]
fn check(kind: &str, outcome: &str, is_approved: bool, expected: &str) {
    let at = "2026-11-22T12:00:00Z";
    let run: Run = serde_json::from_value(json!({
        "source": "partner", "number": 2, "kind": kind, "trigger": "manual", "started": at,
        "ended": at, "heartbeat": at, "phase": "done", "outcome": outcome,
        "isApproved": is_approved, "counts": { "seen": 9, "created": 3 },
    }))
    .unwrap();
    let told = line(Messages::of(Language::English), &run, at.parse().unwrap()).text;
    assert!(told.contains(expected), "{told}");
}

#[test]
fn what_was_approved_is_told_as_done_and_what_was_not_as_what_would_be() {
    check("harvest", "ok", false, ": complete; 9 seen, 3 new,");
    check("preview", "ok", false, ": preview, complete; 9 seen, 3 would be new,");
    check("preview", "ok", true, ": approved, complete; 9 seen, 3 new,");
    check("harvest", "blocked-by-guard", false, ": held for review; 9 seen, 3 would be new,");
    check("harvest", "ok", true, ": approved, complete; 9 seen, 3 new,");
}

//! Tests of [`report`](super).

use serde_json::json;

use super::{Run, sentence};

#[track_caller]
fn check(kind: &str, outcome: &str, held: &[&str], is_approved: bool, expected: &str) {
    let at = "2026-11-22T12:00:00Z";
    let run: Run = serde_json::from_value(json!({
        "source": "partner", "number": 2, "kind": kind, "trigger": "manual", "started": at,
        "ended": at, "heartbeat": at, "phase": "done", "outcome": outcome, "held": held,
        "isApproved": is_approved, "counts": { "seen": 9, "pages": 1, "created": 3 },
    }))
    .unwrap();
    let told = sentence(&run);
    assert!(told.ends_with(expected), "{told}");
}

#[test]
fn what_was_approved_is_told_as_done_and_what_was_not_as_what_would_be() {
    let done = "in 1 document, 3 new";
    let would_be = "in 1 document, 3 would be new";
    check("harvest", "ok", &[], false, done);
    check("preview", "ok", &[], false, would_be);
    check("preview", "ok", &[], true, done);
    check("harvest", "blocked-by-guard", &["many"], false, would_be);
    check("harvest", "ok", &["many"], true, done);
    check("harvest", "cancelled", &["many"], false, would_be);
    // Somebody stopped it in the midst of writing.
    check("harvest", "cancelled", &[], false, done);
}

//! Tests of [`message`](super).

use super::*;

#[test]
fn a_message_is_whole_and_what_others_write_makes_no_header() {
    let alert = Alert {
        code: "failing".to_owned(),
        what: "run 7 ended as failed: gone\r\nBcc: all@evil.example".to_owned(),
        since: "2026-11-20T09:00:00Z".parse().unwrap(),
    };
    let to = ["office@partner.scot".to_owned(), "harvest@kist.scot".to_owned()];
    let message = Message {
        source: "partner",
        name: "Leith Centre",
        alert: &alert,
        to: &to,
        from: "harvest@kist.scot",
        base: "https://kist.scot",
        report: Some("https://kist.scot/reports/harvest/partner/7?key=x"),
        now: "2026-11-22T12:00:00Z".parse().unwrap(),
    };
    insta::assert_snapshot!(write(&message));
}

#[test]
fn only_mail_addresses_are_written_to() {
    assert!(is_address("office@partner.scot"));
    for address in [
        "",
        "office",
        "a@b",
        "a@b.scot, c@d.scot",
        "a@b.scot\nBcc: c@d.scot",
        "<a@b.scot>",
        "-f@b.scot",
    ] {
        assert!(!is_address(address), "{address}");
    }
}

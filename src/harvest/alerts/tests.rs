//! A mail program that writes down what it is given.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::{AlertError, tell};
use crate::harvest::fetch::Fetcher;
use crate::harvest::{Harvester, Options};
use crate::journal::Durability;
use crate::record::{Base, FromJson, RecordId, from_json};
use crate::register::ledger::{Alert, Row as _, SourceState};
use crate::register::{Edit, Place, References, Register};
use crate::schema::Schema;

fn clock() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn harvester(command: &[&str]) -> Harvester {
    let base = Base::new("https://kist.example").unwrap();
    let register = Register::open(Schema::standard(), base, Place::Memory, clock()).unwrap();
    let register = Arc::new(register);
    let id = RecordId::new("source", "partner").unwrap();
    let kind = register.schema().kind("source").unwrap();
    let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
    let json = json!({ "name": "Leith Centre", "url": "https://partner.example/feed",
        "contact": { "role": "Web officer", "email": "web@partner.example" } });
    let edit = Edit {
        source: "local".to_owned(),
        record: Some(from_json(context, kind, Some(&id), &json).unwrap()),
        id,
        original: None,
        expected: None,
        derivation: None,
    };
    register.apply(vec![edit], References::Kept, "test", clock()).unwrap();
    let mut options = Options::default();
    options.alerts.command = command.iter().map(|&word| word.to_owned()).collect();
    options.alerts.operator = Some("harvest@kist.example".to_owned());
    let fetcher = Fetcher::new(options.fetch.clone(), 7).unwrap();
    Harvester::new(register, fetcher, options, clock, "test".to_owned())
}

fn raise(harvester: &Harvester, since: &str) {
    let alert = Alert {
        code: "failing".to_owned(),
        what: "run 3 ended as failed".to_owned(),
        since: since.parse().unwrap(),
    };
    let state = SourceState { last_run: 3, alerts: vec![alert], ..SourceState::default() };
    harvester.register().ledger().write(&[state.put("partner")], Durability::Durable).unwrap();
}

fn mails(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split("From: ").skip(1).map(str::to_owned).collect()
}

#[tokio::test]
async fn f11_contact_and_operator_are_told_once_of_each_alert() {
    let directory = tempfile::tempdir().unwrap();
    let written = directory.path().join("mail");
    let shell = format!("cat >> '{}'", written.display());
    let harvester = harvester(&["sh", "-c", &shell]);
    assert_eq!(tell(&harvester).await.unwrap(), 0);
    raise(&harvester, "2026-11-20T09:00:00Z");
    assert_eq!(tell(&harvester).await.unwrap(), 1);
    assert_eq!(tell(&harvester).await.unwrap(), 0, "the same is told once");
    let mail = mails(&written).remove(0);
    for expected in [
        "To: web@partner.example, harvest@kist.example\n",
        "Subject: partner: it can't be harvested\n",
        "run 3 ended as failed",
        "https://kist.example/reports/harvest/partner/3?key=",
    ] {
        assert!(mail.contains(expected), "{expected} is not in\n{mail}");
    }
    raise(&harvester, "2026-11-22T09:00:00Z");
    assert_eq!(tell(&harvester).await.unwrap(), 1, "and what comes again once more");
    assert_eq!(mails(&written).len(), 2);
}

#[tokio::test]
async fn what_a_mail_program_does_not_take_is_told_the_next_time() {
    let harvester = harvester(&["sh", "-c", "exit 75"]);
    raise(&harvester, "2026-11-20T09:00:00Z");
    for _ in 0..2 {
        let failed = tell(&harvester).await;
        assert!(matches!(failed, Err(AlertError::Command { .. })), "{failed:?}");
    }
}

#[tokio::test]
async fn without_a_mail_program_nobody_is_written_to() {
    let harvester = harvester(&[]);
    raise(&harvester, "2026-11-20T09:00:00Z");
    assert_eq!(tell(&harvester).await.unwrap(), 0);
}

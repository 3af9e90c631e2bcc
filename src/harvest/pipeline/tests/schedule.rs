//! Contract F6 to F8, D4, D5, F1, F4, F5, A11: harvesting by itself.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::publisher::World;
use crate::harvest::schedule::Schedule;
use crate::harvest::settings::Harvesting;
use crate::harvest::sources;
use crate::journal::Durability;
use crate::register::ledger::{Outcome, Phase, Request, RequestKind, Run, RunKind, Trigger};

impl World {
    fn schedule(&self) -> Schedule {
        Schedule::new(Arc::clone(&self.harvester))
    }

    fn newest(&self) -> Option<Run> {
        let number = self.state().last_run;
        self.register().ledger().get(&Run::key("partner", number)).unwrap()
    }

    fn ask(&self, kind: RequestKind) {
        let at = self.harvester.now();
        let request =
            Request { source: "partner".to_owned(), kind, at, by: "an editor".to_owned() };
        self.write(&request, request.key());
    }

    fn write(&self, row: &impl crate::register::ledger::Row, key: String) {
        self.register().ledger().write(&[row.put(key)], Durability::Durable).unwrap();
    }

    fn requests(&self) -> usize {
        self.register().ledger().rows::<Request>("", "", 10).unwrap().len()
    }
}

fn later(at: Timestamp, hours: i64) -> Timestamp {
    at + SignedDuration::from_hours(hours)
}

/// One turn, and the end of all that it began.
async fn turn(schedule: &mut Schedule, now: Timestamp) {
    schedule.tick(now).unwrap();
    schedule.settle().await;
}

#[tokio::test]
async fn f6_a_new_source_is_harvested_at_once_and_then_when_it_is_due() {
    let world = World::listing(1..=3).await;
    let mut schedule = world.schedule();
    let now = world.harvester.now();
    turn(&mut schedule, now).await;
    assert_eq!((world.assets(), world.state().last_run), (3, 1));
    assert_eq!(world.newest().unwrap().trigger, Trigger::Schedule);
    turn(&mut schedule, now).await;
    assert_eq!(world.state().last_run, 1);
    let due = world.state().next_due.unwrap();
    turn(&mut schedule, due - SignedDuration::from_secs(1)).await;
    assert_eq!(world.state().last_run, 1);
    turn(&mut schedule, due).await;
    assert_eq!(world.state().last_run, 2);
}

#[tokio::test]
async fn only_active_sources_are_harvested_unasked() {
    let world = World::listing(1..=3).await;
    let url = world.server.url("/all.geojson");
    for (harvesting, rhythm) in
        [("draft", "PT1H"), ("paused", "PT1H"), ("quarantined", "PT1H"), ("active", "manual")]
    {
        world.set_source(&json!({
            "name": "Partner", "url": url.as_str(), "format": "geojson",
            "harvesting": harvesting, "rhythm": rhythm,
        }));
        turn(&mut world.schedule(), later(world.harvester.now(), 1_000)).await;
        assert_eq!(world.state().last_run, 0, "{harvesting} {rhythm}");
    }
}

#[tokio::test]
async fn d5_after_a_down_time_there_is_one_run_and_not_at_the_very_start() {
    let world = World::listing(1..=3).await;
    turn(&mut world.schedule(), world.harvester.now()).await;
    let mut state = world.state();
    state.next_due = Some(world.harvester.now() - SignedDuration::from_hours(72));
    world.write(&state, "partner".to_owned());
    let now = world.harvester.now();
    let mut schedule = world.schedule();
    turn(&mut schedule, now - SignedDuration::from_secs(1)).await;
    assert_eq!(world.state().last_run, 1);
    turn(&mut schedule, world.harvester.now() + SignedDuration::from_mins(10)).await;
    assert_eq!(world.state().last_run, 2);
}

#[tokio::test]
async fn f5_two_turns_or_a_double_click_make_one_run() {
    let world = World::listing(1..=3).await;
    let mut schedule = world.schedule();
    world.ask(RequestKind::Run);
    world.ask(RequestKind::Run);
    let now = world.harvester.now();
    schedule.tick(now).unwrap();
    world.ask(RequestKind::Run);
    schedule.tick(now).unwrap();
    schedule.tick(now).unwrap();
    turn(&mut schedule, now).await;
    assert_eq!((world.state().last_run, world.requests()), (1, 0));
    assert_eq!(world.newest().unwrap().trigger, Trigger::Manual);
}

#[tokio::test]
async fn what_people_ask_for_is_done() {
    let world = World::listing(1..=40).await;
    sources::set_harvesting(
        world.register(),
        "partner",
        Harvesting::Paused,
        "test",
        world.harvester.now(),
    )
    .unwrap();
    let mut schedule = world.schedule();
    let now = world.harvester.now();
    let mut check = async |kind, assets: usize| {
        world.ask(kind);
        turn(&mut schedule, now).await;
        assert_eq!((world.assets(), world.requests()), (assets, 0), "{kind:?}");
    };
    check(RequestKind::Preview, 0).await;
    check(RequestKind::Approve, 40).await;
    world.lists(1..=16);
    check(RequestKind::Run, 40).await;
    check(RequestKind::Dismiss, 40).await;
    check(RequestKind::Run, 40).await;
    check(RequestKind::Approve, 16).await;
    check(RequestKind::Replay, 16).await;
    check(RequestKind::Undo, 40).await;
    // Nothing is under way that could be stopped.
    check(RequestKind::Cancel, 40).await;
}

#[tokio::test]
async fn f8_a_run_that_a_crash_left_is_carried_on_at_the_start() {
    let world = World::listing(1..=3).await;
    world.run().await;
    let mut run = world.newest().unwrap();
    (run.ended, run.outcome, run.phase) = (None, None, Phase::Applying);
    world.write(&run, Run::key("partner", 1));
    turn(&mut world.schedule(), world.harvester.now()).await;
    let run = world.newest().unwrap();
    assert_eq!((run.number, run.outcome), (1, Some(Outcome::Ok)));
    assert!(run.ended.is_some());
}

#[tokio::test]
async fn f1_a_run_that_is_not_carried_on_has_an_end_too() {
    let world = World::listing(1..=3).await;
    world.run().await;
    let mut run = world.newest().unwrap();
    (run.ended, run.outcome, run.phase) = (None, None, Phase::Fetching);
    run.started -= SignedDuration::from_hours(30);
    world.write(&run, Run::key("partner", 1));
    let mut schedule = world.schedule();
    turn(&mut schedule, world.harvester.now()).await;
    let run = world.newest().unwrap();
    assert_eq!((run.number, run.outcome), (1, Some(Outcome::Crashed)));
    assert!(run.ended.is_some());
    // And the source is tried again, later.
    let due = world.state().next_due.unwrap();
    turn(&mut schedule, due + SignedDuration::from_mins(10)).await;
    assert_eq!(world.state().last_run, 2);
}

#[tokio::test]
async fn d4_a_source_that_fails_is_still_tried_after_a_month() {
    let world = World::listing(1..=3).await;
    world.answers(|_| crate::harvest::fetch::tests::server::answer("404 Not Found", "", "gone"));
    let mut schedule = world.schedule();
    let mut now = world.harvester.now();
    for number in 1..=12 {
        turn(&mut schedule, now).await;
        assert_eq!(world.state().last_run, number);
        let due = world.state().next_due.unwrap();
        let week = SignedDuration::from_hours(8 * 24);
        assert!(due.duration_since(world.harvester.now()) < week, "{due}");
        now = due.max(now);
    }
}

#[tokio::test]
async fn a11_records_of_a_retired_source_follow_its_choice() {
    let world = World::listing(1..=3).await;
    let mut schedule = world.schedule();
    let now = world.harvester.now();
    turn(&mut schedule, now).await;
    let url = world.server.url("/all.geojson");
    for (number, (when_gone, left)) in [("keep", 3), ("withdraw", 0)].into_iter().enumerate() {
        world.set_source(&json!({
            "name": "Partner", "url": url.as_str(), "format": "geojson",
            "harvesting": "retired", "whenGone": when_gone,
        }));
        let at = later(now, 1_000 * (1 + i64::try_from(number).unwrap()));
        turn(&mut schedule, at).await;
        assert_eq!((world.assets(), world.state().last_run), (left, 1), "{when_gone}");
    }
}

#[tokio::test]
async fn another_rhythm_holds_at_once() {
    let world = World::listing(1..=3).await;
    let mut schedule = world.schedule();
    let now = world.harvester.now();
    turn(&mut schedule, now).await;
    let before = world.state().next_due.unwrap();
    let url = world.server.url("/all.geojson");
    world.set_source(&json!({
        "name": "Partner", "url": url.as_str(), "format": "geojson", "harvesting": "active",
        "rhythm": "PT1H", "licence": "https://creativecommons.org/licenses/by/4.0/",
    }));
    turn(&mut schedule, now + SignedDuration::from_secs(10)).await;
    assert!(world.state().next_due.unwrap() < before);
}

#[tokio::test]
async fn a_run_that_is_stopped_with_the_program_is_carried_on() {
    let world = World::listing(1..=3).await;
    world.answers(|_| vec![crate::harvest::fetch::tests::server::Act::Hold]);
    let mut schedule = world.schedule();
    schedule.tick(world.harvester.now()).unwrap();
    while world.server.paths().is_empty() {
        tokio::task::yield_now().await;
    }
    schedule.finish().await;
    let run = world.newest().unwrap();
    assert_eq!((run.ended, run.kind), (None, RunKind::Harvest));
    world.lists(1..=3);
    turn(&mut world.schedule(), world.harvester.now()).await;
    assert_eq!(world.newest().unwrap().outcome, Some(Outcome::Ok));
    assert_eq!((world.state().last_run, world.assets()), (1, 3));
}

#[tokio::test]
async fn duplicates_are_looked_for_some_time_after_the_start() {
    let world = World::listing(1..=3).await;
    let mut schedule = world.schedule();
    let now = world.harvester.now();
    turn(&mut schedule, now).await;
    let revision = |world: &World| world.register().newest().unwrap();
    let before = revision(&world);
    for minutes in [60, 61] {
        turn(&mut schedule, now + SignedDuration::from_mins(minutes)).await;
    }
    // There is one source, so that there are none.
    assert_eq!(revision(&world), before);
}

#[tokio::test]
async fn f3_a_preview_that_waits_is_not_taken_away_by_the_next_run() {
    let world = World::listing(1..=3).await;
    let mut schedule = world.schedule();
    let now = world.harvester.now();
    world.ask(RequestKind::Preview);
    turn(&mut schedule, now).await;
    turn(&mut schedule, later(now, 23)).await;
    let hub = Request {
        source: "partner".to_owned(),
        kind: RequestKind::Run,
        at: now,
        by: Request::of_hub("https://hub.example/"),
    };
    world.write(&hub, hub.key());
    turn(&mut schedule, later(now, 23)).await;
    assert_eq!((world.state().last_run, world.requests()), (1, 1));
    // What was shown can still be taken, and then the hub is heard.
    world.lists(4..=6);
    world.ask(RequestKind::Approve);
    turn(&mut schedule, later(now, 23)).await;
    assert_eq!(world.name("f1").as_deref(), Some("Walking group 1"));
    world.lists(1..=3);
    turn(&mut schedule, later(now, 23)).await;
    assert_eq!((world.state().last_run, world.requests()), (2, 0));
}

#[tokio::test]
async fn a_preview_that_nobody_looks_at_is_over_after_a_day() {
    let world = World::listing(1..=3).await;
    let mut schedule = world.schedule();
    let now = world.harvester.now();
    world.ask(RequestKind::Preview);
    turn(&mut schedule, now).await;
    assert_eq!(world.assets(), 0);
    turn(&mut schedule, later(now, 24)).await;
    assert_eq!(world.assets(), 3);
}

#[tokio::test]
async fn f6_a_source_is_left_alone_in_its_quiet_hours_unless_somebody_asks() {
    let world = World::listing(1..=3).await;
    // It is noon.
    world.set_also("/all.geojson", "geojson", &json!({ "quietHours": "10:00-14:00" }));
    let mut schedule = world.schedule();
    let now = world.harvester.now();
    turn(&mut schedule, now).await;
    assert_eq!(world.state().last_run, 0);
    world.ask(RequestKind::Run);
    turn(&mut schedule, now).await;
    assert_eq!(world.state().last_run, 1);
    let due = world.state().next_due.unwrap();
    assert!(due >= later(now, 2), "{due}");
    turn(&mut schedule, due).await;
    assert_eq!(world.state().last_run, 2);
}

#[tokio::test]
async fn whoever_looks_after_a_source_is_told_when_its_settings_cant_be_used() {
    let world = World::listing(1..=3).await;
    let mut schedule = world.schedule();
    let now = world.harvester.now();
    world.set_also("/all.geojson", "geojson", &json!({ "timeZone": "Mars/X" }));
    turn(&mut schedule, now).await;
    let told: Vec<String> =
        world.state().alerts.iter().map(|it| format!("{}: {}", it.code, it.what)).collect();
    let expected = "unusable-settings: it can't be harvested as it says: there is no time zone \
                    `Mars/X`; write one such as `Europe/London`";
    assert_eq!((told, world.state().last_run), (vec![expected.to_owned()], 0));
    world.set_also("/all.geojson", "geojson", &json!({}));
    turn(&mut schedule, later(now, 1)).await;
    assert_eq!((world.state().alerts, world.assets()), (Vec::new(), 3));
}

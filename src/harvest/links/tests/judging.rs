//! What becomes of a link, by the rule of the contract (F70).

use jiff::{SignedDuration, Timestamp};

use super::super::check::{Look, Seen};
use super::super::{Options, judge};
use super::start;
use crate::register::ledger::{Link, LinkState};

fn missing() -> Seen {
    Seen::Missing { code: "not-found".to_owned(), reason: "not found".to_owned() }
}

fn gone() -> Seen {
    Seen::Gone { code: "gone".to_owned(), reason: "gone".to_owned() }
}

fn alive() -> Seen {
    Seen::There { moved: None, look: Look::None }
}

fn blocked() -> Seen {
    Seen::Blocked { code: "blocked-or-login".to_owned(), reason: "status 403".to_owned() }
}

fn day(day: i64) -> Timestamp {
    start() + SignedDuration::from_hours(24 * day)
}

fn after(seen: &[(i64, Seen)]) -> Link {
    let link = Link::new("https://a.scot/b", start(), start());
    let options = Options::default();
    seen.iter().fold(link, |link, (at, seen)| judge(link, seen.clone(), day(*at), &options))
}

#[track_caller]
fn check(seen: &[(i64, Seen)], expected: LinkState) {
    let link = after(seen);
    assert_eq!(link.state, expected, "{link:#?}");
}

#[test]
fn dead_needs_three_failures_on_three_days_over_two_weeks() {
    check(&[(0, missing())], LinkState::Suspect);
    check(&[(0, missing()), (14, missing())], LinkState::Suspect);
    check(&[(0, missing()), (1, missing()), (13, missing())], LinkState::Suspect);
    check(&[(0, missing()), (1, missing()), (14, missing())], LinkState::Dead);
    check(&[(0, missing()), (0, missing()), (14, missing())], LinkState::Suspect);
}

#[test]
fn what_is_gone_for_ever_is_dead_sooner_but_never_at_once() {
    check(&[(0, gone())], LinkState::Suspect);
    check(&[(0, gone()), (0, gone())], LinkState::Suspect);
    check(&[(0, gone()), (7, gone())], LinkState::Dead);
    check(&[(0, gone()), (7, missing())], LinkState::Suspect);
}

#[test]
fn one_answer_makes_up_for_all_failures_and_a_dead_link_comes_back() {
    check(&[(0, missing()), (1, missing()), (2, alive()), (14, missing())], LinkState::Suspect);
    let dead = [(0, missing()), (1, missing()), (14, missing())];
    check(&dead, LinkState::Dead);
    let mut back = dead.to_vec();
    back.push((40, alive()));
    let link = after(&back);
    assert_eq!((link.state, link.failures.days), (LinkState::Alive, 0));
    let states: Vec<LinkState> = link.history.iter().map(|change| change.state).collect();
    assert_eq!(states, [LinkState::Suspect, LinkState::Dead, LinkState::Alive]);
}

#[test]
fn what_lets_no_programs_in_is_never_dead() {
    let often: Vec<(i64, Seen)> = (0..40).map(|week| (week * 7, blocked())).collect();
    check(&often, LinkState::Blocked);
}

#[test]
fn an_excuse_is_only_ever_suspect_and_stays_so_until_the_page_is_looked_at() {
    let excuse = |look| Seen::There { moved: None, look };
    let found = || Look::Excuse("it leads to the home page".to_owned());
    let often: Vec<(i64, Seen)> = (0..40).map(|week| (week * 7, excuse(found()))).collect();
    check(&often, LinkState::Suspect);
    check(&[(0, excuse(found())), (7, excuse(Look::None))], LinkState::Suspect);
    check(&[(0, excuse(found())), (7, excuse(Look::Good))], LinkState::Alive);
}

#[test]
fn a_host_that_is_left_alone_says_nothing_of_its_pages() {
    let wait = std::time::Duration::from_hours(1);
    let link = after(&[(0, alive()), (7, Seen::NotAsked { wait })]);
    assert_eq!((link.state, link.checked), (LinkState::Alive, Some(day(0))));
    assert!(link.due >= day(7) + SignedDuration::from_hours(1));
    assert!(link.due < day(8));
}

#[test]
fn what_answers_is_asked_weekly_what_fails_more_often_and_what_is_dead_monthly() {
    for (seen, days) in [
        (vec![(0, alive())], 7.0),
        (vec![(0, blocked())], 7.0),
        (vec![(0, missing())], 1.0),
        (vec![(0, missing()), (1, missing())], 2.0),
        (vec![(0, missing()), (1, missing()), (3, missing())], 4.0),
        (vec![(0, missing()), (1, missing()), (3, missing()), (7, missing())], 7.0),
        (vec![(0, missing()), (1, missing()), (14, missing())], 30.0),
    ] {
        let last = day(seen.last().unwrap().0);
        let wait = after(&seen).due.duration_since(last).as_secs_f64() / 86_400.0;
        assert!((wait / days - 1.0).abs() <= 0.11, "{wait} of {days}");
    }
}

#[test]
fn a_link_that_fails_for_ever_is_dead_by_its_own_rhythm_and_goes_on_being_asked() {
    let mut link = Link::new("https://a.scot/b", start(), start());
    for _ in 0..10 {
        let now = link.due;
        link = judge(link, missing(), now, &Options::default());
        assert!(link.due > now);
    }
    assert_eq!(link.state, LinkState::Dead);
    let since = link.since.duration_since(start());
    assert!(since >= SignedDuration::from_hours(14 * 24), "{since}");
    assert!(since <= SignedDuration::from_hours(24 * 24), "{since}");
}

#[test]
fn the_history_of_a_link_that_comes_and_goes_is_bounded() {
    let seen: Vec<(i64, Seen)> =
        (0..100).map(|at| (at, if at % 2 == 0 { alive() } else { missing() })).collect();
    assert_eq!(after(&seen).history.len(), 20);
}

//! Addresses that have moved for good.

use super::super::{apply_decisions, collect_all};
use super::{World, citing, clock, days_later, is_head, link};
use crate::harvest::fetch::tests::server::{Act, Received, answer, redirect};
use crate::journal::Durability;
use crate::register::ledger::{Decision, LinkState, Review, ReviewKind, Row};

fn moved(status: u16) -> impl Fn(&Received) -> Vec<Act> + Send + Sync + 'static {
    move |it| match it.path.as_str() {
        "/club/walks.html" => redirect(status, "/walks/"),
        "/walks/" if is_head(it) => answer("200 OK", "Content-Type: text/html\r\n", ""),
        "/walks/" => answer("200 OK", "Content-Type: text/html\r\n", "<title>Walks</title>"),
        _ => answer("404 Not Found", "", ""),
    }
}

fn review(world: &World) -> Option<Review> {
    let key = Review::key(ReviewKind::Link, &world.url);
    world.harvester.register().ledger().get(&key).unwrap()
}

fn decide(world: &World, answer: &str) {
    let fingerprint = world.server.url("/walks/").to_string();
    let decision =
        Decision { answer: answer.to_owned(), by: "editor".to_owned(), at: clock(), fingerprint };
    let note = decision.put(Review::key(ReviewKind::Link, &world.url));
    world.harvester.register().ledger().write(&[note], Durability::Durable).unwrap();
}

async fn weeks(world: &World, weeks: u32) {
    for _ in 0..weeks {
        world.check().await;
        days_later(8);
    }
}

#[tokio::test]
async fn a_permanent_redirect_is_offered_after_three_checks_over_a_week() {
    let world = World::new(moved(301)).await;
    weeks(&world, 2).await;
    assert_eq!((world.link().state, review(&world)), (LinkState::Redirected, None));
    let checked = world.check().await;
    assert_eq!((checked.redirected, checked.offered), (1, 1));
    let review = review(&world).unwrap();
    assert_eq!(review.about["records"][0], "organisation/club");
    assert_eq!(review.about["to"], world.server.url("/walks/").as_str());
    days_later(8);
    assert_eq!(world.check().await.offered, 0);
}

#[tokio::test]
async fn a_temporary_redirect_is_an_answer_and_is_never_offered() {
    for status in [302, 303, 307] {
        let world = World::new(moved(status)).await;
        weeks(&world, 4).await;
        assert_eq!((world.link().state, review(&world)), (LinkState::Alive, None));
    }
}

#[tokio::test]
async fn a_redirect_that_flips_is_never_offered() {
    let world = World::new(|it| match it.path.as_str() {
        "/club/walks.html" if it.earlier / 2 % 2 == 0 => redirect(301, "/a/x"),
        "/club/walks.html" => redirect(301, "/b/x"),
        "/a/x" | "/b/x" => answer("200 OK", "Content-Type: application/pdf\r\n", ""),
        _ => answer("404 Not Found", "", ""),
    })
    .await;
    for _ in 0..6 {
        world.check().await;
        world.check().await;
        days_later(8);
        assert!(world.link().moved.unwrap().runs <= 2);
    }
    assert_eq!(review(&world), None);
}

#[tokio::test]
async fn an_editor_who_declines_is_not_asked_again() {
    let world = World::new(moved(308)).await;
    weeks(&world, 2).await;
    decide(&world, "ignore");
    weeks(&world, 3).await;
    assert_eq!(review(&world), None);
    assert_eq!(apply_decisions(world.harvester.register(), clock()).unwrap().links, 0);
}

#[tokio::test]
async fn an_editor_who_accepts_puts_all_records_right() {
    let world = World::new(moved(301)).await;
    weeks(&world, 3).await;
    decide(&world, "accept");
    let register = world.harvester.register();
    let accepted = apply_decisions(register, clock()).unwrap();
    assert_eq!((accepted.links, accepted.records), (1, 1));
    collect_all(register, clock()).unwrap();
    assert_eq!(link(register, &world.url), None);
    assert_eq!(citing(register, world.server.url("/walks/").as_str()), ["club"]);
    assert_eq!(review(&world), None);
    assert_eq!(apply_decisions(register, clock()).unwrap().records, 0);
}

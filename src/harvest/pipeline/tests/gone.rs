//! F62: a page that is gone for good (410) takes its records with it, and one
//! that is only not found (404) does not.

use serde_json::json;

use super::publisher::{World, days_later, library, page_with, sitemap};
use crate::harvest::fetch::tests::server::{Act, Received, answer};
use crate::record::RecordId;
use crate::register::Found;
use crate::register::ledger::{Outcome, RunKind};

/// A sitemap of so many pages, each of which describes a library; those in
/// `gone` answer so.
fn site(pages: u32, gone: &'static [u32], how: &'static str) -> impl Fn(&Received) -> Vec<Act> {
    move |received| {
        if received.path == "/sitemap.xml" {
            return sitemap(received, 1..=pages);
        }
        let page: u32 = received.path[1..].parse().unwrap();
        if gone.contains(&page) {
            return answer(how, "", "");
        }
        // All speak of the main one.
        page_with(&json!([library(received, &received.path), library(received, "/main")]))
    }
}

fn is_there(world: &World, path: &str) -> bool {
    let key = world.server.url(path).to_string();
    let id = RecordId::from_key("asset", "partner", &key);
    matches!(world.register().get(&id).unwrap(), Found::Here(_))
}

#[tokio::test]
async fn what_only_a_page_said_that_is_gone_for_good_goes_at_once_and_comes_back_with_it() {
    let world = World::new("/sitemap.xml", "sitemap", site(6, &[], "")).await;
    world.run().await;
    assert_eq!((world.assets(), is_there(&world, "/1")), (7, true));
    world.answers(site(6, &[1], "410 Gone"));
    // A preview only says so.
    let preview = world.run_as(RunKind::Preview).await;
    assert_eq!((preview.counts.withdrawn, is_there(&world, "/1")), (1, true));
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.withdrawn, world.codes(&run)), (1, vec!["gone".to_owned()]));
    assert_eq!(
        (world.assets(), is_there(&world, "/1"), is_there(&world, "/main")),
        (6, false, true)
    );
    world.expect(&world.run().await, Outcome::Unchanged);
    world.answers(site(6, &[], ""));
    world.run().await;
    assert_eq!((world.assets(), is_there(&world, "/1")), (7, true));
}

#[tokio::test]
async fn what_is_not_found_stays() {
    let world = World::new("/sitemap.xml", "sitemap", site(6, &[], "")).await;
    world.run().await;
    world.answers(site(6, &[1], "404 Not Found"));
    for _ in 0..4 {
        assert_eq!(world.run().await.counts.withdrawn, 0);
        days_later(4);
    }
    assert_eq!(world.assets(), 7);
}

#[tokio::test]
async fn the_guard_holds_a_site_of_which_much_is_gone_and_an_approval_lets_it_go() {
    let world = World::new("/sitemap.xml", "sitemap", site(20, &[], "")).await;
    world.run().await;
    world.answers(site(20, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "410 Gone"));
    for _ in 0..2 {
        let run = world.run().await;
        world.expect(&run, Outcome::BlockedByGuard);
        assert_eq!((run.counts.withdrawn, world.assets()), (12, 21));
    }
    let run = world.harvester.approve("partner").unwrap();
    assert_eq!((run.counts.withdrawn, world.assets()), (12, 9));
    world.answers(site(20, &[], ""));
    world.run().await;
    assert_eq!(world.assets(), 21);
}

//! A hub on loopback is subscribed to, and what is to be done when.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::plan::begin;
use super::*;
use crate::harvest::Options as HarvestOptions;
use crate::harvest::fetch::Fetcher;
use crate::harvest::fetch::tests::options;
use crate::harvest::fetch::tests::server::{Act, Received, Server, answer};
use crate::record::{Base, FromJson, RecordId, from_json};
use crate::register::ledger::{Pending, SubscriptionState};
use crate::register::{Confirmation, Edit, Place, References, Register};
use crate::schema::Schema;

fn clock() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn hours(hours: i64) -> Timestamp {
    clock() + SignedDuration::from_hours(hours)
}

fn wanted(changed: Option<Timestamp>) -> Wanted {
    Wanted {
        hub: "https://hub.scot/".to_owned(),
        topic: "https://partner.scot/feed".to_owned(),
        changed,
    }
}

fn active() -> Subscription {
    Subscription {
        state: SubscriptionState::Active { until: hours(336) },
        pending: None,
        due: hours(268),
        refusals: 0,
        judged: Some(clock()),
        ..begin("partner", &wanted(None), "secret".to_owned(), clock())
    }
}

#[test]
fn the_topic_is_what_the_source_calls_itself_at_its_own_host() {
    let url: Url = "https://partner.scot/feed?a=b".parse().unwrap();
    for (own, expected) in [
        (None, Some("https://partner.scot/feed?a=b")),
        (Some("https://partner.scot/feed"), Some("https://partner.scot/feed")),
        (Some("http://partner.scot/feed"), Some("http://partner.scot/feed")),
        (Some("https://feeds.elsewhere.example/partner"), None),
        (Some("tag:partner.scot,2026:feed"), None),
        (Some("nothing"), None),
    ] {
        assert_eq!(topic(&url, own).as_deref(), expected, "{own:?}");
    }
}

#[test]
fn d7_a_subscription_is_renewed_when_it_is_due_with_the_same_secret() {
    let (kept, step) = plan(active(), Some(&wanted(None)), hours(267));
    assert_eq!((step, kept), (Step::Nothing, active()));
    let (renewed, step) = plan(active(), Some(&wanted(None)), hours(268));
    assert_eq!(step, Step::Subscribe);
    assert_eq!((renewed.pending, renewed.state), (Some(Pending::Subscribe), active().state));
    assert_eq!(renewed.secret, active().secret);
}

#[test]
fn a_hub_that_never_confirms_is_asked_after_one_two_four_and_seven_days_for_ever() {
    let mut subscription = begin("partner", &wanted(None), "secret".to_owned(), clock());
    let mut days = Vec::new();
    let mut now = clock();
    for _ in 0..6 {
        days.push(subscription.due.duration_since(now).as_hours() / 24);
        now = subscription.due;
        let step;
        (subscription, step) = plan(subscription, Some(&wanted(None)), now);
        assert_eq!(step, Step::Subscribe);
    }
    assert_eq!(days, [1, 2, 4, 7, 7, 7]);
}

#[test]
fn what_is_no_longer_wanted_is_ended_and_forgotten() {
    let (ending, step) = plan(active(), None, hours(1));
    assert_eq!((step, ending.pending), (Step::Unsubscribe, Some(Pending::Unsubscribe)));
    assert_eq!(plan(ending.clone(), None, hours(2)).1, Step::Nothing);
    // Also when it is wanted again meanwhile: a new one is begun then.
    assert_eq!(plan(ending.clone(), Some(&wanted(None)), hours(2)).1, Step::Nothing);
    assert_eq!(plan(ending, None, hours(24 * 9)).1, Step::Forget);
    let ended = Subscription { state: SubscriptionState::Ended, ..active() };
    assert_eq!(plan(ended, None, hours(1)).1, Step::Forget);
    let never = begin("partner", &wanted(None), "secret".to_owned(), clock());
    assert_eq!(plan(never, None, hours(1)).1, Step::Forget);
    let other = Wanted { hub: "https://other.scot/".to_owned(), ..wanted(None) };
    assert_eq!(plan(active(), Some(&other), hours(1)).1, Step::Unsubscribe);
}

#[test]
fn d7_a_hub_that_does_not_tell_of_three_changes_is_demoted_for_a_month() {
    let mut subscription = active();
    for change in 1..=2 {
        let step;
        let its = wanted(Some(hours(change * 24)));
        (subscription, step) = plan(subscription, Some(&its), hours(change * 24 + 1));
        assert_eq!((step, subscription.missed), (Step::Keep, u32::try_from(change).unwrap()));
    }
    let (demoted, step) = plan(subscription, Some(&wanted(Some(hours(72)))), hours(73));
    assert_eq!(step, Step::Demote);
    assert_eq!(demoted.state, SubscriptionState::Demoted { since: hours(73) });
    assert_eq!(plan(demoted.clone(), Some(&wanted(None)), hours(73 + 719)).1, Step::Nothing);
    assert_eq!(plan(demoted, Some(&wanted(None)), hours(73 + 720)).1, Step::Subscribe);
}

#[test]
fn a_hub_that_tells_of_changes_is_never_demoted() {
    let mut subscription = active();
    for change in 1..=9 {
        subscription.delivered = Some(hours(change * 24) - SignedDuration::from_mins(5));
        let its = wanted(Some(hours(change * 24)));
        (subscription, _) = plan(subscription, Some(&its), hours(change * 24 + 1));
        assert_eq!(subscription.missed, 0);
    }
}

struct World {
    server: Server,
    harvester: Harvester,
}

impl World {
    async fn new<F>(answers: F) -> Self
    where
        F: Fn(&Received) -> Vec<Act> + Send + Sync + 'static,
    {
        let server = Server::start(answers).await;
        let base = Base::new("https://kist.example").unwrap();
        let register = Register::open(Schema::standard(), base, Place::Memory, clock()).unwrap();
        let options = HarvestOptions { fetch: options(&server), ..HarvestOptions::default() };
        let fetcher = Fetcher::new(options.fetch.clone(), 7).unwrap();
        let harvester =
            Harvester::new(Arc::new(register), fetcher, options, clock, "test".to_owned());
        let world = Self { server, harvester };
        world.source("active");
        let state = SourceState {
            hubs: vec!["mailto:hub".to_owned(), world.server.url("/hub").to_string()],
            own: Some(world.topic()),
            ..SourceState::default()
        };
        let notes = [state.put("partner")];
        world.harvester.register().ledger().write(&notes, Durability::Durable).unwrap();
        world
    }

    /// The same register, whose changes `/hub` is to be told of.
    fn with_own_hub(self) -> Self {
        let mut options = self.harvester.options().clone();
        options.websub.own_hub = Some(self.server.url("/hub").to_string());
        let fetcher = Fetcher::new(options.fetch.clone(), 7).unwrap();
        let register = Arc::clone(self.harvester.register());
        let harvester = Harvester::new(register, fetcher, options, clock, "test".to_owned());
        Self { harvester, ..self }
    }

    fn topic(&self) -> String {
        self.server.url("/feed").to_string()
    }

    fn source(&self, harvesting: &str) {
        let register = self.harvester.register();
        let id = RecordId::new("source", "partner").unwrap();
        let kind = register.schema().kind("source").unwrap();
        let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
        let json = json!({ "name": "P", "url": self.topic(), "harvesting": harvesting });
        let record = Some(from_json(context, kind, Some(&id), &json).unwrap());
        let (original, expected, derivation) = (None, None, None);
        let source = "local".to_owned();
        let edit = Edit { source, id, record, original, expected, derivation };
        register.apply(vec![edit], References::Kept, "test", clock()).unwrap();
    }

    fn rows(&self) -> Vec<(String, Subscription)> {
        self.harvester.register().ledger().rows("", "", 10).unwrap()
    }

    fn asked(&self) -> Vec<HashMap<String, String>> {
        let received = self.server.received();
        let posts = received.iter().filter(|received| received.path == "/hub");
        posts
            .map(|it| url::form_urlencoded::parse(it.body.as_bytes()).into_owned().collect())
            .collect()
    }
}

#[tokio::test]
async fn the_hub_of_a_source_is_asked_once_and_confirms() {
    let world = World::new(|_| answer("202 Accepted", "", "")).await;
    let done = maintain(&world.harvester).await.unwrap();
    assert_eq!(done, Maintained { subscribed: 1, ..Maintained::default() });
    let (token, subscription) = world.rows().remove(0);
    let asked = &world.asked()[0];
    assert_eq!(asked["hub.mode"], "subscribe");
    assert_eq!(asked["hub.topic"], world.topic());
    assert_eq!(asked["hub.callback"], format!("https://kist.example/websub/{token}"));
    assert_eq!(asked["hub.secret"], subscription.secret);
    assert_eq!(asked["hub.lease_seconds"], "1209600");
    assert!(token.len() >= 43 && subscription.secret.len() >= 43);
    let topic = world.topic();
    let confirmation = Confirmation {
        mode: "subscribe",
        topic: &topic,
        lease_seconds: Some(864_000),
        reason: None,
    };
    let register = world.harvester.register();
    assert!(register.confirm_subscription(&token, &confirmation, clock()).unwrap());
    assert_eq!(maintain(&world.harvester).await.unwrap(), Maintained::default());
    assert_eq!(world.asked().len(), 1);
}

#[tokio::test]
async fn every_hub_that_is_offered_is_asked_once() {
    let world = World::new(|received| match received.path.as_str() {
        "/down" => answer("500 No", "", ""),
        _ => answer("202 Accepted", "", ""),
    })
    .await;
    let hubs = ["/down", "/hub", "/hub", "/other"].map(|path| world.server.url(path).to_string());
    let ledger = world.harvester.register().ledger();
    let mut state: SourceState = ledger.get("partner").unwrap().unwrap();
    state.hubs = hubs.to_vec();
    ledger.write(&[state.put("partner")], Durability::Durable).unwrap();
    let done = maintain(&world.harvester).await.unwrap();
    assert_eq!(done, Maintained { subscribed: 3, refused: 1, ..Maintained::default() });
    let mut paths = world.server.paths();
    paths.sort_unstable();
    assert_eq!(paths, ["/down", "/hub", "/other"]);
    let secrets: HashSet<String> = world.rows().into_iter().map(|(_, it)| it.secret).collect();
    assert_eq!(secrets.len(), 3, "no hub knows the secret of another");
    assert_eq!(maintain(&world.harvester).await.unwrap(), Maintained::default());
    // One that is offered no more is left.
    state.hubs.pop();
    ledger.write(&[state.put("partner")], Durability::Durable).unwrap();
    maintain(&world.harvester).await.unwrap();
    assert_eq!(world.rows().len(), 2);
}

#[tokio::test]
async fn our_own_hub_is_told_of_each_change_once() {
    let mut world = World::new(|_| answer("204 No Content", "", "")).await;
    assert!(!publish(&world.harvester).await.unwrap(), "there is no hub");
    world = world.with_own_hub();
    assert!(publish(&world.harvester).await.unwrap());
    assert!(!publish(&world.harvester).await.unwrap(), "nothing has changed since");
    let body = world.server.received().last().unwrap().body.clone();
    let fields: Vec<(String, String)> =
        url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let field = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        fields,
        [
            field("hub.mode", "publish"),
            field("hub.url", "https://kist.example/changes"),
            field("hub.url", "https://kist.example/changes.atom"),
        ]
    );
    world.source("paused");
    assert!(publish(&world.harvester).await.unwrap());
    assert_eq!(world.asked().len(), 2);
}

#[tokio::test]
async fn a_hub_that_did_not_take_it_is_told_again() {
    let world = World::new(|received| match received.earlier {
        0 => answer("503 Busy", "", ""),
        _ => answer("204 No Content", "", ""),
    })
    .await
    .with_own_hub();
    assert!(matches!(publish(&world.harvester).await, Err(WebSubError::Hub { .. })));
    assert!(publish(&world.harvester).await.unwrap());
}

#[tokio::test]
async fn d7_each_subscription_has_its_own_path_and_secret() {
    let texts: HashSet<String> = (0..100).map(|_| random().unwrap()).collect();
    assert_eq!(texts.len(), 100);
    assert!(texts.iter().all(|text| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    }));
}

#[tokio::test]
async fn a_hub_that_refuses_is_remembered_with_its_reason_and_not_asked_at_once() {
    let world = World::new(|_| answer("500 No", "", "")).await;
    assert_eq!(maintain(&world.harvester).await.unwrap().refused, 1);
    let (_, subscription) = world.rows().remove(0);
    assert_eq!((subscription.pending, subscription.refusals), (None, 1));
    assert_eq!(subscription.reason.as_deref(), Some("status 500"));
    assert_eq!(maintain(&world.harvester).await.unwrap(), Maintained::default());
}

#[tokio::test]
async fn a_hub_within_is_never_asked() {
    let world = World::new(|_| answer("202 Accepted", "", "")).await;
    let hubs = vec!["http://169.254.169.254/hub".to_owned()];
    let state = SourceState { hubs, ..SourceState::default() };
    world
        .harvester
        .register()
        .ledger()
        .write(&[state.put("partner")], Durability::Durable)
        .unwrap();
    assert_eq!(maintain(&world.harvester).await.unwrap().refused, 1);
    assert_eq!(world.asked().len(), 0);
    assert!(world.rows()[0].1.reason.as_deref().unwrap().contains("no public address"));
}

#[tokio::test]
async fn a_source_that_is_paused_has_no_subscription() {
    let world = World::new(|_| answer("202 Accepted", "", "")).await;
    world.source("paused");
    assert_eq!(maintain(&world.harvester).await.unwrap(), Maintained::default());
    world.source("active");
    maintain(&world.harvester).await.unwrap();
    let (token, subscription) = world.rows().remove(0);
    let state = SubscriptionState::Active { until: hours(99) };
    let confirmed = Subscription { state, pending: None, ..subscription };
    world
        .harvester
        .register()
        .ledger()
        .write(&[confirmed.put(token)], Durability::Durable)
        .unwrap();
    world.source("paused");
    assert_eq!(maintain(&world.harvester).await.unwrap().unsubscribed, 1);
    assert_eq!(world.asked()[1]["hub.mode"], "unsubscribe");
    assert!(!world.asked()[1].contains_key("hub.secret"));
}

#[tokio::test]
async fn the_secret_stands_in_no_log() {
    let subscription = begin("partner", &wanted(None), "tops3cret".to_owned(), clock());
    assert!(!format!("{subscription:?}").contains("tops3cret"));
}

#[test]
fn the_work_can_move_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let made: fn(&Harvester) = |harvester| is_send(&maintain(harvester));
    let _ = made;
}

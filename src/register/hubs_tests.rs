use super::*;
use crate::record::Base;
use crate::register::Place;
use crate::register::ledger::Trigger;
use crate::schema::Schema;

const TOPIC: &str = "https://partner.scot/feed";
const TOKEN: &str = "t0ken";

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn subscription(pending: Option<Pending>, state: SubscriptionState) -> Subscription {
    Subscription {
        source: "partner".to_owned(),
        hub: "https://hub.scot/".to_owned(),
        topic: TOPIC.to_owned(),
        secret: "Jefe".to_owned(),
        pending,
        state,
        due: now(),
        refusals: 2,
        reason: None,
        delivered: None,
        deliveries: 0,
        forgeries: 0,
        judged: None,
        missed: 1,
    }
}

fn register(subscription: &Subscription) -> Register {
    let base = Base::new("https://kist.example").unwrap();
    let register = Register::open(Schema::standard(), base, Place::Memory, now()).unwrap();
    register.ledger().write(&[subscription.put(TOKEN)], Durability::Durable).unwrap();
    register
}

fn kept(register: &Register) -> Subscription {
    register.ledger().get(TOKEN).unwrap().unwrap()
}

fn asked(mode: &'static str, lease_seconds: Option<u64>) -> Confirmation<'static> {
    Confirmation { mode, topic: TOPIC, lease_seconds, reason: None }
}

fn hours(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

#[test]
fn a_lease_is_clamped_to_two_weeks_and_renewed_at_four_fifths() {
    for (lease, until, due) in [
        (Some(10 * 86_400), hours(240), hours(192)),
        (Some(u64::MAX), hours(336), now() + LONGEST_LEASE.mul_f64(0.8)),
        (Some(365 * 86_400), hours(336), now() + LONGEST_LEASE.mul_f64(0.8)),
        (None, hours(336), now() + LONGEST_LEASE.mul_f64(0.8)),
        (Some(0), now(), hours(1)),
    ] {
        let wanted = subscription(Some(Pending::Subscribe), SubscriptionState::Inactive);
        let confirmed = confirm(wanted, &asked("subscribe", lease), now()).unwrap();
        assert_eq!(confirmed.state, SubscriptionState::Active { until });
        assert_eq!((confirmed.due, confirmed.pending, confirmed.refusals), (due, None, 0));
    }
}

#[test]
fn only_what_was_asked_is_confirmed() {
    let inactive = SubscriptionState::Inactive;
    let active = SubscriptionState::Active { until: hours(9) };
    for (pending, state, mode, expected) in [
        (Some(Pending::Subscribe), inactive, "subscribe", true),
        (None, inactive, "subscribe", false),
        (None, active, "subscribe", false),
        (Some(Pending::Unsubscribe), active, "subscribe", false),
        (Some(Pending::Unsubscribe), active, "unsubscribe", true),
        (None, active, "unsubscribe", false),
        (Some(Pending::Subscribe), active, "unsubscribe", false),
        (None, active, "denied", true),
        (None, SubscriptionState::Ended, "denied", false),
        (Some(Pending::Subscribe), inactive, "publish", false),
        (Some(Pending::Subscribe), inactive, "", false),
    ] {
        let register = register(&subscription(pending, state));
        let found = register.confirm_subscription(TOKEN, &asked(mode, None), now()).unwrap();
        assert_eq!(found, expected, "{pending:?} {state:?} {mode}");
        assert_eq!(kept(&register).secret, "Jefe");
    }
}

#[test]
fn another_topic_and_another_token_confirm_nothing() {
    let register = register(&subscription(Some(Pending::Subscribe), SubscriptionState::Inactive));
    let other = Confirmation { topic: "https://partner.scot/other", ..asked("subscribe", None) };
    assert!(!register.confirm_subscription(TOKEN, &other, now()).unwrap());
    assert!(!register.confirm_subscription("guess", &asked("subscribe", None), now()).unwrap());
    assert!(!register.confirm_subscription("", &asked("subscribe", None), now()).unwrap());
    assert_eq!(kept(&register).pending, Some(Pending::Subscribe));
}

#[test]
fn a_hub_that_denies_is_asked_again_in_a_week_and_its_reason_is_kept() {
    let register = register(&subscription(Some(Pending::Subscribe), SubscriptionState::Inactive));
    let denied = Confirmation { reason: Some("no\nmore"), ..asked("denied", None) };
    assert!(register.confirm_subscription(TOKEN, &denied, now()).unwrap());
    let kept = kept(&register);
    assert_eq!(kept.reason.as_deref(), Some("the hub denies it: nomore"));
    assert_eq!((kept.due, kept.refusals), (hours(168), 3));
}

/// HMAC of RFC 4231, test case 2, by the key `Jefe`.
const BODY: &[u8] = b"what do ya want for nothing?";
const SIGNATURE: &str = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

fn request(register: &Register) -> Option<Request> {
    let rows = register.ledger().rows::<Request>("", "", 10).unwrap();
    rows.into_iter().map(|(_, request)| request).next()
}

#[test]
fn a_delivery_with_the_right_signature_makes_the_source_be_fetched_once() {
    let register = register(&subscription(None, SubscriptionState::Active { until: hours(9) }));
    for _ in 0..3 {
        let taken = register.take_delivery(TOKEN, Some(SIGNATURE), Some(TOPIC), BODY, now());
        assert_eq!(taken.unwrap(), Delivery::Taken);
    }
    let asked = request(&register).unwrap();
    assert_eq!((asked.source.as_str(), asked.kind), ("partner", RequestKind::Run));
    assert_eq!(asked.trigger(), Trigger::Hub);
    let kept = kept(&register);
    assert_eq!((kept.deliveries, kept.missed, kept.delivered), (3, 0, Some(now())));
}

#[test]
fn of_deliveries_at_the_same_moment_none_is_lost() {
    const EACH: u64 = 50;
    let register = register(&subscription(None, SubscriptionState::Active { until: hours(9) }));
    let together = std::sync::Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                together.wait();
                for _ in 0..EACH {
                    register.take_delivery(TOKEN, Some(SIGNATURE), None, BODY, now()).unwrap();
                }
            });
        }
    });
    assert_eq!(kept(&register).deliveries, 4 * EACH);
}

#[test]
fn a_delivery_of_somebody_else_is_ignored_and_counted() {
    let register = register(&subscription(None, SubscriptionState::Active { until: hours(9) }));
    for (signature, own, body) in [
        (None, Some(TOPIC), BODY),
        (Some("sha256=00"), Some(TOPIC), BODY),
        (Some(SIGNATURE), Some(TOPIC), b"something else".as_slice()),
        (Some(SIGNATURE), Some("https://evil.example/feed"), BODY),
    ] {
        let taken = register.take_delivery(TOKEN, signature, own, body, now()).unwrap();
        assert_eq!(taken, Delivery::Ignored);
    }
    assert_eq!((request(&register), kept(&register).forgeries), (None, 4));
    let taken = register.take_delivery("guess", Some(SIGNATURE), None, BODY, now()).unwrap();
    assert_eq!(taken, Delivery::Unknown);
}

#[test]
fn what_an_operator_asked_first_stays_asked() {
    let register = register(&subscription(None, SubscriptionState::Active { until: hours(9) }));
    let own = Request {
        source: "partner".to_owned(),
        kind: RequestKind::Run,
        at: now(),
        by: "token:1".to_owned(),
    };
    register.ledger().write(&[own.put(own.key())], Durability::Durable).unwrap();
    register.take_delivery(TOKEN, Some(SIGNATURE), None, BODY, now()).unwrap();
    let kept = request(&register).unwrap();
    assert_eq!((kept.by.as_str(), kept.trigger()), ("token:1", Trigger::Manual));
}

#[test]
fn a_subscription_that_is_over_takes_nothing_and_one_that_was_demoted_comes_back() {
    let ended = register(&subscription(None, SubscriptionState::Ended));
    let taken = ended.take_delivery(TOKEN, Some(SIGNATURE), None, BODY, now()).unwrap();
    assert_eq!((taken, request(&ended)), (Delivery::Ended, None));
    let demoted = register(&subscription(None, SubscriptionState::Demoted { since: now() }));
    demoted.take_delivery(TOKEN, Some(SIGNATURE), None, BODY, hours(3)).unwrap();
    let kept = kept(&demoted);
    assert_eq!((kept.state, kept.due), (SubscriptionState::Inactive, hours(3)));
}

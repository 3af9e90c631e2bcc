//! Contract F7 (operating): what is counted for those who watch.

use super::publisher::World;
use crate::register::HostClass;
use crate::register::ledger::Outcome;

#[tokio::test]
async fn f7_requests_bytes_and_outcomes_are_counted() {
    let world = World::listing(1..=40).await;
    world.run().await;
    let activity = world.register().activity();
    // The publisher of the tests is opened by name, and answers to all alike.
    let asked = activity.requests(HostClass::Allowed);
    let run = world.run().await;
    let more = activity.requests(HostClass::Allowed);
    assert_eq!(more[2] - asked[2], run.counts.requests);
    assert_eq!(activity.requests(HostClass::Public), [0; 6]);
    let (wire, decoded) = activity.bytes();
    assert!(wire > 0 && decoded >= run.counts.decoded_bytes, "{wire} {decoded}");
    assert_eq!((activity.runs(Outcome::Ok), activity.runs(Outcome::Unchanged)), (1, 1));
    world.lists(1..=3);
    world.expect(&world.run().await, Outcome::BlockedByGuard);
    assert_eq!(activity.runs(Outcome::BlockedByGuard), 1);
}

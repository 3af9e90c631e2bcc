//! Contract F5, E3, F72: what is told of what is wrong.

use serde_json::json;

use super::publisher::{World, collection, days_later, feature, geojson};
use crate::record::texts;
use crate::register::ledger::Finding;

fn of_code(world: &World, run: &crate::register::ledger::Run, code: &str) -> Vec<Finding> {
    world.findings(run).into_iter().filter(|finding| finding.code == code).collect()
}

#[tokio::test]
async fn f5_a_problem_shows_what_stands_there_and_since_when() {
    let world = World::listing([]).await;
    let mut faulty = feature(2, "");
    faulty["properties"]["name"] = json!("");
    let lists = |extra: u32| {
        let body = collection(&[feature(extra, "Rowing club"), faulty.clone()]);
        world.answers(move |_| geojson(&body));
    };
    lists(1);
    let run = world.run().await;
    let first = of_code(&world, &run, "invalid-record").remove(0);
    let excerpt = first.excerpt.unwrap();
    assert!(excerpt.contains("\"id\":\"f2\""), "{excerpt}");
    assert_eq!((first.first_seen, first.runs), (Some(world.harvester.now()), 1));
    days_later(3);
    lists(4);
    let run = world.run().await;
    let again = of_code(&world, &run, "invalid-record").remove(0);
    assert_eq!((again.first_seen, again.runs), (first.first_seen, 2));
    assert_eq!(again.key.as_deref(), Some("f2"));
}

#[tokio::test]
async fn e3_a_postcode_that_is_far_from_the_position_is_a_problem() {
    let world = World::listing([]).await;
    let at = |postcode: &str| {
        let mut feature = feature(1, "Walking group");
        feature["properties"]["postcode"] = json!(postcode);
        let body = collection(&[feature]);
        world.answers(move |_| geojson(&body));
    };
    // Leith, where the point is.
    at("EH6 8RG");
    let run = world.run().await;
    assert_eq!(of_code(&world, &run, "postcode-far-from-point"), []);
    // Glasgow.
    at("G1 1AA");
    let run = world.run().await;
    let problem = of_code(&world, &run, "postcode-far-from-point").remove(0);
    assert!(problem.what.contains("km from the postcode G1 1AA"), "{}", problem.what);
    assert_eq!(world.name("f1").as_deref(), Some("Walking group"));
}

#[tokio::test]
async fn f72_what_seems_to_be_of_a_person_is_told_and_left_out_when_the_source_says_so() {
    let world = World::listing([]).await;
    let mut club = feature(1, "Walking group");
    club["properties"]["email"] = json!("morag.mackay@partner.example");
    club["properties"]["telephone"] = json!("07700 900123");
    let body = collection(&[club]);
    world.answers(move |_| geojson(&body));
    let said = |world: &World| {
        let record = world.asset("f1").unwrap();
        ["email", "telephone"].map(|key| texts(record.values(key)).next().map(str::to_owned))
    };
    let run = world.run().await;
    assert_eq!(of_code(&world, &run, "personal-data").len(), 2);
    assert!(said(&world).iter().all(Option::is_some), "{:?}", said(&world));
    world.set_also("/all.geojson", "geojson", &json!({ "personalData": "drop" }));
    let run = world.run().await;
    assert_eq!(said(&world), [None, None]);
    assert!(of_code(&world, &run, "personal-data")[0].what.ends_with("was left out"));
}

#[tokio::test]
async fn f72_texts_that_may_name_a_person_are_told_and_kept_unless_the_source_drops_them() {
    let world = World::listing([]).await;
    let mut walk = feature(1, "Walk");
    let text = "A walk for all. Please contact Mary Smith on 0131 496 0000. Bring a coat.";
    walk["properties"]["description"] = json!(text);
    let mut hall = feature(2, "Margaret Reid Hall");
    hall["properties"]["description"] = json!("Contact Margaret Reid Hall on 0131 496 0000.");
    let body = collection(&[walk, hall]);
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    let named = of_code(&world, &run, "person-named");
    assert_eq!(named.len(), 1, "{named:#?}");
    let told = "/description/en may name a person: “contact Mary Smith”, and was taken";
    assert_eq!(named[0].what, told);
    let described = |world: &World| {
        texts(world.asset("f1").unwrap().values("description")).next().map(str::to_owned)
    };
    assert_eq!(described(&world).as_deref(), Some(text));
    world.set_also("/all.geojson", "geojson", &json!({ "personalData": "drop" }));
    world.run().await;
    assert_eq!(described(&world).as_deref(), Some("A walk for all. Bring a coat."));
}

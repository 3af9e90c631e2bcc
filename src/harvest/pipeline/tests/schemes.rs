//! Categories that stand in fields of another scheme.

use serde_json::json;

use super::publisher::World;
use crate::harvest::fetch::tests::server::answer;
use crate::register::ledger::Outcome;

/// Two schemes: a type of asset has a notation that is a topic's slug.
fn write_schemes(world: &World) {
    world.say("scheme/asset-type", &json!({ "prefLabel": "Asset types" }));
    world.say("scheme/topic", &json!({ "prefLabel": "Topics" }));
    for (id, scheme, notation) in [
        ("activity-asset", "asset-type", "activity"),
        ("activity", "topic", "activity"),
        ("reading", "topic", "reading"),
    ] {
        let json = json!({ "prefLabel": id, "notation": [notation], "inScheme": scheme });
        world.say(&format!("category/{id}"), &json);
    }
}

#[tokio::test]
async fn a_category_of_another_scheme_is_put_right_or_left_out_and_told() {
    let text = "id,type,name,asset_type_id,topic_ids,online,more\n\
                ,asset,Walk,activity,activity-asset;reading,true,\n\
                ,asset,Book club,reading,reading,true,\n";
    let world = World::new("/table.csv", "csv", move |_| {
        answer("200 OK", "Content-Type: text/csv; charset=utf-8\r\n", text)
    })
    .await;
    write_schemes(&world);
    let run = world.run().await;
    world.expect(&run, Outcome::OkWithErrors);
    let category = |id: &str| format!("https://kist.example/id/category/{id}");
    let walk = world.json("Walk");
    assert_eq!(walk["assetType"], category("activity-asset"));
    assert_eq!(walk["topics"], json!([category("reading")]));
    assert_eq!(world.name("Book club"), None, "an asset has to have a type");
    let told: Vec<String> = world
        .findings(&run)
        .into_iter()
        .map(|it| {
            format!("{} at {}: {} {}", it.code, it.at, it.what, it.advice.unwrap_or_default())
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    wrong-scheme at row 2: /assetType: `activity` is of scheme `topic`; `activity-asset` was taken for it Name a category of scheme `asset-type` there.
    wrong-scheme at row 2: /topics: `activity-asset` is of scheme `asset-type`; it was left out Name a category of scheme `topic` there.
    wrong-scheme at row 3: /assetType: `reading` is of scheme `topic`; it was left out Name a category of scheme `asset-type` there.
    invalid-record at row 3: /assetType: assetType is missing; it must be the address or slug of a category of scheme `asset-type` Publish `assetType` (what sort of asset it is) for each item. It must be the address or slug of a category of scheme `asset-type`.
    ");
}

//! Tests of [`table`](super).

use super::*;

fn object(json: Json) -> Map<String, Json> {
    json.as_object().unwrap().clone()
}

/// Writes a summary, lets `change` change cells, and reads it again.
fn there_and_back(summary: Json, change: &[(&str, &str)]) -> (String, Json) {
    let row = split(JsonView::from(&summary).as_object().unwrap(), &ObjectView::default());
    let cell = |name: &str| {
        let changed = change.iter().find(|(column, _)| *column == name);
        changed.map_or_else(|| row.cell(name), |(_, text)| Some(text)).map(str::to_owned)
    };
    let more = Json::Object(row.more.clone()).to_string();
    (more, Json::Object(join(&cell, row.more.clone())))
}

fn simple() -> Json {
    json!({"id": "https://a.example/id/asset/1", "type": "asset", "name": "Café",
            "assetType": {"id": "https://a.example/id/category/service", "name": "Service"},
            "topics": [{"id": "https://a.example/id/category/food"}, {"id": "https://b.example/x"}],
            "online": false, "languages": ["en", "gd"],
            "cost": {"free": true},
            "locations": [{"name": "Hall", "postcode": "EH6 8RG", "country": "GB",
                "latitude": 55.97, "longitude": -3.17, "positionFrom": "sector"}]})
}

#[test]
fn what_is_simple_needs_no_more_than_its_cells() {
    let (more, back) = there_and_back(simple(), &[]);
    assert_eq!(more, "{}");
    assert_eq!(
        back,
        json!({"name": "Café", "assetType": ["service"], "topics": ["food", "https://b.example/x"],
                "online": false, "languages": ["en", "gd"],
                "locations": [{"name": "Hall", "postcode": "EH6 8RG", "country": "GB"}]})
    );
}

#[test]
fn a_description_comes_back_and_no_summary_that_nobody_has_stated() {
    let whole = format!("{} End.", "Walks for all. ".repeat(20));
    let check = |details: Json, shown: &str, expected: Json| {
        let summary = json!({"id": "https://a.example/id/asset/1", "summary": shown});
        let (summary, details) = (JsonView::from(&summary), JsonView::from(&details));
        let row = split(summary.as_object().unwrap(), details.as_object().unwrap());
        let cell = |name: &str| (name == "summary").then(|| shown.to_owned());
        assert_eq!(Json::Object(join(&cell, row.more)), expected, "{shown}");
    };
    let begun = beginning(&whole);
    check(json!({"description": whole}), &begun, json!({"description": whole}));
    let both = json!({"description": whole, "summary": "Walks."});
    check(both.clone(), "Walks.", both);
    let same = json!({"description": whole, "summary": begun});
    check(same.clone(), &begun, same);
    let languages = json!({"description": {"en": whole, "gd": "Coiseachd."}});
    check(languages.clone(), &begun, languages);
    check(json!({}), "Walks.", json!({"summary": "Walks."}));
    // What somebody has written into the cell is a summary.
    let summary = json!({"id": "https://a.example/id/asset/1", "summary": begun});
    let details = json!({"description": whole});
    let (summary, details) = (JsonView::from(&summary), JsonView::from(&details));
    let row = split(summary.as_object().unwrap(), details.as_object().unwrap());
    let cell = |name: &str| (name == "summary").then(|| "All walk.".to_owned());
    assert_eq!(
        Json::Object(join(&cell, row.more)),
        json!({"description": whole, "summary": "All walk."})
    );
}

#[test]
fn what_no_cell_can_hold_stands_in_more_and_comes_back() {
    let summary = json!({"id": "https://a.example/id/asset/1", "type": "asset",
            "name": {"en": "Library", "gd": "Leabharlann"}, "summary": " x",
            "schedule": [{"byDay": ["MO"], "startTime": "10:00:00"}],
            "locations": [{"locality": "Leith"}, {"postcode": "EH6 8RG"}],
            "telephone": ["1", "2"], "languages": ["a;b"]});
    let (_, back) = there_and_back(summary.clone(), &[]);
    let mut expected = object(summary);
    expected.retain(|key, _| !["id", "type"].contains(&key.as_str()));
    assert_eq!(back, Json::Object(expected));
}

#[test]
fn a_cell_that_shows_what_is_known_changes_nothing_and_any_other_does() {
    let summary = json!({"id": "https://a.example/id/case-study/1", "type": "case-study",
            "name": {"en": "Library", "gd": "Leabharlann"}, "date": "2006",
            "schedule": [{"byDay": ["MO"]}]});
    let shown = [("name", "Leabharlann"), ("published", "2006"), ("schedule", "Monday")];
    let (_, back) = there_and_back(summary.clone(), &shown);
    assert_eq!(back["name"], summary["name"]);
    assert_eq!((&back["date"], back.get("published")), (&json!("2006"), None));
    assert_eq!(back["schedule"], summary["schedule"]);
    let (_, back) = there_and_back(summary, &[("name", "Libraries"), ("cost", "Free")]);
    assert_eq!(back["name"], json!({"en": "Libraries", "gd": "Leabharlann"}));
    assert_eq!(back["cost"], json!({"free": true}));
    let (_, back) = there_and_back(simple(), &[("postcode", "EH7 4AA"), ("topic_ids", "a;b ;")]);
    assert_eq!(
        back["locations"],
        json!([{"name": "Hall", "postcode": "EH7 4AA", "country": "GB"}])
    );
    assert_eq!(back["topics"], json!(["a", "b"]));
}

#[test]
fn a_table_is_known_by_its_columns() {
    let names = |text: &'static str| is_ours(text.split(','));
    assert!(names("id,type,name,summary,topic_ids,page, more "));
    assert!(!names("id,type,name,summary"));
}

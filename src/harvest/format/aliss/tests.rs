use serde_json::{Value as Json, json};
use url::Url;

use super::FORMAT;
use crate::harvest::document::Document;
use crate::harvest::extraction::{Draft, Extraction, Role, Severity};
use crate::harvest::format::testing::{self, follows, of_kind};

fn fixture(case: &str) -> Vec<u8> {
    testing::fixture(&format!("aliss/{case}/input.json"))
}

fn document(url: &str, bytes: &[u8]) -> Document {
    testing::document(url, "application/json", bytes)
}

fn extract(url: &str, bytes: &[u8]) -> Extraction {
    testing::extract_json(&FORMAT, url, bytes)
}

fn terms(draft: &Draft) -> Vec<String> {
    let line = |term: &crate::harvest::extraction::Term| {
        assert_eq!(term.scheme.as_deref(), Some("aliss"));
        format!("{} {}", term.field, term.code.as_deref().unwrap_or("-"))
    };
    draft.terms.iter().map(line).collect()
}

/// Follows pages of `total` services as gen N serves them until there is no
/// next one, and gives how many services were seen in how many requests.
fn walk(total: u64, size: u64, next_is_null: fn(u64, u64) -> bool) -> (u64, usize) {
    let mut url = "https://api.aliss.org/v5/import".to_owned();
    let (mut seen, mut requests) = (0, 0);
    loop {
        requests += 1;
        let parsed = Url::parse(&url).unwrap();
        let page = parsed
            .query_pairs()
            .find(|(name, _)| name == "page")
            .map_or(1, |(_, page)| page.parse().unwrap());
        let first = (page - 1) * size;
        let rows: Vec<Json> =
            (first..total.min(first + size)).map(|id| json!({ "id": id, "name": "x" })).collect();
        let next = if next_is_null(total, page) {
            Json::Null
        } else {
            json!(format!("?page={}", page + 1))
        };
        let body =
            json!({ "data": rows, "error": null, "count": total, "next": next, "previous": null });
        let extraction = extract(&url, body.to_string().as_bytes());
        seen += extraction.drafts.len() as u64;
        match extraction.follow.first() {
            Some(follow) if requests < 50 => url = follow.url.to_string(),
            _ => return (seen, requests),
        }
    }
}

#[test]
fn every_shape_is_recognised() {
    for bytes in [
        &fixture("v4-services"),
        &fixture("v4-service"),
        &fixture("v5-import"),
        &fixture("v5-organisation"),
        &fixture("v5-refused"),
        &fixture("v3-search"),
    ] {
        let sure = (FORMAT.recognises)(&document("https://www.aliss.org/api/v4/services/", bytes));
        assert!(sure >= 85, "{sure}");
    }
    let mirror = document("https://kist.example/aliss/api/v4/services/", &fixture("v4-services"));
    assert_eq!((FORMAT.recognises)(&mirror), 95);
    let other = document("https://kist.example/", br#"{"data": []}"#);
    assert_eq!((FORMAT.recognises)(&other), 0);
}

#[test]
fn a_page_of_v4_gives_services_their_organisation_and_who_is_credited() {
    let url = "https://www.aliss.org/api/v4/services/?postcode=G2+4AA&page_size=2";
    let extraction = extract(url, &fixture("v4-services"));
    assert_eq!(extraction.announced, Some(12));
    assert_eq!(
        extraction.about.licence.as_deref(),
        Some("https://creativecommons.org/licenses/by/4.0/")
    );
    assert!(
        extraction
            .about
            .attribution
            .as_deref()
            .unwrap()
            .contains("; Contains contributions from ALISS users (")
    );
    assert_eq!(
        follows(&extraction),
        ["https://www.aliss.org/api/v4/services/?postcode=G2+4AA&page_size=2&page=2"]
    );
    assert_eq!(of_kind(&extraction, "organisation").len(), 1, "services share it");
    let organisation = of_kind(&extraction, "organisation")[0];
    assert_eq!(organisation.fields["claimed"], json!(true));
    let draft = of_kind(&extraction, "asset")[0];
    assert_eq!(draft.links[0].key, organisation.key);
    assert_eq!(draft.modified.as_deref(), Some("2020-02-03T10:11:12.123456+00:00"));
    assert_eq!(
        Json::Object(draft.fields.clone()),
        json!({
            "assetType": "service",
            "name": "Dementia Café",
            "description": "Tea, music and company for people who live with dementia.",
            "email": "cafe@example.org",
            "telephone": "0141 496 0001",
            "locations": [{
                "name": "The Hall", "streetAddress": "1 Example Street", "locality": "Glasgow",
                "postcode": "G2 4AA", "country": "GB", "latitude": 55.865_291_82, "longitude": -4.268_441_8,
            }],
            "areaServed": ["place/S12000049", "place/S92000003"],
            "sameAs": ["https://www.aliss.org/services/8b7e3a2c-1111-4c6e-9a57-0d4c2b9f0001"],
        })
    );
    assert_eq!(terms(draft), ["topics dementia", "topics social-groups"]);
    let walking = of_kind(&extraction, "asset")[1];
    assert_eq!(terms(walking), ["areaServed LEITH"]);
    assert_eq!(extraction.problems, []);
}

#[test]
fn a_service_that_is_online_only_is_so_and_has_no_place() {
    let office = json!({ "name": "Online", "street_address": "1 Office Street",
        "locality": "Glasgow", "postal_code": "G2 4AA", "latitude": 55.865, "longitude": -4.268 });
    let hall = json!({ "name": "The Hall", "postal_code": "G2 4AA" });
    let room = json!({ "name": "Via Zoom" });
    let service = |name: &str, locations: &[Json]| {
        let whole = json!({ "data": [{
            "id": "a", "name": name, "permalink": "/services/a/", "is_claimed": true,
            "locations": locations,
        }] });
        let url = "https://www.aliss.org/api/v4/services/";
        let extraction = extract(url, whole.to_string().as_bytes());
        let fields = &of_kind(&extraction, "asset")[0].fields;
        let get = |key: &str| fields.get(key).cloned().unwrap_or_default();
        let places = get("locations").as_array().map_or(0, Vec::len);
        (get("online"), get("accessMode"), places)
    };
    let remote = (json!(true), json!("remote"), 0);
    assert_eq!(service("Yoga", &[office]), remote);
    assert_eq!(service("Yoga", std::slice::from_ref(&room)), remote);
    assert_eq!(service("Yoga (online)", &[]), remote);
    assert_eq!(service("Yoga", &[hall.clone(), room]), (json!(true), json!("hybrid"), 1));
    // Others are where they are, or nobody knows.
    assert_eq!(service("Yoga (online)", std::slice::from_ref(&hall)), (Json::Null, Json::Null, 1));
    assert_eq!(service("Getting online", &[]), (Json::Null, Json::Null, 0));
    assert_eq!(service("Getting online", &[hall]), (Json::Null, Json::Null, 1));
}

#[test]
fn one_service_of_v4_stands_alone() {
    let extraction =
        extract("https://www.aliss.org/api/v4/services/dementia-cafe/", &fixture("v4-service"));
    assert_eq!(of_kind(&extraction, "asset").len(), 1);
    assert_eq!(extraction.follow, []);
}

#[test]
fn v5_gives_chosen_terms_ages_pictures_and_the_day_of_review() {
    let extraction = extract("https://api.aliss.org/v5/import?page=3", &fixture("v5-import"));
    let draft = of_kind(&extraction, "asset")[0];
    assert_eq!(
        terms(draft),
        [
            "topics young-carers",
            "audience children-and-young-people",
            "audience unpaid-carers",
            "accessibility accessible-toilet"
        ]
    );
    assert_eq!((&draft.fields["minimumAge"], &draft.fields["maximumAge"]), (&json!(8), &json!(17)));
    assert_eq!(draft.fields["lastReviewed"], json!("2026-07-30"));
    assert_eq!(draft.fields["description"], json!("<p>A club for <b>young carers</b>.</p>"));
    assert_eq!(
        draft.fields["media"],
        json!([{ "contentUrl": "https://example.org/club.jpg", "alternativeText": "Six young people play a board game" }])
    );
    assert_eq!(
        draft.fields["socialLinks"],
        json!(["https://www.facebook.com/youngcarers", "https://www.instagram.com/youngcarers"])
    );
    let organisation = of_kind(&extraction, "organisation")[0];
    assert_eq!(
        organisation.fields["sameAs"],
        json!(["https://api.aliss.org/organisations/5e0c6b7a-4444-4a4a-8b8b-000000000001"])
    );
}

#[test]
fn the_shapes_of_v3_are_read() {
    let extraction =
        extract("https://www.aliss.org/api/v3/search/?postcode=EH1+1BQ", &fixture("v3-search"));
    let draft = of_kind(&extraction, "asset")[0];
    let organisation = of_kind(&extraction, "organisation")[0];
    assert_eq!((draft.key.as_str(), organisation.key.as_str()), ("417", "organisation/417"));
    assert_eq!(draft.fields["locations"][0]["latitude"], json!(55.95263));
    assert_eq!(extraction.follow, []);
}

#[test]
fn an_organisation_leads_to_its_services() {
    let url = "https://api.aliss.org/v5/organisations/carers-together/";
    let extraction = extract(url, &fixture("v5-organisation"));
    let service = "https://api.aliss.org/v5/services/5e0c6b7a-3333-4a4a-8b8b-000000000001/";
    assert_eq!(follows(&extraction), [service]);
    assert!(
        matches!(&extraction.follow[0].role, Role::Detail(key) if key.starts_with("5e0c6b7a-3333"))
    );
    let organisation = of_kind(&extraction, "organisation")[0];
    assert_eq!(organisation.fields["telephone"], json!("0141 496 0200"));
    assert_eq!(organisation.modified.as_deref(), Some("2026-05-05T05:05:05Z"));
}

#[test]
fn an_invalid_postcode_is_no_empty_list() {
    let extraction =
        extract("https://api.aliss.org/v5/services?postcode=G2+4ZZ", &fixture("v5-refused"));
    assert_eq!(extraction.problems[0].severity, Severity::Broken);
    assert_eq!(extraction.follow, []);
}

#[test]
fn b9_an_import_of_45_at_20_per_page_yields_45_and_one_of_15_ends() {
    // Whole-number division: 45 / 20 = 2, so that page 2 says it is the last.
    let divided = |total: u64, page: u64| total / 20 == page;
    assert_eq!(walk(45, 20, divided), (45, 3));
    assert_eq!(walk(15, 20, divided), (15, 1));
    assert_eq!(walk(40, 20, divided), (40, 2));
    assert_eq!(walk(39, 20, divided), (39, 2));
    assert_eq!(walk(0, 20, divided), (0, 1));
}

#[test]
fn a_next_past_the_end_leads_to_one_empty_page_at_most() {
    assert_eq!(walk(40, 20, |_, _| false), (40, 3));
    assert_eq!(walk(45, 20, |_, _| false), (45, 3));
}

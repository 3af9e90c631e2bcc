mod areas;
mod pages;

use serde_json::{Value as Json, json};

use super::FORMAT;
use crate::harvest::document::Document;
use crate::harvest::extraction::{Extraction, Role, Severity};
use crate::harvest::format::testing::{self, codes, follows, of_kind};

fn fixture(case: &str) -> Vec<u8> {
    testing::fixture(&format!("open-referral/{case}"))
}

fn document(url: &str, bytes: &[u8]) -> Document {
    testing::document(url, "application/json", bytes)
}

fn extract(url: &str, bytes: &[u8]) -> Extraction {
    testing::extract_json(&FORMAT, url, bytes)
}

fn page(url: &str, json: &Json) -> Extraction {
    extract(url, json.to_string().as_bytes())
}

#[test]
fn a_short_row_is_followed_to_its_own_document() {
    let extraction = extract(
        "https://api.example/oruk/services?page=1&per_page=50",
        &fixture("uk-3-services/input.json"),
    );
    assert_eq!(extraction.announced, Some(1));
    assert_eq!(
        follows(&extraction),
        ["https://api.example/oruk/services/ac148810-d857-441c-9679-408f346de14b"]
    );
    let key = "ac148810-d857-441c-9679-408f346de14b".to_owned();
    assert_eq!(extraction.follow[0].role, Role::Detail(key));
    // The organisation of a short row is left to the whole service.
    assert_eq!(of_kind(&extraction, "organisation").len(), 0);
    assert_eq!(of_kind(&extraction, "asset").len(), 1);
}

#[test]
fn a_whole_service_of_3_gives_all_that_it_has() {
    let extraction = extract(
        "https://api.example/services/ac148810-d857-441c-9679-408f346de14b",
        &fixture("uk-3-service/input.json"),
    );
    assert_eq!(extraction.follow, []);
    let draft = of_kind(&extraction, "asset")[0];
    assert_eq!(draft.modified.as_deref(), Some("2023-03-15T10:30:45.123Z"));
    let field = |name: &str| draft.fields.get(name).cloned().unwrap_or_default();
    assert_eq!(field("name"), json!("Community Counselling"));
    assert_eq!(field("status"), json!("active"));
    assert_eq!((field("minimumAge"), field("maximumAge")), (json!(12), json!(100)));
    assert_eq!(field("lastReviewed"), json!("2005-01-01"));
    assert_eq!(
        field("cost"),
        json!({ "amount": "35", "note": "fees_description; Under 18s and Over 60s per 1 hour session" })
    );
    assert_eq!(
        field("schedule"),
        json!([{
            "byDay": ["TH", "FR"], "startTime": "10:00", "endTime": "18:00",
            "repeatFrequency": "P1W", "startDate": "2005-01-01", "endDate": "2005-01-01",
            "note": "The service is available from 10 am to 6pm weekdays. The service is not available on public holidays.",
        }])
    );
    // Latitude 100 is not on the earth; the address stays.
    assert_eq!(codes(&extraction), ["bad-position"]);
    assert_eq!(extraction.problems[0].at, "/service_at_locations/0/location/latitude");
    assert_eq!(
        field("locations"),
        json!([{
            "name": "MyCity Civic Center", "streetAddress": "1-30 Main Street", "locality": "MyCity",
            "region": "MyRegion", "postcode": "ABC 1234", "country": "US", "uprn": "10092008082",
        }])
    );
    assert!(
        !draft.fields.values().any(|value| value.to_string().contains("Persona")),
        "no names of people"
    );
    let organisation = of_kind(&extraction, "organisation")[0];
    assert_eq!(draft.links[0].key, organisation.key);
    assert_eq!(
        organisation.fields["identifiers"],
        json!([{ "register": "GB-COH", "value": "1234567" }])
    );
    assert_eq!(draft.terms.iter().filter(|term| term.field == "topics").count(), 1);
}

#[test]
fn a_service_of_1_gives_the_same_fields() {
    let extraction =
        extract("https://api.example/services/101", &fixture("uk-1-service/input.json"));
    let draft = of_kind(&extraction, "asset")[0];
    assert_eq!(draft.key, "101");
    assert_eq!(
        Json::Object(draft.fields.clone()),
        json!({
            "assetType": "service",
            "name": "Leith Walking Football",
            "description": "<p>Gentle football for over 50s, every Tuesday.</p>",
            "telephone": "0131 496 0101",
            "lastReviewed": "2026-03-02",
            "status": "active",
            "eligibility": "Adults over 50",
            "minimumAge": 50,
            "languages": ["en", "gd"],
            "cost": { "amount": "2.5", "note": "Each session pay at the door" },
            "referral": { "route": ["self"] },
            "accessMode": "in-person",
            "schedule": [
                { "byDay": ["TU"], "startTime": "10:00", "endTime": "11:30", "repeatFrequency": "P1W",
                  "startDate": "2026-01-06", "exceptDate": ["2026-12-29", "2026-12-30"] },
                { "byDay": ["SA"], "startTime": "09:00", "repeatFrequency": "P1W",
                  "exceptDate": ["2026-12-29", "2026-12-30"] },
                { "startTime": "12:00", "endTime": "13:00", "startDate": "2027-01-02",
                  "endDate": "2027-01-02", "repeatFrequency": "P1D" },
            ],
            "locations": [{
                "name": "Leith Links", "streetAddress": "Links Gardens", "locality": "Edinburgh",
                "region": "City of Edinburgh", "postcode": "EH6 7QE", "country": "GB",
                "latitude": 55.9705, "longitude": -3.1603,
            }],
            "areaServed": ["place/S12000036"],
        })
    );
    let mut terms: Vec<String> = draft
        .terms
        .iter()
        .map(|term| {
            format!("{}: {} {}", term.field, term.label, term.code.as_deref().unwrap_or("-"))
        })
        .collect();
    terms.sort();
    assert_eq!(
        terms,
        [
            "accessibility: Accessible toilet -",
            "areaServed: Leith and Newhaven -",
            "audience: Living alone esdCircumstances:55",
            "audience: Older people openEligibility:older",
            "topics: Sport and leisure esdServiceTypes:1234",
        ]
    );
    let mut found = codes(&extraction);
    found.sort_unstable();
    assert_eq!(found, ["bad-time", "unknown-language"]);
    assert_eq!(
        of_kind(&extraction, "organisation")[0].fields["url"],
        json!("https://leithactive.example")
    );
}

#[test]
fn a_page_of_1_says_content_and_its_numbers_are_keys() {
    let extraction = extract(
        "https://api.example/services?page=1&per_page=2",
        &fixture("uk-1-services/input.json"),
    );
    assert_eq!(extraction.announced, Some(3));
    let keys: Vec<&str> = extraction.drafts.iter().map(|draft| draft.key.as_str()).collect();
    assert_eq!(keys, ["101", "102"]);
    assert_eq!(
        follows(&extraction),
        [
            "https://api.example/services/101",
            "https://api.example/services/102",
            "https://api.example/services?page=2&per_page=2",
        ]
    );
    assert_eq!(extraction.drafts[1].fields["status"], json!("paused"));
    assert_eq!(extraction.drafts[1].fields["online"], json!(true));
    assert_eq!(extraction.drafts[1].fields["referral"], json!({ "route": ["professional"] }));
    assert!(
        !extraction.drafts[0].fields.contains_key("url"),
        "an empty text is as if it were absent"
    );
    assert_eq!(extraction.drafts[0].fields["cost"], json!({ "free": true }));
}

#[test]
fn hsds_gives_phones_languages_ordinals_and_places() {
    let extraction =
        extract("https://api.example/services/x", &fixture("hsds-3-service/input.json"));
    let draft = of_kind(&extraction, "asset")[0];
    assert_eq!(draft.fields["telephone"], json!("01463 496 0123"));
    assert_eq!(draft.fields["languages"], json!(["gd"]));
    assert_eq!(draft.fields["accessMode"], json!("hybrid"));
    assert_eq!(draft.fields["online"], json!(true));
    assert_eq!(draft.fields["cost"], json!({ "free": true, "note": "Everybody 0" }));
    assert_eq!(draft.fields["areaServed"], json!(["place/S12000017"]));
    assert_eq!(
        draft.fields["schedule"],
        json!([
            { "byDay": ["MO"], "byMonthWeek": [1, 3], "startTime": "19:00", "endTime": "21:00",
              "repeatFrequency": "P1M", "startDate": "2026-09-07" },
            { "startTime": "14:00", "endTime": "15:00", "repeatFrequency": "P1M",
              "rrule": "FREQ=MONTHLY;BYMONTHDAY=15,-1" },
        ])
    );
    let location = &draft.fields["locations"][0];
    assert_eq!(
        location["postcode"],
        json!("IV1 1LS"),
        "the physical address, not the one for letters"
    );
    assert_eq!(location["streetAddress"], json!("1 Margaret Street, Farraline Park"));
    assert_eq!(location["directions"], json!("Two minutes from the bus station."));
    let organisation = of_kind(&extraction, "organisation")[0];
    assert_eq!(organisation.fields["sameAs"], json!(["https://register.example/comunn-beag"]));
    assert_eq!(
        organisation.fields["identifiers"],
        json!([{ "register": "GB-SC", "value": "SC012345" }])
    );
    assert_eq!(
        organisation.fields["contactPoints"],
        json!([{ "role": "Secretary", "email": "secretary@group.example" }])
    );
    assert_eq!(codes(&extraction), ["unknown-register"]);
}

#[test]
fn values_of_the_wrong_type_cost_the_field_and_not_the_service() {
    let extraction =
        extract("https://api.example/services", &fixture("uk-3-services-fail/input.json"));
    assert!(of_kind(&extraction, "asset").len() >= 3);
    assert!(codes(&extraction).contains(&"bad-text"), "{:?}", codes(&extraction));
    assert!(extraction.problems.iter().all(|problem| problem.severity < Severity::Broken));
    let problem = extraction.problems.iter().find(|problem| problem.code == "bad-text").unwrap();
    assert!(problem.at.ends_with("/email"), "{}", problem.at);
    assert!(problem.key.is_some());
}

#[test]
fn organisations_and_services_at_locations_are_read_as_what_they_are() {
    let organisations =
        extract("https://api.example/organizations", &fixture("uk-3-organizations/input.json"));
    assert_eq!(of_kind(&organisations, "asset").len(), 0);
    assert!(of_kind(&organisations, "organisation").len() > 5);
    let one =
        extract("https://api.example/organizations/d9d5", &fixture("uk-3-organization/input.json"));
    let service = of_kind(&one, "asset")[0];
    assert_eq!(service.links[0].key, of_kind(&one, "organisation")[0].key);
    let located = extract(
        "https://api.example/service_at_locations",
        &fixture("uk-3-service-at-locations/input.json"),
    );
    let draft = of_kind(&located, "asset")[0];
    assert_eq!(draft.fields["locations"][0]["name"], json!("MyCity Civic Center"));
    assert!(follows(&located).contains(&format!("https://api.example/services/{}", draft.key)));
    let terms =
        extract("https://api.example/taxonomy_terms", &fixture("uk-3-taxonomy-terms/input.json"));
    assert_eq!(terms.drafts, []);
    assert_eq!(codes(&terms), ["no-record"]);
}

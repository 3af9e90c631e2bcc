//! What pages say to machines: schema.org, Open Graph, where a page really is.
//!
//! The descriptions are held against a table of what schema.org declares for
//! each class, and read back by our own harvester.

use std::collections::BTreeSet;

use kist::harvest::document::Document;
use kist::harvest::extraction::Draft;
use kist::harvest::format::{self, Reading};
use serde_json::{Value as Json, json};

use super::server::{BASE, TestServer, now};

/// Classes, what each of them is a kind of, and its own properties, as far as
/// they are used here. Source: <https://schema.org/docs/full.html>.
const CLASSES: &[(&str, &[&str], &[&str])] = &[
    (
        "Thing",
        &[],
        &[
            "@type",
            "@id",
            "@context",
            "name",
            "description",
            "alternateName",
            "url",
            "sameAs",
            "mainEntityOfPage",
            "additionalType",
            "identifier",
        ],
    ),
    (
        "Place",
        &["Thing"],
        &[
            "address",
            "geo",
            "openingHoursSpecification",
            "amenityFeature",
            "telephone",
            "isAccessibleForFree",
            "keywords",
            "logo",
        ],
    ),
    (
        "Organization",
        &["Thing"],
        &[
            "address",
            "location",
            "areaServed",
            "telephone",
            "email",
            "keywords",
            "logo",
            "parentOrganization",
        ],
    ),
    ("GovernmentOrganization", &["Organization"], &[]),
    ("LocalBusiness", &["Place", "Organization"], &[]),
    ("Library", &["LocalBusiness"], &[]),
    ("Hospital", &["Place", "Organization"], &[]),
    ("Pharmacy", &["Organization", "LocalBusiness"], &[]),
    ("MedicalClinic", &["LocalBusiness"], &[]),
    ("SportsActivityLocation", &["LocalBusiness"], &[]),
    ("CafeOrCoffeeShop", &["LocalBusiness"], &[]),
    ("CivicStructure", &["Place"], &[]),
    ("PlaceOfWorship", &["CivicStructure"], &[]),
    ("PublicToilet", &["CivicStructure"], &[]),
    ("Playground", &["CivicStructure"], &[]),
    ("Park", &["CivicStructure"], &[]),
    ("EventVenue", &["CivicStructure"], &[]),
    ("BodyOfWater", &["Place"], &[]),
    ("AdministrativeArea", &["Place"], &[]),
    (
        "Event",
        &["Thing"],
        &[
            "location",
            "eventSchedule",
            "eventStatus",
            "eventAttendanceMode",
            "startDate",
            "endDate",
            "organizer",
            "offers",
            "audience",
            "inLanguage",
            "isAccessibleForFree",
            "keywords",
        ],
    ),
    ("EventSeries", &["Event"], &[]),
    (
        "Service",
        &["Thing"],
        &[
            "provider",
            "areaServed",
            "category",
            "hoursAvailable",
            "serviceType",
            "availableChannel",
            "offers",
            "audience",
        ],
    ),
    (
        "CreativeWork",
        &["Thing"],
        &[
            "datePublished",
            "publisher",
            "keywords",
            "license",
            "encodingFormat",
            "inLanguage",
            "author",
        ],
    ),
    ("Book", &["CreativeWork"], &[]),
    ("Report", &["CreativeWork"], &[]),
    ("Article", &["CreativeWork"], &[]),
    ("HowTo", &["CreativeWork"], &[]),
    ("LearningResource", &["CreativeWork"], &[]),
    ("WebPage", &["CreativeWork"], &["lastReviewed"]),
    ("Person", &["Thing"], &[]),
    ("ItemList", &["Thing"], &["numberOfItems", "itemListElement"]),
    ("ListItem", &["Thing"], &["position"]),
    (
        "PostalAddress",
        &["Thing"],
        &["streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry"],
    ),
    ("GeoCoordinates", &["Thing"], &["latitude", "longitude"]),
    ("VirtualLocation", &["Thing"], &[]),
    (
        "OpeningHoursSpecification",
        &["Thing"],
        &["dayOfWeek", "opens", "closes", "validFrom", "validThrough"],
    ),
    (
        "Schedule",
        &["Thing"],
        &[
            "startDate",
            "endDate",
            "startTime",
            "endTime",
            "byDay",
            "byMonthWeek",
            "exceptDate",
            "repeatFrequency",
            "scheduleTimezone",
        ],
    ),
    ("Offer", &["Thing"], &["price", "priceCurrency"]),
    ("PeopleAudience", &["Thing"], &["audienceType", "suggestedMinAge", "suggestedMaxAge"]),
    ("PropertyValue", &["Thing"], &["propertyID", "value"]),
    ("LocationFeatureSpecification", &["Thing"], &["value"]),
    (
        "ServiceChannel",
        &["Thing"],
        &["serviceLocation", "servicePhone", "serviceUrl", "availableLanguage"],
    ),
    ("ContactPoint", &["Thing"], &["telephone", "email"]),
];

fn has(class: &str, property: &str) -> bool {
    let Some((_, wider, own)) = CLASSES.iter().find(|(name, ..)| *name == class) else {
        return false;
    };
    own.contains(&property) || wider.iter().any(|wider| has(wider, property))
}

/// What is wrong with a description, node by node.
fn faults(json: &Json, faults: &mut Vec<String>) {
    match json {
        Json::Array(list) => list.iter().for_each(|item| self::faults(item, faults)),
        Json::Object(node) => {
            let class = node.get("@type").and_then(Json::as_str).unwrap_or("nothing");
            for (property, value) in node {
                if !has(class, property) {
                    faults.push(format!("{class} has no {property}"));
                }
                let is_empty = value.as_str().is_some_and(str::is_empty)
                    || value.as_array().is_some_and(Vec::is_empty)
                    || value.is_null();
                if is_empty {
                    faults.push(format!("{property} of {class} is empty"));
                }
                self::faults(value, faults);
            }
        }
        _ => {}
    }
}

fn described(page: &str) -> Option<Json> {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">")?;
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// What our own harvester takes from a page.
fn read_back(path: &str, page: &str) -> Vec<Draft> {
    let document = Document {
        url: url::Url::parse(&format!("{BASE}{path}")).unwrap(),
        media_type: Some("text/html".to_owned()),
        charset: Some("utf-8".to_owned()),
        bytes: page.as_bytes().to_vec(),
        retrieved_at: now(),
    };
    let html = format::named("html").unwrap();
    (html.extract)(&document, &Reading::plain(now())).drafts
}

/// The records of a list, with their pages.
async fn listed(server: &TestServer, query: &str) -> Vec<(String, Json)> {
    let list = server.json(&format!("/api/v1/{query}")).await;
    let items = list["items"].as_array().unwrap();
    assert!(!items.is_empty(), "{query}");
    let with_page = |item: &Json| {
        let id = item["id"].as_str().unwrap().strip_prefix(BASE).unwrap();
        let (kind, id) = id.strip_prefix("/id/").unwrap().split_once('/').unwrap();
        let path = match kind {
            "case-study" => "case-studies".to_owned(),
            kind => format!("{kind}s"),
        };
        (format!("/{path}/{id}"), item.clone())
    };
    items.iter().map(with_page).collect()
}

#[tokio::test]
async fn every_page_of_a_record_describes_it_in_the_words_of_schema_org() {
    let server = TestServer::seeded();
    let mut classes = BTreeSet::new();
    for query in [
        "assets?limit=60&sort=added",
        "assets?type=library-venue&limit=20",
        "assets?type=mobile-library-stop&limit=20",
        "organisations?limit=40",
        "resources?limit=60",
        "case-studies?limit=10",
        "places?limit=5",
    ] {
        for (path, item) in listed(&server, query).await {
            let page = server.get(&path).await.text().to_owned();
            let json = described(&page).unwrap_or_else(|| panic!("{path} describes nothing"));
            let mut found = Vec::new();
            faults(&json, &mut found);
            assert_eq!(found, Vec::<String>::new(), "{path}: {json:#}");
            assert_eq!(json["@id"], item["id"]);
            assert_eq!(json["mainEntityOfPage"]["@id"], format!("{BASE}{path}"));
            classes.insert(json["@type"].as_str().unwrap().to_owned());
        }
    }
    for class in ["Library", "EventSeries", "Organization", "AdministrativeArea"] {
        assert!(classes.contains(class), "{classes:?}");
    }
}

#[tokio::test]
async fn our_own_harvester_reads_the_pages_back() {
    let server = TestServer::seeded();
    for query in [
        "assets?type=library-venue&limit=30",
        "assets?type=mobile-library-stop&limit=10",
        "organisations?limit=30",
    ] {
        for (path, item) in listed(&server, query).await {
            let page = server.get(&path).await.text().to_owned();
            let drafts = read_back(&path, &page);
            let own = |draft: &&Draft| json!(draft.fields["name"]) == item["name"];
            let draft = drafts.iter().find(own).unwrap_or_else(|| panic!("{path}: {drafts:#?}"));
            assert_eq!(draft.kind, item["type"].as_str().unwrap(), "{path}");
            if let Some(telephone) = item.get("telephone") {
                assert_eq!(draft.fields.get("telephone"), Some(telephone), "{path}");
            }
            // Addresses are read in their normal form (RFC 3986, 6.2.3).
            if let Some(url) = item["url"].as_str() {
                let normal = url::Url::parse(url).unwrap().to_string();
                assert_eq!(draft.fields["url"], normal, "{path}");
            }
            let of = |json: &Json, key: &str| json["locations"][0][key].clone();
            let fields = Json::Object(draft.fields.clone());
            for key in ["streetAddress", "locality", "postcode"] {
                if item["type"] == "asset" {
                    assert_eq!(of(&fields, key), of(&item, key), "{path} {key}");
                }
            }
            if item["assetType"]["name"] == "Library" {
                assert_eq!(fields["assetType"], "library-venue", "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_list_names_what_is_on_it_in_order() {
    let server = TestServer::seeded();
    let page = server.get("/organisations?page=2").await.text().to_owned();
    let json = described(&page).unwrap();
    let mut found = Vec::new();
    faults(&json, &mut found);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(
        (&json["@type"], &json["url"]),
        (&json!("ItemList"), &json!(format!("{BASE}/organisations?page=2")))
    );
    let items = json["itemListElement"].as_array().unwrap();
    assert_eq!(items[0]["position"], 41);
    let first = items[0]["url"].as_str().unwrap().strip_prefix(BASE).unwrap();
    assert!(server.get(first).await.text().contains(items[0]["name"].as_str().unwrap()));
    let collection = server.json("/api/v1/collections?limit=1").await;
    if let Some(id) = collection["items"][0]["id"].as_str() {
        let path = id.strip_prefix(BASE).unwrap().replace("/id/collection/", "/collections/");
        let json = described(server.get(&path).await.text()).unwrap();
        assert_eq!(json["@type"], "ItemList");
    }
}

#[tokio::test]
async fn links_to_a_page_say_what_it_is_and_where_it_really_is() {
    let server = TestServer::seeded();
    let (path, item) = listed(&server, "assets?q=leith+library&limit=1").await.remove(0);
    let page = server.get(&format!("{path}?lang=gd")).await.text().to_owned();
    let name = item["name"].as_str().unwrap();
    for part in [
        format!("<link rel=\"canonical\" href=\"{BASE}{path}?lang=gd\">"),
        format!("<link rel=\"alternate\" hreflang=\"en\" href=\"{BASE}{path}?lang=en\">"),
        format!("<meta property=\"og:url\" content=\"{BASE}{path}?lang=gd\">"),
        format!("<meta property=\"og:title\" content=\"{name}\">"),
        "<meta property=\"og:locale\" content=\"gd_GB\">".to_owned(),
    ] {
        assert!(page.contains(&part), "{part}\n{page}");
    }
    let english = server.get(&path).await.text().to_owned();
    assert!(english.contains(&format!("<link rel=\"canonical\" href=\"{BASE}{path}\">")));
    let search = server.get("/search?q=library").await.text().to_owned();
    assert!(search.contains("<meta name=\"robots\" content=\"noindex, follow\">"));
    assert!(!english.contains("name=\"robots\""));
}

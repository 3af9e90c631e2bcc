//! What can be asked in the words of ALISS and of Open Referral UK has the same
//! answer there as in every other face.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::super::server::TestServer;
use super::{identifiers, last_parts, linked, world};

/// How many are on a page.
const SIZE: usize = 7;

/// A question in the words of each API; empty where it can't be asked there.
struct Question {
    /// Of the register's own API, of whose assets it is.
    ours: &'static str,
    /// Of the list's address, which has other words for some.
    list: &'static str,
    /// Of ALISS, version 4, which needs a postcode and has one order.
    v4: &'static str,
    /// Of ALISS, version 5.
    v5: &'static str,
    /// Of Open Referral UK.
    open_referral: &'static str,
    /// Which page.
    page: usize,
}

const fn question(page: usize, [ours, list, v4, v5, open_referral]: [&'static str; 5]) -> Question {
    Question { ours, list, v4, v5, open_referral, page }
}

const QUESTIONS: [Question; 26] = [
    // Near a postcode: in several places, in any case and spacing, page by page.
    question(
        1,
        [
            "near=EH6+8RG&within=2km&sort=distance",
            "near=EH6+8RG&radius=2km&sort=distance",
            "postcode=EH6+8RG&radius=2000",
            "postcode=EH6+8RG&radius=2000",
            "postcode=EH6+8RG&proximity=2000",
        ],
    ),
    question(
        2,
        [
            "near=eh68rg&within=2km&sort=distance",
            "near=eh68rg&radius=2km&sort=distance",
            "postcode=eh68rg&radius=2000&location_type=&format=json",
            "postcode=eh68rg&radius=2000&location_type=&format=json",
            "postcode=eh68rg&proximity=2000",
        ],
    ),
    question(
        1,
        [
            "near=G2+4AA&within=5km&sort=distance",
            "near=G2+4AA&radius=5km&sort=distance",
            "postcode=G2+4AA",
            "postcode=G2+4AA&radius=null",
            "postcode=G2+4AA&proximity=5km",
        ],
    ),
    question(
        3,
        [
            "near=G2+4AA&within=10km&sort=distance",
            "near=G2+4AA&radius=10km&sort=distance",
            "postcode=G2+4AA&radius=10000",
            "postcode=G2+4AA&radius=10000&sort=sort-distance",
            "postcode=G2+4AA&proximity=10000",
        ],
    ),
    question(
        1,
        [
            "near=IV51+9ER&within=20km&sort=distance",
            "near=IV51+9ER&radius=20km&sort=distance",
            "postcode=IV51+9ER&radius=20000",
            "postcode=IV51+9ER&radius=20000",
            "postcode=IV51+9ER&proximity=20000",
        ],
    ),
    question(
        1,
        [
            "near=IV51+9ER&within=400m&sort=distance",
            "near=IV51+9ER&radius=400m&sort=distance",
            "postcode=IV51+9ER&radius=400",
            "postcode=IV51+9ER&radius=400",
            "postcode=IV51+9ER&proximity=400",
        ],
    ),
    question(
        1,
        [
            "near=EH6&within=3km&sort=distance",
            "near=EH6&radius=3km&sort=distance",
            "postcode=EH6&radius=3000",
            "postcode=EH6&radius=3000",
            "postcode=EH6&proximity=3000",
        ],
    ),
    // Near a place or a position, which ALISS can't ask.
    question(
        1,
        [
            "near=Portree&within=20km&sort=distance",
            "near=Portree&radius=20km&sort=distance",
            "",
            "",
            "postcode=Portree&proximity=20000",
        ],
    ),
    question(
        1,
        [
            "near=55.97,-3.17&within=1km&sort=distance",
            "near=55.97,-3.17&radius=1km&sort=distance",
            "",
            "",
            "latitude=55.97&longitude=-3.17&radius=1000",
        ],
    ),
    // Words: one, several, misspelt, of the organisation, near a postcode.
    question(
        1,
        ["q=walking&sort=relevance", "q=walking&sort=relevance", "", "q=walking", "search=walking"],
    ),
    question(2, ["q=club&sort=relevance", "q=club&sort=relevance", "", "q=club", "search=club"]),
    question(
        1,
        [
            "q=book+leith&sort=relevance",
            "q=book+leith&sort=relevance",
            "",
            "q=book+leith&sort=sort-relevance",
            "search=book+leith",
        ],
    ),
    question(
        1,
        ["q=swiming&sort=relevance", "q=swiming&sort=relevance", "", "q=swiming", "search=swiming"],
    ),
    question(
        1,
        [
            "near=G2+4AA&within=9km&q=club&sort=relevance",
            "near=G2+4AA&radius=9km&q=club&sort=relevance",
            "",
            "postcode=G2+4AA&radius=9000&q=club&sort=sort-relevance",
            "",
        ],
    ),
    question(
        1,
        [
            "near=G2+4AA&within=9km&q=club&sort=distance",
            "near=G2+4AA&radius=9km&q=club&sort=distance",
            "postcode=G2+4AA&radius=9000&q=club",
            "postcode=G2+4AA&radius=9000&q=club",
            "postcode=G2+4AA&proximity=9000&search=club",
        ],
    ),
    // Categories: one, a wider one, one in an old slug; several conditions.
    question(
        1,
        [
            "near=EH6+8RG&within=5km&topic=walking&sort=distance",
            "near=EH6+8RG&radius=5km&topic=walking&sort=distance",
            "postcode=EH6+8RG&category=walking",
            "postcode=EH6+8RG&categories=walking",
            "postcode=EH6+8RG&proximity=5000&taxonomy_term_id=walking",
        ],
    ),
    question(
        2,
        [
            "topic=physical-activity&sort=name",
            "topic=physical-activity&sort=name",
            "",
            "categories=physical-activity&sort=sort-a-z",
            "taxonomy_term_id=physical-activity",
        ],
    ),
    question(
        1,
        [
            "audience=children-and-young-people&topic=activity&sort=name",
            "for=children-and-young-people&topic=activity&sort=name",
            "",
            "categories=activity&community_groups=children-and-young-people&sort=sort-a-z",
            "",
        ],
    ),
    question(
        1,
        [
            "accessibility=free-wifi&sort=name",
            "accessibility=free-wifi&sort=name",
            "",
            "accessibility_features=free-wifi&sort=sort-a-z",
            "taxonomy_term_id=free-wifi",
        ],
    ),
    question(1, ["type=venue&sort=name", "type=venue&sort=name", "", "", "taxonomy_term_id=venue"]),
    // An age within a group.
    question(
        1,
        [
            "audience=children-and-young-people&age=7&sort=name",
            "for=children-and-young-people&age=7&sort=name",
            "",
            "community_groups=children-and-young-people|7&sort=sort-a-z",
            "",
        ],
    ),
    // An organisation, an area, everything in each order.
    question(
        2,
        [
            "organisation=tea-trust&sort=name",
            "organisation=tea-trust&sort=name",
            "",
            "",
            "organization_id=TEA-TRUST",
        ],
    ),
    question(
        2,
        [
            "area=S12000036&sort=name",
            "area=S12000036&sort=name",
            "",
            "service_areas=city-of-edinburgh&sort=sort-a-z",
            "",
        ],
    ),
    question(4, ["sort=name", "sort=name", "", "sort=sort-a-z", "format=json"]),
    question(1, ["sort=reviewed", "sort=reviewed", "", "source=map", ""]),
    question(3, ["sort=added", "sort=added", "", "sort=sort-recently-added", ""]),
];

#[tokio::test]
async fn what_partners_ask_has_the_same_answer_in_every_face() {
    let server = world::server();
    let (mut of_v4, mut of_v5, mut of_open_referral) = (0, 0, 0);
    for question in &QUESTIONS {
        let Question { ours, page, .. } = question;
        let path = format!("/api/v1/search.json?kind=asset&{ours}&page={page}&per_page={SIZE}");
        let answer = server.json(&path).await;
        let expected = last_parts(&answer, "items");
        assert!(!expected.is_empty(), "{ours} has no answer on page {page}");
        let total = answer["total"].as_u64().unwrap();
        assert!(total < 96 || ours.starts_with("sort="), "{ours} is answered with everything");
        for (face, (count, found)) in faces(&server, question).await {
            assert_eq!(found, expected, "{face}: {ours}");
            assert!(count.is_none_or(|count| count == total), "{face}: {ours}: {count:?} {total}");
            of_v4 += usize::from(face == "ALISS v4");
            of_v5 += usize::from(face == "ALISS v5");
            of_open_referral += usize::from(face == "Open Referral");
        }
    }
    assert!(
        of_v4 >= 9 && of_v5 >= 20 && of_open_referral >= 19,
        "{of_v4} {of_v5} {of_open_referral}"
    );
}

/// How many a face says there are, and the identifiers on the page.
type Told = (Option<u64>, Vec<String>);

/// What each face that can be asked answers.
async fn faces(server: &TestServer, question: &Question) -> BTreeMap<&'static str, Told> {
    let Question { ours, list, v4, v5, open_referral, page } = question;
    let mut faces: BTreeMap<&str, Told> = BTreeMap::new();
    let of_api = format!("/api/v1/search.geojson?kind=asset&{ours}&page={page}&per_page={SIZE}");
    let answer = server.json(&of_api).await;
    faces.insert("GeoJSON of the API", (None, last_parts(&answer, "features")));
    let address =
        |suffix: &str| format!("/lists/all.{suffix}?kind=assets&{list}&page={page}&limit={SIZE}");
    for (face, suffix, items) in [
        ("JSON", "json", "items"),
        ("GeoJSON", "geojson", "features"),
        ("JSON Feed", "feed.json", "items"),
    ] {
        let answer = server.json(&address(suffix)).await;
        faces.insert(face, (answer["total"].as_u64(), last_parts(&answer, items)));
    }
    let rss = server.get(&address("rss")).await;
    let guids = identifiers(rss.text(), "<guid isPermaLink=\"false\">");
    faces.insert("RSS", (None, guids));
    let csv = server.get(&address("csv")).await;
    let mut rows = csv::Reader::from_reader(csv.text().as_bytes());
    let in_table = rows.records().map(|row| {
        let row = row.unwrap();
        row[0].rsplit('/').next().unwrap().to_owned()
    });
    faces.insert("CSV", (None, in_table.collect()));
    let fragment = server.get(&address("fragment.html")).await;
    let ordered = fragment.text().split_once("</ol>").map_or("", |(ordered, _)| ordered);
    faces.insert("fragment", (None, linked(ordered)));
    let shown = server.get(&address("html")).await;
    let cards = shown.text().split_once("<ol class=\"cards\">").map_or("", |(_, after)| after);
    let cards = cards.split_once("</ol>").map_or("", |(cards, _)| cards);
    faces.insert("page", (None, linked(cards)));
    for (face, path, query) in
        [("ALISS v4", "/aliss/api/v4/services/", v4), ("ALISS v5", "/aliss/v5/services", v5)]
    {
        if !query.is_empty() {
            let path = format!("{path}?{query}&page={page}&page_size={SIZE}");
            let answer = server.json(&path).await;
            faces.insert(face, (answer["count"].as_u64(), ids(&answer, "data")));
        }
    }
    if !open_referral.is_empty() {
        let trust = server.json("/api/v1/organisations?q=tea+trust").await;
        let open_referral = open_referral.replace("TEA-TRUST", &last_parts(&trust, "items")[0]);
        let path =
            format!("/open-referral/v3/services?{open_referral}&page={page}&per_page={SIZE}");
        let answer = server.json(&path).await;
        let rows = answer["contents"].as_array().unwrap().iter().map(|row| {
            let id = row["kist_id"].as_str().unwrap();
            id.rsplit('/').next().unwrap().to_owned()
        });
        faces.insert("Open Referral", (answer["total_items"].as_u64(), rows.collect()));
    }
    faces
}

fn ids(list: &Json, items: &str) -> Vec<String> {
    let items = list[items].as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// What only partners can ask: the query of ALISS or of Open Referral, and
/// which of all our assets, by name, it must keep.
type Kept = fn(&Json) -> bool;

fn serves_a_country(asset: &Json) -> bool {
    let areas = asset["areaServed"].as_array();
    areas.is_some_and(|areas| {
        areas.iter().any(|area| area["id"].as_str().unwrap().ends_with("S92000003"))
    })
}

fn states_at_least_ten(asset: &Json) -> bool {
    asset["minimumAge"].as_u64().is_some_and(|age| age >= 10)
}

fn states_at_most_forty(asset: &Json) -> bool {
    asset["maximumAge"].as_u64().is_some_and(|age| age <= 40)
}

fn is_on_monday_morning(asset: &Json) -> bool {
    asset.get("schedule").is_some()
}

#[tokio::test]
async fn what_only_partners_can_ask_keeps_what_it_says_in_the_same_order() {
    let server = world::server();
    let all = server.json("/api/v1/search.json?kind=asset&sort=name&per_page=1000").await;
    let all = all["items"].as_array().unwrap();
    let kept = |keeps: &dyn Fn(&Json) -> bool| -> Vec<String> {
        let kept = all.iter().filter(|asset| keeps(asset));
        let id =
            |asset: &Json| asset["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        kept.map(id).collect()
    };
    for (query, expected) in [
        ("location_type=national", kept(&serves_a_country)),
        ("location_type=local", kept(&|asset| !serves_a_country(asset))),
    ] {
        let path = format!("/aliss/v5/services?{query}&sort=sort-a-z&page_size=1000");
        assert_eq!(ids(&server.json(&path).await, "data"), expected, "{query}");
        assert!(!expected.is_empty() && expected.len() < all.len());
    }
    let questions: [(&str, Kept); 5] = [
        ("minimum_age=10", states_at_least_ten),
        ("maximum_age=40", states_at_most_forty),
        ("minimum_age=10&maximum_age=40", |asset| {
            states_at_least_ten(asset) && states_at_most_forty(asset)
        }),
        ("day=MO&start_time=09:00&end_time=13:00", is_on_monday_morning),
        ("taxonomy_id=topic", |asset| asset["topics"].as_array().is_some()),
    ];
    for (query, keeps) in questions {
        let path = format!("/open-referral/v3/services?{query}&per_page=1000");
        let answer = server.json(&path).await;
        let found: Vec<String> = answer["contents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["kist_id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
            .collect();
        assert_eq!(found, kept(&keeps), "{query}");
        assert!(!found.is_empty(), "{query}");
    }
    // An organisation has its services by name in both.
    let organisation = server.json("/aliss/v5/organisations/tea-trust").await;
    let services = &organisation["data"]["services"];
    let of_trust = server
        .json("/api/v1/search.json?kind=asset&organisation=tea-trust&sort=name&per_page=1000")
        .await;
    assert_eq!(
        json!(ids(&organisation["data"], "services")),
        json!(last_parts(&of_trust, "items"))
    );
    assert!(services.as_array().unwrap().len() > 7);
}

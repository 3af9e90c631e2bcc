//! Each filter, and that filters narrow together.

use super::{ROOT, WALKERS, id_of, list, names, own_rich, rich};

const WALK: &str = "Shore walk";
const HALL: &str = "Granton hall";
const LINE: &str = "Listening line";
const CLUB: &str = "The old lunch club";

#[track_caller]
fn same(found: &[String], expected: &[&str], query: &str) {
    assert_eq!(found, expected, "{query}");
}

#[tokio::test]
async fn each_filter_of_services_keeps_what_it_says() {
    let server = rich();
    let term = id_of(&server, "taxonomy_terms", "/id/category/walking").await;
    let audience = id_of(&server, "taxonomy_terms", "/id/category/older-adults").await;
    let venue = id_of(&server, "taxonomy_terms", "/id/category/venue").await;
    let topics = id_of(&server, "taxonomies", "/id/scheme/topic").await;
    let sectors = id_of(&server, "taxonomies", "/id/scheme/sector").await;
    let nobody = "00000000-0000-4000-8000-000000000000";
    for (query, expected) in [
        (String::new(), &[HALL, LINE, WALK, CLUB][..]),
        ("search=tea".to_owned(), &[WALK]),
        (format!("taxonomy_term_id={term}"), &[WALK]),
        (format!("taxonomy_term_id={audience}"), &[WALK]),
        (format!("taxonomy_term_id={venue}"), &[HALL]),
        ("taxonomy_term_id=walking".to_owned(), &[WALK]),
        (format!("taxonomy_term_id={nobody}"), &[]),
        (format!("taxonomy_id={topics}"), &[WALK]),
        (format!("taxonomy_id={sectors}"), &[]),
        (format!("organization_id={WALKERS}"), &[WALK]),
        (format!("organization_id={nobody}"), &[]),
        ("minimum_age=16".to_owned(), &[LINE, WALK]),
        ("minimum_age=16.5".to_owned(), &[WALK]),
        ("minimum_age=61".to_owned(), &[]),
        ("maximum_age=25".to_owned(), &[CLUB]),
        ("maximum_age=90".to_owned(), &[WALK, CLUB]),
        ("minimum_age=60&maximum_age=90".to_owned(), &[WALK]),
        ("minimum_age=90&maximum_age=60".to_owned(), &[]),
        ("day=WE".to_owned(), &[HALL, WALK]),
        ("day=Wednesday&start_time=09:00".to_owned(), &[HALL]),
        ("day=we&start_time=09:01".to_owned(), &[]),
        ("day=tu&start_time=14:30:00&end_time=16:00".to_owned(), &[WALK]),
        ("day=mo&end_time=16:00".to_owned(), &[WALK]),
        ("modified_after=2026-11-21T12:00:00Z".to_owned(), &[HALL, LINE, WALK, CLUB]),
        ("modified_after=2026-11-21T12:00:00%2B00:00".to_owned(), &[HALL, LINE, WALK, CLUB]),
        ("modified_after=2026-11-21T12:00:01Z".to_owned(), &[]),
        ("modified_after=2026-11-21".to_owned(), &[HALL, LINE, WALK, CLUB]),
        ("modified_after=2026-11-22".to_owned(), &[]),
        ("search=walk&day=WE&minimum_age=16".to_owned(), &[WALK]),
    ] {
        let found = names(&server, &format!("/services?{query}")).await;
        same(&found, expected, &query);
    }
}

#[tokio::test]
async fn a_postcode_leaves_out_what_says_that_it_serves_elsewhere() {
    let server = rich();
    // The club serves Glasgow alone; the hall says nothing of whom it serves.
    let found = names(&server, "/services?postcode=EH6+6QN").await;
    same(&found, &[WALK, HALL, LINE], "postcode");
}

#[tokio::test]
async fn proximity_and_radius_find_what_is_near_or_serves_the_place() {
    let server = rich();
    for query in ["postcode=EH6+6QN&proximity=1500", "latitude=55.977&longitude=-3.169&radius=1500"]
    {
        let found = names(&server, &format!("/services?{query}")).await;
        same(&found, &[WALK, LINE], query);
    }
    let found = names(&server, "/services?latitude=55.977&longitude=-3.169").await;
    assert_eq!(found[..2], [WALK, HALL]);
}

#[tokio::test]
async fn services_at_locations_come_nearest_first_each_by_its_own_distance() {
    let server = rich();
    let page = list(&server, "/service_at_locations?latitude=55.953&longitude=-3.114").await;
    let rows = page["contents"].as_array().unwrap().iter();
    let places: Vec<String> = rows
        .map(|row| {
            let place = row["location"]["name"].as_str().unwrap_or("-");
            format!("{}: {place}", row["service"]["name"].as_str().unwrap())
        })
        .collect();
    assert_eq!(places[0], "Shore walk: The green");
    assert_eq!(places[1], "Shore walk: The harbour");
    assert_eq!(places.len(), 6);
}

#[tokio::test]
async fn a_radius_keeps_only_the_locations_inside_it_whatever_the_service_serves() {
    let server = own_rich();
    server.load(&serde_json::json!({"source": {"type": "source", "id": "test", "name": "Test"}, "records": [{
        "type": "asset", "id": "7c9e6679-7425-5de2-944b-e07fc1f90a05", "name": "Two shops", "assetType": "venue",
        "areaServed": ["S12000036"],
        "locations": [{"name": "Leith", "latitude": 55.976, "longitude": -3.17}, {"name": "Portobello", "latitude": 55.953, "longitude": -3.114}],
    }, {
        "type": "asset", "id": "7c9e6679-7425-5de2-944b-e07fc1f90a06", "name": "Visiting shops", "assetType": "venue",
        "areaServed": ["S12000049"],
        "locations": [{"name": "The quay", "latitude": 55.9761, "longitude": -3.1701}],
    }]}));
    for near in [
        "latitude=55.976&longitude=-3.17&radius=1000",
        "latitude=55.976&longitude=-3.17",
        "postcode=EH6+6QN&proximity=3000",
    ] {
        let is_bounded = near.contains("radius") || near.contains("proximity");
        let page = list(&server, &format!("/service_at_locations?{near}&search=shops")).await;
        let rows = page["contents"].as_array().unwrap().iter();
        let mut places: Vec<&str> =
            rows.map(|row| row["location"]["name"].as_str().unwrap()).collect();
        if near.starts_with("postcode") {
            places.sort_unstable();
        }
        let expected = ["Leith", "The quay", "Portobello"];
        assert_eq!(places, expected[..if is_bounded { 2 } else { 3 }], "{near}");
        assert_eq!(page["total_items"], places.len(), "{near}");
    }
    // The service itself is found by whom it serves too.
    let portobello = "latitude=55.953&longitude=-3.114&radius=10";
    for (path, count) in [("services", 1), ("service_at_locations", 1)] {
        let page = list(&server, &format!("/{path}?{portobello}&search=shops")).await;
        assert_eq!(page["total_items"], count, "{path}");
    }
    let elsewhere = "latitude=55.92&longitude=-3.2&radius=10";
    for (path, count) in [("services", 1), ("service_at_locations", 0)] {
        let page = list(&server, &format!("/{path}?{elsewhere}&search=shops")).await;
        assert_eq!(page["total_items"], count, "{path}");
    }
}

#[tokio::test]
async fn terms_are_filtered_by_taxonomy_parent_and_top() {
    let server = rich();
    let topics = id_of(&server, "taxonomies", "/id/scheme/topic").await;
    let of_topics =
        list(&server, &format!("/taxonomy_terms?taxonomy_id={topics}&per_page=1000")).await;
    let rows = of_topics["contents"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["taxonomy_id"] == *topics));
    let top =
        list(&server, &format!("/taxonomy_terms?taxonomy_id={topics}&top_only=true&per_page=1000"))
            .await;
    let tops = top["contents"].as_array().unwrap();
    assert!(tops.iter().all(|row| row.get("parent_id").is_none()));
    let expected = rows.iter().filter(|row| row.get("parent_id").is_none()).count();
    assert_eq!(tops.len(), expected);
    let parent = rows.iter().find_map(|row| row["parent_id"].as_str()).unwrap();
    let children =
        list(&server, &format!("/taxonomy_terms?parent_id={parent}&per_page=1000")).await;
    let children = children["contents"].as_array().unwrap();
    assert!(!children.is_empty() && children.iter().all(|row| row["parent_id"] == *parent));
    assert_eq!(
        names(&server, "/taxonomy_terms?search=hearing+loop&per_page=1").await,
        ["Hearing loop"]
    );
}

#[tokio::test]
async fn rows_are_short_minimal_or_full() {
    let server = rich();
    let rows = |page: serde_json::Value| page["contents"].as_array().unwrap().clone();
    for row in rows(list(&server, "/services?minimal=true").await) {
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["id", "modified_date"]);
    }
    for truth in ["true", "True", "1"] {
        for row in rows(list(&server, &format!("/services?full={truth}")).await) {
            let id = row["id"].as_str().unwrap();
            assert_eq!(row, list(&server, &format!("/services/{id}")).await);
        }
    }
    for row in rows(list(&server, "/service_at_locations?full=true").await) {
        let id = row["id"].as_str().unwrap();
        assert_eq!(row, list(&server, &format!("/service_at_locations/{id}")).await);
    }
    for row in rows(list(&server, "/service_at_locations?minimal=true").await) {
        let id = row["id"].as_str().unwrap();
        server.json(&format!("{ROOT}/service_at_locations/{id}")).await;
    }
}

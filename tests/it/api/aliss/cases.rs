//! The cases to build against, one by one.

use http::StatusCode;
use serde_json::json;

use super::super::server::TestServer;
use super::world::{
    AB10_6EJ, EDINBURGH, G2_4AA, G2_9ZZ, GLASGOW, PA8_7WZ, SCOTLAND, at, names, said, server,
    serving,
};

/// Services around G2 4AA, by what the contract says of each.
fn around() -> TestServer {
    server(&[
        at("Near", G2_9ZZ, &[]),
        at("Far and for Glasgow", AB10_6EJ, &[GLASGOW]),
        serving("For Glasgow", &[GLASGOW]),
        serving("For Scotland", &[SCOTLAND]),
        at("Outside", PA8_7WZ, &[]),
        at("Near and for Edinburgh", G2_9ZZ, &[EDINBURGH]),
        serving("For Edinburgh", &[EDINBURGH]),
    ])
}

#[tokio::test]
async fn a_postcode_is_read_in_any_case_and_spacing() {
    let server = server(&[at("Near", G2_9ZZ, &[])]);
    for version in ["v4", "v5"] {
        for postcode in ["G2+4AA", "g2+4aa", "G24AA", "+g2++4aa+", "%20G2%204Aa"] {
            let path = format!("/aliss/{version}/services?postcode={postcode}");
            assert_eq!(names(&server, &path).await, ["Near"], "{path}");
        }
    }
}

#[tokio::test]
async fn a_postcode_that_was_never_given_is_invalid_and_a_district_will_do() {
    let server = server(&[at("Near", G2_9ZZ, &[])]);
    for postcode in ["G2+4ZZ", "AK1+5SA", "AB4", "Leith", "55.9,-3.2", "S12000049", "%00"] {
        let (status, body) =
            said(&server, &format!("/aliss/v4/services/?postcode={postcode}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{postcode}");
        assert!(body["postcode"][0].is_string(), "{body}");
        let (status, body) =
            said(&server, &format!("/aliss/v5/services?postcode={postcode}")).await;
        assert_eq!(status, StatusCode::OK, "{postcode}");
        assert_eq!(body["error"], "Invalid Postcode");
        assert_eq!((&body["data"], &body["count"]), (&json!([]), &json!(0)));
        assert_eq!((&body["next"], &body["previous"]), (&json!(null), &json!(null)));
    }
    for postcode in ["EH1", "AB10", "g2", "EH1+1BQ"] {
        let (status, body) =
            said(&server, &format!("/aliss/v4/services/?postcode={postcode}")).await;
        assert_eq!(status, StatusCode::OK, "{postcode}: {body}");
        let (_, body) = said(&server, &format!("/aliss/v5/services?postcode={postcode}")).await;
        assert_eq!(body["error"], json!(null), "{postcode}");
    }
}

#[tokio::test]
async fn v4_hides_a_nearby_service_whose_areas_all_lie_elsewhere() {
    let server = around();
    let path = "/aliss/v4/services/?postcode=G2+4AA";
    let found = names(&server, path).await;
    assert_eq!(found[..2], ["Near", "Far and for Glasgow"], "located ones by distance");
    let mut rest = found[2..].to_vec();
    rest.sort_unstable();
    assert_eq!(rest, ["For Glasgow", "For Scotland"], "then those without a location");
}

#[tokio::test]
async fn v5_shows_a_nearby_service_whose_areas_all_lie_elsewhere() {
    let server = around();
    let found = names(&server, "/aliss/v5/services?postcode=G2+4AA").await;
    assert_eq!(found.len(), 5);
    assert_eq!(found[..2], ["Near", "Far and for Glasgow"]);
    assert_eq!(found[4], "Near and for Edinburgh", "it comes last");
}

#[tokio::test]
async fn local_drops_what_serves_a_country_and_national_keeps_only_that() {
    let server = around();
    let path = |version: &str, more: &str| {
        format!("/aliss/{version}/services/?postcode=G2+4AA&location_type={more}")
    };
    assert_eq!(
        names(&server, &path("v4", "local")).await,
        ["Near", "Far and for Glasgow", "For Glasgow"]
    );
    assert_eq!(names(&server, &path("v4", "national")).await, ["For Scotland"]);
    let local = names(&server, &path("v5", "local")).await;
    assert!(!local.contains(&"For Scotland".to_owned()) && local.len() == 4, "{local:?}");
    // Gen N skips the postcode for what is national, and takes any other word for that.
    for word in ["national", "National", "anything"] {
        assert_eq!(names(&server, &path("v5", word)).await, ["For Scotland"], "{word}");
    }
    assert_eq!(names(&server, &path("v4", "")).await.len(), 4, "an empty one is none");
    let (status, body) = said(&server, &path("v4", "anything")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["location_type"][0].is_string(), "{body}");
}

#[tokio::test]
async fn a_radius_keeps_out_what_is_further_away() {
    let server = around();
    for version in ["v4", "v5"] {
        let path = |radius: &str| {
            format!(
                "/aliss/{version}/services/?postcode=G2+4AA&location_type=local&radius={radius}"
            )
        };
        for radius in ["5000", "", "null", "NaN", "-1", "wide"] {
            let found = names(&server, &path(radius)).await;
            assert!(!found.contains(&"Outside".to_owned()), "{radius}: {found:?}");
        }
        let found = names(&server, &path("13000")).await;
        assert_eq!(found[..2], ["Near", "Outside"], "{found:?}");
        assert_eq!(names(&server, &path("1e300")).await[..2], ["Near", "Outside"]);
        assert_eq!(names(&server, &path("0")).await[..1], ["Far and for Glasgow"]);
    }
}

#[tokio::test]
async fn of_several_locations_the_nearest_counts() {
    let mut several = at("Several", AB10_6EJ, &[]);
    let locations = several["locations"].as_array_mut().unwrap();
    locations.push(json!({ "latitude": G2_4AA.0, "longitude": G2_4AA.1 }));
    let server = server(&[several, at("One", G2_9ZZ, &[])]);
    let found = names(&server, "/aliss/v4/services/?postcode=G2+4AA&radius=100").await;
    assert_eq!(found, ["Several"]);
    let found = names(&server, "/aliss/v4/services/?postcode=G2+4AA").await;
    assert_eq!(found, ["Several", "One"]);
}

#[tokio::test]
async fn all_words_must_be_found_and_the_misspelt_one_comes_last() {
    let of = |name: &str, description: &str| {
        let mut service = at(name, G2_9ZZ, &[]);
        service["description"] = json!(description);
        service
    };
    let server = server(&[
        of("Food For All", "A handy food activity"),
        of("Step Fit 2", "Phyzical activiti classes"),
        of("Physical Fun", "Physical activity classes"),
        of("Step Fit 1", "Physical activity classes"),
        of("Support", "For people who have cancer"),
    ]);
    // All are equally near.
    for path in [
        "/aliss/v4/services/?postcode=G2+4AA&q=Physical+Activity",
        "/aliss/v5/services?postcode=G2+4AA&q=Physical+Activity",
        "/aliss/v5/services?q=Physical+Activity",
        "/aliss/v5/services?q=Physical+Activity&sort=sort-relevance&postcode=G2+4AA",
    ] {
        assert_eq!(
            names(&server, path).await,
            ["Physical Fun", "Step Fit 1", "Step Fit 2"],
            "{path}"
        );
    }
    assert_eq!(names(&server, "/aliss/v5/services?q=dancing").await, [""; 0]);
    assert_eq!(names(&server, "/aliss/v4/services/?postcode=G2+4AA&q=cancer").await, ["Support"]);
}

#[tokio::test]
async fn both_versions_sort_as_they_are_asked_to() {
    let reviewed = |name: &str, at_place, day: &str| {
        let mut service = at(name, at_place, &[]);
        service["lastReviewed"] = json!(day);
        service
    };
    let server = server(&[
        reviewed("Beta", G2_4AA, "2026-08-01"),
        reviewed("Alpha", PA8_7WZ, "2026-10-01"),
        reviewed("Gamma", G2_9ZZ, "2026-11-01"),
    ]);
    for (sort, expected) in [
        ("sort-a-z", ["Alpha", "Beta", "Gamma"]),
        ("sort-distance", ["Beta", "Gamma", "Alpha"]),
        ("sort-last-reviewed", ["Gamma", "Alpha", "Beta"]),
        // What is no order is passed over: the nearest first.
        ("upside-down", ["Beta", "Gamma", "Alpha"]),
        ("", ["Beta", "Gamma", "Alpha"]),
    ] {
        for version in ["v4", "v5"] {
            let path =
                format!("/aliss/{version}/services?postcode=G2+4AA&radius=20000&sort={sort}");
            assert_eq!(names(&server, &path).await, expected, "{path}");
        }
    }
}

#[tokio::test]
async fn a_category_finds_what_has_only_a_grandchild_of_it() {
    let mut grandchild = at("Grandchild", G2_9ZZ, &[]);
    grandchild["topics"] = json!(["autism"]);
    let server = server(&[grandchild, at("Other", G2_9ZZ, &[])]);
    let tree = server.json("/aliss/v4/categories/").await;
    let conditions =
        tree["data"].as_array().unwrap().iter().find(|row| row["slug"] == "conditions");
    let below = conditions.unwrap()["sub_categories"].as_array().unwrap().iter();
    let is_grandchild = below
        .flat_map(|child| child["sub_categories"].as_array().unwrap())
        .any(|grandchild| grandchild["slug"] == "autism");
    assert!(is_grandchild, "autism is a grandchild of conditions");
    for path in [
        "/aliss/v4/services/?postcode=G2+4AA&category=conditions",
        "/aliss/v5/services?categories=conditions",
        "/aliss/v5/services?category=conditions",
        "/aliss/v5/services?categories=conditions;autism",
    ] {
        assert_eq!(names(&server, path).await, ["Grandchild"], "{path}");
    }
    assert_eq!(
        names(&server, "/aliss/v5/services?categories=conditions;food-and-nutrition").await,
        [""; 0]
    );
}

#[tokio::test]
async fn a_community_group_may_have_an_age_which_its_range_must_hold() {
    let of = |name: &str, from: u8, to: u8| {
        let mut service = at(name, G2_9ZZ, &[]);
        service["audience"] = json!(["children-and-young-people"]);
        (service["minimumAge"], service["maximumAge"]) = (json!(from), json!(to));
        service
    };
    let server = server(&[of("Juniors", 5, 11), of("Teens", 12, 17), at("Everybody", G2_9ZZ, &[])]);
    for (asked, expected) in [
        ("children-and-young-people%7C7", &["Juniors"][..]),
        ("children-and-young-people|5", &["Juniors"]),
        ("children-and-young-people|11", &["Juniors"]),
        ("children-and-young-people|12", &["Teens"]),
        ("children-and-young-people|18", &[]),
        ("children-and-young-people", &["Juniors", "Teens"]),
        ("Children-And-Young-People", &["Juniors", "Teens"]),
        ("nobody", &[]),
    ] {
        let asked = asked.replace('|', "%7C");
        let mut found =
            names(&server, &format!("/aliss/v5/services?community_groups={asked}")).await;
        found.sort_unstable();
        assert_eq!(found, expected, "{asked}");
    }
}

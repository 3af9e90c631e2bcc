//! Searches that can't be answered: each tells what is wrong, and where.

use insta::assert_snapshot;

use super::server::TestServer;

async fn faults(queries: &[&str]) -> String {
    let server = TestServer::seeded();
    let paths: Vec<String> =
        queries.iter().map(|query| format!("/api/v1/search?{query}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    server.all(&paths).await
}

#[tokio::test]
async fn a_place_that_is_no_place_is_told_from_one_that_is_unknown_or_one_of_many() {
    assert_snapshot!(
        faults(&[
            "near=EH6+8R",
            "near=ZZ99+9ZZ",
            "near=EH0+0AA",
            "near=EHO6",
            "near=Newtown",
            "near=Nowhereville",
            "near=S12999999",
            "area=S12999999",
            "area=Portree",
        ])
        .await
    );
}

#[tokio::test]
async fn a_position_is_latitude_first_and_on_the_earth() {
    assert_snapshot!(
        faults(&[
            "near=-2.09,57.15",
            "near=91,0",
            "near=0,181",
            "near=NaN,1",
            "near=1,inf",
            "near=1,2,3"
        ])
        .await
    );
}

#[tokio::test]
async fn a_distance_is_positive_has_a_unit_that_is_known_and_a_centre() {
    assert_snapshot!(
        faults(&[
            "near=EH6&within=-1km",
            "near=EH6&within=NaN",
            "near=EH6&within=2parsec",
            "near=EH6&within=99999km",
            "within=2km",
            "sort=distance",
        ])
        .await
    );
}

#[tokio::test]
async fn a_region_encloses_something_and_stands_alone() {
    assert_snapshot!(
        faults(&[
            "bbox=-3,56,-3.3,55",
            "bbox=1,2,3",
            "bbox=NaN,1,2,3",
            "bbox=-3,-91,3,91",
            "polygon=55.9,-3.3;56.0,-3.1;56.0,-3.3;55.9,-3.1",
            "polygon=55.9,-3.3;56.0,-3.1",
            "polygon=hello",
            "bbox=-3.3,55.9,-3.1,56&area=S12000036",
        ])
        .await
    );
}

#[tokio::test]
async fn a_page_is_a_number_within_bounds_and_a_cursor_is_one_that_was_given() {
    assert_snapshot!(
        faults(&[
            "limit=0",
            "limit=-1",
            "limit=1e9",
            "limit=1000000000",
            "limit=2&per_page=2",
            "page=0",
            "page=99999",
            "cursor=nonsense",
            "cursor=AAAAAAAAAAAAAAAA",
            "cursor=AA&page=2",
        ])
        .await
    );
}

#[tokio::test]
async fn a_word_that_no_list_has_is_answered_with_the_nearest() {
    assert_snapshot!(
        faults(&[
            "kind=asett",
            "type=library-venu",
            "topic=walkin",
            "topic=library-venue",
            "audience=carer",
            "sector=third",
            "facets=topik",
            "sort=distanse",
            "cost=gratis",
            "organisation=nobody",
            "source=nobody",
            "explain=perhaps",
            "age=200",
            "language=gd,xx-yy-zz-!!",
            "language=english+language",
            "open=noon",
            "open=2026-02-30T10:00",
        ])
        .await
    );
}

#[tokio::test]
async fn a_parameter_that_is_not_known_or_given_twice_is_named() {
    assert_snapshot!(
        faults(&["topick=walking", "q=a&q=b", "q=%ff", "q=a%00b", "topick=a&limit=0"]).await
    );
}

#[tokio::test]
async fn a_collection_has_no_kind_but_its_own() {
    let server = TestServer::seeded();
    let answer = server.get("/api/v1/assets?kind=organisation").await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["parameter"], "kind");
}

#[tokio::test]
async fn a_cursor_is_only_good_for_its_own_query() {
    let server = TestServer::seeded();
    let list = server.json("/api/v1/assets?q=library&limit=1").await;
    let next = list["next"].as_str().unwrap();
    let cursor = next.rsplit_once("cursor=").unwrap().1;
    let kept = server.get(&format!("/api/v1/assets?q=library&limit=5&cursor={cursor}")).await;
    assert_eq!(kept.status, 200);
    let other = server.get(&format!("/api/v1/assets?q=hospital&cursor={cursor}")).await;
    assert_eq!(other.status, 400, "{other}");
    let mut changed = cursor.to_owned();
    changed.replace_range(12..13, if &cursor[12..13] == "A" { "B" } else { "A" });
    let changed = server.get(&format!("/api/v1/assets?q=library&cursor={changed}")).await;
    assert_eq!(
        (changed.status.as_u16(), changed.json()["parameter"].as_str()),
        (400, Some("cursor"))
    );
}

#[tokio::test]
async fn who_takes_the_name_of_a_filter_from_elsewhere_is_told_its_name_here() {
    let server = TestServer::seeded();
    for (path, given, meant) in [
        ("/api/v1/search?near=EH6&radius=2km", "radius", "within"),
        ("/api/v1/search?for=men", "for", "audience"),
        ("/api/v1/search?postcode=EH6+8RG", "postcode", "near"),
        ("/near/EH6?within=2km", "within", "radius"),
        ("/lists/all?audience=men", "audience", "for"),
    ] {
        let answer = server.get_with(path, "accept", "application/problem+json").await;
        assert_eq!(answer.status, 400, "{path}: {answer}");
        let problem = answer.json();
        assert_eq!((&problem["parameter"], &problem["suggestion"]), (&given.into(), &meant.into()));
    }
}

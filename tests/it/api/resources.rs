//! The smaller resources: places, postcodes, suggestions, categories, changes.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value as Json, json};

use super::server::{BASE, TestServer};

#[tokio::test]
async fn a_place_is_told_with_its_precision_and_areas() {
    let server = TestServer::seeded();
    assert_snapshot!(
        server
            .all(&[
                "/api/v1/places/resolve?q=Portree",
                "/api/v1/places/resolve?q=eh68rg",
                "/api/v1/places/resolve?q=57.15,-2.09",
                "/api/v1/places/resolve?q=S12000036",
            ])
            .await
    );
}

#[tokio::test]
async fn a_place_that_can_not_be_told_is_a_problem() {
    let server = TestServer::seeded();
    assert_snapshot!(
        server
            .all(&[
                "/api/v1/places/resolve",
                "/api/v1/places/resolve?q=Newtown",
                "/api/v1/places/resolve?q=Nowhereville",
                "/api/v1/places/resolve?q=-2.09,57.15",
                "/api/v1/places/resolve?q=ZZ99",
                "/api/v1/places/resolve?q=ZZ99+9ZZ",
                "/api/v1/places/resolve?q=EH6+8RG&strict=true",
                "/api/v1/postcodes/EH6%208R",
                "/api/v1/postcodes/EH6+8RG",
                "/api/v1/postcodes/ZZ99%209ZZ",
                "/api/v1/postcodes/EH6%208RG?strict=true",
                "/api/v1/postcodes/EH6?strikt=true",
            ])
            .await
    );
}

#[tokio::test]
async fn a_postcode_is_read_in_any_case_and_spacing_and_with_o_for_0() {
    let server = TestServer::seeded();
    let expected = server.json("/api/v1/postcodes/EH10%204BF").await;
    assert_eq!(expected["label"], "EH10 4BF");
    for text in ["eh104bf", "EH104BF", "%20Eh10%20%204bF", "EH1O4BF", "EHIO%204BF"] {
        let found = server.json(&format!("/api/v1/postcodes/{text}")).await;
        assert_eq!(found, expected, "{text}");
    }
    for (part, kind) in [("EH10", "EH10"), ("EH10%204", "EH10 4")] {
        assert_eq!(server.json(&format!("/api/v1/postcodes/{part}")).await["label"], kind);
    }
}

#[tokio::test]
async fn strict_refuses_the_sector_for_its_postcode_and_nothing_that_is_known() {
    let server = TestServer::seeded();
    for (question, status) in [
        ("places/resolve?q=EH6+8RG&strict=1", 404),
        ("places/resolve?q=EH6+8RG&strict=0", 200),
        ("places/resolve?q=EH6+8RG", 200),
        ("places/resolve?q=EH6+8&strict=1", 200),
        ("places/resolve?q=EH6&strict=1", 200),
        ("places/resolve?q=Portree&strict=1", 200),
        ("places/resolve?q=S12000036&strict=1", 200),
        ("places/resolve?q=EH6+8RG&strict=yes", 400),
        ("places/resolve?q=EH6+8RG&strict=1&strict=1", 400),
        ("postcodes/EH6%208RG?strict=1", 404),
        ("postcodes/EH6%208RG?strict=0", 200),
        ("postcodes/EH6%208?strict=1", 200),
    ] {
        let answer = server.get(&format!("/api/v1/{question}")).await;
        assert_eq!(answer.status, status, "{question}: {answer}");
    }
}

/// An O in the place of a letter is a letter: such a postcode is well formed,
/// and unknown. In the place of a digit it is put right, and the answer shows
/// the postcode that it was taken for.
#[tokio::test]
async fn a_search_tells_what_a_postcode_with_o_was_taken_for_and_how_exactly() {
    let server = TestServer::seeded();
    for (text, label, sector) in [
        ("EH6%208RO", "EH6 8RO", "EH6%208"),
        ("EH6%208R0", "EH6 8RO", "EH6%208"),
        ("EH1O%204BF", "EH10 4BF", "EH10%204"),
        ("eh6%208rg", "EH6 8RG", "EH6%208"),
    ] {
        let path = format!("/api/v1/assets?near={text}&limit=1");
        let near = server.json(&path).await["near"].clone();
        assert_eq!((&near["label"], &near["status"]), (&json!(label), &json!("approximate")));
        let middle = server.json(&format!("/api/v1/postcodes/{sector}")).await;
        assert_eq!(near["precision"], middle["precision"], "{text}");
        let page = server.get(&format!("/search?near={text}")).await;
        assert!(page.text().contains("not known exactly"), "{text}: {page}");
        let strict = server.get(&format!("/api/v1/postcodes/{text}?strict=true")).await;
        assert_eq!(strict.status, 404, "{text}: {strict}");
    }
    for wrong in ["EH6%208R", "EHO%208RG", "O6%208RGG"] {
        let answer = server.get(&format!("/api/v1/assets?near={wrong}")).await;
        assert!([400, 404].contains(&answer.status.as_u16()), "{wrong}: {answer}");
    }
}

#[tokio::test]
async fn a_beginning_is_completed_by_records_and_places() {
    let server = TestServer::seeded();
    let found = server.json("/api/v1/suggest?q=leith+lib&limit=3").await;
    assert_eq!(found["records"][0]["name"], "Leith Library");
    let address = found["records"][0]["url"].as_str().unwrap();
    assert!(address.starts_with(&format!("{BASE}/assets/")), "{address}");
    let places = server.json("/api/v1/suggest?q=portr&limit=3").await;
    assert_eq!(places["places"][0]["name"], "Portree");
    let near = places["places"][0]["near"].as_str().unwrap();
    assert_eq!(
        server.get(&format!("/api/v1/places/resolve?q={}", near.replace(' ', "+"))).await.status,
        200
    );
    let categories = server.json("/api/v1/suggest?q=walk&kind=category&limit=3").await;
    assert_eq!(categories["records"][0]["type"], "category");
    assert_eq!(categories["places"], json!([]));
    let some = server.json("/api/v1/suggest?q=l&limit=2").await;
    assert!(some["records"].as_array().unwrap().len() <= 2);
}

#[tokio::test]
async fn a_suggestion_needs_a_beginning_and_kinds_that_are() {
    let server = TestServer::seeded();
    assert_snapshot!(
        server
            .all(&[
                "/api/v1/suggest",
                "/api/v1/suggest?q=a&kind=assett",
                "/api/v1/suggest?q=a&limit=51"
            ])
            .await
    );
}

fn counted(tree: &Json, counts: &mut Vec<(String, u64)>) {
    counts.push((tree["slug"].as_str().unwrap().to_owned(), tree["count"].as_u64().unwrap()));
    for narrower in tree["narrower"].as_array().unwrap() {
        counted(narrower, counts);
    }
}

#[tokio::test]
async fn the_tree_of_a_scheme_counts_what_a_search_finds() {
    let server = TestServer::seeded();
    let tree = server.json("/api/v1/categories/trees/topic?kind=asset").await;
    let mut counts = Vec::new();
    for top in tree["items"].as_array().unwrap() {
        counted(top, &mut counts);
    }
    let slugs: BTreeSet<&String> = counts.iter().map(|(slug, _)| slug).collect();
    assert_eq!(slugs.len(), counts.len(), "a category stands twice");
    let used: Vec<_> = counts.iter().filter(|(_, count)| *count > 0).collect();
    assert!(used.len() > 5, "{used:?}");
    for (slug, count) in used {
        let found = server.json(&format!("/api/v1/assets?topic={slug}&limit=1")).await;
        assert_eq!(found["total"], *count, "{slug}");
    }
}

#[tokio::test]
async fn every_scheme_has_a_tree_and_every_category_stands_in_one() {
    let server = TestServer::seeded();
    let mut counts = Vec::new();
    for scheme in server.json("/api/v1/categories/trees").await["items"].as_array().unwrap() {
        let address = scheme["url"].as_str().unwrap();
        for top in server.json(&address[BASE.len()..]).await["items"].as_array().unwrap() {
            counted(top, &mut counts);
        }
    }
    let total = server.json("/api/v1/categories?limit=1").await["total"].as_u64().unwrap();
    assert_eq!(counts.len() as u64, total);
    assert_snapshot!(
        server
            .all(&["/api/v1/categories/trees/nothing", "/api/v1/categories/trees/topic?kind=aset"])
            .await
    );
}

#[tokio::test]
async fn whoever_follows_the_changes_sees_each_revision_once_and_in_order() {
    let server = TestServer::seeded();
    let mut address = format!("{BASE}/api/v1/changes?since=0&limit=1000");
    let mut revisions = Vec::new();
    let newest = loop {
        let page = server.json(&address[BASE.len()..]).await;
        let items = page["items"].as_array().unwrap();
        revisions.extend(items.iter().map(|item| item["revision"].as_u64().unwrap()));
        let next = page["next"].as_str().unwrap();
        if items.is_empty() {
            assert_eq!(next, address);
            break page["newest"].as_u64().unwrap();
        }
        next.clone_into(&mut address);
    };
    assert_eq!(revisions, (1..=newest).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_change_has_the_record_as_its_source_said_it() {
    let server = TestServer::empty();
    server.load(&json!([{ "type": "organisation", "id": "a", "name": "A" }]));
    let answer = server.get("/api/v1/changes").await;
    assert_snapshot!(answer);
    assert_eq!(
        server.get_with("/api/v1/changes", "if-none-match", &answer.header("etag")).await.status,
        304
    );
    for query in ["since=-1", "since=x", "limit=0", "limit=1001", "sinse=1"] {
        assert_eq!(server.get(&format!("/api/v1/changes?{query}")).await.status, 400, "{query}");
    }
    let beyond = server.json("/api/v1/changes?since=99").await;
    assert_eq!((&beyond["items"], &beyond["newest"]), (&json!([]), &json!(1)));
}

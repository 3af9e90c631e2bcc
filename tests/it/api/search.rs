//! Searches over the seeds: what is found, in which order, page by page.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::server::{BASE, TestServer};

async fn search(query: &str) -> Json {
    TestServer::seeded().json(&format!("/api/v1/search?{query}")).await
}

fn items(list: &Json) -> &[Json] {
    list["items"].as_array().unwrap()
}

fn texts<'a>(list: &'a Json, key: &str) -> Vec<&'a str> {
    items(list).iter().map(|item| item[key].as_str().unwrap_or_default()).collect()
}

fn distances(list: &Json) -> Vec<i64> {
    items(list).iter().filter_map(|item| item["distance"].as_i64()).collect()
}

/// The address without the register's own, as the router takes it.
fn path(address: &str) -> &str {
    address.strip_prefix(BASE).unwrap()
}

#[tokio::test]
async fn a_first_search_near_a_place_shows_assets_nearest_first() {
    for (near, first, label) in [
        ("EH6%208RG", "McDonald Road Library", "Records near EH6 8RG"),
        ("EH6", "Leith Library", "Records near EH6"),
        ("Portree", "Portree Hospital", "Records near Portree, Highland"),
        ("G2%204AA", "", "Records near G2 4AA"),
        ("57.15,-2.09", "Aberdeen Health Village", "Records near 57.15, -2.09"),
        ("S12000036", "", "Records near City of Edinburgh"),
    ] {
        let list = search(&format!("near={near}&kind=asset&limit=30")).await;
        assert!(
            first.is_empty() || items(&list)[0]["name"] == first,
            "{near}: {}",
            items(&list)[0]
        );
        assert_eq!(list["title"], label, "{near}");
        let distances = distances(&list);
        assert_eq!(distances.len(), 30, "{near}");
        assert!(distances.is_sorted(), "{near}: {distances:?}");
        assert!(distances[0] < 5_000, "{near}: {distances:?}");
    }
}

#[tokio::test]
async fn a_search_near_a_place_leaves_out_places_and_words_unless_asked() {
    let list = search("near=EH6&facets=kind&limit=1").await;
    let kinds: Vec<_> =
        list["facets"]["kind"].as_array().unwrap().iter().map(|count| &count["value"]).collect();
    assert!(kinds.iter().any(|kind| *kind == "asset"), "{kinds:?}");
    for kind in ["place", "category", "scheme", "source"] {
        assert!(kinds.iter().all(|found| *found != kind), "{kinds:?}");
    }
    let places = search("near=EH6&kind=place&limit=1").await;
    assert_eq!(items(&places)[0]["code"], "EH6");
}

#[tokio::test]
async fn a_radius_in_any_unit_keeps_out_what_is_further_away() {
    let mut totals = Vec::new();
    for (within, metres) in [("1000m", 1_000), ("1km", 1_000), ("1mi", 1_609), ("2000yd", 1_829)] {
        let list =
            search(&format!("near=EH6&kind=asset&type=library-venue&within={within}&limit=100"))
                .await;
        let distances = distances(&list);
        assert!(
            !distances.is_empty() && distances.iter().all(|far| *far <= metres),
            "{within}: {distances:?}"
        );
        totals.push(list["total"].as_u64().unwrap());
    }
    assert_eq!(totals[0], totals[1]);
    assert!(totals.is_sorted(), "{totals:?}");
}

#[tokio::test]
async fn an_island_or_region_that_people_speak_of_finds_what_is_there() {
    for (near, first) in [
        ("Skye", "Portree Community Library"),
        ("Isle%20of%20Arran", "Arran Library"),
        ("Le%C3%B2dhas", "Stornoway Library"),
        ("Lochaber", "Fort William Library"),
    ] {
        let list = search(&format!("near={near}&type=library-venue&limit=3")).await;
        assert!(texts(&list, "name").contains(&first), "{near}: {list:#}");
        assert_eq!(list["near"]["kind"], "place");
    }
    let ward = search("area=Arran&limit=1").await;
    assert_eq!(ward["total"], search("area=S13003146&limit=1").await["total"]);
}

#[tokio::test]
async fn a_box_a_polygon_and_an_area_find_what_lies_in_them() {
    let boxed = search("bbox=-3.2,55.97,-3.15,55.99&type=library-venue&limit=100").await;
    let ring = search(
        "polygon=55.97,-3.2;55.97,-3.15;55.99,-3.15;55.99,-3.2&type=library-venue&limit=100",
    )
    .await;
    let wkt = search("polygon=POLYGON((-3.2+55.97,-3.15+55.97,-3.15+55.99,-3.2+55.99,-3.2+55.97))&type=library-venue&limit=100").await;
    let names: BTreeSet<_> = texts(&boxed, "name").into_iter().collect();
    assert!(names.contains("Leith Library") && names.len() < 10, "{names:?}");
    for other in [&ring, &wkt] {
        assert_eq!(texts(other, "name").into_iter().collect::<BTreeSet<_>>(), names);
    }
    let area = search("area=S12000036&type=library-venue&limit=100").await;
    assert_eq!(area["total"], 28);
    let two = search("area=S12000036,S12000019&type=library-venue&limit=1").await;
    assert!(two["total"].as_u64() > area["total"].as_u64());
}

#[tokio::test]
async fn a_box_over_the_antimeridian_is_read_as_one() {
    let all = search("kind=asset&limit=1").await["total"].as_u64().unwrap();
    let far = search("bbox=170,-60,-170,60&kind=asset").await;
    assert_eq!(far["total"], 0);
    // From 0° eastwards round the earth to 1° west: all but nothing of Scotland.
    let round = search("bbox=0,50,-1,62&kind=asset&limit=1").await["total"].as_u64().unwrap();
    assert!(round > all - 40 && round <= all, "{round} of {all}");
}

#[tokio::test]
async fn a_topic_finds_the_narrower_ones_too() {
    let wide =
        search("topic=creative-and-cultural-activity&limit=1").await["total"].as_u64().unwrap();
    let narrow = search("topic=reading&limit=1").await["total"].as_u64().unwrap();
    assert!(narrow > 900 && wide >= narrow, "{wide} {narrow}");
    let either = search("topic=reading,hospital-care&limit=1").await["total"].as_u64().unwrap();
    let repeated =
        search("topic=reading&topic=hospital-care&limit=1").await["total"].as_u64().unwrap();
    assert!(either > narrow && either == repeated, "{either} {repeated}");
}

#[tokio::test]
async fn an_organisation_is_named_by_id_slug_or_address() {
    let by_slug = search("organisation=city-of-edinburgh-libraries&kind=asset&limit=100").await;
    assert_eq!(by_slug["total"], 28);
    let iri = items(&by_slug)[0]["provider"]["id"].as_str().unwrap();
    let by_iri = search(&format!("organisation={iri}&kind=asset&limit=100")).await;
    let by_id =
        search(&format!("organisation={}&kind=asset&limit=100", iri.rsplit('/').next().unwrap()))
            .await;
    for other in [by_iri, by_id] {
        assert_eq!(texts(&other, "id"), texts(&by_slug, "id"));
    }
}

#[tokio::test]
async fn a_stop_is_open_when_its_van_stands_there() {
    let open = search("open=we+14:35&type=mobile-library-stop&limit=100").await;
    let shut = search("open=we+03:00&type=mobile-library-stop").await;
    assert!(open["total"].as_u64() > Some(5), "{}", open["total"]);
    assert_eq!(shut["total"], 0);
    for stop in items(&open) {
        let covers = |schedule: &Json| {
            let time = |key: &str| schedule[key].as_str().unwrap().get(..5).unwrap().to_owned();
            time("startTime").as_str() <= "14:35" && time("endTime").as_str() > "14:35"
        };
        assert!(stop["schedule"].as_array().unwrap().iter().any(covers), "{stop}");
    }
}

#[tokio::test]
async fn each_sort_puts_its_own_first() {
    let by_name = search("kind=asset&sort=name&limit=50").await;
    let names: Vec<String> =
        texts(&by_name, "name").iter().map(|name| name.to_lowercase()).collect();
    assert!(names.is_sorted(), "{names:?}");
    let by_distance = search("near=EH6&kind=asset&q=library&sort=distance&limit=50").await;
    assert!(distances(&by_distance).is_sorted());
    let by_words = search("near=Portree&kind=asset&q=leith+library&sort=relevance&limit=1").await;
    assert_eq!(items(&by_words)[0]["name"], "Leith Library");
    for sort in ["reviewed", "added"] {
        let list = search(&format!("kind=asset&sort={sort}&limit=5")).await;
        assert_eq!(items(&list).len(), 5, "{sort}");
    }
}

#[tokio::test]
async fn facets_count_what_a_filter_then_finds() {
    let list = search("near=EH6&within=20km&facets=type,topic&facets=cost&limit=1").await;
    for (facet, parameter) in [("type", "type"), ("topic", "topic"), ("cost", "cost")] {
        let counts = list["facets"][facet].as_array().unwrap();
        assert!(!counts.is_empty(), "{facet}");
        for count in counts {
            let value = count["value"].as_str().unwrap();
            let found = search(&format!("near=EH6&within=20km&{parameter}={value}&limit=1")).await;
            assert_eq!(found["total"], count["count"], "{facet} {value}");
        }
    }
    let library = &list["facets"]["type"].as_array().unwrap()[0];
    assert!(library["name"].is_string(), "{library}");
}

#[tokio::test]
async fn cursors_give_every_record_once() {
    let server = TestServer::seeded();
    for query in
        ["kind=asset&limit=97", "near=Portree&kind=asset&limit=97", "q=library&near=EH6&limit=97"]
    {
        let mut address = format!("{BASE}/api/v1/search?{query}");
        let mut seen = BTreeSet::new();
        let mut given = 0;
        let total = loop {
            let list = server.json(path(&address)).await;
            given += items(&list).len();
            seen.extend(texts(&list, "id").into_iter().map(str::to_owned));
            match list["next"].as_str() {
                Some(next) => next.clone_into(&mut address),
                None => break list["total"].as_u64().unwrap(),
            }
        };
        assert_eq!((given as u64, seen.len() as u64), (total, total), "{query}");
    }
}

#[tokio::test]
async fn whoever_asks_for_pages_gets_numbered_ones() {
    let server = TestServer::seeded();
    let first = search("type=hospital&per_page=75").await;
    assert_eq!(first["previous"], Json::Null);
    let second = server.json(path(first["next"].as_str().unwrap())).await;
    let third = server.json(path(second["next"].as_str().unwrap())).await;
    assert_eq!(
        second["previous"],
        format!("{BASE}/api/v1/search.json?type=hospital&per_page=75&page=1")
    );
    assert_eq!(third["next"], Json::Null);
    let sizes: Vec<usize> = [&first, &second, &third].map(|page| items(page).len()).into();
    assert_eq!(sizes, [75, 75, 30]);
    let beyond = search("type=hospital&per_page=75&page=4").await;
    assert_eq!(
        (items(&beyond).len(), &beyond["total"], &beyond["next"]),
        (0, &180.into(), &Json::Null)
    );
}

#[tokio::test]
async fn a_hit_explains_itself_when_asked() {
    let list = search("q=leith+libary&near=EH6&explain=true&limit=1").await;
    let explanation = &items(&list)[0]["explanation"];
    let words = explanation["words"].as_array().unwrap();
    assert_eq!(words.len(), 2);
    assert_eq!(
        (&words[0]["word"], &words[0]["way"], &words[0]["field"]),
        (&"leith".into(), &"exact".into(), &"name".into())
    );
    assert_eq!((&words[1]["found"], &words[1]["way"]), (&"library".into(), &"typo".into()));
    for key in ["text", "nearness", "textWeight", "nearnessWeight"] {
        assert!(
            explanation[key].as_f64().is_some_and(|weight| weight > 0.0),
            "{key}: {explanation}"
        );
    }
    let plain = search("q=leith&limit=1").await;
    assert_eq!(items(&plain)[0]["explanation"], Json::Null);
}

#[tokio::test]
async fn the_example_of_each_parameter_can_be_asked() {
    let server = TestServer::seeded();
    for parameter in kist::web::search_parameters::PARAMETERS {
        let Some(example) = parameter.example else { continue };
        let value: String = url::form_urlencoded::byte_serialize(example.as_bytes()).collect();
        let near =
            if parameter.name == "within" || parameter.name == "sort" { "near=EH6&" } else { "" };
        let answer = server.get(&format!("/api/v1/search?{near}{}={value}", parameter.name)).await;
        assert_eq!(answer.status, 200, "{}={example}: {answer}", parameter.name);
    }
}

#[tokio::test]
async fn each_collection_holds_its_kind_alone() {
    let server = TestServer::seeded();
    for kind in server.register.schema().kinds() {
        let list = server.json(&format!("/api/v1/{}?limit=1000", kind.path)).await;
        assert!(texts(&list, "type").iter().all(|name| *name == kind.name), "{}", kind.name);
        let searched = search(&format!("kind={}&limit=1", kind.name)).await;
        assert_eq!(list["total"], searched["total"], "{}", kind.name);
    }
}

#[tokio::test]
async fn what_was_reviewed_more_than_two_years_ago_comes_last_and_says_so() {
    let server = TestServer::with_categories();
    let group = |id: &str, reviewed: &str| {
        let name = format!("Walkers {id}");
        json!({ "id": id, "type": "organisation", "name": name, "lastReviewed": reviewed })
    };
    server.load(&json!([group("a", "2024-11-20"), group("b", "2024-11-21")]));
    let list = server.json("/api/v1/organisations?sort=name").await;
    assert_eq!(texts(&list, "name"), ["Walkers b", "Walkers a"]);
    assert_eq!(items(&list)[0].get("deprioritised"), None);
    assert_eq!(items(&list)[1]["deprioritised"], true);
}

#[tokio::test]
async fn a_list_says_what_the_place_was_taken_for() {
    for (near, kind, label) in [
        ("EH6+8", "sector", "EH6 8"),
        ("EH6", "district", "EH6"),
        ("Portree", "place", "Portree, Highland"),
        ("57.15,-2.09", "point", "57.15, -2.09"),
        ("S12000036", "area", "City of Edinburgh"),
    ] {
        let list = search(&format!("near={near}&limit=1")).await;
        let server = TestServer::seeded();
        let place = server.json(&format!("/api/v1/places/resolve?q={near}")).await;
        assert_eq!((&list["near"]["kind"], &list["near"]["label"]), (&json!(kind), &json!(label)));
        for (key, value) in list["near"].as_object().unwrap() {
            assert_eq!(place[key], *value, "{near} {key}");
        }
    }
    assert_eq!(search("q=library&limit=1").await.get("near"), None);
}

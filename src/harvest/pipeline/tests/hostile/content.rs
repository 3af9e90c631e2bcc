//! C10 to C12, E and F: what stands in documents that are well formed and
//! meant ill, or are merely odd.

use serde_json::{Value as Json, json};

use super::super::publisher::{World, collection, feature, geojson};
use crate::harvest::fetch::tests::server::answer;
use crate::record::{Record, RecordId, texts};
use crate::register::Found;
use crate::register::ledger::{Finding, Outcome, Run};

/// Harvests one document of this format.
async fn harvest(
    path: &str,
    format: &str,
    media_type: &str,
    body: impl Into<String>,
) -> (World, Run) {
    let headers = format!("Content-Type: {media_type}\r\n");
    let body = body.into();
    let world = World::new(path, format, move |_| answer("200 OK", &headers, &body)).await;
    let run = world.run().await;
    (world, run)
}

fn record(world: &World, kind: &str, key: &str) -> Record {
    match world.register().get(&RecordId::from_key(kind, "partner", key)).unwrap() {
        Found::Here(version) => version.merged.record.clone(),
        other => panic!("{key} is {other:?}"),
    }
}

/// Everything that is published of assets, as JSON.
fn published(world: &World) -> String {
    let register = world.register();
    let mut all = String::new();
    register
        .each_record("asset", &mut |_, record| {
            let json = crate::record::to_json(register.schema(), register.base(), record);
            all.push_str(&json.to_string());
        })
        .unwrap();
    all
}

#[tokio::test]
async fn c10_entity_bombs_and_external_entities_are_not_expanded() {
    let laughs: Vec<String> = (1..10)
        .map(|level| format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10)))
        .collect();
    let laughs = laughs.concat();
    let item = "<item><guid>p1</guid><title>A &l9; B &file; C</title>\
                <link>https://partner.example/1</link></item>\
                <item><guid>p2</guid><title>Rowing</title><link>https://partner.example/2</link></item>";
    let body = format!(
        "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY l0 \"lol\">{laughs}\
         <!ENTITY file SYSTEM 'file:///etc/passwd'><!ENTITY net SYSTEM 'http://127.0.0.1/x'>]>\
         <rss version='2.0'><channel><title>&net;News</title><link>https://partner.example/</link>\
         <description>n</description>{item}</channel></rss>"
    );
    let (world, run) = harvest("/feed", "rss", "application/rss+xml", body).await;
    assert!(run.ended.is_some());
    assert_eq!(world.server.paths(), ["/feed"]);
    let mut all = Vec::new();
    world
        .register()
        .each_record("resource", &mut |_, record| all.push(format!("{record:?}")))
        .unwrap();
    let all = all.concat();
    assert!(!all.contains("root:") && !all.contains("lollol"), "{all}");
}

#[tokio::test]
async fn dates_that_nobody_means_cost_their_field_and_are_told() {
    let event = |id: u32, date: &str| {
        json!({ "@type": "Event", "@id": format!("https://partner.example/{id}"),
            "name": format!("Dance {id}"), "startDate": date,
            "location": { "@type": "Place", "name": "Hall",
                "address": { "@type": "PostalAddress", "postalCode": "EH6 8RG" } } })
    };
    let dates = ["0001-01-01", "9999-12-31T23:59:59Z", "2026-02-30", "-000001-01-01", "2026-12-01"];
    let events: Vec<Json> = dates.iter().zip(1..).map(|(date, id)| event(id, date)).collect();
    let body = format!(
        "<!doctype html><title>Dances</title><script type=application/ld+json>{}</script>",
        json!({ "@context": "https://schema.org", "@graph": events })
    );
    let (world, run) = harvest("/", "html", "text/html", body).await;
    let all = published(&world);
    assert!(
        !all.contains("0001-01") && !all.contains("9999-12") && !all.contains("2026-02-30"),
        "{all}"
    );
    assert!(all.contains("2026-12-01"), "{all}\n{:#?}", world.findings(&run));
    let told = world.findings(&run).iter().filter(|finding| finding.code.contains("date")).count();
    assert!(told >= 3, "{:#?}", world.findings(&run));
}

#[tokio::test]
async fn a_rule_without_end_costs_one_record_no_time_and_no_room() {
    let event = |uid: &str, rule: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:Club {uid}\r\nLOCATION:Leith Library EH6 4AE\r\n\
             DTSTART:20260101T180000Z\r\nDTEND:20260101T190000Z\r\nRRULE:{rule}\r\nEND:VEVENT\r\n"
        )
    };
    let body = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{}{}{}END:VCALENDAR\r\n",
        event("every-second", "FREQ=SECONDLY"),
        event("for-ever", "FREQ=DAILY;INTERVAL=1"),
        event("odd", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    );
    let (world, run) = harvest("/all.ics", "ical", "text/calendar", body).await;
    assert!(run.ended.is_some() && world.assets() <= 3, "{run:#?}");
    assert!(world.name("for-ever").is_some(), "{:#?}", world.findings(&run));
    assert!(published(&world).len() < 100_000);
}

#[tokio::test]
async fn c12_scripts_and_hostile_links_never_become_public() {
    let mut bad = feature(1, "<b>Walks</b><script>alert(1)</script>");
    bad["properties"]["description"] = json!(
        "Hello<script>alert(1)</script> <img src=x onerror=alert(1)> \
         <a href='javascript:alert(1)'>here</a> <a href='https://ok.example/'>there</a>"
    );
    bad["properties"]["url"] = json!("javascript:alert(1)");
    bad["properties"]["email"] = json!("javascript:alert(1)");
    let mut data = feature(2, "Rowing");
    data["properties"]["url"] = json!("data:text/html,<script>alert(1)</script>");
    let body = collection(&[bad, data]);
    let world = World::new("/all.geojson", "geojson", move |_| geojson(&body)).await;
    let run = world.run().await;
    let all = published(&world);
    for sign in ["javascript:", "<script", "onerror", "data:text", "alert(1)"] {
        assert!(!all.contains(sign), "{sign} is in {all}");
    }
    assert_eq!(world.name("f1").as_deref(), Some("Walks"), "{:#?}", world.findings(&run));
    assert!(all.contains("https://ok.example/"), "{all}");
}

#[tokio::test]
async fn c11_a_page_says_nothing_of_other_sites_things_and_fetches_no_context() {
    let ld = json!({ "@context": ["https://schema.org", "https://evil.example/context.jsonld"],
        "@type": "LocalBusiness", "@id": "https://other.example/#hall", "name": "Hall",
        "address": { "@type": "PostalAddress", "postalCode": "EH6 8RG" } });
    // Comments, commas too many and a raw line break are put right.
    let broken = "/* a */ {\"@context\":\"https://schema.org\",\"@type\":\"Library\",\
        \"@id\":\"#lib\",\"name\":\"Leith\nLibrary\",\"address\":{\"@type\":\"PostalAddress\",\
        \"postalCode\":\"EH6 4AE\",},};";
    let body = format!(
        "<!doctype html><title>x</title><script type=application/ld+json>{ld}</script>\
         <script type=application/ld+json>{broken}</script>"
    );
    let (world, run) = harvest("/", "html", "text/html", body).await;
    let quads = published(&world);
    assert!(!quads.contains("\"id\":\"https://other.example"), "{quads}");
    assert!(quads.contains("Leith Library"), "{quads}\n{:#?}", world.findings(&run));
    assert_eq!(world.server.paths(), ["/"]);
}

#[tokio::test]
async fn c12_names_of_our_graphs_in_a_file_mean_nothing() {
    let world = World::listing([]).await;
    let base = "https://kist.example";
    let victim = "<https://kist.example/id/source/partner>";
    let dump = format!(
        "{victim} <http://purl.org/dc/terms/title> \"Taken over\" <{base}/graph/local/source/partner> .\n\
         <https://partner.example/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \
         <https://schema.org/LocalBusiness> <{base}/graph/local/asset/x> .\n\
         <https://partner.example/1> <https://schema.org/name> \"Hall\" .\n\
         <https://partner.example/1> <http://www.w3.org/2002/07/owl#sameAs> {victim} .\n"
    );
    world.answers(move |_| answer("200 OK", "Content-Type: application/n-quads\r\n", &dump));
    world.set_source(&json!({ "name": "Partner", "url": world.server.url("/all.nq").as_str(),
        "format": "rdf", "harvesting": "active" }));
    let run = world.run().await;
    assert!(run.ended.is_some());
    let id = RecordId::new("source", "partner").unwrap();
    let Found::Here(version) = world.register().get(&id).unwrap() else { panic!() };
    assert_eq!(texts(version.merged.record.values("name")).next(), Some("Partner"));
}

#[tokio::test]
async fn e3_positions_that_cant_be_right_are_put_right_or_left_out_and_told() {
    let at = |id: u32, longitude: f64, latitude: f64| {
        let mut feature = feature(id, &format!("Club {id}"));
        feature["geometry"]["coordinates"] = json!([longitude, latitude]);
        feature["properties"]["postcode"] = json!("EH6 8RG");
        feature
    };
    let body = collection(&[at(1, 55.97, -3.17), at(2, 0.0, 0.0), at(3, 400.0, 95.0)]);
    let world = World::new("/all.geojson", "geojson", move |_| geojson(&body)).await;
    let run = world.run().await;
    let told = world.findings(&run);
    for key in ["f1", "f2", "f3"] {
        let of_it = told.iter().any(|finding| {
            finding.key.as_deref() == Some(key)
                || finding
                    .at
                    .contains(&format!("features/{}", key[1..].parse::<u32>().unwrap() - 1))
        });
        assert!(of_it, "{key}: {told:#?}");
    }
    let one = format!("{:?}", record(&world, "asset", "f2"));
    assert!(!one.contains("latitude: 0"), "{one}");
}

#[tokio::test]
async fn e5_e6_contacts_are_put_in_one_form_and_entities_decoded_once() {
    let mut one = feature(1, "Fish &amp; Chips");
    one["properties"]["telephone"] = json!("+44 (0)131 496 0123");
    one["properties"]["postcode"] = json!("eh68rg");
    one["properties"]["description"] = json!("Less &lt; more &amp;amp; so on");
    let body = collection(&[one]);
    let world = World::new("/all.geojson", "geojson", move |_| geojson(&body)).await;
    world.run().await;
    let all = published(&world);
    assert_eq!(world.name("f1").as_deref(), Some("Fish & Chips"));
    for expected in ["0131 496 0123", "EH6 8RG", "Less < more &amp; so on"] {
        assert!(all.contains(expected), "{expected} is not in {all}");
    }
}

#[tokio::test]
async fn f3_ten_thousand_errors_are_counted_and_a_thousand_kept() {
    let features: Vec<Json> = (0..10_000)
        .map(|_| json!({ "type": "Feature", "geometry": null, "properties": { "name": "x" } }))
        .collect();
    let body = collection(&features);
    let world = World::new("/all.geojson", "geojson", move |_| geojson(&body)).await;
    let run = world.run().await;
    let total: u64 = run.codes.values().sum();
    assert!(run.codes.values().any(|count| *count >= 10_000), "{:?}", run.codes);
    assert_eq!(total, run.counts.findings);
    let prefix = Finding::keys_of("partner", run.number);
    let kept = world.register().ledger().rows::<Finding>(&prefix, "", 20_000).unwrap();
    assert!(kept.len() <= 1_000 * run.codes.len(), "{}", kept.len());
    // Each says where, and what to look for.
    assert!(kept.iter().all(|(_, finding)| !finding.code.is_empty() && !finding.what.is_empty()));
}

#[tokio::test]
async fn f8_secrets_in_addresses_stand_in_no_report() {
    // A source has none in its address, but its pages may lead to some.
    let body = |id: u32, next: &str| {
        json!({ "type": "FeatureCollection", "features": [feature(id, "Walks")],
            "links": [{ "rel": "next", "href": next }] })
    };
    let world =
        World::new("/all.geojson", "geojson", move |received| match received.path.as_str() {
            "/all.geojson" => geojson(&body(1, "/all.geojson?token=s3cret").to_string()),
            "/all.geojson?token=s3cret" => {
                geojson(&body(2, "/all.geojson?token=s3cret2").to_string())
            }
            _ => answer("503 Service Unavailable", "", "s3cret?"),
        })
        .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    let report = format!("{:?}{:?}", run.reason, world.findings(&run));
    assert!(report.contains("token=***") && !report.contains("s3cret"), "{report}");
    let id = RecordId::from_key("asset", "partner", "f2");
    let Found::Here(version) = world.register().get(&id).unwrap() else { panic!() };
    let quads = format!("{:?}", world.register().quads(&version.merged).unwrap());
    assert!(quads.contains("token=***") && !quads.contains("s3cret"), "{quads}");
}

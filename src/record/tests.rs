//! The triangle: record → JSON → quads → record, and record → Turtle →
//! oxigraph → record, for every kind, with records made from the shapes.

use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::{NamedOrBlankNode, Triple};
use oxigraph::store::Store;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::schema::{Field, Schema, Shape, ValueType};

fn base() -> Base {
    Base::new("https://kist.example").unwrap()
}

/// JSON of any value that a field may have.
fn one(schema: &Schema, field: &Field, depth: u32) -> BoxedStrategy<Json> {
    if !field.choices.is_empty() {
        return proptest::sample::select(field.choices.clone()).prop_map(Json::from).boxed();
    }
    if field.pattern.is_some() || [WITHHOLDS, "postcode", "rrule"].contains(&field.key.as_str()) {
        return example_of_pattern(&field.key);
    }
    let (low, high) = (field.lowest.unwrap_or(-1e6), field.highest.unwrap_or(1e6));
    let longest = field.maximum_length.unwrap_or(60).min(60);
    let text =
        proptest::string::string_regex(&format!("[a-zA-Zàé '\"\\\\<>&\n£😀-]{{1,{longest}}}"))
            .unwrap()
            .prop_filter("a blank text is a fault", |text| !text.trim().is_empty())
            .boxed();
    match &field.value {
        ValueType::LanguageText if field.one_per_language => prop_oneof![
            text.clone().prop_map(Json::from),
            (text.clone(), text).prop_map(|(en, gd)| json!({"en": en, "gd": gd})),
        ]
        .boxed(),
        ValueType::Text | ValueType::LanguageText => text.prop_map(Json::from).boxed(),
        #[expect(clippy::cast_possible_truncation, reason = "limits are small")]
        ValueType::Integer => (low as i64..=high as i64).prop_map(Json::from).boxed(),
        ValueType::Double => (low..=high).prop_map(Json::from).boxed(),
        ValueType::Decimal => (0..1_000_000u32, 0..100u32)
            .prop_map(|(whole, part)| json!(format!("{whole}.{part:02}")))
            .boxed(),
        ValueType::Boolean => any::<bool>().prop_map(Json::from).boxed(),
        ValueType::Date => (1..=9999u32, 1..=12u32, 1..=28u32)
            .prop_map(|(y, m, d)| json!(format!("{y:04}-{m:02}-{d:02}")))
            .boxed(),
        ValueType::Time => {
            (0..24u32, 0..60u32).prop_map(|(h, m)| json!(format!("{h:02}:{m:02}"))).boxed()
        }
        ValueType::DateTime => (0..4_000_000_000i64)
            .prop_map(|s| json!(jiff::Timestamp::from_second(s).unwrap().to_string()))
            .boxed(),
        ValueType::PartialDate => proptest::sample::select(vec!["2011", "2011-05", "2011-05-31"])
            .prop_map(Json::from)
            .boxed(),
        ValueType::WellKnownText => Just(json!("POLYGON ((0 0, 1 0, 1 1, 0 0))")).boxed(),
        ValueType::Iri => {
            "https://example\\.org/[a-z0-9/?=&,]{0,20}[a-z]".prop_map(Json::from).boxed()
        }
        ValueType::Reference(to) => {
            let kind = to.kinds.first().cloned().unwrap_or_else(|| "asset".to_owned());
            "[a-z][a-z0-9-]{0,12}".prop_map(move |id| json!(format!("{kind}/{id}"))).boxed()
        }
        ValueType::Node(iri) => object(schema, schema.nested(iri).unwrap(), depth + 1),
    }
}

fn example_of_pattern(key: &str) -> BoxedStrategy<Json> {
    let examples: &[&str] = match key {
        "slug" => &["leith-library", "a"],
        "email" => &["hello@example.org"],
        "languages" | "language" => &["en", "gd", "en-GB"],
        "format" => &["rss", "open-referral"],
        "mediaType" => &["application/pdf"],
        "code" => &["S12000036", "EH6"],
        "country" => &["GB"],
        "uprn" => &["123456"],
        "repeatFrequency" => &["P1W", "P2W"],
        "currency" => &["GBP"],
        "quietHours" => &["22:00-06:00", "00:30-05:45"],
        "pace" => &["PT2S", "PT0.5S", "PT1M"],
        "register" => &["GB-SC"],
        WITHHOLDS => &["note", "slug"],
        "postcode" => &["EH6 8RG", "G2 4AA"],
        "rrule" => &["FREQ=MONTHLY;BYDAY=1MO,3TU", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231"],
        other => panic!("give the property tests an example of `{other}`"),
    };
    proptest::sample::select(examples.to_vec()).prop_map(Json::from).boxed()
}

/// JSON of any object of a shape.
fn object(schema: &Schema, shape: &Shape, depth: u32) -> BoxedStrategy<Json> {
    let members: Vec<BoxedStrategy<Option<(String, Json)>>> = shape
        .fields
        .iter()
        .map(|field| {
            let key = field.key.clone();
            let value = if field.is_list() {
                proptest::collection::vec(one(schema, field, depth), 1..3)
                    .prop_map(Json::from)
                    .boxed()
            } else {
                one(schema, field, depth)
            };
            let needed =
                field.minimum > 0 || shape.any_of.first() == Some(&field.key) || field.order <= 1.0;
            let member = value.prop_map(move |value| Some((key.clone(), value)));
            if needed { member.boxed() } else { prop_oneof![2 => Just(None), 1 => member].boxed() }
        })
        .collect();
    let whole = |members: Vec<Option<(String, Json)>>| {
        let mut object: serde_json::Map<String, Json> = members.into_iter().flatten().collect();
        match (object.get("latitude"), object.get("longitude").and_then(Json::as_f64)) {
            // West of Greenwich, no position is taken for a swapped one.
            (Some(_), Some(longitude)) => {
                object.insert("longitude".to_owned(), json!(-longitude.abs()));
            }
            _ => object.retain(|key, _| !["latitude", "longitude"].contains(&key.as_str())),
        }
        Json::Object(object)
    };
    members.prop_map(whole).boxed()
}

fn read(schema: &Schema, kind: &str, json: &Json) -> Record {
    let kind = schema.kind(kind).unwrap();
    let id = RecordId::new(&kind.name, "one").unwrap();
    let base = base();
    let context = FromJson { schema, base: &base, keys_of: None };
    from_json(context, kind, Some(&id), json).unwrap_or_else(|faults| panic!("{faults:?} {json:#}"))
}

fn back(schema: &Schema, record: &Record, triples: Vec<Triple>) -> Record {
    let subject = NamedOrBlankNode::from(base().thing(&record.id));
    let subjects: Subjects = triples.into_iter().collect();
    let (read, unknown) = from_triples(schema, &base(), &record.id, &subject, &subjects).unwrap();
    assert!(unknown.is_empty(), "{unknown:?} is lost");
    read
}

fn survives(schema: &Schema, kind: &str, json: &Json) {
    let record = read(schema, kind, json);
    assert_eq!(validate(schema, &record), [], "{json:#}");
    let written = to_json(schema, &base(), &record);
    assert_eq!(read(schema, kind, &written), record, "through JSON");
    let triples = to_triples(schema, &base(), &record);
    let stored = through_oxigraph(&triples);
    assert_eq!(back(schema, &record, triples), record, "through triples");
    assert_eq!(back(schema, &record, stored.clone()), record, "through oxigraph");
    let by_json_ld = through_oxigraph(&json_ld(schema, &written));
    for triple in &by_json_ld {
        assert!(stored.contains(triple), "JSON-LD says {triple}, which RDF does not");
    }
    assert_eq!(back(schema, &record, by_json_ld), record, "through JSON-LD");
}

fn through_oxigraph(triples: &[Triple]) -> Vec<Triple> {
    let mut serializer = RdfSerializer::from_format(RdfFormat::Turtle).for_writer(Vec::new());
    for triple in triples {
        serializer.serialize_triple(triple).unwrap();
    }
    let store = Store::new().unwrap();
    store.load_from_slice(RdfFormat::Turtle, &serializer.finish().unwrap()).unwrap();
    store.iter().map(|quad| Triple::from(quad.unwrap())).collect()
}

/// Reads the record's JSON as JSON-LD, the context put in its place.
fn json_ld(schema: &Schema, written: &Json) -> Vec<Triple> {
    let mut document = written.clone();
    document["@context"] = crate::schema::context(schema)["@context"].clone();
    let text = document.to_string();
    let profile = oxigraph::io::JsonLdProfileSet::empty();
    RdfParser::from_format(RdfFormat::JsonLd { profile })
        .for_slice(text.as_bytes())
        .map(|quad| Triple::from(quad.unwrap()))
        .collect()
}

macro_rules! triangle {
    ($($name:ident $kind:literal)*) => { $(
        #[test]
        fn $name() {
            let schema = Schema::standard();
            let strategy = object(&schema, &schema.kind($kind).unwrap().shape, 0);
            let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) };
            proptest!(config, |(json in strategy)| survives(&schema, $kind, &json));
        }
    )* };
}

triangle! {
    an_organisation_survives_the_triangle "organisation"
    an_asset_survives_the_triangle "asset"
    a_resource_survives_the_triangle "resource"
    a_case_study_survives_the_triangle "case-study"
    a_partnership_survives_the_triangle "partnership"
    an_offer_survives_the_triangle "offer"
    a_need_survives_the_triangle "need"
    a_place_survives_the_triangle "place"
    a_category_survives_the_triangle "category"
    a_scheme_survives_the_triangle "scheme"
    a_collection_survives_the_triangle "collection"
    a_source_survives_the_triangle "source"
}

#[track_caller]
fn faults(kind: &str, json: &Json) -> Vec<String> {
    let schema = Schema::standard();
    let kind = schema.kind(kind).unwrap();
    let id = RecordId::new(&kind.name, "one").unwrap();
    let base = base();
    let context = FromJson { schema: &schema, base: &base, keys_of: None };
    let faults = match from_json(context, kind, Some(&id), json) {
        Ok(record) => validate(&schema, &record),
        Err(faults) => faults,
    };
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn every_fault_is_named_with_its_pointer() {
    let found = faults(
        "asset",
        &json!({
            "nmae": "Leith Library", "online": "yes", "lastReviewed": "2026-02-30",
            "url": "javascript:alert(1)", "homepage": 1, "email": "a\u{0}b",
            "locations": [{"latitude": "north", "postcode": "EH6 8RG"}],
            "schedule": [{"startTime": "25:00"}], "provider": "asset/x",
        }),
    );
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn counts_ranges_and_choices_are_checked() {
    let found = faults(
        "asset",
        &json!({
            "assetType": "library", "status": "closed", "minimumAge": -1,
            "summary": "x".repeat(201), "description": {"en": "a", "EN": "b"},
            "cost": {}, "slug": "Leith Library",
        }),
    );
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn a_postcode_that_is_not_whole_is_a_fault_and_one_that_is_has_one_spelling() {
    let walk = |postcode: &str| json!({"name": "Walk", "assetType": "activity", "locations": [{}, {"postcode": postcode}]});
    let found = faults("asset", &walk("EH6"));
    assert!(found[1].starts_with("/locations/1/postcode: `EH6` is a part"), "{found:?}");
    let schema = Schema::standard();
    let json = to_json(&schema, &base(), &read(&schema, "asset", &walk("eh68rg")));
    assert_eq!(json["locations"][1]["postcode"], "EH6 8RG");
}

#[test]
fn a_geometry_is_kept_longitude_first_and_one_that_is_none_is_a_fault() {
    let place = |wkt: &str| json!({"name": "P", "code": "X99000003", "level": "locality", "geometry": {"wkt": wkt}});
    let schema = Schema::standard();
    let given = "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (55.9 -3.3)";
    let json = to_json(&schema, &base(), &read(&schema, "place", &place(given)));
    assert_eq!(json["geometry"]["wkt"], "POINT (-3.3 55.9)");
    assert_eq!(
        faults("place", &place("POLYGON((garbage")),
        ["/geometry/wkt: wkt is no geometry: at `garbage`, a number was expected"]
    );
    assert_eq!(faults("place", &place("POINT (400 500)")).len(), 1);
}

#[test]
fn a_blank_text_is_a_fault() {
    let found = faults("organisation", &json!({"name": " \t"}));
    assert!(found[0].starts_with("/name: name is blank; it must be a text"), "{found:?}");
}

#[test]
fn iris_with_spaces_and_relative_ones_are_refused() {
    for iri in
        ["https://example.org/a b", "//example.org", "example.org", "data:text/html,x", "http://"]
    {
        let found = faults("source", &json!({"name": "x", "url": iri}));
        assert_eq!(found.len(), 1, "{iri}");
    }
}

#[test]
fn a_merge_patch_removes_with_null_and_keeps_the_rest() {
    let mut target = json!({"a": {"b": 1, "c": 2}, "d": [1]});
    merge_patch(&mut target, &json!({"a": {"b": null, "e": 3}, "d": [2]}));
    assert_eq!(target, json!({"a": {"c": 2, "e": 3}, "d": [2]}));
}

#[test]
fn a_sources_own_key_gives_the_same_identifier_on_every_run() {
    let one = RecordId::from_key("asset", "seeds", "leith-library");
    assert_eq!(one, RecordId::from_key("asset", "seeds", "leith-library"));
    assert_ne!(one, RecordId::from_key("asset", "other", "leith-library"));
    assert_eq!(one.to_string(), "asset/a0488241-57be-5d19-bbc9-1f4ee178dc66");
}

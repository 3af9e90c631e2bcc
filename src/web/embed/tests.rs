//! What the files of the embeds promise, read from the files themselves.

use std::collections::BTreeSet;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use regex::Regex;
use serde_json::Value as Json;

use crate::web::embed::assets;
use crate::web::embed::releases;
use crate::web::embed::releases::FORBIDDEN;
use crate::web::embed::releases::RELEASES;

const ELEMENT: &str = include_str!("element/asset-list.js");
const FRAME: &str = include_str!("element/frame.js");
const FRAME_MAP: &str = include_str!("element/frame-map.js");
const MANIFEST: &str = include_str!("element/custom-elements.json");
const GUIDE: &str = include_str!("../../../docs/embed.md");

/// The hashes of what a version has beside its element, one file after the
/// other: nobody can pin these, and they stay the same all the same.
const RESTS: &[(&str, &str)] =
    &[("1.0.0", "sha384-9VSWllkQ6AAxioq5/w3cEWtCqpQAH5tu9sKNBU0XKryWjliMgw+Ts5ArHM9mvHAO")];

/// The bytes of `content`, compressed as the server does.
fn compressed(content: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

fn newest(name: &str) -> String {
    let file = releases::latest().files().find(|(known, _)| *known == name);
    file.unwrap_or_else(|| panic!("no file is called {name}")).1
}

#[test]
fn the_element_is_at_most_6_kb_and_the_script_of_frames_1_kb() {
    let element = compressed(&newest("asset-list.js"));
    assert!(element <= 6_000, "{element} bytes");
    let frame = compressed(&releases::lean(FRAME));
    assert!(frame <= 1_000, "{frame} bytes");
}

#[test]
fn the_movable_map_is_at_most_50_kb_with_its_library() {
    let sum: usize =
        ["map.js", "leaflet.js", "leaflet.css"].map(|name| compressed(&newest(name))).iter().sum();
    assert!(sum <= 50_000, "{sum} bytes");
}

#[test]
fn a_version_that_is_out_has_the_hash_that_people_have_pinned() {
    for release in RELEASES {
        let (_, content) = release.files().find(|(name, _)| *name == "asset-list.js").unwrap();
        assert_eq!(releases::integrity(&content), release.integrity, "{}", release.version);
        let rest: String = release.files().skip(1).map(|(_, content)| content).collect();
        let pinned = RESTS.iter().find(|(version, _)| *version == release.version);
        assert_eq!(Some(releases::integrity(&rest).as_str()), pinned.map(|(_, hash)| *hash));
        assert!(content.starts_with(&format!("/*! asset-list {}:", release.version)));
    }
}

#[test]
fn leaflet_reads_no_html_when_it_starts_and_keeps_its_licence() {
    let vendored = include_str!("leaflet/leaflet.js");
    assert_eq!(vendored.matches(FORBIDDEN).count(), 1);
    let served = newest("leaflet.js");
    assert!(!served.contains(FORBIDDEN));
    assert!(served.contains("Leaflet 1.9.4") && served.contains("Vladimir Agafonkin"));
    assert!(served.ends_with("export const L=exports.noConflict();\n"));
}

#[test]
fn the_files_make_no_html_of_texts_and_store_nothing() {
    let frames = releases::lean(FRAME) + &releases::lean(FRAME_MAP);
    let element = newest("asset-list.js") + &newest("map.js") + &frames;
    for word in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
        "setAttribute(\"style\"",
        "eval(",
        "cookie",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "sendBeacon",
    ] {
        assert!(!element.contains(word), "{word}");
    }
}

#[test]
fn the_manifest_and_the_guide_name_what_the_element_has() {
    let manifest: Json = serde_json::from_str(MANIFEST).unwrap();
    let element = &manifest["modules"][0]["declarations"][0];
    let named = |member: &str| -> BTreeSet<String> {
        let rows = element[member].as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    let found = |pattern: &str| -> BTreeSet<String> {
        let pattern = Regex::new(pattern).unwrap();
        pattern.captures_iter(ELEMENT).map(|found| found[1].to_owned()).collect()
    };
    let lists = Regex::new(r"(?:ASKED|SHOWN) = \[([^\]]+)\]").unwrap();
    let quoted = Regex::new("\"([a-z-]+)\"").unwrap();
    let mut attributes: BTreeSet<String> = lists
        .captures_iter(ELEMENT)
        .flat_map(|list| {
            quoted.captures_iter(&list[1]).map(|name| name[1].to_owned()).collect::<Vec<_>>()
        })
        .collect();
    attributes.extend(["src", "limit", "lang"].map(str::to_owned));
    assert_eq!(named("attributes"), attributes);
    assert_eq!(named("events"), found("tell\\(\"(asset-[a-z]+)\""));
    assert_eq!(named("cssProperties"), found(r"var\((--asset-list-[a-z-]+)"));
    let map = include_str!("element/map.js");
    let mut parts = found("part: \"([a-z]+)\"");
    parts.extend(
        Regex::new("part: \"([a-z]+)\"").unwrap().captures_iter(map).map(|it| it[1].to_owned()),
    );
    assert_eq!(named("cssParts"), parts);
    for member in ["attributes", "events", "cssProperties", "cssParts", "slots", "members"] {
        for name in named(member).iter().filter(|name| !name.is_empty()) {
            assert!(GUIDE.contains(&format!("`{name}`")), "docs/embed.md is silent about {name}");
        }
    }
}

#[test]
fn every_language_of_the_element_has_every_text_and_the_plurals_that_it_needs() {
    let part = |start: &str, end: &str| {
        ELEMENT.split(start).nth(1).unwrap().split(end).next().unwrap().to_owned()
    };
    let says = part("const SAYS = (", ").split");
    let names = Regex::new("[a-z]+").unwrap().find_iter(&says).count();
    for (language, forms) in [("en", 2), ("gd", 4), ("sco", 2)] {
        let texts = part(&format!("\n  {language}: `"), "`");
        let texts: Vec<&str> = texts.lines().map(str::trim).collect();
        assert_eq!(texts.len(), names, "{language}");
        assert!(texts.iter().all(|text| !text.is_empty()), "{language}");
        let (counted, others) = texts.split_last_chunk::<3>().map(|(o, c)| (c, o)).unwrap();
        assert!(others.iter().all(|text| !text.contains('/')), "{language}");
        for text in counted {
            assert_eq!(text.split('/').count(), forms, "{language}: {text}");
        }
    }
}

#[test]
fn no_two_files_have_the_same_address() {
    let routes = assets::routes();
    let addresses: BTreeSet<&str> = routes.iter().map(|route| &*route.path).collect();
    assert_eq!(addresses.len(), routes.len());
}

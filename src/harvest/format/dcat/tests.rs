use super::*;
use crate::harvest::extraction::Severity;
use crate::harvest::format::testing::{self, codes, fixture};

fn document(bytes: impl Into<Vec<u8>>, path: &str) -> Document {
    testing::document(&format!("https://data.council.example/{path}"), "", bytes)
}

fn extracted(document: &Document) -> Extraction {
    testing::extract(&FORMAT, document)
}

fn followed(extraction: &Extraction) -> Vec<(&str, &str)> {
    let shown = |follow: &'_ Follow| match follow.role {
        Role::Next => "next",
        _ => follow.format.unwrap_or("?"),
    };
    extraction.follow.iter().map(|follow| (follow.url.as_str(), shown(follow))).collect()
}

#[test]
fn a_catalogue_in_turtle_is_followed_to_one_file_of_each_data_set_and_its_next_page() {
    let document = document(fixture("dcat/council/input.ttl"), "catalog.ttl?page=1");
    assert_eq!((FORMAT.recognises)(&document), 92);
    let extraction = extracted(&document);
    assert_eq!(codes(&extraction), ["no-known-file"]);
    assert_eq!(
        followed(&extraction),
        [
            ("https://data.council.example/toilets.geojson", "geojson"),
            ("https://data.council.example/dataset/halls.csv", "csv"),
            ("https://data.council.example/catalog.ttl?page=2", "next"),
        ]
    );
    let about = extraction.about;
    assert_eq!(about.title.as_deref(), Some("Open data of Strathbeg Council"));
    assert_eq!(
        about.licence.as_deref(),
        Some("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/")
    );
    assert_eq!(about.attribution.as_deref(), Some("Strathbeg Council"));
    assert_eq!(about.language.as_deref(), Some("en"));
}

#[test]
fn a_data_json_is_followed_as_well() {
    let document = document(fixture("dcat/data-json/input.json"), "data.json");
    assert_eq!((FORMAT.recognises)(&document), 80);
    let extraction = extracted(&document);
    assert_eq!(codes(&extraction), ["bad-address", "no-known-file", "several-licences"]);
    assert_eq!(
        followed(&extraction),
        [
            ("https://hub.example/clubs.csv", "csv"),
            ("https://hub.example/api/walks?f=geojson", "geojson"),
        ]
    );
    assert_eq!(extraction.about.licence, None);
    assert_eq!(extraction.about.attribution.as_deref(), Some("Moray Leisure & Parks"));
}

#[test]
fn a_next_page_that_is_the_page_itself_is_not_followed() {
    let turtle = "<> <http://www.w3.org/ns/hydra/core#next> <https://data.council.example/c.ttl> ;
        a <http://www.w3.org/ns/dcat#Catalog> . <x> a <http://www.w3.org/ns/dcat#Dataset> .";
    let extraction = extracted(&document(turtle, "c.ttl"));
    assert!(extraction.follow.is_empty());
    assert!(codes(&extraction).contains(&"bad-next"));
}

#[test]
fn more_files_than_are_followed_break_the_listing() {
    let sets: Vec<String> = (0..1_005)
        .map(|n| format!(r#"{{"title": "{n}", "distribution": [{{"downloadURL": "/{n}.csv"}}]}}"#))
        .collect();
    let json = format!(r#"{{"dataset": [{}]}}"#, sets.join(","));
    let extraction = extracted(&document(json, "data.json"));
    assert_eq!(extraction.follow.len(), MOST_FOLLOWED);
    assert!(extraction.problems.iter().all(|problem| problem.code == "too-many-files"));
    assert_eq!(extraction.problems[0].severity, Severity::Broken);
}

#[test]
fn html_or_deep_json_instead_of_a_catalogue_breaks_the_run() {
    for (bytes, code) in [
        ("<!DOCTYPE html><title>Log in</title>".to_owned(), "bad-json"),
        ("[".repeat(100_000), "too-deep"),
        ("{\"help\": 1}".to_owned(), "unexpected-type"),
    ] {
        let extraction = extracted(&document(bytes, "data.json"));
        assert_eq!(codes(&extraction), [code]);
        assert_eq!(extraction.problems[0].severity, Severity::Broken);
    }
}

#[test]
fn forms_are_known_under_all_their_names() {
    let url = Url::parse("https://hub.example/download").unwrap();
    let named = |form: &str| media::format_of(&[form.to_owned()], &url).map(|(_, format)| format);
    for (form, format) in [
        ("text/csv; charset=utf-8", "csv"),
        ("https://www.iana.org/assignments/media-types/text/csv", "csv"),
        ("http://publications.europa.eu/resource/authority/file-type/CSV", "csv"),
        (".XLSX", "xlsx"),
        ("GeoJSON", "geojson"),
        ("http://publications.europa.eu/resource/authority/file-type/RDF_XML", "rdf"),
        ("http://publications.europa.eu/resource/authority/file-type/RDF_TURTLE", "rdf"),
        ("text/calendar", "ical"),
    ] {
        assert_eq!(named(form), Some(format), "{form}");
    }
    for form in ["PDF", "HTML", "application/zip", ""] {
        assert_eq!(named(form), None, "{form}");
    }
    let file = Url::parse("https://hub.example/a.csv.gz").unwrap();
    assert_eq!(media::format_of(&[], &file).map(|(_, format)| format), Some("csv"));
}

/// What is followed of one data set with these files, as title and address,
/// and how many files are named as not followed.
fn chosen(files: &[(&str, &str)]) -> (Vec<String>, usize) {
    let files: Vec<String> = files
        .iter()
        .map(|(title, url)| {
            // A title is the name of the form where the address has none.
            let form = if url.contains('.') { "" } else { title };
            format!(r#"{{"title": "{title}", "downloadURL": "{url}", "format": "{form}"}}"#)
        })
        .collect();
    let json =
        format!(r#"{{"dataset": [{{"title": "Places", "distribution": [{}]}}]}}"#, files.join(","));
    let extraction = extracted(&document(json, "data.json"));
    let read = extraction.follow.iter().map(|follow| follow.url.path().to_owned()).collect();
    let left = extraction.problems.iter().find(|problem| problem.code == "files-not-followed");
    (read, left.map_or(0, |problem| problem.what.matches("https://").count()))
}

#[test]
fn one_file_in_several_forms_is_read_once_and_different_files_each() {
    for (files, read, left) in [
        // Forms of the same, by title and by name.
        (&[("", "/a/toilets.csv"), ("", "/b/toilets.geojson")][..], &["/b/toilets.geojson"][..], 0),
        (&[("CSV", "/x/csv"), ("GeoJSON", "/x/geojson")], &["/x/geojson"], 0),
        (&[("Toilets (CSV)", "/1.csv"), ("Toilets GeoJSON", "/2.geojson")], &["/2.geojson"], 0),
        (&[("CSV", "/parks.csv"), ("", "/parks-geojson.geojson")], &["/parks-geojson.geojson"], 0),
        // Different files, for two are of one form.
        (&[("Halls", "/1.csv"), ("Parks", "/2.csv")], &["/1.csv", "/2.csv"], 0),
        (&[("", "/2023.csv"), ("", "/2024.csv")], &["/2023.csv", "/2024.csv"], 0),
        (
            &[("Halls", "/1.csv"), ("Halls", "/1.geojson"), ("Parks", "/2.csv")],
            &["/1.geojson", "/2.csv"],
            0,
        ),
        // Nothing tells whether these are two files, or one.
        (&[("Halls", "/1.csv"), ("Parks", "/2.geojson")], &["/2.geojson"], 1),
        (&[("Halls", "/1.geojson"), ("Halls", "/1.csv"), ("Halls", "/2.csv")], &["/1.geojson"], 2),
    ] {
        let expected: Vec<String> = read.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(chosen(files), (expected, left), "{files:?}");
    }
}

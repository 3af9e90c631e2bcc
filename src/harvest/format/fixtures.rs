//! Every format reads its fixtures: documents of publishers, each with what
//! is to be read from it beside it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::{FORMATS, Format, Reading, named};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Extraction, Role};

/// Where the fixtures are: format, case, `input`.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/harvest")
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn input(case: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
    entries.into_iter().find(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("input"))
    })
}

/// The address of a fixture: some formats go by what they were asked for.
fn address(format: &str, case: &str) -> String {
    match (format, case) {
        ("open-referral", case) if case.contains("organi") => {
            "https://partner.example/organizations".to_owned()
        }
        ("open-referral", case) if case.contains("service-at-location") => {
            "https://partner.example/service_at_locations".to_owned()
        }
        ("open-referral", _) => "https://partner.example/services".to_owned(),
        ("oai-pmh", _) => {
            "https://partner.example/oai?verb=ListRecords&metadataPrefix=oai_dc".to_owned()
        }
        (format, case) => format!("https://partner.example/{format}/{case}/input"),
    }
}

fn document(format: &str, case: &Path) -> Document {
    let input = input(case).unwrap_or_else(|| panic!("{} has no input", case.display()));
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    let mut url: url::Url = address(format, &name).parse().unwrap();
    if url.path().ends_with("/input")
        && let Some(ending) = input.extension()
    {
        url.set_path(&format!("{}.{}", url.path(), ending.to_string_lossy()));
    }
    let retrieved_at = "2026-11-22T12:00:00Z".parse().unwrap();
    let bytes = fs::read(&input).unwrap();
    Document { url, media_type: None, charset: None, bytes, retrieved_at }
}

fn shown(extraction: &Extraction) -> Json {
    let follow: Vec<Json> = extraction
        .follow
        .iter()
        .map(|follow| {
            let role = match &follow.role {
                Role::Next => "next".to_owned(),
                Role::Perhaps => "next, perhaps".to_owned(),
                Role::Part => "part".to_owned(),
                Role::Detail(key) => format!("detail of {key}"),
            };
            json!({ "url": follow.url, "role": role, "format": follow.format })
        })
        .collect();
    json!({
        "drafts": extraction.drafts, "follow": follow, "problems": extraction.problems,
        "announced": extraction.announced, "resume": extraction.resume,
        "title": extraction.about.title, "licence": extraction.about.licence,
        "hubs": extraction.about.hubs,
    })
}

#[test]
fn each_format_reads_its_fixtures() {
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    for folder in folders(&root()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let format: &Format = named(&name).unwrap_or_else(|| panic!("there is no format {name}"));
        for case in folders(&folder) {
            let document = document(&name, &case);
            let extraction = (format.extract)(&document, &Reading::plain(now));
            insta::with_settings!({
                snapshot_path => &case, prepend_module_to_snapshot => false, omit_expression => true,
            }, { insta::assert_json_snapshot!("expected", shown(&extraction)) });
        }
    }
}

#[test]
fn each_format_has_a_fixture() {
    for format in FORMATS {
        let folder = root().join(format.name);
        let has = folder.is_dir() && folders(&folder).iter().any(|case| input(case).is_some());
        assert!(has, "{} has no fixture", format.name);
    }
}

#[test]
fn names_of_formats_are_all_different_and_fit_the_settings() {
    for (place, format) in FORMATS.iter().enumerate() {
        let fits =
            |character: char| character.is_ascii_lowercase() || "-0123456789".contains(character);
        assert!(format.name.chars().all(fits), "{}", format.name);
        assert!(FORMATS[..place].iter().all(|other| other.name != format.name));
    }
}

#[test]
fn fixtures_are_recognised_as_what_they_are() {
    let mut wrong = Vec::new();
    for folder in folders(&root()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        for case in folders(&folder) {
            let document = document(&name, &case);
            let found = super::recognise(&document).map(|format| format.name);
            if found != Some(name.as_str()) {
                wrong.push(format!("{}: {found:?}", case.display()));
            }
        }
    }
    // An old ALISS search, alone, could be anybody's JSON; what is not JSON is
    // not told to be; and an empty page of changes has nothing of ours in it.
    // The settings of a source name its format for such.
    insta::assert_snapshot!(wrong.join("\n").replace(env!("CARGO_MANIFEST_DIR"), ""), @r#"
    /tests/fixtures/harvest/aliss/v3-search: Some("json")
    /tests/fixtures/harvest/json/not-json: Some("html")
    /tests/fixtures/harvest/kist/changes-end: Some("rpde")
    "#);
}

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use url::Url;

use super::*;
use crate::harvest::clean;
use crate::harvest::extraction::{Draft, Severity};
use crate::harvest::mapping::{Function, Rule};
use crate::schema::Schema;

mod hostile;

fn document(bytes: impl Into<Vec<u8>>, name: &str) -> Document {
    Document {
        url: Url::parse("https://council.example/open-data/").unwrap().join(name).unwrap(),
        media_type: None,
        charset: None,
        bytes: bytes.into(),
        retrieved_at: Timestamp::UNIX_EPOCH,
    }
}

fn fixture(path: &str) -> Document {
    let kist = env!("CARGO_MANIFEST_DIR");
    let file = format!("{kist}/tests/fixtures/harvest/{path}");
    let bytes = std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    document(bytes, &path.replace('/', "-"))
}

fn extracted(document: &Document) -> Extraction {
    extract(document, &Reading::plain(Timestamp::UNIX_EPOCH))
}

fn codes(extraction: &Extraction) -> Vec<&str> {
    extraction.problems.iter().map(|problem| problem.code.as_str()).collect()
}

/// Drafts by key, as they are when cleaned.
fn cleaned(extraction: Extraction) -> BTreeMap<String, (Json, Vec<String>)> {
    let schema = Schema::standard();
    let base = Url::parse("https://council.example/").unwrap();
    let clean = |mut draft: Draft| {
        let problems = clean::clean(&mut draft, &schema, &base, clean::Manner::plain("en"));
        let codes = problems.into_iter().map(|problem| problem.code).collect();
        (draft.key, (Json::Object(draft.fields), codes))
    };
    extraction.drafts.into_iter().map(clean).collect()
}

#[test]
fn the_real_list_of_libraries_is_read_with_all_its_dirt() {
    let document = fixture("csv/libraries/input.csv");
    let extraction = extracted(&document);
    assert_eq!(codes(&extraction), ["mapping-guessed"]);
    assert_eq!(extraction.drafts.len(), 38);
    let drafts = cleaned(extraction);
    assert_eq!(drafts.len(), 38, "every library has a key of its own");
    let (library, notes) = &drafts["AK Bell Library/PH2 8EP"];
    assert_eq!(
        *library,
        json!({"assetType": "library-venue", "name": {"en": "AK Bell Library"},
            "url": "http://www.culturepk.org.uk/your-local-library/ak-bell-library/",
            "locations": [{"locality": "Perth", "postcode": "PH2 8EP", "streetAddress": "York Place"}]})
    );
    assert!(notes.is_empty());
    // The town's column holds the postcode.
    let (library, _) = &drafts["Blackhall Library/EH4 5EG"];
    assert_eq!(
        library["locations"],
        json!([{"postcode": "EH4 5EG", "streetAddress": "56 Hillhouse Road"}])
    );
    assert!(drafts.contains_key("Dalry Library/DG7 3UP"));
    assert!(drafts.contains_key("Dalry Library/KA24 5AW"));
}

#[test]
fn the_real_stops_of_mobile_libraries_are_read_with_their_times() {
    let extraction = extracted(&fixture("csv/mobile-library-stops/input.csv"));
    assert_eq!(codes(&extraction), ["mapping-guessed"]);
    let drafts = cleaned(extraction);
    assert_eq!(drafts.len(), 40);
    let (_, (stop, notes)) = drafts.iter().find(|(key, _)| key.starts_with("North Place")).unwrap();
    let mut stop = stop.clone();
    let place = stop["locations"][0].as_object_mut().unwrap();
    let position = ["latitude", "longitude"].map(|key| place.remove(key).unwrap().to_string());
    assert_eq!(position, ["57.54863559999999", "-2.0238940999999997"]);
    assert_eq!(
        stop,
        json!({"assetType": "mobile-library-stop", "name": {"en": "North Place"},
            "url": "https://www.livelifeaberdeenshire.org.uk/media/2808/mobile-north-timetable-160119.pdf",
            "locations": [{"locality": "Fetterangus", "streetAddress": "North Place, Fetterangus"}],
            "schedule": [{"byDay": ["MO"], "startTime": "09:20", "endTime": "09:45",
                "rrule": "FREQ=WEEKLY;INTERVAL=2", "startDate": "2019-01-21"}]})
    );
    assert!(notes.is_empty(), "{notes:?}");
}

#[test]
fn a_councils_export_with_titles_semicolons_gaelic_and_the_grid_is_read() {
    let document = fixture("csv/council-halls/input.csv");
    let mapping = guess(&document).unwrap();
    assert_eq!((mapping.header_row, mapping.key.as_slice()), (3, &["Hall ref".to_owned()][..]));
    let extraction = extracted(&document);
    assert_eq!(
        codes(&extraction),
        ["mapping-guessed", "table-dialect", "bad-hours", "no-key", "bad-position"]
    );
    let no_key = extraction.problems.iter().find(|problem| problem.code == "no-key").unwrap();
    assert_eq!(no_key.at, "row 7");
    assert_eq!(extraction.drafts[0].terms.len(), 2);
    let drafts = cleaned(extraction);
    let (hall, notes) = &drafts["SB001"];
    assert_eq!(hall["name"], json!({"en": "Fyvie Café Hall"}));
    assert_eq!(hall["telephone"], "01651 891234");
    assert_eq!(
        hall["schedule"],
        json!([{"byDay": ["MO"], "startTime": "10:00", "endTime": "12:00"}])
    );
    let place = &hall["locations"][0];
    assert_eq!(
        (&place["postcode"], &place["locality"], &place["streetAddress"]),
        (&json!("AB53 8QD"), &json!("Fyvie"), &json!("12 Main Street; rear door"))
    );
    let latitude = place["latitude"].as_f64().unwrap();
    assert!((57.42..57.44).contains(&latitude), "{latitude}");
    assert!(notes.is_empty(), "{notes:?}");
    let (hall, _) = &drafts["SB002"];
    assert_eq!(hall["name"], json!({"en": "St John’s Hall"}));
    assert_eq!(hall["schedule"].as_array().unwrap().len(), 2);
    assert_eq!(drafts["SB003"].1, ["hidden-email", "part-of-postcode"]);
}

#[test]
fn a_workbook_of_excel_is_read_from_its_visible_sheet() {
    let document = fixture("xlsx/clubs/input.xlsx");
    assert_eq!((XLSX.recognises)(&document), 95);
    let extraction = extracted(&document);
    assert_eq!(codes(&extraction), ["mapping-guessed", "formula-error", "bad-date", "bad-days"]);
    let error = extraction.problems.iter().find(|p| p.code == "formula-error").unwrap();
    assert_eq!(error.at, "row 6");
    let drafts = cleaned(extraction);
    let (club, notes) = &drafts["C-101"];
    assert_eq!(
        *club,
        json!({"assetType": "group", "name": {"en": "Leith Chess Club"},
            "description": {"en": "Casual games & lessons."}, "telephone": "0131 529 7844",
            "url": "http://www.leithchess.example/",
            "locations": [{"latitude": 55.9606, "longitude": -3.1827, "postcode": "EH7 4AA",
                "streetAddress": "12 Elm Row, Edinburgh"}],
            "schedule": [{"byDay": ["TU"], "startTime": "19:30", "endTime": "22:00",
                "startDate": "2026-04-03"}]})
    );
    assert!(notes.is_empty());
    assert_eq!(drafts["C-102"].1, ["position-swapped", "several-telephones"]);
    assert_eq!(drafts["C-104"].1, ["bad-address"]);
}

#[test]
fn a_spreadsheet_of_libreoffice_is_read_without_unfolding_its_repetitions() {
    let document = fixture("ods/warm-spaces/input.ods");
    assert_eq!((ODS.recognises)(&document), 95);
    let extraction = extracted(&document);
    assert_eq!(codes(&extraction), ["mapping-guessed"]);
    assert_eq!(extraction.drafts[2].at, "row 6");
    assert_eq!(extraction.drafts[0].modified.as_deref(), Some("2026-03-02"));
    let drafts = cleaned(extraction);
    let (space, _) = &drafts["WS-1"];
    assert_eq!(space["name"], json!({"en": "Kirkcaldy Galleries café"}));
    assert_eq!(
        space["schedule"],
        json!([{"byDay": ["MO", "TU", "WE", "TH", "FR", "SA"], "startTime": "10:00", "endTime": "16:30"}])
    );
    assert_eq!(
        space["locations"][0]["streetAddress"],
        json!("War Memorial Gardens, Abbotshall Road")
    );
    assert_eq!(drafts["WS-2"].1, ["null-position"]);
}

fn mapping(key: &str, fields: &[(&str, &str)]) -> Mapping {
    let rule = |from: &str| Rule { from: vec![from.to_owned()], ..Rule::default() };
    let fields = fields.iter().map(|(field, from)| ((*field).to_owned(), rule(from))).collect();
    Mapping {
        kind: "asset".to_owned(),
        items: None,
        key: vec![key.to_owned()],
        modified: None,
        fields,
        terms: BTreeMap::new(),
        paging: None,
        header_row: 1,
        sheet: None,
    }
}

fn mapped(text: &str, mapping: &Mapping) -> Extraction {
    let reading = Reading { mapping: Some(mapping), ..Reading::plain(Timestamp::UNIX_EPOCH) };
    extract(&document(text, "table.csv"), &reading)
}

#[test]
fn a_saved_mapping_is_used_as_it_is() {
    let mut saved = mapping("No.", &[("name", "Titel"), ("schedule/0/startTime", "Zeit")]);
    saved.fields.get_mut("schedule/0/startTime").unwrap().then = vec![Function::Time];
    let extraction = mapped("No.,Titel,Zeit\n1,Tea,7pm\n2,Chess,late\n", &saved);
    assert_eq!(codes(&extraction), ["bad-time"]);
    assert_eq!(extraction.problems[0].at, "row 3");
    assert_eq!(extraction.problems[0].key.as_deref(), Some("2"));
    assert_eq!(extraction.drafts.len(), 2);
    assert_eq!(extraction.drafts[0].fields["schedule"], json!([{"startTime": "19:00"}]));
}

#[test]
fn a_table_without_names_has_numbers_for_them() {
    let mut saved = mapping("1", &[("name", "2")]);
    saved.header_row = 0;
    let extraction = mapped("a,Tea\nb,Chess\n", &saved);
    assert_eq!(extraction.drafts.len(), 2);
    assert_eq!(extraction.drafts[1].fields["name"], "Chess");
}

#[test]
fn a_key_column_that_is_gone_breaks_the_run_and_costs_no_record() {
    let extraction = mapped("Ref,Name\n1,Tea\n", &mapping("ID", &[("name", "Name")]));
    assert_eq!(codes(&extraction), ["columns-changed"]);
    assert_eq!(extraction.problems[0].severity, Severity::Broken);
    assert!(extraction.drafts.is_empty());
}

#[test]
fn a_row_of_names_that_is_empty_breaks_the_run() {
    let mut saved = mapping("ID", &[("name", "Club name")]);
    saved.header_row = 2;
    let reading = Reading { mapping: Some(&saved), ..Reading::plain(Timestamp::UNIX_EPOCH) };
    let extraction = extract(&fixture("xlsx/clubs/input.xlsx"), &reading);
    assert_eq!(codes(&extraction), ["no-header"]);
}

#[test]
fn a_row_with_too_many_cells_and_one_with_too_few_cost_nothing() {
    let extraction = mapped(
        "id,name,town\n1,Tea,Leith,extra\n2,Chess\n\n3,\"Say \"\"hi\"\"\",x\n",
        &mapping("id", &[("name", "name")]),
    );
    assert_eq!(codes(&extraction), ["row-too-long"]);
    assert_eq!(extraction.drafts.len(), 3);
    assert_eq!(extraction.drafts[2].fields["name"], "Say \"hi\"");
    assert_eq!(extraction.drafts[2].at, "row 4, line 5");
}

#[test]
fn columns_of_the_same_name_and_of_other_spelling_are_found() {
    let columns = Columns::named(&["Phone", " phone ", "Phone", "", "Còd"].map(ToOwned::to_owned));
    assert_eq!(columns.names, ["Phone", "phone", "Phone (2)", "4", "Còd"]);
    assert_eq!(columns.position("Phone (2)"), Some(2));
    assert_eq!(columns.position("COD"), Some(4));
    assert_eq!(columns.position("nothing"), None);
}

#[test]
fn the_dialect_is_told_from_the_rows() {
    let check = |text: &str, separator: u8, quote: u8| {
        let found = delimited::sniffed(text, None);
        assert_eq!((found.separator, found.quote), (separator, quote), "{text}");
    };
    check("a,b,c\n1,2,3\n", b',', b'"');
    check("a;b;c\n\"1,5\";\"2,0\";3\n", b';', b'"');
    check("a\tb\n1, 2\t3, 4\n", b'\t', b'"');
    check("a|b\n1|2\n", b'|', b'"');
    check("'a','b','c','d'\n'1','x, y','2','3'\n", b',', b'\'');
    check("one column\nof text\n", b',', b'"');
}

#[test]
fn excels_line_for_the_separator_is_no_row() {
    let extraction =
        mapped("sep=;\r\nid;name\r\n1;Tea, cake\r\n", &mapping("id", &[("name", "name")]));
    assert_eq!(codes(&extraction), ["table-dialect"]);
    assert_eq!(extraction.drafts[0].fields["name"], "Tea, cake");
}

#[test]
fn html_or_nothing_instead_of_a_table_breaks_the_run() {
    for bytes in ["<!DOCTYPE html><title>Log in</title>", "", "{\"a\": 1}", "%PDF-1.7"] {
        let extraction = mapped(bytes, &mapping("id", &[("name", "name")]));
        assert_eq!(codes(&extraction), ["unexpected-type"], "{bytes}");
        assert_eq!(extraction.problems[0].severity, Severity::Broken);
        assert_eq!((CSV.recognises)(&document(bytes, "a.csv")), 0);
    }
}

#[test]
fn a_quotation_mark_that_is_never_closed_breaks_the_run() {
    let text = format!("id,name\n1,\"Tea\n{}", "2,Chess\n".repeat(5_000));
    let extraction = mapped(&text, &mapping("id", &[("name", "name")]));
    assert_eq!(codes(&extraction), ["open-quotation"]);
    assert_eq!(extraction.problems[0].severity, Severity::Broken);
}

#[test]
fn more_rows_than_a_table_may_have_break_the_run() {
    let text = format!("id,name\n{}", "1,x\n".repeat(limits::MOST_ROWS + 5));
    let extraction = mapped(&text, &mapping("id", &[("name", "name")]));
    assert_eq!(codes(&extraction), ["too-many-rows"]);
    assert_eq!(extraction.drafts.len(), limits::MOST_ROWS - 1);
}

#[test]
fn ten_thousand_errors_are_counted_and_a_thousand_kept() {
    let text = format!("id,name\n{}", ",x\n".repeat(10_000));
    let extraction = mapped(&text, &mapping("id", &[("name", "name")]));
    assert_eq!(extraction.problems.len(), 1_001);
    assert!(extraction.problems[1_000].what.starts_with("9000 more of `no-key`"));
}

#[test]
fn a_sheet_that_is_asked_for_and_not_there_is_named() {
    let mut saved = mapping("ID", &[("name", "Club name")]);
    saved.sheet = Some("Klubs".to_owned());
    let reading = Reading { mapping: Some(&saved), ..Reading::plain(Timestamp::UNIX_EPOCH) };
    let extraction = extract(&fixture("xlsx/clubs/input.xlsx"), &reading);
    assert_eq!(codes(&extraction), ["no-sheet"]);
    assert!(extraction.problems[0].what.contains("Clubs"));
}

#[test]
fn a_table_that_cant_be_guessed_asks_for_a_mapping() {
    let extraction = extracted(&document("1,2\n3,4\n", "numbers.csv"));
    assert_eq!(codes(&extraction), ["no-mapping"]);
}

#[test]
fn every_type_that_is_guessed_is_a_category() {
    let types = include_str!("../../../../../ontology/categories/asset-types.ttl");
    for (_, slug) in guess::WORDS {
        assert!(types.contains(&format!("<id/category/{slug}>")), "{slug}");
    }
    for slug in ["service", "activity-asset", "mobile-library-stop"] {
        assert!(types.contains(&format!("<id/category/{slug}>")), "{slug}");
    }
}

#[test]
fn a_guess_names_no_row_number_as_the_key() {
    let table = "No,Name,Postcode\n1,Hall,EH1 1AA\n2,Hall,EH1 1AB\n3,Shed,EH1 1AC\n";
    assert_eq!(guess(&document(table, "a.csv")).unwrap().key, ["Name", "Postcode"]);
}

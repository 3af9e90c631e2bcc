//! Archives that are made to harm.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::*;

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[track_caller]
fn check_broken(bytes: Vec<u8>, code: &str) {
    // Without a mapping that is all that is wrong, too.
    assert_eq!(codes(&extracted(&document(bytes.clone(), "table"))), [code]);
    let extraction = extract(
        &document(bytes, "table"),
        &Reading {
            mapping: Some(&mapping("id", &[("name", "name")])),
            ..Reading::plain(Timestamp::UNIX_EPOCH)
        },
    );
    assert_eq!(codes(&extraction), [code]);
    assert_eq!(extraction.problems[0].severity, Severity::Broken);
}

#[test]
fn a_workbook_that_unpacks_to_far_more_than_it_is_costs_nothing() {
    check_broken(zipped(&[("xl/workbook.xml", &vec![b' '; 30 << 20])]), "archive-too-large");
}

#[test]
fn a_workbook_of_too_many_files_is_not_opened() {
    let names: Vec<String> = (0..1_001).map(|number| format!("f{number}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    check_broken(zipped(&files), "archive-too-large");
}

#[test]
fn a_workbook_that_lies_about_its_sizes_is_not_opened() {
    let mut bytes = zipped(&[("xl/workbook.xml", &vec![b' '; 30 << 20])]);
    // The size stands 22 bytes behind `PK\x03\x04`, and 24 behind `PK\x01\x02`.
    let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    for at in [22, directory + 24] {
        bytes[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    let extraction = extracted(&document(bytes, "table"));
    assert!(extraction.problems.iter().any(|problem| problem.severity == Severity::Broken));
    assert!(extraction.drafts.is_empty());
}

#[test]
fn what_is_no_workbook_is_said_so() {
    check_broken(b"PK\x03\x04 rubbish".to_vec(), "bad-archive");
    check_broken(zipped(&[("hello.txt", b"hello")]), "bad-workbook");
    check_broken(vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], "old-workbook");
    let ods: (&str, &[u8]) = ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet");
    check_broken(zipped(&[ods]), "bad-workbook");
    check_broken(zipped(&[ods, ("content.xml", b"<a><b></a>")]), "bad-workbook");
}

#[test]
fn cells_that_repeat_a_thousand_million_times_are_not_unfolded() {
    let mut rows = String::new();
    for _ in 0..50 {
        write!(
            rows,
            r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>{}</text:p></table:table-cell></table:table-row>"#,
            "x".repeat(20_000)
        )
        .unwrap();
    }
    let content = format!(
        r#"<c xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><table:table table:name="a">{rows}</table:table></c>"#
    );
    let mut each = 0_usize;
    let mut problems = Limited::default();
    let bytes = zipped(&[("content.xml", content.as_bytes())]);
    open_document::rows(&bytes, None, &mut problems, &mut |row, _| {
        each += row.cells.iter().map(String::len).sum::<usize>();
        ControlFlow::Continue(())
    });
    assert!(each <= limits::LONGEST_TABLE, "{each}");
    assert!(problems.done().iter().all(|problem| problem.code == "too-much-text"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_change_of_bytes_in_a_workbook_makes_the_reader_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<prop::sample::Index>()
    ) {
        for path in ["xlsx/clubs/input.xlsx", "ods/warm-spaces/input.ods"] {
            let mut document = fixture(path);
            for (index, byte) in &changes {
                let at = index.index(document.bytes.len());
                document.bytes[at] = *byte;
            }
            extracted(&document);
            let length = cut.index(document.bytes.len());
            document.bytes.truncate(length);
            extracted(&document);
        }
    }

    #[test]
    fn no_text_makes_the_reader_of_tables_panic(
        text in "(name|id|postcode|,|;|\\t|\"|'|\n|\r|é|Monday|7pm|x|1|FREQ=|\u{0}| ){0,80}"
    ) {
        let document = document(text, "a.csv");
        extracted(&document);
        (CSV.recognises)(&document);
    }
}

//! What is read in pieces is what would be read at once.

use std::fmt::Write as _;
use std::io::Write as _;

use super::super::{Reading, named};
use super::*;
use crate::harvest::dump::{Spool, Spooled};
use crate::harvest::extraction::{Draft, Extraction};

/// A document that lies on the disk, and what is in it.
struct Case {
    format: &'static Format,
    whole: Document,
    head: Document,
    dump: Dump,
    directory: tempfile::TempDir,
}

fn case(format: &str, path: &str, bytes: Vec<u8>) -> Case {
    let directory = tempfile::tempdir().unwrap();
    let mut spool = Spool::on_disk(directory.path()).unwrap();
    spool.write_all(&bytes).unwrap();
    let Spooled { dump, .. } = spool.finish().unwrap();
    let whole = Document {
        url: format!("https://partner.example/{path}").parse().unwrap(),
        media_type: None,
        charset: None,
        bytes,
        retrieved_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let mut head = whole.clone();
    head.bytes.truncate(crate::harvest::dump::HEAD);
    Case { format: named(format).unwrap(), whole, head, dump: dump.unwrap(), directory }
}

impl Case {
    fn pieces(&self) -> Option<Box<dyn Pieces>> {
        let (document, directory) = (&self.head, self.directory.path());
        of(self.format, Large { document, dump: Some(&self.dump), directory })
    }

    /// Reads all pieces, as the pipeline does; gives also how many there are.
    fn read(&self) -> (Extraction, usize) {
        let mut pieces = self.pieces().expect("it can be parted");
        let (mut all, mut count) = (Extraction::default(), 0);
        let mut guessed: Option<Mapping> = None;
        while let Some(piece) = pieces.next(guessed.as_ref()) {
            count += 1;
            assert!(piece.document.bytes.len() < 4 * PIECE);
            let plain = Reading::plain(jiff::Timestamp::UNIX_EPOCH);
            let elsewhere = pieces.elsewhere();
            let reading = Reading { mapping: guessed.as_ref(), elsewhere, ..plain };
            let read = (self.format.extract)(&piece.document, &reading);
            guessed = guessed.or(read.guessed);
            all.drafts.extend(read.drafts);
            all.follow.extend(read.follow);
            all.problems.extend(piece.problems);
            all.problems.extend(read.problems);
        }
        (all, count)
    }

    /// The pieces say what the whole says; gives how many there are.
    #[track_caller]
    fn check(&self) -> usize {
        let plain = Reading::plain(jiff::Timestamp::UNIX_EPOCH);
        let mut whole = (self.format.extract)(&self.whole, &plain);
        let (mut parted, count) = self.read();
        let sort = |drafts: &mut Vec<Draft>| {
            for draft in drafts.iter_mut() {
                draft.at = String::new();
            }
            drafts.sort_by(|a, b| (&a.kind, &a.key).cmp(&(&b.kind, &b.key)));
        };
        sort(&mut whole.drafts);
        sort(&mut parted.drafts);
        assert_eq!(whole.drafts.len(), parted.drafts.len());
        for (whole, parted) in whole.drafts.iter().zip(&parted.drafts) {
            assert_eq!(whole, parted);
        }
        assert_eq!(whole.follow, parted.follow);
        let codes = |problems: &[Problem]| -> Vec<String> {
            let is_of_one = |problem: &&Problem| !problem.at.is_empty();
            problems.iter().filter(is_of_one).map(|problem| problem.code.clone()).collect()
        };
        assert_eq!(codes(&whole.problems), codes(&parted.problems));
        count
    }
}

/// A long text with all that makes a table hard to part.
fn text(number: usize) -> String {
    format!("Lunch club {number}, with \"\"tea\"\"\nand cake; Café 5\"\" wide ").repeat(80)
}

fn table(rows: usize, end: &str) -> String {
    let mut table = format!("id,name,description,postcode{end}");
    for number in 0..rows {
        let (quoted, plain) = (text(number).replace('\n', end), "inch 5\" pipe");
        match number % 50 {
            7 => write!(table, ",Nobody knows {number},{plain},EH6 8RG{end}").unwrap(),
            9 => write!(table, "{end}{number},Club {number},{plain},EH6 8RG{end}").unwrap(),
            _ => write!(table, "{number},Club {number},\"{quoted}\",EH6 8RG{end}").unwrap(),
        }
    }
    table
}

#[test]
fn a_table_in_pieces_has_the_rows_of_the_whole() {
    for (end, mark) in [("\n", ""), ("\r\n", ""), ("\n", "\u{FEFF}"), ("\n", "sep=,\n")] {
        let table = format!("{mark}{}", table(200, end).replace('\u{a0}', " "));
        assert!(case("csv", "a.csv", table.into_bytes()).check() > 2, "{end:?} {mark:?}");
    }
}

#[test]
fn a_table_in_pieces_keeps_its_encoding_and_its_separator() {
    let table = table(200, "\n").replace(',', ";").replace("5\"", "5 inch");
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(&table);
    let mut case = case("csv", "a.csv", bytes.into_owned());
    case.whole.charset = Some("windows-1252".to_owned());
    case.head.charset = case.whole.charset.clone();
    assert!(case.check() > 2);
}

#[test]
fn a_quotation_mark_that_is_never_closed_ends_a_table_and_fills_no_memory() {
    let mut rows = table(120, "\n");
    rows.push_str("last,\"never closed, \n");
    rows.push_str(&"and so on, and on\n".repeat(400_000));
    let (read, _) = case("csv", "a.csv", rows.into_bytes()).read();
    let problem = read.problems.iter().find(|problem| problem.code == "open-quotation").unwrap();
    assert_eq!(problem.at, "row 122");
    assert_eq!(problem.severity, crate::harvest::extraction::Severity::Broken);
}

#[test]
fn workbooks_and_utf_16_are_not_parted() {
    let utf_16: Vec<u8> =
        "\u{FEFF}id,name\n1,A\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [b"PK\x03\x04".to_vec(), utf_16] {
        assert!(case("csv", "a.csv", bytes).pieces().is_none());
    }
    assert!(case("json", "a.json", b"[{\"id\": 1}]".to_vec()).pieces().is_none());
    assert!(case("rdf", "a.jsonld", b"{\"@graph\": []}".to_vec()).pieces().is_none());
}

#[test]
fn lines_of_json_in_pieces_are_those_of_the_whole() {
    let mut lines = String::new();
    for number in 0..200 {
        match number % 100 {
            3 => lines.push_str("{\"id\": broken\n\n"),
            _ => writeln!(
                lines,
                "{{\"id\": \"{number}\", \"name\": \"Club {number}\", \"description\": \"{}\"}}",
                "Tea and cake. ".repeat(300)
            )
            .unwrap(),
        }
    }
    let mut case = case("json", "a.ndjson", lines.into_bytes());
    case.whole.media_type = Some("application/x-ndjson".to_owned());
    case.head.media_type.clone_from(&case.whole.media_type);
    assert!(case.check() > 2);
}

#[test]
fn a_line_without_end_costs_itself() {
    let line = |id: usize| format!("{{\"id\": \"{id}\", \"name\": \"Club {id}\"}}\n");
    let long = format!("{{\"id\": \"9\", \"name\": \"{}\"}}\n", "x".repeat(3 << 20));
    let mut case = case("json", "a.ndjson", format!("{}{long}{}", line(1), line(2)).into_bytes());
    case.head.media_type = Some("application/x-ndjson".to_owned());
    let (read, _) = case.read();
    let keys: Vec<&str> = read.drafts.iter().map(|draft| &*draft.key).collect();
    assert_eq!(keys, ["1", "2"]);
    let problem = read.problems.iter().find(|problem| problem.code == "bad-item").unwrap();
    assert!(problem.at == "line 2" && problem.costs_one_unnamed(), "{problem:?}");
}

/// A dump in which what is said of one thing stands far apart, in graphs of
/// any name, and things refer to others which stand before and after them.
fn quads(things: usize) -> String {
    let (own, schema) = ("https://w3id.org/kist#", "https://schema.org/");
    let a = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
    let (mut first, mut last) = (String::new(), String::new());
    for number in 0..things {
        let thing = format!("https://partner.example/id/asset/{number}");
        let place = format!("_:place{number}");
        writeln!(first, "<{thing}> <{a}> <{own}Asset> <https://kist.example/graph/curated> .")
            .unwrap();
        writeln!(
            first,
            "<{thing}> <{own}provider> <https://partner.example/id/organisation/{}> .",
            things - 1 - number
        )
        .unwrap();
        writeln!(
            last,
            "<{thing}> <{schema}name> \"Club {number}\"@en <https://kist.example/graph/curated> ."
        )
        .unwrap();
        writeln!(
            last,
            "<{thing}> <{schema}description> \"{}\"@en .",
            "Tea, \\\"cake\\\" .\\n".repeat(150)
        )
        .unwrap();
        let organisation = format!("https://partner.example/id/organisation/{number}");
        writeln!(last, "<{organisation}> <{a}> <{schema}Organization> .").unwrap();
        writeln!(first, "<{organisation}> <{own}sector> \"third-sector\" .").unwrap();
        writeln!(last, "<{organisation}> <{schema}name> \"Trust {number}\"@en .").unwrap();
        let event = format!("https://partner.example/event/{number}");
        writeln!(first, "<{event}> <{a}> <{schema}Event> .").unwrap();
        writeln!(first, "<{event}> <{schema}location> {place} .").unwrap();
        writeln!(last, "<{event}> <{schema}name> \"Fair {number}\" .").unwrap();
        writeln!(last, "{place} <{a}> <{schema}Place> .").unwrap();
        writeln!(last, "{place} <{schema}name> \"Hall {number}\" .").unwrap();
    }
    first + &last
}

#[test]
fn a_dump_of_rdf_in_pieces_has_the_records_of_the_whole() {
    let quads = quads(200);
    assert!(case("rdf", "a.nq", quads.clone().into_bytes()).check() > 2);
    let packed = zstd::stream::encode_all(quads.as_bytes(), 1).unwrap();
    assert!(case("rdf", "a.nq.zst", packed).check() > 2);
}

#[test]
fn a_fault_in_a_dump_is_told_with_its_line_and_costs_its_statement() {
    let mut lines: Vec<String> = quads(200).lines().map(str::to_owned).collect();
    let faulty = lines.len() - 4;
    lines.insert(faulty, "<https://partner.example/x> <broken .".to_owned());
    let case = case("rdf", "a.nq", lines.join("\n").into_bytes());
    assert!(case.check() > 2);
    let (read, _) = case.read();
    let at: Vec<&str> = read.problems.iter().map(|problem| &*problem.at).collect();
    assert!(at[0].starts_with(&format!("line {},", faulty + 1)), "{at:?}");
    assert_eq!(read.problems[0].code, "bad-rdf");
}

#[test]
fn a_packed_dump_that_is_a_bomb_is_refused() {
    let zeros = vec![b' '; 64 << 20];
    let packed = zstd::stream::encode_all(&zeros[..], 1).unwrap();
    let (read, _) = case("rdf", "a.nq.zst", packed).read();
    let codes: Vec<&str> = read.problems.iter().map(|problem| &*problem.code).collect();
    assert!(codes.contains(&"archive-too-large"), "{codes:?}");
}

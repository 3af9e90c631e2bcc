//! Tests of the encodings of documents.

use jiff::Timestamp;

use super::*;

fn document(bytes: &[u8], charset: Option<&str>) -> Document {
    Document {
        url: "https://partner.example.scot/feed".parse().unwrap(),
        media_type: None,
        charset: charset.map(str::to_owned),
        bytes: bytes.to_vec(),
        retrieved_at: Timestamp::UNIX_EPOCH,
    }
}

/// Decodes `bytes` and compares the text, the encoding and the codes of the
/// warnings.
#[track_caller]
fn check(bytes: &[u8], charset: Option<&str>, text: &str, encoding: &str, warnings: &[&str]) {
    let document = document(bytes, charset);
    let decoded = decode(&document);
    let codes: Vec<&str> = decoded.warnings.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!((&*decoded.text, decoded.encoding, &codes[..]), (text, encoding, warnings));
}

fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

#[test]
fn plain_utf_8_is_taken_as_it_is() {
    check("Dementia Café".as_bytes(), None, "Dementia Café", "UTF-8", &[]);
    check("Dementia Café".as_bytes(), Some("UTF-8"), "Dementia Café", "UTF-8", &[]);
    check(b"", None, "", "UTF-8", &[]);
}

#[test]
fn a_byte_order_mark_counts_more_than_the_header() {
    check("\u{FEFF}Café".as_bytes(), Some("iso-8859-1"), "Café", "UTF-8", &[]);
    let bytes = utf_16("\u{FEFF}Café", u16::to_le_bytes);
    check(&bytes, Some("utf-8"), "Café", "UTF-16LE", &[]);
    let bytes = utf_16("\u{FEFF}Café", u16::to_be_bytes);
    check(&bytes, None, "Café", "UTF-16BE", &[]);
}

#[test]
fn utf_16_without_a_mark_is_told_by_its_nuls() {
    let text = "<?xml version=\"1.0\"?><a>Caf\u{e9}</a>";
    check(&utf_16(text, u16::to_le_bytes), Some("utf-16"), text, "UTF-16LE", &[]);
    check(&utf_16(text, u16::to_le_bytes), None, text, "UTF-16LE", &["mislabelled-encoding"]);
    check(&utf_16(text, u16::to_be_bytes), None, text, "UTF-16BE", &["mislabelled-encoding"]);
}

#[test]
fn text_declared_as_utf_16_without_any_nul_is_utf_8() {
    check(
        b"BEGIN:VCALENDAR",
        Some("utf-16"),
        "BEGIN:VCALENDAR",
        "UTF-8",
        &["mislabelled-encoding"],
    );
}

#[test]
fn the_header_counts_more_than_meta() {
    let page = b"<html><head><meta charset=\"iso-8859-5\"></head>Caf\xe9";
    let text = "<html><head><meta charset=\"iso-8859-5\"></head>Café";
    check(page, Some("windows-1252"), text, "windows-1252", &[]);
}

#[test]
fn meta_and_the_xml_declaration_are_read() {
    for (page, text, encoding) in [
        (&b"<meta charset=windows-1251>\xcc"[..], "<meta charset=windows-1251>М", "windows-1251"),
        (
            b"<!-- <meta charset=utf-8> --><META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=ISO-8859-2'>\xb1",
            "<!-- <meta charset=utf-8> --><META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=ISO-8859-2'>ą",
            "ISO-8859-2",
        ),
        (
            b" <?xml version='1.0' encoding='ISO-8859-15'?><a>\xa4</a>",
            " <?xml version='1.0' encoding='ISO-8859-15'?><a>€</a>",
            "ISO-8859-15",
        ),
    ] {
        check(page, None, text, encoding, &[]);
    }
}

#[test]
fn meta_that_claims_utf_16_is_utf_8() {
    let page = "<meta charset=utf-16>Café";
    check(page.as_bytes(), None, page, "UTF-8", &[]);
}

#[test]
fn a_declaration_after_1024_bytes_is_not_looked_for() {
    let mut page = b"<!doctype html>".to_vec();
    page.resize(1100, b' ');
    page.extend_from_slice(b"<meta charset=windows-1251>\xe9");
    assert_eq!(decode(&document(&page, None)).encoding, "windows-1252");
}

#[test]
fn windows_1252_declared_as_utf_8_is_repaired_and_reported() {
    check(
        b"Dementia Caf\xe9 \x93Welcome\x94",
        Some("utf-8"),
        "Dementia Café “Welcome”",
        "windows-1252",
        &["mislabelled-encoding"],
    );
}

#[test]
fn windows_1252_declared_as_latin_1_is_repaired_and_reported() {
    check(
        b"it\x92s \xa35",
        Some("ISO-8859-1"),
        "it’s £5",
        "windows-1252",
        &["mislabelled-encoding"],
    );
    check(b"\xa35", Some("ISO-8859-1"), "£5", "windows-1252", &[]);
}

#[test]
fn utf_8_declared_as_latin_1_is_utf_8() {
    check("Café".as_bytes(), Some("iso-8859-1"), "Café", "UTF-8", &["mislabelled-encoding"]);
}

#[test]
fn single_bytes_of_windows_1252_among_utf_8_are_repaired() {
    let mut bytes = "Café, crèche; £5 ".as_bytes().to_vec();
    bytes.extend_from_slice(b"it\x92s");
    check(&bytes, Some("utf-8"), "Café, crèche; £5 it’s", "UTF-8", &["mixed-encoding"]);
}

#[test]
fn half_a_character_is_flagged() {
    let mut bytes = "Café Café ".repeat(400).into_bytes();
    bytes.push(0xC3);
    let text = "Café Café ".repeat(400) + "\u{FFFD}";
    check(&bytes, Some("utf-8"), &text, "UTF-8", &["replacement-characters"]);
    check(b"Caf\xc3\xa9 \xe2\x80", None, "Café \u{FFFD}", "UTF-8", &["encoding-doubtful"]);
}

#[test]
fn an_undeclared_encoding_is_detected() {
    // Windows-1251, with enough of it to tell.
    let (bytes, _, _) =
        encoding_rs::WINDOWS_1251.encode("Добро пожаловать в клуб вышивки и вязания");
    let document = document(&bytes, None);
    let decoded = decode(&document);
    assert_eq!(decoded.encoding, "windows-1251");
    assert!(decoded.text.starts_with("Добро"));
}

#[test]
fn a_few_bytes_beyond_ascii_are_windows_1252() {
    check(b"na\xefve fa\xe7ade", None, "naïve façade", "windows-1252", &[]);
}

#[test]
fn nul_bytes_are_left_out_and_reported() {
    check(
        b"Walking\0 group in Leith",
        None,
        "Walking group in Leith",
        "UTF-8",
        &["nul-characters"],
    );
    check(&[0; 64], None, "", "UTF-8", &["nul-characters"]);
}

#[test]
fn an_unknown_label_is_reported_and_passed_over() {
    check(b"Walks", Some("utf8mb4"), "Walks", "UTF-8", &["unknown-encoding"]);
    check(b"Walks", Some("none"), "Walks", "UTF-8", &["unknown-encoding"]);
}

#[test]
fn text_encoded_twice_is_flagged_and_not_changed() {
    check("CafÃ©".as_bytes(), None, "CafÃ©", "UTF-8", &["double-encoded"]);
}

#[test]
fn text_encoded_twice_is_repaired_when_asked() {
    for (text, expected) in [
        ("CafÃ© and itâ€™s Â£5", Some("Café and it’s £5")),
        ("CafÃ© and café", Some("Café and café")),
        ("Café", None),
        ("Ã", None),
        ("São Ã", None),
        ("Mór-thìr", None),
        ("Ãé", None),
        ("", None),
    ] {
        assert_eq!(undo_double_encoding(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn long_runs_beyond_ascii_take_time_in_proportion() {
    let text = "Ã".repeat(1 << 18);
    assert_eq!(undo_double_encoding(&text), None);
    let text = "Ã©".repeat(1 << 18);
    assert_eq!(undo_double_encoding(&text), Some("é".repeat(1 << 18)));
}

proptest::proptest! {
    #[test]
    fn any_bytes_give_a_text(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600),
        charset in proptest::option::of("[a-z0-9-]{0,12}|utf-8|utf-16|iso-8859-1|gbk"),
    ) {
        let document = document(&bytes, charset.as_deref());
        proptest::prop_assert!(!decode(&document).text.contains('\0'));
    }
}

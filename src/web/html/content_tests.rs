//! Tests of [`content`](super).

use serde_json::json;

use super::*;

#[test]
fn a_text_is_escaped_and_marked_with_a_foreign_language() {
    let text = Text::written("<b>\"Fàilte\"</b>", "gd", Language::English);
    let html = "<span lang=\"gd\">&lt;b&gt;&quot;Fàilte&quot;&lt;/b&gt;</span>";
    assert_eq!(text.to_string(), html);
    assert_eq!(Text::written("Fàilte", "gd", Language::Gaelic).to_string(), "Fàilte");
}

#[test]
fn texts_come_in_the_language_of_the_page_or_in_english() {
    let json = json!({"en": "Library", "gd": "Leabharlann"});
    assert_eq!(texts(Some(&json), Language::Gaelic), [Text::plain("Leabharlann")]);
    assert_eq!(
        texts(Some(&json), Language::Scots),
        [Text::written("Library", "en", Language::Scots)]
    );
    assert_eq!(texts(Some(&json!("Hall")), Language::English), [Text::plain("Hall")]);
    assert_eq!(texts(Some(&json!({"en": 3})), Language::English), []);
}

#[test]
fn only_web_addresses_become_links() {
    for (address, expected) in [
        ("https://example.org/a", true),
        ("http://example.org", true),
        ("javascript:alert(1)", false),
        ("JaVaScRiPt:alert(1)", false),
        ("data:text/html,x", false),
        ("//example.org", false),
    ] {
        assert_eq!(web_address(address).is_some(), expected, "{address}");
    }
    assert_eq!(telephone("+44 (0)131 555 1234").as_deref(), Some("tel:+441315551234"));
    assert_eq!(telephone("0131 555 1234").as_deref(), Some("tel:01315551234"));
    assert_eq!(telephone("ask"), None);
}

#[test]
fn what_is_no_number_is_not_dialled() {
    for text in ["0131 555 0000 XSS=6", "ring 1 for Ann, 2 for Bob", "<0131 555 0000>"] {
        assert_eq!(telephone(text), None, "{text}");
    }
}

#[test]
fn a_text_that_turns_round_turns_nothing_beside_it() {
    let text = |text: &str| Text::plain(text).to_string();
    assert_eq!(text("plain"), "plain");
    assert_eq!(text("a\u{202e}b"), "<bdi>a\u{202e}b</bdi>");
    let arabic = Text::written("مرحبا", "ar", Language::English);
    assert_eq!(arabic.to_string(), "<bdi lang=\"ar\">مرحبا</bdi>");
    assert_eq!(
        Text::written("Fàilte", "gd", Language::English).to_string(),
        "<span lang=\"gd\">Fàilte</span>"
    );
}

#[test]
fn a_date_that_is_known_in_part_is_said_as_people_say_it() {
    for (text, language, expected) in [
        ("2006-10", Language::English, "October 2006"),
        ("2006-10", Language::Gaelic, "An Dàmhair 2006"),
        ("2006", Language::English, "2006"),
        ("2006-10-03", Language::English, "3 October 2006"),
        ("in spring", Language::English, "in spring"),
    ] {
        assert_eq!(partial_date(text, language), expected, "{text}");
    }
}

#[test]
fn distances_read_as_people_write_them() {
    for (metres, expected) in [
        (4.0, "0 m"),
        (347.0, "350 m"),
        (1_000.0, "1 km"),
        (1_234.0, "1.2 km"),
        (35_400.0, "35 km"),
    ] {
        assert_eq!(distance(Metres::new(metres).unwrap()), expected);
    }
}

#[test]
fn keys_are_made_readable() {
    assert_eq!(humanised("reviewEveryMonths"), "Review every months");
    assert_eq!(humanised("staff-time"), "Staff time");
}

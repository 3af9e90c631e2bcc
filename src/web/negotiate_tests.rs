//! Tests of [`negotiate`](super).

use proptest::prelude::*;

use super::*;

const OFFERED: &[Format] = &[Format::Html, Format::JsonLd, Format::Json, Format::Turtle];

#[track_caller]
fn check(accept: &str, expected: Option<Format>) {
    assert_eq!(negotiate(Some(accept), OFFERED).ok(), expected, "{accept}");
}

#[test]
fn without_a_wish_the_first_is_given() {
    assert_eq!(negotiate(None, OFFERED).unwrap(), Format::Html);
    for accept in ["", " , ,", "*/*", "text", "/", "text/"] {
        check(accept, Some(Format::Html));
    }
}

#[test]
fn the_highest_quality_wins() {
    check("text/html;q=0.5, text/turtle;q=0.8", Some(Format::Turtle));
    check("text/*;q=0.3, application/ld+json;q=0.31", Some(Format::JsonLd));
    check("TEXT/TURTLE", Some(Format::Turtle));
}

#[test]
fn the_more_exact_range_decides_about_a_type() {
    check("text/*, text/html;q=0", Some(Format::Turtle));
    check("*/*, text/*;q=0, application/ld+json;q=0", Some(Format::Json));
    check("text/html;q=0, */*;q=0.1", Some(Format::JsonLd));
}

#[test]
fn among_equals_the_one_that_is_named_wins() {
    check("application/json, text/plain, */*", Some(Format::Json));
    check("text/turtle, */*", Some(Format::Turtle));
}

#[test]
fn a_browser_gets_a_page() {
    check(
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
        Some(Format::Html),
    );
}

#[test]
fn misprints_cost_only_themselves() {
    check("text/turtle;q=high", Some(Format::Turtle));
    check("nonsense, text/turtle", Some(Format::Turtle));
    check("text/html;profile=\"a,b;q=0\", text/turtle;q=0.5", Some(Format::Html));
    check("text/turtle;q=7, text/html", Some(Format::Html));
}

#[test]
fn what_is_not_offered_is_not_acceptable_and_the_list_is_told() {
    check("image/png", None);
    check("*/*;q=0", None);
    let problem = negotiate(Some("image/png"), OFFERED).unwrap_err();
    assert_eq!(problem.to_json("", None)["available"][1], "application/ld+json");
}

#[test]
fn a_suffix_pins_a_format_that_is_offered() {
    assert_eq!(split_suffix("0190.ttl", OFFERED), ("0190", Some(Format::Turtle)));
    for text in ["0190", "0190.csv", ".ttl", "a.b"] {
        assert_eq!(split_suffix(text, OFFERED), (text, None));
    }
}

#[test]
fn of_several_suffixes_that_fit_the_longest_counts() {
    let offered = &[Format::Html, Format::Fragment, Format::MapSvg];
    for (text, expected) in [
        ("leith.html", ("leith", Some(Format::Html))),
        ("leith.fragment.html", ("leith", Some(Format::Fragment))),
        ("leith.map.svg", ("leith", Some(Format::MapSvg))),
        ("leith.svg", ("leith.svg", None)),
        (".fragment.html", (".fragment", Some(Format::Html))),
        ("55.9,-3.2", ("55.9,-3.2", None)),
    ] {
        assert_eq!(split_suffix(text, offered), expected);
    }
}

#[test]
fn each_format_has_its_own_suffix_and_media_type() {
    // These are never negotiated: their media types mean the page, and the
    // JSON of records.
    let is_negotiated =
        |format: &&Format| ![Format::Fragment, Format::OpenReferral].contains(format);
    for format in Format::ALL.iter().filter(is_negotiated) {
        assert_eq!(Format::of_suffix(format.suffix()), Some(*format));
        let same =
            |other: &&Format| other.media_type() == format.media_type() && is_negotiated(other);
        assert_eq!(Format::ALL.iter().filter(same).count(), 1);
    }
}

#[test]
fn the_wanted_language_is_given_when_it_is_ours() {
    for (header, language) in [
        (None, Language::English),
        (Some("gd-GB, en;q=0.8"), Language::Gaelic),
        (Some("en, sco"), Language::English),
        (Some("fr, sco;q=0.4"), Language::Scots),
        (Some("gd;q=0"), Language::English),
    ] {
        assert_eq!(Language::negotiate(header), language, "{header:?}");
    }
}

proptest! {
    #[test]
    fn no_header_makes_it_panic(header in "\\PC{0,80}") {
        let _ = negotiate(Some(&header), OFFERED);
        let _ = Language::negotiate(Some(&header));
    }

    #[test]
    fn none_is_wanted_more_than_the_chosen_one(
        wishes in proptest::collection::vec((0..7_usize, 0..=10_u16), 0..6)
    ) {
        let names = [
            "text/html", "application/ld+json", "application/json", "text/turtle",
            "text/*", "application/*", "*/*",
        ];
        let header: Vec<String> = wishes
            .iter()
            .map(|(name, tenths)| format!("{};q={:.1}", names[*name], f64::from(*tenths) / 10.0))
            .collect();
        // By hand: for each offered type, the best quality of the most exact kind of range.
        let wanted = |format: &Format| {
            let family = format!("{}/*", format.media_type().split('/').next().unwrap());
            for name in [format.media_type(), family.as_str(), "*/*"] {
                let named = wishes.iter().filter(|(at, _)| names[*at] == name);
                if let Some(best) = named.map(|(_, tenths)| *tenths).max() {
                    return best;
                }
            }
            0
        };
        let most = OFFERED.iter().map(wanted).max().unwrap();
        match negotiate(Some(&header.join(", ")), OFFERED) {
            Ok(chosen) if wishes.is_empty() => prop_assert_eq!(chosen, Format::Html),
            Ok(chosen) => {
                prop_assert!(most > 0);
                prop_assert_eq!(wanted(&chosen), most);
            }
            Err(_) => prop_assert_eq!(most, 0),
        }
    }
}

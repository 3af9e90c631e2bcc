//! Tests of reading feeds.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use url::Url;

use super::*;
use crate::harvest::extraction::Severity;
use crate::harvest::rhythm::LONGEST_WISH;

macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("../../../../tests/fixtures/harvest/", $path))
    };
}

fn document(url: &str, bytes: &[u8]) -> Document {
    Document {
        url: url.parse().unwrap(),
        media_type: None,
        charset: None,
        bytes: bytes.to_vec(),
        retrieved_at: now(),
    }
}

fn now() -> Timestamp {
    "2026-11-22T02:00:00Z".parse().unwrap()
}

fn read(bytes: &[u8]) -> Extraction {
    extract(&document("https://partner.example/feed", bytes), &Reading::plain(now()))
}

fn fields(draft: &Draft) -> Json {
    Json::Object(draft.fields.clone())
}

fn codes(extraction: &Extraction) -> Vec<(Severity, &str)> {
    let problems = extraction.problems.iter();
    problems.map(|problem| (problem.severity, problem.code.as_str())).collect()
}

#[test]
fn posts_of_a_blog_become_resources() {
    let extraction = read(fixture!("rss/community-blog/input.xml"));
    assert!(extraction.problems.is_empty(), "{:?}", extraction.problems);
    let draft = &extraction.drafts[0];
    assert_eq!(
        (draft.kind.as_str(), draft.key.as_str()),
        ("resource", "https://kirktontrust.example/?p=1841")
    );
    assert_eq!(draft.modified.as_deref(), Some("Thu, 19 Nov 2026 16:30:00 +0000"));
    assert_eq!(draft.fields["name"], "Warm space opens at the hall & café");
    assert_eq!(draft.fields["url"], "https://kirktontrust.example/2026/11/warm-space/");
    assert_eq!(draft.fields["resourceType"], "article");
    assert_eq!(draft.fields["published"], "2026-11-19");
    assert_eq!(draft.fields["authors"], json!([{"name": "Mairi Campbell"}]));
    assert!(draft.fields["description"].as_str().unwrap().contains("01968 555 012"));
    assert!(draft.fields["summary"].as_str().unwrap().starts_with("<p>Soup, tea"));
    let terms: Vec<_> =
        draft.terms.iter().map(|term| (term.label.as_str(), term.scheme.as_deref())).collect();
    assert_eq!(
        terms,
        [("Warm spaces", None), ("Older people", Some("https://kirktontrust.example/audience"))]
    );
}

#[test]
fn a_title_keeps_its_html_and_a_day_is_that_of_the_source() {
    let extraction = read(fixture!("rss/community-blog/input.xml"));
    let draft = &extraction.drafts[1];
    assert_eq!(draft.fields["name"], "<em>Gàidhlig</em> conversation: seachdain na Gàidhlig");
    // Half past eleven in the evening, UTC, is the next day in summer.
    assert_eq!(draft.fields["published"], "2026-07-15");
    // An address of a mailbox is no author.
    assert!(!draft.fields.contains_key("authors"));
}

#[test]
fn a_feed_says_what_it_is() {
    let about = read(fixture!("rss/community-blog/input.xml")).about;
    assert_eq!(about.title.as_deref(), Some("Kirkton Community Trust"));
    assert_eq!(about.language.as_deref(), Some("en-GB"));
    assert_eq!(about.attribution.as_deref(), Some("Kirkton Community Trust, CC BY 4.0"));
    assert_eq!(about.hubs[0].as_str(), "https://hub.example/");
    assert_eq!(about.own.unwrap().as_str(), "https://kirktontrust.example/feed/");
    assert_eq!(about.refresh_after, Some(Duration::from_hours(1)));
}

#[test]
fn a_broken_feed_is_read_as_far_as_it_goes() {
    let extraction = read(fixture!("rss/broken/input.xml"));
    let names: Vec<&Json> = extraction.drafts.iter().map(|draft| &draft.fields["name"]).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert_eq!(names[0], "Walk to <b>Cramond</b> & back&nbsp;again");
    // One guid for two pages is worth nothing.
    assert_eq!(extraction.drafts[0].key, "walks");
    assert_eq!(extraction.drafts[1].key, "http://leithwalkers.example/walks?id=2");
    assert_eq!(extraction.drafts[1].fields["published"], "2026-10-31");
    assert!(!extraction.drafts[0].fields.contains_key("published"));
    let codes = codes(&extraction);
    for expected in [
        (Severity::Warning, "raw-markup"),
        (Severity::Warning, "lone-ampersand"),
        (Severity::Error, "bad-date"),
        (Severity::Warning, "duplicate-guid"),
        (Severity::Warning, "duplicate-item"),
        (Severity::Error, "no-key"),
    ] {
        assert!(codes.contains(&expected), "{expected:?} in {codes:?}");
    }
    // A silly `ttl` can't park the feed.
    assert_eq!(extraction.about.refresh_after, Some(LONGEST_WISH));
}

#[test]
fn items_that_say_when_are_events() {
    let extraction = read(fixture!("rss/events/input.xml"));
    assert_eq!(codes(&extraction), [(Severity::Error, "end-before-start")]);
    let [dance, backwards, news] = extraction.drafts.as_slice() else { panic!("three items") };
    assert_eq!(
        fields(dance),
        json!({
            "name": "Tea dance",
            "url": "https://whatson.example/tea-dance",
            "description": "All welcome.",
            "assetType": "event",
            "schedule": [{"startDate": "2026-12-05", "startTime": "14:00", "endTime": "16:00"}],
            "locations": [{"name": "Town Hall, Greenock PA15 1LY", "postcode": "PA15 1LY",
                           "latitude": 55.9486, "longitude": -4.7642}],
        })
    );
    assert_eq!(backwards.fields["online"], true);
    assert_eq!(
        backwards.fields["schedule"],
        json!([{"startDate": "2026-12-05", "startTime": "14:00"}])
    );
    assert_eq!(news.kind, "resource");
}

#[test]
fn rss_1_and_0_91_are_read() {
    let extraction = read(fixture!("rss/rss10/input.rdf"));
    assert!(extraction.problems.is_empty(), "{:?}", extraction.problems);
    let [news, day] = extraction.drafts.as_slice() else { panic!("two items: {extraction:?}") };
    assert_eq!(news.fields["name"], "Café reopens");
    assert_eq!(news.fields["published"], "2026-10-01");
    assert_eq!(news.fields["authors"], json!([{"name": "Museum team"}]));
    assert_eq!(
        day.fields["schedule"],
        json!([{"startDate": "2027-05-01", "endDate": "2027-05-02"}])
    );
    let old = read(fixture!("rss/rss091/input.xml"));
    assert_eq!(old.drafts[0].fields["name"], "Harvest supper");
    assert_eq!(old.drafts[0].key, "http://parish.example/supper");
}

#[test]
fn half_a_feed_keeps_what_was_read_and_is_broken() {
    let extraction = read(fixture!("rss/truncated/input.xml"));
    assert_eq!(codes(&extraction)[0], (Severity::Broken, "truncated"));
    assert_eq!(extraction.drafts[0].key, "d1");
}

#[test]
fn atom_entries_have_their_base_and_deleted_ones_are_deletions() {
    let extraction = read(fixture!("atom/library-news/input.xml"));
    assert!(extraction.problems.is_empty(), "{:?}", extraction.problems);
    let [bookbug, printing, gone] = extraction.drafts.as_slice() else { panic!("{extraction:?}") };
    assert_eq!(bookbug.fields["url"], "https://libraries.example/news/bookbug");
    assert_eq!(bookbug.fields["published"], "2026-11-20");
    assert_eq!(bookbug.modified.as_deref(), Some("2026-11-20T09:00:00Z"));
    assert_eq!(bookbug.fields["authors"], json!([{"name": "Library team"}]));
    assert_eq!(bookbug.fields["summary"], "Songs and rhymes for under fives.");
    assert!(bookbug.fields["description"].as_str().unwrap().contains("<p>Songs, rhymes and"));
    let term = &bookbug.terms[0];
    assert_eq!((term.label.as_str(), term.code.as_deref()), ("Early years", Some("early-years")));
    assert_eq!(printing.fields["url"], "https://other.example/base/printing");
    let links_whole = printing.fields["description"]
        .as_str()
        .unwrap()
        .contains("https://other.example/base/branches");
    assert!(links_whole || printing.base.is_some(), "{printing:?}");
    assert_eq!((gone.key.as_str(), gone.state), ("tag:libraries.example,2026:7", State::Deleted));
    assert_eq!(gone.modified.as_deref(), Some("2026-11-18T08:00:00Z"));
    let about = extraction.about;
    assert_eq!(about.own.unwrap().as_str(), "https://libraries.example/news/feed.atom");
    assert_eq!(about.licence.as_deref(), Some("https://creativecommons.org/licenses/by/4.0/"));
    assert_eq!(about.hubs[0].as_str(), "https://hub.example/websub");
}

#[test]
fn json_feeds_of_both_versions_are_read() {
    let extraction = read(fixture!("json-feed/version-1-1/input.json"));
    let [larder, untitled] = extraction.drafts.as_slice() else { panic!("{extraction:?}") };
    assert_eq!(larder.fields["authors"], json!([{"name": "Isla Grant"}]));
    assert_eq!(larder.fields["published"], "2026-11-11");
    assert_eq!(larder.fields["summary"], "Six steps.");
    assert_eq!(larder.fields["languages"], json!(["en"]));
    assert_eq!(larder.terms.len(), 2);
    // The crate passes over a number as an id, so the address is the key.
    assert_eq!(untitled.key, "https://morayfood.example/posts/13");
    assert_eq!(codes(&extraction), [(Severity::Error, "bad-date")]);
    assert_eq!(extraction.about.hubs.len(), 1);
    let first = read(fixture!("json-feed/version-1/input.json"));
    assert_eq!(first.drafts[0].fields["authors"], json!([{"name": "Tam"}]));
    assert_eq!(codes(&first), [(Severity::Error, "no-key")]);
}

#[test]
fn each_row_knows_its_own_whatever_the_media_type_says() {
    let cases: [(&[u8], [u8; 3]); 7] = [
        (fixture!("rss/community-blog/input.xml"), [95, 0, 0]),
        (fixture!("rss/broken/input.xml"), [95, 0, 0]),
        (fixture!("rss/rss10/input.rdf"), [90, 0, 0]),
        (fixture!("rss/rss091/input.xml"), [95, 0, 0]),
        (fixture!("atom/library-news/input.xml"), [0, 95, 0]),
        (fixture!("json-feed/version-1/input.json"), [0, 0, 97]),
        (b"<!DOCTYPE html><html><body><rss></body></html>", [0, 0, 0]),
    ];
    for (bytes, expected) in cases {
        let mut document = document("https://partner.example/feed", bytes);
        document.media_type = Some("text/html".to_owned());
        let sure = [RSS, ATOM, JSON_FEED].map(|format| (format.recognises)(&document));
        assert_eq!(sure, expected);
    }
}

#[test]
fn bytes_of_windows_1252_that_claim_to_be_utf_8_are_read_right() {
    let text = b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>x</title>\
        <item><guid>1</guid><title>Dementia Caf\xe9 \x96 St Mary\x92s</title></item></channel></rss>";
    let extraction = read(text);
    assert_eq!(extraction.drafts[0].fields["name"], "Dementia Café – St Mary’s");
    assert!(!extraction.problems.is_empty());
    let utf8 = "\u{feff}<?xml version='1.0' encoding='iso-8859-1'?><rss version='2.0'><channel>\
        <title>x</title><item><guid>1</guid><title>Dementia Café</title></item></channel></rss>";
    assert_eq!(read(utf8.as_bytes()).drafts[0].fields["name"], "Dementia Café");
}

#[test]
fn html_that_is_not_escaped_is_kept_whole() {
    let text = "<rss version='2.0'><channel><title>x</title><item><guid>1</guid>\
        <title>One <i>two</i> three</title><description><p>Tea &amp; talk<br>Fridays</p></description>\
        </item></channel></rss>";
    let extraction = read(text.as_bytes());
    assert_eq!(extraction.drafts[0].fields["name"], "One <i>two</i> three");
    assert_eq!(extraction.drafts[0].fields["description"], "<p>Tea &amp; talk<br>Fridays</p>");
    assert!(!extraction.drafts[0].fields.contains_key("url"));
    assert_eq!(codes(&extraction), [(Severity::Warning, "raw-markup")]);
}

#[test]
fn the_same_item_with_other_content_is_the_one_changed_last() {
    let item = |title: &str, day: u8| {
        format!(
            "<item><guid>1</guid><title>{title}</title><pubDate>{day:02} Nov 2026 10:00:00 GMT</pubDate></item>"
        )
    };
    let feed = |items: String| {
        format!("<rss version='2.0'><channel><title>x</title>{items}</channel></rss>")
    };
    for items in [item("old", 1) + &item("new", 2), item("new", 2) + &item("old", 1)] {
        let extraction = read(feed(items).as_bytes());
        assert_eq!(extraction.drafts.len(), 1);
        assert_eq!(extraction.drafts[0].fields["name"], "new");
        assert_eq!(codes(&extraction), [(Severity::Error, "duplicate-item")]);
    }
}

#[test]
fn excluded_hours_and_days_and_the_rhythm_that_it_wishes_are_kept_as_said() {
    let feed = |extra: &str| {
        let text = format!(
            "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>\
             <channel><title>x</title>{extra}</channel></rss>"
        );
        read(text.as_bytes()).about
    };
    let about = feed(
        "<skipHours><hour>0</hour><hour>23</hour></skipHours>\
         <skipDays><day>Saturday</day><day>Sunday</day></skipDays>",
    );
    assert_eq!((about.skip_hours, about.skip_days), (vec![0, 23], vec![6, 7]));
    assert_eq!(about.refresh_after, None);
    for (wish, expected) in [
        ("<ttl>60</ttl>", Some(Duration::from_hours(1))),
        ("<ttl>soon</ttl>", None),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", Some(Duration::from_hours(7 * 24))),
        ("<sy:updatePeriod>monthly</sy:updatePeriod>", Some(Duration::from_hours(30 * 24))),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", Some(LONGEST_WISH)),
    ] {
        assert_eq!(feed(wish).refresh_after, expected, "{wish}");
    }
}

#[test]
fn entity_bombs_and_deep_nesting_do_no_harm() {
    let laughs = (1..10)
        .map(|level| format!("<!ENTITY l{level} '{}'>", format!("&l{};", level - 1).repeat(10)))
        .collect::<Vec<_>>()
        .concat();
    let bomb = format!(
        "<!DOCTYPE rss [<!ENTITY l0 'lol'>{laughs}<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\
         <rss version='2.0'><channel><title>x</title><item><guid>1</guid><title>&l9;&x;</title></item></channel></rss>"
    );
    let extraction = read(bomb.as_bytes());
    let name = extraction.drafts.first().and_then(|draft| draft.fields.get("name"));
    assert!(name.is_none_or(|name| name.as_str().unwrap().len() < 100), "{name:?}");
    let deep = format!("<rss version='2.0'><channel>{}", "<a>".repeat(200_000));
    assert!(read(deep.as_bytes()).drafts.is_empty());
    let json = format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": {}",
        "[".repeat(100_000)
    );
    assert!(
        codes(&read(json.as_bytes())).iter().any(|(severity, _)| *severity == Severity::Broken)
    );
}

#[test]
fn what_is_no_feed_is_broken() {
    for text in ["", "<html><body>Log in</body></html>", "{}", "{\"version\": 1}", "plain"] {
        let extraction = read(text.as_bytes());
        assert!(extraction.drafts.is_empty());
        assert!(
            extraction.problems.iter().any(|p| p.severity == Severity::Broken),
            "{text}: {extraction:?}"
        );
    }
}

#[test]
fn whatever_is_cut_off_or_changed_nothing_panics() {
    for bytes in [
        &fixture!("rss/broken/input.xml")[..],
        &fixture!("rss/rss10/input.rdf")[..],
        &fixture!("atom/library-news/input.xml")[..],
        &fixture!("json-feed/version-1-1/input.json")[..],
    ] {
        for number in 0..bytes.len() {
            let mut changed = bytes.to_vec();
            changed[number] = changed[number].wrapping_mul(31).wrapping_add(7);
            changed.truncate(bytes.len() - number / 3);
            let _ = read(&changed);
        }
    }
}

/// The addresses of the items of a feed at `https://partner.example/news/feed.xml`.
fn urls_of(feed: &str) -> Vec<String> {
    let extraction = extract(
        &document("https://partner.example/news/feed.xml", feed.as_bytes()),
        &Reading::plain(now()),
    );
    let url = |draft: &Draft| draft.fields.get("url").and_then(Json::as_str).map(str::to_owned);
    extraction.drafts.iter().map(|draft| url(draft).unwrap_or_default()).collect()
}

#[test]
fn links_of_atom_are_completed_with_the_base_in_scope_or_the_address_of_the_feed() {
    let entry = |id: u32, base: &str, link: &str| {
        format!("<entry {base}><id>urn:{id}</id><title>x</title>{link}</entry>")
    };
    let entries = [
        entry(1, "", r#"<link href="page"/>"#),
        entry(2, r#"xml:base="deep/""#, r#"<link href="page"/>"#),
        entry(3, r#"xml:base="deep/""#, r#"<link xml:base="../up/" href="page?a=1"/>"#),
        entry(4, r#"xml:base="https://other.example/x""#, r#"<link rel="alternate" href="/y"/>"#),
        entry(5, "", r#"<link rel="edit" href="no"/><link href="http://127.0.0.1:9/own"/>"#),
        entry(6, "", r##"<link href="#six"/>"##),
    ]
    .concat();
    let feed = |base: &str| {
        format!(
            r#"<feed xmlns="http://www.w3.org/2005/Atom" {base}><title>x</title>{entries}</feed>"#
        )
    };
    assert_eq!(
        urls_of(&feed(r#"xml:base="https://partner.example/base/""#)),
        [
            "https://partner.example/base/page",
            "https://partner.example/base/deep/page",
            "https://partner.example/base/up/page?a=1",
            "https://other.example/y",
            "http://127.0.0.1:9/own",
            "https://partner.example/base/#six",
        ]
    );
    let without = urls_of(&feed(""));
    assert_eq!(without[0], "https://partner.example/news/page");
    assert_eq!(without[1], "https://partner.example/news/deep/page");
    // A base that is relative itself is one to the address of the feed.
    assert_eq!(urls_of(&feed(r#"xml:base="b/""#))[0], "https://partner.example/news/b/page");
    // One that is no address of the web is none.
    assert_eq!(urls_of(&feed(r#"xml:base="javascript:x""#))[0], without[0]);
}

#[test]
fn links_of_rss_are_completed_alike_and_a_word_without_a_base_is_no_link() {
    let feed = r#"<rss version="2.0"><channel><title>x</title><link>https://elsewhere.example/</link>
        <item xml:base="https://partner.example/b/"><title>1</title><link>one.html</link></item>
        <item><title>2</title><link>two.html</link></item>
        <item xml:base="https://partner.example/b/"><title>3</title><link>three</link></item>
        <item><title>4</title><guid>four</guid><link>none</link></item></channel></rss>"#;
    assert_eq!(
        urls_of(feed),
        [
            "https://partner.example/b/one.html",
            "https://partner.example/news/two.html",
            "https://partner.example/b/three",
            "none",
        ]
    );
}

#[test]
fn texts_have_the_base_of_their_own_element() {
    let feed = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://partner.example/base/">
        <title>x</title><link rel="hub" href="hub"/>
        <entry><id>1</id><title>x</title><content type="html" xml:base="deep/">&lt;a href="y"&gt;y&lt;/a&gt;</content></entry>
        <entry><id>2</id><title>x</title></entry></feed>"#;
    let extraction = read(feed.as_bytes());
    let bases: Vec<_> =
        extraction.drafts.iter().map(|draft| draft.base.as_ref().map(Url::as_str)).collect();
    assert_eq!(
        bases,
        [Some("https://partner.example/base/deep/"), Some("https://partner.example/base/")]
    );
    assert_eq!(extraction.about.hubs[0].as_str(), "https://partner.example/base/hub");
    assert_eq!(read(b"<rss version='2.0'><channel><item><title>x</title><guid>1</guid></item></channel></rss>").drafts[0].base, None);
}

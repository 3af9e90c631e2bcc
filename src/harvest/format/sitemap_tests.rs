//! Tests of reading sitemaps.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;

use super::*;

fn document(url: &str, bytes: &[u8]) -> Document {
    Document {
        url: url.parse().unwrap(),
        media_type: None,
        charset: None,
        bytes: bytes.to_vec(),
        retrieved_at: Timestamp::UNIX_EPOCH,
    }
}

fn read_at(url: &str, bytes: &[u8]) -> Extraction {
    extract(&document(url, bytes), &Reading::plain(Timestamp::UNIX_EPOCH))
}

fn read_text(text: &str) -> Extraction {
    read_at("https://leithhub.example/sitemap.xml", text.as_bytes())
}

fn followed(extraction: &Extraction) -> Vec<(&str, &str)> {
    let part = |follow: &Follow| follow.role == Role::Part;
    assert!(extraction.follow.iter().all(part));
    let both = |follow: &'_ Follow| follow.format.unwrap_or("");
    extraction.follow.iter().map(|follow| (follow.url.as_str(), both(follow))).collect()
}

fn codes(extraction: &Extraction) -> Vec<(Severity, &str)> {
    let problems = extraction.problems.iter();
    problems.map(|problem| (problem.severity, problem.code.as_str())).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const PAGES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <image:image><image:loc>https://cdn.example/hall.jpg</image:loc></image:image>
    <loc> https://leithhub.example/groups/walking?a=1&amp;b=2#top </loc>
    <lastmod>2099-01-01</lastmod>
  </url>
  <url><loc>/groups/walking?a=1&amp;b=2</loc></url>
  <url><loc>http://www.leithhub.example/caf%C3%A9</loc></url>
</urlset>"#;

#[test]
fn pages_of_a_urlset_are_parts_and_images_are_passed_over() {
    let extraction = read_text(PAGES);
    assert_eq!(
        followed(&extraction),
        [
            ("https://leithhub.example/groups/walking?a=1&b=2", "html"),
            ("http://www.leithhub.example/caf%C3%A9", "html"),
        ]
    );
    assert!(extraction.problems.is_empty(), "{:?}", extraction.problems);
    assert!(extraction.drafts.is_empty());
}

#[test]
fn children_of_an_index_are_sitemaps() {
    let extraction = read_text(
        "\u{feff}  <sitemapindex><sitemap><loc>http://leithhub.example/s1.xml.gz</loc></sitemap>\
         <sitemap><loc>https://leithhub.example/sitemap.xml</loc></sitemap></sitemapindex>",
    );
    assert_eq!(followed(&extraction), [("https://leithhub.example/s1.xml.gz", "sitemap")]);
    assert_eq!(codes(&extraction), [(Severity::Error, "own-address")]);
}

#[test]
fn a_sitemap_without_loc_and_an_empty_result_are_broken() {
    let extraction = read_text(
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\n<sitemap>\
         <lastmod>2026-01-01</lastmod></sitemap></sitemapindex>",
    );
    assert_eq!(codes(&extraction), [(Severity::Broken, "no-address")]);
    assert_eq!(extraction.problems[0].at, "line 2");
    for empty in ["<urlset/>", "", "<html><body>Log in</body></html>"] {
        assert_eq!(codes(&read_text(empty)), [(Severity::Broken, "empty")], "{empty}");
    }
}

#[test]
fn entries_that_are_no_addresses_of_the_web_are_refused() {
    // Which hosts a listing may lead to is for the run to say.
    let extraction = read_text(
        "<urlset><url><loc>https://elsewhere.example/x</loc></url>\
         <url><loc>javascript:alert(1)</loc></url>\
         <url><loc>https://leithhub.example/x</loc></url></urlset>",
    );
    let expected = ["https://elsewhere.example/x", "https://leithhub.example/x"];
    assert_eq!(followed(&extraction), expected.map(|url| (url, "html")));
    assert_eq!(codes(&extraction), [(Severity::Error, "bad-address")]);
}

#[test]
fn a_list_of_addresses_as_text_is_a_sitemap() {
    let text = "https://leithhub.example/a\r\n\r\nhttps://leithhub.example/b\n";
    let mut listed = document("https://leithhub.example/list", text.as_bytes());
    listed.media_type = Some("text/plain".to_owned());
    assert_eq!(recognises(&listed), 70);
    let extraction = extract(&listed, &Reading::plain(Timestamp::UNIX_EPOCH));
    assert_eq!(
        followed(&extraction),
        [("https://leithhub.example/a", "html"), ("https://leithhub.example/b", "html")]
    );
}

#[test]
fn gzip_is_known_by_its_first_bytes_and_not_by_the_name() {
    let packed = gzip(PAGES.as_bytes());
    let named = document("https://leithhub.example/pages", &packed);
    assert_eq!(recognises(&named), 95);
    assert_eq!(read_at("https://leithhub.example/pages", &packed).follow.len(), 2);
    assert_eq!(read_at("https://leithhub.example/pages.gz", PAGES.as_bytes()).follow.len(), 2);
}

#[test]
fn bombs_and_broken_gzip_are_errors() {
    let zeros = gzip(&vec![b' '; usize::try_from(LARGEST).unwrap() + 10]);
    assert_eq!(codes(&read_at("https://a.example/", &zeros)), [(Severity::Broken, "too-large")]);
    let nested = gzip(&gzip(PAGES.as_bytes()));
    assert_eq!(codes(&read_at("https://a.example/", &nested)), [(Severity::Broken, "nested-gzip")]);
    let half = &gzip(PAGES.as_bytes())[..40];
    assert_eq!(codes(&read_at("https://a.example/", half)), [(Severity::Broken, "bad-gzip")]);
}

#[test]
fn half_a_sitemap_keeps_what_was_read_and_is_broken() {
    let half = &PAGES[..PAGES.len() - 60];
    let extraction = read_text(half);
    assert_eq!(extraction.follow.len(), 1);
    assert_eq!(codes(&extraction), [(Severity::Broken, "bad-xml")]);
}

#[test]
fn more_than_the_protocol_allows_is_broken() {
    let pages =
        (0..=MOST_PAGES).map(|n| format!("https://a.example/{n}\n")).collect::<Vec<_>>().concat();
    let extraction = read_at("https://a.example/sitemap.txt", pages.as_bytes());
    assert_eq!(extraction.follow.len(), MOST_PAGES);
    assert_eq!(codes(&extraction), [(Severity::Broken, "too-many")]);
    let children = (0..=MOST_SITEMAPS)
        .map(|n| format!("<sitemap><loc>https://a.example/{n}</loc></sitemap>"))
        .collect::<Vec<_>>()
        .concat();
    let index = format!("<sitemapindex>{children}</sitemapindex>");
    assert_eq!(read_at("https://a.example/", index.as_bytes()).follow.len(), MOST_SITEMAPS);
}

#[test]
fn refused_addresses_are_named_up_to_a_number_and_counted() {
    let text = (0..100).map(|n| format!("ftp://a.example/{n}\n")).collect::<Vec<_>>().concat();
    let extraction = read_at("https://a.example/sitemap.txt", text.as_bytes());
    assert_eq!(extraction.problems.len(), MOST_NAMED + 2);
    assert!(extraction.problems[MOST_NAMED].what.starts_with("100 addresses"));
}

#[test]
fn pages_and_feeds_are_not_taken_for_sitemaps() {
    for text in ["<html><a href='x'>sitemapindex</a></html>", "<rss><channel/></rss>", "{}", ""] {
        assert_eq!(recognises(&document("https://a.example/", text.as_bytes())), 0, "{text}");
    }
    let prefixed = b"<?xml version='1.0'?><s:urlset xmlns:s='x'><s:url/></s:urlset>";
    assert_eq!(recognises(&document("https://a.example/", prefixed)), 95);
}

#[test]
fn whatever_is_cut_off_or_changed_nothing_panics() {
    for bytes in [PAGES.as_bytes(), &gzip(PAGES.as_bytes())] {
        for number in 0..bytes.len() {
            let mut changed = bytes.to_vec();
            changed[number] = changed[number].wrapping_mul(31).wrapping_add(7);
            changed.truncate(bytes.len() - number / 3);
            let _ = read_at("https://partner.example/", &changed);
        }
    }
}

#[test]
fn the_items_of_a_feed_that_is_named_as_a_sitemap_are_pages() {
    let rss = r#"<rss version="2.0"><channel><link>https://partner.example/</link>
        <image><url>https://partner.example/logo.png</url></image>
        <item><link>https://partner.example/a</link></item>
        <item xml:base="https://partner.example/b/"><link>one.html</link></item>
        <item><guid>https://partner.example/c</guid></item>
        <item><guid isPermaLink="false">https://partner.example/d</guid></item>
        </channel></rss>"#;
    let extraction = read_text(rss);
    assert_eq!(
        followed(&extraction),
        [
            ("https://partner.example/a", "html"),
            ("https://partner.example/b/one.html", "html"),
            ("https://partner.example/c", "html"),
        ]
    );
    assert_eq!(codes(&extraction), [(Severity::Error, "no-address")]);
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/blog/">
        <link rel="self" href="feed.xml"/><entry><id>1</id><link rel="edit" href="no"/>
        <link href="page"/></entry></feed>"#;
    let extraction = read_text(atom);
    let page = followed(&extraction)[0].0;
    assert!(page.ends_with("/blog/page"), "{page}");
    assert_eq!(extraction.follow.len(), 1);
}

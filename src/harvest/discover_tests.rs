use super::*;

const NOW: &str = "2026-11-22T10:00:00Z";

fn home(html: &str) -> Document {
    Document {
        url: "https://partner.example/".parse().unwrap(),
        media_type: Some("text/html".to_owned()),
        charset: None,
        bytes: html.as_bytes().to_vec(),
        retrieved_at: NOW.parse().unwrap(),
    }
}

#[track_caller]
fn check(html: &str, robots: Option<&str>, expected: &[(&str, Option<&str>, &str, How)]) {
    let found = candidates(&home(html), robots);
    let found: Vec<_> = found
        .iter()
        .filter(|candidate| candidate.how != How::Usual)
        .map(|it| (it.url.as_str(), it.format, it.label.as_str(), it.how))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn feeds_that_the_page_names_are_found() {
    check(
        r#"<html><head><meta property="og:site_name" content="Partner">
        <link rel="alternate" type="application/rss+xml" title="News &amp; events" href="/feed/">
        <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
        <link rel="alternate" type="application/atom+xml" href="atom.xml">
        <link rel="alternate" type="application/feed+json" href="feed.json">
        <link rel="alternate" type="application/json+oembed" href="/oembed">
        <link rel="alternate" hreflang="gd" href="/gd/"></head></html>"#,
        None,
        &[
            ("https://partner.example/feed/", Some("rss"), "News & events", How::Linked),
            ("https://partner.example/atom.xml", Some("atom"), "Partner: Feed", How::Linked),
            ("https://partner.example/feed.json", Some("json-feed"), "Partner: Feed", How::Linked),
        ],
    );
}

#[test]
fn calendars_are_found_under_webcal_too() {
    check(
        r#"<html><body><a href="webcal://cal.example/club.ics">Subscribe</a>
        <a href="/events.ics?x=1">Download</a><a href="mailto:a@b.example">Write</a></body></html>"#,
        None,
        &[
            ("https://cal.example/club.ics", Some("ical"), "Calendar", How::Linked),
            ("https://partner.example/events.ics?x=1", Some("ical"), "Calendar", How::Linked),
        ],
    );
}

#[test]
fn sitemaps_of_robots_are_found_whatever_their_case_and_group() {
    check(
        "<html></html>",
        Some(
            "User-agent: *\nDisallow: /admin\nSITEMAP: https://partner.example/map.xml # all\nSitemap:/news.xml\nSitemap: ftp://partner.example/x\n",
        ),
        &[
            ("https://partner.example/map.xml", Some("sitemap"), "Sitemap", How::Robots),
            ("https://partner.example/news.xml", Some("sitemap"), "Sitemap", How::Robots),
        ],
    );
}

#[test]
fn what_the_page_itself_says_is_a_candidate() {
    check(
        r#"<html><script type="application/ld+json">{"@context": "https://schema.org",
        "@graph": [{"@type": "WebSite", "name": "x"}, {"@type": "NGO", "name": "y"}]}</script></html>"#,
        None,
        &[("https://partner.example/", Some("html"), "This page: NGO", How::Given)],
    );
}

#[test]
fn the_files_of_an_openactive_data_set_are_found() {
    check(
        r#"<html><script type="application/ld+json">{"@context": ["https://schema.org/"],
        "@type": "Dataset", "name": "Sessions", "distribution": [
          {"@type": "DataDownload", "name": "SessionSeries",
           "additionalType": "https://openactive.io/SessionSeries",
           "encodingFormat": "application/vnd.openactive.rpde+json; version=1",
           "contentUrl": "https://api.partner.example/rpde/session-series"},
          {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": "/all.csv"}]}</script></html>"#,
        None,
        &[
            (
                "https://partner.example/",
                Some("html"),
                "This page: DataDownload, Dataset",
                How::Given,
            ),
            (
                "https://api.partner.example/rpde/session-series",
                Some("rpde"),
                "SessionSeries",
                How::Described,
            ),
            ("https://partner.example/all.csv", Some("csv"), "File of a data set", How::Described),
        ],
    );
}

#[test]
fn hubs_are_told_apart_from_sources() {
    check(
        r#"<html><head><link rel="hub" href="https://hub.example/"></head></html>"#,
        None,
        &[("https://hub.example/", None, "WebSub hub", How::Hub)],
    );
}

#[test]
fn usual_addresses_come_last_and_once() {
    let found = candidates(&home("<html></html>"), Some("Sitemap: /sitemap.xml"));
    let places: Vec<(&str, How)> = found.iter().map(|it| (it.url.path(), it.how)).collect();
    assert_eq!(places[0], ("/sitemap.xml", How::Robots));
    assert!(places[1..].iter().all(|(path, how)| *path != "/sitemap.xml" && *how == How::Usual));
    assert!(places.contains(&("/services", How::Usual)));
}

#[test]
fn a_page_with_thousands_of_links_gives_few_candidates() {
    let html: String =
        (0..10_000).fold(String::new(), |html, n| html + &format!("<a href=/{n}.ics>x</a>"));
    assert_eq!(candidates(&home(&html), None).len(), MOST_CANDIDATES);
}

#[test]
fn addresses_that_are_not_of_the_web_are_no_candidates() {
    check(
        r#"<html><a href="javascript:x.ics">x</a><a href="file:///etc/x.ics">y</a></html>"#,
        None,
        &[],
    );
}

//! Contract F71 and E7: whatever a publisher says of the use of what it gives,
//! by address or in words, texts are taken only where that is known to let
//! them be shared.

use serde_json::{Value as Json, json};

use super::publisher::World;
use crate::harvest::fetch::tests::server::{Act, answer};
use crate::harvest::settings::Settings;
use crate::model::TermsOfUse;
use crate::record::RecordId;
use crate::register::ledger::{Review, ReviewKind};

const BY: &str = "https://creativecommons.org/licenses/by/4.0/";

/// Whether the text of the record with this key was taken, and the terms that
/// are kept with it.
fn taken(world: &World, kind: &str, key: &str) -> (bool, Option<TermsOfUse>) {
    let id = RecordId::from_key(kind, "partner", key);
    let said = world.register().by_source(&id).unwrap();
    let (_, record) = said.first().unwrap_or_else(|| panic!("no {kind} {key}"));
    let has_text = !record.values("description").is_empty();
    (has_text, world.register().terms_of("partner", &id).unwrap())
}

fn licences(terms: Option<TermsOfUse>) -> Option<Vec<String>> {
    terms.and_then(|terms| terms.licences)
}

fn without_licence(world: &World, path: &str, format: &str) {
    let url = world.server.url(path);
    world.set_source(&json!({
        "name": "Partner", "url": url.as_str(), "format": format, "harvesting": "active",
    }));
}

fn atom(of_feed: &str, entries: &[(&str, &str)]) -> String {
    let entry = |(id, more): &(&str, &str)| {
        format!(
            "<entry><id>{id}</id><title>News {id}</title><link href=\"https://p.example/{id}\"/>\
             <updated>2026-11-20T10:00:00Z</updated><summary>A long text about {id}.</summary>\
             {more}</entry>"
        )
    };
    let entries = entries.iter().map(entry).collect::<Vec<_>>().concat();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>f</id><title>F</title>{of_feed}{entries}</feed>"
    )
}

fn xml(header: &str, body: &str) -> Vec<Act> {
    answer("200 OK", &format!("Content-Type: application/atom+xml\r\n{header}"), body)
}

#[tokio::test]
async fn f71_words_of_an_entry_that_refuse_go_before_the_licence_of_the_source() {
    let body = atom(
        "",
        &[
            ("nc", "<rights>CC BY-NC-ND 4.0</rights>"),
            ("reserved", "<rights>© 2026 Somebody. All rights reserved.</rights>"),
            ("zero", "<rights>CC0</rights>"),
            ("strange", "<link rel=\"license\" href=\"https://p.example/our-terms\"/>"),
            ("credit", "<rights>© Somebody</rights>"),
        ],
    );
    let world = World::new("/feed", "atom", move |_| xml("", &body)).await;
    let run = world.run().await;
    let of = |key: &str| taken(&world, "resource", key);
    let (has_text, terms) = of("nc");
    let nc_nd = "https://creativecommons.org/licenses/by-nc-nd/4.0/".to_owned();
    assert_eq!((has_text, licences(terms)), (false, Some(vec![nc_nd])));
    let (has_text, terms) = of("reserved");
    assert_eq!((has_text, licences(terms)), (false, Some(Vec::new())));
    let (has_text, terms) = of("zero");
    let zero = "https://creativecommons.org/publicdomain/zero/1.0/".to_owned();
    assert_eq!((has_text, licences(terms)), (true, Some(vec![zero])));
    assert!(!of("strange").0);
    let (has_text, terms) = of("credit");
    assert_eq!((has_text, terms.unwrap().attribution.unwrap()), (true, "© Somebody".to_owned()));
    // What is not known is told; what is clearly refused is not a fault.
    let unknown: Vec<String> = world
        .findings(&run)
        .into_iter()
        .filter(|finding| finding.code == "licence-unknown")
        .filter_map(|finding| finding.key)
        .collect();
    assert_eq!(unknown, ["reserved", "strange"]);
}

#[tokio::test]
async fn f71_a_licence_in_words_on_a_page_becomes_no_address() {
    for (licence, has_text, expected) in [
        ("CC BY-NC 4.0", false, vec!["https://creativecommons.org/licenses/by-nc/4.0/"]),
        ("Our own terms", false, vec![]),
        ("CC BY-SA 4.0", true, vec!["https://creativecommons.org/licenses/by-sa/4.0/"]),
    ] {
        let place = json!({ "@context": "https://schema.org/", "@type": "Place", "@id": "#hall",
            "name": "Hall", "description": "A hall.", "license": licence,
            "address": { "@type": "PostalAddress", "postalCode": "EH6 8RG" } });
        let page = format!(
            "<!doctype html><html lang=en><title>Hall</title>\
            <script type=\"application/ld+json\">{place}</script>"
        );
        let world = World::new("/l/w.html", "html", move |_| {
            answer("200 OK", "Content-Type: text/html\r\n", &page)
        })
        .await;
        world.run().await;
        let (text, terms) = taken(&world, "asset", world.server.url("/l/w.html#hall").as_str());
        assert_eq!(text, has_text, "{licence}");
        assert_eq!(licences(terms).unwrap(), expected, "{licence}");
    }
}

#[tokio::test]
async fn f71_the_licence_of_a_page_and_that_of_its_answer_are_those_of_what_is_on_it() {
    const BY_NC: &str = "https://creativecommons.org/licenses/by-nc/4.0/";
    let place = json!({ "@context": "https://schema.org/", "@type": "Place", "@id": "#hall",
        "name": "Hall", "description": "A hall.",
        "address": { "@type": "PostalAddress", "postalCode": "EH6 8RG" } });
    for (head, header) in [
        (format!("<link rel=\"license\" href=\"{BY_NC}\">"), String::new()),
        (String::new(), format!("Link: <{BY_NC}>; rel=\"license\"\r\n")),
    ] {
        let page = format!(
            "<!doctype html><html lang=en><title>Hall</title>{head}\
            <script type=\"application/ld+json\">{place}</script>"
        );
        let world = World::new("/w.html", "html", move |_| {
            answer("200 OK", &format!("Content-Type: text/html\r\n{header}"), &page)
        })
        .await;
        world.run().await;
        let (has_text, terms) = taken(&world, "asset", world.server.url("/w.html#hall").as_str());
        assert_eq!((has_text, licences(terms)), (false, Some(vec![BY_NC.to_owned()])));
    }
}

#[tokio::test]
async fn f71_the_licence_that_a_feed_states_holds_where_its_source_states_none() {
    let in_feed = format!("<link rel=\"license\" href=\"{BY}\"/>");
    let in_header = format!("Link: <{BY}>; rel=\"license\"\r\n");
    for (of_feed, header, has_text) in
        [(&*in_feed, "", true), ("", &*in_header, true), ("", "", false)]
    {
        let (body, header) = (atom(of_feed, &[("a", "")]), header.to_owned());
        let world = World::new("/feed", "atom", move |_| xml(&header, &body)).await;
        without_licence(&world, "/feed", "atom");
        let run = world.run().await;
        let is_told = world.codes(&run).contains(&"no-licence".to_owned());
        let (text, terms) = taken(&world, "resource", "a");
        assert_eq!((text, is_told), (has_text, !has_text));
        assert_eq!(licences(terms), has_text.then(|| vec![BY.to_owned()]));
    }
}

#[tokio::test]
async fn f71_a_feed_that_names_another_licence_than_its_source_is_asked_about_at_once() {
    let of_feed =
        "<link rel=\"license\" href=\"https://creativecommons.org/licenses/by-nc/4.0/\"/>";
    let body = atom(of_feed, &[("a", "")]);
    let world = World::new("/feed", "atom", move |_| xml("", &body)).await;
    assert!(Settings::read(&world.source()).unwrap().licence.as_deref() == Some(BY));
    world.run().await;
    let review: Option<Review> =
        world.register().ledger().get(&Review::key(ReviewKind::Licence, "partner")).unwrap();
    let review = review.expect("somebody is asked");
    assert_eq!(review.why["before"], BY);
    let Json::String(named) = &review.about["licence"] else { panic!("{review:?}") };
    assert!(named.contains("by-nc"));
}

#[tokio::test]
async fn f71_the_licence_of_an_item_of_rss_is_read_by_its_links() {
    let item = |id: &str, more: &str| {
        format!(
            "<item><guid isPermaLink=\"false\">{id}</guid><title>News {id}</title>\
            <link>https://p.example/{id}</link><description>A long text.</description>{more}</item>"
        )
    };
    let nc = "https://creativecommons.org/licenses/by-nc/4.0/";
    let body = format!(
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
         xmlns:cc=\"http://web.resource.org/cc/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel><title>F</title><link>https://p.example/</link><description>F</description>{}{}{}\
         </channel></rss>",
        item(
            "link",
            &format!("<dc:rights>NC House</dc:rights><atom:link rel=\"license\" href=\"{nc}\"/>")
        ),
        item("cc", &format!("<cc:license>{nc}</cc:license>")),
        item("plain", ""),
    );
    let world = World::new("/feed", "rss", move |_| {
        answer("200 OK", "Content-Type: application/rss+xml\r\n", &body)
    })
    .await;
    world.run().await;
    for key in ["link", "cc"] {
        let (has_text, terms) = taken(&world, "resource", key);
        assert_eq!((has_text, licences(terms)), (false, Some(vec![nc.to_owned()])), "{key}");
    }
    assert_eq!(taken(&world, "resource", "plain"), (true, None));
}

#[tokio::test]
async fn f71_the_licence_of_a_data_set_or_file_of_a_catalogue_is_that_of_its_records() {
    const BY_NC: &str = "https://creativecommons.org/licenses/by-nc/4.0/";
    let table =
        |id: &str| format!("id,name,description,postcode\n{id},Hall {id},A hall.,EH6 8RG\n");
    let file = |name: &str, licence: &str| {
        format!(
            "[ a dcat:Distribution ; dcat:downloadURL </{name}.csv> ; dcat:mediaType \
             \"text/csv\" {licence} ]"
        )
    };
    let set = |name: &str, licence: &str, file: &str| {
        format!(
            "</{name}> a dcat:Dataset ; dcterms:title \"{name}\" {licence} ; \
             dcat:distribution {file} .\n"
        )
    };
    let (nc, by) = (format!("; dcterms:license <{BY_NC}>"), format!("; dcterms:license <{BY}>"));
    let body = move |of_first: &str| {
        format!(
            "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n\
             @prefix dcterms: <http://purl.org/dc/terms/> .\n\
             </c> a dcat:Catalog ; dcat:dataset </set>, </file>, </words>, </none> .\n{}{}{}{}",
            set("set", of_first, &file("set", "")),
            set("file", &nc, &file("file", &by)),
            set("words", "; dcterms:rights \"All rights reserved.\"", &file("words", "")),
            set("none", "", &file("none", "")),
        )
    };
    let answers = move |of_first: String| {
        let body = body(&of_first);
        move |received: &crate::harvest::fetch::tests::server::Received| {
            let path = received.path.as_str();
            match path.strip_prefix('/').and_then(|it| it.strip_suffix(".csv")) {
                Some(id) => {
                    let header = "Content-Type: text/csv\r\nETag: \"a\"\r\n";
                    answer("200 OK", header, table(id))
                }
                None => answer("200 OK", "Content-Type: text/turtle\r\n", &body),
            }
        }
    };
    let nc = format!("; dcterms:license <{BY_NC}>");
    let world = World::new("/catalogue.ttl", "dcat", answers(nc)).await;
    let run = world.run().await;
    let of = |key: &str| {
        let (has_text, terms) = taken(&world, "asset", key);
        (has_text, licences(terms))
    };
    assert_eq!(of("set"), (false, Some(vec![BY_NC.to_owned()])), "{:#?}", world.findings(&run));
    // That of the file goes before that of the set; it is that of the source.
    assert_eq!(of("file"), (true, None));
    assert_eq!(of("words"), (false, Some(Vec::new())));
    assert_eq!(of("none"), (true, None));
    // Another licence is another reading, though the file is as it was.
    world.answers(answers(String::new()));
    world.run().await;
    assert_eq!(of("set"), (true, None));
}

#[tokio::test]
async fn f71_the_licence_of_a_web_page_is_that_of_what_is_on_it_and_of_no_other_page() {
    const BY_NC: &str = "https://creativecommons.org/licenses/by-nc/4.0/";
    let hall = json!({ "@type": "Place", "@id": "#hall", "name": "Hall", "description": "A hall.",
        "address": { "@type": "PostalAddress", "postalCode": "EH6 8RG" } });
    let page = |id: Option<&str>, licence: &str| {
        let mut page = json!({ "@type": "WebPage", "name": "Our hall", "license": licence });
        if let Some(id) = id {
            page["@id"] = json!(id);
        }
        page
    };
    for (page, has_text, expected) in [
        (page(None, BY_NC), false, Some(vec![BY_NC.to_owned()])),
        (page(Some("/w.html#webpage"), "CC BY-NC 4.0"), false, Some(vec![BY_NC.to_owned()])),
        (page(Some("/w.html"), "All rights reserved"), false, Some(Vec::new())),
        (page(Some("/other.html"), BY_NC), true, None),
    ] {
        let graph = json!({ "@context": "https://schema.org/", "@graph": [page, hall] });
        let html = format!(
            "<!doctype html><html lang=en><title>Hall</title>\
            <script type=\"application/ld+json\">{graph}</script>"
        );
        let world = World::new("/w.html", "html", move |_| {
            answer("200 OK", "Content-Type: text/html\r\n", &html)
        })
        .await;
        world.run().await;
        let (text, terms) = taken(&world, "asset", world.server.url("/w.html#hall").as_str());
        assert_eq!((text, licences(terms)), (has_text, expected), "{graph}");
    }
}

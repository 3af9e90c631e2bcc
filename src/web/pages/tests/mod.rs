//! The pages as a browser gets them, over the seeds.

mod site;

use std::collections::BTreeSet;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt;
use regex::Regex;
use serde_json::Value as Json;

use crate::record::RecordId;
use crate::register::Found;
use crate::web;
use crate::web::html::messages::Messages;
use crate::web::negotiate::Language;
use crate::web::pages;
use crate::web::pages::tests::site::{HOSTILE, SITE, poison};

/// All values of the attribute `name`, as the browser reads them.
fn attributes(html: &str, name: &str) -> Vec<String> {
    let found = Regex::new(&format!(" {name}=\"([^\"]*)\"")).unwrap();
    let unescaped = |text: &str| text.replace("&#38;", "&").replace("&amp;", "&");
    found.captures_iter(html).map(|found| unescaped(&found[1])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_says_what_it_is_for() {
    for (path, status, parts) in [
        (
            "/",
            200,
            &["<h1>Find what your community has</h1>", "organisations", "href=\"/catalogue\""][..],
        ),
        (
            "/search?near=EH6&within=2km",
            200,
            &[
                "Near EH6",
                "Leith Library",
                "m away",
                "class=\"map-ring\"",
                "Within 2km",
                "/api/v1/search.geojson?",
            ],
        ),
        ("/search?near=EH6&kind=asset&within=2km", 200, &["checked"]),
        ("/search?near=Newtown", 400, &["Which place do you mean?", "near=Newtown%2C"]),
        ("/search?near=Zzyzx", 400, &["That place is not known", "Try the postcode, the nearest"]),
        ("/search?near=ZZ99+9ZZ", 400, &["That place is not known", "Try the nearest town"]),
        ("/search?near=-3.2,55.9", 400, &["near=55.9%2C-3.2"]),
        ("/search?within=2km", 400, &["From where?"]),
        ("/search?near=EH6&within=2km&page=90", 200, &["Go to the first page"]),
        (
            "/search?q=zzzzqq&near=EH6&within=1km",
            200,
            &["Nothing was found", "within=2km", "0 results"],
        ),
        ("/search?foo=1", 400, &["There is no such parameter here"]),
        ("/nowhere", 404, &["Nothing is registered here"]),
        ("/assets/gone", 410, &["This record was withdrawn", "21 November 2026"]),
        (
            "/knowledge-bank",
            200,
            &["All resources and case studies", "Guide", "What got in the way"],
        ),
        ("/knowledge-bank/findings?of=helped", 200, &["<h1>What helped</h1>", "/case-studies/"]),
        ("/categories", 200, &["id=\"topic\"", "/categories/library"]),
        ("/ns", 200, &["schema:name", "id=\"AssetShape\"", "exactly one"]),
        ("/problems", 200, &["<h1>Problems</h1>", "href=\"/problems/unknown-place\""]),
        (
            "/problems/unknown-place",
            200,
            &["href=\"/problems\"", "<h1>No such place is known</h1>", "<h2>What to do</h2>"],
        ),
        ("/about", 200, &["Libraries Hacked", "Crown copyright"]),
        ("/about/bot", 200, &["robots.txt", "User-Agent"]),
        ("/sources/hostile", 200, &["<h2>Harvests</h2>"]),
        (
            "/places/S12000036",
            200,
            &[
                "City of Edinburgh",
                "class=\"map-served\"",
                "<h2>Near the middle of this area</h2>",
                "last changed here on",
            ],
        ),
        ("/organisations", 200, &["Page 1 of", "rel=\"next\""]),
    ] {
        let reply = SITE.get(path, &[]).await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.headers["content-type"], "text/html; charset=utf-8", "{path}");
        for part in parts {
            assert!(reply.body.contains(part), "{path} lacks {part}:\n{}", reply.body);
        }
    }
}

/// A page without its description for machines, which is data and no script
/// (HTML, 4.12.1), and which has no way out of its element.
fn without_description(body: &str) -> String {
    let Some((before, rest)) = body.split_once("<script type=\"application/ld+json\">") else {
        return body.to_owned();
    };
    let (description, after) = rest.split_once("</script>").unwrap();
    assert!(!description.contains(['<', '>', '&']), "{description}");
    assert!(serde_json::from_str::<Json>(description).unwrap().is_object());
    format!("{before}{after}")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_has_landmarks_and_headings_in_order_and_no_script_or_style_of_its_own() {
    let headings = Regex::new("<h([1-6])[ >]").unwrap();
    for path in SITE.pages().await {
        let reply = SITE.get(&path, &[]).await;
        let body = &reply.body;
        for part in [
            "<html lang=\"en\">",
            "<main id=\"content\"",
            "class=\"skip\"",
            "<footer",
            "</title>\n<meta",
        ] {
            assert_eq!(body.matches(part).count(), 1, "{path}: {part}");
        }
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("style-src 'self'") && !policy.contains("unsafe"), "{path}");
        let body = &without_description(body);
        for part in ["<script", "<style", " style=\"", "javascript:", " onclick"] {
            assert!(!body.contains(part), "{path}: {part}");
        }
        let levels = headings.captures_iter(body).map(|found| found[1].parse::<u8>().unwrap());
        let levels: Vec<u8> = levels.collect();
        let main: Vec<&u8> = levels.iter().filter(|level| **level == 1).collect();
        assert_eq!(main, [&1], "{path}: {levels:?}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{path}: {levels:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_of_a_form_has_its_label_and_no_id_stands_twice() {
    let fields = Regex::new("<(?:input|select|textarea) id=\"([^\"]+)\"").unwrap();
    for path in SITE.pages().await {
        let body = SITE.get(&path, &[]).await.body;
        for field in fields.captures_iter(&body) {
            assert!(
                body.contains(&format!("<label for=\"{}\"", &field[1])),
                "{path}: {}",
                &field[1]
            );
        }
        let ids = attributes(&body, "id");
        let unique: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{path}");
        for target in attributes(&body, "href").iter().filter_map(|href| href.strip_prefix('#')) {
            assert!(ids.iter().any(|id| id == target), "{path}: #{target}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_in_every_field_stays_text() {
    let kinds: Vec<String> =
        SITE.state.register.schema().kinds().map(|kind| kind.path.clone()).collect();
    let mut paths: Vec<String> = kinds.iter().map(|path| format!("/{path}/hostile")).collect();
    paths.extend(kinds.iter().map(|path| format!("/{path}")));
    let hostile: String = url::form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    paths.extend(
        [
            "/search?q=alert",
            "/search?topic=hostile",
            "/knowledge-bank?q=alert",
            "/knowledge-bank/findings",
            "/knowledge-bank/findings?of=helped&topic=hostile",
            "/about",
        ]
        .map(str::to_owned),
    );
    paths.push(SITE.report.clone());
    paths.extend(
        [
            "/search?q=",
            "/search?near=",
            "/search?open=",
            "/search?organisation=",
            "/search?",
            "/knowledge-bank?q=",
            "/",
        ]
        .map(|path| format!("{path}{hostile}")),
    );
    let mut shown = 0;
    for path in paths {
        let reply = SITE.get(&path, &[]).await;
        let body = without_description(&reply.body).to_lowercase();
        for part in ["<script", "<img", "href=\"javascript", "href='javascript", "\"'>"] {
            assert!(!body.contains(part), "{path}: {part}\n{}", reply.body);
        }
        shown += usize::from(body.contains("&lt;script") || body.contains("&#60;script"));
    }
    assert!(shown >= 20, "the hostile text must be shown to be tested: {shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_behind_a_link_is_not_linked_to() {
    for kind in SITE.state.register.schema().kinds() {
        let id = RecordId::new(&kind.name, "hostile").unwrap();
        let Found::Here(mut version) = SITE.state.register.get(&id).unwrap() else {
            panic!("{id} is there");
        };
        poison(&mut version.merged.record.fields);
        let shown = web::beside::shown(&SITE.state, *version).unwrap();
        let page = pages::record_page(&SITE.state, &shown, Language::English.into()).unwrap();
        let bytes = page.into_body().collect().await.unwrap().to_bytes();
        let body = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(!body.contains("href=\"javascript"), "{id}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_within_the_register_leads_somewhere() {
    let mut checked = BTreeSet::new();
    for page in SITE.pages().await {
        for page in
            [page.clone(), format!("{page}{}lang=gd", if page.contains('?') { '&' } else { '?' })]
        {
            let links = attributes(&SITE.get(&page, &[]).await.body, "href");
            for link in links.iter().filter(|link| link.starts_with('/')) {
                // No processes answer SPARQL in this test.
                if link.starts_with("/sparql") || !checked.insert(link.clone()) {
                    continue;
                }
                let address = link.split('#').next().unwrap();
                let reply = SITE.get(address, &[("accept", "*/*")]).await;
                assert!(
                    matches!(reply.status, 200 | 303 | 308)
                        || link.contains("Zzyzx")
                        || link.contains("/assets/gone")
                        || page.starts_with("/nowhere"),
                    "{page} → {link}: {}\n{}",
                    reply.status,
                    reply.body
                );
            }
        }
    }
    assert!(checked.len() > 300, "{}", checked.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_chosen_by_parameter_or_header_and_stays() {
    for (path, header) in [("/?lang=gd", "en"), ("/", "gd, en;q=0.5")] {
        let reply = SITE.get(path, &[("accept-language", header)]).await;
        assert!(reply.body.contains("<html lang=\"gd\">"), "{path}");
        assert!(reply.body.contains(">Lorg</button>"), "{path}");
        assert!(reply.body.contains("<h1><span lang=\"en\">Find"), "{path}");
        assert!(reply.body.contains("href=\"/about?lang=gd\""), "{path}");
        assert!(reply.body.contains("name=\"lang\" value=\"gd\""), "{path}");
        let vary = reply.headers["vary"].to_str().unwrap();
        assert!(vary.contains("accept-language"), "{vary}");
    }
    let reply = SITE.get("/?lang=en", &[("accept-language", "gd")]).await;
    assert!(reply.body.contains("<html lang=\"en\">"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_and_form_keeps_a_language_that_the_browser_would_not_get_by_itself() {
    let link = Regex::new("<a [^>]*href=\"(/[^\"]*)\"[^>]*>").unwrap();
    let form = Regex::new("(?s)<form .*?</form>").unwrap();
    // What is for programs has no language.
    let plain = Regex::new("^/(api|dumps|static|id)/|\\.[a-z]+($|\\?)").unwrap();
    for (chosen, wanted) in [("en", "gd"), ("gd", "en"), ("sco", "en")] {
        let said = format!("lang={chosen}");
        let mut pages = SITE.pages().await;
        pages.extend(["/near/EH6", "/near/EH6?view=table", "/catalogue"].map(str::to_owned));
        for page in pages {
            let page = format!("{page}{}{said}", if page.contains('?') { '&' } else { '?' });
            let body = SITE.get(&page, &[("accept-language", wanted)]).await.body;
            for found in link.captures_iter(&body) {
                let is_choice = found[0].contains("hreflang");
                let kept = is_choice || plain.is_match(&found[1]) || found[1].contains(&said);
                assert!(kept, "{page} → {}", &found[0]);
            }
            let field = format!("name=\"lang\" value=\"{chosen}\"");
            for form in form.find_iter(&body) {
                assert!(form.as_str().contains(&field), "{page}: {}", form.as_str());
            }
        }
    }
    let usual = SITE.get("/?lang=en", &[("accept-language", "en")]).await.body;
    assert!(usual.contains("href=\"/about\""), "English is what its reader gets anyway");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_value_tells_its_source_when_there_are_several() {
    let body = SITE.get("/assets/shared", &[]).await.body;
    assert!(body.contains("href=\"#source-2\" aria-label=\"from source 2\""), "{body}");
    assert!(body.contains("id=\"source-1\"") && body.contains("id=\"source-2\""), "{body}");
    assert!(body.contains("href=\"tel:01315550100\""), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_the_browser_has_is_not_sent_again() {
    let first = SITE.get("/search?near=EH6", &[]).await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let again = SITE.get("/search?near=EH6", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    // The headers of a 304 take the place of those that are kept: with another
    // policy a page that is loaded again would have no style.
    let policy = "content-security-policy";
    assert!(first.headers[policy].to_str().unwrap().contains("style-src 'self'"));
    assert!(!again.headers.contains_key(policy), "{:?}", again.headers[policy]);
    let style = attributes(&first.body, "href").into_iter().find(|href| href.contains("/static/"));
    let style = SITE.get(&style.unwrap(), &[]).await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    assert!(style.headers["cache-control"].to_str().unwrap().contains("immutable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_their_style_are_light() {
    let map = Regex::new("(?s)<svg class=\"map\".*?</svg>").unwrap();
    let zipped = |text: &str| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap().len()
    };
    let home = SITE.get("/", &[]).await.body;
    let style = attributes(&home, "href").into_iter().find(|href| href.contains("/static/"));
    let style = zipped(&SITE.get(&style.unwrap(), &[]).await.body);
    for path in SITE.pages().await {
        let body = SITE.get(&path, &[]).await.body;
        let (page, drawn) = (zipped(&map.replace(&body, "")), zipped(&body));
        assert!(page + style < 30_000, "{path}: {page} + {style}");
        assert!(drawn < 60_000, "{path}: {drawn} with its map");
    }
}

/// Patterns of the texts that nobody has translated into `language`.
fn borrowed(language: Language) -> Vec<Regex> {
    let hole = Regex::new(r"\\\{[a-z]+\\\}").unwrap();
    let all = Messages::of(language).all();
    let (borrowed, own): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|phrase| phrase.is_borrowed());
    // Some words are the same in both.
    let phrases =
        borrowed.iter().filter(|one| own.iter().all(|other| other.plain() != one.plain()));
    let texts = phrases.map(|phrase| regex::escape(phrase.plain()));
    let patterns = texts.map(|text| hole.replace_all(&text, ".+").into_owned());
    patterns.map(|pattern| Regex::new(&format!("^{pattern}$")).unwrap()).collect()
}

/// The texts that people read on a page, each with the language that is said of
/// it. The page closes what it opens, as the check of HTML wants.
fn texts(html: &str) -> Vec<(String, Option<String>)> {
    const VOID: [&str; 6] = ["meta", "link", "input", "br", "img", "hr"];
    let tokens = Regex::new(r"(?s)<!.*?>|<(/?)([A-Za-z][A-Za-z0-9]*)([^>]*)>|[^<]+").unwrap();
    let lang = Regex::new(r#"\blang="([^"]*)""#).unwrap();
    let mut open: Vec<(String, Option<String>)> = Vec::new();
    let mut texts = Vec::new();
    for token in tokens.captures_iter(html) {
        let text = token[0].trim();
        let part = |number: usize| token.get(number).map_or("", |part| part.as_str());
        match (part(2), part(1)) {
            ("", _) => {
                let is_read = !open.iter().any(|(name, _)| ["script", "style"].contains(&&**name));
                let said = open.iter().rev().find_map(|(_, language)| language.clone());
                if is_read && !text.is_empty() && !text.starts_with("<!") {
                    texts.push((written(text), said));
                }
            }
            (name, "/") => assert_eq!(open.pop().map(|(name, _)| name).as_deref(), Some(name)),
            (name, _) if VOID.contains(&name) || part(3).ends_with('/') => {}
            (name, _) => {
                let language = lang.captures(part(3)).map(|found| found[1].to_owned());
                open.push((name.to_owned(), language));
            }
        }
    }
    texts
}

/// The text that stands escaped in a page.
fn written(text: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

#[tokio::test(flavor = "multi_thread")]
async fn english_words_on_pages_in_another_language_are_marked_as_english() {
    let mut unmarked = BTreeSet::new();
    for language in [Language::Gaelic, Language::Scots] {
        let patterns = borrowed(language);
        let mut pages = SITE.pages().await;
        pages.extend(
            ["/near/EH6", "/places", "/search?near=EH6&cost=free&open=mo+10:00"].map(str::to_owned),
        );
        for page in pages {
            let page = format!(
                "{page}{}lang={}",
                if page.contains('?') { '&' } else { '?' },
                language.tag()
            );
            let html = SITE.get(&page, &[]).await.body;
            for (text, said) in texts(&html) {
                let is_english = patterns.iter().any(|pattern| pattern.is_match(&text));
                // The name of the register is that in every language.
                if is_english && text != "kist" && said.as_deref() != Some("en") {
                    unmarked.insert(format!("{page}: {text}"));
                }
            }
        }
    }
    assert_eq!(unmarked, BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_says_its_level_and_is_looked_for_by_name() {
    let all = SITE.get("/places", &[]).await.body;
    let sorts = Regex::new("<span class=\"sort\">(.*?)</span>").unwrap();
    let sorts: BTreeSet<String> =
        sorts.captures_iter(&all).map(|found| found[1].to_owned()).collect();
    assert!(sorts.contains("Council") && !sorts.contains("Place"), "{sorts:?}");
    assert!(!sorts.contains("Postcode district"), "{sorts:?}");
    let districts = SITE.get("/places?level=postcode-district", &[]).await.body;
    assert!(!districts.contains("<li class=\"where\">"), "a code is not said twice");
    assert!(districts.contains("aria-current=\"page\">Postcode district</a>"));
    let found = SITE.get("/places?q=EH6", &[]).await.body;
    assert!(found.contains(">EH6</a>"), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_nobody_harvests_does_not_say_so() {
    let body = SITE.get("/sources", &[]).await.body;
    let gazetteer = body.split("<article").find(|card| card.contains(">Gazetteer</a>")).unwrap();
    assert!(!gazetteer.contains("harvested"), "{gazetteer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_search_is_said_in_words_and_shows_its_first_entries() {
    let path = SITE.first("/search?kind=collection&q=libraries+leith", "collections").await;
    let body = SITE.get(&path, &[]).await.body;
    for part in [
        "<li class=\"tag\">Near EH6 8RG</li>",
        "<li class=\"tag\">Within 3km</li>",
        "Leith Library</a>",
    ] {
        assert!(body.contains(part), "{path} lacks {part}: {body}");
    }
    assert!(!body.contains("near=EH6+8RG&#38;"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_said_as_people_say_it() {
    let path = SITE.first("/search?kind=case-study&q=one-way+ticket", "case-studies").await;
    let body = SITE.get(&path, &[]).await.body;
    let months = Regex::new("<dt>Date</dt>\\s*<dd>(January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{4}</dd>").unwrap();
    assert!(months.is_match(&body), "{body}");
}

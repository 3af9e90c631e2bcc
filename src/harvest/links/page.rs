//! Whether a page that came with status 200 is an excuse: “not found” in its
//! title, the home page instead, or the same as for an address that nobody
//! has. All of this is only ever a suspicion.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use url::Url;

use crate::harvest::document::Document;

/// Titles, or parts of titles, that are nothing but an excuse.
const EXCUSES: &[&str] = &[
    "404",
    "404 error",
    "404 not found",
    "404 page",
    "404 page not found",
    "error 404",
    "error 404 not found",
    "http 404",
    "410 gone",
    "file not found",
    "file or directory not found",
    "not found",
    "nothing found",
    "oops",
    "page missing",
    "page not available",
    "page not found",
    "page unavailable",
    "site not found",
    "sorry",
    "we can't find that page",
];

/// What is an excuse wherever it stands in a title.
const SIGNS: &[&str] = &[
    "404 not found",
    "account suspended",
    "buy this domain",
    "domain for sale",
    "domain is for sale",
    "is parked",
    "no longer available",
    "page can't be found",
    "page cannot be found",
    "page could not be found",
    "page does not exist",
    "page doesn't exist",
    "page not found",
    "page you requested could not be found",
];

/// Last parts of paths to which servers redirect what they have not got.
const PLACES: &[&str] =
    &["404", "not-found", "notfound", "page-not-found", "pagenotfound", "error", "error404"];

/// Last parts of the paths of home pages.
const HOMES: &[&str] = &["", "home", "index", "default"];

/// With fewer words a page is a shell that a program fills, and tells nothing.
const FEW_WORDS: usize = 20;

/// From how much of common words on two pages are alike.
const ALIKE: f64 = 0.95;

/// Why `page`, which answered for `asked`, seems to be an excuse.
pub(super) fn excuse(asked: &Url, page: &Document) -> Option<String> {
    if let Some(reason) = diverted(asked, &page.url) {
        return Some(reason);
    }
    let text = text(page)?;
    for title in [element(&text, "title"), element(&text, "h1")].into_iter().flatten() {
        let parts = title.split(['|', '–', '—', '·', '»', '«', ':']).flat_map(|it| it.split(" - "));
        let is_excuse = parts
            .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()))
            .any(|part| EXCUSES.contains(&part));
        if is_excuse || SIGNS.iter().any(|sign| title.contains(sign)) {
            let title: String = title.chars().take(100).collect();
            return Some(format!("the page is called “{title}”"));
        }
    }
    None
}

/// Why the address that answered is not that of what was asked for.
pub(super) fn diverted(asked: &Url, answered: &Url) -> Option<String> {
    if is_home(answered) && !is_home(asked) {
        return Some("it leads to the home page".to_owned());
    }
    let name = last(answered);
    (PLACES.contains(&name.as_str()) && last(asked) != name)
        .then(|| "it leads to an error page".to_owned())
}

/// Whether `page`, which answered for `asked`, is the same as what came for an
/// address that nobody has.
pub(super) fn is_alike(page: &Document, other: &Document) -> bool {
    if page.url == other.url {
        return true;
    }
    let (Some(one), Some(two)) = (text(page), text(other)) else {
        return page.bytes == other.bytes;
    };
    if element(&one, "title") != element(&two, "title") {
        return false;
    }
    let (one, two) = (words(&one), words(&two));
    if one.len() < FEW_WORDS {
        return false;
    }
    let (common, all) = (one.intersection(&two).count(), one.union(&two).count());
    #[expect(clippy::cast_precision_loss, reason = "a glance has not that many words")]
    let share = common as f64 / all.max(1) as f64;
    share >= ALIKE
}

/// An address in the folder of `url` that nobody has, `name` being one that
/// nobody guesses; `None` for a home page.
pub(super) fn sibling(url: &Url, name: &str) -> Option<Url> {
    if is_home(url) {
        return None;
    }
    let path = url.path();
    let (folder, ending) = if let Some(path) = path.strip_suffix('/') {
        (path.rsplit_once('/')?.0, "/")
    } else {
        let (folder, file) = path.rsplit_once('/')?;
        (folder, file.rfind('.').map_or("", |dot| &file[dot..]))
    };
    let mut sibling = url.clone();
    sibling.set_path(&format!("{folder}/{name}{ending}"));
    sibling.set_query(None);
    Some(sibling)
}

fn is_home(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/');
    let depth = path.matches('/').count();
    depth <= 1 && url.query().is_none() && HOMES.contains(&last(url).as_str())
}

/// The last part of the path, without its ending, in lower case.
fn last(url: &Url) -> String {
    let part = url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let part = part.split('.').next().unwrap_or_default();
    part.to_ascii_lowercase()
}

/// A web page in lower case, with one kind of apostrophe; `None` for what is
/// no page.
fn text(page: &Document) -> Option<String> {
    let types = ["text/html", "application/xhtml+xml"];
    if page.media_type.is_some() && !page.is_declared(&types) {
        return None;
    }
    let text = String::from_utf8_lossy(&page.bytes).to_lowercase();
    let quotes = ["&#8217;", "&rsquo;", "&#39;", "&#x27;", "&#039;", "&apos;", "’"];
    Some(quotes.iter().fold(text, |text, quote| text.replace(quote, "'")))
}

/// The words in the first `name` element of a page in lower case.
fn element(text: &str, name: &str) -> Option<String> {
    let open = format!("<{name}");
    let rest = text.match_indices(&open).find_map(|(at, _)| {
        let rest = &text[at + open.len()..];
        rest.starts_with(|c: char| c == '>' || c.is_whitespace()).then_some(rest)
    })?;
    let (_, rest) = rest.split_once('>')?;
    let (inside, _) = rest.split_once(&format!("</{name}"))?;
    let words: Vec<String> = plain(inside).map(str::to_owned).collect();
    Some(words.join(" ")).filter(|words| !words.is_empty())
}

fn words(text: &str) -> HashSet<u64> {
    let hashed = |word: &str| {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        hasher.finish()
    };
    plain(text).map(hashed).collect()
}

/// The words outside tags.
fn plain(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split('<').enumerate().map(|(place, piece)| match place {
        0 => piece,
        _ => piece.split_once('>').map_or("", |(_, after)| after),
    });
    pieces.flat_map(str::split_whitespace)
}

#[cfg(test)]
mod unit {
    use super::*;

    fn page(url: &str, body: &str) -> Document {
        Document {
            url: url.parse().unwrap(),
            media_type: Some("text/html".to_owned()),
            charset: None,
            bytes: body.as_bytes().to_vec(),
            retrieved_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[track_caller]
    fn check(title: &str, expected: bool) {
        let body = format!("<html><title>{title}</title><h1>Welcome</h1>");
        let found = excuse(&"http://a.scot/b".parse().unwrap(), &page("http://a.scot/b", &body));
        assert_eq!(found.is_some(), expected, "{title}: {found:?}");
    }

    #[test]
    fn titles_of_error_pages_are_known() {
        for title in [
            "404 Not Found",
            "Page not found | Leith Community Centre",
            "Leith – Page Not Found",
            "Oops!",
            "Error 404: the council",
            "Sorry, this page can&#8217;t be found",
            "Sorry, that page doesn’t exist - Fife Council",
            "leith.scot is parked",
            "This domain is for sale",
        ] {
            check(title, true);
        }
    }

    #[test]
    fn titles_of_pages_about_losing_things_are_not_excuses() {
        for title in [
            "Lost and found",
            "404 Ink: publishers in Edinburgh",
            "What to do when help is not found in time",
            "Sorry Day, a drop-in for carers",
            "The page of the pageant",
            "",
        ] {
            check(title, false);
        }
    }

    #[test]
    fn a_heading_tells_as_much_as_a_title() {
        let body = "<title>Leith</title><h1 class='big'>Page <em>not</em>\n found</h1>";
        let found = excuse(&"http://a.scot/b".parse().unwrap(), &page("http://a.scot/b", body));
        assert_eq!(found.as_deref(), Some("the page is called “page not found”"));
    }

    #[track_caller]
    fn check_diverted(asked: &str, answered: &str, expected: bool) {
        let found = diverted(&asked.parse().unwrap(), &answered.parse().unwrap());
        assert_eq!(found.is_some(), expected, "{asked} {answered}");
    }

    #[test]
    fn whoever_is_sent_to_the_home_page_did_not_get_what_they_asked_for() {
        check_diverted("http://a.scot/b/c", "http://a.scot/", true);
        check_diverted("http://a.scot/b/c", "https://new.scot/index.html", true);
        check_diverted("http://a.scot/b", "http://a.scot/404.html", true);
        check_diverted("http://a.scot/", "https://www.a.scot/", false);
        check_diverted("http://a.scot/index.php", "https://www.a.scot/home", false);
        check_diverted("http://a.scot/b", "https://a.scot/b/", false);
        check_diverted("http://a.scot/b", "https://a.scot/?page=b", false);
    }

    #[test]
    fn pages_are_alike_when_only_the_address_in_them_differs() {
        let text = |path: &str, more: &str| {
            let words: Vec<String> = (0..60).map(|word| format!("word{word}")).collect();
            format!("<title>Leith</title><p>{} <b>{path}</b> {more}", words.join(" "))
        };
        let one = page("http://a.scot/b", &text("/b", ""));
        let other = page("http://a.scot/x7", &text("/x7", ""));
        assert!(is_alike(&one, &other));
        let real =
            page("http://a.scot/b", &text("/b", "walks on each Tuesday at ten from the hall"));
        assert!(!is_alike(&real, &other));
    }

    #[test]
    fn the_shell_of_a_program_is_no_excuse() {
        let shell = "<title>App</title><div id=root></div>";
        assert!(!is_alike(&page("http://a.scot/b", shell), &page("http://a.scot/x", shell)));
    }

    #[track_caller]
    fn check_sibling(url: &str, expected: Option<&str>) {
        let found = sibling(&url.parse().unwrap(), "zz");
        assert_eq!(found.as_ref().map(Url::as_str), expected, "{url}");
    }

    #[test]
    fn a_sibling_stands_in_the_same_folder_with_the_same_ending() {
        check_sibling("http://a.scot/b/c.html?d=e", Some("http://a.scot/b/zz.html"));
        check_sibling("http://a.scot/b/c/", Some("http://a.scot/b/zz/"));
        check_sibling("http://a.scot/b", Some("http://a.scot/zz"));
        check_sibling("http://a.scot/", None);
        check_sibling("http://a.scot/index.html", None);
    }
}

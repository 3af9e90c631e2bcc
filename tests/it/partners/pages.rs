//! The pages of partners: what they ask a register for is there, they ask
//! nobody else, and without scripts a link to the same list stays.

use regex::Regex;

use super::{REGISTER, example};
use crate::program::{Server, get};

const PAGES: &[&str] =
    &["partner-page/plain.html", "partner-page/frame.html", "partner-page/strict-csp.html"];

/// The addresses of a page that a browser asks for or leads to.
fn addresses(page: &str) -> Vec<(String, String)> {
    let attribute = Regex::new(r#" (src|href)="([^"]+)""#).unwrap();
    attribute
        .captures_iter(page)
        .map(|found| (found[1].to_owned(), found[2].replace("&amp;", "&")))
        .collect()
}

#[test]
fn what_the_pages_ask_for_is_there_and_of_one_host() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path(), &["--seed"]);
    for page in PAGES {
        let found = addresses(&example(page));
        assert!(found.len() >= 2, "{page}: {found:?}");
        assert!(found.iter().any(|(name, _)| name == "href"), "{page} has no link without scripts");
        for (_, address) in found.into_iter().filter(|(_, to)| !to.starts_with("data:")) {
            let path =
                address.strip_prefix(REGISTER).unwrap_or_else(|| panic!("{page}: {address}"));
            let status = get(server.address(), path).status;
            assert!((200..400).contains(&status), "{page}: {path} gave {status}");
        }
    }
}

#[test]
fn the_strict_page_allows_the_register_alone() {
    let page = example("partner-page/strict-csp.html");
    let (_, policy) = page.split_once("Content-Security-Policy\" content=\"").unwrap();
    let (policy, _) = policy.split_once('"').unwrap();
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; script-src {REGISTER}; connect-src {REGISTER}; \
             style-src 'none'; img-src data:; require-trusted-types-for 'script'; \
             trusted-types 'none'"
        )
    );
    for part in [" style=", "<style", "<script>", " onclick"] {
        assert!(!page.contains(part), "{part}");
    }
}

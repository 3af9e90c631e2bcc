//! Tests of [`licence`](super).

use super::*;

#[test]
fn words_that_name_a_licence_with_its_version_are_that_licence() {
    let cc = |name: &str| format!("https://creativecommons.org/licenses/{name}/");
    for (words, address) in [
        ("CC BY 4.0", cc("by/4.0")),
        ("CC-BY-4.0", cc("by/4.0")),
        (" cc by-sa 3.0 ", cc("by-sa/3.0")),
        ("CC BY-NC-ND 4.0", cc("by-nc-nd/4.0")),
        ("Creative Commons Attribution-NonCommercial 4.0 International", cc("by-nc/4.0")),
        ("Creative Commons Attribution 4.0 International Licence", cc("by/4.0")),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/".to_owned()),
        (
            "Open Government Licence v3.0",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/".to_owned(),
        ),
        (
            "OGL 3",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/".to_owned(),
        ),
        ("https://p.example/terms", "https://p.example/terms".to_owned()),
    ] {
        assert_eq!(read(words), Some(Said::Licence(address)), "{words}");
    }
}

#[test]
fn words_that_refuse_or_leave_it_open_let_nothing_be_shared() {
    for words in
        ["© 2026 Somebody. All rights reserved.", "CC BY", "CC BY-NC", "May not be reproduced"]
    {
        assert_eq!(read(words), Some(Said::Reserved(words.to_owned())), "{words}");
    }
    let terms = terms(read("All rights reserved")).unwrap();
    assert_eq!(terms.licences, Some(Vec::new()));
}

#[test]
fn other_words_are_a_credit() {
    for words in ["Photo by Morag", "© Leith Centre 2026"] {
        assert_eq!(read(words), Some(Said::Credit(words.to_owned())), "{words}");
    }
    assert_eq!(read("  "), None);
}

#[test]
fn no_address_is_made_of_words() {
    let base: Url = "https://p.example/l/w.html".parse().unwrap();
    let reserved = |words: &str| Some(Said::Reserved(words.to_owned()));
    let by_nc = Some(Said::Licence("https://creativecommons.org/licenses/by-nc/4.0/".to_owned()));
    assert_eq!(read_at("https://p.example/l/CC%20BY-NC%204.0", &base), by_nc);
    assert_eq!(read_at("CC BY-NC 4.0", &base), by_nc);
    assert_eq!(read_at("https://p.example/l/our%20own%20terms", &base), reserved("our own terms"));
    assert_eq!(read_at("our own terms", &base), reserved("our own terms"));
    assert_eq!(read_at("proprietary", &base), reserved("proprietary"));
    let own = Some(Said::Licence("https://p.example/terms".to_owned()));
    assert_eq!(
        (read_at("/terms", &base), read_at("https://p.example/terms", &base)),
        (own.clone(), own)
    );
}

#[test]
fn what_a_licence_allows_is_known_by_its_address() {
    for (address, known, quotes) in [
        ("https://creativecommons.org/licenses/by/4.0/", true, true),
        ("http://CreativeCommons.org/licenses/by-nd/4.0/", true, false),
        ("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", true, true),
        ("https://www.nationalarchives.gov.uk/doc/non-commercial-government-licence/", true, false),
        ("https://opensource.org/licenses/MIT", true, true),
        ("https://p.example/our-terms", false, true),
        ("https://creativecommons.org.evil.example/licenses/by/4.0/", false, true),
    ] {
        assert_eq!((is_known(address), lets_quote(address)), (known, quotes), "{address}");
    }
}

//! The PHP of `WordPress` and Drupal: its syntax by `php -l` where there is a
//! PHP, and its shape in any case; and that the piece of HTML which they fetch
//! is what they let through.

use std::process::Command;

use regex::Regex;

use super::{example, examples};
use crate::program::{Server, get};

const WORDPRESS: &str = "wordpress/asset-list/asset-list.php";
const DRUPAL: &str = "drupal/asset_list/src/Plugin/Block/AssetListBlock.php";

/// PHP without comments and the text of strings, so that brackets count.
fn code(php: &str) -> String {
    let noise = Regex::new(r"(?s)/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\])*'|\x22(?:\\.|[^\x22\\])*\x22");
    noise.unwrap().replace_all(php, "''").into_owned()
}

#[test]
fn the_syntax_is_right() {
    for file in [WORDPRESS, DRUPAL] {
        let php = example(file);
        assert!(php.starts_with("<?php\n") && !php.contains("?>"), "{file}");
        let code = code(&php);
        for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
            let count = |sought: char| code.matches(sought).count();
            assert_eq!(count(open), count(close), "{file}: {open}{close}");
        }
        let checked = Command::new("php").arg("-l").arg(examples().join(file)).output();
        if let Ok(checked) = checked {
            assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
        }
    }
}

#[test]
fn they_fetch_from_known_hosts_only_keep_what_they_got_and_clean_it() {
    let wordpress = example(WORDPRESS);
    for part in [
        "defined( 'ABSPATH' ) || exit;",
        "ASSET_LIST_HOSTS, true",
        "'https' !== ",
        "wp_safe_remote_get(",
        "wp_kses_post(",
        "set_transient( $key, $html, ASSET_LIST_FRESH )",
        "esc_url(",
        "esc_html__(",
        "add_shortcode( 'asset_list',",
    ] {
        assert!(wordpress.contains(part), "{part}");
    }
    assert!(wordpress.lines().count() <= 75, "it is to be read in a minute");
    assert!(!Regex::new(r"(?m)^\s*echo\b|\beval\b|<script").unwrap().is_match(&wordpress));
    let drupal = example(DRUPAL);
    for part in ["Xss::filter(", "self::HOSTS, TRUE", "'max-age' => self::FRESH", "@Block("] {
        assert!(drupal.contains(part), "{part}");
    }
}

#[test]
fn the_piece_of_html_which_they_fetch_has_only_elements_that_they_let_through() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path(), &["--seed"]);
    let reply = get(server.address(), "/near/EH6%208RG.fragment.html?radius=2km&limit=10");
    assert_eq!(reply.status, 200, "{}", reply.body);
    let drupal = example(DRUPAL);
    let (_, list) = drupal.split_once("const ELEMENTS = [").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let allowed: Vec<&str> = list.split(", ").map(|name| name.trim_matches('\'')).collect();
    let element = Regex::new(r"<([a-z][a-z0-9]*)").unwrap();
    for found in element.captures_iter(&reply.body) {
        assert!(allowed.contains(&&found[1]), "{} is taken away", &found[1]);
    }
}

//! The PHP of `WordPress` and Drupal. Where there is a PHP it is run against
//! the real program, within small hosts of our own (`tests/fixtures/php`); its
//! shape is looked at in any case, and that the piece of HTML which it fetches
//! is what it lets through.

use std::path::Path;
use std::process::Command;

use regex::Regex;
use serde_json::{Value as Json, json};

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
        "ASSET_LIST_REGISTERS, true",
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
    for part in ["Xss::filter(", "self::REGISTERS, TRUE", "'max-age' => self::FRESH", "@Block("] {
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

/// What came of the example `file` within the host of `tests/fixtures/php`,
/// with the seeds in the register; `None` where there is no PHP.
#[expect(clippy::print_stdout, reason = "whoever runs the tests must know what was not tested")]
fn run(host: &str, file: &str) -> Option<Json> {
    if Command::new("php").arg("-v").output().is_err() {
        println!("skipped: there is no PHP to run {file} (`apt-get install php-cli`)");
        return None;
    }
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path(), &["--seed"]);
    let host = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/php").join(host);
    // Errors of PHP, warnings and notices too, would stand in the JSON.
    let ended = Command::new("php")
        .args(["-n", "-d", "error_reporting=-1", "-d", "display_errors=1"])
        .arg(host)
        .arg(format!("http://{}", server.address()))
        .arg(examples().join(file))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    Some(serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}")))
}

#[test]
fn the_plugin_for_wordpress_shows_the_list_keeps_it_and_stands_in_with_what_it_has() {
    let Some(said) = run("wordpress.php", WORDPRESS) else { return };
    let html = |name: &str| said[name]["html"].as_str().unwrap();
    let asked = |name: &str| said[name]["asked"].as_array().unwrap().len();
    let fresh = html("fresh");
    assert!(
        fresh.contains("<section lang=\"gd\">") && fresh.contains(">Near &amp; here<"),
        "{fresh}"
    );
    assert_eq!((fresh.matches("<h3>").count(), fresh.matches("<h4>").count()), (1, 2), "{fresh}");
    assert_eq!(
        said["fresh"]["asked"],
        json!([
            "https://register.example/near/EH6%208RG.fragment.html?radius=2km&heading=Near%20%26%20here\
             &heading-level=3&limit=2&lang=gd"
        ])
    );
    // A quarter of an hour long nobody asks again.
    assert_eq!((html("kept"), asked("kept")), (fresh, 0));
    // The register is down: the old list stays, and a minute passes between questions.
    assert_eq!((html("stale"), asked("stale")), (fresh, 1));
    assert_eq!((html("waits"), asked("waits")), (fresh, 0));
    let link =
        "<p><a href=\"https://register.example/near/EH6\">Groups and services near you</a></p>";
    assert_eq!((html("link"), asked("link")), (link, 1));
    assert_eq!((html("clean"), asked("clean")), ("<p onclick=\"x\">Here</p>alert(1)", 1));
    let refused = said["refused"].as_array().unwrap();
    assert_eq!(refused.len(), 5);
    for refused in refused {
        assert_eq!(refused, &json!({"html": "", "asked": []}));
    }
    // Who may mend it is told what to mend.
    assert!(html("told").contains("ASSET_LIST_REGISTERS"), "{}", html("told"));
}

#[test]
fn the_block_for_drupal_shows_the_list_or_a_link_to_it() {
    let Some(said) = run("drupal.php", DRUPAL) else { return };
    let built = |name: &str| &said[name]["built"];
    let list = built("list")["#markup"].as_str().unwrap();
    assert!(list.contains("<section lang=\"en\">"), "{list}");
    assert_eq!(list.matches("<h3>").count(), 2, "{list}");
    assert_eq!(built("list")["#cache"], json!({"max-age": 900}));
    assert_eq!(
        said["list"]["asked"],
        json!(["https://register.example/near/EH6%208RG.fragment.html?radius=2km&limit=2"])
    );
    assert_eq!(said["list"]["errors"], json!([]));
    assert_eq!(
        built("link"),
        &json!({
            "#type": "link", "#title": "Groups and services near you",
            "#url": "https://register.example/lists/nowhere", "#cache": {"max-age": 60},
        })
    );
    assert_eq!(said["warnings"], 1);
    assert_eq!(built("clean")["#markup"], "<p>Here</p>alert(1)");
    let refused = said["refused"].as_array().unwrap();
    assert_eq!(refused.len(), 4);
    for refused in refused {
        assert_eq!(refused, &json!({"built": [], "asked": [], "errors": ["url"]}));
    }
}

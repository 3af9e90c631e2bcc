//! The rules for alerts that come with the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use super::measures::documented;

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The values of a key, wherever it stands.
fn values<'a>(rules: &'a str, key: &str) -> Vec<&'a str> {
    let key = format!("{key}: ");
    let lines = rules.lines().map(|line| line.trim().trim_start_matches("- "));
    lines.filter_map(|line| line.strip_prefix(&*key)).collect()
}

#[test]
fn every_alert_asks_for_measures_that_there_are() {
    let rules = file("examples/alerts.yml");
    let name = Regex::new(r"\b(?:kist|process)_[a-z_]+").unwrap();
    let known = documented();
    let expressions = values(&rules, "expr");
    assert!(expressions.len() >= 10, "{expressions:?}");
    for expression in &expressions {
        let used: BTreeSet<&str> = name.find_iter(expression).map(|found| found.as_str()).collect();
        assert!(!used.is_empty() || expression.contains("up{"), "{expression}");
        for measure in used {
            let parts = ["_bucket", "_sum", "_count"];
            let family = parts.iter().find_map(|part| measure.strip_suffix(part));
            let is_known =
                known.contains(measure) || family.is_some_and(|family| known.contains(family));
            assert!(is_known, "there is no {measure}: {expression}");
        }
    }
}

#[test]
fn every_alert_has_a_line_that_says_what_to_do() {
    let rules = file("examples/alerts.yml");
    let document = file("docs/operate.md");
    let alerts = values(&rules, "alert");
    let told: BTreeSet<&str> = document
        .lines()
        .filter_map(|line| line.strip_prefix("| `Kist")?.split_once('`').map(|(name, _)| name))
        .collect();
    let names: BTreeSet<&str> =
        alerts.iter().map(|alert| alert.strip_prefix("Kist").unwrap()).collect();
    assert_eq!(names, told, "the table of alerts in docs/operate.md is another");
    for key in ["summary", "runbook_url", "severity", "for"] {
        assert_eq!(values(&rules, key).len(), alerts.len(), "each alert has {key}");
    }
    for runbook in values(&rules, "runbook_url") {
        assert!(runbook.ends_with("docs/operate.md#alerts"), "{runbook}");
    }
}

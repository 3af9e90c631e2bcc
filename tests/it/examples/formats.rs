//! The examples for publishers are read by the readers that they are for, and
//! the register takes what they say.

use kist::harvest::document::Document;
use kist::harvest::extraction::Severity;
use kist::harvest::format::{Reading, named};

use std::path::Path;

use super::blocks::{Block, blocks};
use crate::harvest::{Desk, LICENCE, Publisher};

/// How many of the formats have an example at least.
const EXAMPLES: usize = 8;

/// The examples for publishers, each with its format: what stands after the
/// language is the name of it.
fn examples() -> Vec<(String, Block)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let of_publishers = blocks(root).into_iter().filter(|it| it.at.contains("harvesting.md"));
    let with_format = |block: Block| {
        let format = block.language.split_once(' ')?.1.to_owned();
        Some((format, block))
    };
    of_publishers.filter_map(with_format).collect()
}

/// The example that a publisher of the tests has at `path`, with its media type.
pub(crate) fn published(path: &str) -> Option<(&'static str, String)> {
    let number: usize = path.strip_prefix("/example/")?.parse().ok()?;
    let (format, block) = examples().into_iter().nth(number)?;
    let media_type = match format.as_str() {
        "html" => "text/html",
        "csv" => "text/csv",
        "ical" => "text/calendar",
        "rss" => "application/rss+xml",
        "rdf" => "text/turtle",
        _ => "application/json",
    };
    Some((media_type, block.text))
}

#[test]
fn the_register_takes_every_example_for_publishers_whole() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    // The other two lead to pages of the example's own host.
    let leads_on = |format: &str| ["sitemap", "rpde"].contains(&format);
    let whole = examples().into_iter().enumerate().filter(|(_, (format, _))| !leads_on(format));
    for (number, (format, block)) in whole {
        let url = publisher.url(&format!("/example/{number}"));
        let line = format!("harvest add {url} --id {format} --format {format} --licence {LICENCE}");
        let added = desk.run(&line).with(0).stdout;
        assert!(added.contains("would be new"), "{}: {added}", block.at);
        assert!(!added.contains("not taken"), "{}: {added}", block.at);
    }
}

#[test]
fn every_example_for_publishers_gives_something_and_no_problem_that_costs_a_record() {
    let examples = examples();
    assert!(examples.len() >= EXAMPLES, "{} examples", examples.len());
    for (format, block) in &examples {
        let format = named(format).unwrap_or_else(|| panic!("{}: no format {format}", block.at));
        let document = Document {
            url: "https://partner.example/example".parse().unwrap(),
            media_type: None,
            charset: None,
            bytes: block.text.clone().into_bytes(),
            retrieved_at: "2026-11-22T12:00:00Z".parse().unwrap(),
        };
        let reading = Reading::plain(document.retrieved_at);
        let extraction = (format.extract)(&document, &reading);
        let costs: Vec<_> = extraction
            .problems
            .iter()
            .filter(|problem| problem.severity != Severity::Warning)
            .collect();
        assert!(costs.is_empty(), "{}: {costs:#?}", block.at);
        let yields = extraction.drafts.len() + extraction.follow.len();
        assert!(yields > 0, "{}: {extraction:#?}", block.at);
    }
}

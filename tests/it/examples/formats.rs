//! The examples for publishers are read by the readers that they are for.

use kist::harvest::document::Document;
use kist::harvest::extraction::Severity;
use kist::harvest::format::{Reading, named};

use std::path::Path;

use super::blocks::blocks;

/// How many of the formats have an example at least.
const EXAMPLES: usize = 8;

#[test]
fn every_example_for_publishers_gives_something_and_no_problem_that_costs_a_record() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut read = 0;
    for block in blocks(root).iter().filter(|block| block.at.contains("harvesting.md")) {
        // What stands after the language is the name of the format.
        let Some((_, format)) = block.language.split_once(' ') else { continue };
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
        read += 1;
    }
    assert!(read >= EXAMPLES, "{read} examples");
}

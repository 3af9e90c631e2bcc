//! Tests of [`problem_pages`](super).

use super::*;
use crate::web::problem::ProblemKind;

#[test]
fn every_problem_has_its_page_and_no_page_is_left_over() {
    let mut slugs: Vec<&str> = ProblemKind::ALL.iter().map(|kind| kind.slug()).collect();
    slugs.sort_unstable();
    let pages: Vec<&str> = PAGES.iter().map(|(slug, _)| *slug).collect();
    assert_eq!(pages, slugs);
}

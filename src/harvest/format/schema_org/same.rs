//! The same thing in several syntaxes: a page says in microdata what its
//! script of JSON-LD says too.

use std::collections::HashMap;

use super::graph::{Graph, Node};
use super::kinds;
use super::kinds::Kind;
use crate::harvest::markup::Syntax;

/// Things that are merged at most: each merge looks at the whole graph.
const MOST_MERGES: usize = 200;

/// Things of one name on one page: more are no accident of syntaxes, and
/// nobody could tell them apart.
const MOST_ALIKE: usize = 50;

/// Merges the things that are the same in different syntaxes: of the same
/// kind and name, and not on different days. An organisation without an address
/// is the one of its name that the page speaks of elsewhere.
pub(super) fn merge(graph: &mut Graph) {
    let mut by_name: HashMap<(&'static str, String), Vec<usize>> = HashMap::new();
    for (number, node) in graph.nodes.iter().enumerate() {
        let Some(kind) = kinds::kind(node) else { continue };
        let Some(name) = node.text("name").or_else(|| node.text("headline")) else { continue };
        let words: Vec<&str> = name.split_whitespace().collect();
        by_name.entry((kind.name(), words.join(" ").to_lowercase())).or_default().push(number);
    }
    let mut merges = Vec::new();
    for same in by_name.into_values().filter(|same| (2..=MOST_ALIKE).contains(&same.len())) {
        for (place, &from) in same.iter().enumerate() {
            let candidates = same.iter().take(place);
            let to = candidates.copied().find(|&to| {
                let (one, other) = (&graph.nodes[from], &graph.nodes[to]);
                is_same_organisation(one, other)
                    || (is_same(one, other) && is_only(&graph.nodes, &same, from))
            });
            merges.extend(to.map(|to| (from, to)));
        }
    }
    merges.sort_unstable();
    for (from, to) in merges.into_iter().take(MOST_MERGES) {
        graph.merge(from, to);
    }
}

/// Whether two organisations of one name are one: a page gives one of them no
/// address.
fn is_same_organisation(one: &Node, other: &Node) -> bool {
    kinds::kind(one) == Some(Kind::Organisation)
        && (one.address.is_none() || other.address.is_none() || one.address == other.address)
}

/// Whether two things of one name are one: told in two syntaxes, and on the
/// same day when both say one.
fn is_same(one: &Node, other: &Node) -> bool {
    let day =
        |node: &Node| node.text("startDate").map(|day| day.chars().take(10).collect::<String>());
    let is_one_day = match (day(one), day(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    one.syntax != other.syntax && is_one_day
}

/// Whether no other of the same name and syntax could be meant as well.
fn is_only(nodes: &[Node], same: &[usize], which: usize) -> bool {
    let syntax: Syntax = nodes[which].syntax;
    let day = nodes[which].text("startDate");
    let alike = same
        .iter()
        .filter(|&&other| nodes[other].syntax == syntax && nodes[other].text("startDate") == day);
    alike.count() == 1
}

//! A kind of record in words: in a sentence, and in the names of operations.

use crate::schema::Kind;

/// A record of `kind` in a sentence, such as `a case study`.
pub(in crate::web) fn called(kind: &Kind) -> String {
    let article = if kind.name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {}", kind.name.replace('-', " "))
}

/// The part that a kind has in the name of an operation: `case-studies` →
/// `CaseStudies`.
pub(in crate::web) fn operation_name(name: &str) -> String {
    name.split('-').map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

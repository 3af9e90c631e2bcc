//! Which files of a data set are read.
//!
//! The files of a data set are the same in other forms, or different ones: a
//! table of halls and one of parks, or of each year. They are told apart by
//! their titles and names without the words of their forms. Two of the same
//! form are never the same. Where nothing tells, the best is read, and the
//! others are named.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::media;

/// A file in a format that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Readable {
    /// How far down its form stands in the list of those that are read; the
    /// least is read best.
    pub(super) rank: usize,
    pub(super) format: &'static str,
    pub(super) url: Url,
    /// What it is of, without the words of its form; empty when it doesn't say.
    pub(super) subject: String,
}

/// The files that are read, and those of which nobody can tell whether they
/// are other ones.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) read: Vec<Readable>,
    pub(super) left: Vec<Readable>,
}

/// What a file is of, by its title or else by its name.
pub(super) fn subject(title: Option<&str>, url: &Url) -> String {
    let of_title = telling_words(title.unwrap_or_default());
    if !of_title.is_empty() {
        return of_title;
    }
    let name = url.path_segments().and_then(Iterator::last).unwrap_or_default();
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    telling_words(&name)
}

/// Words that say nothing of what a file is of.
const FORMS: [&str; 22] = [
    "as",
    "csv",
    "data",
    "dataset",
    "download",
    "excel",
    "export",
    "feed",
    "file",
    "format",
    "gz",
    "in",
    "json",
    "kml",
    "resource",
    "shapefile",
    "spreadsheet",
    "the",
    "txt",
    "version",
    "xml",
    "zip",
];

fn telling_words(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let telling = words.filter(|word| !FORMS.contains(word) && !media::is_form(word));
    telling.collect::<Vec<_>>().join(" ")
}

/// Chooses among the `files` of one data set.
pub(super) fn choose(mut files: Vec<Readable>) -> Chosen {
    files.sort_by_key(|file| file.rank);
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.url.clone()));
    let mut by_subject: BTreeMap<String, Vec<Readable>> = BTreeMap::new();
    for file in files {
        by_subject.entry(file.subject.clone()).or_default().push(file);
    }
    // What doesn't say what it is of is of the one thing that there is.
    if by_subject.len() == 2
        && let Some(silent) = by_subject.remove("")
        && let Some(only) = by_subject.values_mut().next()
    {
        only.extend(silent);
        only.sort_by_key(|file| file.rank);
    }
    let mut chosen = Chosen::default();
    if by_subject.len() > 1 && !has_same_form_twice(&by_subject) {
        // As many subjects as forms: they may be names of the forms.
        let mut all: Vec<Readable> = by_subject.into_values().flatten().collect();
        all.sort_by_key(|file| file.rank);
        chosen.left = all.split_off(1);
        chosen.read = all;
        return chosen;
    }
    for (subject, files) in by_subject {
        if subject.is_empty() && !chosen.read.is_empty() {
            chosen.left.extend(files);
            continue;
        }
        take_best(files, &mut chosen);
    }
    chosen
}

/// Whether files of different subjects are of the same form, so that they are
/// different files for certain.
fn has_same_form_twice(by_subject: &BTreeMap<String, Vec<Readable>>) -> bool {
    let mut forms = BTreeSet::new();
    by_subject.values().any(|files| {
        let own: BTreeSet<&str> = files.iter().map(|file| file.format).collect();
        own.into_iter().any(|form| !forms.insert(form))
    })
}

/// Of the files of one subject, those of the best form; of another form there
/// are as many at most, if they are the same.
fn take_best(files: Vec<Readable>, chosen: &mut Chosen) {
    let Some(best) = files.first().map(|file| file.format) else { return };
    let (read, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.format == best);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &others {
        *counts.entry(file.format).or_default() += 1;
    }
    let has_more =
        |file: &Readable| counts.get(file.format).is_some_and(|count| *count > read.len());
    chosen.left.extend(others.into_iter().filter(has_more));
    chosen.read.extend(read);
}

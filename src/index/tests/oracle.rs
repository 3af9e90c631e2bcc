//! A search as it would be with nothing but patience: every entry is looked
//! at, and all that are found are sorted.

use std::cmp::Ordering;

use super::super::words::{Stems, fold, words};
use super::super::{Duplicates, Entry, Facet, Filter, Online, OnlineToo, Query, Region, Sort};
use crate::model::Metres;
use crate::model::Point;

/// The entries that `query` finds.
pub(super) fn found<'a>(entries: &'a [Entry], query: &Query) -> Vec<&'a Entry> {
    entries.iter().filter(|entry| matches(entry, query)).collect()
}

/// The keys that `query` finds, in order; relevance is not known here.
pub(super) fn keys(entries: &[Entry], query: &Query, sort: Sort) -> Vec<String> {
    let mut found = found(entries, query);
    found.sort_by(|one, other| compare(one, other, query, sort));
    found.into_iter().map(|entry| entry.key.clone()).collect()
}

/// Whether all words of `text` are somewhere in the entry.
pub(super) fn has_words(entry: &Entry, text: &str) -> bool {
    let mut stems = Stems::new();
    let texts = &entry.texts;
    let several = texts.alternate_names.iter().chain(&texts.categories);
    let all = [&texts.name, &texts.summary, &texts.description, &texts.organisation];
    let own: Vec<String> = all.into_iter().chain(several).flat_map(|text| words(text)).collect();
    let asked = words(text);
    asked.iter().enumerate().all(|(at, word)| {
        let last = at + 1 == asked.len();
        let stem = stems.stem(word).to_owned();
        own.iter().any(|other| {
            other == word
                || stems.stem(other) == stem
                || (last && word.len() > 1 && other.starts_with(word))
                || (other.chars().next() == word.chars().next()
                    && strsim::osa_distance(word, other) <= errors(word))
        })
    })
}

fn errors(word: &str) -> usize {
    match word.chars().count() {
        0..4 => 0,
        4..7 => 1,
        _ => 2,
    }
}

fn matches(entry: &Entry, query: &Query) -> bool {
    let shares = |one: &[String], other: &[String]| one.iter().any(|code| other.contains(code));
    let region = match &query.region {
        None => true,
        Some(Region::Box(bounds)) => entry.points.iter().any(|point| bounds.contains(*point)),
        Some(Region::Polygon(polygon)) => entry.points.iter().any(|point| polygon.contains(*point)),
        Some(Region::Areas { within, serving }) => {
            shares(&entry.within, within) || shares(&entry.serves, serving)
        }
    };
    let near = query.centre.as_ref().is_none_or(|centre| {
        let Some(within) = centre.within else { return true };
        shares(&entry.serves, &centre.areas)
            || distance(entry, centre.point).is_some_and(|distance| distance <= within)
            || (centre.online == OnlineToo::Yes
                && entry.online == Online::Yes
                && entry.points.is_empty()
                && entry.serves.is_empty())
    });
    let is_folded = entry.facets.iter().any(|(facet, _)| *facet == Facet::StandsFor);
    let has = |filter: &Filter| {
        let mut values = entry.facets.iter();
        let has_topic =
            values.any(|(facet, value)| *facet == filter.facet && filter.any_of.contains(value));
        has_topic || (filter.facet == Facet::Serves && shares(&entry.serves, &filter.any_of))
    };
    region
        && near
        && (query.duplicates == Duplicates::Shown || !is_folded)
        && (query.kinds.is_empty() || query.kinds.contains(&entry.kind))
        && query.filters.iter().all(has)
        && !query.without.iter().any(has)
        && (query.serving.is_empty()
            || entry.serves.is_empty()
            || shares(&entry.serves, &query.serving))
        && query.age.is_none_or(|age| {
            entry.ages.is_empty() || entry.ages.iter().any(|ages| ages.contains(age))
        })
        && query
            .open_at
            .is_none_or(|moment| entry.opening.iter().any(|times| times.is_open(moment)))
        && query
            .ages_within
            .is_none_or(|bounds| entry.ages.iter().any(|ages| bounds.encloses(*ages)))
        && query.hours.is_none_or(|hours| {
            entry.opening.iter().any(|times| {
                hours.weekday.is_none_or(|weekday| times.is_on(weekday))
                    && hours.from.is_none_or(|from| times.start_time >= Some(from))
            })
        })
        && query.changed_since.is_none_or(|since| entry.modified >= since)
        && (query.serving.is_empty()
            || entry.serves.is_empty()
            || shares(&entry.serves, &query.serving))
        && has_words(entry, &query.text)
}

fn compare(one: &Entry, other: &Entry, query: &Query, sort: Sort) -> Ordering {
    let last =
        |entry: &Entry| entry.review_due.zip(query.today).is_some_and(|(due, today)| due < today);
    let by_sort = match sort {
        Sort::Distance => {
            let rank = |entry: &Entry| {
                let centre = query.centre.as_ref().unwrap();
                let serves = entry.serves.iter().any(|code| centre.areas.contains(code));
                let distance = distance(entry, centre.point);
                let band = match (entry.serves.is_empty(), serves, distance) {
                    (false, false, Some(_)) => 4,
                    (false, false, None) => 5,
                    (_, _, Some(_)) => 0,
                    (_, true, None) => 1,
                    _ if entry.online == Online::Yes => 2,
                    _ => 3,
                };
                (band, distance)
            };
            rank(one).partial_cmp(&rank(other)).unwrap()
        }
        Sort::Name => Ordering::Equal,
        Sort::Reviewed => other.reviewed.cmp(&one.reviewed),
        Sort::Added => other.added.cmp(&one.added),
        Sort::Key => head(one).cmp(head(other)),
        Sort::Relevance => unreachable!("the oracle knows no scores"),
    };
    last(one).cmp(&last(other)).then(by_sort).then_with(|| {
        let [name, other_name] = [one, other].map(|entry| fold(&entry.texts.name));
        (name.trim(), &one.key).cmp(&(other_name.trim(), &other.key))
    })
}

/// What is first looked at of an identifier.
fn head(entry: &Entry) -> &[u8] {
    let identifier = entry.key.split_once('/').map_or(entry.key.as_str(), |(_, end)| end);
    &identifier.as_bytes()[..identifier.len().min(8)]
}

fn distance(entry: &Entry, centre: Point) -> Option<Metres> {
    let distances = entry.points.iter().map(|point| point.distance(centre));
    distances.min_by(|one, other| one.partial_cmp(other).unwrap())
}

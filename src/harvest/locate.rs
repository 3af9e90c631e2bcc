//! A place for a record that has none, from what its texts say.
//!
//! A whole postcode goes first, then the name of a place behind “in” or “at”.
//! The result says from which it is made and how sure it is, and is marked as
//! derived in the record. An event never gets its organiser's address: the
//! caller gives the record's own texts only, and what reads like a footer or
//! an organisation's office is passed over here too.

#[cfg(test)]
#[path = "locate_tests.rs"]
mod tests;

use std::str::FromStr;

use serde_json::{Map, Value as Json, json};

use crate::model::{Point, Postcode, PostcodePart};

/// Texts beyond this, in characters, are not read: a place that is meant is
/// named near the beginning.
const LONGEST_TEXT: usize = 20_000;

/// No more names of one text are looked up.
const MOST_NAMES: usize = 40;

/// No name of a place with its county is longer, in bytes.
const LONGEST_NAME: usize = 200;

/// No name of a place has more words.
const MOST_WORDS: usize = 4;

/// Postcodes and names of places to positions; the gazetteer in earnest.
pub trait Resolver {
    /// Where a whole postcode is; `None` when it is not known to exist.
    fn postcode(&self, postcode: &Postcode) -> Option<Found>;

    /// The populated places that have exactly this name, whatever the case;
    /// several when it is ambiguous. Never a council or a country: who lives
    /// “in Scotland” has not said where.
    fn place(&self, name: &str) -> Vec<Found>;

    /// The populated place that a name alone means, as the much bigger one of
    /// those that have it; what stands behind a comma tells it from others
    /// (`Newtown, Highland`). All of them when nobody can tell.
    fn meant(&self, name: &str) -> Vec<Found>;
}

/// A postcode or a place that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What to call it.
    pub name: String,
    /// Where it is, when that is known.
    pub point: Option<Point>,
    /// Codes of the areas that hold it.
    pub areas: Vec<String>,
    /// How it is known: `postcode`, `sector`, `district` or `place`, as in the
    /// record's `positionFrom`.
    pub from: &'static str,
}

/// One text of a record, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// Key of its field: `name`, `summary`, `description` …
    pub field: &'a str,
    /// The text, without HTML.
    pub text: &'a str,
}

/// What is known of a record besides its texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Context<'a> {
    /// It takes place online only.
    pub online_only: bool,
    /// Codes of the areas that the source is about; a place elsewhere is not
    /// believed. None: everywhere.
    pub areas: &'a [String],
    /// Postcodes that are not its own, such as those of the organisation.
    pub not: &'a [Postcode],
}

/// A place that was worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// The fields of a location: `postcode` or `locality`, and the position
    /// with `positionFrom`.
    pub location: Map<String, Json>,
    /// From what: `postcode` or `place`.
    pub from: &'static str,
    /// How sure it is, from 0 to 1.
    pub sure: f64,
    /// The piece of text that says so, and its field.
    pub evidence: String,
}

/// What the words of a location tell of its position.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// This, worked out from a name.
    Position(Derived),
    /// A name of several places, and what these are called.
    Several(String, Vec<String>),
    /// Nothing.
    Nothing,
}

/// How sure the place is that a town with its county names.
const TOWN_AND_COUNTY: f64 = 0.9;
/// How sure the place is that a town names.
const TOWN: f64 = 0.8;
/// How sure the place is that a location is called.
const NAME: f64 = 0.7;
/// How sure the place is that stands behind a comma in a line.
const IN_LINE: f64 = 0.6;

/// The position of a `location` that has none, nor a postcode: by its town,
/// with its county where there is one, else by its own name, or by what stands
/// in its address behind a comma. A name of several places means the one in
/// the areas `near`, when only one lies there; otherwise it means nothing.
#[must_use]
pub fn by_name(location: &Map<String, Json>, near: &[String], resolver: &dyn Resolver) -> Told {
    let text = |key: &str| location.get(key).and_then(any_language).map(str::trim);
    let mut told = Told::Nothing;
    let mut look = |field: &str, name: &str, sure: f64| -> Option<Derived> {
        if name.is_empty() || name.len() > LONGEST_NAME || is_of_calendar(name) {
            return None;
        }
        let all = resolver.place(name);
        let mut close: Vec<&Found> = all.iter().filter(|found| is_in(found, near)).collect();
        if let (false, [one]) = (near.is_empty(), close.as_slice()) {
            return Some(derived(one, field, name, sure));
        }
        let meant = resolver.meant(name);
        if let [one] = meant.as_slice() {
            return Some(derived(one, field, name, sure));
        }
        close = if close.len() > 1 { close } else { meant.iter().collect() };
        if told == Told::Nothing && close.len() > 1 {
            let names = close.iter().map(|found| found.name.clone()).collect();
            told = Told::Several(name.to_owned(), names);
        }
        None
    };
    let mut found = None;
    if let Some(town) = text("locality") {
        if let Some(county) = text("region") {
            found = look("locality", &format!("{town}, {county}"), TOWN_AND_COUNTY);
        }
        found = found.or_else(|| look("locality", town, TOWN));
        found = found.or_else(|| parts(town).find_map(|part| look("locality", part, IN_LINE)));
    }
    for (key, whole) in [("name", NAME), ("streetAddress", IN_LINE)] {
        if found.is_some() {
            break;
        }
        let Some(line) = text(key) else { continue };
        found = look(key, line, whole)
            .or_else(|| parts(line).find_map(|part| look(key, part, IN_LINE)));
    }
    found.map_or(told, Told::Position)
}

/// What stands behind the commas of a line: each with all that follows, and
/// then by itself, from the left.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    let behind = line.match_indices(',').take(MOST_NAMES).map(|(at, _)| line[at + 1..].trim());
    behind.flat_map(|rest| {
        let first = rest.split_once(',').map(|(first, _)| first.trim());
        std::iter::once(rest).chain(first)
    })
}

/// A text, or the first of those in several languages.
fn any_language(value: &Json) -> Option<&str> {
    value.as_str().or_else(|| value.as_object()?.values().find_map(Json::as_str))
}

fn derived(found: &Found, field: &str, written: &str, sure: f64) -> Derived {
    Derived {
        location: position(found),
        from: "place",
        sure,
        evidence: evidence(&format!("locations/{field}"), written),
    }
}

/// The place of a record that has none, as far as its texts tell one without
/// doubt; nothing when it is online only.
#[must_use]
pub fn locate(texts: &[Text<'_>], context: &Context<'_>, resolver: &dyn Resolver) -> Told {
    if context.online_only {
        return Told::Nothing;
    }
    match by_postcode(texts, context, resolver) {
        Some(derived) => Told::Position(derived),
        None => by_place(texts, context, resolver),
    }
}

/// The one postcode that the texts name; none when they name several.
fn by_postcode(
    texts: &[Text<'_>],
    context: &Context<'_>,
    resolver: &dyn Resolver,
) -> Option<Derived> {
    let mut known: Option<(Postcode, Found, String)> = None;
    for text in texts {
        for sentence in own_sentences(text.text) {
            for (postcode, written) in postcodes(sentence) {
                if context.not.contains(&postcode) {
                    continue;
                }
                let Some(found) = resolver.postcode(&postcode) else { continue };
                if !is_in(&found, context.areas) {
                    continue;
                }
                match &known {
                    Some((other, ..)) if *other != postcode => return None,
                    Some(_) => {}
                    None => known = Some((postcode, found, evidence(text.field, written))),
                }
            }
        }
    }
    let (postcode, found, evidence) = known?;
    let mut location = position(&found);
    location.insert("postcode".to_owned(), json!(postcode.to_string()));
    // A postcode of which only the sector is known may be a slip of the pen.
    let sure = if found.from == "postcode" { 0.9 } else { 0.75 };
    Some(Derived { location, from: "postcode", sure, evidence })
}

/// The one place that the texts name; none when they name several. One of
/// which there are several counts where no other is named, and is none then.
fn by_place(texts: &[Text<'_>], context: &Context<'_>, resolver: &dyn Resolver) -> Told {
    let mut known: Option<(Found, &str, String)> = None;
    let mut several = Told::Nothing;
    for text in texts {
        for sentence in own_sentences(text.text) {
            for Called { before, name, mut places } in places(sentence, context.areas, resolver) {
                let found = match places.len() {
                    1 => places.remove(0),
                    _ if several == Told::Nothing => {
                        let names = places.into_iter().map(|place| place.name).collect();
                        several = Told::Several(name, names);
                        continue;
                    }
                    _ => continue,
                };
                match &known {
                    Some((other, ..)) if !is_same(other, &found) => return Told::Nothing,
                    Some(_) => {}
                    None => {
                        let evidence = evidence(text.field, &format!("{before} {name}"));
                        known = Some((found, text.field, evidence));
                    }
                }
            }
        }
    }
    let Some((found, field, evidence)) = known else { return several };
    let mut location = position(&found);
    location.insert("locality".to_owned(), json!(found.name));
    let mut sure: f64 = if field == "name" { 0.7 } else { 0.6 };
    if !context.areas.is_empty() {
        sure += 0.1;
    }
    Told::Position(Derived { location, from: "place", sure, evidence })
}

/// A name in a sentence, and what has it.
struct Called<'a> {
    /// The word before it.
    before: &'a str,
    name: String,
    /// The places of that name within the areas: one at least.
    places: Vec<Found>,
}

/// The places named behind “in” or “at” in a sentence.
///
/// A name counts whole: “at Leith Library” does not name Leith, nor “in Perth
/// Road” Perth. Only what a small word cuts off may be left out: “in Leith on
/// Mondays”.
fn places<'a>(sentence: &'a str, areas: &[String], resolver: &dyn Resolver) -> Vec<Called<'a>> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let starts = words.iter().enumerate().filter(|(_, word)| is_before_place(word));
    let mut found = Vec::new();
    for (at, word) in starts.take(MOST_NAMES) {
        let run = capitalised_run(&words[at + 1..]);
        let cut = run.iter().position(|word| is_joint(word)).unwrap_or(run.len());
        for length in if cut == run.len() { vec![cut] } else { vec![run.len(), cut] } {
            let name = run[..length].join(" ");
            if length == 0 || length > MOST_WORDS || is_of_calendar(&name) {
                continue;
            }
            let mut known = resolver.place(&name);
            let is_known = !known.is_empty();
            known.retain(|place| is_in(place, areas));
            if !known.is_empty() {
                found.push(Called { before: word, name, places: known });
            }
            if is_known {
                break;
            }
        }
    }
    found
}

fn is_before_place(word: &str) -> bool {
    let bare = word.trim_start_matches(['(', '[', '“', '"', '‘', '–', '-']);
    matches!(bare, "in" | "at" | "In" | "At")
}

/// Small words that stand within names: “Bridge of Don”, “Newton on Ayr”.
fn is_joint(word: &str) -> bool {
    matches!(word, "of" | "by" | "on" | "the" | "upon" | "under" | "le" | "na" | "an")
}

/// Months and days, of which some are hamlets too.
fn is_of_calendar(name: &str) -> bool {
    let words = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    words.iter().any(|word| name.trim_end_matches('s').eq_ignore_ascii_case(word))
}

/// The words at the beginning that may be one name: capitalised, with small
/// ones such as “of” between, up to a mark that ends it.
fn capitalised_run<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut run: Vec<&str> = Vec::new();
    for word in words {
        let bare = word.trim_matches(|character: char| {
            !character.is_alphanumeric() && character != '’' && character != '\''
        });
        let is_capital = bare.chars().next().is_some_and(char::is_uppercase);
        if bare.is_empty() || !(is_capital || (is_joint(bare) && !run.is_empty())) {
            break;
        }
        // A bracket before it begins something else.
        if !run.is_empty() && !word.starts_with(bare) {
            break;
        }
        run.push(bare);
        if !word.ends_with(bare) {
            break;
        }
    }
    while run.last().is_some_and(|word| word.starts_with(char::is_lowercase)) {
        run.pop();
    }
    run
}

/// The whole postcodes written in a sentence, each with how it is written:
/// two neighbouring words, or one.
fn postcodes(sentence: &str) -> Vec<(Postcode, &str)> {
    let words = bare_words(sentence);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (start, word) = words[at];
        let two = words.get(at + 1).filter(|(_, other)| other.len() == 3);
        let two = two.map(|(next, other)| &sentence[start..next + other.len()]);
        if let Some((postcode, text)) = two.and_then(|text| Some((unit(text)?, text))) {
            found.push((postcode, text));
            at += 2;
            continue;
        }
        if let Some(postcode) = unit(word) {
            found.push((postcode, word));
        }
        at += 1;
    }
    found
}

/// A whole postcode, when a text is one as it stands: with nothing repaired,
/// since “I0 OAK” in a sentence is none.
fn unit(text: &str) -> Option<Postcode> {
    let postcode = Postcode::from_str(text).ok()?;
    let compact: String = text.split_whitespace().collect();
    let is_whole = postcode.part() == PostcodePart::Unit
        && compact.eq_ignore_ascii_case(postcode.compact())
        && text.split_whitespace().next().is_some_and(|first| {
            first.eq_ignore_ascii_case(postcode.outward()) || first.len() == compact.len()
        });
    is_whole.then_some(postcode)
}

/// The words of a text without the marks round them, with where they begin.
fn bare_words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, character.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The sentences and lines of a text that speak of the thing itself: not of
/// where an organisation is registered or has its office, nor a footer.
fn own_sentences(text: &str) -> impl Iterator<Item = &str> {
    let end = text.char_indices().nth(LONGEST_TEXT).map_or(text.len(), |(end, _)| end);
    let text = &text[..end];
    text.split(['\n', '\r', '!', '?', ';'])
        .flat_map(|line| line.split(". "))
        .filter(|sentence| !is_of_organisation(sentence))
}

/// Words of sentences about an organisation, and of footers.
const OF_ORGANISATION: [&str; 18] = [
    "registered office",
    "registered address",
    "registered in",
    "registered charity",
    "scottish charity",
    "charity number",
    "charity no",
    "company number",
    "company no",
    "head office",
    "our office",
    "our offices",
    "main office",
    "based in",
    "correspondence",
    "write to",
    "©",
    "copyright",
];

fn is_of_organisation(sentence: &str) -> bool {
    let folded = sentence.to_lowercase();
    OF_ORGANISATION.iter().any(|words| folded.contains(words))
}

fn is_in(found: &Found, areas: &[String]) -> bool {
    areas.is_empty() || found.areas.iter().any(|area| areas.contains(area))
}

fn is_same(one: &Found, other: &Found) -> bool {
    one.name == other.name && one.point == other.point
}

fn position(found: &Found) -> Map<String, Json> {
    let mut location = Map::new();
    if let Some(point) = found.point {
        location.insert("latitude".to_owned(), json!(point.latitude()));
        location.insert("longitude".to_owned(), json!(point.longitude()));
        location.insert("positionFrom".to_owned(), json!(found.from));
    }
    location
}

fn evidence(field: &str, written: &str) -> String {
    format!("{field}: “{written}”")
}

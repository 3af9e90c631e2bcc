//! The twenty requests that are likeliest, as each face takes them.
//!
//! Most people ask what is near their postcode; some say a topic or a word as
//! well, few only a word, and few look at a second page.

use std::fmt::Write as _;

use fastrand::Rng;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::cli::bench::activities::ACTIVITIES;
use crate::cli::bench::world::World;

/// Why writing into a text is expected to work.
const INFALLIBLE: &str = "a text takes everything";

/// What somebody wants to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Near which postcode, two kilometres at most.
    postcode: Option<String>,
    /// The slug of a topic.
    topic: Option<&'static str>,
    /// A word.
    word: Option<&'static str>,
    /// Which page.
    page: usize,
}

/// Words that people type, all of which find something.
const WORDS: [&str; 6] = ["walking", "lunch", "choir", "gardening", "exercise", "advice"];

/// The twenty requests.
pub(super) fn likeliest(world: &World, seed: u64) -> Vec<Asked> {
    let mut rng = Rng::with_seed(seed);
    (0..20)
        .map(|number| {
            let mut asked = Asked { page: 1, ..Asked::default() };
            if number < 18 {
                asked.postcode = Some(world.postcode(&mut rng));
            }
            if (8..12).contains(&number) {
                asked.topic = Some(ACTIVITIES[rng.usize(..ACTIVITIES.len())].topics[0]);
            }
            if (12..16).contains(&number) || number >= 18 {
                asked.word = Some(WORDS[rng.usize(..WORDS.len())]);
            }
            if (16..18).contains(&number) {
                asked.page = 2;
            }
            asked
        })
        .collect()
}

/// A way to ask, and its address for a request.
pub(super) type Face = (&'static str, fn(&Asked) -> String);

/// The faces, in the order in which they are measured.
pub(super) const FACES: &[Face] = &[
    ("page", |asked| own("/search", asked)),
    ("JSON", |asked| own("/api/v1/search.json", asked)),
    ("GeoJSON", |asked| own("/api/v1/search.geojson", asked)),
    ("JSON-LD", |asked| own("/api/v1/search.jsonld", asked)),
    ("RSS", |asked| own("/api/v1/search.rss", asked)),
    ("Atom", |asked| own("/api/v1/search.atom", asked)),
    ("JSON Feed", |asked| own("/api/v1/search.feed.json", asked)),
    ("iCalendar", |asked| own("/api/v1/search.ics", asked)),
    ("CSV", |asked| own("/api/v1/search.csv", asked)),
    ("fragment", |asked| listed("", ".fragment.html", asked)),
    ("frame", |asked| listed("/embed/v1", "", asked)),
    ("ALISS v4", |asked| aliss("/aliss/v4/services/", asked)),
    ("ALISS v5", |asked| aliss("/aliss/v5/services/", asked)),
    ("Open Referral", open_referral),
];

fn own(path: &str, asked: &Asked) -> String {
    let mut target = format!("{path}?kind=asset");
    if let Some(postcode) = &asked.postcode {
        write!(target, "&near={}&within=2km", encoded(postcode)).expect(INFALLIBLE);
    }
    narrowed(&mut target, "topic", asked);
    if asked.page > 1 {
        write!(target, "&page={}", asked.page).expect(INFALLIBLE);
    }
    target
}

fn listed(before: &str, suffix: &str, asked: &Asked) -> String {
    let mut target = match &asked.postcode {
        Some(postcode) => format!("{before}/near/{}{suffix}?radius=2km", encoded(postcode)),
        None => format!("{before}/lists/all{suffix}?kind=assets"),
    };
    narrowed(&mut target, "topic", asked);
    target
}

/// The older faces know topics by slugs of their own; a word stands for them.
fn aliss(path: &str, asked: &Asked) -> String {
    let mut target = format!("{path}?page={}&page_size=20", asked.page);
    let postcode = asked.postcode.as_deref().unwrap_or("G2 4AA");
    write!(target, "&postcode={}&radius=2000", encoded(postcode)).expect(INFALLIBLE);
    if let Some(word) = asked.word.or(asked.topic) {
        write!(target, "&q={}", encoded(word)).expect(INFALLIBLE);
    }
    target
}

fn open_referral(asked: &Asked) -> String {
    let mut target = format!("/open-referral/v3/services?page={}&per_page=20", asked.page);
    if let Some(postcode) = &asked.postcode {
        write!(target, "&postcode={}&proximity=2000", encoded(postcode)).expect(INFALLIBLE);
    }
    if let Some(word) = asked.word.or(asked.topic) {
        write!(target, "&search={}", encoded(word)).expect(INFALLIBLE);
    }
    target
}

fn narrowed(target: &mut String, topic: &str, asked: &Asked) {
    if let Some(slug) = asked.topic {
        write!(target, "&{topic}={slug}").expect(INFALLIBLE);
    }
    if let Some(word) = asked.word {
        write!(target, "&q={}", encoded(word)).expect(INFALLIBLE);
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
#[path = "requests_tests.rs"]
mod tests;

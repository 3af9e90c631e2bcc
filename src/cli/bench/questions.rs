//! What people ask, as queries and as addresses.

use std::fmt::Write;

use fastrand::Rng;
use jiff::tz::TimeZone;

use super::super::clock::now;
use super::activities::ACTIVITIES;
use super::world::World;
use crate::model::{Metres, Point};
use crate::register::{Centre, Facet, Filter, OnlineToo, Query, Region, Register};

/// Why writing into a text is expected to work.
const INFALLIBLE: &str = "a text takes everything";
/// How far people go, in metres.
pub(super) const NEAR: f64 = 2_000.0;
/// What people type.
const TEXTS: &[&str] = &[
    "walking",
    "dementia café",
    "debt advice",
    "lunch club",
    "choir",
    "swimming lessons",
    "food bank",
    "carers support",
    "mens shed",
    "gardening",
    "toddler group",
    "counselling",
    "exercise class",
    "community transport",
    "benefits housing",
    "walking groop",
];

/// A sort of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// The nearest, however far.
    Nearest,
    /// Near, nearest first.
    Radius,
    /// Near, and on a topic.
    RadiusTopic,
    /// Near, on a topic, and with words.
    RadiusTopicText,
    /// With words, anywhere.
    Text,
    /// With words, best and nearest first.
    TextNear,
    /// In a council's area.
    Area,
}

/// All sorts, with their names in the report.
pub(super) const SORTS: &[(Sort, &str)] = &[
    (Sort::Nearest, "nearest 20"),
    (Sort::Radius, "2 km"),
    (Sort::RadiusTopic, "2 km, topic"),
    (Sort::RadiusTopicText, "2 km, topic, text"),
    (Sort::Text, "text"),
    (Sort::TextNear, "text, best and nearest first"),
    (Sort::Area, "area of a council"),
];

/// One question.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) point: Point,
    /// For the index.
    pub(super) query: Query,
    /// For the API, under its address.
    pub(super) path: String,
}

/// `count` questions of a sort.
pub(super) fn draw(register: &Register, world: &World, sort: Sort, count: usize) -> Vec<Question> {
    let mut rng = Rng::with_seed(sort as u64 + 1);
    (0..count).map(|_| one(register, world, sort, &mut rng)).collect()
}

fn one(register: &Register, world: &World, sort: Sort, rng: &mut Rng) -> Question {
    let point = world.somewhere(rng);
    let today = Some(now().to_zoned(TimeZone::UTC).date());
    let mut query = Query { kinds: vec!["asset".to_owned()], today, ..Query::default() };
    let mut path = "/api/v1/search?kind=asset".to_owned();
    if !matches!(sort, Sort::Text | Sort::Area) {
        let near = !matches!(sort, Sort::Nearest | Sort::TextNear);
        let gazetteer = register.gazetteer();
        let areas = gazetteer.areas_at(point);
        query.centre = Some(Centre {
            point,
            within: near.then(|| Metres::new(NEAR).expect("it is a distance")),
            areas: areas.iter().map(|area| area.code.to_string()).collect(),
            online: OnlineToo::No,
        });
        write!(path, "&near={},{}", point.latitude(), point.longitude()).expect(INFALLIBLE);
        if near {
            path += "&within=2km";
        }
    }
    if matches!(sort, Sort::RadiusTopic | Sort::RadiusTopicText) {
        let activity = &ACTIVITIES[rng.usize(..ACTIVITIES.len())];
        let topic = activity.topics[0];
        query.filters.push(Filter { facet: Facet::Topic, any_of: vec![topic.to_owned()] });
        write!(path, "&topic={topic}").expect(INFALLIBLE);
        if sort == Sort::RadiusTopicText {
            let last = activity.name.split(' ').next_back().unwrap_or(activity.name);
            last.clone_into(&mut query.text);
            write!(path, "&q={last}").expect(INFALLIBLE);
        }
    }
    if matches!(sort, Sort::Text | Sort::TextNear) {
        let text = TEXTS[rng.usize(..TEXTS.len())];
        text.clone_into(&mut query.text);
        write!(path, "&q={}", text.replace(' ', "+")).expect(INFALLIBLE);
    }
    if sort == Sort::Area {
        let council = world.council(rng);
        query.region = Some(Region::Areas {
            within: vec![council.to_owned()],
            serving: vec![council.to_owned()],
        });
        write!(path, "&area={council}").expect(INFALLIBLE);
    }
    Question { point, query, path: encoded(&path) }
}

/// The path in the characters that HTTP takes.
fn encoded(path: &str) -> String {
    use percent_encoding::{CONTROLS, utf8_percent_encode};
    utf8_percent_encode(path, CONTROLS).to_string()
}

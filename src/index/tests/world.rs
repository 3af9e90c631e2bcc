//! Small worlds, in which coincidences are common.

use jiff::Timestamp;
use jiff::civil::{Weekday, date, time};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use uuid::Uuid;

use super::super::{
    Centre, Duplicates, Entry, Facet, Filter, Hours, Online, OnlineToo, Polygon, Query, Region,
    Sort,
};
use crate::model::AgeRange;
use crate::model::BoundingBox;
use crate::model::Day;
use crate::model::Metres;
use crate::model::Moment;
use crate::model::Point;
use crate::model::Schedule;

const WORDS: [&str; 16] = [
    "walking",
    "walks",
    "walk",
    "dancing",
    "cancer",
    "tea",
    "teas",
    "team",
    "physical",
    "phyzical",
    "activity",
    "activities",
    "café",
    "the",
    "Gàidhlig",
    "lunch-club",
];
const AREAS: [&str; 4] = ["S12000036", "S12000049", "S92000003", "K02000001"];
const KINDS: [&str; 3] = ["asset", "organisation", "resource"];
const TOPICS: [&str; 4] = ["food", "sport", "health", "arts"];

pub(super) fn point() -> impl Strategy<Value = Point> {
    prop_oneof![
        8 => (0..12_u8, 0..12_u8).prop_map(|(north, east)| {
            (55.9 + f64::from(north) * 0.01, -3.3 + f64::from(east) * 0.01)
        }),
        1 => (-90.0..=90.0, -180.0..=180.0),
        1 => (-17.1..=-16.9, prop_oneof![179.9..=180.0, -180.0..=-179.9]),
    ]
    .prop_map(|(latitude, longitude)| Point::new(latitude, longitude).unwrap())
}

fn text(words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(select(WORDS.as_slice()), words).prop_map(|words| words.join(" "))
}

fn areas() -> impl Strategy<Value = Vec<String>> {
    subsequence(AREAS.as_slice(), 0..=2)
        .prop_map(|codes| codes.into_iter().map(str::to_owned).collect())
}

/// An entry whose key is one of `keys`.
pub(super) fn entry(keys: u8) -> impl Strategy<Value = Entry> {
    let texts = (text(1..4), text(0..4), text(0..8), text(0..3), text(0..3));
    let places = (prop::collection::vec(point(), 0..3), areas(), areas());
    let rest = (
        subsequence(TOPICS.as_slice(), 0..=2),
        prop::option::of((0..20_u8, 0..40_u8)),
        prop::option::of((1..=7_i8, 8..20_i8)),
        prop::option::of(1..=3_i8),
        (0..4_i64, any::<bool>(), 0..4_i8, prop::option::weighted(0.2, 0..keys)),
    );
    (0..keys, select(KINDS.as_slice()), texts, places, rest).prop_map(
        |(key, kind, texts, (points, within, serves), rest)| {
            let (topics, ages, opening, reviewed, (added, online, due, stands)) = rest;
            let mut entry = Entry::new(&format!("record/{key}"), kind, &texts.0);
            entry.texts.summary = texts.1;
            entry.texts.description = texts.2;
            entry.texts.categories = vec![texts.3];
            entry.texts.organisation = texts.4;
            entry.points = points;
            entry.within = within;
            entry.serves = serves;
            entry.facets =
                topics.into_iter().map(|topic| (Facet::Topic, topic.to_owned())).collect();
            entry.facets.extend(stands.map(|key| (Facet::StandsFor, format!("record/{key}"))));
            entry.ages = ages
                .map(|(from, years)| AgeRange::new(Some(from), Some(from + years)).unwrap())
                .into_iter()
                .collect();
            entry.opening = opening
                .map(|(day, hour)| Schedule {
                    days: vec![Day { weekday: weekday(day), nth: None }],
                    start_time: Some(time(hour, 0, 0, 0)),
                    end_time: Some(time((hour + 8) % 24, 0, 0, 0)),
                    ..Schedule::default()
                })
                .into_iter()
                .collect();
            entry.reviewed = reviewed.map(|month| date(2026, month, 1));
            entry.added = Timestamp::from_second(added * 1_000).unwrap();
            entry.online = if online { Online::Yes } else { Online::No };
            entry.modified = entry.added;
            // More sites than points, none, or as many.
            let sites = entry.points.len() + usize::from(online);
            entry.sites = (0..sites).map(|site| uuid(key, site + 1)).collect();
            entry.uuid = (key % 2 == 0).then(|| uuid(key, 0));
            entry.review_due = (due > 0).then(|| date(2026, due, 1));
            entry.summary = entry.key.clone().into_bytes();
            entry
        },
    )
}

/// The UUID of a record's site, from 1, or of the record itself.
pub(super) fn uuid(key: u8, site: usize) -> Uuid {
    Uuid::from_u128((u128::from(key) << 64) | site as u128)
}

fn weekday(number: i8) -> Weekday {
    Weekday::from_monday_one_offset(number).unwrap()
}

fn centre() -> impl Strategy<Value = Centre> {
    let within = prop::option::of(prop_oneof![0.0..5_000.0, Just(2_000.0), Just(1e6)]);
    (point(), within, areas(), any::<bool>()).prop_map(|(point, within, areas, online)| Centre {
        point,
        within: within.map(|metres| Metres::new(metres).unwrap()),
        areas,
        online: if online { OnlineToo::Yes } else { OnlineToo::No },
    })
}

fn region() -> impl Strategy<Value = Region> {
    prop_oneof![
        (point(), point()).prop_map(|(one, other)| {
            let (south, north) =
                if one.latitude() <= other.latitude() { (one, other) } else { (other, one) };
            Region::Box(BoundingBox::new(south, north).unwrap())
        }),
        prop::collection::vec(point(), 3..5).prop_filter_map("it crosses itself", |ring| {
            Polygon::new(ring).ok().map(Region::Polygon)
        }),
        (areas(), areas()).prop_map(|(within, serving)| Region::Areas { within, serving }),
    ]
}

/// Areas that must not be served, and areas of which one must be.
fn regards() -> impl Strategy<Value = (Option<Vec<String>>, Option<Vec<String>>)> {
    (prop::option::weighted(0.2, areas()), prop::option::weighted(0.2, areas()))
}

/// A query for all hits, in any order.
pub(super) fn query() -> impl Strategy<Value = Query> {
    let sorts =
        [Sort::Relevance, Sort::Distance, Sort::Name, Sort::Reviewed, Sort::Added, Sort::Key];
    let filter = subsequence(TOPICS.as_slice(), 1..=2);
    (
        prop_oneof![2 => Just(String::new()), 1 => text(1..3)],
        prop::option::of(centre()),
        (prop::option::weighted(0.3, region()), regards()),
        prop::option::weighted(0.3, filter),
        prop::option::weighted(0.2, select(KINDS.as_slice())),
        prop::option::weighted(0.2, 0..50_u8),
        prop::option::weighted(0.2, (1..=7_i8, 0..24_i8)),
        (
            prop::option::of(select(sorts.to_vec())),
            prop::option::of(1..=4_i8),
            select(vec![Duplicates::Hidden, Duplicates::Shown]),
        ),
        (
            prop::option::weighted(0.1, (0..20_u8, 0..40_u8)),
            prop::option::weighted(0.1, (prop::option::of(1..=7_i8), 8..20_i8)),
            prop::option::weighted(0.2, 0..4_i64),
        ),
    )
        .prop_map(
            |(
                text,
                centre,
                (region, (without, serving)),
                topics,
                kind,
                age,
                moment,
                order,
                rest,
            )| {
                let (sort, month, duplicates) = order;
                Query {
                    ages_within: rest
                        .0
                        .map(|(low, years)| AgeRange::new(Some(low), Some(low + years)).unwrap()),
                    hours: rest.1.map(|(day, hour)| Hours {
                        weekday: day.map(weekday),
                        from: Some(time(hour, 0, 0, 0)),
                        until: None,
                    }),
                    changed_since: rest
                        .2
                        .map(|moment| Timestamp::from_second(moment * 1_000).unwrap()),
                    without: without
                        .map(|any_of| Filter { facet: Facet::Serves, any_of })
                        .into_iter()
                        .collect(),
                    serving: serving.unwrap_or_default(),
                    text,
                    centre,
                    region,
                    filters: topics
                        .map(|topics| Filter {
                            facet: Facet::Topic,
                            any_of: topics.into_iter().map(str::to_owned).collect(),
                        })
                        .into_iter()
                        .collect(),
                    kinds: kind.map(str::to_owned).into_iter().collect(),
                    age,
                    open_at: moment
                        .map(|(day, hour)| Moment::Weekly(weekday(day), time(hour, 30, 0, 0))),
                    today: month.map(|month| date(2026, month, 1)),
                    sort,
                    duplicates,
                    ..Query::default()
                }
            },
        )
}

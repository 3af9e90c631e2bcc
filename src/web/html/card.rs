//! One entry of a list of records, made from its summary.

use jiff::civil::Date;
use serde_json::Map;
use serde_json::Value as Json;

use crate::model::Metres;
use crate::model::Point;
use crate::register::Facet;
use crate::register::Hit;
use crate::register::MatchReason;
use crate::web::html::content;
use crate::web::html::content::Line;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::site::Site;
use crate::web::html::structured::Listed;
use crate::web::html::turns;
use crate::web::html::when;
use crate::web::lapse::Lapse;
use crate::web::members::members;
use crate::web::negotiate::Language;

/// An entry of a list.
#[derive(Debug, Clone)]
pub(in crate::web) struct Card {
    /// Its number in the list, as the map shows it.
    pub(in crate::web) number: usize,
    /// Its page.
    pub(in crate::web) href: String,
    /// What it is called.
    pub(in crate::web) name: Text,
    /// What sort of thing it is: its type, or its kind.
    pub(in crate::web) sort: Text,
    /// What it is, in a sentence or two.
    pub(in crate::web) summary: Option<Text>,
    /// Who is behind it.
    pub(in crate::web) organisation: Option<Text>,
    /// Where it is.
    pub(in crate::web) address: Option<String>,
    /// When it takes place.
    pub(in crate::web) when: Option<Line>,
    /// Why it is not to be had as it says.
    pub(in crate::web) lapse: Option<Phrase>,
    /// Whether it is free.
    pub(in crate::web) is_free: bool,
    /// Why it is in the list: how far away, which area it covers.
    pub(in crate::web) why: Option<Text>,
    /// Its nearest position.
    pub(in crate::web) point: Option<Point>,
    /// Its telephone number, as people write it.
    pub(in crate::web) telephone: Option<String>,
    /// What the list that it stands in remarks on it.
    pub(in crate::web) note: Option<Text>,
}

/// The keys of what stands behind a record, best first.
const BEHIND: [&str; 4] = ["provider", "by", "publisher", "heldBy"];

/// The keys of what sort of thing a record is.
const SORTS: [&str; 3] = ["assetType", "resourceType", "sector"];

/// What else of a summary is on a card: its words, where and when it is, what
/// it costs. A record with a position has the parts of an address as places do.
const SHOWN: [&str; 15] = [
    "name",
    "level",
    "summary",
    "locations",
    "latitude",
    "longitude",
    "streetAddress",
    "locality",
    "region",
    "postcode",
    "schedule",
    "status",
    "validUntil",
    "cost",
    "telephone",
];

/// The cards of `hits`, numbered from `first`; positions are those nearest to
/// `centre`.
pub(in crate::web) fn cards(
    site: Site<'_>,
    hits: &[Hit],
    first: usize,
    centre: Option<Point>,
) -> Vec<Card> {
    let numbered = hits.iter().enumerate();
    numbered.filter_map(|(place, hit)| card(site, hit, first + place, centre)).collect()
}

/// The same cards for machines, with absolute addresses.
pub(in crate::web) fn listed(cards: &[Card], base: &str) -> Vec<Listed> {
    let listed = |card: &Card| Listed {
        name: card.name.text.clone(),
        page: format!("{base}{}", card.href),
        position: card.number,
    };
    cards.iter().map(listed).collect()
}

fn card(site: Site<'_>, hit: &Hit, number: usize, centre: Option<Point>) -> Option<Card> {
    let is_shown = |key: &str| [&BEHIND[..], &SORTS, &SHOWN].iter().any(|keys| keys.contains(&key));
    let summary = members(&hit.summary(), is_shown)?;
    let (kind, id) = hit.key().split_once('/')?;
    let messages = Messages::of(site.language);
    let sites = locations(&summary);
    let nearest = nearest(&sites, centre);
    let sort = SORTS.iter().find_map(|key| site.named(summary.get(*key)?));
    // A place is what its level says, and its own name is no address.
    let level = summary.get("level").and_then(Json::as_str);
    let sort = sort.or_else(|| level.map(|level| site.value_label(Facet::Level, level)));
    let name = content::text(&summary, "name", site.language).unwrap_or_else(|| Text::plain(id));
    let address = nearest.and_then(|place| address(place.0, site.language));
    let today = site.state.today();
    Some(Card {
        number,
        href: site.href(kind, id),
        sort: sort.unwrap_or_else(|| site.kind_text(kind)),
        lapse: Lapse::of(&summary, today).map(|lapse| messages.lapse(lapse)),
        summary: content::text(&summary, "summary", site.language),
        organisation: BEHIND.iter().find_map(|key| site.named(summary.get(*key)?)),
        address: address.filter(|address| *address != name.text),
        name,
        when: when(&summary, today, messages),
        is_free: summary.get("cost").is_some_and(|cost| {
            let cost = cost.as_array().and_then(|costs| costs.first()).unwrap_or(cost);
            cost.get("free").and_then(Json::as_bool) == Some(true)
        }),
        why: hit.reason.as_ref().and_then(|reason| why(site, reason, hit.distance, messages)),
        point: nearest.and_then(|place| place.1),
        telephone: summary.get("telephone").and_then(Json::as_str).map(str::to_owned),
        note: None,
    })
}

/// The locations of a record, each with its position; the record itself when
/// it has one of its own.
pub(in crate::web) fn locations(
    record: &Map<String, Json>,
) -> Vec<(&Map<String, Json>, Option<Point>)> {
    let list = record.get("locations").and_then(Json::as_array).into_iter().flatten();
    let own = record.contains_key("latitude").then_some(record);
    let objects = list.filter_map(Json::as_object).chain(own);
    objects.map(|object| (object, position(object))).collect()
}

fn position(object: &Map<String, Json>) -> Option<Point> {
    let degrees = |key: &str| object.get(key)?.as_f64();
    Point::new(degrees("latitude")?, degrees("longitude")?).ok()
}

type Location<'a> = (&'a Map<String, Json>, Option<Point>);

fn nearest<'a>(locations: &[Location<'a>], centre: Option<Point>) -> Option<Location<'a>> {
    let located = locations.iter().filter(|(_, point)| point.is_some());
    let found = match centre {
        None => located.clone().next(),
        Some(centre) => located.clone().min_by(|one, other| {
            let away = |location: &&Location<'_>| {
                location.1.map_or(f64::INFINITY, |point| point.distance(centre).as_f64())
            };
            away(one).total_cmp(&away(other))
        }),
    };
    found.or_else(|| locations.first()).copied()
}

/// The address of a location on one line, without the same part twice.
pub(in crate::web) fn address(location: &Map<String, Json>, language: Language) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for key in ["name", "streetAddress", "locality", "region", "postcode"] {
        for text in content::texts(location.get(key), language) {
            if !parts.iter().any(|part| part.contains(&text.text)) {
                parts.push(text.text);
            }
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The times of a record on one line: two of them, or the first with the word
/// that there are others.
fn when(record: &Map<String, Json>, today: Date, messages: &Messages) -> Option<Line> {
    let schedules = record.get("schedule").and_then(Json::as_array).into_iter().flatten();
    let mut all: Vec<Line> = Vec::new();
    for schedule in turns::together(schedules.filter_map(Json::as_object)) {
        let words = when::in_words(&schedule, today, messages);
        all.extend(words.filter(|words| !all.contains(words)));
    }
    let rest = if all.len() > 2 {
        all.truncate(1);
        Some(Line::of(vec![messages.other_times.text()]))
    } else {
        None
    };
    all.into_iter().chain(rest).reduce(Line::and)
}

fn why(
    site: Site<'_>,
    reason: &MatchReason,
    distance: Option<Metres>,
    messages: &Messages,
) -> Option<Text> {
    let away = distance.map(content::distance);
    match reason {
        MatchReason::Near => {
            away.map(|distance| messages.why_near.filled(&[("distance", &distance)]))
        }
        MatchReason::Covers(code) => {
            let gazetteer = site.state.register.gazetteer();
            let area = gazetteer.area(code).map_or(code.as_str(), |area| area.name.as_str());
            Some(match away {
                None => messages.why_covers.filled(&[("area", area)]),
                Some(away) => {
                    messages.why_covers_near.filled(&[("area", area), ("distance", &away)])
                }
            })
        }
        MatchReason::Online => Some(messages.why_online.text()),
        MatchReason::Anywhere => Some(messages.why_anywhere.text()),
        MatchReason::ServesElsewhere => {
            away.map(|distance| messages.why_elsewhere.filled(&[("distance", &distance)]))
        }
    }
}

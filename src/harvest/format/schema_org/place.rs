//! Where things are: places, addresses, positions, areas and the web.

use serde_json::{Map, Value as Json, json};
use url::Url;

use super::Context;
use super::graph::{Graph, Node, Value, local};
use super::kinds;
use super::words;
use crate::harvest::extraction::{Draft, Problem, Term};
use crate::harvest::format::location;
use crate::harvest::format::outline::{self, Middle};
use crate::model::Point;

/// Sites of one record.
const MOST_SITES: usize = 200;
/// Areas of one record, with its other terms.
const MOST_AREAS: usize = 200;
/// Numbers of one outline.
const MOST_NUMBERS: usize = 20_000;
/// Latitudes and longitudes of the British Isles, generously.
const LATITUDES: std::ops::RangeInclusive<f64> = 49.0..=61.5;
const LONGITUDES: std::ops::RangeInclusive<f64> = -11.0..=2.5;

/// Where a thing is.
#[derive(Debug, Default)]
pub(super) struct Where {
    /// Nodes of `locations`.
    pub(super) sites: Vec<Json>,
    /// It is on the web.
    pub(super) is_online: bool,
    /// Where on the web.
    pub(super) room: Option<Url>,
}

/// Where something takes place or is offered: by what it says itself, never
/// by where its organiser is (contract E2).
pub(super) fn of(
    graph: &Graph,
    node: &Node,
    properties: &[&str],
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Where {
    let mut found = Where::default();
    for value in properties.iter().flat_map(|property| node.all(property)) {
        match graph.node(value).and_then(|place| graph.nodes.get(place)) {
            Some(place) if place.is(&["VirtualLocation"]) => {
                found.is_online = true;
                found.room = words::addresses(graph, place, "url", context.base).into_iter().next();
            }
            Some(place) if place.says_nothing() => {}
            Some(place) => found.add(site(graph, place, context, problems)),
            None => {
                let Some(text) = value.words() else { continue };
                let read = location::of_text(text);
                found.is_online |= read.is_online;
                if !matches!(value, Value::Address(_)) {
                    found.add(read.location.unwrap_or_default());
                }
            }
        }
    }
    found
}

impl Where {
    fn add(&mut self, site: Map<String, Json>) {
        let site = Json::Object(site);
        let is_new =
            site.as_object().is_some_and(|site| !site.is_empty()) && !self.sites.contains(&site);
        if is_new && self.sites.len() < MOST_SITES {
            self.sites.push(site);
        }
    }
}

/// A place as a node of `locations`.
pub(super) fn site(
    graph: &Graph,
    place: &Node,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Map<String, Json> {
    let mut site = Map::new();
    // An address by itself may stand where a place is expected.
    let is_address = place.is(&["PostalAddress"]);
    if !is_address && let Some(name) = words::text(place.all("name"), context.language) {
        site.insert("name".to_owned(), name);
    }
    if is_address {
        take_address(&mut site, graph, place);
    } else {
        for value in place.all("address") {
            match graph.node(value).and_then(|node| graph.nodes.get(node)) {
                Some(address) => take_address(&mut site, graph, address),
                None => take_line(&mut site, value),
            }
        }
    }
    let holders = std::iter::once(place).chain(graph.nodes_of(place, "geo"));
    let position = holders.into_iter().find_map(|holder| {
        let number = |property: &str| holder.text(property)?.parse::<f64>().ok();
        Some((number("latitude")?, number("longitude")?))
    });
    if let Some((latitude, longitude)) = position
        && let Some((latitude, longitude)) = sane(latitude, longitude, &place.at, problems)
    {
        site.insert("latitude".to_owned(), json!(latitude));
        site.insert("longitude".to_owned(), json!(longitude));
    } else if let Some(middle) = graph.nodes_of(place, "geo").find_map(|it| shape_of(graph, it)) {
        site.extend(middle.fields());
    }
    site
}

fn take_address(site: &mut Map<String, Json>, graph: &Graph, address: &Node) {
    let fields = [
        ("streetAddress", "streetAddress"),
        ("addressLocality", "locality"),
        ("addressRegion", "region"),
        ("postalCode", "postcode"),
    ];
    for (property, field) in fields {
        let parts: Vec<&str> =
            address.all(property).iter().filter_map(|value| words::called(graph, value)).collect();
        if !parts.is_empty() && !site.contains_key(field) {
            site.insert(field.to_owned(), parts.join(", ").into());
        }
    }
    let country = address.one("addressCountry").and_then(|value| words::called(graph, value));
    if let Some(country) = country.and_then(country_code) {
        site.insert("country".to_owned(), country.into());
    }
}

/// An address that is written as one line.
fn take_line(site: &mut Map<String, Json>, value: &Value) {
    let Some(line) = value.words() else { return };
    let Some(read) = location::of_text(line).location else { return };
    if let Some(postcode) = read.get("postcode") {
        site.entry("postcode").or_insert_with(|| postcode.clone());
    }
    if let Some(line) = read.get("name") {
        site.entry("streetAddress").or_insert_with(|| line.clone());
    }
}

fn country_code(written: &str) -> Option<String> {
    let upper = written.to_uppercase();
    match upper.as_str() {
        "UK" | "UNITED KINGDOM" | "GREAT BRITAIN" | "SCOTLAND" | "ENGLAND" | "WALES"
        | "NORTHERN IRELAND" | "ALBA" | "GBR" => Some("GB".to_owned()),
        "IRELAND" | "IRL" => Some("IE".to_owned()),
        code if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            Some(upper)
        }
        _ => None,
    }
}

/// A position that can be believed: 0/0 and what is not on earth is left out,
/// what is turned round for certain is turned back, each with a warning
/// (contract E3).
fn sane(
    latitude: f64,
    longitude: f64,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Option<(f64, f64)> {
    let written = format!("latitude {latitude}, longitude {longitude}");
    let is_british = |latitude: f64, longitude: f64| {
        LATITUDES.contains(&latitude) && LONGITUDES.contains(&longitude)
    };
    if is_british(latitude, longitude) {
        return Some((latitude, longitude));
    }
    if is_british(longitude, latitude) {
        problems.push(
            Problem::warning("position-swapped", at, format!("{written} was turned round")).advice(
                "Give the latitude (55.97) as latitude and the longitude (-3.17) as longitude.",
            ),
        );
        return Some((longitude, latitude));
    }
    let Some(position) = location::position(latitude, longitude) else {
        let what = format!("{written} is nowhere; it is left out");
        problems.push(Problem::warning("bad-position", at, what));
        return None;
    };
    let what = format!("{written} lies outside the British Isles");
    problems.push(Problem::warning("position-far-away", at, what));
    Some(position)
}

/// Sets where it is, for an asset.
pub(super) fn set(draft: &mut Draft, node: &Node, found: Where) {
    let mode = node.text("eventAttendanceMode").map(local);
    let has_sites = !found.sites.is_empty();
    let (is_online, mode) = match mode {
        Some("OnlineEventAttendanceMode") => (true, Some("remote")),
        Some("MixedEventAttendanceMode") => (true, Some("hybrid")),
        Some("OfflineEventAttendanceMode") => (false, Some("in-person")),
        _ if found.is_online && has_sites => (true, Some("hybrid")),
        _ if found.is_online => (true, Some("remote")),
        _ => (false, None),
    };
    if mode == Some("remote") {
        // Who takes part from anywhere is not sent to an office.
        draft.set("online", true);
    } else {
        draft.set("locations", found.sites);
        if is_online {
            draft.set("online", true);
        }
    }
    if let Some(mode) = mode {
        draft.set("accessMode", mode);
    }
    if let Some(room) = found.room
        && !draft.fields.contains_key("url")
    {
        draft.set("url", room.as_str());
    }
}

/// The areas that are served: codes as they are, names as terms.
pub(super) fn set_areas(draft: &mut Draft, graph: &Graph, node: &Node) {
    let mut codes = Vec::new();
    for property in ["areaServed", "serviceArea", "jurisdiction"] {
        for value in node.all(property) {
            let thing = graph.node(value).and_then(|node| graph.nodes.get(node));
            if thing.is_some_and(kinds::is_event) {
                continue;
            }
            let outline = thing.and_then(|area| middle_of_area(graph, area));
            if draft.outlines_served.len() < MOST_SITES {
                draft.outlines_served.extend(outline.map(Middle::location));
            }
            let code =
                thing.and_then(|area| area.text("identifier").or_else(|| area.text("postalCode")));
            let Some(label) = words::called(graph, value).or(code) else { continue };
            let is_code = |text: &str| {
                text.len() == 9
                    && text.starts_with(['S', 'E', 'W', 'N', 'K'])
                    && text[1..].bytes().all(|byte| byte.is_ascii_digit())
            };
            let own_code = [Some(label), code].into_iter().flatten().find(|text| is_code(text));
            if let Some(code) = own_code {
                codes.push(Json::from(format!("place/{code}")));
                continue;
            }
            let term = Term {
                field: "areaServed".to_owned(),
                scheme: None,
                code: code.map(ToOwned::to_owned),
                label: label.chars().take(200).collect(),
            };
            if draft.terms.len() < MOST_AREAS && !draft.terms.contains(&term) {
                draft.terms.push(term);
            }
        }
    }
    draft.set("areaServed", codes);
}

/// The middle of an area that is served; `None` when it has no outline.
fn middle_of_area(graph: &Graph, area: &Node) -> Option<Middle> {
    let mut shapes = std::iter::once(area).chain(graph.nodes_of(area, "geo"));
    shapes.find_map(|shape| shape_of(graph, shape))
}

/// The middle of a `GeoCircle`, or of the outline, box or circle of a
/// `GeoShape`.
fn shape_of(graph: &Graph, shape: &Node) -> Option<Middle> {
    let number = |node: &Node, property: &str| node.text(property)?.parse::<f64>().ok();
    if let Some(point) = graph.nodes_of(shape, "geoMidpoint").next() {
        let point = Point::new(number(point, "latitude")?, number(point, "longitude")?).ok()?;
        // In metres, unless it says otherwise; it is told and not used.
        return Some(outline::of_circle(point, number(shape, "geoRadius").unwrap_or_default()));
    }
    let numbers = |property: &str| -> Option<Vec<f64>> {
        let text = shape.text(property)?;
        let parts = text.split([' ', ',', '\n', '\t']).filter(|part| !part.is_empty());
        parts.take(MOST_NUMBERS).map(|part| part.parse::<f64>().ok()).collect()
    };
    let corners = |numbers: &[f64]| -> Option<Vec<Point>> {
        numbers.chunks_exact(2).map(|pair| Point::new(pair[0], pair[1]).ok()).collect()
    };
    if let Some(circle) = numbers("circle")
        && let [latitude, longitude, radius] = circle.as_slice()
    {
        return Some(outline::of_circle(Point::new(*latitude, *longitude).ok()?, *radius));
    }
    if let Some(limits) = numbers("box")
        && let [south, west, north, east] = limits.as_slice()
    {
        let of_box = [*south, *west, *south, *east, *north, *east, *north, *west];
        return outline::of_corners(&corners(&of_box)?);
    }
    outline::of_corners(&corners(&numbers("polygon")?)?)
}

//! A map as SVG, drawn here: outlines of areas, a ring, numbered points.
//!
//! It needs no script, no tile and no other server, and prints. In a page it
//! shows what the list beside it says in words, and has no links; alone, as a
//! picture of its own, its pins lead where the entries of the list do. Positions are projected on a plane that is true in the
//! middle of the map, which is enough for what is within Scotland.

mod alone;
mod clip;
mod frame;

use std::fmt::Write as _;

use crate::gazetteer::Area;
use crate::gazetteer::Level;
use crate::model::Metres;
use crate::model::Point;
use crate::web::html::content;
use crate::web::html::content::escape;
use crate::web::state::AppState;

pub(in crate::web) use alone::draw_alone;
use frame::Frame;

/// Pins nearer to each other than this, in units of the map, are drawn as one.
const MERGED: f64 = 22.0;

/// From this height on, in kilometres, wards are too small to be drawn.
const WARDS_UP_TO: f64 = 30.0;

/// The narrowest area, in units of the map, that is given its name.
const NAMED_FROM: f64 = 90.0;

/// A point of the map, with its number in the list and its name.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Pin<'a> {
    pub(in crate::web) number: usize,
    pub(in crate::web) name: &'a str,
    pub(in crate::web) point: Point,
    /// Where the pin leads; most maps stand beside their list and lead nowhere.
    pub(in crate::web) href: Option<&'a str>,
}

/// What a map shows.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Subject<'a> {
    /// What it is called, for those who can't see it.
    pub(in crate::web) title: String,
    /// Numbered points.
    pub(in crate::web) pins: Vec<Pin<'a>>,
    /// The middle of the search, and how far it looks, with a text.
    pub(in crate::web) centre: Option<Point>,
    pub(in crate::web) ring: Option<(Metres, String)>,
    /// Codes of areas that are drawn with emphasis.
    pub(in crate::web) areas: Vec<String>,
    /// Where a pin leads that stands for several.
    pub(in crate::web) whole: Option<&'a str>,
}

/// Draws the map; `None` when there is nothing that has a place.
pub(in crate::web) fn draw(state: &AppState, subject: &Subject<'_>) -> Option<String> {
    let gazetteer = state.register.gazetteer();
    let emphasised: Vec<&Area> =
        subject.areas.iter().filter_map(|code| gazetteer.area(code)).collect();
    let frame = Frame::around(subject, &emphasised)?;
    let mut svg = String::with_capacity(8_192);
    let title = escape(&subject.title);
    // What has links is no picture to those who can't see it.
    let role = if subject.whole.is_some() { "group" } else { "img" };
    let (width, height) = (frame.width, frame.height);
    // Writing to a string can't fail.
    let _ = write!(
        svg,
        "<svg class=\"map\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"{role}\" \
         aria-labelledby=\"map-title\" xmlns=\"http://www.w3.org/2000/svg\">\
         <title id=\"map-title\">{title}</title>\
         <rect class=\"map-sea\" width=\"{width:.0}\" height=\"{height:.0}\"/>"
    );
    let level = if frame.kilometres() < WARDS_UP_TO { Level::Ward } else { Level::Council };
    let mut names = String::new();
    for area in gazetteer.areas() {
        if area.level == level {
            draw_area(&mut svg, &mut names, &frame, area, "map-land");
        }
    }
    for area in emphasised {
        draw_area(&mut svg, &mut String::new(), &frame, area, "map-served");
    }
    let _ = write!(svg, "<g aria-hidden=\"true\">{names}</g>");
    draw_centre(&mut svg, &frame, subject);
    draw_pins(&mut svg, &frame, subject);
    draw_scale(&mut svg, &frame);
    svg.push_str("</svg>");
    Some(svg)
}

fn draw_area(svg: &mut String, names: &mut String, frame: &Frame, area: &Area, class: &str) {
    let Some(boundary) = &area.boundary else { return };
    let shown = area.bounding_box.is_some_and(|bounds| frame.meets(bounds));
    if !shown {
        return;
    }
    let mut path = String::new();
    let (mut west, mut east) = (f64::INFINITY, f64::NEG_INFINITY);
    for ring in boundary.polygons().iter().flatten() {
        let corners = ring.iter().map(|corner| frame.project(corner.to_point())).collect();
        let corners = frame.clip(corners);
        for (x, _) in &corners {
            (west, east) = (west.min(*x), east.max(*x));
        }
        frame::write_path(&mut path, &corners);
    }
    if path.is_empty() {
        return;
    }
    let name = escape(&area.name);
    let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"><title>{name}</title></path>");
    let middle = area.centroid.map(|point| frame.project(point));
    let room = NAMED_FROM.max(7.0 * content_width(&area.name));
    if let Some((x, y)) = middle.filter(|&place| east - west > room && frame.holds(place)) {
        let _ = write!(names, "<text class=\"map-name\" x=\"{x:.0}\" y=\"{y:.0}\">{name}</text>");
    }
}

/// How many letters wide a name is.
fn content_width(name: &str) -> f64 {
    f64::from(u32::try_from(name.chars().count()).unwrap_or(u32::MAX))
}

fn draw_centre(svg: &mut String, frame: &Frame, subject: &Subject<'_>) {
    let Some(centre) = subject.centre else { return };
    let (x, y) = frame.project(centre);
    if let Some((distance, text)) = &subject.ring {
        let radius = frame.length(*distance);
        let text = escape(text);
        let _ = write!(
            svg,
            "<circle class=\"map-ring\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\">\
             <title>{text}</title></circle>"
        );
    }
    let _ = write!(
        svg,
        "<path class=\"map-centre\" d=\"M{:.1} {y:.1}H{:.1}M{x:.1} {:.1}V{:.1}\"/>",
        x - 8.0,
        x + 8.0,
        y - 8.0,
        y + 8.0
    );
}

/// Draws the pins; those that would lie on each other become one, which has
/// the lowest number and says how many more there are.
fn draw_pins(svg: &mut String, frame: &Frame, subject: &Subject<'_>) {
    let mut groups: Vec<((f64, f64), Vec<&Pin<'_>>)> = Vec::new();
    for pin in &subject.pins {
        let place = frame.project(pin.point);
        if !frame.holds(place) {
            continue;
        }
        let near = groups
            .iter_mut()
            .find(|(other, _)| (other.0 - place.0).hypot(other.1 - place.1) < MERGED);
        match near {
            Some((_, group)) => group.push(pin),
            None => groups.push((place, vec![pin])),
        }
    }
    // The first of the list lies on top.
    for ((x, y), group) in groups.iter().rev() {
        let listed: Vec<String> =
            group.iter().map(|pin| format!("{}. {}", pin.number, escape(pin.name))).collect();
        let label = match group.as_slice() {
            [pin] if pin.number == 0 => String::new(),
            [pin] => pin.number.to_string(),
            [first, ..] => format!("{}+", first.number),
            [] => continue,
        };
        let listed = if label.is_empty() { escape(group[0].name) } else { listed.join("; ") };
        let radius = if label.is_empty() {
            8
        } else if group.len() > 1 {
            15
        } else {
            12
        };
        let href = match group.as_slice() {
            [pin] => pin.href,
            _ => subject.whole,
        };
        let (open, close) = match href {
            Some(href) => (format!("<a href=\"{}\">", escape(href)), "</a>"),
            None => (String::new(), ""),
        };
        let _ = write!(
            svg,
            "{open}<g class=\"map-pin\"><title>{listed}</title><circle class=\"map-dot\" \
             cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/><text class=\"map-number\" \
             x=\"{x:.1}\" y=\"{:.1}\">{label}</text></g>{close}",
            y + 4.0
        );
    }
}

/// A bar of a round length that is at most a third of the map.
fn draw_scale(svg: &mut String, frame: &Frame) {
    let lengths = [200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5];
    let fitting = lengths
        .into_iter()
        .filter_map(|metres| Metres::new(metres).ok())
        .rfind(|metres| frame.length(*metres) <= frame.width / 3.0);
    let Some(metres) = fitting else { return };
    let (left, bottom) = (14.0, frame.height - 14.0);
    let right = left + frame.length(metres);
    let _ = write!(
        svg,
        "<path class=\"map-scale\" d=\"M{left:.0} {:.0}v5H{right:.1}v-5\"/>\
         <text class=\"map-scale-text\" x=\"{left:.0}\" y=\"{:.0}\">{}</text>",
        bottom - 5.0,
        bottom - 9.0,
        content::distance(metres)
    );
}

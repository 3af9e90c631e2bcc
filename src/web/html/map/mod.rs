//! A map as SVG, drawn here: outlines of areas, a ring, numbered points.
//!
//! It needs no script, no tile and no other server, and prints. In a page it
//! shows what the list beside it says in words, and has no links; alone, as a
//! picture of its own, its pins lead where the entries of the list do. Positions are projected on a plane that is true in the
//! middle of the map, which is enough for what is within Scotland.

mod alone;
mod clip;
mod frame;
mod marks;

use std::fmt::Write as _;

use crate::gazetteer::Area;
use crate::gazetteer::Level;
use crate::model::Metres;
use crate::model::Point;
use crate::web::html::content::escape;
use crate::web::state::AppState;

pub(in crate::web) use alone::{draw_alone, policy_alone};
use frame::Frame;
use marks::Name;

/// From this height on, in kilometres, wards are too small to be drawn.
const WARDS_UP_TO: f64 = 30.0;

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
    let mut names = Vec::new();
    for area in gazetteer.areas() {
        if area.level == level {
            draw_area(&mut svg, &mut names, &frame, area, "map-land");
        }
    }
    for area in emphasised {
        draw_area(&mut svg, &mut Vec::new(), &frame, area, "map-served");
    }
    draw_ring(&mut svg, &frame, subject);
    marks::draw(&mut svg, &frame, subject, &names);
    svg.push_str("</svg>");
    Some(svg)
}

fn draw_area(svg: &mut String, names: &mut Vec<Name>, frame: &Frame, area: &Area, class: &str) {
    let Some(boundary) = &area.boundary else { return };
    let shown = area.bounding_box.is_some_and(|bounds| frame.meets(bounds));
    if !shown {
        return;
    }
    let mut path = String::new();
    let mut rings = Vec::new();
    for ring in boundary.polygons().iter().flatten() {
        let corners = ring.iter().map(|corner| frame.project(corner.to_point())).collect();
        let corners = frame.clip(corners);
        frame::write_path(&mut path, &corners);
        rings.push(corners);
    }
    if path.is_empty() {
        return;
    }
    let name = escape(&area.name);
    let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"><title>{name}</title></path>");
    let middle = area.centroid.map(|point| frame.project(point));
    names.push(Name { text: area.name.clone(), middle, rings });
}

fn draw_ring(svg: &mut String, frame: &Frame, subject: &Subject<'_>) {
    let (Some(centre), Some((distance, text))) = (subject.centre, &subject.ring) else { return };
    let (x, y) = frame.project(centre);
    let radius = frame.length(*distance);
    let text = escape(text);
    let _ = write!(
        svg,
        "<circle class=\"map-ring\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\">\
         <title>{text}</title></circle>"
    );
}

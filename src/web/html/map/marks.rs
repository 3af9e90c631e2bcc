//! Names, pins and scale of a map, which are as large on the screen however
//! wide the picture is.
//!
//! A picture grows with its width, and letters would grow with it. So the marks
//! are drawn for three widths, in pixels of the screen, and the style sheet
//! shows those of the width that is there. What is a number or a name lies on
//! nothing else: names give way to pins, to the scale and to each other, and
//! stay away when there is no room within their area and the sheet.

use std::fmt::Write as _;

use super::Pin;
use super::Subject;
use super::frame::Frame;
use crate::model::Metres;
use crate::web::html::content;
use crate::web::html::content::escape;

/// The class of the marks of each width, and the width in pixels for which they
/// are drawn.
const WIDTHS: [(&str, f64); 3] =
    [("map-small", 330.0), ("map-medium", 470.0), ("map-large", 700.0)];

/// Pins nearer to each other than this, in pixels, are drawn as one.
/// With this the largest, of 15 and a line of 1, do not touch.
const MERGED: f64 = 32.0;

/// How long an arm of the centre's cross is, as far as it is seen, in pixels.
const ARM: f64 = 8.0;

/// The narrowest area, in pixels, that is given its name.
const NAMED_FROM: f64 = 70.0;

/// How wide a letter of a name is, and how high a line, in pixels.
const LETTER: (f64, f64) = (6.6, 13.0);

/// A name that a map may show, and the part of its area that is on the sheet,
/// in units of the map.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) middle: Option<(f64, f64)>,
    pub(super) rings: Vec<Vec<(f64, f64)>>,
}

/// A part of the sheet: left, top, right, bottom.
#[derive(Debug, Clone, Copy)]
struct Part(f64, f64, f64, f64);

impl Part {
    fn around((x, y): (f64, f64), across: f64, down: f64) -> Self {
        Self(x - across, y - down, x + across, y + down)
    }

    fn meets(self, other: Self) -> bool {
        self.0 < other.2 && self.2 > other.0 && self.1 < other.3 && self.3 > other.1
    }
}

/// Where the marks of one width are drawn.
struct Sheet<'a> {
    frame: &'a Frame,
    /// Units of the map in a pixel.
    unit: f64,
    width: f64,
    height: f64,
    taken: Vec<Part>,
}

/// A pin, or several that would lie on each other.
struct Group<'a> {
    place: (f64, f64),
    pins: Vec<&'a Pin<'a>>,
    label: String,
    radius: u8,
}

/// What is the same of a name at every width.
struct Shown<'a> {
    name: &'a Name,
    /// As HTML.
    text: String,
    /// How wide it is, in pixels.
    room: f64,
    /// The part of the map that its area takes, in units of the map.
    part: Part,
}

/// The names, those of the widest areas first.
fn shown(names: &[Name]) -> Vec<Shown<'_>> {
    let mut shown: Vec<Shown<'_>> = names
        .iter()
        .filter_map(|name| {
            let letters = u32::try_from(name.text.chars().count()).unwrap_or(u32::MAX);
            let room = f64::from(letters) * LETTER.0;
            Some(Shown { name, text: escape(&name.text), room, part: extent(name)? })
        })
        .collect();
    let width = |shown: &Shown<'_>| shown.part.2 - shown.part.0;
    shown.sort_by(|one, other| width(other).total_cmp(&width(one)));
    shown
}

/// The part of the map that an area takes, in units of the map.
fn extent(name: &Name) -> Option<Part> {
    name.rings.iter().flatten().fold(None, |part, &(x, y)| {
        let Part(left, top, right, bottom) = part.unwrap_or(Part(x, y, x, y));
        Some(Part(left.min(x), top.min(y), right.max(x), bottom.max(y)))
    })
}

/// Draws the marks for each width.
pub(super) fn draw(svg: &mut String, frame: &Frame, subject: &Subject<'_>, names: &[Name]) {
    let shown = shown(names);
    for (class, width) in WIDTHS {
        let unit = frame.width / width;
        let height = frame.height / unit;
        let mut sheet = Sheet { frame, unit, width, height, taken: Vec::new() };
        // Writing to a string can't fail.
        let _ = write!(svg, "<g class=\"{class}\" transform=\"scale({unit:.3})\">");
        let groups = sheet.groups(subject);
        sheet.draw_centre(svg, subject, &groups);
        sheet.draw_scale(svg);
        sheet.draw_names(svg, &shown);
        draw_pins(svg, subject, &groups);
        svg.push_str("</g>");
    }
}

impl Sheet<'_> {
    fn pixels(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (x / self.unit, y / self.unit)
    }

    /// The pins that are on the sheet; those that would lie on each other are
    /// one, which has the lowest number and says that there are more.
    fn groups<'a>(&mut self, subject: &'a Subject<'_>) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for pin in &subject.pins {
            let place = self.pixels(self.frame.project(pin.point));
            let (across, down) = (12.0..self.width - 12.0, 12.0..self.height - 12.0);
            if !across.contains(&place.0) || !down.contains(&place.1) {
                continue;
            }
            let near = groups
                .iter_mut()
                .find(|group| (group.place.0 - place.0).hypot(group.place.1 - place.1) < MERGED);
            match near {
                Some(group) => group.pins.push(pin),
                None => {
                    groups.push(Group { place, pins: vec![pin], label: String::new(), radius: 8 });
                }
            }
        }
        for group in &mut groups {
            let number = group.pins[0].number;
            (group.label, group.radius) = match group.pins.len() {
                1 if number == 0 => (String::new(), 8),
                1 => (number.to_string(), 12),
                _ => (format!("{number}+"), 15),
            };
            let reach = f64::from(group.radius) + 2.0;
            self.taken.push(Part::around(group.place, reach, reach));
        }
        groups
    }

    /// A cross, whose arms come out from under a pin that lies on it.
    fn draw_centre(&mut self, svg: &mut String, subject: &Subject<'_>, groups: &[Group<'_>]) {
        let Some(centre) = subject.centre else { return };
        let (x, y) = self.pixels(self.frame.project(centre));
        let over = groups.iter().filter_map(|group| {
            let away = (group.place.0 - x).hypot(group.place.1 - y);
            let radius = f64::from(group.radius);
            (away < radius + ARM).then_some(away + radius + ARM)
        });
        let arm = over.fold(ARM, f64::max);
        self.taken.push(Part::around((x, y), arm + 1.0, arm + 1.0));
        let _ = write!(
            svg,
            "<path class=\"map-centre\" d=\"M{:.1} {y:.1}H{:.1}M{x:.1} {:.1}V{:.1}\"/>",
            x - arm,
            x + arm,
            y - arm,
            y + arm
        );
    }

    /// A bar of a round length that is at most a third of the map, in a corner
    /// below where no pin lies, when there is one.
    fn draw_scale(&mut self, svg: &mut String) {
        let lengths = [200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5];
        let fitting = lengths
            .into_iter()
            .filter_map(|metres| Metres::new(metres).ok())
            .rfind(|metres| self.frame.length(*metres) <= self.frame.width / 3.0);
        let Some(metres) = fitting else { return };
        let length = self.frame.length(metres) / self.unit;
        let bottom = self.height - 14.0;
        let corner = |left: f64| Part(left - 4.0, bottom - 24.0, left + length + 4.0, bottom + 6.0);
        let corners = [14.0, self.width - 14.0 - length];
        let is_free = |left: &f64| self.taken.iter().all(|taken| !taken.meets(corner(*left)));
        let left = corners.into_iter().find(is_free).unwrap_or(corners[0]);
        self.taken.push(corner(left));
        let _ = write!(
            svg,
            "<path class=\"map-scale\" d=\"M{left:.0} {:.0}v5H{:.1}v-5\"/>\
             <text class=\"map-scale-text\" x=\"{left:.0}\" y=\"{:.0}\">{}</text>",
            bottom - 5.0,
            left + length,
            bottom - 9.0,
            content::distance(metres)
        );
    }

    /// Names of areas, the widest first, each where there is room for it.
    fn draw_names(&mut self, svg: &mut String, names: &[Shown<'_>]) {
        svg.push_str("<g aria-hidden=\"true\">");
        for Shown { name, text, room, part } in names {
            let Part(left, top, right, bottom) = *part;
            let ((left, top), (right, bottom)) =
                (self.pixels((left, top)), self.pixels((right, bottom)));
            let part = Part(left, top, right, bottom);
            if right - left < room.max(NAMED_FROM) {
                continue;
            }
            let Some((x, y)) = self.room_for(name, *room, part) else { continue };
            self.taken.push(Part::around((x, y), room / 2.0, LETTER.1 / 2.0));
            let _ = write!(
                svg,
                "<text class=\"map-name\" x=\"{x:.0}\" y=\"{:.0}\">{text}</text>",
                y + 4.0
            );
        }
        svg.push_str("</g>");
    }

    /// The middle of a name where it is within its area and the sheet, and lies
    /// on nothing: as near to the middle of the area as can be.
    fn room_for(&self, name: &Name, room: f64, part: Part) -> Option<(f64, f64)> {
        let Part(left, top, right, bottom) = part;
        let of_part = (f64::midpoint(left, right), f64::midpoint(top, bottom));
        let middles = name.middle.map(|middle| self.pixels(middle)).into_iter().chain([of_part]);
        let sideways = [0.0, -0.15, 0.15, -0.3, 0.3].map(|share| share * (right - left));
        let upwards = [0.0, -1.0, 1.0, -2.0, 2.0, -3.0, 3.0].map(|lines| lines * LETTER.1);
        let places = middles.flat_map(|(x, y)| {
            sideways.into_iter().flat_map(move |by| upwards.map(|up| (x + by, y + up)))
        });
        let half = room / 2.0 + 4.0;
        let (low, high) = (LETTER.1, self.height - LETTER.1);
        if half * 2.0 > self.width {
            return None;
        }
        places.map(|(x, y)| (x.clamp(half, self.width - half), y)).find(|&(x, y)| {
            let own = Part::around((x, y), room / 2.0, LETTER.1 / 2.0);
            (low..high).contains(&y)
                && self.taken.iter().all(|taken| !taken.meets(own))
                && is_within(&name.rings, (x * self.unit, y * self.unit))
        })
    }
}

/// Draws the pins in the order of the list, which is that of the keyboard. They
/// are so far from each other that none lies on another.
fn draw_pins(svg: &mut String, subject: &Subject<'_>, groups: &[Group<'_>]) {
    for Group { place: (x, y), pins, label, radius } in groups {
        let listed = if label.is_empty() {
            escape(pins[0].name)
        } else {
            let numbered = |pin: &&Pin<'_>| format!("{}. {}", pin.number, escape(pin.name));
            pins.iter().map(numbered).collect::<Vec<_>>().join("; ")
        };
        let href = match pins.as_slice() {
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

/// Whether a place is within rings of which each further one is a hole.
fn is_within(rings: &[Vec<(f64, f64)>], (x, y): (f64, f64)) -> bool {
    let mut crossings = 0;
    for ring in rings {
        for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            let passes = (from.1 > y) != (to.1 > y);
            if passes && x < from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0) {
                crossings += 1;
            }
        }
    }
    crossings % 2 == 1
}

#[cfg(test)]
#[path = "marks_tests.rs"]
mod tests;

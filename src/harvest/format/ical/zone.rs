//! Time zones of calendars: IANA names, those of Windows, and zones that a
//! calendar defines itself.

use std::collections::HashMap;

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue,
};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::harvest::format::occurrence::{Clock, Offsets};

/// Names of one document that are remembered.
const MOST_ZONES: usize = 1000;

/// The zones of a document.
pub(super) struct Zones {
    /// The zone of the source, in which records have their times.
    pub(super) source: TimeZone,
    /// How far fixed offsets are believed that this zone doesn't have.
    pub(super) offsets: Offsets,
    known: HashMap<String, Option<TimeZone>>,
}

impl Zones {
    /// Knows no zone but that of the source.
    pub(super) fn new(clock: Clock) -> Self {
        let Clock { zone: source, offsets } = clock;
        Self { source, offsets, known: HashMap::new() }
    }

    /// Learns the zones that `calendar` defines. Their names are believed
    /// before their rules: calendars repeat rules of years ago.
    pub(super) fn learn(&mut self, calendar: &ICalendar) {
        for zone in calendar.timezones().take(MOST_ZONES) {
            let Some(name) = text(zone, &ICalendarProperty::Tzid) else { continue };
            let named = by_name(name).or_else(|| {
                zone.timezone().and_then(|(_, zone)| TimeZone::get(&zone.name()?).ok())
            });
            let zone = named.or_else(|| self.by_rules(calendar, zone));
            self.known.insert(name.to_owned(), zone);
        }
    }

    /// The zone called `name`; `None` when nobody knows it.
    pub(super) fn named(&mut self, name: &str) -> Option<TimeZone> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let zone = by_name(name);
        if self.known.len() < MOST_ZONES {
            self.known.insert(name.to_owned(), zone.clone());
        }
        zone
    }

    /// A zone by the offsets it has in winter and summer: that of the source,
    /// when it has the same, or a fixed one.
    fn by_rules(&self, calendar: &ICalendar, zone: &ICalendarComponent) -> Option<TimeZone> {
        let mut standard = None;
        let mut daylight = None;
        for id in zone.component_ids.iter().take(MOST_ZONES) {
            let Some(part) = calendar.component_by_id(*id) else { continue };
            let offset = offset(part);
            match part.component_type {
                ICalendarComponentType::Standard => standard = offset.or(standard),
                ICalendarComponentType::Daylight => daylight = offset.or(daylight),
                _ => {}
            }
        }
        let standard = standard?;
        let own = |month: i8| {
            let moment = DateTime::constant(2026, month, 15, 12, 0, 0, 0);
            Some(self.source.to_offset(self.source.to_timestamp(moment).ok()?))
        };
        if own(1) == Some(standard) && own(7) == Some(daylight.unwrap_or(standard)) {
            return Some(self.source.clone());
        }
        let others = ["Europe/London", "Europe/Paris", "Europe/Helsinki"];
        let of_europe = |hours: usize| others.get(hours).and_then(|name| TimeZone::get(name).ok());
        match daylight {
            None => Some(TimeZone::fixed(standard)),
            Some(daylight) if daylight.seconds() - standard.seconds() == 3600 => {
                let hours = usize::try_from(standard.seconds()).ok()?;
                (hours % 3600 == 0).then(|| of_europe(hours / 3600))?
            }
            Some(_) => None,
        }
    }
}

/// The first text of a property.
fn text<'a>(component: &'a ICalendarComponent, name: &ICalendarProperty) -> Option<&'a str> {
    component.property(name)?.values.first()?.as_text()
}

fn by_name(name: &str) -> Option<TimeZone> {
    let name = name.trim();
    TimeZone::get(name).ok().or_else(|| {
        // The calendar crate knows Windows names and registries as prefixes.
        let resolved = ICalendar::default().build_tz_resolver().resolve(name)?;
        TimeZone::get(&resolved.name()?).ok()
    })
}

/// `TZOFFSETTO` of a part of a zone.
fn offset(part: &ICalendarComponent) -> Option<Offset> {
    let value = part.property(&ICalendarProperty::Tzoffsetto)?.values.first()?;
    let ICalendarValue::PartialDateTime(written) = value else { return None };
    let minutes = i32::from(written.tz_hour?) * 60 + i32::from(written.tz_minute.unwrap_or(0));
    let seconds = minutes * if written.tz_minus { -60 } else { 60 };
    Offset::from_seconds(seconds).ok()
}

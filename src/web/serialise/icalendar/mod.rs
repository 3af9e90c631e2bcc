//! A list as a calendar (RFC 5545): an event for each timetable.
//!
//! Times are those of clocks in Scotland. What has no timetable, or none that
//! can be told as a rule, is left out and counted in the calendar's
//! description. An event's identifier is the IRI of the record and the number
//! of the timetable, so a calendar that is fetched again changes its events
//! instead of doubling them.

mod line;
mod recurrence;
mod zone;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use line::Calendar;
use recurrence::Occurrences;
use recurrence::occurrences;

use super::List;
use super::entry::Entry;
use super::entry::entries;
use super::entry::names;

pub(super) fn write(list: &List<'_>) -> Vec<u8> {
    let mut events = Calendar::default();
    let mut without = 0_usize;
    let stamp = moment(list.updated);
    for entry in entries(list) {
        let mut written = 0_usize;
        for (number, timetable) in entry.timetables.iter().enumerate() {
            let schedule = timetable.schedule.as_ref();
            if let Some(occurrences) =
                schedule.and_then(|schedule| occurrences(schedule, list.today))
            {
                write_event(&mut events, &entry, number + 1, &occurrences, &stamp);
                written += 1;
            }
        }
        if written == 0 {
            without += 1;
        }
    }
    let description = match without {
        0 => "Everything on this page of the list is in this calendar.".to_owned(),
        1 => "1 entry of this page of the list has no dates that are known.".to_owned(),
        _ => format!("{without} entries of this page of the list have no dates that are known."),
    };
    let mut calendar = Calendar::default();
    calendar.raw("BEGIN:VCALENDAR");
    calendar.raw("VERSION:2.0");
    calendar.text("PRODID", &format!("-//{}//kist//EN", list.register));
    calendar.raw("CALSCALE:GREGORIAN");
    calendar.raw("METHOD:PUBLISH");
    for name in ["NAME", "X-WR-CALNAME"] {
        calendar.text(name, list.title);
    }
    let terms = [list.attribution, list.licence].into_iter().flatten();
    let description: Vec<&str> = std::iter::once(&*description).chain(terms).collect();
    let description = description.join(" ");
    for name in ["DESCRIPTION", "X-WR-CALDESC"] {
        calendar.text(name, &description);
    }
    calendar.value("URL", list.page);
    calendar.value("SOURCE;VALUE=URI", list.address);
    if let Some(licence) = list.licence {
        calendar.value("X-KIST-LICENCE;VALUE=URI", licence);
    }
    calendar.raw("X-WR-TIMEZONE:Europe/London");
    for line in zone::LINES {
        calendar.raw(line);
    }
    calendar.append(events);
    calendar.raw("END:VCALENDAR");
    calendar.into_bytes()
}

/// A moment in UTC, `20261121T140500Z`.
fn moment(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn write_event(
    events: &mut Calendar,
    entry: &Entry,
    number: usize,
    occurrences: &Occurrences,
    stamp: &str,
) {
    let Occurrences { start, end, rule, except, caution } = occurrences;
    events.raw("BEGIN:VEVENT");
    events.text("UID", &format!("{}#schedule-{number}", entry.id));
    events.value("DTSTAMP", stamp);
    if let Some(changed) = entry.changed {
        events.value("LAST-MODIFIED", &moment(changed));
    }
    events.raw(&format!("DTSTART{start}"));
    if let Some(end) = end {
        events.raw(&format!("DTEND{end}"));
    }
    if let Some(rule) = rule {
        events.value("RRULE", rule);
    }
    if let Some(except) = except {
        events.raw(&format!("EXDATE{except}"));
    }
    events.text("SUMMARY", &entry.name);
    let mut description = entry.paragraphs();
    description.extend(caution.map(str::to_owned));
    description.extend(entry.attribution.as_ref().map(|words| format!("Source: {words}")));
    description.extend(entry.report.as_ref().map(|report| format!("Report a mistake: {report}")));
    if !description.is_empty() {
        events.text("DESCRIPTION", &description.join("\n"));
    }
    if let Some(address) = &entry.address {
        events.text("LOCATION", address);
    }
    if let Some(point) = entry.points.first() {
        events.value("GEO", &format!("{};{}", point.latitude(), point.longitude()));
    }
    if let Some(reviewed) = entry.reviewed_on() {
        events.raw(&format!("X-KIST-LAST-REVIEWED;VALUE=DATE:{}", reviewed.strftime("%Y%m%d")));
    }
    if let Some(report) = &entry.report {
        events.value("X-KIST-REPORT;VALUE=URI", report);
    }
    for licence in &entry.licences {
        events.value("X-KIST-LICENCE;VALUE=URI", licence);
    }
    if let Some(attribution) = &entry.attribution {
        events.text("X-KIST-ATTRIBUTION", attribution);
    }
    events.texts("CATEGORIES", names(&entry.topics));
    events.value("URL", &entry.page);
    events.raw(match entry.status.as_deref() {
        Some("paused" | "ended") => "STATUS:CANCELLED",
        _ => "STATUS:CONFIRMED",
    });
    events.raw("TRANSP:TRANSPARENT");
    events.raw("END:VEVENT");
}

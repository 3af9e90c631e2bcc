//! iCalendar (RFC 5545): <https://www.rfc-editor.org/rfc/rfc5545>.
//!
//! The crate reads the syntax; what recurrences mean is worked out here. All
//! components of one UID are one record: an event, or an activity when it
//! recurs. Private events are not taken. A cancelled one is kept and marked as
//! ended. Many calendars show only what is to come, and none says of an event
//! that is missing whether it is over or called off: the listing is a window.

mod event;
mod expand;
mod moment;
mod rule;
mod series;
mod zone;

use std::collections::HashMap;
use std::time::Duration;

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarMethod, ICalendarParameterName,
    ICalendarProperty as Property, ICalendarValue as Value,
};
use calcard::{Entry, Parser};

use self::series::{Context, Override, Times};
use self::zone::Zones;
use super::{Format, Listing, Reading};
use crate::harvest::document::Document;
use crate::harvest::encoding;
use crate::harvest::extraction::{About, Draft, Extraction, Problem};
use crate::harvest::rhythm::LONGEST_WISH;

/// Events of one file; a council's whole calendar has thousands.
const MOST_EVENTS: usize = 50_000;
/// The days that may be tried for all recurrences of a file: a calendar of
/// 1,000 rules that must be listed.
const MOST_DAYS: usize = 500_000;
/// How long an event that is over is still given, as ended: twice the longest
/// time between two harvests, so that the record learns it.
const AFTER_DAYS: i64 = 14;
/// Problems of one event that are named.
const MOST_PROBLEMS: usize = 20;
/// Exceptions and changes of one series.
const MOST_CHANGES: usize = 1000;

/// Calendars.
pub(super) const FORMAT: Format = Format {
    name: "ical",
    label: "iCalendar",
    specification: "https://www.rfc-editor.org/rfc/rfc5545",
    accept: "text/calendar, text/plain;q=0.5, */*;q=0.1",
    listing: Listing::Window,
    recognises,
    extract,
};

fn recognises(document: &Document) -> u8 {
    let head = document.head();
    let start = head.get(..15).unwrap_or(head);
    if start.eq_ignore_ascii_case(b"BEGIN:VCALENDAR") {
        95
    } else if document.is_declared(&["text/calendar"]) && !head.starts_with(b"<") {
        60
    } else {
        0
    }
}

/// The components of one UID.
#[derive(Default)]
struct Group<'a> {
    /// Those without RECURRENCE-ID, in order.
    whole: Vec<&'a ICalendarComponent>,
    changes: Vec<&'a ICalendarComponent>,
    is_cancelled: bool,
}

fn extract(document: &Document, reading: &Reading<'_>) -> Extraction {
    let mut extraction = Extraction::default();
    let decoded = encoding::decode(document);
    extraction.problems.extend(decoded.warnings);
    let (text, problem) = whole(&decoded.text);
    extraction.problems.extend(problem);
    let calendars = calendars(&text, &mut extraction.problems);
    let mut zones = Zones::new(reading.clock());
    for calendar in &calendars {
        zones.learn(calendar);
        about(calendar, &mut extraction.about);
    }
    let (order, groups) = groups(&calendars, &mut extraction.problems);
    let mut taking = Taking {
        today: zones.source.to_datetime(reading.now).date(),
        zones,
        budget: MOST_DAYS,
        private: 0,
        over: 0,
        extraction,
    };
    for key in order {
        if let Some(group) = groups.get(key.as_str()) {
            taking.take(&key, group);
        }
    }
    taking.finish()
}

/// The text, closed where it breaks off, and the problem that it does.
fn whole(text: &str) -> (std::borrow::Cow<'_, str>, Option<Problem>) {
    let upper_end = |needle: &str| text.rfind(needle).map(|start| start + needle.len());
    let is_closed = match (text.rfind("BEGIN:VCALENDAR"), text.rfind("END:VCALENDAR")) {
        (Some(begin), Some(end)) => end > begin,
        (Some(_), None) => false,
        _ => true,
    };
    if is_closed {
        return (text.into(), None);
    }
    let problem = Problem::broken("truncated", "", "the calendar ends in the middle");
    let end = upper_end("END:VEVENT").unwrap_or_default();
    (format!("{}\r\nEND:VCALENDAR\r\n", &text[..end]).into(), Some(problem))
}

/// All calendars of a file, and problems with what is none.
fn calendars(text: &str, problems: &mut Vec<Problem>) -> Vec<ICalendar> {
    let mut parser = Parser::new(text);
    let mut calendars = Vec::new();
    let mut stray = 0_usize;
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => calendars.push(calendar),
            Entry::Eof => break,
            Entry::TooManyComponents => {
                problems.push(Problem::broken("too-many", "", "there are too many components"));
                break;
            }
            _ => stray += 1,
        }
    }
    if calendars.is_empty() {
        problems.push(Problem::broken("no-calendar", "", "there is no calendar in it"));
    } else if stray > 0 {
        let what = format!("{stray} lines stand outside of a calendar or are broken");
        problems.push(Problem::warning("stray-lines", "", what));
    }
    calendars
}

/// What a calendar says of itself.
fn about(calendar: &ICalendar, about: &mut About) {
    let Some(head) = calendar.components.first() else { return };
    let other = |name: &str| event::text(head, &Property::Other(name.to_owned()));
    let title = || event::text(head, &Property::Name).or_else(|| other("X-WR-CALNAME"));
    about.title = about.title.take().or_else(title);
    let asked =
        head.property(&Property::RefreshInterval).and_then(|entry| match entry.values.first()? {
            Value::Duration(duration) => u64::try_from(duration.as_seconds()).ok(),
            _ => None,
        });
    let published = || {
        let span: jiff::Span = other("X-PUBLISHED-TTL")?.parse().ok()?;
        let length = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?;
        u64::try_from(length.as_secs()).ok()
    };
    let seconds = asked.or_else(published).filter(|seconds| *seconds > 0);
    let wish = seconds.map(|seconds| Duration::from_secs(seconds).min(LONGEST_WISH));
    about.refresh_after = about.refresh_after.or(wish);
}

/// The events by UID, and the UIDs in their order.
fn groups<'a>(
    calendars: &'a [ICalendar],
    problems: &mut Vec<Problem>,
) -> (Vec<String>, HashMap<String, Group<'a>>) {
    let mut order = Vec::new();
    let mut groups: HashMap<String, Group<'a>> = HashMap::new();
    let mut count = 0;
    for calendar in calendars {
        let head = calendar.components.first();
        let method = head.and_then(|head| head.property(&Property::Method)?.values.first());
        let is_cancelled = matches!(method, Some(Value::Method(ICalendarMethod::Cancel)));
        for component in &calendar.components {
            if component.component_type != ICalendarComponentType::VEvent {
                continue;
            }
            count += 1;
            if count > MOST_EVENTS {
                let what = format!("there are more than {MOST_EVENTS} events");
                problems.push(Problem::broken("too-many", "", what));
                return (order, groups);
            }
            let uid = event::text(component, &Property::Uid);
            let Some(uid) = uid.or_else(|| event::text(component, &Property::Url)) else {
                let name = event::text(component, &Property::Summary).unwrap_or_default();
                let what = format!("the event `{name}` has no UID");
                problems.push(
                    Problem::error("no-key", format!("event {count}"), what)
                        .advice("Give each event a UID that never changes."),
                );
                continue;
            };
            let group = groups.entry(uid.clone()).or_insert_with(|| {
                order.push(uid);
                Group::default()
            });
            group.is_cancelled |= is_cancelled;
            if component.is_recurrence_override() {
                group.changes.push(component);
            } else {
                group.whole.push(component);
            }
        }
    }
    (order, groups)
}

/// What was taken so far.
struct Taking {
    zones: Zones,
    today: jiff::civil::Date,
    budget: usize,
    private: usize,
    over: usize,
    extraction: Extraction,
}

impl Taking {
    /// Takes the components of one UID as one record.
    fn take(&mut self, key: &str, group: &Group<'_>) {
        let whole = group.whole.iter().copied().max_by_key(|event| event::sequence(event));
        let Some(main) = whole.or_else(|| group.changes.first().copied()) else { return };
        if event::is_private(main) {
            self.private += 1;
            return;
        }
        let at = format!("UID {key}");
        let mut problems = Vec::new();
        let mut draft = Draft::new("asset", key, at.clone());
        event::describe(main, &mut draft);
        let mut assetted = "event";
        let times = event::times(main, &mut self.zones, &at, &mut problems);
        if let Some(mut times) = times {
            self.add_repeated(main, group, &mut times, &at, &mut problems);
            let changes = self.changes(main, group, &at, &mut problems);
            let source = self.zones.source.clone();
            let context = Context { source: &source, today: self.today, at: &at };
            let made =
                series::schedule(&times, &changes, &context, &mut self.budget, &mut problems);
            if made.recurs {
                assetted = "activity-asset";
            }
            let days_over =
                |last: jiff::civil::Date| self.today.since(last).map_or(0, |span| span.get_days());
            let over = made.last.map_or(0, days_over);
            if i64::from(over) > AFTER_DAYS {
                self.over += 1;
                return;
            }
            if over > 1 {
                draft.set("status", "ended");
            }
            draft.set("schedule", made.nodes);
        }
        draft.set("assetType", assetted);
        if group.is_cancelled || event::is_cancelled(main) {
            draft.fields.extend(event::cancelled());
        }
        for mut problem in problems.into_iter().take(MOST_PROBLEMS) {
            problem.key = Some(key.to_owned());
            self.extraction.problems.push(problem);
        }
        self.extraction.drafts.push(draft);
    }

    /// Components that repeat the UID without saying which instance they are:
    /// other dates of the same event, or a version that was left behind.
    fn add_repeated(
        &mut self,
        main: &ICalendarComponent,
        group: &Group<'_>,
        times: &mut Times,
        at: &str,
        problems: &mut Vec<Problem>,
    ) {
        let others = group.whole.iter().copied().filter(|other| !std::ptr::eq(*other, main));
        let mut differing = 0;
        for other in others.take(MOST_CHANGES) {
            if other == main {
                continue;
            }
            let is_date =
                event::is_alike(main, other) && event::sequence(main) == event::sequence(other);
            let date =
                if is_date { event::times(other, &mut self.zones, at, problems) } else { None };
            match date {
                Some(date) if date.rule.is_none() => times.more.push((date.start, date.end)),
                _ => differing += 1,
            }
        }
        if differing > 0 {
            let what =
                format!("{differing} other events have the same UID; the last version counts");
            problems.push(
                Problem::error("duplicate-uid", at, what)
                    .advice("Give each event a UID of its own."),
            );
        } else if group.whole.len() > 1 {
            let what = "several events have the same UID; they are taken as its dates";
            problems.push(Problem::warning("duplicate-uid", at, what));
        }
    }

    /// The changed instances of a series.
    fn changes(
        &mut self,
        main: &ICalendarComponent,
        group: &Group<'_>,
        at: &str,
        problems: &mut Vec<Problem>,
    ) -> Vec<Override> {
        let mut changes = Vec::new();
        let name = event::text(main, &Property::Summary);
        for changed in group.changes.iter().copied().take(MOST_CHANGES) {
            // Without the series, the first change stands for it.
            if std::ptr::eq(changed, main) {
                continue;
            }
            let Some(id) = changed.property(&Property::RecurrenceId) else { continue };
            let ids =
                event::moments(changed, &Property::RecurrenceId, &mut self.zones, at, problems);
            let Some(instance) = ids.into_iter().next() else { continue };
            let is_gone = event::is_cancelled(changed) || event::is_private(changed);
            let times =
                if is_gone { None } else { event::times(changed, &mut self.zones, at, problems) };
            let own_name = event::text(changed, &Property::Summary);
            changes.push(Override {
                instance,
                and_future: id.has_parameter(&ICalendarParameterName::Range),
                times,
                name: own_name.filter(|own| Some(own) != name.as_ref()),
            });
        }
        changes
    }

    fn finish(mut self) -> Extraction {
        let problems = &mut self.extraction.problems;
        if self.private > 0 {
            let what = format!("{} private events were not taken", self.private);
            problems.push(Problem::warning("private", "", what));
        }
        if self.over > 0 {
            let what = format!("{} events that are long over were not taken", self.over);
            problems.push(Problem::warning("over", "", what));
        }
        self.extraction
    }
}

#[cfg(test)]
mod expand_tests;
#[cfg(test)]
mod tests;

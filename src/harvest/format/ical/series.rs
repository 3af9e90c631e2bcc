//! All components of one UID → the nodes of the record's schedule.
//!
//! A rule that days and an interval can say stays a rule. One that they can't,
//! or whose times wander against the source's zone, becomes a list of dates in
//! a window that begins and ends with a month, so that the record changes once
//! a month and not each day. Single dates (RDATE, changed instances) are nodes
//! of their own, and the days that they stand for are exceptions.

use calcard::icalendar::ICalendarRecurrenceRule;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde_json::{Map, Value as Json, json};

use super::expand::{self, Expansion, MOST_INSTANCES, Window};
use super::moment::{self, Moment};
use super::rule;
use crate::harvest::extraction::Problem;
use crate::harvest::format::occurrence::{self, Civil};

/// How far ahead dates are listed, by contract.
const MONTHS_AHEAD: i64 = 13;

/// When a component takes place.
#[derive(Debug, Clone)]
pub(super) struct Times {
    pub(super) start: Moment,
    /// In the source's zone; the last day for whole days.
    pub(super) end: Option<Civil>,
    pub(super) rule: Option<ICalendarRecurrenceRule>,
    pub(super) more: Vec<(Moment, Option<Civil>)>,
    pub(super) except: Vec<Moment>,
}

/// A changed instance of a series.
#[derive(Debug, Clone)]
pub(super) struct Override {
    /// Which instance it changes.
    pub(super) instance: Moment,
    /// Whether it changes all that follow as well.
    pub(super) and_future: bool,
    /// When it takes place instead; `None` when it is cancelled.
    pub(super) times: Option<Times>,
    /// What it is called, when that differs.
    pub(super) name: Option<String>,
}

/// A schedule, and the last day that something takes place.
#[derive(Debug, Default)]
pub(super) struct Series {
    pub(super) nodes: Vec<Json>,
    /// `None` when there is no end.
    pub(super) last: Option<Date>,
    /// Whether it happens more than once.
    pub(super) recurs: bool,
}

/// What making a schedule depends on.
pub(super) struct Context<'a> {
    pub(super) source: &'a TimeZone,
    pub(super) today: Date,
    pub(super) at: &'a str,
}

impl Context<'_> {
    /// The months in which dates are listed.
    fn window(&self) -> Window {
        let yesterday = self.today.yesterday().unwrap_or(self.today);
        let ahead = self.today.checked_add(MONTHS_AHEAD.months()).unwrap_or(self.today);
        Window { first: yesterday.first_of_month(), last: ahead.last_of_month() }
    }
}

/// The schedule of `times` with its changed instances.
pub(super) fn schedule(
    times: &Times,
    overrides: &[Override],
    context: &Context<'_>,
    budget: &mut usize,
    problems: &mut Vec<Problem>,
) -> Series {
    let mut nodes = Nodes { context, problems, found: Vec::new(), last: None };
    // What follows a change of “this and all that follow” is a rule of its own.
    let split = overrides.iter().find(|changed| changed.and_future && times.rule.is_some());
    let until = split.and_then(|split| split.instance.local(context.source).date.yesterday().ok());
    let mut except: Vec<Date> =
        times.except.iter().map(|moment| moment.local(context.source).date).collect();
    except.extend(overrides.iter().map(|changed| changed.instance.local(context.source).date));
    except.sort_unstable();
    except.dedup();
    except.truncate(MOST_INSTANCES);
    let endless = nodes.add(times, &except, until, budget);
    let mut endless = endless && until.is_none();
    for changed in overrides {
        let Some(new) = &changed.times else { continue };
        if changed.and_future
            && let Some(rule) = &times.rule
        {
            let mut follows =
                Times { rule: Some(shifted(rule, &new.start, &times.start)), ..new.clone() };
            follows.except.clone_from(&times.except);
            endless |= nodes.add(&follows, &except_after(&except, new, context), None, budget);
        } else {
            nodes.once(new.start.local(context.source), new.end, changed.name.as_deref());
        }
    }
    let recurs = times.rule.is_some() || nodes.found.len() > 1;
    let last = if endless { None } else { nodes.last };
    Series { nodes: nodes.found.into_iter().map(Json::Object).collect(), last, recurs }
}

/// The exceptions that lie after the day a changed series begins with.
fn except_after(except: &[Date], new: &Times, context: &Context<'_>) -> Vec<Date> {
    let start = new.start.local(context.source).date;
    except.iter().copied().filter(|date| *date > start).collect()
}

/// The rule for the instances from a change on: on the weekday that the
/// change moves them to.
fn shifted(rule: &ICalendarRecurrenceRule, new: &Moment, old: &Moment) -> ICalendarRecurrenceRule {
    let mut rule = rule.clone();
    rule.count = None;
    if rule.byday.len() == 1 && new.written.date.weekday() != old.written.date.weekday() {
        rule.byday.clear();
    }
    rule
}

/// The nodes so far.
struct Nodes<'a> {
    context: &'a Context<'a>,
    problems: &'a mut Vec<Problem>,
    found: Vec<Map<String, Json>>,
    last: Option<Date>,
}

impl Nodes<'_> {
    /// Adds what takes place at `times`, with a rule until `until`; true when
    /// it has no end.
    fn add(
        &mut self,
        times: &Times,
        except: &[Date],
        until: Option<Date>,
        budget: &mut usize,
    ) -> bool {
        let source = self.context.source;
        let start = times.start.local(source);
        for (moment, end) in &times.more {
            self.once(moment.local(source), *end, None);
        }
        let Some(rule) = &times.rule else {
            if !except.contains(&start.date) {
                self.once(start, times.end, None);
                // The first date comes before those that were added to it.
                let last = self.found.pop();
                self.found.splice(0..0, last);
            }
            return false;
        };
        let said = self.until(rule, times);
        let bound = match (said, until) {
            (Some(said), Some(until)) => Some(said.min(until.at(23, 59, 59, 0))),
            (said, until) => said.or_else(|| until.map(|until| until.at(23, 59, 59, 0))),
        };
        let fields = rule::fields(rule, start.date).filter(|_| !times.start.is_elsewhere(source));
        if let Some(fields) = fields {
            return self.recurring(fields, rule, times, except, bound, budget);
        }
        self.listed(rule, times, except, bound, budget);
        rule.count.is_none() && bound.is_none()
    }

    /// The last moment at which an instance may begin, in the source's zone.
    fn until(&self, rule: &ICalendarRecurrenceRule, times: &Times) -> Option<DateTime> {
        let written = rule.until.as_ref()?;
        let civil = moment::civil(written)?;
        let is_utc = written.tz_hour.is_some();
        match civil.time {
            None => Some(civil.date.at(23, 59, 59, 0)),
            Some(_) if is_utc => moment::moved(civil.moment(), &TimeZone::UTC, self.context.source),
            Some(_) => Some(
                Moment { written: civil, zone: times.start.zone.clone() }
                    .local(self.context.source)
                    .moment(),
            ),
        }
    }

    /// Nodes that say a rule; true when it has no end.
    fn recurring(
        &mut self,
        fields: Vec<Map<String, Json>>,
        rule: &ICalendarRecurrenceRule,
        times: &Times,
        except: &[Date],
        bound: Option<DateTime>,
        budget: &mut usize,
    ) -> bool {
        let source = self.context.source;
        let start = times.start.local(source);
        let bound = bound.map(|bound| {
            let is_too_late = start.time.is_some_and(|time| time > bound.time());
            let date = bound.date();
            if is_too_late { date.yesterday().unwrap_or(date) } else { date }
        });
        let last = match (rule.count, bound) {
            (Some(_), bound) => {
                let all = Window { first: start.date, last: Date::MAX };
                let until = bound.map(|date| date.at(23, 59, 59, 0));
                let found = expand::expand(rule, start.moment(), until, all, budget);
                self.complain_of_cut(&found);
                if found.is_cut { bound } else { found.instances.last().map(|last| last.date()) }
            }
            (None, bound) => bound,
        };
        let hours = occurrence::once(start, times.end, self.context.at, self.problems);
        for (number, mut node) in fields.into_iter().enumerate() {
            for key in ["startTime", "endTime", "note"] {
                if let Some(value) = hours.get(key) {
                    node.insert(key.to_owned(), value.clone());
                }
            }
            node.insert("startDate".to_owned(), json!(start.date.to_string()));
            if let Some(last) = last {
                node.insert("endDate".to_owned(), json!(last.to_string()));
            }
            // Said once: the nodes are parts of the one rule.
            if number == 0
                && let Some(text) = rule::text(rule)
            {
                node.insert("rrule".to_owned(), json!(text));
            }
            let dates: Vec<String> = except.iter().map(Date::to_string).collect();
            if !dates.is_empty() {
                node.insert("exceptDate".to_owned(), json!(dates));
            }
            self.push(node);
        }
        self.last = self.last.max(last);
        last.is_none()
    }

    /// A node for each date of a rule within the window; the first tells the
    /// rule as well.
    fn listed(
        &mut self,
        rule: &ICalendarRecurrenceRule,
        times: &Times,
        except: &[Date],
        bound: Option<DateTime>,
        budget: &mut usize,
    ) {
        let source = self.context.source;
        let written = times.start.written;
        let zone = times.start.zone.as_ref().filter(|_| written.time.is_some());
        // The rule counts in the zone that it is written in.
        let theirs = |moment: DateTime| {
            zone.and_then(|zone| moment::moved(moment, source, zone)).unwrap_or(moment)
        };
        let found = expand::expand(
            rule,
            written.moment(),
            bound.map(theirs),
            self.context.window(),
            budget,
        );
        self.complain_of_cut(&found);
        let start = times.start.local(source);
        let length = times.end.and_then(|end| start.moment().until(end.moment()).ok());
        let length = length.filter(|span| !span.is_negative());
        if times.end.is_some() && length.is_none() {
            // Said once, and not of each date.
            occurrence::once(start, times.end, self.context.at, self.problems);
        }
        let before = self.found.len();
        let mut is_first_there = false;
        for moment in found.instances {
            let ours = zone.and_then(|zone| moment::moved(moment, zone, source)).unwrap_or(moment);
            if except.contains(&ours.date()) {
                continue;
            }
            is_first_there |= ours == start.moment();
            let begin = Civil { date: ours.date(), time: written.time.map(|_| ours.time()) };
            self.once(begin, end(begin, length), None);
        }
        if !is_first_there
            && !except.contains(&start.date)
            && start.date < self.context.window().first
        {
            // The rule counts from its first date, which is past.
            self.once(start, times.end, None);
            let first = self.found.pop();
            self.found.splice(before..before, first);
        }
        let is_elsewhere = times.start.is_elsewhere(source);
        if let Some(node) = self.found.get_mut(before)
            && let Some(text) = rule::text(rule).filter(|_| !is_elsewhere)
        {
            node.insert("rrule".to_owned(), json!(text));
        }
    }

    /// A node for one date.
    fn once(&mut self, start: Civil, end: Option<Civil>, name: Option<&str>) {
        let mut node = occurrence::once(start, end, self.context.at, self.problems);
        if let Some(name) = name
            && !node.contains_key("note")
        {
            node.insert("note".to_owned(), json!(name));
        }
        let last = end.map_or(start.date, |end| end.date.max(start.date));
        self.last = self.last.max(Some(last));
        if !self.found.contains(&node) {
            self.push(node);
        }
    }

    fn push(&mut self, node: Map<String, Json>) {
        if self.found.len() < MOST_INSTANCES {
            self.found.push(node);
        }
    }

    fn complain_of_cut(&mut self, found: &Expansion) {
        if found.is_cut {
            let what = "it recurs too often, or for too long, to list all its dates";
            self.problems.push(Problem::error("recurrence-too-long", self.context.at, what));
        }
    }
}

fn end(start: Civil, length: Option<Span>) -> Option<Civil> {
    let end = start.moment().checked_add(length?).ok()?;
    Some(Civil { date: end.date(), time: start.time.map(|_| end.time()) })
}

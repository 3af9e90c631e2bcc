//! The dates of a recurrence rule (RFC 5545, 3.3.10) within a window.
//!
//! Days are tried one by one, period after period, from the window on, or from
//! the first day when the rule counts. So an old rule costs no more than a new
//! one, and a rule that never comes true ends with the window. Everything is
//! civil time.

use calcard::icalendar::{
    ICalendarDay, ICalendarFrequency, ICalendarRecurrenceRule, ICalendarWeekday,
};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::{Span, ToSpan};

/// Instances of one event, by contract.
pub(super) const MOST_INSTANCES: usize = 1000;
/// Days that are tried for one event: a daily rule that counts for 50 years.
const MOST_DAYS: usize = 20_000;
/// Times on one day, of `BYHOUR` and `BYMINUTE`.
const MOST_TIMES: usize = 100;

/// What came of a rule.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Expansion {
    /// When it takes place, in order.
    pub(super) instances: Vec<DateTime>,
    /// Whether there was no room or time for all.
    pub(super) is_cut: bool,
}

/// From when until when instances are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) first: Date,
    pub(super) last: Date,
}

/// The instances of `rule` from `start` on that lie in `window`, up to
/// `until`. `budget` is the number of days that may be tried for the whole
/// document. A rule for hours or less gives nothing and is cut.
pub(super) fn expand(
    rule: &ICalendarRecurrenceRule,
    start: DateTime,
    until: Option<DateTime>,
    window: Window,
    budget: &mut usize,
) -> Expansion {
    let mut found = Expansion::default();
    let Some(mut period) = Period::new(rule, start, window.first) else {
        return Expansion { is_cut: true, ..found };
    };
    let last = until.map_or(window.last, |until| until.date().min(window.last));
    let mut tried = 0;
    let mut counted = 0_u32;
    while let Some(days) = period.next_days() {
        let Some(first) = days.first() else { break };
        if *first > last {
            break;
        }
        tried += days.len();
        if tried > MOST_DAYS || *budget < days.len() {
            found.is_cut = true;
            break;
        }
        *budget -= days.len();
        let fitting = days.into_iter().filter(|day| fits(rule, *day, start.date()));
        let times = times(rule, start);
        let mut moments: Vec<DateTime> = fitting
            .flat_map(|day| {
                times.iter().map(move |(hour, minute)| day.at(*hour, *minute, start.second(), 0))
            })
            .collect();
        moments.sort_unstable();
        for moment in positions(rule, moments) {
            if moment < start {
                continue;
            }
            counted += 1;
            let is_over = until.is_some_and(|until| moment > until)
                || rule.count.is_some_and(|count| counted > count);
            if is_over {
                return found;
            }
            if moment.date() > window.last {
                return found;
            }
            if moment.date() >= window.first {
                if found.instances.len() >= MOST_INSTANCES {
                    found.is_cut = true;
                    return found;
                }
                found.instances.push(moment);
            }
        }
    }
    found
}

/// The days, weeks, months or years that a rule counts in.
struct Period {
    frequency: ICalendarFrequency,
    interval: i64,
    first: Date,
    number: i64,
}

impl Period {
    fn new(rule: &ICalendarRecurrenceRule, start: DateTime, from: Date) -> Option<Self> {
        let interval = i64::from(rule.interval.unwrap_or(1).max(1));
        let date = start.date();
        let first = match rule.freq {
            ICalendarFrequency::Daily => date,
            ICalendarFrequency::Weekly => {
                let begins = rule.wkst.map_or(Weekday::Monday, weekday);
                let since = date.weekday().since(begins);
                date.checked_sub(i64::from(since).days()).ok()?
            }
            ICalendarFrequency::Monthly => date.first_of_month(),
            ICalendarFrequency::Yearly => date.with().month(1).day(1).build().ok()?,
            ICalendarFrequency::Hourly
            | ICalendarFrequency::Minutely
            | ICalendarFrequency::Secondly => return None,
        };
        let mut period = Self { frequency: rule.freq, interval, first, number: 0 };
        if rule.count.is_none() && from > first {
            let days = i64::from(first.until(from).ok()?.get_days());
            let months = i64::from(from.year() - first.year()) * 12
                + i64::from(from.month() - first.month());
            let passed = match rule.freq {
                ICalendarFrequency::Weekly => days / 7,
                ICalendarFrequency::Monthly => months,
                ICalendarFrequency::Yearly => i64::from(from.year() - first.year()),
                _ => days,
            };
            period.number = (passed / interval - 1).max(0);
        }
        Some(period)
    }

    /// The days of the next period; `None` beyond the end of the calendar.
    fn next_days(&mut self) -> Option<Vec<Date>> {
        let ahead = self.number.checked_mul(self.interval)?;
        self.number += 1;
        let span = |span: Result<Span, jiff::Error>| self.first.checked_add(span.ok()?).ok();
        let (first, length) = match self.frequency {
            ICalendarFrequency::Weekly => (span(Span::new().try_weeks(ahead))?, 7),
            ICalendarFrequency::Monthly => {
                let first = span(Span::new().try_months(ahead))?;
                (first, i64::from(first.days_in_month()))
            }
            ICalendarFrequency::Yearly => {
                let first = span(Span::new().try_years(ahead))?;
                (first, i64::from(first.days_in_year()))
            }
            _ => (span(Span::new().try_days(ahead))?, 1),
        };
        Some((0..length).filter_map(|day| first.checked_add(day.days()).ok()).collect())
    }
}

/// Whether `day` is one of those that the parts of the rule name.
fn fits(rule: &ICalendarRecurrenceRule, day: Date, start: Date) -> bool {
    let is_yearly = rule.freq == ICalendarFrequency::Yearly;
    let months = &rule.bymonth;
    if !months.is_empty()
        && !months.iter().any(|month| i8::try_from(month.month()) == Ok(day.month()))
    {
        return false;
    }
    let has_month_days = !rule.bymonthday.is_empty();
    let has_year_days = !rule.byyearday.is_empty();
    let month_days = rule.bymonthday.iter().map(|number| i16::from(*number));
    if has_month_days && !is_one(month_days, day.day().into(), day.days_in_month().into()) {
        return false;
    }
    let year_days = rule.byyearday.iter().copied();
    if has_year_days && !is_one(year_days, day.day_of_year(), day.days_in_year()) {
        return false;
    }
    if !rule.byweekno.is_empty() {
        let week = day.iso_week_date();
        let weeks = rule.byweekno.iter().map(|number| i16::from(*number));
        if !is_one(weeks, week.week().into(), week.weeks_in_year().into()) {
            return false;
        }
    }
    if !rule.byday.is_empty() {
        let in_year = is_yearly && months.is_empty();
        let counts = is_yearly || rule.freq == ICalendarFrequency::Monthly;
        return rule.byday.iter().any(|wanted| is_weekday(*wanted, day, counts, in_year));
    }
    match rule.freq {
        _ if has_month_days || has_year_days => true,
        ICalendarFrequency::Weekly => day.weekday() == start.weekday(),
        ICalendarFrequency::Monthly => day.day() == start.day(),
        ICalendarFrequency::Yearly if !rule.byweekno.is_empty() => day.weekday() == start.weekday(),
        ICalendarFrequency::Yearly => {
            day.day() == start.day() && (!months.is_empty() || day.month() == start.month())
        }
        _ => true,
    }
}

/// Whether `number` of `count` is among `wanted`, counted from the start or,
/// below zero, from the end.
fn is_one(mut wanted: impl Iterator<Item = i16>, number: i16, count: i16) -> bool {
    wanted.any(|wanted| wanted == number || wanted == number - count - 1)
}

fn is_weekday(wanted: ICalendarDay, day: Date, counts: bool, in_year: bool) -> bool {
    if weekday(wanted.weekday) != day.weekday() {
        return false;
    }
    let Some(ordinal) = wanted.ordwk.filter(|ordinal| counts && *ordinal != 0) else { return true };
    let (number, count) = if in_year {
        (day.day_of_year(), day.days_in_year())
    } else {
        (i16::from(day.day()), i16::from(day.days_in_month()))
    };
    let from_start = (number - 1) / 7 + 1;
    let from_end = (count - number) / 7 + 1;
    ordinal == from_start || ordinal == -from_end
}

/// The hours and minutes of each day.
fn times(rule: &ICalendarRecurrenceRule, start: DateTime) -> Vec<(i8, i8)> {
    let read = |numbers: &[u8], own: i8, most: i8| -> Vec<i8> {
        if numbers.is_empty() {
            return vec![own];
        }
        let numbers = numbers.iter().filter_map(|number| i8::try_from(*number).ok());
        numbers.filter(|number| *number <= most).take(MOST_TIMES).collect()
    };
    let hours = read(&rule.byhour, start.hour(), 23);
    let minutes = read(&rule.byminute, start.minute(), 59);
    let all = hours.iter().flat_map(|hour| minutes.iter().map(move |minute| (*hour, *minute)));
    all.take(MOST_TIMES).collect()
}

/// Of the moments of one period those that `BYSETPOS` names.
fn positions(rule: &ICalendarRecurrenceRule, moments: Vec<DateTime>) -> Vec<DateTime> {
    if rule.bysetpos.is_empty() {
        return moments;
    }
    let count = i32::try_from(moments.len()).unwrap_or(i32::MAX);
    let mut chosen: Vec<DateTime> = rule
        .bysetpos
        .iter()
        .filter_map(|position| {
            let place = if *position > 0 { position - 1 } else { count.checked_add(*position)? };
            moments.get(usize::try_from(place).ok()?).copied()
        })
        .collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// The day of the week.
pub(super) fn weekday(day: ICalendarWeekday) -> Weekday {
    match day {
        ICalendarWeekday::Monday => Weekday::Monday,
        ICalendarWeekday::Tuesday => Weekday::Tuesday,
        ICalendarWeekday::Wednesday => Weekday::Wednesday,
        ICalendarWeekday::Thursday => Weekday::Thursday,
        ICalendarWeekday::Friday => Weekday::Friday,
        ICalendarWeekday::Saturday => Weekday::Saturday,
        ICalendarWeekday::Sunday => Weekday::Sunday,
    }
}

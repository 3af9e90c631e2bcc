//! Recurrence rules as the fields of a record's schedule.
//!
//! Most rules that people make (each Tuesday, every other week, the first
//! Friday of the month) can be said by days, weeks of the month and an
//! interval; then nothing needs to be expanded.

use std::collections::BTreeMap;

use calcard::icalendar::{ICalendarFrequency, ICalendarRecurrenceRule};
use jiff::civil::{Date, Weekday};
use serde_json::{Map, Value as Json, json};

use super::expand::weekday;
use crate::model::weekday::code;

/// The most characters of a rule that a record takes.
const LONGEST_RULE: usize = 500;

/// The nodes of `schedule` that say `rule`, without times and bounds; `None`
/// when they can't.
pub(super) fn fields(
    rule: &ICalendarRecurrenceRule,
    start: Date,
) -> Option<Vec<Map<String, Json>>> {
    let is_plain = rule.bysecond.is_empty()
        && rule.byminute.is_empty()
        && rule.byhour.is_empty()
        && rule.byyearday.is_empty()
        && rule.byweekno.is_empty()
        && rule.rscale.is_none()
        && rule.skip.is_none();
    let interval = rule.interval.unwrap_or(1).max(1);
    let is_counted = rule.wkst.is_none_or(|day| weekday(day) == Weekday::Monday) || interval == 1;
    if !is_plain {
        return None;
    }
    let days = &rule.byday;
    let has_ordinals = days.iter().any(|day| day.ordwk.is_some_and(|ordinal| ordinal != 0));
    let has_positions = !rule.bysetpos.is_empty();
    let has_month_days = !rule.bymonthday.is_empty();
    let only_start = rule.bymonthday == [start.day()];
    let only_month = rule.bymonth.is_empty()
        || matches!(rule.bymonth.as_slice(), [month] if i8::try_from(month.month()) == Ok(start.month()));
    let plain_days = || codes(rule, has_ordinals);
    let one = |unit: char, days: Vec<&'static str>| {
        let mut node = Map::new();
        if !days.is_empty() {
            node.insert("byDay".to_owned(), json!(days));
        }
        node.insert("repeatFrequency".to_owned(), json!(format!("P{interval}{unit}")));
        Some(vec![node])
    };
    match rule.freq {
        _ if has_positions && rule.freq != ICalendarFrequency::Monthly => None,
        ICalendarFrequency::Daily if !has_month_days && rule.bymonth.is_empty() => {
            one('D', plain_days()?)
        }
        ICalendarFrequency::Weekly if !has_month_days && rule.bymonth.is_empty() && is_counted => {
            let days = plain_days()?;
            one('W', if days.is_empty() { vec![code(start.weekday())] } else { days })
        }
        ICalendarFrequency::Monthly if rule.bymonth.is_empty() => {
            if days.is_empty() && !has_positions && (!has_month_days || only_start) {
                return one('M', Vec::new());
            }
            if has_month_days { None } else { weeks_of_month(rule, interval) }
        }
        ICalendarFrequency::Yearly
            if days.is_empty() && only_month && (!has_month_days || only_start) =>
        {
            one('Y', Vec::new())
        }
        _ => None,
    }
}

/// The rule as text; `None` when it is too long for a record.
pub(super) fn text(rule: &ICalendarRecurrenceRule) -> Option<String> {
    let text = rule.to_string();
    (text.len() <= LONGEST_RULE).then_some(text)
}

/// The days of a rule that doesn't number them.
fn codes(rule: &ICalendarRecurrenceRule, has_ordinals: bool) -> Option<Vec<&'static str>> {
    if has_ordinals {
        return None;
    }
    let mut days: Vec<Weekday> = rule.byday.iter().map(|day| weekday(day.weekday)).collect();
    days.sort_by_key(|day| day.to_monday_zero_offset());
    days.dedup();
    Some(days.into_iter().map(code).collect())
}

/// `1MO,3MO`, or `MO` at positions 1 and 3: one node for each set of weeks.
fn weeks_of_month(rule: &ICalendarRecurrenceRule, interval: u16) -> Option<Vec<Map<String, Json>>> {
    let positions = &rule.bysetpos;
    let mut weeks: BTreeMap<i8, Vec<i64>> = BTreeMap::new();
    for day in &rule.byday {
        let of_day = weeks.entry(weekday(day.weekday).to_monday_zero_offset()).or_default();
        let ordinal = day.ordwk.filter(|ordinal| *ordinal != 0).map(i64::from);
        match (ordinal, positions.as_slice()) {
            (Some(ordinal), []) => of_day.push(ordinal),
            // Without a number it is each of them.
            (None, []) => of_day.extend(1..=5),
            (None, positions) if rule.byday.len() == 1 => {
                of_day.extend(positions.iter().copied().map(i64::from));
            }
            _ => return None,
        }
    }
    let mut nodes: Vec<(Vec<&'static str>, Vec<i64>)> = Vec::new();
    for (day, mut of_day) in weeks {
        of_day.sort_unstable();
        of_day.dedup();
        if of_day.iter().any(|week| !matches!(week, -1 | 1..=5)) {
            return None;
        }
        let day = code(Weekday::from_monday_zero_offset(day).ok()?);
        match nodes.iter_mut().find(|(_, weeks)| *weeks == of_day) {
            Some((days, _)) => days.push(day),
            None => nodes.push((vec![day], of_day)),
        }
    }
    let node = |(days, weeks): (Vec<&str>, Vec<i64>)| {
        let mut node = Map::new();
        node.insert("byDay".to_owned(), json!(days));
        node.insert("repeatFrequency".to_owned(), json!(format!("P{interval}M")));
        node.insert("byMonthWeek".to_owned(), json!(weeks));
        node
    };
    let nodes: Vec<Map<String, Json>> = nodes.into_iter().map(node).collect();
    (!nodes.is_empty()).then_some(nodes)
}

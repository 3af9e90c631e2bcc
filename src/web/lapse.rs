//! Why something that is listed is not to be had as it says: it was called
//! off, put off, or is over.
//!
//! Such things stay in lists (contract of harvests, F62: kept, marked), since
//! people look for what they knew of; so every face that shows a list says it,
//! and so does the record's own page.
//! The record says that it has ended or pauses (`status`), or that it holds no
//! longer (`validUntil`); that its dates are over is seen on the day itself,
//! whether or not its source has been read since.

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use crate::record::{JsonView, ObjectView};

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Lapse {
    /// It ended before its dates have come.
    Cancelled,
    /// It pauses, and has dates and nothing that recurs.
    Postponed,
    /// All its dates are over, or what it says holds no longer.
    Past,
    /// It pauses.
    Paused,
    /// It ended, and nobody says when it was to be.
    Ended,
}

impl Lapse {
    /// Each of them.
    #[cfg(test)]
    pub(in crate::web) const ALL: [Self; 5] =
        [Self::Cancelled, Self::Postponed, Self::Past, Self::Paused, Self::Ended];

    /// What a record, or its `summary`, tells on the day `today`; `None` when it
    /// is to be had as it says.
    pub(in crate::web) fn of(summary: &Map<String, Json>, today: Date) -> Option<Self> {
        let text = |object: &Map<String, Json>, name: &str| date_of(object.get(name)?.as_str()?);
        let entries = summary.get("schedule").and_then(Json::as_array).into_iter().flatten();
        let times = entries.filter_map(Json::as_object).map(|entry| Times {
            start: text(entry, "startDate"),
            end: text(entry, "endDate"),
            recurs: RECURRING.iter().any(|name| entry.contains_key(*name)),
        });
        let status = summary.get("status").and_then(Json::as_str);
        Self::told(status, text(summary, "validUntil"), Dates::of(times), today)
    }

    /// As [`Lapse::of`], of a summary that is read where it lies.
    pub(in crate::web) fn of_view(summary: &ObjectView<'_>, today: Date) -> Option<Self> {
        let text = |object: &ObjectView<'_>, name: &str| date_of(object.get(name)?.as_str()?);
        let entries = summary.get("schedule").and_then(JsonView::as_array).into_iter().flatten();
        let times = entries.filter_map(JsonView::as_object).map(|entry| Times {
            start: text(entry, "startDate"),
            end: text(entry, "endDate"),
            recurs: RECURRING.iter().any(|name| entry.get(name).is_some()),
        });
        let status = summary.get("status").and_then(JsonView::as_str);
        Self::told(status, text(summary, "validUntil"), Dates::of(times), today)
    }

    fn told(
        status: Option<&str>,
        holds_until: Option<Date>,
        dates: Dates,
        today: Date,
    ) -> Option<Self> {
        if dates.last.or(holds_until).is_some_and(|last| last < today) {
            return Some(Self::Past);
        }
        match status? {
            "ended" | "closed" if dates.last.is_some() => Some(Self::Cancelled),
            "ended" | "closed" => Some(Self::Ended),
            "paused" if dates.last.is_some() && !dates.recur => Some(Self::Postponed),
            "paused" => Some(Self::Paused),
            _ => None,
        }
    }

    /// The word for programs, and in formats that are English.
    pub(in crate::web) const fn word(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Postponed => "postponed",
            Self::Past => "past",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }

    /// How it is told in English.
    pub(in crate::web) const fn label(self) -> &'static str {
        match self {
            Self::Cancelled => "Cancelled",
            Self::Postponed => "Postponed",
            Self::Past => "Past",
            Self::Paused => "Paused",
            Self::Ended => "Ended",
        }
    }
}

/// The properties of a schedule that say that it recurs.
const RECURRING: [&str; 4] = ["byDay", "repeatFrequency", "byMonthWeek", "rrule"];

/// When an entry of a schedule takes place.
struct Times {
    start: Option<Date>,
    end: Option<Date>,
    recurs: bool,
}

/// The dates of a schedule.
#[derive(Default)]
struct Dates {
    /// The last of all; `None` when there are none, or no end of them.
    last: Option<Date>,
    /// Whether any of it recurs.
    recur: bool,
}

impl Dates {
    fn of(all: impl Iterator<Item = Times>) -> Self {
        let mut dates = Self::default();
        for Times { start, end, recurs } in all {
            let Some(end) = end.or(start.filter(|_| !recurs)) else {
                return Self::default();
            };
            dates.last = dates.last.max(Some(end));
            dates.recur |= recurs;
        }
        dates
    }
}

/// The day of a text; a moment counts by its day.
fn date_of(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

#[cfg(test)]
#[path = "lapse_tests.rs"]
mod tests;

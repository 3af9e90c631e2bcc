//! When publishers last changed their items, as they say it: numbers of any
//! length, or times.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::register::ledger::Modified;

/// Whether `a` is before `b`; numbers of any length by their value, times by
/// what they mean, and anything else by its text.
pub(super) fn is_older(a: Option<&str>, b: Option<&String>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    compared(a, b).unwrap_or_else(|| a.cmp(b)) == Ordering::Less
}

/// Takes one more item into the oldest and newest of a run. What is neither a
/// number nor a time is passed over.
pub(super) fn widen(span: &mut Modified, modified: &str) {
    let Some(order) = span.oldest.as_deref().map(|oldest| compared(modified, oldest)) else {
        if compared(modified, modified).is_some() {
            span.oldest = Some(modified.to_owned());
            span.newest = Some(modified.to_owned());
        }
        return;
    };
    match order {
        Some(Ordering::Less) => span.oldest = Some(modified.to_owned()),
        Some(Ordering::Greater) => {
            let newest = span.newest.as_deref();
            if newest.is_none_or(|newest| compared(modified, newest) == Some(Ordering::Greater)) {
                span.newest = Some(modified.to_owned());
            }
        }
        Some(Ordering::Equal) | None => {}
    }
}

/// How two stand to each other; `None` unless both are numbers or both times.
fn compared(a: &str, b: &str) -> Option<Ordering> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(a) && is_number(b) {
        let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
        return Some((a.len(), a).cmp(&(b.len(), b)));
    }
    Some(time(a)?.cmp(&time(b)?))
}

/// The moment; one that says no zone is in UTC, like all others beside it.
fn time(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>().ok().or_else(|| {
        let moment: DateTime = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(moment).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value_and_times_by_moment() {
        for (a, b) in [
            ("9", "10"),
            ("18446744073709551615", "18446744073709551616"),
            ("2026-11-22T12:00:00+01:00", "2026-11-22T11:30:00Z"),
            ("2026-11-21", "2026-11-22T00:00:00Z"),
            ("rev-1", "rev-2"),
        ] {
            assert!(is_older(Some(a), Some(&b.to_owned())), "{a} {b}");
            assert!(!is_older(Some(b), Some(&a.to_owned())), "{b} {a}");
        }
        assert!(!is_older(Some("007"), Some(&"7".to_owned())));
        assert!(!is_older(None, Some(&"7".to_owned())));
    }

    #[test]
    fn the_oldest_and_newest_are_remembered_as_they_are_written() {
        let mut span = Modified::default();
        for modified in ["soon", "30", "7", "0100", "later", "2026-11-22T12:00:00Z", "50"] {
            widen(&mut span, modified);
        }
        let (oldest, newest) = (span.oldest.as_deref(), span.newest.as_deref());
        assert_eq!((oldest, newest), (Some("7"), Some("0100")));
    }
}

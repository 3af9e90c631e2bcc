//! Days of the week: as iCalendar writes them, and as people begin their
//! names.

use jiff::civil::Weekday;

/// The days as RFC 5545 writes them (section 3.3.10), Monday first.
pub const CODES: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// The English names, Monday first.
const NAMES: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A day as RFC 5545 writes it.
#[must_use]
pub const fn code(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => CODES[0],
        Weekday::Tuesday => CODES[1],
        Weekday::Wednesday => CODES[2],
        Weekday::Thursday => CODES[3],
        Weekday::Friday => CODES[4],
        Weekday::Saturday => CODES[5],
        Weekday::Sunday => CODES[6],
    }
}

/// The day with this code of RFC 5545, in capitals.
#[must_use]
pub fn of_code(code: &str) -> Option<Weekday> {
    numbered(CODES.iter().position(|known| *known == code)?)
}

/// The day whose English name begins so, in any case: two letters or more, such
/// as `mo`, `Tues` or `FRIDAY`.
#[must_use]
pub fn of_name(text: &str) -> Option<Weekday> {
    let lower = text.to_ascii_lowercase();
    let place = NAMES.iter().position(|name| lower.len() >= 2 && name.starts_with(&lower))?;
    numbered(place)
}

fn numbered(place: usize) -> Option<Weekday> {
    Weekday::from_monday_zero_offset(i8::try_from(place).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_that_of_its_day() {
        for code_of_day in CODES {
            assert_eq!(of_code(code_of_day).map(code), Some(code_of_day));
        }
        for wrong in ["", "mo", "XX", "MON", "é"] {
            assert_eq!(of_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_name_may_be_short_but_not_another_word() {
        for (text, weekday) in [
            ("mo", Weekday::Monday),
            ("MON", Weekday::Monday),
            ("Tues", Weekday::Tuesday),
            ("thurs", Weekday::Thursday),
            ("Friday", Weekday::Friday),
            ("su", Weekday::Sunday),
        ] {
            assert_eq!(of_name(text), Some(weekday), "{text}");
        }
        for wrong in ["", "s", "m", "ms", "money", "supper", "mondays", "Dé", "日"] {
            assert_eq!(of_name(wrong), None, "{wrong}");
        }
    }
}

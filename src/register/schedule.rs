//! A nested schedule of a record → the value that can be asked whether it is
//! open.

use jiff::civil::{Date, Time};

use crate::model::weekday;
use crate::model::{Day, Repeat, Schedule};
use crate::record::{Node, Value, texts};

/// Reads a `Schedule` node; `None` when it has neither days, times nor dates.
pub(super) fn read(node: &Node) -> Option<Schedule> {
    let time = |key: &str| match node.values(key).first() {
        Some(Value::Time(time)) => Some(*time),
        _ => None::<Time>,
    };
    let weeks: Vec<Option<i8>> = match node.values("byMonthWeek") {
        [] => vec![None],
        weeks => {
            weeks.iter().filter_map(Value::as_integer).map(|week| i8::try_from(week).ok()).collect()
        }
    };
    let days: Vec<Day> = texts(node.values("byDay"))
        .filter_map(weekday::of_code)
        .flat_map(|weekday| weeks.iter().map(move |nth| Day { weekday, nth: *nth }))
        .collect();
    let monthly = days.iter().any(|day| day.nth.is_some());
    let frequency = texts(node.values("repeatFrequency")).next();
    let is_single = days.is_empty() && frequency.is_none() && !node.values("startDate").is_empty();
    let schedule = Schedule {
        days,
        start_time: time("startTime"),
        end_time: time("endTime"),
        repeat: if is_single { Repeat::Once } else { repeat(frequency, monthly) },
        start_date: node.values("startDate").first().and_then(date),
        end_date: node.values("endDate").first().and_then(date),
        except_dates: node.values("exceptDate").iter().filter_map(date).collect(),
    };
    let says_when =
        !schedule.days.is_empty() || schedule.start_time.is_some() || schedule.start_date.is_some();
    says_when.then_some(schedule)
}

fn date(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        _ => None,
    }
}

/// `P2W` and the like (ISO 8601-1, 5.5.2); weekly when nothing is said, and
/// monthly when weeks of the month are named.
fn repeat(frequency: Option<&str>, monthly: bool) -> Repeat {
    let ordinary = if monthly { Repeat::Monthly(1) } else { Repeat::Weekly(1) };
    let Some(rest) = frequency.and_then(|frequency| frequency.strip_prefix('P')) else {
        return ordinary;
    };
    let (number, unit) = rest.split_at(rest.len().saturating_sub(1));
    match (number.parse::<u16>(), unit) {
        (Ok(number), "D") => Repeat::Daily(number),
        (Ok(number), "W") => Repeat::Weekly(number),
        (Ok(number), "M") => Repeat::Monthly(number),
        (Ok(number), "Y") => Repeat::Yearly(number),
        _ => ordinary,
    }
}

//! Times that take turns: two of every other week that are one of each week.
//!
//! Timetables of vans are made of weeks A and B. What is in both stands there
//! twice, and in the words of either it would be there every other week.

use std::borrow::Cow;

use jiff::civil::Date;
use serde_json::Map;
use serde_json::Value as Json;

type Schedule = Map<String, Json>;

/// The `schedules` in their order, those that take turns as one of each week.
pub(super) fn together<'a>(
    schedules: impl Iterator<Item = &'a Schedule>,
) -> Vec<Cow<'a, Schedule>> {
    let mut all: Vec<Cow<'a, Schedule>> = Vec::new();
    for schedule in schedules {
        match all.iter_mut().find(|other| take_turns(other, schedule)) {
            Some(other) => {
                let weekly = other.to_mut();
                weekly.remove("rrule");
                weekly.insert("repeatFrequency".to_owned(), "P1W".into());
            }
            None => all.push(Cow::Borrowed(schedule)),
        }
    }
    all
}

/// Whether both are every other week, alike but for the week, and one is in
/// the weeks in which the other is not.
fn take_turns(one: &Schedule, other: &Schedule) -> bool {
    let is_fortnightly =
        |schedule: &Schedule| schedule.get("repeatFrequency").is_some_and(|every| every == "P2W");
    let start = |schedule: &Schedule| schedule.get("startDate")?.as_str()?.parse::<Date>().ok();
    let rest = |schedule: &Schedule| {
        let mut rest = schedule.clone();
        rest.remove("startDate");
        rest
    };
    let (Some(first), Some(second)) = (start(one), start(other)) else { return false };
    let days = (second - first).get_days();
    is_fortnightly(one) && days.rem_euclid(14) == 7 && rest(one) == rest(other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(schedules: &Json, expected: &[(&str, &str)]) {
        let schedules = schedules.as_array().unwrap().iter().filter_map(Json::as_object);
        let together = together(schedules);
        let text = |schedule: &Schedule, key: &str| schedule[key].as_str().unwrap().to_owned();
        let found: Vec<_> = together
            .iter()
            .map(|schedule| (text(schedule, "startTime"), text(schedule, "repeatFrequency")))
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(time, every)| ((*time).into(), (*every).into())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_in_both_weeks_is_weekly_and_nothing_else_is() {
        let at = |day: &str, time: &str, every: &str| json!({"byDay": ["MO"], "startTime": time, "repeatFrequency": every, "startDate": day});
        check(
            &json!([at("2019-03-04", "09:15", "P2W"), at("2019-03-11", "09:15", "P2W")]),
            &[("09:15", "P1W")],
        );
        // 2019-04-29 is four whole turns later: the same week.
        check(
            &json!([at("2019-03-04", "09:15", "P2W"), at("2019-04-29", "09:15", "P2W")]),
            &[("09:15", "P2W"), ("09:15", "P2W")],
        );
        check(
            &json!([at("2019-03-04", "09:10", "P2W"), at("2019-03-11", "17:30", "P2W")]),
            &[("09:10", "P2W"), ("17:30", "P2W")],
        );
        check(
            &json!([at("2019-03-04", "09:15", "P3W"), at("2019-03-11", "09:15", "P3W")]),
            &[("09:15", "P3W"), ("09:15", "P3W")],
        );
    }
}

//! Tests of [`lapse`](super).

use jiff::civil::date;
use serde_json::json;

use super::*;

#[track_caller]
fn check(summary: Json, expected: Option<Lapse>) {
    let today = date(2026, 11, 21);
    let text = summary.to_string();
    let view = ObjectView::read(text.as_bytes()).unwrap();
    assert_eq!(Lapse::of(summary.as_object().unwrap(), today), expected, "{summary}");
    assert_eq!(Lapse::of_view(&view, today), expected, "{summary}");
}

#[test]
fn what_is_called_off_put_off_or_over_is_told_from_what_is_to_be_had() {
    let once = |day: &str| json!([{"startDate": day, "startTime": "19:00:00"}]);
    let weekly = json!([{"byDay": ["TU"], "startTime": "19:00:00"}]);
    let until = |day: &str| json!([{"byDay": ["TU"], "startDate": "2020-01-07", "endDate": day}]);
    for (summary, expected) in [
        (json!({}), None),
        (json!({"status": "active", "schedule": once("2026-12-03")}), None),
        (json!({"schedule": once("2026-11-21")}), None),
        (json!({"schedule": once("2026-11-20")}), Some(Lapse::Past)),
        (json!({"status": "active", "schedule": once("2019-05-01")}), Some(Lapse::Past)),
        (json!({"status": "ended", "schedule": once("2019-05-01")}), Some(Lapse::Past)),
        (json!({"status": "ended", "schedule": once("2026-12-03")}), Some(Lapse::Cancelled)),
        (json!({"status": "paused", "schedule": once("2026-12-03")}), Some(Lapse::Postponed)),
        (json!({"schedule": weekly}), None),
        (json!({"status": "ended", "schedule": weekly}), Some(Lapse::Ended)),
        (json!({"status": "paused", "schedule": weekly}), Some(Lapse::Paused)),
        (json!({"status": "paused", "schedule": until("2027-06-01")}), Some(Lapse::Paused)),
        (json!({"status": "ended", "schedule": until("2027-06-01")}), Some(Lapse::Cancelled)),
        (json!({"schedule": until("2026-06-01")}), Some(Lapse::Past)),
        (json!({"schedule": [{"startDate": "2019-05-01"}, {"byDay": ["MO"]}]}), None),
        (json!({"schedule": [{"startDate": "2019-05-01"}, {"startDate": "2027-05-01"}]}), None),
        // A rule that nothing else says has no end that is known.
        (
            json!({"schedule": [{"startDate": "2019-05-01", "rrule": "FREQ=DAILY;COUNT=9999"}]}),
            None,
        ),
        (json!({"status": "ended"}), Some(Lapse::Ended)),
        (json!({"status": "closed", "validUntil": "2027-01-01"}), Some(Lapse::Ended)),
        (json!({"status": "open", "validUntil": "2026-01-01"}), Some(Lapse::Past)),
        (json!({"status": "open", "validUntil": "2026-11-21"}), None),
        (json!({"schedule": [{"startDate": 3}], "status": 3}), None),
    ] {
        check(summary, expected);
    }
}

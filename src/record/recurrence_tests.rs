//! Tests of [`recurrence`](super).

use serde_json::{Value as Json, json};

use crate::record::{Base, FromJson, from_json, to_json};
use crate::schema::Schema;

#[track_caller]
fn check(schedule: Json, expected: Json) {
    let (schema, base) = (Schema::standard(), Base::new("https://kist.example").unwrap());
    let context = FromJson { schema: &schema, base: &base, keys_of: None };
    let mut json =
        json!({"id": "asset/a", "name": "A", "assetType": "group-asset", "online": true});
    json["schedule"] = json!([schedule]);
    let record = from_json(context, schema.kind("asset").unwrap(), None, &json).unwrap();
    let kept = to_json(&schema, &base, &record)["schedule"][0].clone();
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(kept.get(key).unwrap_or(&Json::Null), value, "{key} of {kept}");
    }
}

#[test]
fn a_rule_alone_is_said_in_days_and_an_interval_too() {
    check(
        json!({"rrule": " rrule:freq=weekly;byday=MO,we;interval=2;until=20261231", "startDate": "2026-01-05"}),
        json!({"rrule": "FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2;UNTIL=20261231",
                "byDay": ["MO", "WE"], "repeatFrequency": "P2W", "byMonthWeek": null,
                "startDate": "2026-01-05", "endDate": "2026-12-31"}),
    );
    check(
        json!({"rrule": "FREQ=MONTHLY;BYDAY=-1WE", "endDate": "2026-02-01"}),
        json!({"byDay": ["WE"], "byMonthWeek": [-1], "repeatFrequency": "P1M", "endDate": "2026-02-01"}),
    );
    check(json!({"rrule": "FREQ=DAILY"}), json!({"byDay": null, "repeatFrequency": "P1D"}));
}

#[test]
fn what_the_schedule_says_itself_and_what_can_not_be_said_stay_as_they_are() {
    check(
        json!({"rrule": "FREQ=MONTHLY;BYDAY=1MO,3TU", "byDay": ["MO"], "byMonthWeek": [1]}),
        json!({"byDay": ["MO"], "byMonthWeek": [1], "repeatFrequency": null}),
    );
    check(
        json!({"rrule": "FREQ=WEEKLY;COUNT=3", "startDate": "2026-01-05"}),
        json!({"byDay": null, "repeatFrequency": null, "endDate": null}),
    );
}

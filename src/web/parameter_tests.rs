//! Tests of [`parameter`](super).

use super::*;

#[track_caller]
fn check(kind: ParameterKind, text: &str, expected: Result<Value, &str>) {
    let read = Parameter::new("it", kind, "").read(text);
    assert_eq!(read, expected.map_err(str::to_owned));
}

#[test]
fn a_number_must_be_whole_and_within_its_bounds() {
    let limit = ParameterKind::Integer(1, 100);
    check(limit, "20", Ok(Value::Integer(20)));
    for text in ["0", "-1", "1000000000"] {
        check(limit, text, Err(&format!("{text} is not within 1 and 100")));
    }
    check(limit, "1e9", Err("`1e9` is not a whole number"));
    check(limit, " 5", Err("` 5` is not a whole number"));
    check(limit, "99999999999999999999", Err("`99999999999999999999` is not a whole number"));
}

#[test]
fn what_is_not_a_number_is_within_no_bounds() {
    check(ParameterKind::Number(0.0, 1.0), "NaN", Err("NaN is not within 0 and 1"));
}

#[test]
fn a_day_must_be_on_the_calendar() {
    let day = Date::constant(2024, 2, 29);
    check(ParameterKind::Date, "2024-02-29", Ok(Value::Date(day)));
    for text in ["2026-02-29", "2026-13-01", "20261121", "2026-11-21T10:00", "21/11/2026"] {
        check(ParameterKind::Date, text, Err(&format!("`{text}` is not a day such as 2026-11-21")));
    }
}

#[test]
fn a_distance_can_be_neither_negative_nor_longer_than_the_limit() {
    let within = ParameterKind::Distance(100_000.0);
    check(within, "2km", Ok(Value::Distance(Metres::new(2_000.0).unwrap())));
    check(within, "-1km", Err("distance -1000 is not a positive number of metres"));
    check(within, "0km", Err("0km is no distance within which anything could be"));
    check(within, "101km", Err("101km is more than 100 km"));
}

#[test]
fn control_characters_are_refused_in_every_kind() {
    check(ParameterKind::Text(10), "a\0b", Err("the control character '\\0' can't stand here"));
}

#[test]
fn a_choice_tells_what_there_is() {
    let sort = ParameterKind::Choice(&["distance", "name"]);
    check(sort, "name", Ok(Value::Text("name".to_owned())));
    check(sort, "Name", Err("`Name` is not one of distance, name"));
}

#[test]
fn the_schema_has_the_default_in_its_own_type() {
    let limit = Parameter::integer("limit", 1, 100, "How many").default("20");
    assert_eq!(
        limit.schema(),
        json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 20})
    );
}

//! Tests of reading calendars.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::*;
use crate::harvest::extraction::{Severity, State};

const HALL: &[u8] =
    include_bytes!("../../../../tests/fixtures/harvest/ical/village-hall/input.ics");
const OUTLOOK: &[u8] = include_bytes!("../../../../tests/fixtures/harvest/ical/outlook/input.ics");
const SEVERAL: &[u8] =
    include_bytes!("../../../../tests/fixtures/harvest/ical/several-calendars/input.ics");
const BROKEN: &[u8] = include_bytes!("../../../../tests/fixtures/harvest/ical/broken/input.ics");

fn now() -> Timestamp {
    "2026-11-22T02:00:00Z".parse().unwrap()
}

fn read(bytes: &[u8]) -> Extraction {
    let document = Document {
        url: "https://hall.example/calendar.ics".parse().unwrap(),
        media_type: Some("text/calendar".to_owned()),
        charset: None,
        bytes: bytes.to_vec(),
        retrieved_at: now(),
    };
    assert!(recognises(&document) >= 60);
    extract(&document, &Reading::plain(now()))
}

/// One event with these lines.
fn event(lines: &str) -> Extraction {
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nSUMMARY:x\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    );
    read(text.as_bytes())
}

fn schedule(lines: &str) -> Json {
    let extraction = event(lines);
    extraction.drafts[0].fields.get("schedule").cloned().unwrap_or_default()
}

fn by_key(extraction: &Extraction) -> BTreeMap<&str, &Draft> {
    extraction.drafts.iter().map(|draft| (draft.key.as_str(), draft)).collect()
}

fn codes(extraction: &Extraction) -> Vec<(Severity, &str)> {
    let problems = extraction.problems.iter();
    problems.map(|problem| (problem.severity, problem.code.as_str())).collect()
}

#[test]
fn a_weekly_event_keeps_its_rule_its_exceptions_and_its_moved_day() {
    let extraction = read(HALL);
    let yoga = by_key(&extraction)["yoga-1@hall.example"];
    assert_eq!(yoga.kind, "asset");
    assert_eq!(yoga.modified.as_deref(), Some("2026-11-01T10:11:12Z"));
    assert_eq!(
        Json::Object(yoga.fields.clone()),
        json!({
            "name": "Gentle yoga, all levels",
            "description": "Bring a mat.\nBook with the hall: https://hall.example/yoga?a=1&b=2",
            "url": "https://hall.example/yoga",
            "locations": [{
                "name": "Kirkton Village Hall, Main Street, Kirkton EH46 7AA",
                "postcode": "EH46 7AA", "latitude": 55.7651, "longitude": -3.3421,
            }],
            "schedule": [
                {
                    "byDay": ["TU"], "repeatFrequency": "P1W",
                    "startTime": "19:30", "endTime": "21:00", "startDate": "2026-01-06",
                    "rrule": "FREQ=WEEKLY;BYDAY=TU",
                    "exceptDate": ["2026-12-08", "2026-12-22", "2026-12-29"],
                },
                {
                    "startDate": "2026-12-09", "startTime": "19:30", "endTime": "21:00",
                    "note": "Gentle yoga (Wednesday this week)",
                },
            ],
            "assetType": "activity-asset",
        })
    );
    let labels: Vec<&str> = yoga.terms.iter().map(|term| term.label.as_str()).collect();
    assert_eq!(labels, ["Exercise", "Older people"]);
}

#[test]
fn single_events_have_the_times_of_the_place() {
    let extraction = read(HALL);
    let drafts = by_key(&extraction);
    let ceilidh = drafts["ceilidh@hall.example"];
    assert_eq!(ceilidh.fields["name"], json!({"gd": "Cèilidh na Bliadhn' Ùire"}));
    assert_eq!(ceilidh.fields["assetType"], "event");
    let night = json!([{"startDate": "2026-12-31", "startTime": "21:00", "endTime": "01:00"}]);
    assert_eq!(ceilidh.fields["schedule"], night);
    let days = json!([{"startDate": "2027-07-03", "endDate": "2027-07-04"}]);
    assert_eq!(drafts["show@hall.example"].fields["schedule"], days);
}

#[test]
fn cancelled_events_are_kept_and_marked() {
    let extraction = read(HALL);
    let talk = by_key(&extraction)["talk@hall.example"];
    assert_eq!(talk.state, State::Live);
    assert_eq!(talk.fields["status"], "ended");
    assert_eq!(talk.fields["online"], true);
    assert!(!talk.fields.contains_key("locations"));
    let hours = json!([{"startDate": "2026-12-02", "startTime": "14:00", "endTime": "15:30"}]);
    assert_eq!(talk.fields["schedule"], hours);
}

#[test]
fn private_and_long_past_events_are_not_taken() {
    let extraction = read(HALL);
    let drafts = by_key(&extraction);
    assert!(!drafts.contains_key("board@hall.example") && !drafts.contains_key("old@hall.example"));
    assert_eq!(codes(&extraction), [(Severity::Warning, "private"), (Severity::Warning, "over")]);
    assert_eq!(extraction.about.title.as_deref(), Some("Kirkton village hall"));
    assert_eq!(extraction.about.refresh_after, Some(Duration::from_hours(6)));
}

#[test]
fn windows_zones_and_zones_of_their_own_are_understood() {
    let extraction = read(OUTLOOK);
    let drafts = by_key(&extraction);
    assert_eq!(
        drafts["040000008200E00074C5B7101A82E008"].fields["schedule"],
        json!([{
            "byDay": ["TH"], "repeatFrequency": "P1M", "byMonthWeek": [1],
            "startTime": "14:00", "endTime": "16:00", "startDate": "2026-09-03",
            "rrule": "FREQ=MONTHLY;BYDAY=TH;BYSETPOS=1",
        }])
    );
    let styled = &drafts["040000008200E00074C5B7101A82E008"].fields["description"];
    assert!(styled.as_str().unwrap().contains("<b>their</b> carers"));
    let lunch = &drafts["second"].fields["schedule"][0];
    assert_eq!(lunch["startTime"], "12:00");
    // Ten times every other week from 7 September.
    assert_eq!(lunch["endDate"], "2027-01-11");
    // A mere “busy” says nothing.
    assert!(!drafts.contains_key("third"));
    assert_eq!(codes(&extraction), [(Severity::Warning, "private")]);
}

#[test]
fn several_calendars_in_one_file_are_all_read() {
    let extraction = read(SEVERAL);
    assert!(extraction.problems.is_empty(), "{:?}", extraction.problems);
    let drafts = by_key(&extraction);
    let floating = json!([{"startDate": "2026-12-01", "startTime": "10:00", "endTime": "11:00"}]);
    assert_eq!(drafts["a@one.example"].fields["schedule"], floating);
    // A rule that fields can't say is listed, with the rule at its first date.
    let listed = drafts["b@two.example"].fields["schedule"].as_array().unwrap();
    assert_eq!(listed[0]["rrule"], "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1");
    let dates: Vec<&str> = listed.iter().map(|node| node["startDate"].as_str().unwrap()).collect();
    assert_eq!(dates[..3], ["2026-11-30", "2026-12-31", "2027-01-29"]);
    assert_eq!(dates.last(), Some(&"2027-12-31"));
    // Times of New York as clocks in London show them.
    let choir = drafts["c@two.example"].fields["schedule"].as_array().unwrap();
    assert_eq!(choir.len(), 3);
    assert_eq!(
        choir[2],
        json!({"startDate": "2026-12-15", "startTime": "14:00", "endTime": "15:00"})
    );
}

#[test]
fn broken_events_cost_themselves_and_say_why() {
    let extraction = read(BROKEN);
    let said: Vec<(&str, Option<&str>)> = extraction
        .problems
        .iter()
        .map(|problem| (problem.code.as_str(), problem.key.as_deref()))
        .collect();
    assert_eq!(
        said,
        [
            ("truncated", None),
            ("no-key", None),
            ("no-start", Some("no-start")),
            ("end-before-start", Some("backwards")),
            ("unknown-zone", Some("unknown-zone")),
            ("recurrence-too-long", Some("every-second")),
            ("bad-date", Some("year-one")),
        ]
    );
    let drafts = by_key(&extraction);
    let start = json!([{"startDate": "2026-12-01", "startTime": "10:00"}]);
    assert_eq!(drafts["backwards"].fields["schedule"], start);
    assert_eq!(drafts["unknown-zone"].fields["schedule"], start);
    assert!(!drafts.contains_key("cut"));
}

#[test]
fn rules_that_people_make_become_fields() {
    let start = "DTSTART:20261203T190000\nRRULE:";
    for (rule, expected) in [
        ("FREQ=DAILY", json!({"repeatFrequency": "P1D"})),
        ("FREQ=DAILY;BYDAY=FR,MO", json!({"repeatFrequency": "P1D", "byDay": ["MO", "FR"]})),
        ("FREQ=WEEKLY", json!({"repeatFrequency": "P1W", "byDay": ["TH"]})),
        (
            "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=TH",
            json!({"repeatFrequency": "P2W", "byDay": ["TH"]}),
        ),
        ("FREQ=MONTHLY", json!({"repeatFrequency": "P1M"})),
        ("FREQ=MONTHLY;BYMONTHDAY=3", json!({"repeatFrequency": "P1M"})),
        (
            "FREQ=MONTHLY;BYDAY=1TH,-1TH",
            json!({"repeatFrequency": "P1M", "byDay": ["TH"], "byMonthWeek": [-1, 1]}),
        ),
        ("FREQ=YEARLY", json!({"repeatFrequency": "P1Y"})),
    ] {
        let made = schedule(&format!("{start}{rule}"));
        let nodes = made.as_array().unwrap();
        assert_eq!(nodes.len(), 1, "{rule}");
        for key in ["repeatFrequency", "byDay", "byMonthWeek"] {
            assert_eq!(nodes[0].get(key), expected.get(key), "{rule}");
        }
        assert_eq!(nodes[0]["startDate"], "2026-12-03");
    }
}

#[test]
fn different_weeks_of_different_days_are_two_nodes_and_one_rule() {
    let made = schedule("DTSTART:20261207T190000\nRRULE:FREQ=MONTHLY;BYDAY=1MO,2TU");
    assert_eq!(made[0]["byDay"], json!(["MO"]));
    assert_eq!(made[1]["byMonthWeek"], json!([2]));
    assert!(made[0].get("rrule").is_some() && made[1].get("rrule").is_none());
}

#[test]
fn an_until_before_the_hour_ends_the_day_before() {
    // 18:59 in London is too early for the one at 19:00.
    let made = schedule(
        "DTSTART;TZID=Europe/London:20260702T190000\nRRULE:FREQ=WEEKLY;UNTIL=20270708T175900Z",
    );
    assert_eq!(made[0]["endDate"], "2027-07-07");
    let made = schedule("DTSTART;VALUE=DATE:20260702\nRRULE:FREQ=WEEKLY;UNTIL=20270708");
    assert_eq!(made[0]["endDate"], "2027-07-08");
}

#[test]
fn added_dates_are_nodes_and_cancelled_instances_exceptions() {
    let made = schedule(
        "DTSTART:20261203T190000\nDTEND:20261203T200000\nRDATE:20261210T180000,20261217T180000",
    );
    assert_eq!(made.as_array().unwrap().len(), 3);
    assert_eq!(made[0]["startDate"], "2026-12-03");
    assert_eq!(
        made[2],
        json!({"startDate": "2026-12-17", "startTime": "18:00", "endTime": "19:00"})
    );
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:x\nDTSTART:20261203T190000\n\
                RRULE:FREQ=WEEKLY\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20261210T190000\n\
                STATUS:CANCELLED\nEND:VEVENT\nEND:VCALENDAR\n";
    let extraction = read(text.as_bytes());
    assert_eq!(extraction.drafts.len(), 1);
    assert_eq!(extraction.drafts[0].fields["schedule"][0]["exceptDate"], json!(["2026-12-10"]));
}

#[test]
fn a_listed_rule_that_ends_before_it_starts_says_so_once() {
    let lines = "DTSTART:20261203T190000\nDTEND:20261203T180000\nRRULE:FREQ=DAILY;BYMONTH=12";
    let extraction = event(lines);
    assert_eq!(codes(&extraction), [(Severity::Error, "end-before-start")]);
    assert_eq!(extraction.drafts[0].fields["schedule"].as_array().unwrap().len(), 60);
}

#[test]
fn a_change_of_all_that_follow_begins_a_new_rule() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:x\nDTSTART:20261203T190000\n\
                DTEND:20261203T200000\nRRULE:FREQ=WEEKLY;BYDAY=TH\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\n\
                SUMMARY:x\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261217T190000\nDTSTART:20261218T180000\n\
                DTEND:20261218T190000\nEND:VEVENT\nEND:VCALENDAR\n";
    let extraction = read(text.as_bytes());
    let nodes = &extraction.drafts[0].fields["schedule"];
    assert_eq!(nodes[0]["endDate"], "2026-12-16");
    assert_eq!(nodes[1]["byDay"], json!(["FR"]));
    assert_eq!(nodes[1]["startTime"], "18:00");
}

#[test]
fn the_same_uid_again_is_another_date_or_a_problem() {
    let text = |name: &str, sequence: i64| {
        format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Choir\nDTSTART:20261203T190000\nEND:VEVENT\n\
             BEGIN:VEVENT\nUID:1\nSUMMARY:{name}\nSEQUENCE:{sequence}\nDTSTART:20261210T190000\n\
             END:VEVENT\nEND:VCALENDAR\n"
        )
    };
    let dates = read(text("Choir", 0).as_bytes());
    assert_eq!(codes(&dates), [(Severity::Warning, "duplicate-uid")]);
    assert_eq!(dates.drafts[0].fields["schedule"].as_array().unwrap().len(), 2);
    let versions = read(text("Big choir", 2).as_bytes());
    assert_eq!(codes(&versions), [(Severity::Error, "duplicate-uid")]);
    assert_eq!(versions.drafts[0].fields["name"], "Big choir");
}

#[test]
fn an_event_that_was_over_last_week_is_given_once_more_as_ended() {
    let ended = event("DTSTART;VALUE=DATE:20261115\nDTEND;VALUE=DATE:20261116");
    assert_eq!(ended.drafts[0].fields["status"], "ended");
    let rule = event("DTSTART:20200101T100000\nRRULE:FREQ=WEEKLY;UNTIL=20201231");
    assert!(rule.drafts.is_empty());
    assert_eq!(codes(&rule), [(Severity::Warning, "over")]);
}

#[test]
fn a_zone_without_summer_time_is_a_warning() {
    let summer = event("DTSTART;TZID=Etc/GMT:20270701T190000");
    assert_eq!(codes(&summer), [(Severity::Warning, "offset-contradicts-zone")]);
    assert_eq!(summer.drafts[0].fields["schedule"][0]["startTime"], "20:00");
    let winter = event("DTSTART;TZID=Etc/GMT:20270101T190000");
    assert!(winter.problems.is_empty());
    let utc = event("DTSTART:20270701T180000Z");
    assert!(utc.problems.is_empty());
    assert_eq!(utc.drafts[0].fields["schedule"][0]["startTime"], "19:00");
}

#[test]
fn a_mass_of_endless_rules_is_cut_at_the_budget_of_the_document() {
    let one = |number: usize, rule: &str| {
        format!(
            "BEGIN:VEVENT\nUID:{number}\nSUMMARY:x\nDTSTART:19000101T000000\nRRULE:{rule}\nEND:VEVENT\n"
        )
    };
    let hostile = [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8;BYMINUTE=1,2,3,4,5,6,7,8,9",
        "FREQ=DAILY;COUNT=4000000000;BYMONTH=1",
        "FREQ=YEARLY;INTERVAL=65535;BYYEARDAY=400;COUNT=9",
    ];
    let events: String = (0..2000).map(|number| one(number, hostile[number % 5])).collect();
    let extraction = read(format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n").as_bytes());
    assert!(extraction.drafts.iter().all(|draft| {
        draft
            .fields
            .get("schedule")
            .and_then(Json::as_array)
            .is_none_or(|nodes| nodes.len() <= 1000)
    }));
    let cut = extraction.problems.iter().filter(|problem| problem.code == "recurrence-too-long");
    assert!(cut.count() > 800);
}

#[test]
fn what_is_no_calendar_is_broken() {
    for text in ["", "BEGIN:VCARD\nFN:x\nEND:VCARD\n", "no calendar", "BEGIN:VCALENDAR"] {
        let document = Document {
            url: "https://hall.example/".parse().unwrap(),
            media_type: None,
            charset: None,
            bytes: text.as_bytes().to_vec(),
            retrieved_at: now(),
        };
        let extraction = extract(&document, &Reading::plain(now()));
        assert!(extraction.drafts.is_empty());
        assert_eq!(extraction.problems[0].severity, Severity::Broken, "{text}");
    }
}

#[test]
fn whatever_is_cut_off_or_changed_nothing_panics() {
    for bytes in [HALL, OUTLOOK, SEVERAL, BROKEN] {
        for number in 0..bytes.len() {
            let mut changed = bytes.to_vec();
            changed[number] = changed[number].wrapping_mul(31).wrapping_add(7);
            changed.truncate(bytes.len() - number / 3);
            let document = Document {
                url: "https://hall.example/".parse().unwrap(),
                media_type: None,
                charset: None,
                bytes: changed,
                retrieved_at: now(),
            };
            let _ = extract(&document, &Reading::plain(now()));
        }
    }
}

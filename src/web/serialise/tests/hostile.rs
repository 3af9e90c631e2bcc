//! Texts from outside stay text in every format.

use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

use super::poor;
use super::written;
use crate::record::formula::unguard;
use crate::web::negotiate::Format;
use crate::web::serialise::COLUMNS;

/// A summary whose every text comes from outside.
fn hostile(text: &str) -> Value {
    json!({"id": format!("urn:{text}"), "type": text, "name": text, "summary": text,
        "telephone": text, "email": text, "url": format!("https://{text}"), "published": text,
        "topics": [{"id": text, "name": text}], "cost": {"note": text}, "status": text,
        "provider": {"id": text, "name": text}, "locations": [{"streetAddress": text}],
        "schedule": [{"byDay": ["MO"], "startTime": text, "rrule": text, "note": text},
            {"byDay": ["MO"], "startTime": "10:00", "note": text}]})
}

proptest! {
    #[test]
    fn any_text_can_be_read_back_from_csv(text in "[=+'\"\r\n,;-]{0,3}\\PC{0,20}[\r\n\"]{0,2}") {
        prop_assume!(!text.trim().is_empty());
        let csv = written(Format::Csv, &[hostile(&text), poor()]);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        prop_assert_eq!(reader.headers().unwrap(), &COLUMNS[..]);
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        prop_assert_eq!(rows.len(), 2);
        for column in ["name", "summary", "provider", "address", "cost", "telephone"] {
            let at = COLUMNS.iter().position(|name| *name == column).unwrap();
            prop_assert_eq!(unguard(&rows[0][at]), &text);
        }
    }

    #[test]
    fn no_text_adds_a_line_to_a_calendar(text in "(\r\n|\r|\n|;|:|,|\"|\\\\|BEGIN|END|\\PC){0,40}") {
        let calendar = written(Format::ICalendar, &[hostile(&text)]);
        let lines: Vec<&str> = calendar.strip_suffix("\r\n").unwrap().split("\r\n").collect();
        prop_assert!(lines.iter().all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
        let count = |wanted: &str| lines.iter().filter(|line| **line == wanted).count();
        prop_assert_eq!((count("BEGIN:VEVENT"), count("END:VEVENT")), (1, 1));
        let names = ["BEGIN", "END", "UID", "DTSTAMP", "DTSTART", "RRULE", "LAST-MODIFIED", "SUMMARY", "URL",
            "DESCRIPTION", "LOCATION", "GEO", "CATEGORIES", "STATUS", "TRANSP", "X-KIST-", " "];
        let event = lines.iter().skip_while(|line| **line != "BEGIN:VEVENT");
        for line in event {
            prop_assert!(names.iter().any(|name| line.starts_with(name)), "{}", line);
        }
    }

    #[test]
    fn any_text_leaves_json_and_xml_well_formed(text in any::<String>()) {
        for format in [Format::Json, Format::GeoJson] {
            prop_assert!(serde_json::from_str::<Value>(&written(format, &[hostile(&text)])).is_ok());
        }
        for format in [Format::Atom, Format::Rss] {
            let xml = written(format, &[hostile(&text)]);
            let plain = written(format, &[hostile("x")]);
            let tags = |xml: &str| xml.matches(['<', '>']).count();
            prop_assert!(tags(&xml) <= tags(&plain));
        }
    }
}

//! Tests of [`excerpt`](super).

use super::*;

#[track_caller]
fn check(text: &str, at: &str, expected: Option<&str>) {
    let document = Document {
        url: "https://partner.example/all".parse().unwrap(),
        media_type: None,
        charset: None,
        bytes: text.as_bytes().to_vec(),
        retrieved_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let mut problems = [Problem::error("bad-date", at, "this is no date")];
    add(&document, None, &mut problems);
    assert_eq!(problems[0].excerpt.as_deref(), expected, "{at}");
}

#[test]
fn the_place_of_a_problem_is_shown() {
    check("name,when\nLunch,soon\n", "row 2", Some("Lunch | soon"));
    check("a\n  DTSTART:soon\nb", "line 2", Some("DTSTART:soon"));
    let json = r#"{"data":[{"id":1},{"id":2,"when":"soon"}]}"#;
    check(json, "/data/1", Some(r#"{"id":2,"when":"soon"}"#));
    check(json, "/data/1/where", Some(r#"{"id":2,"when":"soon"}"#));
    check("<rss><item>a</item><item>b</item></rss>", "item 2", Some("<item>b</item></rss>"));
}

#[test]
fn what_is_not_there_is_not_shown() {
    for at in ["row 9", "line 9", "/data/1", "item 3", "somewhere", "row x", "line 0"] {
        check("{\"name\": 1}", at, None);
    }
}

#[test]
fn an_excerpt_is_short_and_has_no_secrets() {
    let long = "x".repeat(10_000);
    check(&long, "line 1", Some(&format!("{}…", "x".repeat(LONGEST))));
    let line = "see https://user:pass@partner.example/a?api_key=12345 now";
    let document = line.to_owned();
    check(&document, "line 1", Some(&redact::text(line)));
    assert!(!redact::text(line).contains("12345"));
}

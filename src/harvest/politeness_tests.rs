//! Tests of [`politeness`](super).

use super::*;

fn pace(in_flight: u32, seconds: u64) -> Pace {
    Pace { in_flight, delay: Duration::from_secs(seconds) }
}

#[test]
fn a_pace_is_a_duration_of_an_hour_at_most() {
    for (text, expected) in [
        ("PT2S", Some(2_000)),
        ("PT0.5S", Some(500)),
        ("PT1M30S", Some(90_000)),
        ("PT0S", Some(0)),
        ("PT1H", Some(3_600_000)),
        ("PT2H", None),
        ("-PT2S", None),
        ("P1Y", None),
        ("2", None),
        ("", None),
    ] {
        let read = pause(text).ok().map(|pause| pause.as_millis());
        assert_eq!(read, expected, "{text}");
    }
}

#[test]
fn what_was_agreed_with_one_host_makes_others_slower_at_most() {
    let url = |text: &str| text.parse::<Url>().unwrap();
    let home = url("https://partner.example/feed");
    let (own, other) = (url("https://partner.example/2"), url("https://files.example/2"));
    let usual = pace(1, 1);
    let fast = Politeness { pause: Some(Duration::ZERO), at_once: Some(4) };
    assert_eq!(fast.pace(&own, &home, usual), Some(pace(4, 0)));
    assert_eq!(fast.pace(&other, &home, usual), Some(pace(1, 1)));
    let slow = Politeness { pause: Some(Duration::from_secs(5)), at_once: None };
    assert_eq!(slow.pace(&own, &home, usual), Some(pace(1, 5)));
    assert_eq!(slow.pace(&other, &home, usual), Some(pace(1, 5)));
    assert_eq!(Politeness::default().pace(&own, &home, usual), None);
}

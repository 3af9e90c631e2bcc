//! Pages that are made to cost much.

use super::{fixture, read_at};

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |all, n| all + &one(n))
}

/// Each of these needs time or memory by the square of its length when it is
/// read without bounds.
#[test]
fn pages_made_to_be_slow_are_read_within_bounds() {
    let script = |json: &str| format!(r#"<script type="application/ld+json">{json}</script>"#);
    let event = r#"{"@type":"Event","name":"Yoga","startDate":"2026-12-01"},"#;
    let pages = [
        "<div>".repeat(100_000),
        "<div itemscope>".repeat(2_000),
        format!("{}{}", "<p itemscope><b itemprop=a>".repeat(400), "x".repeat(2_000_000)),
        format!(
            "<div vocab=http://schema.org/ typeof=Event>{}{}",
            "<i property=name>".repeat(400),
            "x".repeat(2_000_000)
        ),
        format!(
            "<div typeof=a:b property='{}'>{}",
            "schema:a ".repeat(20_000),
            "x".repeat(1_000_000)
        ),
        format!("<i itemscope itemref='{}'></i>", "a ".repeat(100_000)),
        many(3_000, |n| format!("<i itemscope itemref=r id=i{n}></i>"))
            + "<div id=r>"
            + &"<b itemprop=x>y</b>".repeat(1_000),
        script(&format!(
            r#"{{"@context":"https://schema.org","@graph":[{}]}}"#,
            event.repeat(20_000).trim_end_matches(',')
        )),
        script(&"[".repeat(1_000_000)),
        script(&format!(
            r#"{{"@context":{{"@vocab":"http://a/{}"}},{}"z":1}}"#,
            "v".repeat(500_000),
            many(20_000, |n| format!("\"k{n}\":1,"))
        )),
        format!("<html><head><title>{}", "&amp;".repeat(500_000)),
        "<meta property=og:title content=x>".repeat(50_000),
        "<a href=x>".repeat(50_000),
    ];
    for page in &pages {
        let read = read_at("https://whatson.example/slow", page);
        assert!(read.drafts.len() <= 1_000 && read.problems.len() <= 1_000);
    }
}

/// Pages that break off anywhere, or have other characters anywhere.
#[test]
fn no_damage_to_a_page_makes_it_panic() {
    const CASES: [&str; 6] = [
        "json-ld-event",
        "json-ld-broken",
        "microdata-service",
        "rdfa-hall",
        "several-syntaxes",
        "organisation-graph",
    ];
    const DAMAGE: &[char] =
        &['<', '>', '"', '{', '}', '[', ',', ':', '\\', '&', '\0', 'é', '9', '-'];
    // A plain linear congruence: the same damage in each run.
    let mut state = 20_261_122_u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for case in CASES {
        let letters: Vec<char> = fixture(case).chars().collect();
        for _ in 0..40 {
            let end = next(letters.len());
            read_at("https://whatson.example/cut", &letters[..end].iter().collect::<String>());
            let mut damaged = letters.clone();
            for _ in 0..10 {
                let place = next(damaged.len());
                damaged[place] = DAMAGE[next(DAMAGE.len())];
            }
            read_at("https://whatson.example/damaged", &damaged.iter().collect::<String>());
        }
    }
}

//! What is called off, put off or over is marked wherever it is listed.

use std::sync::{Arc, OnceLock};

use kist::register::Register;
use serde_json::{Value as Json, json};

use super::server::TestServer;

/// The names of the events, with the word for each in English and for
/// programs. The day is 21 November 2026.
const EVENTS: [(&str, &str, &str); 5] = [
    ("Ceilidh at the hall", "Cancelled", "cancelled"),
    ("Fair on the green", "Postponed", "postponed"),
    ("Gala of long ago", "Past", "past"),
    ("Lunch club", "Ended", "ended"),
    ("Market in December", "", ""),
];

fn server() -> TestServer {
    static LISTED: OnceLock<Arc<Register>> = OnceLock::new();
    let register = LISTED.get_or_init(|| {
        let server = TestServer::with_categories();
        let event = |number: usize, status: Option<&str>, schedule: Json| {
            let name = EVENTS[number].0;
            let mut event = json!({
                "type": "asset", "id": format!("event-{number}"), "name": name, "assetType": "event",
                "summary": "Music and talk", "schedule": [schedule],
                "locations": [{"latitude": 55.9761, "longitude": -3.1701, "postcode": "EH6 6QN"}],
            });
            if let Some(status) = status {
                event["status"] = json!(status);
            }
            event
        };
        server.load(&json!([
            event(0, Some("ended"), json!({"startDate": "2026-12-03", "startTime": "19:00:00"})),
            event(1, Some("paused"), json!({"startDate": "2026-12-04"})),
            event(2, None, json!({"startDate": "2019-05-01"})),
            event(3, Some("ended"), json!({"byDay": ["WE"], "repeatFrequency": "P2W", "startTime": "12:00:00"})),
            event(4, Some("active"), json!({"startDate": "2026-12-05"})),
        ]));
        server.register
    });
    TestServer::new(Arc::clone(register))
}

/// What stands in `text` from the name of each event to that of the next.
fn parts(text: &str) -> Vec<&str> {
    let at: Vec<usize> = EVENTS
        .iter()
        .map(|(name, ..)| text.find(name).unwrap_or_else(|| panic!("{name}: {text}")))
        .collect();
    let end = |number: usize| at.get(number + 1).copied().unwrap_or(text.len());
    (0..EVENTS.len()).map(|number| &text[at[number]..end(number)]).collect()
}

#[tokio::test]
async fn pages_fragments_and_frames_say_it_in_the_language_of_the_reader() {
    let server = server();
    for path in [
        "/lists/all.fragment.html?kind=events&sort=name",
        "/embed/v1/lists/all?kind=events&sort=name",
        "/embed/v1/lists/all?kind=events&sort=name&compact=true",
        "/lists/all.html?kind=events&sort=name",
        "/lists/all.html?kind=events&sort=name&view=table",
        "/search?type=event&sort=name&near=EH6+6QN",
    ] {
        let answer = server.get_with(path, "accept", "text/html").await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
        let main = answer.text().split_once("</h1>").map_or(answer.text(), |(_, rest)| rest);
        for ((name, word, _), part) in EVENTS.iter().zip(parts(main)) {
            let marked = part.split_once("<strong").map_or("", |(_, rest)| rest);
            let marked = marked.split_once('>').map_or("", |(_, rest)| rest);
            let marked = marked.split_once("</strong>").map_or("", |(marked, _)| marked);
            assert_eq!(&marked, word, "{path}: {name}");
        }
    }
    for (language, words) in [
        ("gd", ["Air a chur dheth", "Dàil air a chur ann", "Seachad", "Crìochnaichte"]),
        ("sco", ["Cried aff", "Pit aff", "Past", "Feenished"]),
    ] {
        let path = format!("/lists/all.fragment.html?kind=events&sort=name&lang={language}");
        let answer = server.get(&path).await;
        for (word, part) in words.iter().zip(parts(answer.text())) {
            assert!(part.contains(&format!("<p><strong>{word}</strong> · ")), "{word}: {part}");
        }
    }
}

#[tokio::test]
async fn the_page_of_a_record_says_it_under_its_name() {
    let server = server();
    for (number, (name, word, _)) in EVENTS.iter().enumerate() {
        let page = server.place_of(&format!("/assets/event-{number}.html")).await;
        let page = server.get(&page).await;
        let (_, under) = page.text().split_once(&format!("<h1>{name}</h1>")).unwrap();
        let mark = format!("<p><strong class=\"lapse\">{word}</strong></p>");
        assert_eq!(under.trim_start().starts_with(&mark), !word.is_empty(), "{name}: {page}");
        assert_eq!(under.contains("class=\"lapse\""), !word.is_empty(), "{name}: {page}");
    }
    let gaelic = server.place_of("/assets/event-2.html?lang=gd").await;
    let gaelic = server.get(&gaelic).await;
    assert!(gaelic.text().contains("<strong class=\"lapse\">Seachad</strong>"), "{gaelic}");
}

#[tokio::test]
async fn schema_org_calls_nothing_cancelled_that_is_over() {
    let server = server();
    let held = TestServer::with_categories();
    held.load(&json!([{
        "type": "asset", "id": "held", "name": "Ceilidh of last year", "assetType": "event",
        "status": "ended", "schedule": [{"startDate": "2025-12-03"}],
        "locations": [{"latitude": 55.9761, "longitude": -3.1701}],
    }]));
    for (server, id, expected) in [
        (&server, "event-0", Some("EventCancelled")),
        (&server, "event-1", Some("EventPostponed")),
        (&server, "event-2", None),
        (&server, "event-3", Some("EventCancelled")),
        (&server, "event-4", Some("EventScheduled")),
        (&held, "held", None),
    ] {
        let page = server.place_of(&format!("/assets/{id}.html")).await;
        let page = server.get(&page).await;
        let (_, json) = page.text().split_once("<script type=\"application/ld+json\">").unwrap();
        let json: Json = serde_json::from_str(json.split("</script>").next().unwrap()).unwrap();
        let status = json["eventStatus"].as_str().map(|it| it.replace("https://schema.org/", ""));
        assert_eq!(status.as_deref(), expected, "{id}: {json:#}");
    }
}

#[tokio::test]
async fn a_page_that_a_browser_has_is_drawn_anew_on_the_day_after() {
    let server = server();
    let page = server.place_of("/assets/event-4.html").await;
    let tag = server.get(&page).await.header("etag");
    let again = server.get_with(&page, "if-none-match", &tag).await;
    assert_eq!(again.status, 304);
    let later =
        TestServer::at(Arc::clone(&server.register), || "2026-12-06T12:00:00Z".parse().unwrap());
    let again = later.get_with(&page, "if-none-match", &tag).await;
    assert_eq!(again.status, 200);
    assert!(again.text().contains("<strong class=\"lapse\">Past</strong>"), "{again}");
}

#[tokio::test]
async fn feeds_and_data_say_it_too() {
    let server = server();
    for suffix in ["rss", "atom", "feed.json"] {
        let answer = server.get(&format!("/lists/all.{suffix}?kind=events&sort=name")).await;
        for (name, word, _) in EVENTS {
            let title = if word.is_empty() { name.to_owned() } else { format!("{word}: {name}") };
            let (before, after) = if suffix == "feed.json" {
                ("\"title\":\"", "\"")
            } else {
                ("<title>", "</title>")
            };
            assert!(
                answer.text().contains(&format!("{before}{title}{after}")),
                "{suffix}: {title}"
            );
        }
    }
    let list = server.json("/lists/all.geojson?kind=events&sort=name").await;
    for (feature, (name, _, word)) in list["features"].as_array().unwrap().iter().zip(EVENTS) {
        let properties = &feature["properties"];
        assert_eq!(properties["name"], name);
        assert_eq!(properties["lapse"].as_str().unwrap_or_default(), word, "{name}");
    }
    for path in [
        "/aliss/v4/services?postcode=EH6+6QN&sort=sort-a-z",
        "/aliss/v5/services?postcode=EH6+6QN&sort=sort-a-z",
        "/aliss/v5/import",
    ] {
        let list = server.json(path).await;
        let mut rows = list["data"].as_array().unwrap().clone();
        rows.sort_by_key(|row| row["name"].to_string());
        for (row, (name, word, _)) in rows.iter().zip(EVENTS) {
            assert_eq!(row["name"], name);
            let text = if word.is_empty() {
                "Music and talk".to_owned()
            } else {
                format!("{word}. Music and talk")
            };
            assert_eq!(row["description"], text, "{path}");
        }
    }
}

#[tokio::test]
async fn pieces_of_html_in_gaelic_and_scots_have_no_english_that_is_not_marked() {
    let unmarked = regex::Regex::new("<span lang=\"en\">[^<]*</span>").unwrap();
    let server = server();
    for (language, expected) in [
        (
            "gd",
            [
                "Faisg air EH6 6QN",
                " air falbh",
                "Diciadain, gach dàrna seachdain, bho 12:00",
                "5mh dhen Dùbhlachd 2026",
            ],
        ),
        (
            "sco",
            ["Near EH6 6QN", " awa", "Wadensday, ilka ither week, frae 12:00", "5 December 2026"],
        ),
    ] {
        let of_events = format!("lang={language}&type=event&sort=name");
        for path in [
            format!("/near/EH6%206QN.fragment.html?{of_events}"),
            format!("/embed/v1/near/EH6%206QN?{of_events}"),
        ] {
            let answer = server.get(&path).await;
            for part in expected {
                assert!(answer.text().contains(part), "{path} lacks {part}: {answer}");
            }
            let own = unmarked.replace_all(answer.text(), "");
            for english in [
                " away",
                "every other",
                "Near EH6",
                "from 12",
                "Ended",
                "Cancelled",
                ">Event",
                "Results",
            ] {
                let is_same_in_scots = language == "sco" && english == "Near EH6";
                assert!(is_same_in_scots || !own.contains(english), "{path} has {english}: {own}");
            }
        }
    }
    let kinds = server.get("/lists/all.fragment.html?lang=gd&kind=organisation").await;
    assert!(kinds.text().contains("<h2>Buidhnean</h2>"), "{kinds}");
}

/// A rule without the days and the interval that it means.
#[tokio::test]
async fn what_only_a_rule_repeats_goes_on_in_every_face() {
    let server = TestServer::with_categories();
    let event = |id: &str, rule: &str| {
        json!({
            "type": "asset", "id": id, "name": id, "assetType": "event", "online": true,
            "schedule": [{
                "rrule": rule, "startDate": "2026-01-05", "startTime": "10:00", "endTime": "11:00",
            }],
        })
    };
    server.load(&json!([
        event("daily", "FREQ=DAILY"),
        event("first-monday", "FREQ=MONTHLY;BYDAY=1MO"),
        event("weekly", "FREQ=WEEKLY;BYDAY=MO"),
    ]));
    let list = server.get("/lists/all.fragment.html?kind=events&sort=name").await;
    assert!(!list.text().contains("Past"), "{list}");
    for words in
        ["Every day, 10:00 to 11:00", "First Monday of the month", "Monday, 10:00 to 11:00"]
    {
        assert!(list.text().contains(words), "{words}: {list}");
    }
    let open = server.json("/api/v1/search?kind=asset&open=su+10:30").await;
    let open: Vec<&Json> = open["items"].as_array().unwrap().iter().collect();
    assert!(open.len() == 1 && open[0]["name"] == "daily", "{open:?}");
    let services = server.json("/open-referral/v3/services?full=true&search=first-monday").await;
    let schedule = &services["contents"][0]["schedules"][0];
    assert_eq!(
        (&schedule["freq"], &schedule["byday"], &schedule["kist_rrule"]),
        (&json!("MONTHLY"), &json!("1MO"), &json!("FREQ=MONTHLY;BYDAY=1MO")),
        "{services}"
    );
    let calendar = server.get("/lists/all.ics?q=weekly").await;
    assert!(calendar.text().contains("RRULE:FREQ=WEEKLY;BYDAY=MO"), "{calendar}");
}

#[tokio::test]
async fn open_referral_calls_nothing_active_that_is_not_to_be_had() {
    let server = server();
    let expected = ["defunct", "temporarily closed", "inactive", "defunct", "active"];
    let list = server.json("/open-referral/v3/services?per_page=100").await;
    let rows = list["contents"].as_array().unwrap();
    for ((name, ..), expected) in EVENTS.iter().zip(expected) {
        let row = rows.iter().find(|row| row["name"] == *name).unwrap();
        assert_eq!(row["status"], expected, "{row:#}");
        let path = format!("/open-referral/v3/services/{}", row["id"].as_str().unwrap());
        assert_eq!(server.json(&path).await["status"], expected, "{name}");
    }
    // It says of itself no more than that it took place.
    let past = rows.iter().find(|row| row["name"] == EVENTS[2].0).unwrap();
    assert_eq!(past["kist_assumed"].as_array().map(|it| it.contains(&json!("status"))), Some(true));
}

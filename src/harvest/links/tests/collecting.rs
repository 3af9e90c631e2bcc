//! What records point to, by what changes in them.

use serde_json::{Value as Json, json};

use super::super::collect;
use super::{citing, clock, collect_all, in_state, link, register, say};
use crate::register::LOCAL_SOURCE;
use crate::register::ledger::{Citation, Cited, Link, LinkState};

const URL: &str = "https://a.scot/walks";

fn organisation(url: &str) -> Json {
    json!({ "name": "O", "url": url })
}

#[test]
fn one_address_is_known_once_however_many_records_point_to_it() {
    let register = register();
    for number in 0..5 {
        say(&register, LOCAL_SOURCE, &format!("o{number}"), &organisation(URL));
    }
    say(&register, LOCAL_SOURCE, "o9", &organisation("HTTPS://A.scot:443/walks#top"));
    let collected = collect_all(&register, clock()).unwrap();
    assert_eq!((collected.records, collected.added), (6, 1));
    assert_eq!(citing(&register, URL), ["o0", "o1", "o2", "o3", "o4", "o9"]);
    assert_eq!(in_state(&register, LinkState::Unknown), 1);
}

#[test]
fn what_has_not_changed_is_not_looked_at_again() {
    let register = register();
    for number in 0..700 {
        say(&register, LOCAL_SOURCE, &format!("o{number}"), &organisation(URL));
    }
    assert_eq!(collect_all(&register, clock()).unwrap().changes, 700);
    assert_eq!(collect_all(&register, clock()).unwrap().changes, 0);
    say(&register, LOCAL_SOURCE, "o3", &organisation("https://b.scot/"));
    let collected = collect(&register, clock()).unwrap();
    assert_eq!((collected.changes, collected.records, collected.added), (1, 1, 1));
    assert_eq!(citing(&register, URL).len(), 699);
}

#[test]
fn an_address_goes_with_the_last_record_that_points_to_it() {
    let register = register();
    say(&register, LOCAL_SOURCE, "a", &organisation(URL));
    say(&register, LOCAL_SOURCE, "b", &organisation(URL));
    collect_all(&register, clock()).unwrap();
    say(&register, LOCAL_SOURCE, "a", &Json::Null);
    assert_eq!(collect_all(&register, clock()).unwrap().dropped, 0);
    assert!(link(&register, URL).is_some());
    say(&register, LOCAL_SOURCE, "b", &organisation("https://b.scot/"));
    assert_eq!(collect_all(&register, clock()).unwrap().dropped, 1);
    assert_eq!(link(&register, URL), None);
    assert_eq!(citing(&register, URL), Vec::<String>::new());
    assert_eq!(in_state(&register, LinkState::Unknown), 1);
}

#[test]
fn what_an_editor_puts_right_is_no_longer_checked() {
    let register = register();
    say(&register, "feed", "a", &organisation(URL));
    collect_all(&register, clock()).unwrap();
    let corrected = json!({ "partial": true, "url": "https://b.scot/" });
    say(&register, LOCAL_SOURCE, "a", &corrected);
    collect_all(&register, clock()).unwrap();
    assert_eq!(link(&register, URL), None);
    assert_eq!(citing(&register, "https://b.scot/"), ["a"]);
}

#[test]
fn links_in_nested_nodes_and_lists_are_found_and_names_of_things_are_not() {
    let register = register();
    let record = json!({
        "name": "O", "url": URL,
        "socialLinks": ["https://social.scot/a", "https://social.scot/b"],
        "contactPoints": [{ "role": { "en": "Office" }, "url": "https://a.scot/contact" }],
        "sameAs": ["https://other.example/id/a"],
    });
    say(&register, "feed", "a", &record);
    collect_all(&register, clock()).unwrap();
    let cited: Cited = register.ledger().get("organisation/a").unwrap().unwrap();
    let expected =
        ["https://a.scot/contact", URL, "https://social.scot/a", "https://social.scot/b"];
    assert_eq!(cited.urls, expected);
    let key = format!("{}\norganisation/a", Link::key("https://social.scot/b"));
    let citation: Citation = register.ledger().get(&key).unwrap().unwrap();
    assert_eq!(citation.at[0].pointer, "/socialLinks/1");
    assert_eq!(citation.at[0].source, "feed");
}

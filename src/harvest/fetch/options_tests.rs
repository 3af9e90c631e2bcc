//! Tests of [`options`](super).

use super::*;

#[test]
fn the_user_agent_tells_where_to_read_and_whom_to_ask() {
    let agent = |instance: Option<&str>, contact: Option<&str>| {
        let (instance, contact) = (instance.map(str::to_owned), contact.map(str::to_owned));
        let agent = Options { instance, contact, ..Options::default() }.user_agent();
        agent.replace(env!("CARGO_PKG_VERSION"), "1")
    };
    assert_eq!(
        agent(Some("https://a.scot/"), Some("bot@a.scot")),
        "kistbot/1 (+https://a.scot/about/bot; mailto:bot@a.scot)"
    );
    assert_eq!(agent(None, Some("bot@a.scot")), "kistbot/1 (mailto:bot@a.scot)");
    assert_eq!(agent(None, None), "kistbot/1");
}

#[test]
fn options_are_read_and_unknown_ones_refused() {
    let text = r#"{"pace": {"in_flight": 2, "delay": "500ms"}, "limits": {"idle_timeout": "5s"}}"#;
    let options: Options = serde_json::from_str(text).unwrap();
    assert_eq!(options.pace, Pace { in_flight: 2, delay: Duration::from_millis(500) });
    assert_eq!(options.limits.idle_timeout, Duration::from_secs(5));
    let again: Options = serde_json::from_str(&serde_json::to_string(&options).unwrap()).unwrap();
    assert_eq!(again, options);
    assert!(serde_json::from_str::<Options>(r#"{"limits": {"idle": "5s"}}"#).is_err());
}

//! Nothing is stored, nobody else is asked, little is sent.

use std::sync::Arc;

use crate::stage::Stage;
use crate::tab::Tab;

/// Checks that a tab has asked this machine alone, and has stored nothing.
pub(crate) async fn check(tab: &Tab, of: &str) {
    let asked = tab.asked().await;
    assert!(!asked.is_empty(), "{of}: nothing was recorded");
    let others: Vec<&String> =
        asked.iter().filter(|address| !address.starts_with("http://127.0.0.1:")).collect();
    assert_eq!(others, Vec::<&String>::new(), "{of}");
    assert_eq!(tab.stored().await, Vec::<String>::new(), "{of}");
}

pub(crate) async fn nothing_is_stored_and_no_other_host_is_asked(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("search view=\"map\" limit=\"12\"")).await;
    crate::map::open(&tab).await;
    let _: bool = tab.of_list("await list.refresh(), true").await;
    check(&tab, "the element").await;
    assert_eq!(tab.faults().await, Vec::<String>::new());
    // A cookie would have been seen.
    let cookie: String = tab.value("document.cookie = \"seen=yes\", document.cookie").await;
    assert_eq!(cookie, "seen=yes");
    assert_eq!(tab.stored().await, ["cookie seen"]);
    // That a name of elsewhere leads nowhere is what makes the rest true.
    let outside: bool =
        tab.value("fetch(\"https://example.org/\").then(() => true, () => false)").await;
    assert!(!outside);
}

pub(crate) async fn a_page_without_map_is_small(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("search no-map limit=\"12\" heading=\"Near us\"")).await;
    let bytes = tab.received().await;
    assert!((1_000.0..=15_000.0).contains(&bytes), "{bytes} bytes");
    assert!(tab.of_list::<bool>("root.querySelector(\"[part=map]\") === null").await);
}

//! The ladder of maps: list, picture, movable map.

use std::sync::Arc;

use crate::element::names;
use crate::stage::Stage;
use crate::tab::Tab;

/// Presses the button for the movable map, and gives how many pins it has.
pub(crate) async fn open(tab: &Tab) -> usize {
    let _: bool = tab.of_list("root.querySelector(\"[part=map] button\").click(), true").await;
    wait(tab).await
}

/// Waits until the movable map has pins, and gives how many.
pub(crate) async fn wait(tab: &Tab) -> usize {
    tab.of_list(
        "await new Promise((done) => { \
         const count = () => root.querySelectorAll(\".pin\").length; \
         const look = () => { if (count()) { watch.disconnect(); done(count()); } }; \
         const watch = new MutationObserver(look); \
         watch.observe(root, { childList: true, subtree: true }); look(); })",
    )
    .await
}

pub(crate) async fn pins_that_are_close_are_one_and_lead_to_the_same_links(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("limit=\"12\" topic=\"library\"")).await;
    let shown = names(&tab).await;
    let pins = open(&tab).await;
    assert!((2..=12).contains(&pins), "{pins}");
    let labels: Vec<String> = tab
        .of_list(
            "[...root.querySelectorAll(\".pin\")].map((it) => it.getAttribute(\"aria-label\"))",
        )
        .await;
    for (place, name) in shown.iter().enumerate() {
        let label = format!("{} {name}", place + 1);
        assert!(labels.iter().any(|it| it.contains(&label)), "{label} is not in {labels:?}");
    }
    let closest: f64 = tab
        .of_list(
            "(() => { const boxes = [...root.querySelectorAll(\".pin\")].map((it) => it.getBoundingClientRect()); \
             let least = Infinity; \
             boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => { \
             least = Math.min(least, Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2)); })); \
             return least; })()",
        )
        .await;
    assert!(closest >= 40.0, "{closest} pixels");
    // Out of the whole of Scotland all are one, which names them all.
    let far = "[...root.querySelectorAll(\".bar button\")][1]";
    let _: bool =
        tab.of_list(&format!("Array.from({{ length: 8 }}, () => {far}.click()), true")).await;
    assert_eq!(wait(&tab).await, 1);
    let _: bool = tab.of_list("root.querySelector(\".pin\").click(), true").await;
    let links: Vec<String> = tab
        .of_list("[...root.querySelectorAll(\"[part=map] ul a\")].map((it) => it.textContent)")
        .await;
    assert_eq!(links, shown);
    assert_eq!(tab.faults().await, Vec::<String>::new());
}

//! The main pages of the register itself.

use std::sync::Arc;

use crate::accessibility;
use crate::privacy;
use crate::stage::Stage;
use crate::tab::Tab;

/// The main pages, by path, with the status of each.
const PAGES: &[(&str, u16)] = &[
    ("/", 200),
    ("/search?near=EH6&q=library", 200),
    ("/search?near=Xyzzyx", 400),
    ("/assets/leith-library", 200),
    ("/organisations", 200),
    ("/places", 200),
    ("/knowledge-bank", 200),
    ("/knowledge-bank/findings", 200),
    ("/categories", 200),
    ("/ns", 200),
    ("/problems", 200),
    ("/problems/rate-limited", 200),
    ("/about", 200),
    ("/accessibility", 200),
    ("/nothing-here", 404),
    ("/lists/all?near=EH6", 200),
    ("/lists/all?near=EH6&view=table", 200),
    ("/near/EH6?view=map", 200),
    ("/embed/v1/lists/all?near=EH6&limit=5", 200),
    ("/embed/v1/near/EH6?view=map&compact=true", 200),
    ("/embed", 200),
    ("/embed?list=/near/EH6&accent=1a4fb5&on-accent=ffffff&heading=Near+us", 200),
    ("/embed?list=/nowhere", 400),
    ("/embed/privacy", 200),
];

/// Opens a page and checks its status.
async fn open(stage: &Stage, tab: &Tab, path: &str, status: u16) {
    tab.open(&format!("{}{path}", stage.register)).await;
    assert_eq!(tab.status().await, status, "{path}");
}

pub(crate) async fn no_violation_is_found_on_the_main_pages(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    for (path, status) in PAGES {
        open(&stage, &tab, path, *status).await;
        accessibility::check(&tab, path).await;
    }
}

pub(crate) async fn no_violation_is_found_on_the_main_pages_without_scripts(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    for (path, status) in PAGES {
        tab.without_scripts().await;
        open(&stage, &tab, path, *status).await;
        // What the page had to run has been passed over; only axe runs now.
        tab.with_scripts().await;
        accessibility::check(&tab, &format!("{path} without scripts")).await;
    }
}

pub(crate) async fn no_violation_is_found_in_dark_forced_colours_or_at_320_pixels(
    stage: Arc<Stage>,
) {
    for (name, value, width) in
        [("prefers-color-scheme", "dark", 320), ("forced-colors", "active", 1100)]
    {
        let tab = stage.tab().await;
        tab.prefer(name, value).await;
        tab.wide(width).await;
        for (path, status) in PAGES {
            open(&stage, &tab, path, *status).await;
            accessibility::check_look(&tab, &format!("{path} in {value} at {width}")).await;
            assert!(!accessibility::is_cut_off(&tab).await, "{path} at {width}");
        }
    }
}

pub(crate) async fn the_main_pages_ask_nobody_else_and_store_nothing(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    for (path, status) in PAGES {
        open(&stage, &tab, path, *status).await;
        privacy::check(&tab, path).await;
        assert_eq!(tab.faults().await, Vec::<String>::new(), "{path}");
    }
}

pub(crate) async fn the_main_pages_do_without_scripts(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    tab.without_scripts().await;
    for (path, status) in PAGES {
        open(&stage, &tab, path, *status).await;
        let (headings, words): (usize, usize) = tab
            .value("[document.querySelectorAll(\"h1\").length, document.body.innerText.trim().split(/\\s+/).length]")
            .await;
        assert_eq!(headings, 1, "{path}");
        assert!(words > 10, "{path} has {words} words");
    }
}

pub(crate) async fn the_contrast_of_colours_is_told_as_they_are_typed_as_the_server_tells_it(
    stage: Arc<Stage>,
) {
    let verdicts = "[...document.querySelectorAll(\"#contrasts li\")].map((it) => it.textContent)";
    for (accent, on_accent, link, ground) in [
        ("1a4fb5", "ffffff", "777777", "ffffff"),
        ("#888888", "#FFFFFF", "949494", "fefefe"),
        ("red", "12345", "", "eeeeee"),
    ] {
        let tab = stage.tab().await;
        open(&stage, &tab, "/embed", 200).await;
        let fields =
            [("accent", accent), ("on-accent", on_accent), ("link", link), ("ground", ground)];
        for (name, value) in fields {
            let typed = format!(
                "(() => {{ const field = document.getElementById(\"{name}\"); field.value = \"{value}\"; \
                 field.dispatchEvent(new Event(\"input\", {{ bubbles: true }})); return true; }})()"
            );
            let _: bool = tab.value(&typed).await;
        }
        let told: Vec<String> = tab.value(verdicts).await;
        let query = fields.map(|(name, value)| format!("{name}={}", value.replace('#', "%23")));
        open(&stage, &tab, &format!("/embed?{}", query.join("&")), 200).await;
        let expected: Vec<String> = tab.value(verdicts).await;
        assert_eq!(told, expected, "{fields:?}");
        assert_eq!(told.len(), 2);
        let unread = fields.iter().any(|(_, value)| *value == "red");
        assert_eq!(told[0].contains("is not a colour of six"), unread, "{told:?}");
        // A fault below one field leaves the others as they are.
        let heights: Vec<f64> = tab
            .value(
                "[...document.querySelectorAll(\".colours input\")].map((it) => it.offsetHeight)",
            )
            .await;
        assert!(heights.iter().all(|height| (height - heights[0]).abs() < 1.0), "{heights:?}");
    }
}

pub(crate) async fn a_filter_that_was_opened_goes_by_escape(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    tab.without_scripts().await;
    open(&stage, &tab, "/search?near=EH6", 200).await;
    tab.with_scripts().await;
    let open = "document.querySelectorAll('.filters :popover-open').length";
    let _: bool = tab.value("document.querySelector('.filters .pick').focus(), true").await;
    assert_eq!(tab.value::<usize>(open).await, 0);
    tab.press("Enter").await;
    assert_eq!(tab.value::<usize>(open).await, 1);
    tab.press("Tab").await;
    let is_within = "document.activeElement.closest(':popover-open') !== null";
    assert!(tab.value::<bool>(is_within).await, "the values come next after their button");
    tab.press("Escape").await;
    assert_eq!(tab.value::<usize>(open).await, 0);
    let is_back = "document.activeElement.classList.contains('pick')";
    assert!(tab.value::<bool>(is_back).await, "the focus is where it came from");
}

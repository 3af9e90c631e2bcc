//! What axe-core finds, and what it can't see: the WCAG 2.2 AA of the embeds.

use std::sync::Arc;

use crate::gate::Mode;
use crate::stage::Stage;
use crate::tab::Tab;

const AXE: &str = include_str!("axe/axe.min.js");

/// The rules of WCAG 2.2, levels A and AA, and what is thought good beside.
const ALL: &str = r#"["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]"#;

/// The rules whose result may be another in other colours or another width.
const SEEN: &str = r#"["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "hidden-content", "region", "bypass", "skip-link"]"#;

/// Checks that axe finds nothing on the page `of` a tab.
pub(crate) async fn check(tab: &Tab, of: &str) {
    run(tab, of, ALL).await;
}

/// Checks what depends on colours and width, where the page has been checked
/// otherwise.
pub(crate) async fn check_look(tab: &Tab, of: &str) {
    run(tab, of, SEEN).await;
}

async fn run(tab: &Tab, of: &str, rules: &str) {
    // Its source is a statement whose value is of no interest.
    let _: bool = tab.value(&format!("{AXE}; true")).await;
    let violations: Vec<String> = tab
        .value(&format!(
            "axe.run(document, {{ runOnly: {rules}, resultTypes: [\"violations\"] }}) \
             .then(({{ violations }}) => violations.flatMap((rule) => rule.nodes.map((node) => \
             `${{rule.id}}: ${{node.target.flat().join(\" > \")}}: ${{node.failureSummary}}`)))"
        ))
        .await;
    assert!(violations.is_empty(), "{of}:\n{}", violations.join("\n"));
}

pub(crate) async fn no_violation_is_found_in_any_state(stage: Arc<Stage>) {
    for (state, attributes) in [
        ("a list", "search heading=\"Near us\""),
        ("a list with a name", "search aria-label=\"Near us\" compact"),
        ("a table", "view=\"table\" heading=\"Near us\""),
        ("a map", "view=\"map\" heading=\"Near us\""),
        ("Gaelic", "search lang=\"gd\" heading=\"Faisg oirnn\""),
        ("nothing", "search q=\"zyzzyva\" heading=\"Near us\""),
    ] {
        let tab = stage.shown(&stage.list(attributes)).await;
        check(&tab, state).await;
    }
    let tab = stage.shown(&stage.list("limit=\"12\" topic=\"library\"")).await;
    crate::map::open(&tab).await;
    check(&tab, "the movable map").await;
    let gate = stage.gate(Mode::Failing);
    let attributes = format!("src=\"{}/lists/all\" search heading=\"Near us\"", gate.address);
    let tab = stage.tab().await;
    tab.open(&stage.host.page(&(stage.element(&attributes) + &stage.script()))).await;
    tab.heard("asset-error", 1).await;
    check(&tab, "a failure").await;
}

pub(crate) async fn no_violation_is_found_in_any_colours_or_width(stage: Arc<Stage>) {
    for (name, value) in [("prefers-color-scheme", "dark"), ("forced-colors", "active")] {
        for width in [320, 1100] {
            let tab = stage.tab().await;
            tab.prefer(name, value).await;
            tab.wide(width).await;
            tab.open(&stage.host.page(&stage.list("search heading=\"Near us\" limit=\"6\""))).await;
            tab.heard("asset-load", 1).await;
            check_look(&tab, &format!("{name} {value} at {width}")).await;
        }
    }
}

/// Whether the page of a tab scrolls sideways.
pub(crate) async fn is_cut_off(tab: &Tab) -> bool {
    tab.value("document.documentElement.scrollWidth > document.documentElement.clientWidth").await
}

pub(crate) async fn nothing_is_cut_off_at_320_pixels(stage: Arc<Stage>) {
    for view in ["list", "table", "map"] {
        let tab = stage.tab().await;
        tab.wide(320).await;
        let content = stage.list(&format!("search view=\"{view}\" heading=\"Near us\""));
        tab.open(&stage.host.page(&content)).await;
        tab.heard("asset-load", 1).await;
        assert!(!is_cut_off(&tab).await, "{view}");
    }
}

pub(crate) async fn what_can_be_touched_is_large_enough(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("search limit=\"12\"")).await;
    let small: Vec<String> = tab
        .of_list(
            "[...root.querySelectorAll(\"a, button, input\")].filter((it) => it.checkVisibility()) \
             .filter((it) => { const box = it.getBoundingClientRect(); return box.width < 24 || box.height < 24; }) \
             .map((it) => it.outerHTML)",
        )
        .await;
    assert_eq!(small, Vec::<String>::new());
}

//! The element on pages that trust nobody, and on pages that style everything.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::element::{has_fallback, names};
use crate::stage::Stage;

/// The strictest policy under which the element works; `docs/embed.md` shows
/// the same lines.
fn strictest(register: &str) -> String {
    format!(
        "default-src 'none'; script-src {register}; connect-src {register}; style-src 'none'; \
         img-src data:; require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

pub(crate) async fn the_strictest_policy_of_a_host_lets_it_work(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    let content = stage.list("search heading=\"Near us\" limit=\"4\"");
    tab.open(&stage.host.page_under(&strictest(&stage.register), &content)).await;
    tab.heard("asset-load", 1).await;
    assert_eq!(names(&tab).await.len(), 4);
    let style: String =
        tab.of_list("getComputedStyle(root.querySelector(\"[part=title]\")).fontWeight").await;
    assert_eq!(style, "700");
    let ask = "root.querySelector(\"input\").value = \"G42\", root.querySelector(\"form\").requestSubmit(), true";
    let _: bool = tab.of_list(ask).await;
    tab.heard("asset-load", 2).await;
    assert_eq!(tab.faults().await, Vec::<String>::new());
}

pub(crate) async fn the_movable_map_works_under_trusted_types(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    let content = stage.list("limit=\"6\"");
    tab.open(&stage.host.page_under(&strictest(&stage.register), &content)).await;
    tab.heard("asset-load", 1).await;
    let pins = crate::map::open(&tab).await;
    assert!(pins >= 1);
    assert_eq!(tab.faults().await, Vec::<String>::new());
    assert!(tab.value::<bool>("window.L === undefined && window.leaflet === undefined").await);
}

pub(crate) async fn styles_of_the_host_stay_outside(stage: Arc<Stage>) {
    let style = "li, ol, a, p, h3, button, input, section { color: red !important; \
                 font-size: 3px !important; display: inline !important; position: fixed !important; \
                 background: yellow !important } * { letter-spacing: 0 }";
    let tab = stage.tab().await;
    let content = stage.list("search limit=\"3\"");
    tab.open(&stage.host.page_with_style(style, &content)).await;
    tab.heard("asset-load", 1).await;
    let styles: Json = tab
        .of_list(
            "[\"li\", \"ol\", \"a\", \"button\", \"input\"].map((name) => { \
             const style = getComputedStyle(root.querySelector(name)); \
             return [style.color, style.fontSize, style.position, style.backgroundColor]; })",
        )
        .await;
    for of_one in styles.as_array().unwrap() {
        assert_ne!(of_one[0], "rgb(255, 0, 0)", "{styles}");
        assert_ne!(of_one[1], "3px", "{styles}");
        assert_eq!(of_one[2], "static", "{styles}");
        assert_ne!(of_one[3], "rgb(255, 255, 0)", "{styles}");
    }
    // And what the element offers for the purpose does get in.
    let part =
        "asset-list { --asset-list-link: rgb(1, 2, 3) } asset-list::part(card) { margin: 7px }";
    let tab = stage.tab().await;
    tab.open(&stage.host.page_with_style(part, &stage.list("limit=\"3\""))).await;
    tab.heard("asset-load", 1).await;
    let style: [String; 2] = tab
        .of_list("[getComputedStyle(root.querySelector(\"ol a\")).color, getComputedStyle(root.querySelector(\"li\")).marginTop]")
        .await;
    assert_eq!(style, ["rgb(1, 2, 3)", "7px"]);
}

pub(crate) async fn the_right_hash_is_taken_and_a_wrong_one_leaves_the_link(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    tab.open(&format!("{}/embed/versions.json", stage.register)).await;
    let versions: Json = tab.value("JSON.parse(document.body.textContent)").await;
    let newest = &versions["versions"][0];
    let right = newest["integrity"].as_str().unwrap();
    let address = format!("{}{}", stage.register, newest["address"].as_str().unwrap());
    let content = |integrity: &str| {
        let attributes = format!("src=\"{}/lists/all\" near=\"EH6\"", stage.register);
        stage.element(&attributes)
            + &format!(
                "<script type=\"module\" src=\"{address}\" integrity=\"{integrity}\" crossorigin></script>"
            )
    };
    let tab = stage.shown(&content(right)).await;
    assert!(!has_fallback(&tab).await);
    let wrong = format!("sha384-{}", "A".repeat(64));
    let tab = stage.tab().await;
    tab.open(&stage.host.page(&content(&wrong))).await;
    assert!(has_fallback(&tab).await);
    assert!(tab.value::<bool>("customElements.get(\"asset-list\") === undefined").await);
}

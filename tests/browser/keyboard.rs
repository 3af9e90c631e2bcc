//! The element without a mouse.

use std::sync::Arc;

use crate::element::names;
use crate::stage::Stage;

pub(crate) async fn the_tab_key_goes_from_the_box_through_the_list_and_out(stage: Arc<Stage>) {
    let list = stage.list("search limit=\"2\" no-map");
    let tab =
        stage.shown(&format!("<a href=\"#b\">Before</a>{list}<a href=\"#a\">After</a>")).await;
    let shown = names(&tab).await;
    let total: u64 = tab.value("kept.heard[0].detail.total").await;
    let mut order = Vec::new();
    for _ in 0..8 {
        tab.press("Tab").await;
        order.push(tab.focus().await);
    }
    let all = format!("a See all {},{:03}", total / 1_000, total % 1_000);
    let (first, second) = (format!("a {}", shown[0]), format!("a {}", shown[1]));
    assert_eq!(
        order,
        [
            "a Before",
            "input near",
            "button Find",
            &first,
            "a +44 (0)131 555 0100",
            &second,
            &all,
            "a After"
        ]
    );
    for _ in 0..6 {
        tab.press("Shift+Tab").await;
    }
    assert_eq!(tab.focus().await, "input near");
    let _: bool = tab.of_list("root.querySelector(\"input\").select(), true").await;
    for letter in ["G", "4", "2", "Enter"] {
        tab.press(letter).await;
    }
    tab.heard("asset-load", 2).await;
    assert_eq!(tab.focus().await, "input near");
    let near: String = tab.of_list("list.getAttribute(\"near\")").await;
    assert_eq!(near, "G42");
}

pub(crate) async fn the_map_can_be_used_and_left_by_keyboard(stage: Arc<Stage>) {
    let list = stage.list("limit=\"12\" topic=\"library\"");
    let tab = stage.shown(&format!("{list}<a href=\"#a\">After</a>")).await;
    let _: bool = tab.of_list("root.querySelector(\"[part=map] button\").focus(), true").await;
    tab.press("Enter").await;
    let pins = crate::map::wait(&tab).await;
    assert!(pins > 1, "{pins}");
    let is_there: bool = tab.of_list("kept.active() === root.querySelector(\".chart\")").await;
    assert!(is_there, "{}", tab.focus().await);
    tab.press("Tab").await;
    assert!(tab.of_list::<bool>("kept.active().classList.contains(\"pin\")").await);
    tab.press("Enter").await;
    assert!(tab.of_list::<bool>("kept.active().closest(\"ul\") !== null").await);
    let mut reached = String::new();
    for _ in 0..40 {
        tab.press("Tab").await;
        reached = tab.focus().await;
        if reached == "a After" {
            break;
        }
    }
    assert_eq!(reached, "a After");
}

pub(crate) async fn what_has_the_focus_has_a_ring(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("search limit=\"2\"")).await;
    for _ in 0..3 {
        tab.press("Tab").await;
        let ring: [String; 3] = tab
            .value("(() => { const style = getComputedStyle(kept.active()); return [style.outlineWidth, style.outlineStyle, style.boxShadow]; })()")
            .await;
        assert_eq!(ring[..2], ["3px", "solid"], "{}", tab.focus().await);
        assert!(ring[2].ends_with("0px 0px 0px 6px"), "{ring:?}");
    }
}

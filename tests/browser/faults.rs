//! The element when the register is slow, fails, or isn't there.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::element::{has_fallback, names, status};
use crate::gate::{Gate, Mode};
use crate::stage::Stage;
use crate::tab::Tab;

/// A page with a list from behind a gate, opened.
async fn behind(stage: &Stage, gate: &Gate) -> Tab {
    let attributes = format!("src=\"{}/lists/all\" near=\"EH6\" limit=\"3\" search", gate.address);
    let tab = stage.tab().await;
    tab.open(&stage.host.page(&(stage.element(&attributes) + &stage.script()))).await;
    tab
}

async fn is_busy(tab: &Tab) -> bool {
    tab.of_list("root.querySelector(\"[aria-busy=true]\") !== null").await
}

pub(crate) async fn the_children_stay_while_the_register_is_slow_and_go_when_it_answers(
    stage: Arc<Stage>,
) {
    let gate = stage.gate(Mode::Shut);
    let tab = behind(&stage, &gate).await;
    gate.asked(1).await;
    assert!(has_fallback(&tab).await && is_busy(&tab).await);
    assert_eq!(status(&tab).await, "Looking…");
    gate.set(Mode::Open);
    tab.heard("asset-load", 1).await;
    assert!(!has_fallback(&tab).await && !is_busy(&tab).await);
    assert_eq!(names(&tab).await.len(), 3);
}

pub(crate) async fn the_children_come_back_when_the_register_fails_after_it_has_answered(
    stage: Arc<Stage>,
) {
    let gate = stage.gate(Mode::Open);
    let tab = behind(&stage, &gate).await;
    tab.heard("asset-load", 1).await;
    assert!(!has_fallback(&tab).await);
    gate.set(Mode::Failing);
    // Another address, which no cache of the browser has.
    let _: bool = tab.of_list("list.setAttribute(\"limit\", \"2\"), true").await;
    tab.heard("asset-error", 1).await;
    assert!(has_fallback(&tab).await && !is_busy(&tab).await);
    assert_eq!(status(&tab).await, "This list can’t be shown just now.");
    assert_eq!(names(&tab).await, Vec::<String>::new());
    assert_eq!(tab.of_list::<usize>("list.features.length").await, 0);
    gate.set(Mode::Open);
    let _: bool = tab.of_list("await list.refresh(), true").await;
    assert!(!has_fallback(&tab).await);
    assert_eq!(names(&tab).await.len(), 2);
    assert_eq!(tab.faults().await, Vec::<String>::new());
}

pub(crate) async fn an_answer_that_is_no_list_is_a_fault(stage: Arc<Stage>) {
    for (times, text) in ["<html>", "null", "{\"features\": 7}", "[]", ""].into_iter().enumerate() {
        let gate = stage.gate(Mode::Saying(text.to_owned()));
        let tab = behind(&stage, &gate).await;
        tab.heard("asset-error", 1).await;
        assert!(has_fallback(&tab).await, "{times}: {text}");
        assert_eq!(tab.faults().await, Vec::<String>::new(), "{text}");
    }
}

pub(crate) async fn a_place_that_is_not_known_is_told_at_the_box(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("search limit=\"2\"")).await;
    let ask = "root.querySelector(\"input\").value = \"Xyzzyx\", root.querySelector(\"form\").requestSubmit(), true";
    let _: bool = tab.of_list(ask).await;
    tab.heard("asset-error", 1).await;
    let detail: Json = tab.value("kept.heard.at(-1).detail").await;
    assert_eq!(detail["problem"]["parameter"], "near");
    assert_eq!(status(&tab).await, "That place isn’t known. Try a postcode.");
    let told: String = tab
        .of_list("root.getElementById(root.querySelector(\"input[aria-invalid=true]\").getAttribute(\"aria-describedby\")).textContent")
        .await;
    assert_eq!(told, "That place isn’t known. Try a postcode.");
    let ask = "root.querySelector(\"input\").value = \"G42\", root.querySelector(\"form\").requestSubmit(), true";
    let _: bool = tab.of_list(ask).await;
    tab.heard("asset-load", 2).await;
    assert!(
        !tab.of_list::<bool>("root.querySelector(\"input\").hasAttribute(\"aria-invalid\")").await
    );
}

pub(crate) async fn a_place_that_is_one_of_several_is_chosen_there(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("limit=\"2\" search")).await;
    let _: bool = tab.of_list("list.setAttribute(\"near\", \"Newtown\"), true").await;
    tab.heard("asset-error", 1).await;
    assert_eq!(status(&tab).await, "Several places have this name. Which one?");
    let choices: Vec<String> = tab
        .of_list(
            "[...root.querySelectorAll(\".gap:not([part]) > button\")].map((it) => it.textContent)",
        )
        .await;
    assert_eq!(choices, ["Newtown, Falkirk", "Newtown, Highland"]);
    let chosen = "root.querySelectorAll(\".gap:not([part]) > button\")[1]";
    let _: bool = tab.of_list(&format!("{chosen}.focus(), {chosen}.click(), true")).await;
    tab.heard("asset-load", 2).await;
    let near: String = tab.of_list("list.getAttribute(\"near\")").await;
    assert_eq!(near, "Newtown, Highland");
    // The button is gone; the keyboard is in the field.
    let is_there = "kept.active() === root.querySelector(\"input\")";
    assert!(tab.of_list::<bool>(is_there).await, "{}", tab.focus().await);
    assert_eq!(tab.faults().await, Vec::<String>::new());
}

pub(crate) async fn a_place_is_chosen_by_keyboard_without_a_box_too(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("limit=\"2\"")).await;
    let _: bool = tab.of_list("list.setAttribute(\"near\", \"Newtown\"), true").await;
    tab.heard("asset-error", 1).await;
    let focus = "root.querySelector(\".gap:not([part]) > button\").focus(), true";
    let _: bool = tab.of_list(focus).await;
    tab.press("Enter").await;
    tab.heard("asset-load", 2).await;
    let is_there = "kept.active() === root.querySelector(\"[role=status]\")";
    assert!(tab.of_list::<bool>(is_there).await, "{}", tab.focus().await);
}

pub(crate) async fn a_map_that_can_not_be_loaded_is_told_of_beside_the_list(stage: Arc<Stage>) {
    let gate = stage.gate(Mode::Open);
    let script = format!(
        "<script type=\"module\" src=\"{}/embed/v1/asset-list.js\"></script>",
        gate.address
    );
    let list =
        stage.element(&format!("src=\"{}/lists/all\" near=\"EH6\" limit=\"3\"", stage.register));
    let tab = stage.shown(&(list + &script)).await;
    gate.set(Mode::Failing);
    let told: String = tab
        .of_list(
            "await new Promise((done) => { const said = root.querySelector(\"[role=status]\"); \
             new MutationObserver(() => done(said.textContent)).observe(said, { childList: true }); \
             root.querySelector(\"[part=map] button\").click(); })",
        )
        .await;
    assert_eq!(told, "This map can’t be shown just now.");
    assert!(names(&tab).await.len() == 3 && !has_fallback(&tab).await);
    gate.set(Mode::Open);
    assert!(crate::map::open(&tab).await > 0);
}

pub(crate) async fn a_request_that_is_overtaken_is_given_up(stage: Arc<Stage>) {
    let gate = stage.gate(Mode::Shut);
    let tab = behind(&stage, &gate).await;
    gate.asked(1).await;
    let _: bool = tab.of_list("list.setAttribute(\"near\", \"G42\"), true").await;
    gate.asked(2).await;
    gate.set(Mode::Open);
    tab.heard("asset-load", 1).await;
    let heard: Json = tab.value("kept.heard.map((it) => [it.name, it.detail.id])").await;
    assert_eq!(heard.as_array().unwrap().len(), 1, "{heard}");
    assert!(heard[0][1].as_str().unwrap().contains("near=G42"), "{heard}");
}

pub(crate) async fn without_scripts_the_link_is_there(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    tab.without_scripts().await;
    tab.open(&stage.host.page(&stage.list("search"))).await;
    tab.with_scripts().await;
    assert!(has_fallback(&tab).await);
    assert!(tab.of_list::<bool>("root === null").await);
    let asked = tab.asked().await;
    assert!(!asked.iter().any(|it| it.starts_with(&stage.register)), "{asked:?}");
}

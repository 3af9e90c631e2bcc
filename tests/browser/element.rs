//! What the element promises when all goes well.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::gate::Mode;
use crate::stage::Stage;
use crate::tab::Tab;

/// Whether the children of the first list can be seen.
pub(crate) async fn has_fallback(tab: &Tab) -> bool {
    tab.value("document.querySelector(\"asset-list > p a\").checkVisibility()").await
}

/// What the first list says of itself.
pub(crate) async fn status(tab: &Tab) -> String {
    tab.of_list("root.querySelector(\"[role=status]\").textContent").await
}

/// The names of what the first list shows, in order.
pub(crate) async fn names(tab: &Tab) -> Vec<String> {
    tab.of_list("[...root.querySelectorAll(\"[part~=title]\")].map((it) => it.textContent)").await
}

pub(crate) async fn the_list_takes_the_place_of_the_link_and_tells_how_many_there_are(
    stage: Arc<Stage>,
) {
    let tab = stage.shown(&stage.list("limit=\"6\" heading=\"Near us\" heading-level=\"3\"")).await;
    assert!(!has_fallback(&tab).await);
    let total: u64 = tab.value("kept.heard[0].detail.total").await;
    assert!(total > 6);
    let total = format!("{},{:03}", total / 1_000, total % 1_000);
    assert_eq!(status(&tab).await, format!("6 of {total} results"));
    let shown = names(&tab).await;
    assert_eq!(shown.len(), 6);
    assert!(shown.contains(&"Leith Library".to_owned()), "{shown:?}");
    let outline: Vec<String> = tab
        .of_list("[...root.querySelectorAll(\"h2,h3,h4,h5,h6\")].map((it) => it.localName)")
        .await;
    assert_eq!(outline, ["h3", "h4", "h4", "h4", "h4", "h4", "h4"]);
    let text: String = tab.of_list("root.querySelector(\"section\").innerText").await;
    assert!(text.contains("28-30 Ferry Road"), "{text}");
    assert!(text.contains("440 metres away"), "{text}");
    assert!(text.contains(&format!("See all {total}")), "{text}");
    assert_eq!(tab.faults().await, Vec::<String>::new());
}

pub(crate) async fn its_attributes_ask_and_a_change_asks_again(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("limit=\"3\" radius=\"2km\" topic=\"library\"")).await;
    let near_leith = names(&tab).await;
    let change = "list.setAttribute(\"near\", \"G42\"), list.setAttribute(\"limit\", \"2\"), true";
    let _: bool = tab.of_list(change).await;
    tab.heard("asset-load", 2).await;
    let near_govanhill = names(&tab).await;
    assert_eq!((near_leith.len(), near_govanhill.len()), (3, 2));
    assert_ne!(near_leith[..2], near_govanhill[..]);
    let _: bool = tab.of_list("list.setAttribute(\"heading\", \"Libraries\"), true").await;
    let heading: String = tab.of_list("root.querySelector(\"[part=heading]\").textContent").await;
    assert_eq!(heading, "Libraries");
    let asked = tab.asked().await;
    let data: Vec<&String> = asked.iter().filter(|it| it.contains(".geojson")).collect();
    let start = format!("{}/lists/all.geojson?", stage.register);
    assert_eq!(
        data,
        [
            &format!("{start}near=EH6&radius=2km&topic=library&limit=3&lang=en"),
            &format!("{start}near=G42&radius=2km&topic=library&limit=2&lang=en"),
        ]
    );
}

pub(crate) async fn a_table_has_headings_of_columns_and_rows(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("limit=\"4\" view=\"table\"")).await;
    let columns: Vec<String> = tab
        .of_list("[...root.querySelectorAll(\"th[scope=col]\")].map((it) => it.textContent)")
        .await;
    assert_eq!(columns, ["Name", "Address", "Phone", "Distance"]);
    let rows: Vec<String> = tab
        .of_list("[...root.querySelectorAll(\"th[scope=row] a\")].map((it) => it.textContent)")
        .await;
    assert_eq!(rows.len(), 4);
    // Needs have neither address nor telephone.
    let needs = "list.setAttribute(\"kind\", \"needs\"), list.removeAttribute(\"near\"), \
                 await list.refresh(), \
                 [...root.querySelectorAll(\"th[scope=col]\")].map((it) => it.textContent)";
    assert_eq!(tab.of_list::<Vec<String>>(needs).await, ["Name"]);
    assert_eq!(tab.of_list::<usize>("root.querySelectorAll(\"td\").length").await, 0);
}

pub(crate) async fn the_host_hears_of_what_happens(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("id=\"ours\" limit=\"2\"")).await;
    let heard: Json = tab.value("kept.heard[0]").await;
    assert_eq!(heard["target"], "ours");
    assert_eq!(heard["detail"]["type"], "FeatureCollection");
    let stop = "addEventListener(\"asset-select\", (event) => event.preventDefault()), true";
    let _: bool = tab.value(stop).await;
    let _: bool = tab.of_list("root.querySelector(\"ol a\").click(), true").await;
    let selected: Json = tab.value("kept.heard[1]").await;
    assert_eq!(selected["name"], "asset-select");
    let name: String = tab.of_list("list.features[0].properties.name").await;
    assert_eq!(selected["detail"]["properties"]["name"], name.as_str());
    let address: String = tab.value("location.origin").await;
    assert!(!address.is_empty() && address != stage.register, "it has left for {address}");
    let _: bool = tab.of_list("await list.refresh(), true").await;
    assert_eq!(tab.value::<usize>("kept.heard.length").await, 3);
}

pub(crate) async fn two_lists_on_a_page_are_told_apart(stage: Arc<Stage>) {
    let second = stage.element(&format!(
        "id=\"second\" src=\"{}/near/G42\" limit=\"2\" search heading=\"There\"",
        stage.register
    ));
    // The script stands twice, as when two editors have pasted it.
    let content =
        second + &stage.list("id=\"first\" limit=\"3\" heading=\"Here\" search") + &stage.script();
    let tab = stage.tab().await;
    tab.open(&stage.host.page(&content)).await;
    tab.heard("asset-load", 2).await;
    let counts: Vec<usize> = tab
        .value("[...document.querySelectorAll(\"asset-list\")].map((it) => it.features.length)")
        .await;
    assert_eq!(counts, [2, 3]);
    let named: Vec<String> = tab
        .value("[...document.querySelectorAll(\"asset-list\")].map((it) => it.shadowRoot.getElementById(it.shadowRoot.querySelector(\"section\").getAttribute(\"aria-labelledby\")).textContent)")
        .await;
    assert_eq!(named, ["There", "Here"]);
    assert_eq!(tab.faults().await, Vec::<String>::new());
}

pub(crate) async fn slots_stand_around_the_list_and_for_an_empty_one(stage: Arc<Stage>) {
    let content = stage.list("q=\"zyzzyva\"").replace(
        "<p>",
        "<p slot=\"before\">Before.</p><p slot=\"after\">After.</p><p slot=\"empty\">Ask us.</p><p>",
    );
    let tab = stage.shown(&content).await;
    let seen: Vec<bool> = tab
        .value(
            "[...document.querySelectorAll(\"asset-list > p\")].map((it) => it.checkVisibility())",
        )
        .await;
    assert_eq!(seen, [true, true, true, false]);
    assert_eq!(status(&tab).await, "Nothing was found.");
    let foot: String = tab.of_list("root.querySelector(\"[part=footer]\").textContent").await;
    assert!(!foot.contains("See all") && foot.contains("From the community register"), "{foot}");
    let _: bool = tab.of_list("list.removeAttribute(\"q\"), true").await;
    tab.heard("asset-load", 2).await;
    let seen: Vec<bool> = tab
        .value(
            "[...document.querySelectorAll(\"asset-list > p\")].map((it) => it.checkVisibility())",
        )
        .await;
    assert_eq!(seen, [true, true, false, false]);
}

pub(crate) async fn links_lead_nowhere_that_could_do_harm(stage: Arc<Stage>) {
    let hostile = "<img src=x onerror=\"kept.errors.push('run')\">";
    let list = json!({
        "type": "FeatureCollection", "total": 3, "page": "javascript:kept.errors.push('run')",
        "features": [
            {"id": "javascript:kept.errors.push('run')", "properties": {"name": hostile, "page": "javascript:kept.errors.push('run')", "summary": hostile, "telephone": "javascript:1 23"}},
            {"id": "data:text/html,<script>1</script>", "properties": {"name": "Data", "page": "data:text/html,<script>1</script>", "address": hostile}},
            {"id": {}, "properties": {"name": 7, "page": {}, "distance": "far", "telephone": []}, "geometry": {"type": "Point"}},
            null,
        ],
    });
    let gate = stage.gate(Mode::Saying(list.to_string()));
    let attributes = format!("src=\"{}/lists/all\" no-map lang=\"gd\"", gate.address);
    let tab = stage.shown(&(stage.element(&attributes) + &stage.script())).await;
    let links: Vec<String> = tab
        .of_list("[...root.querySelectorAll(\"a\")].map((it) => it.getAttribute(\"href\"))")
        .await;
    assert_eq!(links, ["tel:123"]);
    assert_eq!(names(&tab).await, [hostile, "Data", "–", "–"]);
    assert_eq!(tab.faults().await, Vec::<String>::new());
}

pub(crate) async fn what_is_listed_because_it_serves_the_place_says_so(stage: Arc<Stage>) {
    for view in ["list", "table"] {
        let near = format!("src=\"{}/near/EH6%208RG?radius=1km\"", stage.register);
        let list = stage.element(&format!("{near} limit=\"3\" view=\"{view}\""));
        let tab = stage.shown(&(list + &stage.script())).await;
        let cells = "[...root.querySelectorAll(\"[part=card]\")].map((it) => \
                     [...it.querySelectorAll(\"[part=meta]\")].at(-1).textContent)";
        let told: Vec<String> = tab.of_list(cells).await;
        assert!(told.iter().any(|it| it == "960 metres away"), "{view}: {told:?}");
        let serves = told.iter().position(|it| it == "covers Lothian, 1.5 kilometres away");
        let serves = serves.unwrap_or_else(|| panic!("{view}: {told:?}"));
        for (language, start) in
            [("gd", "a’ frithealadh Lothian, 1.5 "), ("sco", "covers Lothian, ")]
        {
            let change = format!("list.lang = \"{language}\", await list.refresh(), true");
            let _: bool = tab.of_list(&change).await;
            let told: Vec<String> = tab.of_list(cells).await;
            assert!(told[serves].starts_with(start), "{view} {language}: {told:?}");
        }
    }
}

pub(crate) async fn a_total_that_is_no_number_is_not_told(stage: Arc<Stage>) {
    let feature = json!({"type": "Feature", "geometry": null, "properties": {"name": "A"}});
    let list = json!({"type": "FeatureCollection", "total": "many", "features": [feature]});
    let gate = stage.gate(Mode::Saying(list.to_string()));
    let list = stage.element(&format!("src=\"{}/lists/all\"", gate.address));
    let tab = stage.shown(&(list + &stage.script())).await;
    assert_eq!((status(&tab).await.as_str(), names(&tab).await.len()), ("1 result", 1));
}

pub(crate) async fn a_name_of_two_lines_has_its_number_at_the_first(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    tab.wide(240).await;
    tab.open(&stage.host.page(&stage.list("limit=\"12\" topic=\"library\""))).await;
    tab.heard("asset-load", 1).await;
    let lines: Vec<(f64, f64)> = tab.of_list(&lines_of_names("root", ".title")).await;
    check_numbers(&lines);
}

/// For each name in `root`: of how many lines it is, and on which the letter
/// before it stands, from 0; a number in the margin stands where that does.
pub(crate) fn lines_of_names(root: &str, names: &str) -> String {
    format!(
        "[...{root}.querySelectorAll(\"{names}\")].map((name) => {{ \
         const letter = document.createElement(\"span\"); letter.textContent = \"1\"; \
         name.prepend(letter); const [own, link] = [letter, name.querySelector(\"a\")] \
         .map((it) => it.getBoundingClientRect()); letter.remove(); \
         return [link.height / own.height, (own.top - link.top) / own.height]; }})"
    )
}

/// Checks that some names have several lines, and all the number at the first.
pub(crate) fn check_numbers(lines: &[(f64, f64)]) {
    assert!(lines.iter().any(|(height, _)| *height > 1.9), "{lines:?}");
    assert!(lines.iter().all(|(_, down)| *down < 0.5), "{lines:?}");
}

pub(crate) async fn it_reads_from_left_to_right_on_any_page(stage: Arc<Stage>) {
    let list = stage.list("limit=\"2\"");
    let tab = stage.shown(&format!("<div dir=\"rtl\">{list}</div>")).await;
    let direction = "getComputedStyle(root.querySelector(\"[role=status]\")).direction";
    assert_eq!(tab.of_list::<String>(direction).await, "ltr");
}

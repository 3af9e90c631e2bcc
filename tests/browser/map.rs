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

pub(crate) async fn the_picture_has_the_numbers_of_the_list(stage: Arc<Stage>) {
    let tab = stage.shown(&stage.list("view=\"map\" limit=\"6\" topic=\"library\"")).await;
    let picture: (String, u32, bool) = tab
        .of_list(
            "await (async () => { const it = root.querySelector(\"[part=map] img\"); \
             await it.decode(); \
             const order = it.compareDocumentPosition(root.querySelector(\"ol\")); \
             return [it.alt, it.naturalWidth, Boolean(order & Node.DOCUMENT_POSITION_FOLLOWING)]; })()",
        )
        .await;
    assert_eq!(picture.0, "Map with the numbers of this list");
    assert!(picture.1 > 100, "{picture:?}");
    assert!(picture.2, "the list comes after the picture");
    let asked = tab.asked().await;
    let drawn = asked.iter().find(|it| it.contains(".map.svg")).unwrap();
    let listed = asked.iter().find(|it| it.contains(".geojson")).unwrap();
    assert_eq!(drawn.replace(".map.svg", ".geojson"), *listed);
    assert!(!asked.iter().any(|it| it.contains("leaflet")), "{asked:?}");
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

pub(crate) async fn rings_have_their_middle_and_their_distances_where_no_pin_lies(
    stage: Arc<Stage>,
) {
    for near in ["EH6%208RG?radius=1km", "G42?topic=library", "Portree", "EH6%208RG?radius=500m"] {
        let list = stage.element(&format!("src=\"{}/near/{near}\" limit=\"8\"", stage.register));
        let tab = stage.shown(&(list + &stage.script())).await;
        open(&tab).await;
        let labels: Vec<(String, bool, bool)> = tab
            .of_list(
                "(() => { const box = (it) => it.getBoundingClientRect(); \
                 const all = box(root.querySelector(\".chart\")); \
                 const pins = [...root.querySelectorAll(\".pin\")].map(box); \
                 return [...root.querySelectorAll(\".ring span\")].map((it) => { const own = box(it); \
                 const middle = [own.x + own.width / 2, own.y + own.height / 2]; \
                 return [it.textContent, \
                 own.left >= all.left && own.right <= all.right && own.top >= all.top && own.bottom <= all.bottom, \
                 pins.some((pin) => pin.left < middle[0] && pin.right > middle[0] && pin.top < middle[1] && pin.bottom > middle[1])]; }); })()",
            )
            .await;
        assert_eq!(labels[0].0, "+", "{near}: {labels:?}");
        assert!((2..=4).contains(&labels.len()), "{near}: {labels:?}");
        let rings = labels.iter().skip(1);
        assert!(
            rings.clone().all(|(text, seen, hit)| text.ends_with('m') && *seen && !hit),
            "{near}: {labels:?}"
        );
    }
}

pub(crate) async fn the_movable_map_opens_as_large_as_there_is_room(stage: Arc<Stage>) {
    let near = format!("src=\"{}/near/G42?topic=library\" limit=\"8\"", stage.register);
    let tab = stage.shown(&(stage.element(&near) + &stage.script())).await;
    open(&tab).await;
    let filled: f64 = tab
        .of_list(
            "(() => { const all = root.querySelector(\".chart\").getBoundingClientRect(); \
             const pins = [...root.querySelectorAll(\".pin\")].map((it) => it.getBoundingClientRect()); \
             const middle = pins.map((it) => it.y + it.height / 2); \
             return (Math.max(...middle) - Math.min(...middle)) / all.height; })()",
        )
        .await;
    // Whole steps of the zoom would leave up to half of it empty.
    assert!(filled > 0.6, "{filled}");
}

/// The addresses of tiles among all that a tab has asked.
async fn tiles(stage: &Stage, tab: &Tab) -> Vec<String> {
    let template = stage.host.tiles();
    let (start, _) = template.split_once('{').unwrap();
    tab.asked().await.into_iter().filter(|address| address.starts_with(start)).collect()
}

/// Waits until a tile is shown below `root`.
const UNTIL_A_TILE: &str = "await new Promise((done) => { \
    const look = () => { const it = root.querySelector(\".leaflet-tile-loaded\"); \
    if (it) { watch.disconnect(); done(true); } }; \
    const watch = new MutationObserver(look); \
    watch.observe(root, { childList: true, subtree: true, attributes: true }); look(); })";

pub(crate) async fn tiles_come_when_the_map_is_opened_where_the_register_has_some(
    stage: Arc<Stage>,
) {
    let script =
        format!("<script type=\"module\" src=\"{}/embed/v1/asset-list.js\"></script>", stage.tiled);
    let attributes = format!("src=\"{}/lists/all\" near=\"EH6\"", stage.register);
    let tab = stage.shown(&(stage.element(&attributes) + &script)).await;
    assert_eq!(tiles(&stage, &tab).await, Vec::<String>::new());
    open(&tab).await;
    let _: bool = tab.of_list(UNTIL_A_TILE).await;
    assert!(!tiles(&stage, &tab).await.is_empty());
    let credit: String = tab.of_list("root.querySelector(\"[part=map] small\").textContent").await;
    assert_eq!(credit, "© the people of Leith");
    crate::accessibility::check(&tab, "the movable map with tiles").await;
    assert_eq!(tab.faults().await, Vec::<String>::new());
    // Without tiles nobody is asked.
    let tab = stage.shown(&stage.list("limit=\"6\"")).await;
    open(&tab).await;
    assert_eq!(tiles(&stage, &tab).await, Vec::<String>::new());
}

pub(crate) async fn the_map_of_a_frame_loads_tiles_of_that_host_and_of_no_other(stage: Arc<Stage>) {
    for (register, has_tiles) in [(&stage.tiled, true), (&stage.register, false)] {
        let tab = stage.tab().await;
        tab.open(&format!("{register}/embed/v1/near/EH6?view=map&compact=true")).await;
        crate::accessibility::check(&tab, "a frame with a button for a map").await;
        let press = "document.querySelector(\"#map button\").click(), true";
        let _: bool = tab.value(press).await;
        let until = |what: &str| {
            let what = what.replace("root", "document.body");
            format!("(async () => {what})()")
        };
        let pins = "await new Promise((done) => { \
            const look = () => { if (root.querySelector(\".pin\")) { watch.disconnect(); done(true); } }; \
            const watch = new MutationObserver(look); \
            watch.observe(root, { childList: true, subtree: true }); look(); })";
        let _: bool = tab.value(&until(pins)).await;
        if has_tiles {
            let _: bool = tab.value(&until(UNTIL_A_TILE)).await;
        }
        assert_eq!(!tiles(&stage, &tab).await.is_empty(), has_tiles, "{register}");
        crate::accessibility::check(&tab, "the map of a frame").await;
        assert_eq!(tab.faults().await, Vec::<String>::new(), "{register}");
        assert_eq!(tab.stored().await, Vec::<String>::new());
        // Another host than the one of the tiles is refused by the policy.
        let other = if has_tiles { &stage.register } else { &stage.tiled };
        let refused: bool = tab
            .value(&format!(
                "new Promise((done) => {{ addEventListener(\"securitypolicyviolation\", () => done(true)); \
                 const picture = new Image(); picture.addEventListener(\"load\", () => done(false)); \
                 picture.src = \"{other}/near/EH6.map.svg\"; }})"
            ))
            .await;
        assert!(refused, "{register}");
    }
}

//! The script inside frames, before receivers that do as theirs do.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::element::{check_numbers, lines_of_names};
use crate::stage::Stage;
use crate::tab::Tab;

/// What `WordPress` does with a message of a frame that it has sandboxed: it
/// wants the frame's secret, takes a height between 200 and 1,000 pixels, and
/// follows a link to the frame's own host when the frame has the focus.
/// Source: contract of embeds, 2.4.
const WORDPRESS: &str = r#"<script>
globalThis.said = [];
globalThis.followed = [];
addEventListener("message", (event) => {
  const { message, value, secret } = event.data ?? {};
  if (!message || !value || !/^[0-9a-zA-Z]+$/.test(secret)) return;
  const frame = document.querySelector(`iframe[data-secret="${secret}"]`);
  if (!frame || event.source !== frame.contentWindow) return;
  said.push([message, value, event.origin]);
  if (message === "height") frame.height = Math.min(Math.max(parseInt(value, 10), 200), 1000);
  if (message === "link" && new URL(value).host === new URL(frame.src).host) followed.push(value);
  dispatchEvent(new Event("said"));
});
</script>"#;

/// A page for a frame, as tall as it says, with the script of frames.
fn inner(stage: &Stage, height: u32) -> String {
    let address = &stage.register;
    let style = format!("body {{ margin: 0 }} main {{ height: {height}px; overflow: hidden }}");
    let content = format!(
        "<a id=\"in\" href=\"/other\">In</a><a id=\"out\" href=\"https://elsewhere.example/\">Out</a>\
         <script>addEventListener(\"message\", ({{ data }}) => data.press && document.getElementById(data.press).click())</script>\
         <script src=\"{address}/embed/v1/frame.js\" defer></script>"
    );
    stage.host.page_with_style(&style, &content)
}

/// Waits until `said` has so many messages.
async fn said(tab: &Tab, times: usize) -> Json {
    tab.value(&format!(
        "new Promise((done) => {{ const look = () => {{ if (said.length >= {times}) done(said); }}; \
         addEventListener(\"said\", look); look(); }})"
    ))
    .await
}

pub(crate) async fn the_receiver_of_wordpress_learns_height_and_links(stage: Arc<Stage>) {
    for (height, taken) in [(640, 640), (1_500, 1_000), (90, 200)] {
        let inner = inner(&stage, height);
        let content = format!(
            "{WORDPRESS}<iframe title=\"A list\" sandbox=\"allow-scripts\" data-secret=\"aB3dE6gH9k\" src=\"{inner}#?secret=aB3dE6gH9k\" height=\"150\"></iframe>"
        );
        let tab = stage.tab().await;
        tab.open(&stage.host.page(&content)).await;
        let first = said(&tab, 1).await;
        assert_eq!(first[0], serde_json::json!(["height", height, "null"]));
        let now: String = tab.value("document.querySelector(\"iframe\").height").await;
        assert_eq!(now, taken.to_string());
        let press = "document.querySelector(\"iframe\").contentWindow.postMessage({ press: \"in\" }, \"*\"), true";
        let _: bool = tab.value(press).await;
        let then = said(&tab, 2).await;
        let target = format!("{}/other", inner.rsplit_once('/').unwrap().0);
        assert_eq!(then[1], serde_json::json!(["link", target, "null"]));
        let followed: Vec<String> = tab.value("followed").await;
        assert_eq!(followed, [target]);
    }
}

pub(crate) async fn the_frame_of_a_list_works_where_wordpress_puts_it(stage: Arc<Stage>) {
    let list = format!("{}/embed/v1/lists/all?near=EH6&amp;limit=3", stage.register);
    let content = format!(
        "{WORDPRESS}<iframe title=\"A list\" sandbox=\"allow-scripts\" data-secret=\"aB3dE6gH9k\" src=\"{list}#?secret=aB3dE6gH9k\" height=\"150\"></iframe>"
    );
    let tab = stage.tab().await;
    tab.open(&stage.host.page(&content)).await;
    let first = said(&tab, 1).await;
    assert_eq!((&first[0][0], &first[0][2]), (&"height".into(), &"null".into()));
    let height = first[0][1].as_u64().unwrap();
    assert!((150..=1_000).contains(&height), "{height}");
    crate::privacy::check(&tab, "the frame of a list").await;
    assert_eq!(tab.faults().await, Vec::<String>::new());
}

/// A frame in a process of its own has no width at first, for longer the busier
/// the machine is; one that is told to have none is the same for its script.
pub(crate) async fn a_frame_tells_no_height_before_it_has_a_width(stage: Arc<Stage>) {
    let list = format!("{}/embed/v1/lists/all?near=EH6&amp;limit=3", stage.register);
    let content = format!(
        "{WORDPRESS}<iframe title=\"A list\" sandbox=\"allow-scripts\" data-secret=\"aB3dE6gH9k\" src=\"{list}#?secret=aB3dE6gH9k\" width=\"0\" height=\"150\" onload=\"this.width = 600\"></iframe>"
    );
    let tab = stage.tab().await;
    tab.open(&stage.host.page(&content)).await;
    let first = said(&tab, 1).await;
    let height = first[0][1].as_u64().unwrap();
    assert!((150..=1_000).contains(&height), "{height}");
}

pub(crate) async fn a_plain_page_can_give_the_frame_its_height(stage: Arc<Stage>) {
    let address = &stage.register;
    let inner = inner(&stage, 640);
    let content = format!(
        "<script src=\"{address}/embed/v1/resize.js\"></script>\
         <iframe title=\"A list\" src=\"{inner}?/embed/v1/\" height=\"150\"></iframe>"
    );
    let tab = stage.tab().await;
    tab.open(&stage.host.page(&content)).await;
    let height: f64 = tab
        .value(
            "new Promise((done) => { const frame = document.querySelector(\"iframe\"); \
             const look = () => { if (frame.clientHeight !== 150) done(frame.clientHeight); }; \
             new ResizeObserver(look).observe(frame); look(); })",
        )
        .await;
    assert!((height - 640.0).abs() < 1.0, "{height}");
    crate::privacy::check(&tab, "the frame").await;
}

/// Where the link to the whole list ends, in pixels from above, in the frame
/// at `address` with a width.
async fn end_of_way_to_all(tab: &Tab, address: &str, width: i64) -> f64 {
    tab.wide(width).await;
    tab.open(address).await;
    tab.value("document.querySelector(\".all .whole\").getBoundingClientRect().bottom").await
}

pub(crate) async fn the_way_to_all_is_within_what_wordpress_shows_at_any_width(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    for path in [
        "lists/libraries-of-leith",
        "lists/beginning-a-partnership",
        "near/G42?lang=gd",
        "near/EH6%208RG?radius=1km",
        "lists/all?q=library&near=Oban",
        "lists/all?compact=true",
        "near/EH6?kind=guides&compact=true&lang=gd",
        "near/EH6%208RG?radius=2km&compact=true&view=map",
    ] {
        let address = format!("{}/embed/v1/{path}", stage.register);
        for width in [320, 375, 440, 480, 580, 600, 840] {
            let end = end_of_way_to_all(&tab, &address, width).await;
            assert!(end <= 1_000.0, "{path} at {width}: {end}");
        }
    }
}

pub(crate) async fn a_frame_fits_the_height_that_oembed_tells(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    for path in [
        "lists/libraries-of-leith",
        "lists/beginning-a-partnership",
        "near/G42?lang=gd",
        "lists/all?kind=guides",
        "near/EH6%208RG?radius=2km&view=map",
    ] {
        for (width, height) in [(320, 1_000), (320, 500), (375, 400), (600, 1_000), (600, 400)] {
            tab.open(&format!("{}/embed/privacy", stage.register)).await;
            let embed: Json = tab
                .value(&format!(
                    "fetch(\"/oembed?maxwidth={width}&maxheight={height}&url=\" + \
                     encodeURIComponent(location.origin + \"/{path}\")).then((answer) => answer.json())"
                ))
                .await;
            let html = embed["html"].as_str().unwrap();
            let frame = html.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
            let frame = frame.replace("&amp;", "&");
            assert_eq!(frame.contains("view=map"), path.contains("view=map"), "{frame}");
            let end = end_of_way_to_all(&tab, &frame, width).await;
            let told = embed["height"].as_f64().unwrap();
            assert!(end <= told, "{frame} at {width}: {end} of {told}");
        }
    }
}

/// `WordPress` asks for the width of a wide window, leaves the style of the frame
/// out, and shows it on phones too.
pub(crate) async fn a_frame_of_oembed_is_never_wider_than_its_column(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    tab.open(&format!("{}/embed/privacy", stage.register)).await;
    let html: String = tab
        .value(
            "fetch(\"/oembed?maxwidth=750&url=\" + encodeURIComponent(location.origin + \"/near/EH6\")) \
             .then((answer) => answer.json()).then(({ html }) => html)",
        )
        .await;
    let (before, style) = html.split_once(" style=\"").unwrap();
    let (style, after) = style.split_once('"').unwrap();
    assert_eq!(style, "max-width: 750px");
    for (column, width) in [(345, 345.0), (610, 610.0), (900, 900.0)] {
        let content = format!("<div style=\"width: {column}px\">{before}{after}</div>");
        tab.wide(1_000).await;
        tab.open(&stage.host.page(&content)).await;
        let drawn = "document.querySelector(\"iframe\").getBoundingClientRect().width";
        let drawn: f64 = tab.value(drawn).await;
        assert!((drawn - width).abs() < 1.0, "{drawn} in {column}");
    }
}

pub(crate) async fn a_link_to_another_frame_stays_in_this_one_with_its_secret(stage: Arc<Stage>) {
    let address = &stage.register;
    let inner = stage.host.page(&format!(
        "<a id=\"in\" target=\"_self\" href=\"?again\">In</a>\
         <script src=\"{address}/embed/v1/frame.js\" defer></script>"
    ));
    let content = format!(
        "{WORDPRESS}<iframe title=\"A list\" data-secret=\"aB3dE6gH9k\" src=\"{inner}#?secret=aB3dE6gH9k\"></iframe>"
    );
    let tab = stage.tab().await;
    tab.open(&stage.host.page(&content)).await;
    said(&tab, 1).await;
    let went: String = tab
        .value(
            "new Promise((done) => { const frame = document.querySelector(\"iframe\"); \
             frame.addEventListener(\"load\", () => done(frame.contentWindow.location.search + frame.contentWindow.location.hash)); \
             frame.contentWindow.document.getElementById(\"in\").click(); })",
        )
        .await;
    assert_eq!(went, "?again#?secret=aB3dE6gH9k");
    assert_eq!(tab.value::<usize>("followed.length").await, 0);
}

pub(crate) async fn a_name_of_two_lines_has_its_number_at_the_first(stage: Arc<Stage>) {
    let tab = stage.tab().await;
    tab.wide(240).await;
    tab.open(&format!("{}/embed/v1/near/G42?topic=library&view=map", stage.register)).await;
    check_numbers(&tab.value::<Vec<_>>(&lines_of_names("document", ".numbered .name")).await);
}

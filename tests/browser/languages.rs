//! The words of the element in English, Gaelic and Scots.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::element::status;
use crate::gate::Mode;
use crate::stage::Stage;

/// A list of so many things, each so many metres away.
fn list_of(count: usize, metres: u32) -> String {
    let feature = json!({
        "type": "Feature", "geometry": null, "id": "https://kist.example/id/asset/a",
        "properties": {"name": "Fèis", "inLanguage": "gd", "distance": metres},
    });
    let features: Vec<Json> = std::iter::repeat_n(feature, count).collect();
    json!({"type": "FeatureCollection", "total": count, "page": "https://kist.example/", "features": features})
        .to_string()
}

pub(crate) async fn each_language_has_its_words_and_plurals(stage: Arc<Stage>) {
    let cases: [(&str, usize, &str, u32, &str); 15] = [
        ("en", 1, "1 result", 436, "440 metres away"),
        ("en", 2, "2 results", 1_000, "1 kilometre away"),
        ("en", 0, "Nothing was found.", 0, ""),
        ("gd", 1, "1 toradh", 1, "10 meatairean air falbh"),
        ("gd", 2, "2 thoradh", 1_040, "1 chilemeatair air falbh"),
        ("gd", 3, "3 toraidhean", 436, "440 meatair air falbh"),
        ("gd", 10, "10 toraidhean", 2_000, "2 chilemeatair air falbh"),
        ("gd", 11, "11 toradh", 3_000, "3 cilemeatairean air falbh"),
        ("gd", 12, "12 thoradh", 1_300, "1.3 cilemeatair air falbh"),
        ("gd", 13, "13 toraidhean", 11_200, "11 chilemeatair air falbh"),
        ("gd", 19, "19 toraidhean", 20_000, "20 cilemeatair air falbh"),
        ("gd", 20, "20 toradh", 995, "1 chilemeatair air falbh"),
        ("gd", 0, "Cha deach dad a lorg.", 0, ""),
        ("sco", 1, "1 result", 436, "440 metres awa"),
        ("sco", 0, "Naething wis fund.", 0, ""),
    ];
    let gate = stage.gate(Mode::Saying(list_of(1, 1)));
    let attributes = format!("src=\"{}/lists/all\" search", gate.address);
    let tab = stage.shown(&(stage.element(&attributes) + &stage.script())).await;
    for (language, count, found, metres, away) in cases {
        gate.set(Mode::Saying(list_of(count, metres)));
        let change = format!("list.lang = \"{language}\", await list.refresh(), true");
        let _: bool = tab.of_list(&change).await;
        assert_eq!(status(&tab).await, found, "{language} {count}");
        let shown: Option<String> =
            tab.of_list("root.querySelector(\"[part=meta]\")?.textContent ?? null").await;
        assert_eq!(shown.unwrap_or_default(), away, "{language} {metres}");
        let tags: [String; 2] = tab
            .of_list("[root.querySelector(\"section\").lang, root.querySelector(\"ol a\")?.lang ?? \"gd\"]")
            .await;
        // A Gaelic name is marked where the list is not Gaelic.
        let name = if language == "gd" && count > 0 { "" } else { "gd" };
        assert_eq!(tags, [language, name], "{language} {count}");
    }
    let label: String = tab.of_list("root.querySelector(\"label\").textContent").await;
    assert_eq!(label, "Postcode or place");
    assert_eq!(tab.faults().await, Vec::<String>::new());
}

pub(crate) async fn the_language_is_that_of_the_nearest_ancestor_that_says_one(stage: Arc<Stage>) {
    let one = stage.element(&format!("src=\"{}/lists/all\" limit=\"1\"", stage.register));
    let content = format!(
        "<div lang=\"gd-GB\">{one}<div lang=\"sco\">{one}<div lang=\"fr\">{one}</div></div></div>{one}{}",
        stage.script()
    );
    let tab = stage.tab().await;
    tab.open(&stage.host.page(&content)).await;
    tab.heard("asset-load", 4).await;
    let tags: Vec<String> = tab
        .value("[...document.querySelectorAll(\"asset-list\")].map((it) => it.shadowRoot.querySelector(\"section\").lang)")
        .await;
    assert_eq!(tags, ["gd", "sco", "en", "en"]);
    let links: Vec<String> = tab
        .value("[...document.querySelectorAll(\"asset-list\")].map((it) => new URL(it.shadowRoot.querySelector(\"ol a\").href).search)")
        .await;
    assert_eq!(links, ["?lang=gd", "?lang=sco", "", ""]);
    let asked = tab.asked().await;
    for language in ["lang=gd", "lang=sco", "lang=en"] {
        assert!(asked.iter().any(|it| it.ends_with(language)), "{asked:?}");
    }
}

pub(crate) async fn what_is_off_or_over_is_marked(stage: Arc<Stage>) {
    let feature = |said: Json| {
        let mut properties = json!({"name": "Ceilidh", "page": "https://kist.example/a"});
        properties.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        json!({"type": "Feature", "geometry": null, "properties": properties})
    };
    let list = json!({"type": "FeatureCollection", "total": 5, "features": [
        feature(json!({"status": "ended", "lapse": "cancelled"})),
        feature(json!({"lapse": "past"})),
        // A register of before tells its status alone.
        feature(json!({"status": "paused"})),
        feature(json!({"status": "active", "lapse": "toString"})),
        feature(json!({})),
    ]});
    let gate = stage.gate(Mode::Saying(list.to_string()));
    let attributes = format!("src=\"{}/lists/all\"", gate.address);
    let tab = stage.shown(&(stage.element(&attributes) + &stage.script())).await;
    for (language, expected) in [
        ("en", ["Cancelled", "Past", "Paused"]),
        ("gd", ["Air a chur dheth", "Seachad", "Na stad"]),
        ("sco", ["Cried aff", "Past", "Paused"]),
    ] {
        for view in ["list", "table"] {
            let change = format!(
                "list.lang = \"{language}\", list.setAttribute(\"view\", \"{view}\"), \
                 await list.refresh(), true"
            );
            let _: bool = tab.of_list(&change).await;
            let shown: Vec<String> = tab
                .of_list(
                    "[...root.querySelectorAll(\"[part=card]\")].map((it) => \
                     it.querySelector(\"[part=lapse]\")).map((it) => !it ? \"\" : \
                     it.textContent + (it.lang ? ` (${it.lang})` : \"\"))",
                )
                .await;
            let expected: Vec<&str> = expected.iter().chain(&["", ""]).copied().collect();
            assert_eq!(shown, expected, "{language} {view}");
        }
    }
    assert_eq!(tab.faults().await, Vec::<String>::new());
}

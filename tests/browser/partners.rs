//! The pages in `examples/partner-page`, at a partner's site.

use std::path::Path;
use std::sync::Arc;

use crate::element::{has_fallback, names};
use crate::privacy;
use crate::stage::Stage;

/// A page of the examples, which names the register of the stage.
fn example(stage: &Stage, name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/partner-page").join(name);
    let html = std::fs::read_to_string(file).unwrap();
    html.replace("https://register.example", &stage.register)
}

pub(crate) async fn the_pages_of_the_examples_show_the_list(stage: Arc<Stage>) {
    for name in ["plain.html", "strict-csp.html"] {
        let tab = stage.tab().await;
        tab.open(&stage.host.whole(example(&stage, name))).await;
        tab.heard("asset-load", 1).await;
        let shown = names(&tab).await;
        assert!((1..=6).contains(&shown.len()), "{name}: {shown:?}");
        assert!(!has_fallback(&tab).await, "{name}");
        assert_eq!(tab.faults().await, Vec::<String>::new(), "{name}");
        privacy::check(&tab, name).await;
    }
}

pub(crate) async fn without_scripts_the_pages_of_the_examples_lead_to_the_list(stage: Arc<Stage>) {
    for name in ["plain.html", "strict-csp.html", "frame.html"] {
        let tab = stage.tab().await;
        tab.without_scripts().await;
        tab.open(&stage.host.whole(example(&stage, name))).await;
        tab.with_scripts().await;
        let link: String = tab.value("document.querySelector(\"a\").href").await;
        assert!(link.starts_with(&format!("{}/near/EH6%208RG", stage.register)), "{name}: {link}");
        tab.open(&link).await;
        assert_eq!(tab.status().await, 200, "{name}");
    }
}

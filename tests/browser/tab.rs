//! A tab of the browser: what a test does with it and asks of it.

use std::sync::Arc;

use chromiumoxide::Page;
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetScriptExecutionDisabledParams,
};
use chromiumoxide::cdp::browser_protocol::input::{DispatchKeyEventParams, DispatchKeyEventType};
use chromiumoxide::cdp::browser_protocol::network::{EventLoadingFinished, EventRequestWillBeSent};
use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;
use chromiumoxide::listeners::EventStream;
use futures_util::{FutureExt, StreamExt};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

/// Run before the scripts of each page: remembers the element's events, what
/// a policy has refused, and errors; `heard` promises an event.
const WATCH: &str = r#"
(() => {
  const kept = { heard: [], refused: [], errors: [] };
  const waiting = [];
  for (const name of ["asset-load", "asset-select", "asset-error"]) {
    addEventListener(name, (event) => {
      kept.heard.push({ name, detail: event.detail, target: event.target.id });
      for (const look of waiting) look();
    });
  }
  addEventListener("securitypolicyviolation", (event) =>
    kept.refused.push(event.violatedDirective + " " + event.blockedURI));
  addEventListener("error", (event) => kept.errors.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => kept.errors.push(String(event.reason)));
  const heard = (name, times) => new Promise((done) => {
    const look = () => {
      if (kept.heard.filter((event) => event.name === name).length >= times) done(true);
    };
    waiting.push(look);
    look();
  });
  const active = () => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return node;
  };
  globalThis.kept = { ...kept, listen: heard, active };
})();
"#;

/// A tab.
pub(crate) struct Tab {
    page: Page,
    asked: Mutex<EventStream<EventRequestWillBeSent>>,
    loaded: Mutex<EventStream<EventLoadingFinished>>,
}

impl Tab {
    /// Makes a tab of a page that is still blank.
    pub(crate) async fn new(page: Page) -> Self {
        let asked = Mutex::new(page.event_listener().await.unwrap());
        let loaded = Mutex::new(page.event_listener().await.unwrap());
        page.evaluate_on_new_document(WATCH).await.unwrap();
        let tab = Self { page, asked, loaded };
        tab.wide(1100).await;
        tab
    }

    /// Sets the width of the window, in pixels.
    pub(crate) async fn wide(&self, width: i64) {
        let size = SetDeviceMetricsOverrideParams::new(width, 900, 1.0, false);
        self.page.execute(size).await.unwrap();
    }

    /// Sets what the reader prefers, such as `prefers-color-scheme`.
    pub(crate) async fn prefer(&self, name: &str, value: &str) {
        let feature = MediaFeature { name: name.to_owned(), value: value.to_owned() };
        self.page.emulate_media_features(vec![feature]).await.unwrap();
    }

    /// Turns scripts off, for pages that are opened from now on.
    pub(crate) async fn without_scripts(&self) {
        self.page.execute(SetScriptExecutionDisabledParams::new(true)).await.unwrap();
    }

    /// Turns scripts on again; those of the page have not run.
    pub(crate) async fn with_scripts(&self) {
        self.page.execute(SetScriptExecutionDisabledParams::new(false)).await.unwrap();
    }

    /// Opens an address and waits until it is loaded.
    pub(crate) async fn open(&self, address: &str) {
        self.page.goto(address).await.unwrap();
    }

    /// The status with which the page has come.
    pub(crate) async fn status(&self) -> u16 {
        self.value("performance.getEntriesByType(\"navigation\")[0].responseStatus").await
    }

    /// The value of an expression of JavaScript, or of what it promises.
    pub(crate) async fn value<T: DeserializeOwned>(&self, expression: &str) -> T {
        let asked = EvaluateParams::builder()
            .expression(expression)
            .await_promise(true)
            .return_by_value(true)
            .user_gesture(true)
            .build()
            .unwrap();
        let answer = self.page.execute(asked).await.unwrap().result;
        let shown: String = expression.chars().take(400).collect();
        if let Some(exception) = answer.exception_details {
            panic!("{shown}: {exception:?}");
        }
        let value = answer.result.value.unwrap_or_default();
        serde_json::from_value(value.clone())
            .unwrap_or_else(|error| panic!("{shown} is {value}: {error}"))
    }

    /// The value of an expression that uses `list`, the first list of the
    /// page, and `root`, what it draws.
    pub(crate) async fn of_list<T: DeserializeOwned>(&self, expression: &str) -> T {
        let start =
            "const list = document.querySelector(\"asset-list\"); const root = list.shadowRoot;";
        self.value(&format!("(async () => {{ {start} return {expression}; }})()")).await
    }

    /// Waits until the page has heard an event so many times.
    pub(crate) async fn heard(&self, name: &str, times: usize) {
        let _: bool = self.value(&format!("kept.listen(\"{name}\", {times})")).await;
    }

    /// Presses a key: `Tab`, `Shift+Tab`, `Enter`, `Space`, `Escape`, or a character.
    pub(crate) async fn press(&self, key: &str) {
        let (modifiers, key) = key.strip_prefix("Shift+").map_or((0, key), |key| (8, key));
        let (name, code, number, text) = match key {
            "Tab" => ("Tab", "Tab", 9, None),
            "Enter" => ("Enter", "Enter", 13, Some("\r")),
            "Space" => (" ", "Space", 32, Some(" ")),
            "Escape" => ("Escape", "Escape", 27, None),
            _ => (key, "", 0, Some(key)),
        };
        let event = |kind: DispatchKeyEventType, text: Option<&str>| {
            let mut event = DispatchKeyEventParams::builder()
                .r#type(kind)
                .key(name)
                .code(code)
                .modifiers(modifiers)
                .windows_virtual_key_code(number)
                .native_virtual_key_code(number);
            if let Some(text) = text {
                event = event.text(text);
            }
            event.build().unwrap()
        };
        self.page.execute(event(DispatchKeyEventType::KeyDown, text)).await.unwrap();
        self.page.execute(event(DispatchKeyEventType::KeyUp, None)).await.unwrap();
    }

    /// What has the focus: the name of the element and its text or `id`.
    pub(crate) async fn focus(&self) -> String {
        self.value(
            "(() => { const node = kept.active(); if (!node || node === document.body) return \"\"; \
             return node.localName + \" \" + (node.textContent.trim() || node.id); })()",
        )
        .await
    }

    /// What policies have refused, and errors that nobody has caught.
    pub(crate) async fn faults(&self) -> Vec<String> {
        self.value("[...kept.refused, ...kept.errors]").await
    }

    /// The addresses that have been asked for, other than `data:`.
    pub(crate) async fn asked(&self) -> Vec<String> {
        self.settle().await;
        let mut events = self.asked.lock().await;
        let mut asked = Vec::new();
        while let Some(Some(event)) = events.next().now_or_never() {
            asked.push(event.request.url.clone());
        }
        asked.retain(|address| !address.starts_with("data:"));
        asked
    }

    /// The bytes that have come, with headers, compressed as they were.
    pub(crate) async fn received(&self) -> f64 {
        self.settle().await;
        let mut events = self.loaded.lock().await;
        let mut sum = 0.0;
        while let Some(Some(event)) = events.next().now_or_never() {
            let event: Arc<EventLoadingFinished> = event;
            sum += event.encoded_data_length;
        }
        sum
    }

    /// When this has come back, all events of before have come too.
    async fn settle(&self) {
        let _: bool = self.value("true").await;
    }

    /// Cookies and all that pages store, by kind.
    pub(crate) async fn stored(&self) -> Vec<String> {
        // Reading cookies writes out those that the page has just set.
        let _: String = self.value("document.cookie").await;
        // A cookie belongs to a host, whatever its port: to all servers here.
        let cookies = self.page.get_cookies().await.unwrap();
        let mut stored: Vec<String> =
            cookies.iter().map(|cookie| format!("cookie {}", cookie.name)).collect();
        let kept: Vec<String> = self
            .value(
                "(async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage), \
                 ...(await indexedDB.databases()).map((it) => it.name), \
                 ...(globalThis.caches ? await caches.keys() : [])])()",
            )
            .await;
        stored.extend(kept);
        stored
    }
}

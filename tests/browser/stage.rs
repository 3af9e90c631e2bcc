//! What all tests share: the register, a partner's site, and the browser.

use std::path::Path;

use chromiumoxide::cdp::browser_protocol::target::{
    CreateBrowserContextParams, CreateTargetParams,
};
use kist::web::tiles::Tiles;
use tokio::sync::Mutex;

use crate::chromium::{self, Running};
use crate::gate::{Gate, Gates, Mode};
use crate::host::Host;
use crate::register;
use crate::tab::Tab;

/// The register, a partner's site, and the browser.
pub(crate) struct Stage {
    /// The address of the register.
    pub(crate) register: String,
    /// The address of the same register with tiles, which the partner's site
    /// has under `/tiles/`.
    pub(crate) tiled: String,
    /// The site of a partner.
    pub(crate) host: Host,
    gates: Gates,
    running: Mutex<Running>,
}

impl Stage {
    /// Opens the register and the site, and starts the browser.
    pub(crate) async fn open(executable: &Path) -> Self {
        let (running, (router, register, opened)) =
            tokio::join!(chromium::start(executable), register::serve());
        let gates = Gates::open(router).await;
        let host = Host::open().await;
        let ground = Tiles::new(&host.tiles(), "© the people of Leith").unwrap();
        let tiled = register::serve_with_tiles(opened, ground).await;
        Self { register, tiled, host, gates, running: Mutex::new(running) }
    }

    /// Ends the browser.
    pub(crate) async fn close(&self) {
        let mut running = self.running.lock().await;
        // It may have ended already; then there is nothing to wait for.
        drop(running.browser.close().await);
        drop(running.browser.wait().await);
        running.listening.abort();
    }

    /// A gate before the register.
    pub(crate) fn gate(&self, mode: Mode) -> Gate {
        self.gates.gate(mode)
    }

    /// A new tab that shares nothing with others.
    pub(crate) async fn tab(&self) -> Tab {
        let running = self.running.lock().await;
        let context = CreateBrowserContextParams::default();
        let context = running.browser.create_browser_context(context).await.unwrap();
        let target = CreateTargetParams::builder()
            .url("about:blank")
            .browser_context_id(context)
            .build()
            .unwrap();
        let page = running.browser.new_page(target).await.unwrap();
        drop(running);
        Tab::new(page).await
    }

    /// Opens a partner's page with `content`, and waits until its first list
    /// is shown.
    pub(crate) async fn shown(&self, content: &str) -> Tab {
        let tab = self.tab().await;
        tab.open(&self.host.page(content)).await;
        tab.heard("asset-load", 1).await;
        tab
    }

    /// The element around a link, near Leith, with more `attributes`, and its
    /// script.
    pub(crate) fn list(&self, attributes: &str) -> String {
        self.element(&format!("src=\"{}/lists/all\" near=\"EH6\" {attributes}", self.register))
            + &self.script()
    }

    /// The element around a link.
    pub(crate) fn element(&self, attributes: &str) -> String {
        format!(
            "<asset-list {attributes}><p><a href=\"{}/lists/all\">What there is in Leith</a></p></asset-list>",
            self.register
        )
    }

    /// The script of the element.
    pub(crate) fn script(&self) -> String {
        let address = &self.register;
        format!("<script type=\"module\" src=\"{address}/embed/v1/asset-list.js\"></script>")
    }
}

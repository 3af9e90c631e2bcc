//! The site of a partner, on a port of its own: pages that tests write.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::register::{listen, spawn};

/// A tile.
const TILE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"256\" height=\"256\"/>";

/// What the site has, by path.
type Pages = Arc<Mutex<BTreeMap<String, Page>>>;

/// A page: its policy of content, when it has one, and its HTML.
#[derive(Debug, Clone)]
struct Page {
    policy: Option<String>,
    html: String,
}

/// The site of a partner.
pub(crate) struct Host {
    origin: String,
    pages: Pages,
}

impl Host {
    /// Opens a site without pages.
    pub(crate) async fn open() -> Self {
        let (listener, address) = listen().await;
        let pages = Pages::default();
        let router = Router::new().fallback(show).with_state(Arc::clone(&pages));
        spawn(listener, router);
        Self { origin: format!("http://{address}"), pages }
    }

    /// The address of tiles, which are all the same.
    pub(crate) fn tiles(&self) -> String {
        format!("{}/tiles/{{z}}/{{x}}/{{y}}.svg", self.origin)
    }

    /// Adds a page with `content` in its main part, and gives its address.
    pub(crate) fn page(&self, content: &str) -> String {
        self.add(None, "", content)
    }

    /// Adds a page with a policy of content.
    pub(crate) fn page_under(&self, policy: &str, content: &str) -> String {
        self.add(Some(policy), "", content)
    }

    /// Adds a page with a style of its own.
    pub(crate) fn page_with_style(&self, style: &str, content: &str) -> String {
        self.add(None, style, content)
    }

    /// Adds a page that is whole already.
    pub(crate) fn whole(&self, html: String) -> String {
        self.keep(Page { policy: None, html })
    }

    fn add(&self, policy: Option<&str>, style: &str, content: &str) -> String {
        let style =
            if style.is_empty() { String::new() } else { format!("<style>{style}</style>") };
        let html = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>A partner</title>\
             <link rel=\"icon\" href=\"data:,\">{style}</head>\
             <body><main><h1>A partner</h1>{content}</main></body></html>"
        );
        self.keep(Page { policy: policy.map(str::to_owned), html })
    }

    fn keep(&self, page: Page) -> String {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let path = format!("/{}", pages.len());
        pages.insert(path.clone(), page);
        format!("{}{path}", self.origin)
    }
}

async fn show(State(pages): State<Pages>, request: Request) -> Response {
    if request.uri().path().starts_with("/tiles/") {
        let kind = [(header::CONTENT_TYPE, "image/svg+xml")];
        return (kind, TILE).into_response();
    }
    let page = {
        let pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.get(request.uri().path()).cloned()
    };
    let Some(page) = page else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = Html(page.html).into_response();
    if let Some(policy) = page.policy {
        let name = HeaderName::from_static("content-security-policy");
        response.headers_mut().insert(name, HeaderValue::try_from(policy).unwrap());
    }
    response
}

//! The files of the embeds: the element and its map, the scripts of frames,
//! the manifest for editors, and the list of versions.
//!
//! Under `/embed/v1/` the newest of a major version, asked for again each
//! hour; under a whole version the same for ever, so that its hash can be
//! pinned. Nothing is read from a disk.

use std::future;
use std::sync::{Arc, OnceLock};

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use http::HeaderValue;
use http::StatusCode;
use http::header;
use serde_json::Value as Json;
use serde_json::json;

use crate::model::Revision;
use crate::web::admission::Scope;
use crate::web::cache;
use crate::web::cache::Conditions;
use crate::web::cache::EntityTag;
use crate::web::cache::Freshness;
use crate::web::embed::frame;
use crate::web::embed::packed;
use crate::web::embed::releases;
use crate::web::embed::releases::RELEASES;
use crate::web::embed::releases::Release;
use crate::web::problem::Result;
use crate::web::route::Route;
use crate::web::sharing;
use crate::web::state::AppState;

/// How long the newest version may be used before it is asked for again.
/// Source: contract of embeds, 2.5.
const EVERGREEN: HeaderValue =
    HeaderValue::from_static("public, max-age=3600, stale-while-revalidate=86400");

/// What is served for the newest version alone, with its name: nobody pins
/// the scripts and the style of frames, which come with the frame's own page,
/// and the scripts of the generator.
const BESIDE: &[(&str, &str)] = &[
    ("frame.js", include_str!("element/frame.js")),
    ("frame-map.js", include_str!("element/frame-map.js")),
    ("contrast.js", include_str!("element/contrast.js")),
    ("resize.js", include_str!("element/resize.js")),
    ("frame.css", frame::STYLE),
    ("custom-elements.json", include_str!("element/custom-elements.json")),
    ("icon.svg", include_str!("element/icon.svg")),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The media type of a file, by its name.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "json")) => "application/json",
        Some((_, "svg")) => "image/svg+xml",
        _ => SCRIPT,
    }
}

/// A file that is served.
#[derive(Debug, Clone)]
struct Asset {
    content: Bytes,
    media_type: &'static str,
    freshness: HeaderValue,
    tag: EntityTag,
    /// The same in brotli, from the first time that somebody asks for it.
    brotli: Arc<OnceLock<Bytes>>,
}

impl Asset {
    fn new(name: &str, content: String, freshness: HeaderValue) -> Self {
        let media_type = media_type(name);
        let tag = EntityTag::new(Revision(0), &[&releases::integrity(&content)]);
        Self { content: content.into(), media_type, freshness, tag, brotli: Arc::default() }
    }

    fn respond(&self, conditions: &Conditions, asked: &HeaderMap) -> Result<Response> {
        let content_type = HeaderValue::from_static(self.media_type);
        let brotli = packed::takes_brotli(asked).then(|| self.brotli());
        let mut response = cache::respond(conditions, &self.tag, Freshness::Immutable, || {
            let content = brotli.clone().unwrap_or_else(|| self.content.clone());
            Ok(([(header::CONTENT_TYPE, content_type)], content).into_response())
        })?;
        let is_packed = brotli.is_some() && response.status() == StatusCode::OK;
        let headers = response.headers_mut();
        if is_packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            cache::vary(headers, header::ACCEPT_ENCODING);
        }
        headers.insert(header::CACHE_CONTROL, self.freshness.clone());
        sharing::share(headers);
        Ok(response)
    }

    /// Its content in brotli, as small as can be.
    fn brotli(&self) -> Bytes {
        self.brotli.get_or_init(|| packed::brotli(&self.content)).clone()
    }
}

/// The routes of all files.
pub(super) fn routes() -> Vec<Route<AppState>> {
    let mut routes = Vec::new();
    for release in RELEASES {
        for (name, content) in release.files() {
            let address = format!("/embed/{}/{name}", release.version);
            let asset = Asset::new(name, content, Freshness::Immutable.to_header());
            routes.push(route(&address, asset));
        }
    }
    let beside = BESIDE.iter().map(|(name, source)| {
        let lean =
            if media_type(name) == SCRIPT { releases::lean(source) } else { (*source).to_owned() };
        (*name, lean)
    });
    for (name, content) in releases::latest().files().chain(beside) {
        routes.push(route(&format!("/embed/v1/{name}"), Asset::new(name, content, EVERGREEN)));
    }
    let versions = Asset::new("versions.json", versions().to_string(), EVERGREEN);
    routes.push(route("/embed/versions.json", versions));
    routes.push(Route::get(Scope::Public, "/embed/tiles.json", "showTiles", show_tiles).hidden());
    routes
}

/// Where the movable map has its ground from; `null` when it has none.
async fn show_tiles(
    State(state): State<AppState>,
    conditions: Conditions,
    asked: HeaderMap,
) -> Result<Response> {
    let tiles = state.identity.tiles.as_ref();
    let tiles = tiles
        .map(|tiles| json!({ "address": tiles.address(), "attribution": tiles.attribution() }));
    Asset::new("tiles.json", json!({ "tiles": tiles }).to_string(), EVERGREEN)
        .respond(&conditions, &asked)
}

fn route(address: &str, asset: Asset) -> Route<AppState> {
    let operation = format!("show{}", address.replace('/', "-"));
    let handler = move |conditions: Conditions, asked: HeaderMap| {
        future::ready(asset.respond(&conditions, &asked))
    };
    Route::get(Scope::Public, address.to_owned(), operation, handler).hidden()
}

/// The document of all versions, the newest first.
fn versions() -> Json {
    let row = |release: &Release| {
        json!({
            "version": release.version,
            "address": format!("/embed/{}/asset-list.js", release.version),
            "integrity": release.integrity,
            "date": release.date,
            "endOfLife": release.end_of_life,
        })
    };
    let rows: Vec<Json> = RELEASES.iter().map(row).collect();
    json!({ "latest": releases::latest().version, "evergreen": "/embed/v1/asset-list.js", "versions": rows })
}

//! Open Referral UK 3.0, as its clients and validators ask for it.

mod bad_input;
mod bulk;
mod endpoints;
mod filters;
mod harvested;
mod paging;
mod published;
mod validator;

use std::fs;
use std::sync::{Arc, OnceLock};

use kist::register::Register;
use serde_json::Value as Json;

use super::server::{TestServer, project};

const ROOT: &str = "/open-referral/v3";

/// Ids of the records of `rich.json`.
const WALK: &str = "7c9e6679-7425-5de2-944b-e07fc1f90a01";
const WALKERS: &str = "5b8b7f0e-3c55-5d1b-9a44-6e1c0f3b7a01";

/// A register that has each property once, shared by all tests: nobody writes
/// to it.
fn rich() -> TestServer {
    static RICH: OnceLock<Arc<Register>> = OnceLock::new();
    TestServer::new(Arc::clone(RICH.get_or_init(|| own_rich().register)))
}

/// The same, to be written to.
fn own_rich() -> TestServer {
    let server = TestServer::with_categories();
    server.register.apply_places("test", super::server::now()).unwrap();
    let text = fs::read(project("tests/fixtures/open-referral/rich.json")).unwrap();
    server.load(&serde_json::from_slice(&text).unwrap());
    server
}

/// What a list under the root gives.
async fn list(server: &TestServer, path: &str) -> Json {
    server.json(&format!("{ROOT}{path}")).await
}

/// The names that a list under the root gives, in its order.
async fn names(server: &TestServer, path: &str) -> Vec<String> {
    let page = list(server, path).await;
    let rows = page["contents"].as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The id of the category or scheme whose IRI ends so.
async fn id_of(server: &TestServer, collection: &str, end: &str) -> String {
    let page = list(server, &format!("/{collection}?per_page=1000")).await;
    let rows = page["contents"].as_array().unwrap().iter();
    let mut rows = rows.filter(|row| {
        let iri = row["term_uri"].as_str().or_else(|| row["uri"].as_str());
        iri.is_some_and(|iri| iri.ends_with(end))
    });
    rows.next().unwrap()["id"].as_str().unwrap().to_owned()
}

//! What operators have of the real program: measures, alerts, the log, and
//! limits that hold for clients behind a proxy.

mod alerts;
mod embeds;
mod exposition;
mod log;
mod measures;
mod shares;

use std::net::SocketAddr;

use crate::program::{Server, get};

/// A server with the seeds in memory that gives its measures without a token,
/// and where it does.
fn measured() -> (Server, SocketAddr) {
    let nowhere = tempfile::tempdir().unwrap();
    let (server, log) = Server::start_with_log(
        nowhere.path(),
        &["--memory", "--seed", "--metrics-listen", "127.0.0.1:0"],
        &[],
    );
    let told = log.find(&["measures are given without a token"]);
    let address = told["address"].as_str().unwrap().parse().unwrap();
    (server, address)
}

/// The text of all measures.
#[track_caller]
fn text(address: SocketAddr) -> String {
    let answer = get(address, "/metrics");
    assert_eq!(answer.status, 200, "{answer:#?}");
    answer.body
}

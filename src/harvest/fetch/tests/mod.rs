//! Tests of fetching against a server that does what no server should.

mod bodies;
mod conversation;
mod guard;
mod politeness;
pub(in crate::harvest) mod server;

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::{
    Addresses, FetchError, Fetched, Fetcher, Limits, Options, Outcome, Pace, Request, Resolver,
};
use server::Server;

/// The time of all requests.
pub(super) fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// The same with little time for everything but the rate, and all the time
/// for that.
pub(in crate::harvest) fn in_haste(mut options: Options) -> Options {
    options.limits.connect_timeout = Duration::from_millis(100);
    options.limits.first_byte_timeout = Duration::from_millis(200);
    options.limits.idle_timeout = Duration::from_millis(200);
    options
}

/// Options without any politeness and patience, which may ask `server`.
pub(in crate::harvest) fn options(server: &Server) -> Options {
    let at_once = Pace { in_flight: 64, delay: Duration::ZERO };
    Options {
        instance: Some("https://register.example.scot/".to_owned()),
        contact: Some("bot@register.example.scot".to_owned()),
        allowed_hosts: vec![server.host()],
        pace: at_once,
        address_pace: at_once,
        max_in_flight: 256,
        tries: 1,
        back_off: Duration::from_millis(1),
        patience: Duration::from_millis(50),
        breaker_failures: 100,
        limits: Limits { page_bytes: 1 << 20, ..Limits::default() },
        ..Options::default()
    }
}

pub(super) fn fetcher(options: Options) -> Fetcher {
    Fetcher::new(options, 7).unwrap()
}

pub(super) fn request(server: &Server, path: &str) -> Request {
    Request::new(server.url(path))
}

/// Fetches a path of `server` and gives the code of the failure, `ok`, or
/// `not-modified`.
pub(super) async fn code(fetcher: &Fetcher, request: &Request) -> &'static str {
    match fetcher.get(request, now()).await {
        Outcome::Fetched(_) => "ok",
        Outcome::NotModified(_) => "not-modified",
        Outcome::Failed(failure) => failure.error.code(),
    }
}

#[track_caller]
pub(super) fn came(outcome: Outcome) -> Fetched {
    match outcome {
        Outcome::Fetched(fetched) => *fetched,
        other => panic!("not fetched: {other:?}"),
    }
}

#[track_caller]
pub(super) fn failed(outcome: Outcome) -> FetchError {
    match outcome {
        Outcome::Failed(failure) => failure.error,
        other => panic!("not failed: {other:?}"),
    }
}

/// A resolver that gives each host one answer after the other, and its last
/// one for ever.
#[derive(Debug, Default)]
pub(in crate::harvest) struct Names {
    hosts: Mutex<HashMap<String, Vec<Vec<IpAddr>>>>,
}

impl Names {
    pub(in crate::harvest) fn of(hosts: &[(&str, &[&[&str]])]) -> Arc<Self> {
        let parsed = |answer: &&[&str]| answer.iter().map(|it| it.parse().unwrap()).collect();
        let hosts = hosts
            .iter()
            .map(|(host, answers)| ((*host).to_owned(), answers.iter().map(parsed).collect()));
        Arc::new(Self { hosts: Mutex::new(hosts.collect()) })
    }
}

impl Resolver for Names {
    fn resolve<'a>(&'a self, host: &'a str) -> Addresses<'a> {
        let mut hosts = self.hosts.lock().unwrap();
        let answer = match hosts.get_mut(host) {
            Some(answers) if answers.len() > 1 => Ok(answers.remove(0)),
            Some(answers) => Ok(answers[0].clone()),
            None => Err(io::Error::new(io::ErrorKind::NotFound, "no such host")),
        };
        Box::pin(std::future::ready(answer))
    }
}

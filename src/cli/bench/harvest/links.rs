//! Many links on many hosts are checked: quick in all, and never more requests
//! at once for one host than was said.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::super::load::as_f64;
use super::super::report::Report;
use super::Everywhere;
use crate::cli::clock::now;
use crate::harvest::fetch::{self, Fetcher, Pace};
use crate::harvest::links::{Options as LinkOptions, check_due};
use crate::harvest::{Harvester, Options};
use crate::journal::Durability;
use crate::register::Register;
use crate::register::ledger::{Link, LinkDue, LinkInState, LinkState, Row as _};

/// Addresses of each host.
const PER_HOST: u64 = 100;
/// Requests under way at once for one host.
const IN_FLIGHT: u32 = 1;
/// Hosts that are asked at once.
const HOSTS_AT_ONCE: usize = 64;
/// Links whose rows are written in one transaction.
const BATCH: usize = 5_000;

/// What the hosts saw.
#[derive(Debug, Default)]
struct Seen {
    /// Requests under way, by host.
    now: HashMap<String, u32>,
    /// The most at once for any host.
    most: u32,
    /// All requests, robots.txt too.
    all: u64,
}

/// Checks `links` links: first with a look at each page, then as is usual for
/// those that are known.
pub(super) async fn measure(
    register: &Arc<Register>,
    links: u64,
    report: &mut Report,
) -> Result<()> {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let port = serve(Arc::clone(&seen)).await?.port();
    let hosts = links.div_ceil(PER_HOST).max(1);
    let names: Vec<String> = (0..hosts).map(|host| format!("link-{host}.example:{port}")).collect();
    let pace = Pace { in_flight: IN_FLIGHT, delay: Duration::ZERO };
    let fetching = fetch::Options {
        allowed_hosts: names.clone(),
        pace,
        address_pace: Pace { in_flight: u32::MAX, ..pace },
        max_in_flight: HOSTS_AT_ONCE,
        ..fetch::Options::default()
    };
    let fetcher = Fetcher::with(fetching.clone(), 1, Arc::new(Everywhere), Vec::new())?;
    let own = LinkOptions { hosts_at_once: HOSTS_AT_ONCE, ..LinkOptions::default() };
    let options = Options { fetch: fetching, links: own, ..Options::default() };
    let harvester =
        Harvester::new(Arc::clone(register), fetcher, options, now, "bench-links".to_owned());
    report.part("links")?;
    report.figure("links", as_f64(links), "")?;
    report.figure("hosts", as_f64(hosts), "")?;
    for (what, is_known) in [("checks a second, page looked at", false), ("checks a second", true)]
    {
        let urls = (0..links).map(|number| {
            let host = usize::try_from(number % hosts).unwrap_or_default();
            format!("http://{}/{number}.html", names[host])
        });
        due_now(register, urls, is_known)?;
        let before = lock(&seen).all;
        let begun = Instant::now();
        let limit = usize::try_from(links).unwrap_or(usize::MAX);
        let checked = check_due(&harvester, limit, &|_| {}).await?;
        let taken = begun.elapsed().as_secs_f64();
        ensure!((checked.asked, checked.alive) == (links, links), "{checked:?}");
        let (requests, most) = {
            let seen = lock(&seen);
            (seen.all - before, seen.most)
        };
        let expected = if is_known { links } else { 2 * links };
        ensure!(requests >= expected, "{requests} requests came");
        ensure!(most <= IN_FLIGHT, "{most} requests at once for one host");
        report.figure(what, as_f64(links) / taken, "")?;
    }
    report.figure("most at once for one host", f64::from(lock(&seen).most), "")?;
    Ok(())
}

/// Makes all of `urls` due.
fn due_now(register: &Register, urls: impl Iterator<Item = String>, is_known: bool) -> Result<()> {
    let time = now();
    let mut notes = Vec::new();
    for url in urls {
        let mut link = Link::new(&url, time, time);
        if is_known {
            link.state = LinkState::Alive;
            (link.checked, link.looked) = (Some(time), Some(time));
        }
        let key = Link::key(&url);
        notes.push(LinkDue.put(LinkDue::key(link.due, &key)));
        notes.push(LinkInState.put(LinkInState::key(link.state, &key)));
        notes.push(link.put(key));
        if notes.len() >= BATCH {
            register.ledger().write(&notes, Durability::Relaxed)?;
            notes.clear();
        }
    }
    Ok(register.ledger().write(&notes, Durability::Relaxed)?)
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves all hosts until the runtime ends; gives the address.
async fn serve(seen: Arc<Mutex<Seen>>) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, Arc::clone(&seen)));
        }
    });
    Ok(address)
}

/// Answers what is asked on a connection; ends with it.
async fn converse(stream: TcpStream, seen: Arc<Mutex<Seen>>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut stream = BufReader::new(stream);
    loop {
        let (mut request, mut host, mut line) = (String::new(), String::new(), String::new());
        while line != "\r\n" {
            line.clear();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            if request.is_empty() {
                request.clone_from(&line);
            } else if let Some(name) = line.strip_prefix("host: ") {
                name.trim_end().clone_into(&mut host);
            }
        }
        {
            let mut seen = lock(&seen);
            seen.all += 1;
            let under_way = seen.now.entry(host.clone()).or_default();
            *under_way += 1;
            let under_way = *under_way;
            seen.most = seen.most.max(under_way);
        }
        // Others may be answered before.
        tokio::task::yield_now().await;
        let answer = answer(&request);
        if let Some(under_way) = lock(&seen).now.get_mut(&host) {
            *under_way -= 1;
        }
        stream.get_mut().write_all(answer.as_bytes()).await.ok()?;
    }
}

/// A page for every address but robots.txt and those that nobody has.
fn answer(request: &str) -> String {
    const PAGE: &str = "<!doctype html><title>Walks</title><p>Weekly, from the hall.";
    let path = request.split(' ').nth(1).unwrap_or_default();
    if path == "/robots.txt" || path.starts_with("/kist-") {
        return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned();
    }
    let body = if request.starts_with("HEAD") { "" } else { PAGE };
    let length = PAGE.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n{body}")
}

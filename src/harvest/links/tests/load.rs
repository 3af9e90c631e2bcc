//! Many links on many hosts: quick in all, and polite to each.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{clock, collect_all, register};
use crate::harvest::fetch::{Addresses, Fetcher, Options as FetchOptions, Pace, Resolver};
use crate::harvest::links::{Options as LinkOptions, check_due};
use crate::harvest::{Harvester, Options};
use crate::journal::Durability;
use crate::register::ledger::{Link, LinkDue, LinkInState, Row as _};

/// Every host is this machine.
#[derive(Debug)]
struct Here;

impl Resolver for Here {
    fn resolve<'a>(&'a self, _: &'a str) -> Addresses<'a> {
        Box::pin(std::future::ready(Ok::<_, io::Error>(vec!["127.0.0.1".parse().unwrap()])))
    }
}

/// What the server saw of each host: requests under way, the most of them at
/// once, and how many there were.
type Log = Arc<Mutex<HashMap<String, (usize, usize, usize)>>>;

/// A server for any number of hosts, which keeps connections open.
async fn serve(log: Log) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(connection(stream, Arc::clone(&log)));
        }
    });
    address
}

async fn connection(stream: TcpStream, log: Log) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut stream = BufReader::new(stream);
    loop {
        let (mut line, mut host, mut request) = (String::new(), String::new(), String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            if line == "\r\n" {
                break;
            }
            if request.is_empty() {
                request.clone_from(&line);
            } else if let Some(value) = line.strip_prefix("host: ") {
                value.trim().clone_into(&mut host);
            }
        }
        {
            let mut log = log.lock().unwrap();
            let (now, most, all) = log.entry(host.clone()).or_default();
            *now += 1;
            *most = (*most).max(*now);
            *all += 1;
        }
        tokio::task::yield_now().await;
        let answer = match request.split(' ').nth(1) {
            Some(path) if path == "/robots.txt" || path.starts_with("/kist-") => {
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            }
            _ if request.starts_with("HEAD") => {
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 29\r\n\r\n"
            }
            _ => {
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 29\r\n\r\n\
                 <title>Walks</title><p>Weekly"
            }
        };
        log.lock().unwrap().entry(host).or_default().0 -= 1;
        stream.get_mut().write_all(answer.as_bytes()).await.ok()?;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_links_are_checked_at_once_and_each_host_is_asked_for_one_at_a_time() {
    let links: usize = 2_000;
    let names: Vec<String> = (0..links / 100).map(|host| format!("h{host}.test")).collect();
    let log = Log::default();
    let port = serve(Arc::clone(&log)).await.port();
    let pace = Pace { in_flight: 1, delay: std::time::Duration::ZERO };
    let fetch = FetchOptions {
        allowed_hosts: names.clone(),
        allowed_ports: vec![port],
        pace,
        address_pace: Pace { in_flight: 64, ..pace },
        max_in_flight: 64,
        ..FetchOptions::default()
    };
    let register = register();
    let mut notes = Vec::new();
    for number in 0..links {
        let url = format!("http://{}:{port}/{number}.html", names[number % names.len()]);
        let (link, key) = (Link::new(&url, clock(), clock()), Link::key(&url));
        notes.push(LinkDue.put(LinkDue::key(link.due, &key)));
        notes.push(LinkInState.put(LinkInState::key(link.state, &key)));
        notes.push(link.put(key));
    }
    register.ledger().write(&notes, Durability::Relaxed).unwrap();
    let fetcher = Fetcher::with(fetch.clone(), 7, Arc::new(Here), Vec::new()).unwrap();
    let own = LinkOptions { hosts_at_once: 64, ..LinkOptions::default() };
    let options = Options { fetch, links: own, ..Options::default() };
    let harvester = Harvester::new(register, fetcher, options, clock, "test".to_owned());
    let checked = check_due(&harvester, links, &|_| {}).await.unwrap();
    assert_eq!((checked.asked, checked.alive), (links as u64, links as u64));
    let log = log.lock().unwrap().clone();
    let most = log.values().map(|(_, most, _)| *most).max();
    assert_eq!((log.len(), most), (names.len(), Some(1)));
    let all: usize = log.values().map(|(_, _, all)| *all).sum();
    // The headers and the page of each, and what is asked once of each host.
    assert_eq!(all, 2 * links + 2 * names.len());
    assert_eq!(check_due(&harvester, links, &|_| {}).await.unwrap().asked, 0);
    assert_eq!(collect_all(harvester.register(), clock()).unwrap().changes, 0);
}

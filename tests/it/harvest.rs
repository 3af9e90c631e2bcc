//! Harvesting with the real program, from a publisher on loopback.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use crate::examples::formats as examples;
use crate::harvest_places;
use crate::harvest_shapes;
use crate::program::{BASE, Ended, Server, get, kist, make_register, request, run_with};

pub(crate) const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

/// How many pages the long feed has, and how many sessions each of them.
const PAGES: usize = 12;
const SESSIONS: usize = 5;

/// How many pages the longest feed has.
pub(crate) const LONG: usize = 200;

/// A path that is not answered, and who is told when it is asked for.
type Held = Option<(String, Sender<()>)>;

/// A publisher that answers one connection after the other.
pub(crate) struct Publisher {
    address: SocketAddr,
    /// The paths that were asked for.
    paths: Arc<Mutex<Vec<String>>>,
    /// The path that is never answered, and who is told when it is asked for.
    held: Arc<Mutex<Held>>,
    /// Who is told of each page of a feed that is asked for.
    told: Arc<Mutex<Option<Sender<String>>>>,
}

impl Publisher {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let publisher = Self {
            address: listener.local_addr().unwrap(),
            paths: Arc::default(),
            held: Arc::default(),
            told: Arc::default(),
        };
        let (paths, held) = (Arc::clone(&publisher.paths), Arc::clone(&publisher.held));
        let told = Arc::clone(&publisher.told);
        thread::spawn(move || {
            let mut kept = Vec::new();
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let Some(path) = asked(&stream) else { continue };
                paths.lock().unwrap().push(path.clone());
                if let Some(told) = told.lock().unwrap().as_ref().filter(|_| path.contains("page="))
                {
                    told.send(path.clone()).unwrap_or_default();
                }
                let mut held = held.lock().unwrap();
                match held.take() {
                    Some((held, tell)) if held == path => {
                        tell.send(()).unwrap_or_default();
                        kept.push(stream);
                    }
                    other => {
                        *held = other;
                        answer(stream, &path);
                    }
                }
            }
        });
        publisher
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// From now on, each page of a feed that is asked for is told, and answered.
    pub(crate) fn tell(&self) -> Receiver<String> {
        let (tell, told) = channel();
        *self.told.lock().unwrap() = Some(tell);
        told
    }

    /// From now on, the next request for `path` is told of and not answered.
    fn hold(&self, path: &str) -> Receiver<()> {
        let (tell, told) = channel();
        *self.held.lock().unwrap() = Some((path.to_owned(), tell));
        told
    }

    /// How often each page of the long feed was asked for since the last call.
    pub(crate) fn asked(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for path in self.paths.lock().unwrap().drain(..) {
            if path != "/robots.txt" {
                *counts.entry(path).or_default() += 1;
            }
        }
        counts
    }
}

fn asked(stream: &TcpStream) -> Option<String> {
    let mut lines = BufReader::new(stream).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    // The rest of the head, so that closing is no reset.
    while !lines.next()?.ok()?.is_empty() {}
    Some(path)
}

fn answer(mut stream: TcpStream, path: &str) {
    let (status, media_type, body) = match path {
        "/" => ("200 OK", "text/html", HOME.to_owned()),
        "/all.geojson" => ("200 OK", "application/geo+json", features()),
        "/clubs.csv" => ("200 OK", "text/csv", CLUBS.to_owned()),
        "/places.html" => ("200 OK", "text/html", harvest_places::page()),
        path if path.starts_with("/rpde") => {
            ("200 OK", "application/json", page("/rpde", number_in(path), PAGES, 0))
        }
        path if path.starts_with("/long") => {
            ("200 OK", "application/json", page("/long", number_in(path), LONG, 0))
        }
        path if path.starts_with("/heavy") => {
            ("200 OK", "application/json", page("/heavy", number_in(path), PAGES, 15_000))
        }
        path => match harvest_shapes::answer(path).or_else(|| examples::published(path)) {
            Some((media_type, body)) => ("200 OK", media_type, body),
            None => ("404 Not Found", "text/plain", String::new()),
        },
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    drop(stream.write_all(format!("{head}{body}").as_bytes()));
}

const CLUBS: &str = "id,name,postcode,telephone\n1,Lunch club,EH6 8RG,0131 496 0001\n\
    2,Walking group,EH6 8RG,0131 496 0002\n";

const HOME: &str = "<!doctype html><html lang=en><title>Leith Centre</title>
<link rel=alternate type=application/geo+json href=/all.geojson title=Groups>
<h1>Leith Centre</h1>";

fn features() -> String {
    let feature = |number: u32| {
        json!({ "type": "Feature", "id": format!("f{number}"),
            "geometry": { "type": "Point", "coordinates": [-3.17, 55.97] },
            "properties": { "name": format!("Walking group {number}"), "description": "For all." } })
    };
    let features: Vec<Value> = (1..=3).map(feature).collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn number_in(path: &str) -> usize {
    path.split('=').nth(1).map_or(0, |number| number.parse().unwrap())
}

/// A page of a feed of so many, whose sessions have texts of so many words; the
/// last is empty and leads to itself.
fn page(path: &str, number: usize, pages: usize, words: usize) -> String {
    let session = |number: usize| {
        let id = format!("https://partner.example/{number}");
        let words = (0..words).map(|word| (word * 104_729 + number * 7_919) * word % 999_983);
        let text: Vec<String> = words.map(|word| format!("{word} ")).collect();
        json!({ "id": format!("s{number}"), "modified": number, "kind": "SessionSeries",
            "state": "updated", "data": { "@type": "SessionSeries", "@id": id,
            "name": format!("Session {number}"), "description": format!("{}{number}", text.concat()), "location": { "@type": "Place", "name": "Hall",
                "address": { "postalCode": "EH6 8RG" } } } })
    };
    let is_last = number >= pages;
    let count = if is_last { 0 } else { SESSIONS };
    let items: Vec<Value> =
        (number * SESSIONS..).take(count).map(|number| session(number + 1)).collect();
    let next = format!("{path}?page={}", if is_last { number } else { number + 1 });
    json!({ "items": items, "next": next, "license": LICENCE }).to_string()
}

/// A data directory, and settings that may ask the publisher, at once.
pub(crate) struct Desk {
    directory: TempDir,
    pub(crate) settings: PathBuf,
}

impl Desk {
    pub(crate) fn new(publisher: &Publisher) -> Self {
        let directory = tempdir().unwrap();
        let settings = directory.path().join("kist.toml");
        let mut text = format!("[harvest.fetch]\nallowed_hosts = [\"{}\"]\n", publisher.address);
        for pace in ["pace", "address_pace"] {
            write!(text, "[harvest.fetch.{pace}]\nin_flight = 4\ndelay = \"0s\"\n").unwrap();
        }
        std::fs::write(&settings, text).unwrap();
        Self { directory, settings }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    pub(crate) fn run(&self, line: &str) -> Ended {
        run_with(line, &[Path::new("--config"), &self.settings], &self.data())
    }

    /// Adds a source at `url`, under a licence that lets everything be taken.
    pub(crate) fn add(&self, id: &str, format: &str, url: &str) {
        let line = format!("harvest add {url} --id {id} --format {format} --licence {LICENCE}");
        self.run(&line).with(0);
    }

    pub(crate) fn serve(&self) -> Server {
        Server::start(&self.data(), &["--config", self.settings.to_str().unwrap()])
    }

    /// What is said of the assets, without where it comes from.
    pub(crate) fn statements(&self) -> BTreeSet<String> {
        let dump = self.run("dump").with(0).stdout;
        let of_assets = format!("<{BASE}/id/asset/");
        dump.lines().filter(|line| line.starts_with(&of_assets)).map(str::to_owned).collect()
    }
}

#[test]
fn a_home_page_becomes_a_source_whose_changes_are_shown_and_then_taken() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    let home = publisher.url("/");
    let found = desk.run(&format!("harvest discover {home} --json")).with(0).stdout;
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(
        (found[0]["format"].as_str(), found[0]["records"].as_u64()),
        (Some("geojson"), Some(3))
    );
    let added = desk.run(&format!("harvest add {home} --id partner --licence {LICENCE}")).with(0);
    assert!(added.stdout.contains("3 would be new"), "{added:?}");
    let again = desk.run(&format!("harvest add {}/", publisher.url("/all.geojson"))).with(1);
    assert!(again.stderr.contains("is the source `partner` already"), "{again:?}");
    let shown = desk.run("harvest preview partner").with(0).stdout;
    assert_eq!(shown.lines().filter(|line| line.starts_with("create")).count(), 3, "{shown}");
    assert!(shown.contains("  + <http://kist.test/id/asset/"), "{shown}");
    assert!(desk.statements().is_empty(), "a preview writes nothing");
    let run = desk.run("harvest run partner").with(0).stdout;
    assert!(run.contains("ok; 3 records in 1 document, 3 new"), "{run}");
    let history = desk.run("harvest history partner --json").with(0).stdout;
    let history: Value = serde_json::from_str(&history).unwrap();
    let kinds: Vec<_> = history.as_array().unwrap().iter().map(|run| &run["kind"]).collect();
    assert_eq!(kinds, ["harvest", "preview", "preview"]);
    assert!(desk.statements().iter().any(|line| line.contains("\"Walking group 2\"")));
    desk.run("harvest problems partner").with(0);
    let list = desk.run("harvest list").with(0).stdout;
    assert!(list.contains("partner") && list.contains("draft"), "{list}");
    desk.run("harvest replay partner").with(0);
    desk.run("harvest undo partner").with(0);
    assert!(desk.statements().is_empty());
    desk.run("harvest remove partner --records withdraw").with(0);
    desk.run("harvest run partner").with(1);
    desk.run("harvest show nobody").with(1);
}

#[test]
fn f9_a_run_that_is_killed_is_carried_on_and_gives_the_same_records() {
    let publisher = Publisher::start();
    let add = |desk: &Desk| desk.add("partner", "rpde", &publisher.url("/rpde"));
    let whole = Desk::new(&publisher);
    add(&whole);
    whole.run("harvest run partner").with(0);
    let expected = whole.statements();
    assert!(expected.iter().any(|line| line.contains("\"Session 60\"")));
    let desk = Desk::new(&publisher);
    add(&desk);
    publisher.asked();
    for page in [1, 5, 6, PAGES] {
        let told = publisher.hold(&format!("/rpde?page={page}"));
        let mut command = kist();
        command.args(["harvest", "run", "partner", "--base-url", BASE, "--config"]);
        command.arg(&desk.settings).arg("--data").arg(desk.data());
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        told.recv().unwrap();
        // It has asked for this page, and all before are staged or arriving.
        child.kill().unwrap();
        child.wait().unwrap();
    }
    desk.run("harvest run partner").with(0);
    assert_eq!(desk.statements(), expected);
    let again: Vec<(String, usize)> =
        publisher.asked().into_iter().filter(|(_, count)| *count > 1).collect();
    // The page that was on its way at each kill, and no other.
    let killed = ["/rpde?page=1", "/rpde?page=5", "/rpde?page=6", "/rpde?page=12"];
    let others: Vec<_> = again
        .iter()
        .filter(|(path, count)| !killed.contains(&path.as_str()) || *count > 2)
        .collect();
    assert!(others.is_empty(), "{again:?}");
    let history = desk.run("harvest history partner --json").with(0).stdout;
    let history: Value = serde_json::from_str(&history).unwrap();
    assert_eq!((&history[0]["number"], &history[0]["outcome"]), (&json!(2), &json!("ok")));
}

#[test]
fn the_server_harvests_what_is_active_by_itself() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    let url = publisher.url("/all.geojson");
    desk.run(&format!("harvest add {url} --id partner --licence {LICENCE} --start")).with(0);
    let server = desk.serve();
    let busy = desk.run("harvest run partner").with(78);
    assert!(busy.stderr.contains("/api/v1/sources"), "{busy:?}");
    let is_there = || get(server.address(), "/api/v1/assets").body.contains("Walking group 3");
    assert!((0..50_000).any(|_| is_there()), "nothing was harvested");
    assert_eq!(server.stop(), Some(0));
    let list = desk.run("harvest list --json").with(0).stdout;
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!((&list[0]["live"], &list[0]["outcome"]), (&json!(3), &json!("ok")));
}

#[test]
fn who_asks_the_server_what_an_address_offers_is_told_and_nothing_is_taken() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    make_register(&desk.data());
    let token = desk.run("token create --label editor --scope admin").with(0).stdout;
    let bearer = format!("Bearer {}", token.trim());
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let server = desk.serve();
    let body = json!({ "url": publisher.url("/") }).to_string();
    let asked =
        request(server.address(), "POST", "/api/v1/discoveries", &headers, &body).unwrap().json();
    let path = asked["self"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned();
    let answer = || request(server.address(), "GET", &path, &headers, "").unwrap().json();
    let done = (0..50_000).map(|_| answer()).find(|answer| answer["state"] == "done").unwrap();
    assert_eq!(done["found"][0]["format"], "geojson", "{done}");
    assert_eq!(done["found"][0]["records"], 3, "{done}");
    assert_eq!(get(server.address(), "/api/v1/assets").json()["total"], 0);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn the_columns_of_a_table_are_guessed_shown_confirmed_and_corrected() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    let url = publisher.url("/clubs.csv");
    let added =
        desk.run(&format!("harvest add {url} --id clubs --format auto --licence {LICENCE}"));
    let added = added.with(0);
    assert!(added.stdout.contains("clubs: csv at http"), "{added:?}");
    assert!(added.stdout.contains("locations/0/postcode        postcode"), "{added:?}");
    assert!(added.stderr.contains("kist harvest mapping clubs --confirm"), "{added:?}");
    let shown = desk.run("harvest show clubs").with(0);
    assert!(shown.stderr.contains("This was guessed"), "{shown:?}");
    let confirmed = desk.run("harvest mapping clubs --confirm").with(0);
    assert!(!confirmed.stderr.contains("This was guessed"), "{confirmed:?}");
    let mapping = desk.run("harvest mapping clubs --json").with(0).stdout;
    let mut mapping: Value = serde_json::from_str(&mapping).unwrap();
    assert_eq!(mapping["key"], json!(["id"]));
    mapping["fields"].as_object_mut().unwrap().remove("telephone");
    let file = desk.directory.path().join("mapping.json");
    std::fs::write(&file, mapping.to_string()).unwrap();
    let set = desk.run(&format!("harvest mapping clubs --set {}", file.display())).with(0);
    assert!(!set.stdout.contains("telephone"), "{set:?}");
    desk.run("harvest run clubs").with(0);
    assert!(desk.statements().iter().any(|line| line.contains("Lunch club")));
    assert!(!desk.statements().iter().any(|line| line.contains("0131")));
    let erased = desk.run("harvest erase clubs 1 --reason request").with(0).stdout;
    assert!(erased.contains("is withdrawn"), "{erased}");
    desk.run("harvest run clubs").with(0);
    assert!(!desk.statements().iter().any(|line| line.contains("Lunch club")));
    desk.run("harvest permit clubs 1").with(0);
    desk.run("harvest permit clubs 1").with(1);
}

#[test]
fn settings_of_a_source_are_taken_and_its_secrets_stay_where_they_are() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    let secret = desk.directory.path().join("token");
    std::fs::write(&secret, "tops3cret\n").unwrap();
    let line = format!(
        "harvest add {} --id partner --format geojson --only-area S12000036 --follow-host \
         data.example --quiet-hours 22:00-06:00 --personal-data drop --default-area S12000047 \
         --pace PT0S --requests-at-once 2 --max-documents 500 --max-bytes 1000000 --max-seconds 600 \
         --offsets local --double-encoding repair --header-from-file X-Key={}",
        publisher.url("/all.geojson"),
        secret.display()
    );
    // Its area must be registered.
    desk.run(&line.replace("S12000036", "S99999999")).with(2);
    desk.run(&line).with(0);
    let shown = desk.run("harvest show partner").with(0).stdout;
    for expected in [
        "S12000036",
        "data.example",
        "22:00-06:00",
        "drop",
        "X-Key from the file",
        "S12000047",
        "PT0S",
        "500",
        "1000000",
        "600",
        "local",
        "repair",
    ] {
        assert!(shown.contains(expected), "{expected} is not in\n{shown}");
    }
    let dump = desk.run("dump").with(0).stdout;
    assert!(!dump.contains("tops3cret") && !dump.contains("X-Key"), "{dump}");
    for refused in
        ["--pace PT5H", "--pace often", "--max-documents 0", "--requests-at-once 11", "--offsets x"]
    {
        desk.run(&format!(
            "harvest add {} --id other --format rpde {refused}",
            publisher.url("/rpde")
        ))
        .with(2);
    }
    let missing = format!(
        "harvest add {} --id other --header-from-env X-Key=NO_SUCH_VARIABLE_HERE",
        publisher.url("/rpde")
    );
    let refused = desk.run(&missing).with(1).stderr;
    assert!(refused.contains("the variable NO_SUCH_VARIABLE_HERE"), "{refused}");
}

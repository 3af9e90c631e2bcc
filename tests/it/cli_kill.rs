//! The server is killed at random moments while records are written.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use tempfile::tempdir;

use crate::program::{Server, get, make_register, request, run};

/// How often the server is killed.
const KILLS: usize = 5;
/// How many write at once, each records of its own.
const WRITERS: usize = 3;
/// The most writes that are acknowledged before a kill.
const MOST_WRITES: usize = 25;
/// The longest spin between the last of them and the kill.
const LONGEST_SPIN: u32 = 400_000;

/// What a record says; `None` is withdrawn.
type State = Option<String>;

/// What is known of a record: what the server acknowledged, and what it was
/// sent last and may have taken.
#[derive(Debug, Clone, Default)]
struct Known {
    acknowledged: State,
    under_way: Option<State>,
}

impl Known {
    fn allows(&self, state: &State) -> bool {
        self.acknowledged == *state || self.under_way.as_ref() == Some(state)
    }
}

/// All records of one writer.
type Records = BTreeMap<String, Known>;

#[test]
#[expect(clippy::print_stdout, reason = "shown when the test fails")]
fn nothing_acknowledged_is_lost_when_the_server_is_killed_at_any_moment() {
    let seed = fastrand::u64(..);
    let mut random = fastrand::Rng::with_seed(seed);
    // With the same seed the kills come after the same numbers of writes.
    println!("seed {seed}");
    let data = tempdir().unwrap();
    make_register(data.path());
    let token = run("token create --label kill --scope write", data.path()).with(0).stdout;
    let bearer = format!("Bearer {}", token.trim());
    let writers: Vec<Mutex<Records>> = (0..WRITERS).map(|_| Mutex::default()).collect();
    for round in 0..KILLS {
        let server = Server::start(data.path(), &[]);
        for records in &writers {
            settle(server.address(), &mut records.lock().unwrap());
        }
        let (acknowledge, acknowledged) = channel();
        thread::scope(|scope| {
            for (number, records) in writers.iter().enumerate() {
                let random = fastrand::Rng::with_seed(random.u64(..));
                let (bearer, acknowledge) = (bearer.as_str(), acknowledge.clone());
                let address = server.address();
                scope.spawn(move || {
                    let name = format!("w{number}r{round}");
                    write(
                        address,
                        bearer,
                        &name,
                        &mut records.lock().unwrap(),
                        random,
                        &acknowledge,
                    );
                });
            }
            drop(acknowledge);
            for _ in 0..random.usize(1..=MOST_WRITES) {
                acknowledged.recv().unwrap();
            }
            for turn in 0..random.u32(..LONGEST_SPIN) {
                std::hint::black_box(turn);
            }
            server.kill();
        });
    }
    let server = Server::start(data.path(), &[]);
    let mut all = Records::new();
    for records in writers {
        let mut records = records.into_inner().unwrap();
        settle(server.address(), &mut records);
        all.extend(records);
    }
    let live = all.values().filter(|known| known.acknowledged.is_some()).count();
    println!("{} records were written, {live} are there", all.len());
    check_search(server.address(), &all);
    assert_eq!(server.stop(), Some(0));
    check_dump(data.path(), &all);
    run("check", data.path()).with(0);
}

/// Writes new records, changes and withdraws them until the server is gone.
fn write(
    address: SocketAddr,
    bearer: &str,
    name: &str,
    records: &mut Records,
    mut random: fastrand::Rng,
    acknowledge: &Sender<()>,
) {
    let headers = [("authorization", bearer), ("content-type", "application/json")];
    for number in 0.. {
        let live: Vec<&String> = records
            .iter()
            .filter(|(_, known)| known.acknowledged.is_some())
            .map(|(id, _)| id)
            .collect();
        let new = || format!("{name}n{number}");
        let (id, state) = match random.u8(..10) {
            0 if !live.is_empty() => (live[random.usize(..live.len())].clone(), None),
            1..=3 if !live.is_empty() => {
                (live[random.usize(..live.len())].clone(), Some(format!("x{}", new())))
            }
            _ => (new(), Some(new())),
        };
        let known = records.entry(id.clone()).or_default();
        let condition = match known.acknowledged {
            Some(_) => ("if-match", "*"),
            None => ("if-none-match", "*"),
        };
        let headers = [headers[0], headers[1], condition];
        known.under_way = Some(state.clone());
        let path = format!("/api/v1/organisations/{id}");
        let sent = match &state {
            Some(name) => {
                request(address, "PUT", &path, &headers, &format!(r#"{{"name": "{name}"}}"#))
            }
            None => request(address, "DELETE", &path, &headers, ""),
        };
        let Ok(response) = sent else { return };
        assert!(matches!(response.status, 200 | 201 | 204), "{response:?}");
        *known = Known { acknowledged: state, under_way: None };
        if acknowledge.send(()).is_err() {
            return;
        }
    }
}

/// Reads every record: it must be what was acknowledged, or what was under
/// way when the server was killed; that is then what it is.
fn settle(address: SocketAddr, records: &mut Records) {
    for (id, known) in records {
        let found = get(address, &format!("/api/v1/organisations/{id}"));
        let state = match found.status {
            200 => Some(found.json()["name"].as_str().unwrap().to_owned()),
            404 | 410 => None,
            _ => panic!("{id}: {found:?}"),
        };
        assert!(known.allows(&state), "{id} is {state:?}, where {known:?}");
        *known = Known { acknowledged: state, under_way: None };
    }
}

fn check_search(address: SocketAddr, records: &Records) {
    for (id, known) in records {
        let Some(name) = &known.acknowledged else { continue };
        let found =
            get(address, &format!("/api/v1/search?q=%22{name}%22&kind=organisation")).json();
        let items = found["items"].as_array().unwrap();
        let is_there = items.iter().any(|item| {
            item["name"] == name.as_str() && item["id"].as_str().unwrap().ends_with(id)
        });
        assert!(is_there, "{id} is not found by its name {name}: {found}");
    }
}

fn check_dump(data: &Path, records: &Records) {
    let dump = run("dump", data).with(0).stdout;
    let names: BTreeMap<&str, &str> = dump
        .lines()
        .filter_map(|line| {
            let (id, rest) =
                line.strip_prefix("<http://kist.test/id/organisation/")?.split_once('>')?;
            let name = rest.strip_prefix(" <https://schema.org/name> \"")?.split_once('"')?.0;
            Some((id, name))
        })
        .collect();
    let expected: BTreeMap<&str, &str> = records
        .iter()
        .filter_map(|(id, known)| Some((id.as_str(), known.acknowledged.as_deref()?)))
        .collect();
    assert_eq!(names, expected);
}

//! What is due is asked: one host beside the other, each host one address
//! after the other.
//!
//! The ledger is read and written only here. What came is written in batches,
//! each in one transaction, so that a crash costs a batch of questions that
//! are asked again.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant};

use super::check::{Answer, Asking, Seen};
use super::outage::{Held, witness};
use super::{LinksError, Options, judge, offer};
use crate::harvest::Harvester;
use crate::journal::{Durability, Note};
use crate::register::Register;
use crate::register::ledger::{Link, LinkDue, LinkHost, LinkInState, LinkState, Row, Table};

/// Answers that are written in one transaction.
const BATCH: usize = 256;

/// How long an answer waits for others to be written with.
const HELD: Duration = Duration::from_secs(5);

/// How much later the addresses of a host are asked that are too many for one
/// turn.
const NEXT_TURN: SignedDuration = SignedDuration::from_mins(10);

/// When what nobody vouched for is asked again ([`Held`]).
const AFTER_OUTAGE: Duration = Duration::from_hours(1);

/// What a turn did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Addresses that were asked.
    pub asked: u64,
    /// Requests that were sent for them, for robots.txt too.
    pub requests: u64,
    /// Addresses that answer.
    pub alive: u64,
    /// Those that answer from elsewhere for good.
    pub redirected: u64,
    /// Those that fail, not yet for long enough, or answer with an excuse.
    pub suspect: u64,
    /// Those that are dead.
    pub dead: u64,
    /// Those that do not let programs in.
    pub blocked: u64,
    /// Those whose turn was put off: their host has too many, is left alone,
    /// or our own network failed.
    pub put_off: u64,
    /// Moves that were offered to editors.
    pub offered: u64,
}

/// Asks for the addresses that are due, `limit` at most, the longest due
/// first. `watch` is told how far it is, now and then. To drop the future is
/// to cancel it; what was not written stays due. Only one may be under way at
/// a time in a register.
///
/// # Errors
///
/// [`LinksError`] when the ledger can't be read or written.
pub async fn check_due(
    harvester: &Harvester,
    limit: usize,
    watch: &(dyn Fn(&Checked) + Send + Sync),
) -> Result<Checked, LinksError> {
    let options = harvester.options().links.clone();
    let register = Arc::clone(harvester.register());
    let now = harvester.now();
    let begun = {
        let (register, options) = (Arc::clone(&register), options.clone());
        blocking(move || begin(&register, &options, limit, now)).await?
    };
    let mut checked = Checked { put_off: begun.put_off, ..Checked::default() };
    let mut lanes: VecDeque<Lane> = begun.lanes.into();
    let (sender, mut answers) = mpsc::channel(BATCH);
    let asking = Asking {
        fetcher: harvester.fetcher().clone(),
        look_after: SignedDuration::from_hours(24 * i64::from(options.look_days)),
    };
    let clock = (now, Instant::now());
    let end = clock.1 + Duration::from_secs(options.turn_seconds);
    let mut hosts = JoinSet::new();
    let mut batch = Vec::new();
    let mut held = Held::default();
    let mut flush = Instant::now() + HELD;
    loop {
        while hosts.len() < options.hosts_at_once.max(1)
            && let Some(lane) = lanes.pop_front()
        {
            hosts.spawn(walk(asking.clone(), lane, sender.clone(), clock, end));
        }
        let is_over = hosts.is_empty();
        if is_over {
            while let Ok(found) = answers.try_recv() {
                batch.push(found);
            }
        } else {
            let room = BATCH - batch.len();
            tokio::select! {
                Some(ended) = hosts.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "the check of a host's links broke off");
                    }
                }
                _ = answers.recv_many(&mut batch, room) => {}
                () = tokio::time::sleep_until(flush) => {}
            }
        }
        if batch.len() >= BATCH || is_over || Instant::now() >= flush {
            let now = harvester.now();
            let sifted = held.sift(std::mem::take(&mut batch));
            add(&mut checked, keep(&register, &options, sifted, now).await?);
            if is_over && !held.is_empty() {
                let vouched = witness(&asking, &register, &held, now).await?;
                let mut sifted = held.sift(vouched.into_iter().collect());
                sifted.extend(held.put_off(AFTER_OUTAGE));
                add(&mut checked, keep(&register, &options, sifted, now).await?);
            }
            watch(&checked);
            flush = Instant::now() + HELD;
        }
        if is_over {
            return Ok(checked);
        }
    }
}

/// The addresses of one host that are asked in this turn.
struct Lane {
    links: Vec<(String, Link)>,
    /// What is known of the hosts, by scheme, host and port.
    hosts: HashMap<String, LinkHost>,
}

struct Begun {
    lanes: Vec<Lane>,
    put_off: u64,
}

/// What was found out of one link, by the link's key.
pub(super) struct Found {
    pub(super) key: String,
    pub(super) answer: Answer,
}

async fn walk(
    asking: Asking,
    mut lane: Lane,
    sender: mpsc::Sender<Found>,
    (now, started): (Timestamp, Instant),
    end: Instant,
) {
    for (key, link) in lane.links {
        if Instant::now() >= end {
            return;
        }
        let now = now.saturating_add(started.elapsed()).unwrap_or(now);
        let host = lane.hosts.get(&origin(&link.url)).copied();
        let answer = asking.ask(&link, host, now).await;
        if let Some((origin, row)) = &answer.host {
            lane.hosts.insert(origin.clone(), *row);
        }
        if sender.send(Found { key, answer }).await.is_err() {
            return;
        }
    }
}

fn origin(url: &str) -> String {
    url::Url::parse(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

/// The lanes of a turn; what one host has too much is put off.
fn begin(
    register: &Register,
    options: &Options,
    limit: usize,
    now: Timestamp,
) -> Result<Begun, LinksError> {
    let ledger = register.ledger();
    let mut lanes: Vec<Lane> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut beyond: HashMap<usize, usize> = HashMap::new();
    let mut notes = Vec::new();
    let mut put_off = 0;
    for (place, LinkDue) in ledger.rows::<LinkDue>("", "", limit)? {
        let Some((due, key)) = LinkDue::read(&place) else {
            notes.push(Table::LinkDue.forget(&place));
            continue;
        };
        if due > now {
            break;
        }
        let Some(link) =
            ledger.get::<Link>(key)?.filter(|link| LinkDue::key(link.due, key) == place)
        else {
            // The link is gone, or is due at another time.
            notes.push(Table::LinkDue.forget(&place));
            continue;
        };
        let lane = *places.entry(link.host().to_owned()).or_insert_with(|| {
            lanes.push(Lane { links: Vec::new(), hosts: HashMap::new() });
            lanes.len() - 1
        });
        if lanes[lane].links.len() >= options.links_of_host.max(1) {
            let count = beyond.entry(lane).or_default();
            let turns = i32::try_from(*count / options.links_of_host.max(1) + 1).unwrap_or(1_000);
            *count += 1;
            put_off += 1;
            let due = now.saturating_add(NEXT_TURN * turns).unwrap_or(now);
            notes.extend(moved(key, &link, Link { due, ..link.clone() }));
            continue;
        }
        let origin = origin(&link.url);
        if !lanes[lane].hosts.contains_key(&origin)
            && let Some(row) = ledger.get::<LinkHost>(&origin)?
        {
            lanes[lane].hosts.insert(origin, row);
        }
        lanes[lane].links.push((key.to_owned(), link));
    }
    if !notes.is_empty() {
        ledger.write(&notes, Durability::Relaxed)?;
    }
    Ok(Begun { lanes, put_off })
}

/// Writes what came where it may wait, and gives the counts.
async fn keep(
    register: &Arc<Register>,
    options: &Options,
    batch: Vec<Found>,
    now: Timestamp,
) -> Result<Checked, LinksError> {
    let (register, options) = (Arc::clone(register), options.clone());
    blocking(move || write(&register, &options, batch, now)).await
}

/// Writes what came, and gives the counts.
fn write(
    register: &Register,
    options: &Options,
    batch: Vec<Found>,
    now: Timestamp,
) -> Result<Checked, LinksError> {
    let ledger = register.ledger();
    let mut checked = Checked::default();
    let mut notes = Vec::with_capacity(batch.len() * 3);
    let mut turned = Vec::new();
    for Found { key, answer } in batch {
        checked.requests += answer.requests;
        if let Some((origin, row)) = answer.host {
            notes.push(row.put(origin));
        }
        // Nobody may point to it any more.
        let Some(link) = ledger.get::<Link>(&key)? else { continue };
        let was_asked = !matches!(answer.seen, Seen::NotAsked { .. });
        let next = judge(link.clone(), answer.seen, now, options);
        if was_asked {
            checked.asked += 1;
            *count(&mut checked, next.state) += 1;
        } else {
            checked.put_off += 1;
        }
        let offered = offer::notes(register, &link, &next, now)?;
        checked.offered += u64::from(offered.is_new);
        notes.extend(offered.notes);
        if link.state != next.state {
            turned.push(key.clone());
        }
        notes.extend(moved(&key, &link, next));
    }
    ledger.write(&notes, Durability::Relaxed)?;
    // Searches that ask for broken links learn of those which turned.
    register.note_links(&register.records_of_links(turned.iter().map(String::as_str))?)?;
    Ok(checked)
}

fn count(checked: &mut Checked, state: LinkState) -> &mut u64 {
    match state {
        LinkState::Alive => &mut checked.alive,
        LinkState::Redirected => &mut checked.redirected,
        LinkState::Dead => &mut checked.dead,
        LinkState::Blocked => &mut checked.blocked,
        LinkState::Suspect | LinkState::Unknown => &mut checked.suspect,
    }
}

fn add(all: &mut Checked, one: Checked) {
    let Checked { asked, requests, alive, redirected, suspect, dead, blocked, put_off, offered } =
        one;
    all.asked += asked;
    all.requests += requests;
    all.alive += alive;
    all.redirected += redirected;
    all.suspect += suspect;
    all.dead += dead;
    all.blocked += blocked;
    all.put_off += put_off;
    all.offered += offered;
}

/// The notes that put `next` where `link` was, in its row and in both orders.
fn moved(key: &str, link: &Link, next: Link) -> Vec<Note> {
    let mut notes = Vec::with_capacity(5);
    let (old, new) = (LinkDue::key(link.due, key), LinkDue::key(next.due, key));
    if old != new {
        notes.push(Table::LinkDue.forget(&old));
        notes.push(LinkDue.put(new));
    }
    if link.state != next.state {
        notes.push(Table::LinkInState.forget(&LinkInState::key(link.state, key)));
        notes.push(LinkInState.put(LinkInState::key(next.state, key)));
    }
    notes.push(next.put(key));
    notes
}

/// Runs what waits for the disk where it may wait.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LinksError> + Send + 'static,
) -> Result<T, LinksError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(LinksError::Broken(error.to_string())),
    }
}

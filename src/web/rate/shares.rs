//! What all clients have spent, and what they may still ask.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use axum::extract::Request;
use http::HeaderMap;

use crate::web::gate;
use crate::web::rate::allowance::Allowance;
use crate::web::rate::blocks::Blocks;
use crate::web::rate::client;
use crate::web::rate::client::Client;
use crate::web::rate::client::TokenHash;
use crate::web::rate::counts::Counts;
use crate::web::rate::limit::Limit;
use crate::web::rate::options::Options;
use crate::web::rate::options::Share;
use crate::web::rate::proxy::Proxy;
use crate::web::rate::queries::Running;
use crate::web::rate::refusal::Refused;
use crate::web::rate::table::Table;

/// How long a token is taken for good without being looked up again.
const BELIEVED: Duration = Duration::from_mins(1);

/// Tells whether a token is good.
pub type TokenCheck = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// The time since the program began, by a clock that never goes back.
pub(super) type Clock = Arc<dyn Fn() -> Duration + Send + Sync>;

/// When each allowance of a client is whole again.
pub(super) type Spent = [Duration; Limit::COUNT];

/// What is known of a token.
#[derive(Debug, Clone, Copy, Default)]
struct Bearer {
    spent: Spent,
    /// Until when it is taken for good without looking.
    good_until: Duration,
}

/// The shares of all clients.
pub struct Rates {
    address: Allowances,
    token: Allowances,
    block_for: Duration,
    trusted_proxies: Vec<Proxy>,
    is_good: TokenCheck,
    clock: Clock,
    addresses: Mutex<Table<IpAddr, Spent>>,
    bearers: Mutex<Table<TokenHash, Bearer>>,
    blocks: Blocks,
    pub(super) running: Running,
    pub(super) counts: Counts,
}

/// What one sort of client may ask.
#[derive(Debug)]
struct Allowances {
    of: [Option<Allowance>; Limit::COUNT],
    /// Queries at once; 0 is without limit.
    queries: u32,
}

impl Allowances {
    fn new(share: &Share, refused_tokens: u32, refusals: u32) -> Self {
        let minute = Duration::from_mins(1);
        let of = Limit::ALL.map(|limit| {
            let (every, number, most) = match limit {
                Limit::Requests => {
                    (Duration::from_secs(1), share.requests_per_second, share.request_burst)
                }
                Limit::Writes => (minute, share.writes_per_minute, share.write_burst),
                Limit::SparqlSeconds => {
                    (minute, share.sparql_seconds_per_minute, share.sparql_burst_seconds)
                }
                Limit::SparqlFailures => {
                    let failures = share.sparql_failures_per_minute;
                    (minute, failures, failures)
                }
                // These are counted while they run, not given back with time.
                Limit::SparqlAtOnce => return None,
                Limit::RefusedTokens => (minute, refused_tokens, refused_tokens),
                Limit::Blocked => (minute, refusals, refusals),
            };
            Allowance::new(every, number, most)
        });
        Self { of, queries: share.sparql_at_once }
    }
}

impl Rates {
    /// Nobody has asked anything yet.
    #[must_use]
    pub fn new(options: &Options, is_good: TokenCheck) -> Self {
        let began = Instant::now();
        Self::with_clock(options, is_good, Arc::new(move || began.elapsed()))
    }

    pub(super) fn with_clock(options: &Options, is_good: TokenCheck, clock: Clock) -> Self {
        let Options { refused_tokens_per_minute, block_after_refusals, .. } = *options;
        Self {
            address: Allowances::new(
                &options.address,
                refused_tokens_per_minute,
                block_after_refusals,
            ),
            // Who has a good token presents no bad one, and is never blocked.
            token: Allowances::new(&options.token, 0, 0),
            block_for: options.block_for,
            trusted_proxies: options.trusted_proxies.clone(),
            is_good,
            clock,
            addresses: Mutex::default(),
            bearers: Mutex::default(),
            blocks: Blocks::default(),
            running: Running::default(),
            counts: Counts::default(),
        }
    }

    /// The time since the program began.
    pub(super) fn now(&self) -> Duration {
        (self.clock)()
    }

    /// The address that asks; `None` when nobody is counted.
    pub(super) fn address(&self, request: &Request) -> Option<IpAddr> {
        client::address_of(request, &self.trusted_proxies)
    }

    /// Who asks from `address`: the bearer of a token when it is good, else
    /// the address itself, which then has one refused token more.
    ///
    /// # Errors
    ///
    /// [`Refused`] when the token is not known and the address has presented
    /// too many bad ones to let it look up another.
    pub(super) fn identify(&self, address: IpAddr, headers: &HeaderMap) -> Result<Client, Refused> {
        let asks = Client::Address(address);
        let now = self.now();
        let presented = match gate::bearer(headers) {
            Ok(None) => return Ok(asks),
            Ok(Some(token)) => Some((client::token_hash(&token), token)),
            Err(_) => None,
        };
        if let Some((hash, _)) = presented
            && self.bearers().get(&hash).good_until > now
        {
            return Ok(Client::Token(hash));
        }
        self.check(asks, Limit::RefusedTokens, now)?;
        if let Some((hash, token)) = presented
            && (self.is_good)(&token)
        {
            self.bearers().of(hash).good_until = now + BELIEVED;
            return Ok(Client::Token(hash));
        }
        self.take(asks, Limit::RefusedTokens, 1.0, now);
        Ok(asks)
    }

    /// A token that was taken for good was refused after all: it has been
    /// revoked.
    pub(super) fn disbelieve(&self, hash: TokenHash) {
        self.bearers().of(hash).good_until = Duration::ZERO;
    }

    /// Whether a client has something left of an allowance.
    pub(super) fn check(&self, client: Client, limit: Limit, now: Duration) -> Result<(), Refused> {
        self.with_spent(client, limit, |allowance, whole_at| match allowance.wait(*whole_at, now) {
            Some(wait) => Err(Refused::of_allowance(limit, allowance, wait)),
            None => Ok(()),
        })
        .unwrap_or(Ok(()))
    }

    /// Takes one of an allowance when it is there.
    pub(super) fn spend(&self, client: Client, limit: Limit, now: Duration) -> Result<(), Refused> {
        self.with_spent(client, limit, |allowance, whole_at| {
            if let Some(wait) = allowance.wait(*whole_at, now) {
                return Err(Refused::of_allowance(limit, allowance, wait));
            }
            *whole_at = allowance.take(*whole_at, 1.0, now);
            Ok(())
        })
        .unwrap_or(Ok(()))
    }

    /// Takes `units` of an allowance, also those that are not there.
    pub(super) fn take(&self, client: Client, limit: Limit, units: f64, now: Duration) {
        self.with_spent(client, limit, |allowance, whole_at| {
            *whole_at = allowance.take(*whole_at, units, now);
        });
    }

    /// How many queries a client may run at once; 0 is without limit.
    pub(super) fn queries(&self, client: Client) -> u32 {
        self.allowances(client).queries
    }

    /// How long an address is still blocked; `None` when it is not.
    pub(super) fn blocked(&self, address: IpAddr) -> Option<Refused> {
        let left = self.blocks.left(address, self.now())?;
        Some(self.refused_by_block(left))
    }

    /// Notes that a request of an address was refused, and blocks it when it
    /// has gone on asking for too long; gives what it is to be told then.
    pub(super) fn lose_patience(&self, address: IpAddr) -> Option<Refused> {
        let now = self.now();
        self.spend(Client::Address(address), Limit::Blocked, now).err()?;
        if !self.blocks.add(address, now + self.block_for, now) {
            return None;
        }
        self.counts.note_block();
        let network = client::coarse(address);
        tracing::warn!(network, "an address is blocked, because it went on asking while refused");
        Some(self.refused_by_block(self.block_for))
    }

    /// How many addresses are blocked now.
    pub(super) fn blocked_addresses(&self) -> usize {
        self.blocks.count(self.now())
    }

    fn refused_by_block(&self, left: Duration) -> Refused {
        match self.address.of[Limit::Blocked as usize] {
            Some(allowance) => Refused::of_allowance(Limit::Blocked, allowance, left),
            None => Refused::at_once(Limit::Blocked, 0, left),
        }
    }

    fn allowances(&self, client: Client) -> &Allowances {
        match client {
            Client::Address(_) => &self.address,
            Client::Token(_) => &self.token,
        }
    }

    /// Looks at what a client has spent of a limit; `None` when there is no
    /// such limit.
    fn with_spent<T>(
        &self,
        client: Client,
        limit: Limit,
        look: impl FnOnce(Allowance, &mut Duration) -> T,
    ) -> Option<T> {
        let allowance = self.allowances(client).of[limit as usize]?;
        Some(match client {
            Client::Address(address) => {
                look(allowance, &mut self.addresses().of(address)[limit as usize])
            }
            Client::Token(hash) => {
                look(allowance, &mut self.bearers().of(hash).spent[limit as usize])
            }
        })
    }

    fn addresses(&self) -> MutexGuard<'_, Table<IpAddr, Spent>> {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bearers(&self) -> MutexGuard<'_, Table<TokenHash, Bearer>> {
        self.bearers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Rates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rates").field("address", &self.address).finish_non_exhaustive()
    }
}

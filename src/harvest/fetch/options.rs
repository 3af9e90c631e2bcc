//! How the harvester fetches: who it says it is, how fast it asks and what it
//! bears.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;

/// How documents are fetched. Times are written such as `5s` or `500ms`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The address of this register, whose page `about/bot` tells what it
    /// fetches and why. None by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The mail address to which publishers can complain. None by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Hosts that may have private addresses, each with the port that is
    /// opened: `register.internal:8081`, or `register.internal:*` for all of
    /// them; without one those of the web are. None by default.
    pub allowed_hosts: Vec<String>,
    /// Hosts, with their port unless all ports are meant, to which the listing
    /// of any source may lead: for next pages, details and files on other hosts
    /// than its own. A source can name more (`followHosts`). None by default.
    pub follow_hosts: Vec<String>,
    /// Ports that are asked beside 80, 443, 8080 and 8443. None by default.
    pub allowed_ports: Vec<u16>,
    /// Files of certificates (PEM) of authorities that are believed beside
    /// those of the system: for publishers in a network of one's own. None by
    /// default.
    pub extra_roots: Vec<PathBuf>,
    /// How fast one host is asked, by its registrable domain.
    pub pace: Pace,
    /// How fast one network address is asked, whatever hosts it has.
    pub address_pace: Pace,
    /// Requests under way at once, in all. Default 32.
    pub max_in_flight: usize,
    /// How often a request is tried. Default 5.
    pub tries: u32,
    /// How long a request waits for a host that has asked not to be asked;
    /// beyond it the request fails and says when to come again. Default 30 s.
    #[serde(with = "duration")]
    pub patience: Duration,
    /// The longest wait before the second try; the next ones are twice as
    /// long each, up to a minute, and all are shortened by chance. Default
    /// 1 s.
    #[serde(with = "duration")]
    pub back_off: Duration,
    /// Failures of a host, one after the other, after which it is left alone.
    /// Default 5.
    pub breaker_failures: u32,
    /// For how long at first; twice as long each time, up to an hour. Default
    /// 5 min.
    #[serde(with = "duration")]
    pub breaker_rest: Duration,
    /// Limits of one request.
    pub limits: Limits,
}

/// How fast something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pace {
    /// Requests under way at once.
    pub in_flight: u32,
    /// From the start of one request to the start of the next.
    #[serde(with = "duration")]
    pub delay: Duration,
}

impl Pace {
    /// The slower of both.
    #[must_use]
    pub fn slower(self, other: Self) -> Self {
        Self { in_flight: self.in_flight.min(other.in_flight), delay: self.delay.max(other.delay) }
    }
}

/// What one request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// To find the addresses of a host. Default 10 s.
    #[serde(with = "duration")]
    pub resolve_timeout: Duration,
    /// To connect, with TLS. Default 10 s.
    #[serde(with = "duration")]
    pub connect_timeout: Duration,
    /// From the connection to the end of the headers. Default 30 s.
    #[serde(with = "duration")]
    pub first_byte_timeout: Duration,
    /// Between two parts of the body. Default 30 s.
    #[serde(with = "duration")]
    pub idle_timeout: Duration,
    /// The whole request. Default 120 s.
    #[serde(with = "duration")]
    pub whole_timeout: Duration,
    /// The whole request for a dump. Default 30 min.
    #[serde(with = "duration")]
    pub dump_timeout: Duration,
    /// The time over which [`Self::min_bytes_per_second`] must be reached.
    /// Default 60 s.
    #[serde(with = "duration")]
    pub rate_window: Duration,
    /// The slowest that is borne. Default 1,000.
    pub min_bytes_per_second: u64,
    /// The most of a page, decompressed. Default 20 MiB.
    pub page_bytes: usize,
    /// The most of a feed or sitemap, decompressed. Default 50 MiB.
    pub feed_bytes: usize,
    /// The most of a dump, decompressed. Default 500 MiB.
    pub dump_bytes: usize,
    /// How many times longer a body may become by decompression, once it has
    /// [`Self::ratio_from_bytes`]. Default 200.
    pub max_ratio: u64,
    /// From which decompressed length on that holds. Default 1 MiB.
    pub ratio_from_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            instance: None,
            contact: None,
            allowed_hosts: Vec::new(),
            follow_hosts: Vec::new(),
            allowed_ports: Vec::new(),
            extra_roots: Vec::new(),
            pace: Pace { in_flight: 1, delay: Duration::from_secs(1) },
            address_pace: Pace { in_flight: 4, delay: Duration::from_millis(100) },
            max_in_flight: 32,
            tries: 5,
            patience: Duration::from_secs(30),
            back_off: Duration::from_secs(1),
            breaker_failures: 5,
            breaker_rest: Duration::from_mins(5),
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            resolve_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(30),
            whole_timeout: Duration::from_mins(2),
            dump_timeout: Duration::from_mins(30),
            rate_window: Duration::from_mins(1),
            min_bytes_per_second: 1_000,
            page_bytes: 20 << 20,
            feed_bytes: 50 << 20,
            dump_bytes: 500 << 20,
            max_ratio: 200,
            ratio_from_bytes: 1 << 20,
        }
    }
}

impl Options {
    /// The `User-Agent` of every request:
    /// `kistbot/0.1.0 (+https://register.example/about/bot; mailto:…)`.
    #[must_use]
    pub fn user_agent(&self) -> String {
        let page = self
            .instance
            .as_deref()
            .map(|instance| format!("+{}/about/bot", instance.trim_end_matches('/')));
        let contact = self.contact.as_deref().map(|contact| format!("mailto:{contact}"));
        let about: Vec<String> = page.into_iter().chain(contact).collect();
        let about =
            if about.is_empty() { String::new() } else { format!(" ({})", about.join("; ")) };
        format!("{}/{}{about}", super::PRODUCT, env!("CARGO_PKG_VERSION"))
    }
}

#[cfg(test)]
#[path = "options_tests.rs"]
mod tests;

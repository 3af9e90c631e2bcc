//! Fair shares: how much one client may ask.
//!
//! A client is the bearer of a good token, or else an IPv4 address or an IPv6
//! network of 64 bits. Each has allowances, which fill up again with time:
//! requests, writes, seconds of SPARQL, queries that failed, tokens that were
//! refused. This machine itself is not counted: behind a proxy on it everybody
//! would be one client, unless the proxy is trusted to say who asks. Who goes
//! on asking while refused is blocked for a day. What is asked at once by all
//! together is limited in [`admission`](super::admission).
//!
//! | file | what |
//! |---|---|
//! | `options` | what an operator sets |
//! | `limit` `allowance` | what is counted, and how it fills up again |
//! | `client` `proxy` `table` `blocks` | who asks, what is known of them, who is turned away |
//! | `shares` `queries` | all of it together; queries that run |
//! | `pass` `refusal` `counts` | what requests go through, what is told, what is measured |

mod allowance;
mod blocks;
mod client;
mod counts;
mod limit;
mod options;
mod pass;
mod proxy;
mod queries;
mod refusal;
mod shares;
mod table;
#[cfg(test)]
mod tests;

pub use options::Options;
pub use options::Share;
pub use pass::pass;
pub use pass::pass_sparql;
pub use pass::pass_write;
pub use pass::turn_away;
pub use proxy::Proxy;
pub use proxy::ProxyError;
pub use shares::Rates;
pub use shares::TokenCheck;

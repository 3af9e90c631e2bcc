//! Subscriptions to hubs, which tell when a source has changed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Row, Table};

/// A subscription to the changes of a source. The key is the last part of the
/// address to which the hub delivers, which nobody can guess.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Identifier of the source.
    pub source: String,
    /// The hub.
    pub hub: String,
    /// What is subscribed to: the address that the source calls its own.
    pub topic: String,
    /// The key of the signatures, the same as long as the subscription is
    /// there; never shown.
    pub secret: String,
    /// What the hub was asked and has not confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// How far it is.
    pub state: SubscriptionState,
    /// When the hub is asked again.
    pub due: Timestamp,
    /// How often in a row it was asked and did not confirm.
    #[serde(default)]
    pub refusals: u32,
    /// What went wrong last, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the hub last delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Timestamp>,
    /// How often it delivered.
    #[serde(default)]
    pub deliveries: u64,
    /// How often somebody delivered who does not know the secret.
    #[serde(default)]
    pub forgeries: u64,
    /// Up to when changes of the source were looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Timestamp>,
    /// Changes in a row of which the hub did not tell.
    #[serde(default)]
    pub missed: u32,
}

/// What a hub was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pending {
    /// To deliver from now on.
    Subscribe,
    /// To deliver no more.
    Unsubscribe,
}

/// How far a subscription is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum SubscriptionState {
    /// The hub has not confirmed it yet, or no longer.
    Inactive,
    /// The hub delivers.
    Active {
        /// Until then, unless it is renewed.
        until: Timestamp,
    },
    /// The hub confirms, and never delivers: the source is only asked itself.
    Demoted {
        /// Since when.
        since: Timestamp,
    },
    /// It is over; deliveries are refused.
    Ended,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Subscription")
            .field("source", &self.source)
            .field("hub", &self.hub)
            .field("topic", &self.topic)
            .field("pending", &self.pending)
            .field("state", &self.state)
            .field("due", &self.due)
            .finish_non_exhaustive()
    }
}

impl Row for Subscription {
    const TABLE: Table = Table::Subscription;
}

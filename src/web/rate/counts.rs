//! How often clients were refused, for measures.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::web::measure::Measured;
use crate::web::measure::Text;
use crate::web::rate::limit::Limit;
use crate::web::rate::shares::Rates;

/// How often clients were refused, since the program began.
#[derive(Debug, Default)]
pub(super) struct Counts {
    refused: [AtomicU64; Limit::COUNT],
    blocks: AtomicU64,
}

impl Counts {
    pub(super) fn note_refusal(&self, limit: Limit) {
        self.refused[limit as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note_block(&self) {
        self.blocks.fetch_add(1, Ordering::Relaxed);
    }
}

impl Measured for Rates {
    fn measure(&self, text: &mut Text) {
        let name = "kist_rate_limited_total";
        let mut family = text.counter(name, "Requests that were refused, by the limit they met.");
        for limit in Limit::ALL {
            let count = self.counts.refused[limit as usize].load(Ordering::Relaxed);
            family.sample(&[("limit", limit.name())], count);
        }
        let blocks = self.counts.blocks.load(Ordering::Relaxed);
        text.counter("kist_blocks_total", "Addresses that were put on the block list.")
            .sample(&[], blocks);
        text.gauge("kist_blocked_clients", "Addresses on the block list now.")
            .sample(&[], self.blocked_addresses());
    }
}

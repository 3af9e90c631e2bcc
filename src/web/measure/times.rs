//! Times in buckets: a histogram.

use std::time::Duration;

use crate::web::measure::Samples;

/// Upper ends of the buckets, in microseconds, and as they are written in
/// seconds.
const BUCKETS: [(u64, &str); 9] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (100_000, "0.1"),
    (500_000, "0.5"),
    (2_500_000, "2.5"),
    (10_000_000, "10"),
];

/// How often something took how long.
#[derive(Debug, Default)]
pub struct Times {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    microseconds: u64,
}

impl Times {
    /// Takes note of one time.
    pub fn note(&mut self, time: Duration) {
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        for ((most, _), bucket) in BUCKETS.iter().zip(&mut self.buckets) {
            *bucket += u64::from(microseconds <= *most);
        }
        self.count += 1;
        self.microseconds = self.microseconds.saturating_add(microseconds);
    }

    /// Writes them as samples of a histogram with these labels.
    pub fn write(&self, samples: &mut Samples<'_>, labels: &[(&str, &str)]) {
        let Self { buckets, count, microseconds } = self;
        let below = |most| [labels, &[("le", most)]].concat();
        for ((_, most), bucket) in BUCKETS.iter().zip(buckets) {
            samples.part("_bucket", &below(most), bucket);
        }
        samples.part("_bucket", &below("+Inf"), count);
        let (whole, part) = (microseconds / 1_000_000, microseconds % 1_000_000);
        samples.part("_sum", labels, format_args!("{whole}.{part:06}"));
        samples.part("_count", labels, count);
    }
}

//! Tests of [`measure`](super).

use super::*;

#[test]
fn percentiles_are_samples_that_were_taken() {
    let millis = |count: u64| (1..=count).rev().map(Duration::from_millis).collect::<Vec<_>>();
    let cases = [(100, 50, 50), (100, 99, 99), (200, 99, 198), (1, 50, 1), (3, 50, 2), (0, 50, 0)];
    for (count, percent, expected) in cases {
        let samples = Samples::from(millis(count));
        assert_eq!(samples.percentile(percent), Duration::from_millis(expected));
    }
}

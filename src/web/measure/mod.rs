//! What measures are made of: the text of Prometheus, and times in buckets.
//!
//! Whoever counts something keeps the numbers himself and writes them when he
//! is asked ([`Measured`]); [`metrics`](super::metrics) asks all of them.

mod text;
mod times;

pub use text::Samples;
pub use text::Text;
pub use times::Times;

/// A part of the program that counts.
pub trait Measured: Send + Sync {
    /// Writes all that it has counted.
    fn measure(&self, text: &mut Text);
}

//! The MD5 check sum, by which Ordnance Survey's downloads are checked
//! against damage on the way. It is no protection against forgery.
//!
//! Source: R. Rivest, RFC 1321, 1992.

use std::fmt::Write as _;

/// A check sum under way.
#[derive(Debug, Clone)]
pub(super) struct Md5 {
    state: [u32; 4],
    length: u64,
    block: Vec<u8>,
}

const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

impl Md5 {
    pub(super) fn new() -> Self {
        let state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
        Self { state, length: 0, block: Vec::with_capacity(64) }
    }

    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        self.length = self.length.wrapping_add(u64::try_from(bytes.len()).unwrap_or_default());
        while !bytes.is_empty() {
            let (taken, rest) = bytes.split_at(bytes.len().min(64 - self.block.len()));
            self.block.extend_from_slice(taken);
            bytes = rest;
            if self.block.len() == 64 {
                self.mix();
                self.block.clear();
            }
        }
    }

    /// The sum as 32 hexadecimal digits.
    pub(super) fn finish(mut self) -> String {
        let bits = self.length.wrapping_mul(8);
        self.update(&[0x80]);
        while self.block.len() != 56 {
            self.update(&[0]);
        }
        self.update(&bits.to_le_bytes());
        let mut text = String::with_capacity(32);
        for byte in self.state.iter().flat_map(|word| word.to_le_bytes()) {
            write!(text, "{byte:02x}").expect("a string takes all that is written to it");
        }
        text
    }

    fn mix(&mut self) {
        let mut words = [0_u32; 16];
        for (word, bytes) in words.iter_mut().zip(self.block.chunks_exact(4)) {
            *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        let [mut a, mut b, mut c, mut d] = self.state;
        for step in 0..64_usize {
            let round = step / 16;
            let (mixed, word) = match round {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), 7 * step % 16),
            };
            let sum = a.wrapping_add(mixed).wrapping_add(sine(step)).wrapping_add(words[word]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(SHIFTS[round][step % 4]));
        }
        for (state, mixed) in self.state.iter_mut().zip([a, b, c, d]) {
            *state = state.wrapping_add(mixed);
        }
    }
}

/// The whole part of 2^32 times the sine of a step's number, from 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a sine's size is at most 1, so the product fits; steps are few"
)]
fn sine(step: usize) -> u32 {
    (((step + 1) as f64).sin().abs() * 4_294_967_296.0) as u32
}

#[cfg(test)]
#[path = "md5_tests.rs"]
mod tests;

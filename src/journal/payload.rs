//! The JSON of a version, compressed.

use std::cell::RefCell;

use zstd::bulk::{Compressor, Decompressor};

use super::JournalError;

/// Level of compression: the fastest; records are small.
const LEVEL: i32 = 1;
/// No payload is longer than this when it is unpacked, in bytes.
const LONGEST: usize = 64 << 20;

thread_local! {
    // Making these takes longer than a record does.
    static COMPRESSOR: RefCell<Compressor<'static>> = RefCell::new(
        Compressor::new(LEVEL).expect("memory for compression can be had"),
    );
    static DECOMPRESSOR: RefCell<Decompressor<'static>> =
        RefCell::new(Decompressor::new().expect("memory for compression can be had"));
}

/// A record's canonical JSON, compressed with zstd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload(Vec<u8>);

impl Payload {
    /// Compresses `json`.
    ///
    /// # Panics
    ///
    /// Never: compression into memory doesn't fail.
    #[must_use]
    pub fn compress(json: &[u8]) -> Self {
        let compress =
            |compressor: &RefCell<Compressor<'static>>| compressor.borrow_mut().compress(json);
        Self(COMPRESSOR.with(compress).expect("compression into memory doesn't fail"))
    }

    /// A payload as it lies in the database.
    #[must_use]
    pub fn from_compressed(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The compressed bytes.
    #[must_use]
    pub fn as_compressed(&self) -> &[u8] {
        &self.0
    }

    /// The JSON.
    ///
    /// # Errors
    ///
    /// [`JournalError::Damaged`] when the bytes can't be unpacked.
    pub fn json(&self) -> Result<Vec<u8>, JournalError> {
        let damaged = |error: std::io::Error| JournalError::Damaged(error.to_string());
        let size = Decompressor::upper_bound(&self.0).unwrap_or(LONGEST).min(LONGEST);
        let decompress = |decompressor: &RefCell<Decompressor<'static>>| {
            decompressor.borrow_mut().decompress(&self.0, size)
        };
        DECOMPRESSOR.with(decompress).map_err(damaged)
    }
}

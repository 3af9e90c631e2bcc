//! What the summaries of an index have in common.
//!
//! Made from a sample of them when many are loaded at once, kept in a file
//! beside the text index, and never changed while something is packed with it:
//! another load of an empty index makes another one. Its number stands in what
//! was packed with it.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::error::IndexError;
use super::pack::{common, hash};

/// The file in the directory of the index.
const FILE: &str = "summaries.dictionary";

/// With fewer summaries than this there is little to be gained.
pub(super) const SAMPLE: usize = 4_096;
const FEWEST: usize = 1_000;

/// Bytes of the dictionary: runs are pointed to by sixteen bits, and what is
/// left of those is for the text itself.
const SIZE: usize = 56 << 10;

/// How many places in the dictionary are tried for the longest run.
const TRIES: usize = 24;

/// See the module. The default is empty: then only what a summary repeats
/// itself is saved.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    bytes: Box<[u8]>,
    number: u32,
    /// Where eight bytes that hash alike stand, and where such stand before.
    last: Box<[u16]>,
    before: Box<[u16]>,
}

impl Dictionary {
    /// The dictionary of `samples`; `None` when they are too few.
    pub(super) fn train(samples: &[impl AsRef<[u8]>]) -> Option<Self> {
        if samples.len() < FEWEST {
            return None;
        }
        let bytes = zstd::dict::from_samples(samples, SIZE).ok()?;
        Some(Self::new(bytes))
    }

    fn new(mut bytes: Vec<u8>) -> Self {
        bytes.truncate(SIZE);
        let number = crc(&bytes);
        let mut last = vec![u16::MAX; 1 << 16].into_boxed_slice();
        let mut before = vec![u16::MAX; bytes.len()].into_boxed_slice();
        for at in 0..bytes.len().saturating_sub(7) {
            let slot = &mut last[hash(&bytes[at..])];
            before[at] = *slot;
            *slot = u16::try_from(at).unwrap_or(u16::MAX);
        }
        Self { bytes: bytes.into(), number, last, before }
    }

    /// The dictionary of the index in `directory`. Without one it is made of
    /// `samples`, the summaries that came one by one; or it is empty.
    pub(super) fn open(
        directory: &Path,
        samples: impl FnOnce() -> Result<Vec<Vec<u8>>, IndexError>,
    ) -> Result<Self, IndexError> {
        match fs::read(directory.join(FILE)) {
            Ok(bytes) => Ok(Self::new(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let Some(made) = Self::train(&samples()?) else { return Ok(Self::default()) };
                made.write(directory)?;
                Ok(made)
            }
            Err(error) => Err(unusable(directory, error)),
        }
    }

    /// Puts it in place of the one in `directory`, durably.
    pub(super) fn write(&self, directory: &Path) -> Result<(), IndexError> {
        let (path, new) = (directory.join(FILE), directory.join(format!("{FILE}.new")));
        let write = || {
            let mut file = fs::File::create(&new)?;
            file.write_all(&self.bytes)?;
            file.sync_all()?;
            fs::rename(&new, path)?;
            fs::File::open(directory)?.sync_all()
        };
        write().map_err(|error| unusable(directory, error))
    }

    /// The bytes that runs are pointed to in.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What tells it from other dictionaries.
    pub(super) const fn number(&self) -> u32 {
        self.number
    }

    /// Bytes in memory.
    pub(super) fn size(&self) -> usize {
        self.bytes.len() + 2 * (self.last.len() + self.before.len())
    }

    /// Where the longest run stands that `text` starts with, and its length.
    pub(super) fn longest(&self, text: &[u8]) -> (usize, usize) {
        let mut best = (0, 0);
        let Some(&first) = self.last.get(hash(text)) else { return best };
        let mut next = usize::from(first);
        for _ in 0..TRIES {
            let Some(piece) = self.bytes.get(next..) else { break };
            let length = common(piece, text);
            if length > best.1 {
                best = (next, length);
            }
            next = usize::from(self.before[next]);
        }
        best
    }
}

fn unusable(directory: &Path, source: io::Error) -> IndexError {
    IndexError::Directory { path: directory.to_owned(), source }
}

/// A checksum, which is also the number.
fn crc(bytes: &[u8]) -> u32 {
    // FNV-1a: the file is small, and its number only has to differ.
    bytes.iter().fold(0x811c_9dc5, |sum, &byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

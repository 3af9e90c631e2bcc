//! Documents that are packed with gzip or zstd, told by their first bytes.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use crate::harvest::extraction::Problem;

/// Bytes of a document when unpacked: as much as a workbook may have.
const LARGEST: u64 = 200 << 20;

/// Unpacked bytes for each packed one, by contract, once there is a mebibyte.
const HIGHEST_RATIO: u64 = 200;

/// Up to here the ratio doesn't matter.
const SMALL: u64 = 1 << 20;

/// Memory that zstd may ask for, as a power of two: 128 MiB, its own default.
const WINDOW: u32 = 27;

/// Whether a document that begins so is packed.
pub(in crate::harvest::format) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1F, 0x8B]) || bytes.starts_with(&[0x28, 0xB5, 0x2F, 0xFD])
}

/// The bytes without gzip or zstd, told by their first bytes.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Box<Problem>> {
    if !is_packed(bytes) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut out = Vec::new();
    let read = unpack(bytes, bytes.len() as u64, LARGEST)
        .and_then(|mut reader| reader.read_to_end(&mut out));
    read.map_err(|error| Box::new(bad_archive(&error)))?;
    Ok(Cow::Owned(out))
}

/// Reads what is packed with gzip or zstd in `length` bytes, told by the first
/// of them, and fails where there is more of it than `largest`, or than so
/// little can honestly hold.
pub(super) fn unpack<'a>(
    mut packed: impl BufRead + Send + 'a,
    length: u64,
    largest: u64,
) -> io::Result<Box<dyn Read + Send + 'a>> {
    let most = length.saturating_mul(HIGHEST_RATIO).clamp(SMALL, largest);
    let inner: Box<dyn Read + Send + 'a> = if packed.fill_buf()?.starts_with(&[0x1F, 0x8B]) {
        Box::new(flate2::bufread::MultiGzDecoder::new(packed))
    } else {
        let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
        decoder.window_log_max(WINDOW)?;
        Box::new(decoder)
    };
    Ok(Box::new(Unpacked { inner, left: most, length, most }))
}

/// What comes out of an archive, up to its limit.
struct Unpacked<R> {
    inner: R,
    left: u64,
    length: u64,
    most: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let Some(left) = self.left.checked_sub(read as u64) else {
            let what = format!("{} bytes unpack to more than {}", self.length, self.most);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        };
        self.left = left;
        Ok(read)
    }
}

/// That an archive can't be unpacked.
pub(super) fn bad_archive(error: &io::Error) -> Problem {
    let is_large = error.kind() == io::ErrorKind::FileTooLarge;
    let code = if is_large { "archive-too-large" } else { "bad-archive" };
    Problem::broken(code, "", error.to_string())
}

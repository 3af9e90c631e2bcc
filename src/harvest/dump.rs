//! Bodies that are too large for the memory lie in a file (contract F47).
//!
//! The file has no name, so that nothing of it is left whatever happens, and
//! is read from as many places at once as somebody likes.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// From which length on a body that may be large lies on the disk: 8 MiB, and
/// less in tests, so that they are quick.
pub const LARGE: usize = if cfg!(test) { 512 << 10 } else { 8 << 20 };

/// How much of what lies on the disk is in memory as well: enough to tell what
/// it is.
pub const HEAD: usize = 128 << 10;

/// How much is written and read at once.
const AT_ONCE: usize = 256 << 10;

/// A body in a file without a name; copies are of the same file.
#[derive(Debug, Clone)]
pub struct Dump {
    file: Arc<File>,
    length: u64,
}

/// Reads a [`Dump`] from a place on.
#[derive(Debug)]
pub struct Reader {
    dump: Dump,
    at: u64,
}

impl Dump {
    /// Its bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads it from the byte `at` on.
    #[must_use]
    pub fn read_from(&self, at: u64) -> Reader {
        Reader { dump: self.clone(), at }
    }

    /// The bytes from `start` to before `end`.
    ///
    /// # Errors
    ///
    /// When the disk can't be read, or the body ends before.
    pub fn bytes(&self, start: u64, end: u64) -> io::Result<Vec<u8>> {
        let length = usize::try_from(end.saturating_sub(start)).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes)
    }

    /// Puts `bytes` at a place of it.
    ///
    /// # Errors
    ///
    /// When the disk can't be written.
    pub fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, at)
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.dump.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// What is written: in memory while it is small, and then on the disk.
#[derive(Debug)]
pub struct Spool {
    /// Where large bodies go; `None` keeps all in memory.
    directory: Option<PathBuf>,
    /// All of it while it is small, and then its head.
    bytes: Vec<u8>,
    file: Option<BufWriter<File>>,
    length: u64,
    hasher: blake3::Hasher,
}

/// A body, wherever it lies.
#[derive(Debug, Default)]
pub struct Spooled {
    /// The body, or the head of one that lies on the disk.
    pub bytes: Vec<u8>,
    /// The body, when it lies on the disk.
    pub dump: Option<Dump>,
    /// BLAKE3 of the whole, in hexadecimal digits.
    pub hash: String,
}

impl Spooled {
    /// How many bytes the body has.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.dump.as_ref().map_or(self.bytes.len() as u64, Dump::length)
    }
}

impl Spool {
    /// An empty one, whose body goes to a file in `directory` when it is
    /// [`LARGE`].
    #[must_use]
    pub fn new(directory: Option<&Path>) -> Self {
        let directory = directory.map(Path::to_owned);
        Self { directory, bytes: Vec::new(), file: None, length: 0, hasher: blake3::Hasher::new() }
    }

    /// An empty one in a file in `directory`, however small it stays.
    ///
    /// # Errors
    ///
    /// When no file can be made there.
    pub fn on_disk(directory: &Path) -> io::Result<Self> {
        let mut spool = Self::new(Some(directory));
        spool.move_out(directory)?;
        Ok(spool)
    }

    fn move_out(&mut self, directory: &Path) -> io::Result<()> {
        std::fs::create_dir_all(directory)?;
        let file = tempfile::tempfile_in(directory)?;
        let mut file = BufWriter::with_capacity(AT_ONCE, file);
        file.write_all(&self.bytes)?;
        self.bytes.truncate(HEAD);
        self.bytes.shrink_to_fit();
        self.file = Some(file);
        Ok(())
    }

    /// How many bytes were written.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// What was written.
    ///
    /// # Errors
    ///
    /// When the disk can't be written.
    pub fn finish(self) -> io::Result<Spooled> {
        let hash = self.hasher.finalize().to_hex().to_string();
        let dump = match self.file {
            None => None,
            Some(file) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                Some(Dump { file: Arc::new(file), length: self.length })
            }
        };
        Ok(Spooled { bytes: self.bytes, dump, hash })
    }
}

impl Write for Spool {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        if self.file.is_none()
            && self.bytes.len() + part.len() > LARGE
            && let Some(directory) = self.directory.clone()
        {
            self.move_out(&directory)?;
        }
        match &mut self.file {
            Some(file) => file.write_all(part)?,
            None => self.bytes.extend_from_slice(part),
        }
        self.hasher.update(part);
        self.length += part.len() as u64;
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), BufWriter::flush)
    }
}

#[cfg(test)]
#[path = "dump_tests.rs"]
mod tests;

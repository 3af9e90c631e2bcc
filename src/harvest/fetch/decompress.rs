//! Bodies are decompressed here, so that the limits hold on what comes out:
//! neither its length nor its growth is believed before.
//!
//! Sources: RFC 9110, section 8.4; RFC 9659 for the window of Zstandard.

use std::io::{self, Write};

use brotli_decompressor::{BrotliDecoderParameter, DecompressorWriter};
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::harvest::dump::{Spool, Spooled};

use super::error::FetchError;

/// What is asked for with `Accept-Encoding`.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";
/// Compressions one within another: servers in a row sometimes compress
/// twice, nobody means three.
const MAX_CODINGS: usize = 3;
/// The window of Zstandard as a power of two, by RFC 9659.
const ZSTD_WINDOW: u32 = 23;
/// The room for what comes out of Brotli at once.
const BROTLI_BUFFER: usize = 16 * 1024;

/// How long a body may become.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cap {
    /// Bytes at the most.
    pub(super) bytes: usize,
    /// Whether what is beyond is left out rather than refused.
    pub(super) is_cut: bool,
    /// How many times longer than it came over the wire.
    pub(super) ratio: u64,
    /// From which length on that holds.
    pub(super) ratio_from: u64,
}

/// A body that is being decompressed.
pub(super) struct Body {
    decoder: Decoder,
}

enum Decoder {
    Plain(Sink),
    Coded(Box<dyn Stage>),
    /// One of the forms of `deflate`, which is told by the first two bytes.
    Deflate(Vec<u8>, Option<Sink>),
}

/// The end of the line: what is decompressed, within its cap.
struct Sink {
    spool: Spool,
    cap: Cap,
    wire: u64,
    failure: Option<FetchError>,
    /// Whether the cap is reached, where that is no failure.
    is_full: bool,
}

/// One decompression, or the sink.
trait Stage: Write + Send {
    fn finish(&mut self) -> io::Result<()>;
    fn sink(&mut self) -> &mut Sink;
}

impl Body {
    /// A body in these codings, as `Content-Encoding` names them, which goes to
    /// `spool`.
    ///
    /// # Errors
    ///
    /// [`FetchError::Coding`] for a coding that nobody knows, or too many.
    pub(super) fn new(codings: &str, cap: Cap, spool: Spool) -> Result<Self, FetchError> {
        let sink = Sink { spool, cap, wire: 0, failure: None, is_full: false };
        let codings: Vec<String> = codings
            .split(',')
            .map(|coding| coding.trim().to_ascii_lowercase())
            .filter(|coding| !coding.is_empty() && coding != "identity")
            .collect();
        let decoder = match codings.as_slice() {
            [] => Decoder::Plain(sink),
            [coding] if coding == "deflate" => Decoder::Deflate(Vec::new(), Some(sink)),
            codings if codings.len() <= MAX_CODINGS => {
                let mut stage: Box<dyn Stage> = Box::new(sink);
                // The last one was applied last, and is undone first.
                for coding in codings {
                    stage = decoding(coding, stage)?;
                }
                Decoder::Coded(stage)
            }
            _ => return Err(FetchError::Coding(format!("{} codings", codings.len()))),
        };
        Ok(Self { decoder })
    }

    /// Takes a part of the body; tells whether more is wanted.
    ///
    /// # Errors
    ///
    /// [`FetchError::TooLarge`], [`FetchError::Bomb`] or
    /// [`FetchError::Coding`].
    pub(super) fn push(&mut self, part: &[u8]) -> Result<bool, FetchError> {
        if let Decoder::Deflate(head, sink) = &mut self.decoder {
            head.extend_from_slice(part);
            if head.len() < 2 {
                return Ok(true);
            }
            let head = std::mem::take(head);
            let Some(sink) = sink.take() else { return Ok(false) };
            self.decoder = Decoder::Coded(deflate(&head, Box::new(sink)));
            return self.write(&head);
        }
        self.write(part)
    }

    fn write(&mut self, part: &[u8]) -> Result<bool, FetchError> {
        match &mut self.decoder {
            Decoder::Plain(sink) => {
                sink.wire += part.len() as u64;
                let written = sink.write_all(part);
                sink.result(written)
            }
            Decoder::Coded(stage) => {
                stage.sink().wire += part.len() as u64;
                let written = stage.write_all(part);
                stage.sink().result(written)
            }
            Decoder::Deflate(..) => Ok(true),
        }
    }

    /// What came out, once everything was taken.
    ///
    /// # Errors
    ///
    /// As [`Self::push`], and [`FetchError::BrokenOff`] when the end is
    /// missing.
    pub(super) fn finish(self) -> Result<Spooled, FetchError> {
        let spool = match self.decoder {
            Decoder::Plain(sink) => sink.spool,
            Decoder::Deflate(..) => Spool::new(None),
            Decoder::Coded(mut stage) => {
                if stage.sink().wire > 0 && !stage.sink().is_full {
                    let finished = stage.finish();
                    let sink = stage.sink();
                    sink.result(finished).map_err(|error| match error {
                        FetchError::Coding(reason) => {
                            FetchError::BrokenOff { bytes: sink.wire, reason }
                        }
                        other => other,
                    })?;
                }
                std::mem::replace(&mut stage.sink().spool, Spool::new(None))
            }
        };
        spool.finish().map_err(|error| FetchError::Disk(error.to_string()))
    }
}

fn decoding(coding: &str, inner: Box<dyn Stage>) -> Result<Box<dyn Stage>, FetchError> {
    Ok(match coding {
        "gzip" | "x-gzip" => Box::new(Gzip(MultiGzDecoder::new(inner))),
        "deflate" => Box::new(Zlib(ZlibDecoder::new(inner))),
        "br" => {
            let mut decoder = DecompressorWriter::new(inner, BROTLI_BUFFER);
            // Without it, a body could ask for a window of a gibibyte.
            decoder.set_parameter(BrotliDecoderParameter::BROTLI_DECODER_PARAM_LARGE_WINDOW, 0);
            Box::new(Brotli(decoder))
        }
        "zstd" => {
            let failed = |error: io::Error| FetchError::Coding(error.to_string());
            let mut decoder = zstd::stream::write::Decoder::new(inner).map_err(failed)?;
            decoder.window_log_max(ZSTD_WINDOW).map_err(failed)?;
            Box::new(Zstd(decoder))
        }
        other => {
            let other: String = other.chars().take(40).collect();
            return Err(FetchError::Coding(format!("`{other}` is unknown")));
        }
    })
}

/// `deflate` is zlib by the RFC, and without its header by habit.
fn deflate(head: &[u8], inner: Box<dyn Stage>) -> Box<dyn Stage> {
    let is_zlib = matches!(head, [first, second, ..]
        if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0);
    if is_zlib {
        Box::new(Zlib(ZlibDecoder::new(inner)))
    } else {
        Box::new(Deflate(DeflateDecoder::new(inner)))
    }
}

struct Gzip(MultiGzDecoder<Box<dyn Stage>>);
struct Zlib(ZlibDecoder<Box<dyn Stage>>);
struct Deflate(DeflateDecoder<Box<dyn Stage>>);
struct Brotli(DecompressorWriter<Box<dyn Stage>>);
struct Zstd(zstd::stream::write::Decoder<'static, Box<dyn Stage>>);

/// Makes a stage of a decoder: what is written goes through it, and finishing
/// it finishes the one behind.
macro_rules! stage {
    ($stage:ident, $finish:ident) => {
        impl Write for $stage {
            fn write(&mut self, part: &[u8]) -> io::Result<usize> {
                self.0.write(part)
            }

            fn flush(&mut self) -> io::Result<()> {
                self.0.flush()
            }
        }

        impl Stage for $stage {
            fn finish(&mut self) -> io::Result<()> {
                self.0.$finish()?;
                self.0.get_mut().finish()
            }

            fn sink(&mut self) -> &mut Sink {
                self.0.get_mut().sink()
            }
        }
    };
}

stage!(Gzip, try_finish);
stage!(Zlib, try_finish);
stage!(Deflate, try_finish);
stage!(Brotli, close);
stage!(Zstd, do_finish);

impl Sink {
    fn keep(&mut self, part: &[u8]) -> io::Result<usize> {
        self.spool.write_all(part).inspect_err(|error| {
            self.failure = Some(FetchError::Disk(error.to_string()));
        })?;
        Ok(part.len())
    }

    /// What came of writing, told by what stopped it.
    fn result(&mut self, written: io::Result<()>) -> Result<bool, FetchError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        if self.is_full {
            return Ok(false);
        }
        written.map(|()| true).map_err(|error| FetchError::Coding(error.to_string()))
    }
}

impl Write for Sink {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let written = usize::try_from(self.spool.length()).unwrap_or(usize::MAX);
        let room = self.cap.bytes.saturating_sub(written);
        let length = self.spool.length() + part.len() as u64;
        if length > self.cap.ratio_from && length > self.wire.saturating_mul(self.cap.ratio) {
            self.failure = Some(FetchError::Bomb(self.cap.ratio));
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if part.len() <= room {
            return self.keep(part);
        }
        if self.cap.is_cut {
            self.keep(&part[..room])?;
            self.is_full = true;
        } else {
            self.failure = Some(FetchError::TooLarge(self.cap.bytes as u64));
        }
        Err(io::ErrorKind::FileTooLarge.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stage for Sink {
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn sink(&mut self) -> &mut Sink {
        self
    }
}

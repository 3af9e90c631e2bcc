//! What the server and a query process say to each other.
//!
//! A message is its length in four bytes, little-endian, and then itself in
//! the postcard format. Both ends are the same program, so the format needs
//! no versions.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::graph::{Limits, QueryError, QueryRequest, ResultFormat};

/// The longest message, in bytes: a chunk of an answer, or a query.
const LONGEST: usize = 1024 * 1024;

/// What the server says to a process.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToWorker {
    /// First of all: what to open and how much to use.
    Setup(Setup),
    /// A query to run; the next comes when this one is answered.
    Run(QueryRequest),
}

/// What a process has to know before it opens anything.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Setup {
    /// The directory of the checkpoint.
    pub(super) checkpoint: PathBuf,
    /// Address space, in bytes.
    pub(super) memory_bytes: u64,
    /// Processor time of one query, in seconds.
    pub(super) seconds: u64,
    /// What a query may ask.
    pub(super) limits: Limits,
}

/// What a process says to the server.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FromWorker {
    /// The checkpoint is open.
    Ready,
    /// The query has an answer, of this format, and is past its early errors.
    Head(ResultFormat),
    /// A part of the answer.
    Body(Vec<u8>),
    /// The answer is complete.
    End,
    /// There is no answer, or it can't be completed.
    Failed(QueryError),
}

/// Writes a message and sends it off.
pub(super) fn write(writer: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    writer.write_all(&encode(message)?)?;
    writer.flush()
}

/// Reads a message; nothing when the other end has gone.
pub(super) fn read<M: DeserializeOwned>(reader: &mut impl Read) -> io::Result<Option<M>> {
    let mut length = [0; 4];
    match reader.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut message = vec![0; checked(length)?];
    reader.read_exact(&mut message)?;
    decode(&message).map(Some)
}

/// Writes a message and sends it off, without blocking.
pub(super) async fn send(
    writer: &mut (impl AsyncWrite + Unpin),
    message: &impl Serialize,
) -> io::Result<()> {
    writer.write_all(&encode(message)?).await?;
    writer.flush().await
}

/// Reads a message without blocking.
pub(super) async fn receive<M: DeserializeOwned>(
    reader: &mut (impl AsyncRead + Unpin),
) -> io::Result<M> {
    let mut length = [0; 4];
    reader.read_exact(&mut length).await?;
    let mut message = vec![0; checked(length)?];
    reader.read_exact(&mut message).await?;
    decode(&message)
}

fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = postcard::to_extend(message, vec![0; 4]).map_err(io::Error::other)?;
    let length = bytes.len() - 4;
    let length = u32::try_from(length).map_err(io::Error::other)?;
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    Ok(bytes)
}

fn decode<M: DeserializeOwned>(bytes: &[u8]) -> io::Result<M> {
    postcard::from_bytes(bytes).map_err(io::Error::other)
}

fn checked(length: [u8; 4]) -> io::Result<usize> {
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST {
        return Err(io::Error::other(format!("a message of {length} bytes is too long")));
    }
    Ok(length)
}

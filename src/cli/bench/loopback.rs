//! The register behind HTTP on this machine, and a client with one
//! connection that it keeps.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::super::clock::now;
use crate::register::Register;
use crate::web;
use crate::web::fixed::{self, Fixed};
use crate::web::kept;
use crate::web::layers::Surroundings;
use crate::web::serve::Options;
use crate::web::state::{App, AppState, Identity};
use crate::web::stop::Stop;

/// Nothing is kept: each answer is made when it is asked for.
pub(super) const EACH_ANEW: kept::Options =
    kept::Options { memory_bytes: 0, keep_for: Duration::ZERO };

/// A server that ends with this value.
pub(super) struct Server {
    address: SocketAddr,
    stop: Stop,
    runtime: Option<Runtime>,
}

impl Server {
    /// Serves `register`, without SPARQL, on a free port, and keeps answers
    /// as `answers` say.
    ///
    /// # Errors
    ///
    /// When the system gives no port or no threads.
    pub(super) fn start(register: &Arc<Register>, answers: kept::Options) -> Result<Self> {
        let register = Arc::clone(register);
        Self::listen(|listener, stop| async move {
            let identity = Identity::default();
            let app = App { register, sparql: None, stop: stop.clone(), clock: now, identity };
            let options = web::admission::Options::default();
            let surroundings = Surroundings { answers, ..Surroundings::default() };
            let router = web::router(AppState::new(app), &options, surroundings);
            web::serve::serve(listener, router, &Options::default(), &stop).await;
        })
    }

    /// Serves answers that lie ready, on a free port.
    ///
    /// # Errors
    ///
    /// As [`Server::start`].
    pub(super) fn fixed(answers: Vec<Fixed>) -> Result<Self> {
        Self::listen(|listener, stop| async move {
            let router = fixed::router(answers);
            web::serve::serve(listener, router, &Options::default(), &stop).await;
        })
    }

    fn listen<F>(serve: impl FnOnce(TcpListener, Stop) -> F) -> Result<Self>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let runtime = Runtime::new()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let stop = Stop::new();
        runtime.spawn(serve(listener, stop.clone()));
        Ok(Self { address, stop, runtime: Some(runtime) })
    }

    /// A client of this server.
    ///
    /// # Errors
    ///
    /// When it can't connect.
    pub(super) fn client(&self) -> Result<Client> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        let host = self.address.to_string();
        Ok(Client { host, reader: BufReader::new(stream), body: Vec::new() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.request();
        self.stop.request();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The head of an answer.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Its entity tag, with the quotes.
    pub(super) tag: Option<String>,
    pub(super) content_type: Option<String>,
}

/// One connection.
pub(super) struct Client {
    host: String,
    reader: BufReader<TcpStream>,
    body: Vec<u8>,
}

impl Client {
    /// Gets `path` as JSON, and gives the body.
    ///
    /// # Errors
    ///
    /// When the answer isn't 200 or can't be read.
    pub(super) fn get(&mut self, path: &str) -> Result<&[u8]> {
        let status = self.ask(path, "application/json", None)?.status;
        if status != 200 {
            bail!("{path} gave {status}: {}", String::from_utf8_lossy(&self.body));
        }
        Ok(&self.body)
    }

    /// The body of the last answer.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Asks for `path` in the formats of `accept`; `has` is the entity tag of
    /// what the client has already.
    ///
    /// # Errors
    ///
    /// When the answer can't be read.
    pub(super) fn ask(&mut self, path: &str, accept: &str, has: Option<&str>) -> Result<Reply> {
        let mut request =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: {accept}\r\n", self.host);
        if let Some(tag) = has {
            request.extend(["If-None-Match: ", tag, "\r\n"]);
        }
        request += "\r\n";
        self.reader.get_mut().write_all(request.as_bytes())?;
        let line = self.line()?;
        let status = line.split(' ').nth(1).unwrap_or_default().parse()?;
        let mut reply = Reply { status, tag: None, content_type: None };
        let mut length = None;
        loop {
            let header = self.line()?;
            if header.is_empty() {
                break;
            }
            let (name, value) = header.split_once(':').unwrap_or((&header, ""));
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.parse::<usize>()?),
                "etag" => reply.tag = Some(value.to_owned()),
                "content-type" => reply.content_type = Some(value.to_owned()),
                _ => {}
            }
        }
        self.body.clear();
        match length {
            Some(length) => {
                self.body.resize(length, 0);
                self.reader.read_exact(&mut self.body)?;
            }
            None if status == 304 => {}
            None => self.chunks()?,
        }
        Ok(reply)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            bail!("the server closed the connection");
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }

    fn chunks(&mut self) -> Result<()> {
        loop {
            let size = self.line()?;
            let size = usize::from_str_radix(&size, 16).context("a chunk without a size")?;
            let start = self.body.len();
            self.body.resize(start + size, 0);
            self.reader.read_exact(&mut self.body[start..])?;
            self.line()?;
            if size == 0 {
                return Ok(());
            }
        }
    }
}

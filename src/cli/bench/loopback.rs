//! The register behind HTTP on this machine, and a client with one
//! connection that it keeps.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::super::clock::now;
use crate::register::Register;
use crate::web;
use crate::web::layers::Surroundings;
use crate::web::serve::Options;
use crate::web::state::{App, AppState, Identity};
use crate::web::stop::Stop;

/// A server that ends with this value.
pub(super) struct Server {
    address: SocketAddr,
    stop: Stop,
    runtime: Option<Runtime>,
}

impl Server {
    /// Serves `register`, without SPARQL, on a free port.
    ///
    /// # Errors
    ///
    /// When the system gives no port or no threads.
    pub(super) fn start(register: &Arc<Register>) -> Result<Self> {
        let runtime = Runtime::new()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let stop = Stop::new();
        let register = Arc::clone(register);
        let identity = Identity::default();
        let app = App { register, sparql: None, stop: stop.clone(), clock: now, identity };
        let router = web::router(
            AppState::new(app),
            &web::admission::Options::default(),
            Surroundings::default(),
        );
        let until = stop.clone();
        runtime.spawn(async move {
            web::serve::serve(listener, router, &Options::default(), &until).await
        });
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
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\n\r\n",
            self.host
        );
        self.reader.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?;
        let mut length = None;
        loop {
            let header = self.line()?;
            if header.is_empty() {
                break;
            }
            let (name, value) = header.split_once(':').unwrap_or((&header, ""));
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.trim().parse::<usize>()?);
            }
        }
        self.body.clear();
        match length {
            Some(length) => {
                self.body.resize(length, 0);
                self.reader.read_exact(&mut self.body)?;
            }
            None => self.chunks()?,
        }
        if !status.starts_with("HTTP/1.1 200") {
            bail!("{path} gave {status}: {}", String::from_utf8_lossy(&self.body));
        }
        Ok(&self.body)
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

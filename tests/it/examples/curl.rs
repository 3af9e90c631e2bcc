//! The part of curl that the documents use.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::blocks::Block;

/// A request that a document shows.
pub(super) struct Example {
    /// The document and the line of the block.
    pub(super) at: String,
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    body: String,
    /// The status after the `#` at its end.
    status: Option<u16>,
}

impl Example {
    /// The path of the address, without parameters.
    pub(super) fn path(&self, base: &str) -> String {
        let target = self.target(base);
        target.split('?').next().unwrap_or_default().to_owned()
    }

    /// Whether `status` is what the document says, or good when it says none.
    pub(super) fn expects(&self, status: u16) -> bool {
        self.status.map_or((200..400).contains(&status), |expected| expected == status)
    }

    fn target(&self, base: &str) -> String {
        let target = self
            .url
            .strip_prefix(base)
            .unwrap_or_else(|| panic!("{}: `{}` does not begin with $KIST", self.at, self.url));
        if target.starts_with('/') { target.to_owned() } else { format!("/{target}") }
    }
}

/// The requests of a block, with its variables put in.
pub(super) fn examples(block: &Block, base: &str, token: &str) -> Vec<Example> {
    let joined = block.text.replace("\\\n", " ");
    let commands = joined.lines().filter(|line| line.starts_with("curl "));
    commands.map(|line| example(block, &fill(line, base, token))).collect()
}

fn fill(line: &str, base: &str, token: &str) -> String {
    line.replace("$KIST", base).replace("$TOKEN", token)
}

fn example(block: &Block, line: &str) -> Example {
    let (line, status) = match line.rsplit_once(" # ") {
        Some((line, status)) => (line, status.trim().parse().ok()),
        None => (line, None),
    };
    let mut example = Example {
        at: block.at.clone(),
        method: String::new(),
        url: String::new(),
        headers: Vec::new(),
        body: String::new(),
        status,
    };
    let mut pairs: Vec<String> = Vec::new();
    let mut in_address = false;
    let mut words = words(line).into_iter().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_else(|| panic!("{}: {word} what?", block.at));
        match word.as_str() {
            "|" | ">" => break,
            "-s" | "-i" | "-L" => {}
            "-I" => "HEAD".clone_into(&mut example.method),
            "-G" => in_address = true,
            "-o" | "-w" => drop(value()),
            "-X" => example.method = value(),
            "-d" | "--data-binary" => example.body = value(),
            "--data-urlencode" => pairs.push(encode(&value())),
            "-H" => {
                let header = value();
                let (name, value) = header.split_once(": ").unwrap();
                example.headers.push((name.to_owned(), value.to_owned()));
            }
            _ if word.starts_with('-') => panic!("{}: the test does not know {word}", block.at),
            _ => example.url = word,
        }
    }
    if in_address {
        example.url = format!("{}?{}", example.url, pairs.join("&"));
    } else if !pairs.is_empty() {
        example.body = pairs.join("&");
    }
    if example.method.is_empty() {
        let method = if example.body.is_empty() { "GET" } else { "POST" };
        method.clone_into(&mut example.method);
    }
    let has_type =
        example.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if !example.body.is_empty() && !has_type {
        let form = "application/x-www-form-urlencoded".to_owned();
        example.headers.push(("Content-Type".to_owned(), form));
    }
    example
}

/// `name=value` with its value encoded.
fn encode(pair: &str) -> String {
    let (name, value) = pair.split_once('=').unwrap();
    let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
    format!("{name}={value}")
}

/// The words of a command, without their quotes.
fn words(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, ' ') => found.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    assert_eq!(quote, None, "`{line}` has an open quote");
    found.extend(word);
    found
}

/// Sends the request and gives the status of the answer.
pub(super) fn send(address: SocketAddr, example: &Example, base: &str) -> u16 {
    let host = base.trim_start_matches("http://");
    let target = example.target(base).replace(' ', "%20");
    let mut head = format!("{} {target} HTTP/1.0\r\nhost: {host}\r\n", example.method);
    for (name, value) in &example.headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    let text = format!("{head}content-length: {}\r\n\r\n{}", example.body.len(), example.body);
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    // The answer may be compressed, so it is bytes.
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

//! The examples of the documentation, run against the real program.
//!
//! Every `curl` of a `sh` block is sent as it stands, every `sparql` block is
//! asked, every `toml` block is read as settings, and every `kist` command is
//! looked up in the program's own help. What a document promises is so, or a
//! test fails.

mod blocks;
mod curl;
pub(crate) mod formats;
mod links;
mod routes;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use kist::config::Config;

use crate::program::{BASE, Server, finish, get, kist, make_register, request, run};
use blocks::{Block, blocks};
use curl::{Example, examples};
use routes::Routes;

/// A register with the seeds, and a token that may write.
struct Seeded {
    server: Server,
    token: String,
    _directory: tempfile::TempDir,
}

fn seeded() -> Seeded {
    let directory = tempfile::tempdir().unwrap();
    make_register(directory.path());
    let line = "token create --label examples --scope admin";
    let token = run(line, directory.path()).with(0).stdout.trim().to_owned();
    let server = Server::start(directory.path(), &["--seed"]);
    Seeded { server, token, _directory: directory }
}

fn fenced(language: &str) -> Vec<Block> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found: Vec<Block> =
        blocks(root).into_iter().filter(|block| block.language == language).collect();
    assert!(!found.is_empty(), "no document has a block of {language}");
    found
}

#[test]
fn every_request_of_the_documents_is_answered_as_they_say() {
    let seeded = seeded();
    let address = seeded.server.address();
    let routes = Routes::read(&get(address, "/api/openapi.json").json());
    let mut faults = Vec::new();
    let mut shown = Vec::new();
    for example in fenced("sh").iter().flat_map(|block| examples(block, BASE, &seeded.token)) {
        let path = example.path(BASE);
        match routes.find(&example.method, &path) {
            Some(route) => shown.push(route.clone()),
            None if routes.is_beside(&path) => {}
            None => faults.push(format!("{}: no route is {} {path}", example.at, example.method)),
        }
        let status = curl::send(address, &example, BASE);
        if !example.expects(status) {
            faults
                .push(format!("{}: {} {path} is answered by {status}", example.at, example.method));
        }
    }
    for route in routes.names() {
        if !shown.contains(&route) {
            faults.push(format!("no document has an example of {route}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_query_of_the_documents_finds_something() {
    let seeded = seeded();
    let mut faults = Vec::new();
    for block in fenced("sparql") {
        if let Err(fault) = ask(seeded.server.address(), &block.text) {
            faults.push(format!("{}: {fault}", block.at));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Asks a query, and says what is wrong with the answer.
fn ask(address: SocketAddr, query: &str) -> Result<(), String> {
    let headers = [
        ("content-type", "application/sparql-query"),
        ("accept", "text/csv, application/n-triples;q=0.9"),
    ];
    let answer = request(address, "POST", "/sparql", &headers, query).unwrap();
    // The first line of a table has its names alone; a graph has no such line.
    let names = usize::from(!query.contains("CONSTRUCT"));
    match answer.body.lines().count() {
        _ if answer.status != 200 => Err(format!("{} {}", answer.status, answer.body)),
        lines if lines <= names => Err("nothing is found".to_owned()),
        _ => Ok(()),
    }
}

#[test]
fn every_file_of_settings_in_the_documents_can_be_read() {
    for block in fenced("toml") {
        let read = Config::gather(Some((&block.at, &block.text)), [], &[]);
        assert!(read.is_ok(), "{read:?}");
    }
}

/// Each value of `table` with its way there, such as `server.listen`.
fn settings(above: &str, table: &toml::Table) -> BTreeMap<String, toml::Value> {
    let mut all = BTreeMap::new();
    for (name, value) in table {
        match value {
            toml::Value::Table(table) => all.extend(settings(&format!("{above}{name}."), table)),
            _ => drop(all.insert(format!("{above}{name}"), value.clone())),
        }
    }
    all
}

#[test]
fn every_setting_is_in_the_documents_with_its_default() {
    let printed: toml::Table = finish(kist().arg("config")).with(0).stdout.parse().unwrap();
    let told = fenced("toml").into_iter().find(|block| block.text.starts_with("[server]"));
    let told: toml::Table = told.unwrap().text.parse().unwrap();
    let told = settings("", &told);
    for (name, default) in settings("", &printed) {
        assert_eq!(told.get(&name), Some(&default), "{name}");
    }
}

#[test]
fn every_command_of_the_documents_is_one_of_the_program() {
    for block in fenced("sh") {
        for line in block.text.lines().filter(|line| line.starts_with("kist ")) {
            let command = line.split(['|', '>', '#']).next().unwrap_or_default();
            let is_word = |word: &&str| word.chars().all(|letter| letter.is_ascii_lowercase());
            let words = command.split_whitespace().skip(1);
            let verbs = words.clone().take_while(is_word).take(depth(command));
            let help = finish(kist().args(verbs).arg("--help")).with(0).stdout;
            for flag in words.filter(|word| word.starts_with("--")) {
                assert!(help.contains(flag), "{}: `{command}` has no {flag}", block.at);
            }
        }
    }
}

/// How many words name the command: two where commands have commands.
fn depth(command: &str) -> usize {
    let nests = ["token", "gazetteer", "ontology", "harvest"];
    1 + usize::from(command.split_whitespace().nth(1).is_some_and(|word| nests.contains(&word)))
}

/// The only example of a block.
fn only(text: &str) -> Example {
    let block = Block { at: "here".to_owned(), language: "sh".to_owned(), text: text.to_owned() };
    examples(&block, BASE, "secret").remove(0)
}

#[test]
fn a_command_is_read_as_a_shell_would() {
    let text = "curl -s -X PUT \"$KIST/a?b=c d\" \\\n  -H 'If-Match: \"1\"' -H \"Authorization: Bearer $TOKEN\" -d '{}' | head # 412";
    let example = only(text);
    assert_eq!((example.method.as_str(), example.path(BASE).as_str()), ("PUT", "/a"));
    assert_eq!(example.headers.first(), Some(&("If-Match".to_owned(), "\"1\"".to_owned())));
    let token = ("Authorization".to_owned(), "Bearer secret".to_owned());
    assert!(example.headers.contains(&token));
    assert!(example.expects(412) && !example.expects(200));
}

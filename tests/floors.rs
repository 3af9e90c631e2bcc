//! The house stands as its plan says.
//!
//! Reads the sources as text: which top module names which, where the heavy
//! dependencies are used, how long files are. The plan is in the tables below
//! and, with its reasons, in `docs/architecture.md`. A module without a floor
//! is a fault too, so that each new one is given its place on purpose.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// The top modules by height. One may name only those that are lower; those
/// of the same height never name each other.
const FLOORS: &[(u8, &[&str])] = &[
    (1, &["background", "private", "telemetry", "vocab", "model"]),
    (2, &["schema"]),
    (3, &["record"]),
    (10, &["journal", "graph", "index", "gazetteer"]),
    (20, &["register"]),
    (30, &["harvest", "web"]),
    (41, &["config"]),
    (50, &["cli"]),
    (60, &["main"]),
];

/// The faces of `web`: what answers under addresses of its own. None names
/// another, and nothing that they share names one; `web/mod.rs` alone puts
/// them together.
const FACES: &[&str] = &[
    "admin",
    "aliss",
    "api",
    "catalogue",
    "changes",
    "embed",
    "linked_data",
    "lists",
    "ontology",
    "open_referral",
    "operations",
    "pages",
    "problem_pages",
    "security_txt",
    "sitemap",
    "sparql",
    "websub",
];

/// The heavy dependencies, each with the rooms (folders or files) in which
/// alone it is used.
const ROOMS: &[(&[&str], &[&str])] = &[
    (
        &["oxigraph::io", "oxigraph::sparql", "oxigraph::store", "spargebra", "sparesults"],
        &["graph/", "record/", "schema/", "web/sparql", "harvest/markup", "harvest/format"],
    ),
    // The terms of RDF are values, for all who move records.
    (
        &["oxigraph"],
        &[
            "vocab.rs",
            "graph/",
            "record/",
            "schema/",
            "register/",
            "web/sparql",
            "harvest/markup",
            "harvest/format",
        ],
    ),
    (&["rusqlite"], &["journal/"]),
    (&["tantivy"], &["index/"]),
    (&["axum", "tower", "tower_http"], &["web/"]),
    (&["pulldown_cmark"], &["web/pages"]),
    (&["hyper", "hyper_util"], &["web/", "harvest/fetch"]),
    (&["scraper", "lol_html", "ammonia", "html5ever"], &["harvest/"]),
    (&["quick_xml", "calcard", "calamine", "feedparser_rs", "oxjsonld"], &["harvest/"]),
    (&["reqwest"], &["gazetteer/fetch", "harvest/", "cli/"]),
    (&["clap", "anyhow", "indicatif"], &["cli/", "main.rs"]),
];

/// What must never be linked: a client inside the query engine, and a second
/// implementation of TLS.
const BANNED: &[&str] = &["oxhttp", "openssl", "openssl-sys", "native-tls"];

/// The most lines of a source file.
const MOST_LINES: usize = 600;

/// Folders of the machines on which the project is made.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/")];

#[test]
fn every_source_file_keeps_to_the_plan() {
    let sources = files(&root().join("src"), "rs");
    assert!(!sources.is_empty());
    let faults: Vec<String> = sources
        .iter()
        .flat_map(|file| {
            let name = file.strip_prefix(root().join("src")).unwrap_or(file);
            faults(&name.to_string_lossy(), &read(file))
        })
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_table_of_routes_of_the_web_is_a_face() {
    let text = read(&root().join("src/web/mod.rs"));
    let tables = ["::routes(", "::router("].into_iter().flat_map(|call| before_each(&text, call));
    let strange: Vec<&str> =
        tables.filter(|module| *module != "route" && !FACES.contains(module)).collect();
    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn the_modules_of_the_web_form_no_circle() {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files(&root().join("src/web"), "rs") {
        let name = file.strip_prefix(root().join("src")).unwrap_or(&file);
        let name = name.to_string_lossy();
        let Some(own) = module_of_web(&name) else { continue };
        let below = named.entry(own.to_owned()).or_default();
        for line in read(&file).lines() {
            let others = named_in_web(without_comment(line), &name).into_iter();
            below.extend(others.filter(|other| other != own));
        }
    }
    assert_eq!(circle(&named), None);
}

#[test]
fn nothing_banned_is_in_the_lock_file() {
    let faults = banned(&read(&root().join("Cargo.lock")));
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn each_link_between_documents_leads_somewhere() {
    let mut documents = files(&root().join("docs"), "md");
    documents.extend(["README.md", "CONTRIBUTING.md"].map(|name| root().join(name)));
    let faults: Vec<String> = documents
        .iter()
        .filter(|document| document.exists())
        .flat_map(|document| {
            let folder = document.parent().unwrap_or(document).to_owned();
            let text = read(document);
            let links = relative_links(&text).into_iter();
            let broken = links.filter(|link| !folder.join(link).exists());
            broken.map(|link| format!("{}: {link}", document.display())).collect::<Vec<_>>()
        })
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Every way in which the file `name`, relative to `src`, leaves the plan.
fn faults(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let own = top_module(name);
    if own != "lib" && floor(own).is_none() {
        faults.push(format!("{name}: `{own}` has no floor in tests/floors.rs"));
    }
    let lines = text.lines().count();
    if lines > MOST_LINES {
        faults.push(format!("{name}: {lines} lines, of {MOST_LINES} at most"));
    }
    for (index, line) in text.lines().enumerate() {
        let at = format!("{name}:{}", index + 1);
        if MACHINE_PATHS.iter().any(|path| line.contains(path)) {
            faults.push(format!("{at}: a path of one machine"));
        }
        let code = without_comment(line);
        if code.contains("use crate::{") || code.contains("use crate::*") {
            faults.push(format!("{at}: one `use crate::module::…` line for each module"));
        }
        for named in named_modules(code, depth(name)) {
            if own != "lib" && named != own && !is_below(&named, own) {
                faults.push(format!("{at}: `{own}` names `{named}`, which is not below it"));
            }
        }
        let part = module_of_web(name);
        for face in named_in_web(code, name).iter().filter(|face| FACES.contains(&face.as_str())) {
            if part.is_some_and(|part| part != face) {
                faults.push(format!("{at}: only `web/mod.rs` names the face `{face}`"));
            }
        }
        for (dependencies, rooms) in ROOMS {
            let used = dependencies.iter().find(|dependency| uses(code, dependency));
            if let Some(used) = used
                && !rooms.iter().any(|room| name.starts_with(room))
            {
                faults.push(format!("{at}: `{used}` is used outside {}", rooms.join(", ")));
            }
        }
    }
    faults
}

fn banned(lock: &str) -> Vec<&'static str> {
    let has = |name: &&&str| lock.lines().any(|line| line == format!("name = \"{name}\""));
    BANNED.iter().filter(has).copied().collect()
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, modules)| modules.contains(&module)).map(|(height, _)| *height)
}

/// A name that is no top module, such as `crate::Something`, is the crate's
/// own surface, which nobody below it may name either.
fn is_below(named: &str, own: &str) -> bool {
    match (floor(named), floor(own)) {
        (Some(named), Some(own)) => named < own,
        _ => false,
    }
}

fn top_module(name: &str) -> &str {
    let first = name.split('/').next().unwrap_or(name);
    let module = first.strip_suffix(".rs").unwrap_or(first);
    // Tests that stand beside a file of the root are of its floor.
    module.strip_suffix("_tests").unwrap_or(module)
}

/// How many `super::` lead from the module of a file to the crate.
fn depth(name: &str) -> usize {
    let parts = name.split('/').count();
    if name.ends_with("/mod.rs") { parts - 1 } else { parts }
}

/// The line without what follows `//` outside a string.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match character {
            '"' if before != '\\' && before != '\'' => quoted = !quoted,
            '/' if before == '/' && !quoted => return &line[..at - 1],
            _ => {}
        }
        before = character;
    }
    line
}

/// The modules right under the crate that a line names, by `crate::name` or
/// by as many `super::` as lead there.
fn named_modules(code: &str, depth: usize) -> Vec<String> {
    let ups = "super::".repeat(depth);
    let by_crate = after_each(code, "crate::").filter(|name| !name.is_empty());
    let by_super = after_each(code, &ups).filter(|name| floor(name).is_some());
    by_crate.chain(by_super).collect()
}

/// The identifier after each occurrence of `path` that stands for itself.
fn after_each<'a>(code: &'a str, path: &'a str) -> impl Iterator<Item = String> {
    code.match_indices(path).filter_map(move |(at, _)| {
        let before = code[..at].chars().next_back();
        let alone = before.is_none_or(|before| !is_part_of_name(before) && before != '$');
        let rest = &code[at + path.len()..];
        alone.then(|| rest.chars().take_while(|next| is_part_of_name(*next)).collect())
    })
}

/// The module right under `web` to which a file belongs; none of `web/mod.rs`.
fn module_of_web(name: &str) -> Option<&str> {
    let within = name.strip_prefix("web/").filter(|within| *within != "mod.rs")?;
    Some(top_module(within))
}

/// The modules right under `web` that a line of a file of `web` names, by
/// `crate::web::name` or by as many `super::` as lead there.
fn named_in_web(code: &str, name: &str) -> Vec<String> {
    let Some(within) = name.strip_prefix("web/") else { return Vec::new() };
    let ups = "super::".repeat(depth(within));
    let by_super = after_each(code, &ups).filter(|_| !ups.is_empty());
    let names = after_each(code, "crate::web::").chain(by_super);
    // What begins with a capital, or ends a path, is no module.
    names.filter(|name| name.starts_with(char::is_lowercase)).collect()
}

/// The identifier before each occurrence of `call`.
fn before_each<'a>(text: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(call)
        .filter_map(|(at, _)| text[..at].rsplit(|character| !is_part_of_name(character)).next())
}

/// Modules that name each other in a circle, the first of them once more at
/// the end.
fn circle(named: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    named.keys().find_map(|module| way_back(module, named, &mut Vec::new(), &mut done))
}

fn way_back(
    module: &str,
    named: &BTreeMap<String, BTreeSet<String>>,
    way: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(begin) = way.iter().position(|before| before == module) {
        way.push(module.to_owned());
        return Some(way.split_off(begin));
    }
    if !done.insert(module.to_owned()) {
        return None;
    }
    way.push(module.to_owned());
    let below = named.get(module).into_iter().flatten();
    for other in below.filter(|other| named.contains_key(*other)) {
        if let Some(found) = way_back(other, named, way, done) {
            return Some(found);
        }
    }
    way.pop();
    None
}

fn is_part_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether code names a dependency, or a module of it: `use name;`,
/// `name::…`. Of a dependency whose modules have different rooms, braces right
/// after its name may hold any of them.
fn uses(code: &str, dependency: &str) -> bool {
    if let Some((root, _)) = dependency.split_once("::")
        && code.contains(&format!("use {root}::{{"))
    {
        return true;
    }
    code.match_indices(dependency).any(|(at, _)| {
        let before = code[..at].trim_end();
        let alone = !code[..at].ends_with(|before: char| is_part_of_name(before) || before == '.');
        let rest = &code[at + dependency.len()..];
        let is_use = before.ends_with("use") || before.ends_with("extern crate");
        let is_root = !before.ends_with("::") || before.ends_with(" ::");
        alone && is_root && (rest.starts_with("::") || (is_use && rest.starts_with([';', ' '])))
    })
}

/// The targets of the links of a Markdown document that are no addresses,
/// without their fragments.
fn relative_links(text: &str) -> Vec<&str> {
    text.match_indices("](")
        .filter_map(|(at, _)| text[at + 2..].split(')').next())
        .filter(|link| !link.contains(':') && !link.starts_with(['#', '/']))
        .map(|link| link.split('#').next().unwrap_or(link))
        .collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The files under `folder` whose names end in `.extension`, in order.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

mod the_test_itself {
    use super::*;

    #[track_caller]
    fn check(name: &str, line: &str, expected: &[&str]) {
        assert_eq!(faults(name, line), expected, "{line}");
    }

    #[test]
    fn lets_through_what_goes_down() {
        for (name, line) in [
            ("web/problem.rs", "use crate::register::Register;"),
            ("web/problem.rs", "use crate::web::negotiate::Format;"),
            ("graph/mod.rs", "use crate::model::Revision; // not crate::web"),
            ("graph/mod.rs", "//! See [`crate::web`], and oxigraph::store."),
            ("graph/load.rs", "use super::model::Thing;"),
            ("graph/load.rs", "let text = \"http://crate.example\"; // crate::web"),
            ("lib.rs", "pub use crate::web::serve;"),
            ("main.rs", "use kist::cli;"),
            ("model/macros.rs", "$crate::web::it()"),
        ] {
            check(name, line, &[]);
        }
    }

    #[test]
    fn finds_what_goes_up_or_sideways() {
        for (name, line, named) in [
            ("model/place.rs", "use crate::web::problem::Problem;", "web"),
            ("model/place.rs", "pub use crate::schema::Schema;", "schema"),
            ("model/place.rs", "    let it = crate::record::Record::new();", "record"),
            ("model/mod.rs", "use crate::vocab::KIST;", "vocab"),
            ("model/mod.rs", "use super::web::problem;", "web"),
            ("model/place.rs", "use super::super::web::problem;", "web"),
            ("model/place.rs", "pub(in crate::web) fn it()", "web"),
            ("model/place.rs", "use crate::Top;", "Top"),
        ] {
            let own = top_module(name);
            let expected = format!("{name}:1: `{own}` names `{named}`, which is not below it");
            check(name, line, &[&expected]);
        }
        let sideways = "graph/mod.rs:1: `graph` names `index`, which is not below it";
        check("graph/mod.rs", "use crate::index::Snapshot;", &[sideways]);
        let sideways = "harvest/mod.rs:1: `harvest` names `web`, which is not below it";
        check("harvest/mod.rs", "use crate::web::serve;", &[sideways]);
    }

    #[test]
    fn finds_a_face_that_another_part_of_the_web_names() {
        let at = |name: &str| format!("{name}:1: only `web/mod.rs` names the face `api`");
        for (name, line) in [
            ("web/pages/runs.rs", "use crate::web::api::sources;"),
            ("web/list.rs", "let it = crate::web::api::routes();"),
            ("web/list.rs", "use super::api;"),
            ("web/pages/mod.rs", "use super::api;"),
            ("web/pages/runs.rs", "use super::super::api;"),
        ] {
            check(name, line, &[&at(name)]);
        }
        for (name, line) in [
            ("web/mod.rs", "routes.extend(crate::web::api::routes());"),
            ("web/api/runs.rs", "use crate::web::api::sources;"),
            ("web/api/sources/runs.rs", "use super::super::api;"),
            ("web/pages/runs.rs", "use super::api;"),
            ("web/pages/runs.rs", "use crate::web::list;"),
            ("cli/serve.rs", "use crate::web::api;"),
        ] {
            check(name, line, &[]);
        }
    }

    #[test]
    fn finds_modules_that_name_each_other_in_a_circle() {
        let of = |pairs: &[(&str, &str)]| {
            let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for (from, to) in pairs {
                named.entry((*from).to_owned()).or_default().insert((*to).to_owned());
            }
            circle(&named)
        };
        assert_eq!(of(&[("a", "b"), ("a", "c"), ("b", "c"), ("d", "a")]), None);
        let found = of(&[("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")]);
        assert_eq!(found.unwrap_or_default(), ["b", "c", "d", "b"]);
    }

    #[test]
    fn finds_many_modules_in_one_line_of_imports() {
        let expected = "web/mod.rs:1: one `use crate::module::…` line for each module";
        check("web/mod.rs", "use crate::{model, schema};", &[expected]);
    }

    #[test]
    fn finds_a_heavy_dependency_outside_its_room() {
        let expected = "index/mod.rs:1: `rusqlite` is used outside journal/";
        for line in ["use rusqlite::Connection;", "let it = rusqlite::open();", "use rusqlite;"] {
            check("index/mod.rs", line, &[expected]);
        }
        for line in ["let rusqlite = 1;", "// rusqlite::open", "use crate::index::rusqlite::It;"] {
            check("index/mod.rs", line, &[]);
        }
        let web = "register/mod.rs:1: `axum` is used outside web/";
        check("register/mod.rs", "fn it() -> axum::Json<()> {", &[web]);
        check("web/route.rs", "use axum::Router;", &[]);
        check("gazetteer/fetch/mod.rs", "use reqwest::Client;", &[]);
        check("register/mod.rs", "use oxigraph::model::{Quad, Triple};", &[]);
        for (line, used) in [
            ("use oxigraph::store::Store;", "oxigraph::store"),
            ("use oxigraph::{model::Quad, store::Store};", "oxigraph::io"),
        ] {
            let rooms = "graph/, record/, schema/, web/sparql, harvest/markup, harvest/format";
            let expected = format!("register/mod.rs:1: `{used}` is used outside {rooms}");
            check("register/mod.rs", line, &[&expected]);
        }
    }

    #[test]
    fn finds_a_long_file_a_new_top_module_and_a_path_of_one_machine() {
        let long = "\n".repeat(MOST_LINES + 1);
        check("web/long.rs", &long, &["web/long.rs: 601 lines, of 600 at most"]);
        let new = "shed/mod.rs: `shed` has no floor in tests/floors.rs";
        check("shed/mod.rs", "", &[new]);
        let line = format!("let path = \"{}main\";", MACHINE_PATHS[0]);
        check("web/mod.rs", &line, &["web/mod.rs:1: a path of one machine"]);
    }

    #[test]
    fn finds_what_is_banned_and_a_broken_link() {
        assert_eq!(banned("[[package]]\nname = \"openssl\"\n"), ["openssl"]);
        assert!(banned("name = \"openssl-probe\"\n").is_empty());
        let text = "[a](b.md#c) [d](https://e.example) [f](#g) [h](/i)";
        assert_eq!(relative_links(text), ["b.md"]);
    }
}

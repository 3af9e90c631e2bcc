//! The route table, as the running program tells it.
//!
//! The routes of all kinds are one here: an example of `/assets/{id}` is one
//! of `/{kinds}/{id}`.

use std::collections::BTreeSet;

use serde_json::Value;

/// What is served but stands in no OpenAPI document: SPARQL, which describes
/// itself, and the pages for people.
const BESIDE: &[&str] = &[
    "/",
    "/sparql",
    "/search",
    "/knowledge-bank",
    "/knowledge-bank/findings",
    "/categories",
    "/about",
    "/about/bot",
    "/accessibility",
    "/embed",
    "/report",
    "/.well-known/security.txt",
    "/robots.txt",
    "/sitemap.xml",
];

/// Where APIs of others are served, which have documents of their own.
const ROOTS: &[&str] = &["/embed/", "/open-referral/v3/", "/aliss/"];

/// The routes of the OpenAPI document.
pub(super) struct Routes {
    /// Method and path of each.
    table: Vec<(String, Vec<String>)>,
    /// The names of kinds, and of their collections.
    kinds: BTreeSet<String>,
    collections: BTreeSet<String>,
}

impl Routes {
    /// Reads the document.
    pub(super) fn read(document: &Value) -> Self {
        let paths = document["paths"].as_object().unwrap();
        let mut table = Vec::new();
        for (path, operations) in paths {
            for method in operations.as_object().unwrap().keys() {
                table.push((method.to_ascii_uppercase(), parts(path)));
            }
        }
        let named = |before: &[&str], after: &[&str]| {
            let length = before.len() + 1 + after.len();
            let of_form = |path: &&Vec<String>| {
                path.len() == length
                    && path.starts_with(&strings(before))
                    && path.ends_with(&strings(after))
            };
            table
                .iter()
                .map(|(_, path)| path)
                .filter(of_form)
                .map(|path| path[before.len()].clone())
                .collect()
        };
        let kinds = named(&["id"], &["{id}"]);
        let collections = named(&["api", "v1"], &["{id}", "history"]);
        Self { table, kinds, collections }
    }

    /// The name of the route that answers `method` of `path`, suffix or not.
    pub(super) fn find<'p>(&self, method: &str, path: &'p str) -> Option<String> {
        let method = if method == "HEAD" { "GET" } else { method };
        // A suffix may have a dot of its own: `.feed.json`.
        let bare = |path: &&'p str| path.rsplit_once('.').map(|(bare, _)| bare);
        std::iter::successors(Some(path), bare).take(3).find_map(|path| {
            let path = parts(path);
            let fits = |(known, template): &&(String, Vec<String>)| {
                known == method && matches(template, &path)
            };
            // What is spelt out comes before what is left open.
            let open = |(_, template): &&(String, Vec<String>)| {
                template.iter().filter(|part| part.starts_with('{')).count()
            };
            self.table.iter().filter(fits).min_by_key(open).map(|route| self.name(route))
        })
    }

    /// Whether `path` is served beside the table.
    pub(super) fn is_beside(&self, path: &str) -> bool {
        let is_list = self.collections.contains(path.trim_start_matches('/'));
        is_list || BESIDE.contains(&path) || ROOTS.iter().any(|root| path.starts_with(root))
    }

    /// All names, each once.
    pub(super) fn names(&self) -> BTreeSet<String> {
        self.table.iter().map(|route| self.name(route)).collect()
    }

    fn name(&self, (method, path): &(String, Vec<String>)) -> String {
        let of_all = path.iter().enumerate().map(|(at, part)| match part.as_str() {
            part if at == 1 && path[0] == "id" && self.kinds.contains(part) => "{kind}",
            part if at == 0 && path.len() == 2 && self.collections.contains(part) => "{kinds}",
            part if at == 2 && path[0] == "api" && is_of_kinds(path) => {
                if self.collections.contains(part) { "{kinds}" } else { part }
            }
            part => part,
        });
        format!("{method} /{}", of_all.collect::<Vec<_>>().join("/"))
    }
}

fn is_of_kinds(path: &[String]) -> bool {
    path.get(3).is_none_or(|part| part == "{id}")
}

fn parts(path: &str) -> Vec<String> {
    path.trim_start_matches('/').split('/').map(str::to_owned).collect()
}

fn strings(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

fn matches(template: &[String], path: &[String]) -> bool {
    let fits = |(known, part): (&String, &String)| known.starts_with('{') || known == part;
    template.len() == path.len() && template.iter().zip(path).all(fits)
}

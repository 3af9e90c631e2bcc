//! What a page speaks of, at a glance: its classes, and the files of the data
//! sets that it describes. What they mean is read elsewhere.

use std::collections::BTreeSet;
use std::collections::HashMap;

use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedOrBlankNode, Term, Triple};
use url::Url;

use super::Page;

/// Files of one page that are kept.
const MOST_FILES: usize = 500;

/// A file of a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::harvest) struct File {
    /// Where it is.
    pub(in crate::harvest) url: Url,
    /// Its media type or format, as written; may be empty.
    pub(in crate::harvest) kind: String,
    /// What it is called; may be empty.
    pub(in crate::harvest) label: String,
}

impl File {
    /// Whether it is a feed of `OpenActive`: their media type names RPDE, or one
    /// of its classes.
    pub(in crate::harvest) fn is_feed_of_openactive(&self) -> bool {
        let kind = self.kind.to_lowercase();
        kind.contains("rpde") || kind.contains("openactive")
    }
}

/// Local names of all classes of schema.org that the page speaks of.
pub(in crate::harvest) fn classes(page: &Page) -> BTreeSet<String> {
    page.parts
        .iter()
        .flat_map(|part| &part.triples)
        .filter(|triple| triple.predicate == rdf::TYPE)
        .filter_map(|triple| match &triple.object {
            Term::NamedNode(class) => schema_org(class.as_str()).map(ToOwned::to_owned),
            _ => None,
        })
        .collect()
}

/// The files (`DataDownload`, or `dcat:Distribution`) of data sets, in the
/// order of the page.
pub(in crate::harvest) fn files(page: &Page) -> Vec<File> {
    let mut files = Vec::new();
    for part in &page.parts {
        let mut found: Vec<(&NamedOrBlankNode, File)> = Vec::new();
        let mut places: HashMap<&NamedOrBlankNode, usize> = HashMap::new();
        for (property, value, subject) in part.triples.iter().filter_map(statement) {
            let is_address =
                matches!(property, "contentUrl" | "http://www.w3.org/ns/dcat#downloadURL");
            if let Ok(url) = page.base.join(value.trim())
                && is_address
                && !places.contains_key(subject)
                && found.len() < MOST_FILES
            {
                places.insert(subject, found.len());
                found.push((subject, File { url, kind: String::new(), label: String::new() }));
            }
        }
        for (property, value, subject) in part.triples.iter().filter_map(statement) {
            let place = places.get(subject).and_then(|place| found.get_mut(*place));
            let Some((_, file)) = place else { continue };
            match property {
                "name" | "http://purl.org/dc/terms/title" => value.clone_into(&mut file.label),
                "encodingFormat"
                | "fileFormat"
                | "additionalType"
                | "http://www.w3.org/ns/dcat#mediaType" => {
                    file.kind.push_str(value);
                    file.kind.push(' ');
                }
                _ => {}
            }
        }
        let is_data = |file: &File| {
            let pictures = ["image/", "video/", "audio/"];
            !file.kind.is_empty() && pictures.iter().all(|kind| !file.kind.starts_with(kind))
        };
        files.extend(found.into_iter().map(|(_, file)| file).filter(is_data));
    }
    files.truncate(MOST_FILES);
    files
}

/// Property, text or address, and subject of a statement.
fn statement(triple: &Triple) -> Option<(&str, &str, &NamedOrBlankNode)> {
    let property = triple.predicate.as_str();
    let value = match &triple.object {
        Term::NamedNode(node) => node.as_str(),
        Term::Literal(literal) => literal.value(),
        Term::BlankNode(_) => return None,
    };
    Some((schema_org(property).unwrap_or(property), value, &triple.subject))
}

/// The local name of a term of schema.org.
pub(in crate::harvest) fn schema_org(term: &str) -> Option<&str> {
    let rest = term.strip_prefix("https://").or_else(|| term.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.strip_prefix("schema.org/").map(|name| name.trim_end_matches('/'))
}

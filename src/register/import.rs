//! Documents that hold records → edits.
//!
//! JSON is `{"source": {…}, "records": […]}`, an array of records, or one
//! record; a record may be called by a key of its own, which stands for the
//! same identifier on every machine. RDF is read by the classes of the
//! schema. What can't be read costs one record, and says where and why.

use std::collections::{BTreeMap, HashSet};

use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Triple};
use serde_json::{Map, Value as Json};
use thiserror::Error;

use super::{Edit, LOCAL_SOURCE, Register};
use crate::graph::GraphFormat;
use crate::graph::input::{self, Contexts, InputError, Options};
use crate::record::{
    Base, Fault, FromJson, Record, RecordId, Subjects, Unknown, as_sent, from_json, from_triples,
    validate,
};
use crate::schema::{CONTEXT_PATH, Kind, context};

/// The name space of the keys in JSON documents: shared, so that documents
/// can point to records of one another.
const KEYS: &str = "seed";

/// How many of the subjects that are left out are named.
const MOST_NAMED: usize = 3;

/// What was read from a document.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// The edits, in the order of the document.
    pub drafts: Vec<Draft>,
    /// What could not be taken, and what was left out; each a sentence that
    /// begins with the place.
    pub problems: Vec<String>,
}

/// A record that was read.
pub type Draft = Edit;

/// Why nothing can be read from a document.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// It is not JSON.
    #[error("the document is not JSON: {0}")]
    Json(String),
    /// It is JSON of another form.
    #[error("the document must be a record, an array of records, or an object with `records`")]
    Form,
    /// It is no RDF of the format that it was said to be.
    #[error(transparent)]
    Rdf(#[from] InputError),
    /// It is RDF, and not of the record that was asked for.
    #[error("{}", .0.first().map_or_else(String::new, ToString::to_string))]
    Invalid(Vec<Fault>),
}

impl Register {
    /// Reads a JSON document.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when there is nothing to be read at all.
    pub fn read_json(&self, bytes: &[u8]) -> Result<Imported, ImportError> {
        input::depth_of_json(bytes, Options::default().max_json_depth)?;
        let document: Json =
            serde_json::from_slice(bytes).map_err(|error| ImportError::Json(error.to_string()))?;
        let mut imported = Imported::default();
        let mut source = LOCAL_SOURCE.to_owned();
        let records = match document {
            Json::Array(records) => records,
            Json::Object(mut object) if object.contains_key("records") => {
                if let Some(described) = object.remove("source") {
                    source = self.read_source(described, &mut imported);
                }
                match object.remove("records") {
                    Some(Json::Array(records)) => records,
                    _ => return Err(ImportError::Form),
                }
            }
            Json::Object(object) if object.contains_key("type") => vec![Json::Object(object)],
            _ => return Err(ImportError::Form),
        };
        for (row, record) in records.into_iter().enumerate() {
            match self.read_record(record) {
                Ok(record) => imported.drafts.push(edit(&source, record)),
                Err(faults) => {
                    let at = |Fault { pointer, detail, .. }| {
                        format!("/records/{row}{pointer}: {detail}")
                    };
                    imported.problems.extend(faults.into_iter().map(at));
                }
            }
        }
        Ok(imported)
    }

    /// Takes the description of the source, and gives its identifier.
    fn read_source(&self, described: Json, imported: &mut Imported) -> String {
        let id = described["id"].as_str().unwrap_or(LOCAL_SOURCE).to_owned();
        match self.read_record(described) {
            Ok(record) => imported.drafts.push(edit(&id, record)),
            Err(faults) => {
                let at = |Fault { pointer, detail, .. }| format!("/source{pointer}: {detail}");
                imported.problems.extend(faults.into_iter().map(at));
            }
        }
        id
    }

    fn read_record(&self, json: Json) -> Result<Record, Vec<Fault>> {
        let Json::Object(mut object) = json else {
            return Err(vec![Fault::new("", "must be an object")]);
        };
        let kind =
            object.get("type").and_then(Json::as_str).and_then(|name| self.schema.kind(name));
        let Some(kind) = kind else {
            let names: Vec<&str> = self.schema.kinds().map(|kind| kind.name.as_str()).collect();
            let detail = format!("type must be one of {}", names.join(", "));
            return Err(vec![Fault::new("/type", detail)]);
        };
        add_slug(&mut object);
        let context = FromJson { schema: &self.schema, base: &self.base, keys_of: Some(KEYS) };
        let json = Json::Object(object);
        let record = from_json(context, kind, None, &json)?;
        let faults = validate(&self.schema, &record);
        if faults.is_empty() {
            return Ok(record);
        }
        Err(faults.into_iter().map(|fault| as_sent(context, kind, &json, fault)).collect())
    }

    /// Reads an RDF document. What stands in a named graph of this register is
    /// of that graph's source; everything else is of `source`.
    ///
    /// # Errors
    ///
    /// [`ImportError::Rdf`] when it is not well formed or breaks a limit.
    pub fn read_rdf(
        &self,
        bytes: &[u8],
        format: GraphFormat,
        source: &str,
        limits: &Options,
    ) -> Result<Imported, ImportError> {
        let quads = self.quads_of(bytes, format, limits)?;
        let mut by_source: BTreeMap<String, Vec<Triple>> = BTreeMap::new();
        let mut graphs = HashSet::new();
        for quad in quads {
            if let GraphName::NamedNode(name) = &quad.graph_name
                && !graphs.contains(name)
            {
                graphs.insert(name.clone());
            }
            let source = source_of(&self.base, &quad).unwrap_or_else(|| source.to_owned());
            by_source.entry(source).or_default().push(quad.into());
        }
        let mut imported = Imported::default();
        for (source, triples) in by_source {
            let subjects: Subjects = triples.into_iter().collect();
            self.read_subjects(&source, &subjects, &graphs, &mut imported);
        }
        Ok(imported)
    }

    /// Reads the one record of `kind` that an RDF document describes. `id` is
    /// what it must be; without it, it is called by its own address, or `new`
    /// when it has none.
    ///
    /// # Errors
    ///
    /// [`ImportError::Rdf`] when the document is not well formed or breaks a
    /// limit; [`ImportError::Invalid`] with every fault when it describes
    /// something else, or more than one thing.
    pub fn read_rdf_record(
        &self,
        bytes: &[u8],
        format: GraphFormat,
        kind: &Kind,
        id: Option<&RecordId>,
        new: &RecordId,
    ) -> Result<Record, ImportError> {
        let quads = self.quads_of(bytes, format, &Options::default())?;
        let subjects: Subjects = quads.into_iter().map(Triple::from).collect();
        let invalid = |detail: String| ImportError::Invalid(vec![Fault::new("", detail)]);
        let records = subjects.of_kinds(&self.schema);
        let (subject, found) = match records[..] {
            [one] => one,
            [] => {
                let detail = format!("no subject is of class {}", kind.shape.class);
                return Err(invalid(detail));
            }
            [(first, _), (second, _), ..] => {
                let (first, second) = (called(first), called(second));
                let detail = format!("one record is taken, and here are {first} and {second}");
                return Err(invalid(detail));
            }
        };
        if found != kind.name {
            let subject = called(subject);
            let detail = format!("{subject} is of kind {found}, and the address of {}", kind.name);
            return Err(invalid(detail));
        }
        if let Some(other) = self.besides(&subjects, &records, &HashSet::new()).first() {
            let (subject, other) = (called(subject), called(other));
            let detail = format!("one record is taken, and beside {subject} here is {other}");
            return Err(invalid(detail));
        }
        let own = match subject {
            NamedOrBlankNode::BlankNode(_) => id.unwrap_or(new).clone(),
            NamedOrBlankNode::NamedNode(_) => identity(&self.base, LOCAL_SOURCE, found, subject)
                .ok_or_else(|| {
                    invalid(format!("{subject} is not the address of a record of kind {found}"))
                })?,
        };
        if let Some(id) = id.filter(|id| **id != own) {
            return Err(invalid(format!("the subject must be {}", self.base.thing(id))));
        }
        let (record, unknown) = from_triples(&self.schema, &self.base, &own, subject, &subjects)
            .map_err(ImportError::Invalid)?;
        if unknown.is_empty() {
            return Ok(record);
        }
        let unknown = unknown.iter().map(|said| unknown_to(kind, said));
        Err(ImportError::Invalid(unknown.collect()))
    }

    /// What a document says of subjects that are no records; what it says of
    /// its own `graphs`, or of ours, is their provenance.
    fn besides<'a>(
        &'a self,
        subjects: &'a Subjects,
        records: &[(&'a NamedOrBlankNode, &str)],
        graphs: &HashSet<NamedNode>,
    ) -> Vec<&'a NamedOrBlankNode> {
        let ours = format!("{}/graph/", self.base.as_str());
        let mut others = subjects.besides(records);
        others.retain(|subject| match subject {
            NamedOrBlankNode::NamedNode(node) => {
                !graphs.contains(node) && !node.as_str().starts_with(&ours)
            }
            NamedOrBlankNode::BlankNode(_) => true,
        });
        others
    }

    fn quads_of(
        &self,
        bytes: &[u8],
        format: GraphFormat,
        limits: &Options,
    ) -> Result<Vec<Quad>, InputError> {
        let address = format!("{}{CONTEXT_PATH}", self.base.as_str());
        let own = context(&self.schema).to_string();
        let contexts = Contexts::new([(address.as_str(), own.as_str())]);
        let base = format!("{}/", self.base.as_str());
        input::parse(bytes, format, Some(&base), &contexts, limits)
    }

    /// Reads the records among `subjects`, which stand in these `graphs`.
    fn read_subjects(
        &self,
        source: &str,
        subjects: &Subjects,
        graphs: &HashSet<NamedNode>,
        imported: &mut Imported,
    ) {
        let records = subjects.of_kinds(&self.schema);
        imported.problems.extend(left_out(&self.besides(subjects, &records, graphs)));
        for (subject, kind) in records {
            let Some(id) = identity(&self.base, source, kind, subject) else {
                imported.problems.push(format!("{subject}: its address names another kind"));
                continue;
            };
            let read = from_triples(&self.schema, &self.base, &id, subject, subjects);
            let faults = match read {
                Ok((record, unknown)) => {
                    imported.problems.extend(unknown.iter().map(|left_out| {
                        format!("{subject}: {left_out} is not in the schema and was left out")
                    }));
                    let faults = validate(&self.schema, &record);
                    if faults.is_empty() {
                        imported.drafts.push(edit(source, record));
                        continue;
                    }
                    faults
                }
                Err(faults) => faults,
            };
            imported.problems.extend(faults.iter().map(|fault| format!("{subject} {fault}")));
        }
    }
}

fn edit(source: &str, record: Record) -> Edit {
    Edit {
        source: source.to_owned(),
        id: record.id.clone(),
        record: Some(record),
        original: None,
        expected: None,
        derivation: None,
    }
}

/// A subject in a message. The names of blank nodes mean nothing to anybody.
fn called(subject: &NamedOrBlankNode) -> String {
    match subject {
        NamedOrBlankNode::NamedNode(node) => node.to_string(),
        NamedOrBlankNode::BlankNode(_) => "a subject without an address".to_owned(),
    }
}

/// A sentence on `subjects`, of which nothing is taken; none when there are
/// none.
fn left_out(subjects: &[&NamedOrBlankNode]) -> Option<String> {
    let names: Vec<String> = subjects.iter().take(MOST_NAMED).map(|it| called(it)).collect();
    let more = match subjects.len() - names.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let verb = if subjects.len() == 1 { "is" } else { "are" };
    let names = names.join(", ");
    (!subjects.is_empty()).then(|| format!("{names}{more} {verb} of no class that is kept here"))
}

/// What no shape of the kind knows: a property with the nearest that one does,
/// a class with those that are.
fn unknown_to(kind: &Kind, unknown: &Unknown) -> Fault {
    let label = &kind.shape.label;
    let property = match unknown {
        Unknown::Property(iri) => iri,
        Unknown::Class(class) => {
            let own = &kind.shape.class;
            let detail = format!("{label} is of class {own}, and {class} would not be kept");
            return Fault::new("", detail);
        }
    };
    let nearest = kind
        .shape
        .fields
        .iter()
        .map(|field| (strsim::normalized_levenshtein(field.path.as_str(), property), field))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.85);
    Fault::new(
        "",
        match nearest {
            Some((_, field)) => {
                format!("{label} has no property <{property}>; did you mean {}?", field.path)
            }
            None => format!("{label} has no property <{property}>"),
        },
    )
}

/// A key that reads as a slug is the record's alias, unless it has one.
fn add_slug(object: &mut Map<String, Json>) {
    let kind = object.get("type").and_then(Json::as_str).unwrap_or_default();
    let key = object.get("id").and_then(Json::as_str).unwrap_or_default();
    let is_slug = !key.is_empty()
        && key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && uuid::Uuid::parse_str(key).is_err();
    let has_codes = matches!(kind, "place" | "category" | "scheme" | "source" | "run");
    if is_slug && !has_codes && !object.contains_key("slug") {
        let slug = Json::from(key);
        object.insert("slug".to_owned(), slug);
    }
}

/// The source in the name of a graph of this register:
/// `{base}/graph/{source}/{kind}/{id}`.
fn source_of(base: &Base, quad: &Quad) -> Option<String> {
    let GraphName::NamedNode(name) = &quad.graph_name else { return None };
    let rest = name.as_str().strip_prefix(base.as_str())?.strip_prefix("/graph/")?;
    rest.split_once('/').map(|(source, _)| source.to_owned())
}

fn identity(base: &Base, source: &str, kind: &str, subject: &NamedOrBlankNode) -> Option<RecordId> {
    match subject {
        NamedOrBlankNode::NamedNode(node) => match base.record_of(node.as_str()) {
            Some(Ok(id)) => (id.kind() == kind).then_some(id),
            Some(Err(_)) => None,
            None => Some(RecordId::from_key(kind, source, node.as_str())),
        },
        NamedOrBlankNode::BlankNode(node) => Some(RecordId::from_key(kind, source, node.as_str())),
    }
}

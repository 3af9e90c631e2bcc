//! The W3C's tests of the SPARQL 1.1 protocol and service description.
//!
//! They are found beside the project; without them these tests say that they
//! skip. Source: <https://github.com/w3c/rdf-tests>.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kist::graph::{GraphFormat, NamedGraph};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, Triple};

use super::{PATIENT, Response, Server, options};

const MF: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const HT: &str = "http://www.w3.org/2011/http#";
const CNT: &str = "http://www.w3.org/2011/content#";
const UT: &str = "http://www.w3.org/2009/sparql/tests/test-update#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
const SD: &str = "http://www.w3.org/ns/sparql-service-description#";

/// What fails, and why that is right: this endpoint takes no updates.
const ACCEPTED: [&str; 7] = [
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
];

#[expect(clippy::print_stdout, reason = "a test that skips says so")]
fn suite() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/sparql11");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: the conformance suites are not beside the project");
    None
}

/// A manifest as a graph that can be walked.
struct Manifest(Vec<Triple>);

impl Manifest {
    fn of(path: &Path) -> Self {
        let text = fs::read(path).unwrap();
        let parser = RdfParser::from_format(RdfFormat::Turtle)
            .with_base_iri("http://www.w3.org/manifest")
            .unwrap();
        let quads = parser.for_slice(&text).map(|quad| Triple::from(quad.unwrap()));
        Self(quads.collect())
    }

    fn objects(&self, subject: &Term, namespace: &str, name: &str) -> Vec<Term> {
        let predicate = format!("{namespace}{name}");
        let matching = |triple: &&Triple| {
            Term::from(triple.subject.clone()) == *subject && triple.predicate.as_str() == predicate
        };
        self.0.iter().filter(matching).map(|triple| triple.object.clone()).collect()
    }

    fn object(&self, subject: &Term, namespace: &str, name: &str) -> Option<Term> {
        self.objects(subject, namespace, name).pop()
    }

    fn text(&self, subject: &Term, namespace: &str, name: &str) -> Option<String> {
        match self.object(subject, namespace, name)? {
            Term::Literal(literal) => Some(literal.value().to_owned()),
            Term::NamedNode(node) => Some(node.as_str().to_owned()),
            Term::BlankNode(_) => None,
        }
    }

    /// The members of a list.
    fn list(&self, mut head: Term) -> Vec<Term> {
        let mut members = Vec::new();
        while let Some(first) = self.object(&head, RDF, "first") {
            members.push(first);
            head = self.object(&head, RDF, "rest").unwrap();
        }
        members
    }

    /// The tests in their order.
    fn entries(&self) -> Vec<Term> {
        let with_entries = |triple: &&Triple| triple.predicate.as_str() == format!("{MF}entries");
        self.list(self.0.iter().find(with_entries).unwrap().object.clone())
    }
}

fn name_of(test: &Term) -> String {
    let iri = test.to_string();
    iri.rsplit('#').next().unwrap().trim_end_matches('>').to_owned()
}

/// The graphs that a test wants to be there.
fn graphs_of(manifest: &Manifest, test: &Term, folder: &Path) -> Vec<NamedGraph> {
    let graph = |node: &Term| {
        let file = manifest.text(node, UT, "graph").unwrap();
        let bytes = fs::read(folder.join(file.rsplit('/').next().unwrap())).unwrap();
        let quads = RdfParser::from_format(RdfFormat::NTriples).for_slice(&bytes);
        NamedGraph {
            name: NamedNode::new(manifest.text(node, RDFS, "label").unwrap()).unwrap(),
            triples: quads.map(|quad| Triple::from(quad.unwrap())).collect(),
        }
    };
    manifest.objects(test, UT, "graphData").iter().map(graph).collect()
}

async fn send(server: &Server, manifest: &Manifest, request: &Term) -> Response {
    let path = manifest.text(request, HT, "absolutePath").unwrap();
    let parameters = path.strip_prefix("/sparql/").unwrap();
    let method = manifest.text(request, HT, "methodName").unwrap();
    let mut headers = Vec::new();
    if let Some(list) = manifest.object(request, HT, "headers") {
        for header in manifest.list(list) {
            let name = manifest.text(&header, HT, "fieldName").unwrap();
            headers.push((name, manifest.text(&header, HT, "fieldValue").unwrap()));
        }
    }
    let headers: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut body = Vec::new();
    if let Some(content) = manifest.object(request, HT, "body") {
        let text = manifest.text(&content, CNT, "chars").unwrap();
        body = match manifest.text(&content, CNT, "characterEncoding").unwrap().as_str() {
            "UTF-16" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => text.into_bytes(),
        };
    }
    server.send(&method, parameters, &headers, &body).await
}

/// What is wrong with a response, if anything.
fn judge(manifest: &Manifest, request: &Term, response: &Response) -> Result<(), String> {
    let expected = manifest.object(request, HT, "resp").unwrap();
    let statuses = manifest.objects(&expected, MF, "expectedStatus");
    let class = format!("StatusCode{}xx", response.status / 100);
    if !statuses.iter().any(|status| status.to_string().contains(&class)) {
        return Err(format!("status {}: {}", response.status, response.body));
    }
    let media_type = response.header("content-type").unwrap_or_default();
    let is_fit = match manifest.text(&expected, MF, "expectedFormat").as_deref() {
        Some("boolean" | "tabular") => media_type.starts_with("application/sparql-results+json"),
        Some("RDF") => media_type.starts_with("text/turtle"),
        _ => true,
    };
    if !is_fit {
        return Err(format!("media type {media_type}"));
    }
    if let Some(boolean) = manifest.text(&expected, MF, "expectedBoolean") {
        let given: serde_json::Value = serde_json::from_str(&response.body).unwrap();
        if given["boolean"] != (boolean == "true") {
            return Err(response.body.clone());
        }
    }
    Ok(())
}

async fn run(manifest: &Manifest, test: &Term, folder: &Path) -> Result<(), String> {
    let server = Server::start(&graphs_of(manifest, test, folder), options(PATIENT)).await;
    let action = manifest.object(test, MF, "action").unwrap();
    let requests = manifest.object(&action, HT, "requests").unwrap();
    for request in manifest.list(requests) {
        let response = send(&server, manifest, &request).await;
        judge(manifest, &request, &response)?;
    }
    Ok(())
}

#[tokio::test]
async fn the_protocol_is_kept_but_for_updates() {
    let Some(folder) = suite().map(|suite| suite.join("protocol")) else { return };
    let manifest = Manifest::of(&folder.join("manifest.ttl"));
    let mut failed = BTreeMap::new();
    let entries = manifest.entries();
    assert_eq!(entries.len(), 34);
    for test in entries {
        if let Err(reason) = run(&manifest, &test, &folder).await {
            failed.insert(name_of(&test), reason);
        }
    }
    let mut accepted = ACCEPTED.map(str::to_owned).to_vec();
    accepted.sort();
    assert_eq!(failed.keys().cloned().collect::<Vec<_>>(), accepted, "{failed:#?}");
}

#[tokio::test]
async fn the_service_describes_itself_as_its_tests_want() {
    let Some(folder) = suite().map(|suite| suite.join("service-description")) else { return };
    let names: Vec<String> =
        Manifest::of(&folder.join("manifest.ttl")).entries().iter().map(name_of).collect();
    assert_eq!(names, ["has-endpoint-triple", "returns-rdf", "conforms-to-schema"]);
    let server = Server::start(&[], options(PATIENT)).await;
    for format in GraphFormat::ALL {
        let response = server.get("", format.media_type()).await;
        assert_eq!(response.header("content-type"), Some(format.media_type()), "returns-rdf");
    }
    let response = server.get("", "application/n-triples").await;
    let parser = RdfParser::from_format(RdfFormat::NTriples);
    let quads = parser.for_slice(response.body.as_bytes());
    let described = Manifest(quads.map(|quad| Triple::from(quad.unwrap())).collect());
    let services: Vec<&NamedOrBlankNode> = described
        .0
        .iter()
        .filter(|triple| triple.predicate.as_str() == format!("{SD}endpoint"))
        .map(|triple| &triple.subject)
        .collect();
    let service = Term::from(services[0].clone());
    let endpoint = described.text(&service, SD, "endpoint");
    assert_eq!(endpoint, Some(format!("http://{}/sparql", server.address)), "has-endpoint-triple");
    // conforms-to-schema: each value is of the class that the vocabulary says.
    assert_eq!(described.text(&service, RDF, "type"), Some(format!("{SD}Service")));
    for (property, count) in
        [("endpoint", 1), ("supportedLanguage", 1), ("defaultDataset", 1), ("resultFormat", 10)]
    {
        assert_eq!(described.objects(&service, SD, property).len(), count, "{property}");
    }
    let dataset = described.object(&service, SD, "defaultDataset").unwrap();
    assert_eq!(described.text(&dataset, RDF, "type"), Some(format!("{SD}Dataset")));
    let graph = described.object(&dataset, SD, "defaultGraph").unwrap();
    assert_eq!(described.text(&graph, RDF, "type"), Some(format!("{SD}Graph")));
}

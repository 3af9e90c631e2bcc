//! What can be wrong with a route table or its OpenAPI document.
//!
//! For the tests of whoever writes a table: an empty list is the only good
//! answer. The gate and the parameters rely on it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::is_campaign;
use crate::web::parameter::Parameter;
use crate::web::route::Documentation;
use crate::web::route::Route;

/// The faults of a route table: a parameter of a path that is not declared or
/// the other way round, a name that is declared twice, a default or example
/// that its own parameter can't read, a name that is taken off before the gate, a
/// route that says nothing of itself.
#[must_use]
pub fn table_faults<S: Clone + Send + Sync + 'static>(table: &[Route<S>]) -> Vec<String> {
    let mut faults = Vec::new();
    for route in table {
        let at = format!("{} {}", route.method, route.path);
        let declared: BTreeSet<&str> = names(&route.path_parameters).collect();
        let named: BTreeSet<&str> = route.path.split('/').filter_map(in_braces).collect();
        if declared != named {
            faults.push(format!("{at}: the path has {named:?} and declares {declared:?}"));
        }
        let mut seen = BTreeSet::new();
        for parameter in route.path_parameters.iter().chain(&route.parameters) {
            let name = parameter.name;
            if !seen.insert(name) {
                faults.push(format!("{at}: `{name}` is declared twice"));
            }
            if is_campaign(name) {
                faults.push(format!("{at}: `{name}` is taken off as a campaign's"));
            }
            for text in parameter.default.iter().chain(&parameter.example) {
                if let Err(fault) = parameter.read(text) {
                    faults.push(format!("{at}: `{name}`: {fault}"));
                }
            }
        }
        let shown = route.documentation == Documentation::Shown;
        if shown && (route.summary.is_empty() || route.answers.is_empty()) {
            faults.push(format!("{at}: it has no summary or no answer"));
        }
    }
    faults
}

/// The faults of an OpenAPI document that would make it useless to a client:
/// an operation id that stands twice, a reference to nothing, a response
/// without a description.
///
/// # Panics
///
/// When it is not built like a document of [`crate::web::openapi`] at all.
#[must_use]
pub fn document_faults(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut operations = BTreeSet::new();
    let paths = document["paths"].as_object().expect("a document has paths");
    for operation in paths.values().filter_map(Value::as_object).flat_map(|path| path.values()) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        if !operations.insert(id) {
            faults.push(format!("{id} stands twice"));
        }
        let responses = operation["responses"].as_object().into_iter().flatten();
        for (status, response) in responses {
            if !response["description"].is_string() {
                faults.push(format!("{status} of {id} has no description"));
            }
        }
    }
    find_unresolved(document, document, &mut faults);
    faults
}

fn names(parameters: &[Parameter]) -> impl Iterator<Item = &'static str> {
    parameters.iter().map(|parameter| parameter.name)
}

fn in_braces(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn find_unresolved(document: &Value, value: &Value, faults: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                let target = reference.strip_prefix('#').and_then(|at| document.pointer(at));
                if target.is_none() {
                    faults.push(format!("{reference} is nothing"));
                }
            }
            object.values().for_each(|value| find_unresolved(document, value, faults));
        }
        Value::Array(values) => {
            for value in values {
                find_unresolved(document, value, faults);
            }
        }
        _ => {}
    }
}

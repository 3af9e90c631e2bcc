//! The OpenAPI 3.1 document, made of the route table.
//!
//! The schemas of records come from the shapes and are passed in; nothing
//! about a route is written here by hand.

use http::StatusCode;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::web::admission::Scope;
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameter::Presence;
use crate::web::parameter::Repetition;
use crate::web::problem;
use crate::web::problem::ProblemKind;
use crate::web::route::Answer;
use crate::web::route::DeclaredBody;
use crate::web::route::Documentation;
use crate::web::route::Route;

/// What the document says of the register itself.
#[derive(Debug, Clone)]
pub struct About {
    /// The name of the API.
    pub title: String,
    /// The version of the program.
    pub version: String,
    /// An introduction, in Markdown.
    pub description: String,
    /// The address of the register without a slash at its end; empty for
    /// addresses relative to the document.
    pub base: String,
}

/// Makes the document of `routes`. `schemas` is an object: the name and the
/// JSON schema of each component that the routes refer to.
#[must_use]
pub fn document<S: Clone + Send + Sync + 'static>(
    about: &About,
    routes: &[Route<S>],
    schemas: Value,
) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in routes.iter().filter(|route| route.documentation == Documentation::Shown) {
        let path = paths.entry(route.path.clone().into_owned()).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation(route);
    }
    let mut components = schemas;
    components["Problem"] = problem_schema();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": about.title,
            "version": about.version,
            "description": about.description,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": if about.base.is_empty() { "/" } else { about.base.as_str() }}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that `kist token create` prints",
                },
            },
        },
    })
}

fn operation<S: Clone + Send + Sync + 'static>(route: &Route<S>) -> Value {
    let path = route.path_parameters.iter().map(|parameter| described(parameter, "path"));
    let query = route.parameters.iter().map(|parameter| described(parameter, "query"));
    let headers = route.headers.iter().map(|parameter| described(parameter, "header"));
    let mut operation = json!({
        "operationId": route.operation,
        "summary": route.summary,
        "parameters": path.chain(query).chain(headers).collect::<Vec<_>>(),
        "responses": responses(route),
        "x-scope": route.scope.name(),
    });
    if !route.description.is_empty() {
        operation["description"] = json!(route.description);
    }
    if !route.tag.is_empty() {
        operation["tags"] = json!([route.tag]);
    }
    if let Some(body) = &route.body {
        operation["requestBody"] = described_body(body);
    }
    if route.scope != Scope::Public {
        operation["security"] = json!([{"token": []}]);
    }
    operation
}

fn described(parameter: &Parameter, place: &str) -> Value {
    let required = place == "path" || parameter.presence == Presence::Required;
    let schema = match parameter.repetition {
        Repetition::Single => parameter.schema(),
        Repetition::Repeatable => json!({"type": "array", "items": parameter.schema()}),
    };
    let mut object = json!({
        "name": parameter.name,
        "in": place,
        "required": required,
        "description": parameter.description,
        "schema": schema,
    });
    if let Some(example) = parameter.example {
        let example = parameter.written(example);
        object["example"] = match parameter.repetition {
            Repetition::Single => example,
            Repetition::Repeatable => json!([example]),
        };
    }
    object
}

fn described_body(body: &DeclaredBody) -> Value {
    let content: Map<String, Value> = body
        .rule
        .media_types
        .iter()
        .map(|media_type| {
            let schema = match &body.schema {
                Some(schema) if media_type.ends_with("json") => reference(schema),
                _ => json!({"type": "string"}),
            };
            ((*media_type).to_owned(), json!({"schema": schema}))
        })
        .collect();
    json!({"required": true, "description": body.description, "content": content})
}

fn responses<S: Clone + Send + Sync + 'static>(route: &Route<S>) -> Value {
    let mut responses = Map::new();
    for answer in &route.answers {
        let mut response = json!({"description": answer.description});
        let mut content: Map<String, Value> = Map::new();
        for format in &route.formats {
            // Of two with one media type, the first is what `Accept` gives.
            content
                .entry(format.media_type())
                .or_insert_with(|| json!({"schema": format_schema(*format, answer)}));
        }
        if has_content(answer.status) && !content.is_empty() {
            response["content"] = Value::Object(content);
        }
        responses.insert(answer.status.as_str().to_owned(), response);
    }
    for status in route.problem_statuses() {
        let titles: Vec<&str> = ProblemKind::ALL
            .iter()
            .filter(|kind| kind.status() == status)
            .map(|kind| kind.title())
            .collect();
        responses.insert(status.as_str().to_owned(), problem_response(&titles.join("; ")));
    }
    responses.insert("default".to_owned(), problem_response("Another problem"));
    Value::Object(responses)
}

fn has_content(status: StatusCode) -> bool {
    status.is_success() && status != StatusCode::NO_CONTENT
}

fn format_schema(format: Format, answer: &Answer) -> Value {
    match (format, &answer.schema) {
        (Format::Json | Format::JsonLd, Some(schema)) => reference(schema),
        (Format::Json | Format::JsonLd | Format::GeoJson, _) => json!({"type": "object"}),
        _ => json!({"type": "string"}),
    }
}

fn problem_response(description: &str) -> Value {
    json!({
        "description": description,
        "content": {problem::MEDIA_TYPE: {"schema": reference("Problem")}},
    })
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn problem_schema() -> Value {
    let text = || json!({"type": "string"});
    json!({
        "type": "object",
        "description": "Why a request can't be met (RFC 9457)",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": text(),
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": text(),
            "instance": {"type": "string", "format": "uri-reference"},
            "parameter": text(),
            "pointer": text(),
            "suggestion": text(),
            "available": {"type": "array", "items": text()},
            "line": {"type": "integer", "minimum": 0},
            "column": {"type": "integer", "minimum": 0},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["detail"],
                    "properties": {"parameter": text(), "pointer": text(), "detail": text()},
                },
            },
        },
    })
}

#[cfg(test)]
#[path = "openapi_tests.rs"]
mod tests;

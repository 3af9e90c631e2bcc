//! Problems: what an answer says when a request can't be met.
//!
//! Every error of the web floor is a [`Problem`], and its body is
//! `application/problem+json` (RFC 9457). Below this floor no error knows
//! HTTP; here alone they are turned into statuses. A problem never shows a
//! path, a backtrace or the words of an engine.
//!
//! A response made of a problem carries the problem in its extensions too, so
//! that [`crate::web::layers`] can add the id of the request, or show a page to
//! a browser.

mod cases;
mod kind;

use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderName;
use http::HeaderValue;
use http::header;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

pub use kind::ProblemKind;

/// The outcome of a handler.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// The media type of a problem (RFC 9457, 3).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request can't be met, told to the client.
///
/// Made by the constructors of `cases.rs`, one for each kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem(Box<Content>);

#[derive(Debug, Clone, PartialEq)]
struct Content {
    kind: ProblemKind,
    detail: String,
    at: Option<Place>,
    faults: Vec<Fault>,
    suggestion: Option<String>,
    available: Vec<String>,
    position: Option<(usize, usize)>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Where in a request a fault lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The query or path parameter of this name.
    Parameter(String),
    /// The value of the body at this JSON pointer (RFC 6901); empty for the
    /// whole body.
    Pointer(String),
}

/// One of several faults of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it lies.
    pub at: Place,
    /// What is wrong, as a sentence without a full stop.
    pub detail: String,
}

impl Fault {
    /// A fault of the body at the JSON pointer `pointer`.
    #[must_use]
    pub fn pointer(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { at: Place::Pointer(pointer.into()), detail: detail.into() }
    }

    /// A fault of the parameter `name`.
    #[must_use]
    pub fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { at: Place::Parameter(name.into()), detail: detail.into() }
    }
}

impl Problem {
    /// Makes a problem of `kind` with a `detail` of this one case: a sentence
    /// without a full stop.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self(Box::new(Content {
            kind,
            detail: detail.into(),
            at: None,
            faults: Vec::new(),
            suggestion: None,
            available: Vec::new(),
            position: None,
            headers: Vec::new(),
        }))
    }

    /// Says that the fault lies in the parameter `name`.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<String>) -> Self {
        self.0.at = Some(Place::Parameter(name.into()));
        self
    }

    /// Says that the fault lies at the JSON pointer `pointer` of the body.
    #[must_use]
    pub fn with_pointer(mut self, pointer: impl Into<String>) -> Self {
        self.0.at = Some(Place::Pointer(pointer.into()));
        self
    }

    /// Lists each fault, when there is more to say than one sentence.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.0.faults = faults;
        self
    }

    /// Names what the client probably meant.
    #[must_use]
    pub fn with_suggestion(mut self, suggestion: Option<impl Into<String>>) -> Self {
        self.0.suggestion = suggestion.map(Into::into);
        self
    }

    /// Lists what could be asked for instead.
    #[must_use]
    pub fn with_available(mut self, available: Vec<String>) -> Self {
        self.0.available = available;
        self
    }

    /// Tells the line and column of the body, both from 1.
    #[must_use]
    pub fn with_position(mut self, line: usize, column: usize) -> Self {
        self.0.position = Some((line, column));
        self
    }

    /// Adds a header to the answer. A value that can't stand in a header is
    /// left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.push((name, value));
        }
        self
    }

    /// The kind of the problem, which has its status.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.0.kind
    }

    /// What is wrong in this case, as a sentence without a full stop.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// Where the fault lies, when it lies in one place.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.0.at.as_ref()
    }

    /// Each fault, when there are many.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.0.faults
    }

    /// What the client probably meant.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.0.suggestion.as_deref()
    }

    /// What could be asked for instead.
    #[must_use]
    pub fn available(&self) -> &[String] {
        &self.0.available
    }

    /// The places of which one is meant, in the words that ask for each; none
    /// when the problem is another one.
    #[must_use]
    pub fn places(&self) -> &[String] {
        if self.kind() == ProblemKind::AmbiguousPlace { self.available() } else { &[] }
    }

    /// The problem details of RFC 9457. `base` is the address of the register
    /// without a slash at its end, or empty; `instance` is the id of the
    /// request.
    #[must_use]
    pub fn to_json(&self, base: &str, instance: Option<&str>) -> Value {
        let Content { kind, detail, at, faults, suggestion, available, position, headers: _ } =
            &*self.0;
        let mut object = Map::new();
        object.insert("type".to_owned(), json!(format!("{base}/problems/{}", kind.slug())));
        object.insert("title".to_owned(), json!(kind.title()));
        object.insert("status".to_owned(), json!(kind.status().as_u16()));
        object.insert("detail".to_owned(), json!(detail));
        if let Some(instance) = instance {
            object.insert("instance".to_owned(), json!(format!("urn:request:{instance}")));
        }
        if let Some(at) = at {
            insert_place(&mut object, at);
        }
        if let Some(suggestion) = suggestion {
            object.insert("suggestion".to_owned(), json!(suggestion));
        }
        if !available.is_empty() {
            object.insert("available".to_owned(), json!(available));
        }
        if let Some((line, column)) = position {
            object.insert("line".to_owned(), json!(line));
            object.insert("column".to_owned(), json!(column));
        }
        if !faults.is_empty() {
            let faults = faults.iter().map(|fault| {
                let mut object = Map::new();
                insert_place(&mut object, &fault.at);
                object.insert("detail".to_owned(), json!(fault.detail));
                Value::Object(object)
            });
            object.insert("errors".to_owned(), faults.collect());
        }
        Value::Object(object)
    }

    /// The whole answer, with the body of [`Problem::to_json`].
    #[must_use]
    pub fn to_response(&self, base: &str, instance: Option<&str>) -> Response {
        let mut response =
            (self.0.kind.status(), self.to_json(base, instance).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in &self.0.headers {
            headers.insert(name, value.clone());
        }
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.to_response("", None)
    }
}

fn insert_place(object: &mut Map<String, Value>, place: &Place) {
    let (name, value) = match place {
        Place::Parameter(name) => ("parameter", name),
        Place::Pointer(pointer) => ("pointer", pointer),
    };
    object.insert(name.to_owned(), json!(value));
}

/// The one of `names` that is nearest to what was `given`, when it is near
/// enough to be meant.
#[must_use]
pub fn nearest<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    names
        .into_iter()
        .map(|name| {
            let near = strsim::jaro_winkler(&given, &name.to_lowercase());
            let apart = strsim::damerau_levenshtein(&given, &name.to_lowercase());
            (name, near, apart)
        })
        .filter(|&(name, near, apart)| near >= 0.8 || apart <= 1 + name.len() / 5)
        .max_by(|one, other| one.1.total_cmp(&other.1))
        .map(|(name, _, _)| name)
}

#[cfg(test)]
mod tests;

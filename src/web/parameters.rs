//! The parameters of one request, read once by the table of its route.
//!
//! A request with an unknown name, a name too often, or a value that can't be
//! read is refused with all its faults at once. An empty value is no value,
//! for that is what a browser sends for an empty field of a form.

use std::borrow::Cow;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use jiff::civil::Date;

use crate::model::BoundingBox;
use crate::model::Metres;
use crate::model::Point;
use crate::web::parameter::Parameter;
use crate::web::parameter::Presence;
use crate::web::parameter::Repetition;
use crate::web::parameter::Value;
use crate::web::problem::Fault;
use crate::web::problem::Place;
use crate::web::problem::Problem;
use crate::web::problem::Result;

/// The values of a request's parameters, in the order of the request.
///
/// An extractor: the path and query parameters of the route, already checked.
/// The getters panic when the route does not declare the name, or declares it
/// of another kind: that is a fault of the program, which the first test of
/// the route meets.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    declared: Arc<[Parameter]>,
    values: Vec<(&'static str, Value)>,
}

/// What becomes of parameters that a route does not declare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UnknownNames {
    /// The request is refused: a misprint must not find something else.
    #[default]
    Refused,
    /// They are passed over: clients of a foreign API send what other servers
    /// know.
    Ignored,
}

impl Parameters {
    /// Reads the query string of an address, or the body of a form, by the
    /// parameters that are `declared`.
    ///
    /// # Errors
    ///
    /// 400, `unknown-parameter`, `duplicate-parameter`, `missing-parameter` or
    /// `invalid-parameter`; further faults are listed in `errors`.
    pub fn read(query: &str, declared: impl Into<Arc<[Parameter]>>) -> Result<Self> {
        Self::read_with(query, declared, UnknownNames::Refused)
    }

    /// Reads as [`Self::read`] does; `unknown` says what becomes of names that
    /// are not declared.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn read_with(
        query: &str,
        declared: impl Into<Arc<[Parameter]>>,
        unknown: UnknownNames,
    ) -> Result<Self> {
        let declared: Arc<[Parameter]> = declared.into();
        let mut parameters = Self { declared: Arc::clone(&declared), values: Vec::new() };
        let mut problems = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if let Err(problem) = parameters.take(pair, &declared, unknown) {
                problems.push(problem);
            }
        }
        for parameter in declared.iter() {
            if parameter.presence == Presence::Required
                && !parameters.has(parameter.name)
                && !problems.iter().any(|problem| names(problem, parameter.name))
            {
                problems.push(Problem::missing_parameter(parameter.name));
            }
        }
        match problems.len() {
            0 => Ok(parameters),
            1 => Err(problems.remove(0)),
            _ => {
                let faults = problems.iter().filter_map(fault).collect();
                Err(problems.remove(0).with_faults(faults))
            }
        }
    }

    /// Without any value: the handler reads the query by rules of its own.
    pub(crate) fn unread(declared: Arc<[Parameter]>) -> Self {
        Self { declared, values: Vec::new() }
    }

    /// Adds a value of the path, which is always there.
    pub(crate) fn add_path(&mut self, name: &'static str, value: Value) {
        self.values.push((name, value));
    }

    fn take(&mut self, pair: &str, declared: &[Parameter], unknown: UnknownNames) -> Result<()> {
        let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name).ok_or_else(|| {
            Problem::invalid_parameter(name, "the name is not UTF-8 in percent-encoding")
        })?;
        let Some(parameter) = declared.iter().find(|parameter| parameter.name == name) else {
            if unknown == UnknownNames::Ignored {
                return Ok(());
            }
            let known = declared.iter().map(|parameter| parameter.name);
            let meant = declared.iter().find(|parameter| parameter.tried.contains(&&*name));
            return Err(Problem::unknown_parameter(&name, meant.map(|it| it.name), known));
        };
        let text = decode(text).ok_or_else(|| {
            Problem::invalid_parameter(&name, "the value is not UTF-8 in percent-encoding")
        })?;
        if text.is_empty() {
            return Ok(());
        }
        if parameter.repetition == Repetition::Single && self.has(&name) {
            return Err(Problem::duplicate_parameter(&name));
        }
        let value = parameter
            .read(&text)
            .map_err(|detail| Problem::invalid_parameter(parameter.name, detail))?;
        self.values.push((parameter.name, value));
        Ok(())
    }

    /// Whether the request itself gives a value for `name`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(given, _)| *given == name)
    }

    /// The names and values that the request gives, in its order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.values.iter().map(|(name, value)| (*name, value))
    }

    /// The value of `name`: the request's, or the declared default.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name`.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Value> {
        let given = self.values.iter().find(|(given, _)| *given == name);
        given.map(|(_, value)| value.clone()).or_else(|| self.default(name))
    }

    fn default(&self, name: &str) -> Option<Value> {
        let declared = self.declared.iter().find(|parameter| parameter.name == name);
        let declared = declared.unwrap_or_else(|| panic!("the route declares no `{name}`"));
        let default = declared.default?;
        Some(declared.read(default).expect("a test reads each declared default"))
    }

    /// The text, choice or place `name`.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(|value| match value {
            Value::Text(text) => text,
            other => wrong_kind(name, &other),
        })
    }

    /// Each text, choice or place of the repeatable `name`.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<String> {
        let given = self.values.iter().filter(|(given, _)| *given == name);
        let texts: Vec<String> = given
            .map(|(_, value)| match value {
                Value::Text(text) => text.clone(),
                other => wrong_kind(name, other),
            })
            .collect();
        if texts.is_empty() { self.text(name).into_iter().collect() } else { texts }
    }

    /// The whole number `name`.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.value(name).map(|value| match value {
            Value::Integer(number) => number,
            other => wrong_kind(name, &other),
        })
    }

    /// The whole number `name`, as a count; its declared minimum must not be
    /// negative.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<usize> {
        let count = |number| usize::try_from(number).expect("a count is declared from 0 on");
        self.integer(name).map(count)
    }

    /// The number `name`.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        self.value(name).map(|value| match value {
            Value::Number(number) => number,
            other => wrong_kind(name, &other),
        })
    }

    /// The truth value `name`.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn boolean(&self, name: &str) -> Option<bool> {
        self.value(name).map(|value| match value {
            Value::Boolean(truth) => truth,
            other => wrong_kind(name, &other),
        })
    }

    /// The distance `name`.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn distance(&self, name: &str) -> Option<Metres> {
        self.value(name).map(|value| match value {
            Value::Distance(metres) => metres,
            other => wrong_kind(name, &other),
        })
    }

    /// The position `name`.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn point(&self, name: &str) -> Option<Point> {
        self.value(name).map(|value| match value {
            Value::Point(point) => point,
            other => wrong_kind(name, &other),
        })
    }

    /// The box `name`.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn bounding_box(&self, name: &str) -> Option<BoundingBox> {
        self.value(name).map(|value| match value {
            Value::BoundingBox(bounds) => bounds,
            other => wrong_kind(name, &other),
        })
    }

    /// The corners of the polygon `name`, the first not repeated at the end.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn polygon(&self, name: &str) -> Option<Vec<Point>> {
        self.value(name).map(|value| match value {
            Value::Polygon(ring) => ring,
            other => wrong_kind(name, &other),
        })
    }

    /// The day `name`.
    ///
    /// # Panics
    ///
    /// When the route does not declare `name` so.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<Date> {
        self.value(name).map(|value| match value {
            Value::Date(date) => date,
            other => wrong_kind(name, &other),
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    /// What the route's gate has read; nothing where there is no gate.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

fn wrong_kind(name: &str, value: &Value) -> ! {
    panic!("the route declares `{name}` of another kind: {value:?}")
}

fn names(problem: &Problem, name: &str) -> bool {
    matches!(problem.place(), Some(Place::Parameter(named)) if named == name)
}

fn fault(problem: &Problem) -> Option<Fault> {
    let at = problem.place()?.clone();
    Some(Fault { at, detail: problem.detail().to_owned() })
}

/// Decodes a name or value of a query: `+` is a space, and what follows `%`
/// must be two hexadecimal digits. `None` when it is not UTF-8 in the end.
fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let bytes = spaced.as_bytes();
    let well_formed = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%').all(|(at, _)| {
        bytes.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
    });
    if !well_formed {
        return None;
    }
    percent_encoding::percent_decode(bytes).decode_utf8().ok().map(Cow::into_owned)
}

#[cfg(test)]
#[path = "parameters_tests.rs"]
mod tests;

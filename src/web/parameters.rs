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
            return Err(Problem::unknown_parameter(&name, known));
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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::web::parameter::ParameterKind;

    const DECLARED: &[Parameter] = &[
        Parameter::text("q", "Words"),
        Parameter::text("topic", "Topics").repeatable(),
        Parameter::integer("limit", 1, 100, "How many").default("20"),
        Parameter::new("near", ParameterKind::Place, "Where"),
        Parameter::new("explain", ParameterKind::Boolean, "Why"),
    ];

    #[track_caller]
    fn check(query: &str, slug: &str, parameter: &str) {
        let problem = Parameters::read(query, DECLARED).unwrap_err();
        let json = problem.to_json("", None);
        assert_eq!((problem.kind().slug(), &json["parameter"]), (slug, &parameter.into()));
    }

    #[test]
    fn reads_what_is_declared_and_takes_defaults_for_the_rest() {
        let read =
            Parameters::read("near=EH6+8RG&topic=a&topic=b%26c&explain=true", DECLARED).unwrap();
        assert_eq!(read.text("near").as_deref(), Some("EH6 8RG"));
        assert_eq!(read.texts("topic"), ["a", "b&c"]);
        assert_eq!(read.boolean("explain"), Some(true));
        assert_eq!(read.count("limit"), Some(20));
        assert_eq!(read.text("q"), None);
    }

    #[test]
    fn empty_values_are_no_values() {
        let read = Parameters::read("q=&limit=&topic=&&q=tea", DECLARED).unwrap();
        assert_eq!(read.text("q").as_deref(), Some("tea"));
        assert!(read.texts("topic").is_empty() && !read.has("limit"));
    }

    #[test]
    fn refuses_what_it_does_not_know_and_suggests_the_nearest() {
        check("topics=a", "unknown-parameter", "topics");
        let problem = Parameters::read("limt=5", DECLARED).unwrap_err();
        assert_eq!(problem.suggestion(), Some("limit"));
    }

    #[test]
    fn refuses_hostile_text_by_the_name_of_its_parameter() {
        check("q=%ff", "invalid-parameter", "q");
        check("q=%00", "invalid-parameter", "q");
        check("q=%2", "invalid-parameter", "q");
        check("q=%zz", "invalid-parameter", "q");
        check("q=%c0%af", "invalid-parameter", "q");
        check("q=a%0d%0aSet-Cookie:b", "invalid-parameter", "q");
        check("%ff=1", "invalid-parameter", "%ff");
        check("limit=0", "invalid-parameter", "limit");
        check("limit=1e9", "invalid-parameter", "limit");
    }

    #[test]
    fn a_foreign_api_passes_over_what_it_does_not_know() {
        let read = |query| Parameters::read_with(query, DECLARED, UnknownNames::Ignored);
        assert_eq!(read("nope=1&q=tea&%zz=2").unwrap_err().kind().slug(), "invalid-parameter");
        assert_eq!(read("nope=1&q=tea").unwrap().text("q").as_deref(), Some("tea"));
    }

    #[test]
    fn one_value_can_not_be_given_twice() {
        check("q=a&q=b", "duplicate-parameter", "q");
        check("q=a&q=a", "duplicate-parameter", "q");
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let problem = Parameters::read("limit=0&nope=1&q=%00", DECLARED).unwrap_err();
        let told: Vec<_> = problem.faults().iter().map(|fault| &fault.at).collect();
        let named = |name: &str| Place::Parameter(name.to_owned());
        assert_eq!(told, [&named("limit"), &named("nope"), &named("q")]);
    }

    #[test]
    fn what_is_required_is_missed_once() {
        let declared = [Parameter::text("q", "Words").required()];
        let missing = Parameters::read("", declared).unwrap_err();
        assert_eq!(missing.kind().slug(), "missing-parameter");
        let wrong = Parameters::read("q=%00", declared).unwrap_err();
        assert!(wrong.faults().is_empty());
    }

    proptest! {
        #[test]
        fn no_query_makes_it_panic(query in "[a-z=&%+0-9\\PC]{0,60}") {
            let _ = Parameters::read(&query, DECLARED);
        }

        #[test]
        fn any_text_survives_its_encoding(text in "[^\\p{Cc}]{1,40}") {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("q", &text)
                .finish();
            let read = Parameters::read(&query, DECLARED).unwrap();
            prop_assert_eq!(read.text("q"), Some(text));
        }
    }
}

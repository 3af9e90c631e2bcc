//! One declared parameter: its name, what its values are, and what the
//! documentation says of it.
//!
//! The same declaration reads the query of a request, names the nearest
//! parameter to a misspelt one, and stands in the OpenAPI document, so the
//! three can't differ. Which place a name or postcode means is the gazetteer's
//! to say: here a place is text.

use jiff::civil::Date;
use serde_json::Value as Json;
use serde_json::json;

use crate::model::BoundingBox;
use crate::model::Metres;
use crate::model::Point;
use crate::web::polygon;

/// A parameter of a route, made by the constructors and refined by the other
/// methods, all of which are `const`.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// The name in the query, in the path template, or of a form field.
    pub name: &'static str,
    /// What its values are.
    pub kind: ParameterKind,
    /// How often it may stand in one request.
    pub repetition: Repetition,
    /// What it does, as a sentence.
    pub description: &'static str,
    /// A value that shows the syntax.
    pub example: Option<&'static str>,
    /// The value which is taken when there is none.
    pub default: Option<&'static str>,
    /// Whether a request without it can be answered.
    pub presence: Presence,
    /// What people call it who know it from elsewhere: they are told its name.
    pub tried: &'static [&'static str],
}

/// What the values of a parameter are.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum ParameterKind {
    /// Any text of up to so many characters, without control characters.
    Text(usize),
    /// A whole number between two bounds, both included.
    Integer(i64, i64),
    /// A number between two bounds, both included.
    Number(f64, f64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// A length such as `2km`, up to so many metres.
    Distance(f64),
    /// A postcode, the name of a place, `latitude,longitude`, or the code of
    /// an area.
    Place,
    /// A position, `latitude,longitude`.
    Point,
    /// A box, `west,south,east,north`.
    BoundingBox,
    /// A ring of positions; see [`polygon::read`].
    Polygon,
    /// A day of the calendar, such as `2026-11-21`.
    Date,
}

/// How often a parameter may stand in one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repetition {
    /// Once at most.
    Single,
    /// As often as one likes; each occurrence is one value.
    Repeatable,
}

/// Whether a request without the parameter can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It can.
    Optional,
    /// It can't.
    Required,
}

/// A value that has been read.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of [`ParameterKind::Text`], [`ParameterKind::Choice`] and
    /// [`ParameterKind::Place`].
    Text(String),
    /// Of [`ParameterKind::Integer`].
    Integer(i64),
    /// Of [`ParameterKind::Number`].
    Number(f64),
    /// Of [`ParameterKind::Boolean`].
    Boolean(bool),
    /// Of [`ParameterKind::Distance`].
    Distance(Metres),
    /// Of [`ParameterKind::Point`].
    Point(Point),
    /// Of [`ParameterKind::BoundingBox`].
    BoundingBox(BoundingBox),
    /// Of [`ParameterKind::Polygon`]: the ring, whose first position is not
    /// repeated at its end.
    Polygon(Vec<Point>),
    /// Of [`ParameterKind::Date`].
    Date(Date),
}

impl Parameter {
    /// An optional parameter of `kind` that stands once.
    #[must_use]
    pub const fn new(name: &'static str, kind: ParameterKind, description: &'static str) -> Self {
        Self {
            name,
            kind,
            repetition: Repetition::Single,
            description,
            example: None,
            default: None,
            presence: Presence::Optional,
            tried: &[],
        }
    }

    /// A text of up to 1,000 characters.
    #[must_use]
    pub const fn text(name: &'static str, description: &'static str) -> Self {
        Self::new(name, ParameterKind::Text(1_000), description)
    }

    /// A whole number from `low` to `high`.
    #[must_use]
    pub const fn integer(
        name: &'static str,
        low: i64,
        high: i64,
        description: &'static str,
    ) -> Self {
        Self::new(name, ParameterKind::Integer(low, high), description)
    }

    /// One of `choices`.
    #[must_use]
    pub const fn choice(
        name: &'static str,
        choices: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        Self::new(name, ParameterKind::Choice(choices), description)
    }

    /// Shows the syntax by `example`.
    #[must_use]
    pub const fn example(self, example: &'static str) -> Self {
        Self { example: Some(example), ..self }
    }

    /// Takes `default` when the request has no value.
    #[must_use]
    pub const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// Lets the parameter stand more than once.
    #[must_use]
    pub const fn repeatable(self) -> Self {
        Self { repetition: Repetition::Repeatable, ..self }
    }

    /// Refuses a request without it.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { presence: Presence::Required, ..self }
    }

    /// Is what people mean who ask for one of these names.
    #[must_use]
    pub const fn tried_as(self, tried: &'static [&'static str]) -> Self {
        Self { tried, ..self }
    }

    /// Reads one value.
    ///
    /// # Errors
    ///
    /// A sentence without a full stop that tells what is wrong with `text`.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        if let Some(character) = text.chars().find(|character| character.is_control()) {
            return Err(format!("the control character {character:?} can't stand here"));
        }
        match self.kind {
            ParameterKind::Text(longest) => read_text(text, longest),
            ParameterKind::Place => read_text(text, 200),
            ParameterKind::Integer(low, high) => read_integer(text, low, high),
            ParameterKind::Number(low, high) => read_number(text, low, high),
            ParameterKind::Choice(choices) if choices.contains(&text) => {
                Ok(Value::Text(text.to_owned()))
            }
            ParameterKind::Choice(choices) => {
                Err(format!("`{text}` is not one of {}", choices.join(", ")))
            }
            ParameterKind::Boolean => match text {
                "true" | "1" => Ok(Value::Boolean(true)),
                "false" | "0" => Ok(Value::Boolean(false)),
                _ => Err(format!("`{text}` is neither `true` nor `false`")),
            },
            ParameterKind::Distance(longest) => read_distance(text, longest),
            ParameterKind::Point => said(text.parse().map(Value::Point)),
            ParameterKind::BoundingBox => said(text.parse().map(Value::BoundingBox)),
            ParameterKind::Polygon => said(polygon::read(text).map(Value::Polygon)),
            ParameterKind::Date => read_date(text),
        }
    }

    /// The schema of one value, for the OpenAPI document.
    #[must_use]
    pub fn schema(&self) -> Json {
        let mut schema = match self.kind {
            ParameterKind::Text(longest) => json!({"type": "string", "maxLength": longest}),
            ParameterKind::Integer(low, high) => {
                json!({"type": "integer", "minimum": low, "maximum": high})
            }
            ParameterKind::Number(low, high) => {
                json!({"type": "number", "minimum": low, "maximum": high})
            }
            ParameterKind::Choice(choices) => json!({"type": "string", "enum": choices}),
            ParameterKind::Boolean => json!({"type": "boolean"}),
            ParameterKind::Distance(_) => {
                json!({"type": "string", "pattern": "^[0-9.]+ *(m|metres|km|mi|miles?|yd)?$"})
            }
            ParameterKind::Place => json!({"type": "string", "maxLength": 200}),
            ParameterKind::Point | ParameterKind::BoundingBox | ParameterKind::Polygon => {
                json!({"type": "string"})
            }
            ParameterKind::Date => json!({"type": "string", "format": "date"}),
        };
        if let Some(default) = self.default {
            schema["default"] = self.written(default);
        }
        schema
    }

    /// `text` as the JSON that the schema wants: a number where it is one.
    #[must_use]
    pub fn written(&self, text: &str) -> Json {
        match self.read(text) {
            Ok(Value::Integer(number)) => json!(number),
            Ok(Value::Number(number)) => json!(number),
            Ok(Value::Boolean(truth)) => json!(truth),
            _ => json!(text),
        }
    }
}

fn said<E: std::fmt::Display>(read: Result<Value, E>) -> Result<Value, String> {
    read.map_err(|error| error.to_string())
}

fn read_text(text: &str, longest: usize) -> Result<Value, String> {
    match text.chars().count() {
        length if length > longest => {
            Err(format!("{length} characters are too many; {longest} are taken"))
        }
        _ => Ok(Value::Text(text.to_owned())),
    }
}

fn read_integer(text: &str, low: i64, high: i64) -> Result<Value, String> {
    let number: i64 = text.parse().map_err(|_| format!("`{text}` is not a whole number"))?;
    if (low..=high).contains(&number) {
        Ok(Value::Integer(number))
    } else {
        Err(format!("{number} is not within {low} and {high}"))
    }
}

fn read_number(text: &str, low: f64, high: f64) -> Result<Value, String> {
    let number: f64 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if (low..=high).contains(&number) {
        Ok(Value::Number(number))
    } else {
        Err(format!("{number} is not within {low} and {high}"))
    }
}

fn read_distance(text: &str, longest: f64) -> Result<Value, String> {
    let metres: Metres = text.parse().map_err(|error| format!("{error}"))?;
    if metres.as_f64() <= 0.0 {
        return Err(format!("{text} is no distance within which anything could be"));
    }
    if metres.as_f64() <= longest {
        Ok(Value::Distance(metres))
    } else {
        Err(format!("{text} is more than {} km", longest / 1_000.0))
    }
}

fn read_date(text: &str) -> Result<Value, String> {
    let syntax = || format!("`{text}` is not a day such as 2026-11-21");
    if text.len() != 10 {
        return Err(syntax());
    }
    text.parse().map(Value::Date).map_err(|_| syntax())
}

#[cfg(test)]
#[path = "parameter_tests.rs"]
mod tests;

//! The walk through the fields of a record by their types.

use ::url::Url;
use serde_json::{Map, Value as Json, json};

use super::draft::Manner;
use super::mojibake::DoubleEncoding;
use super::{Cleaned, Note, place, shown, text};
use crate::harvest::extraction::{Problem, Writing};
use crate::record::{CANONICAL, PARTIAL, WITHHOLDS, is_language};
use crate::schema::{Field, Schema, Shape, ValueType};

/// The longest text that is one line and has no paragraphs, in characters: a
/// name, a summary, a heading.
const ONE_LINE: usize = 300;

/// The most values of one field: pictures and places of one record are some
/// tens, and a list without end is a mistake.
const MOST_VALUES: usize = 500;

/// How deep nodes may be nested: those of the schema are so twice.
const DEEPEST: usize = 6;

/// What the whole walk needs, and what it found.
pub(super) struct Walk<'a> {
    schema: &'a Schema,
    pub(super) base: &'a Url,
    language: String,
    pub(super) double_encoding: DoubleEncoding,
    pub(super) writing: Writing,
    /// Without place and key, which are the same for all.
    pub(super) problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        schema: &'a Schema,
        base: &'a Url,
        manner: Manner<'_>,
        writing: Writing,
    ) -> Self {
        let Manner { language, double_encoding } = manner;
        let language = language.to_ascii_lowercase();
        let language = if is_language(&language) { language } else { "en".to_owned() };
        Self { schema, base, language, double_encoding, writing, problems: Vec::new() }
    }

    pub(super) fn error(&mut self, code: &str, at: &str, what: &str) {
        self.problems.push(Problem::error(code, "", said(at, what)));
    }

    pub(super) fn warning(&mut self, code: &str, at: &str, what: &str) {
        self.problems.push(Problem::warning(code, "", said(at, what)));
    }

    /// The value, with its notes said.
    pub(super) fn taken<T>(&mut self, at: &str, cleaned: Cleaned<T>) -> T {
        for Note { code, what } in &cleaned.notes {
            self.warning(code, at, what);
        }
        cleaned.value
    }

    /// Cleans the fields of a record or nested node.
    pub(super) fn fields(
        &mut self,
        shape: &Shape,
        fields: Map<String, Json>,
        at: &str,
        depth: usize,
    ) -> Map<String, Json> {
        let mut cleaned = Map::new();
        for (key, json) in fields {
            let at = if at.is_empty() { key.clone() } else { format!("{at}/{key}") };
            match shape.field(&key) {
                Some(_)
                    if depth == 0 && [PARTIAL, WITHHOLDS, CANONICAL].contains(&key.as_str()) =>
                {
                    let what = "only the register itself can hide what others say, or say which record stands for another";
                    self.error("not-for-sources", &at, what);
                }
                Some(field) => {
                    if let Some(json) = self.field(field, json, &at, depth) {
                        cleaned.insert(key, json);
                    }
                }
                None if depth > 0 && matches!(key.as_str(), "id" | "type") => {
                    cleaned.insert(key, json);
                }
                None => {
                    let what = format!("{} has no such property", shape.label);
                    self.error("unknown-field", &at, &what);
                }
            }
        }
        place::tidy(self, shape, &mut cleaned, at);
        cleaned
    }

    fn field(&mut self, field: &Field, json: Json, at: &str, depth: usize) -> Option<Json> {
        if field.value == ValueType::LanguageText {
            return self.languages(field, json, at);
        }
        let (mut values, was_list) = match json {
            Json::Array(values) => (values, true),
            json => (vec![json], false),
        };
        let most = field.maximum.unwrap_or(MOST_VALUES).min(MOST_VALUES);
        if values.len() > MOST_VALUES {
            let what = format!("{} values; the first {MOST_VALUES} were looked at", values.len());
            self.warning("too-many-values", at, &what);
            values.truncate(MOST_VALUES);
        }
        let mut cleaned: Vec<Json> = Vec::new();
        for (position, json) in values.into_iter().enumerate() {
            let at = if was_list { format!("{at}/{position}") } else { at.to_owned() };
            if let Some(json) = self.value(field, json, &at, depth)
                && !cleaned.contains(&json)
            {
                cleaned.push(json);
            }
        }
        if cleaned.len() > most {
            let what = format!("{} values; the first was taken", cleaned.len());
            self.warning("too-many-values", at, &what);
            cleaned.truncate(most);
        }
        match cleaned.len() {
            0 => None,
            1 if !field.is_list() || !was_list => cleaned.pop(),
            _ => Some(Json::Array(cleaned)),
        }
    }

    /// Texts in languages come as one, a list, or an object by language, and
    /// become an object by language.
    fn languages(&mut self, field: &Field, json: Json, at: &str) -> Option<Json> {
        let mut found: Vec<(String, Json)> = Vec::new();
        let listed = match json {
            Json::Array(values) => values,
            json => vec![json],
        };
        for json in listed.into_iter().take(MOST_VALUES) {
            match json {
                Json::Object(languages) => {
                    for (language, json) in languages {
                        let language = match language.to_ascii_lowercase().replace('_', "-") {
                            tag if is_language(&tag) => tag,
                            tag => {
                                let what = format!("`{}` is no language tag", shown(&tag));
                                self.warning("bad-language", at, &what);
                                self.language.clone()
                            }
                        };
                        match json {
                            Json::Array(texts) => found.extend(
                                texts.into_iter().take(MOST_VALUES).map(|t| (language.clone(), t)),
                            ),
                            text => found.push((language, text)),
                        }
                    }
                }
                text => found.push((self.language.clone(), text)),
            }
        }
        let mut languages: Map<String, Json> = Map::new();
        for (language, json) in found {
            let Some(text) = self.plain_text(json, at) else { continue };
            let Some(text) = self.language_text(field, &text, at) else { continue };
            match languages.get_mut(&language) {
                None => {
                    languages.insert(language, json!(text));
                }
                Some(_) if field.one_per_language => {
                    let what = format!("more than one text in `{language}`; the first was taken");
                    self.warning("too-many-values", at, &what);
                }
                Some(Json::Array(texts)) if !texts.contains(&json!(text)) => {
                    texts.push(json!(text));
                }
                Some(Json::Array(_)) => {}
                Some(one) if *one != json!(text) => *one = json!([one.clone(), text]),
                Some(_) => {}
            }
        }
        (!languages.is_empty()).then_some(Json::Object(languages))
    }

    fn language_text(&mut self, field: &Field, text: &str, at: &str) -> Option<String> {
        let is_line = field.maximum_length.is_some_and(|maximum| maximum <= ONE_LINE);
        let cleaned = if self.writing == Writing::Plain {
            text::as_it_is(text)
        } else if is_line {
            text::one_line(text, self.double_encoding)
        } else {
            text::paragraphs(text, Some(self.base), self.double_encoding)
        };
        let was_empty = text.trim().is_empty();
        let text = self.taken(at, cleaned);
        if text.is_empty() {
            if !was_empty {
                self.warning("empty-text", at, "nothing is left when markup is taken away");
            }
            return None;
        }
        Some(self.within(field, text, at))
    }

    fn value(&mut self, field: &Field, json: Json, at: &str, depth: usize) -> Option<Json> {
        match (&field.value, json) {
            (_, Json::Null) => None,
            (ValueType::Node(iri), Json::Object(node)) => self.node(field, iri, node, at, depth),
            (ValueType::Reference(_), json @ Json::Object(_)) => Some(json),
            (ValueType::Boolean, Json::Bool(truth)) => Some(json!(truth)),
            (_, Json::Object(_) | Json::Array(_)) | (ValueType::Node(_), _) => {
                let what = format!("must be {}", field.expected());
                self.error("bad-value", at, &what);
                None
            }
            (_, json) => {
                let text = self.plain_text(json, at)?;
                if text.is_empty() { None } else { self.scalar(field, &text, at) }
            }
        }
    }

    /// The text of a value, trimmed.
    fn plain_text(&mut self, json: Json, at: &str) -> Option<String> {
        match json {
            Json::String(text) => Some(text.trim().to_owned()),
            Json::Number(number) => Some(number.to_string()),
            Json::Bool(truth) => Some(truth.to_string()),
            Json::Null => None,
            Json::Array(_) | Json::Object(_) => {
                self.error("bad-value", at, "must be a text");
                None
            }
        }
    }

    fn node(
        &mut self,
        field: &Field,
        iri: &str,
        node: Map<String, Json>,
        at: &str,
        depth: usize,
    ) -> Option<Json> {
        let schema = self.schema;
        let shape = schema.nested(iri)?;
        if depth >= DEEPEST {
            self.error("too-deep", at, "nodes are nested too deeply");
            return None;
        }
        let was_empty = node.is_empty();
        let node = self.fields(shape, node, at, depth + 1);
        let missing = shape.fields.iter().find(|f| f.minimum > 0 && !node.contains_key(&f.key));
        if let Some(missing) = missing {
            let what = format!("{} has no `{}`, and is left out", field.key, missing.key);
            self.error("incomplete", at, &what);
            return None;
        }
        let is_empty = node.keys().all(|key| matches!(key.as_str(), "id" | "type"));
        if is_empty && !was_empty {
            self.warning("empty-node", at, "nothing of it could be read");
        }
        (!is_empty).then_some(Json::Object(node))
    }
}

fn said(at: &str, what: &str) -> String {
    if at.is_empty() { what.to_owned() } else { format!("{at}: {what}") }
}

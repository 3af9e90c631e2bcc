//! The walk through the fields of a record by their types.

use ::url::Url;
use serde_json::{Map, Value as Json, json};

use super::{Cleaned, Note, date, email, phone, place, postcode, shown, text, url};
use crate::harvest::extraction::Problem;
use crate::record::{PARTIAL, WITHHOLDS};
use crate::schema::{Field, Schema, Shape, ValueType};

/// The longest text that is one line and has no paragraphs, in characters: a
/// name, a summary, a heading.
const ONE_LINE: usize = 300;

/// The most values of one field: pictures and places of one record are some
/// tens, and a list without end is a mistake.
const MOST_VALUES: usize = 500;

/// How deep nodes may be nested: those of the schema are so twice.
const DEEPEST: usize = 6;

/// Properties whose values are nothing when a part is cut off.
const CUTTING_SPOILS: [&str; 4] = [
    "https://schema.org/telephone",
    "https://schema.org/email",
    "https://schema.org/postalCode",
    "https://w3id.org/kist#rrule",
];

/// What the whole walk needs, and what it found.
pub(super) struct Walk<'a> {
    schema: &'a Schema,
    base: &'a Url,
    language: String,
    /// Without place and key, which are the same for all.
    pub(super) problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(schema: &'a Schema, base: &'a Url, language: &str) -> Self {
        let language = language.to_ascii_lowercase();
        let language = if is_language(&language) { language } else { "en".to_owned() };
        Self { schema, base, language, problems: Vec::new() }
    }

    pub(super) fn error(&mut self, code: &str, at: &str, what: &str) {
        self.problems.push(Problem::error(code, "", said(at, what)));
    }

    pub(super) fn warning(&mut self, code: &str, at: &str, what: &str) {
        self.problems.push(Problem::warning(code, "", said(at, what)));
    }

    /// The value, with its notes said.
    fn taken<T>(&mut self, at: &str, cleaned: Cleaned<T>) -> T {
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
                Some(_) if depth == 0 && [PARTIAL, WITHHOLDS].contains(&key.as_str()) => {
                    let what = "only the register itself can hide what others say";
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
                    texts.push(json!(text))
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
        let cleaned =
            if is_line { text::one_line(text) } else { text::paragraphs(text, Some(self.base)) };
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

    /// The text, cut to the longest that the field takes.
    fn within(&mut self, field: &Field, text: String, at: &str) -> String {
        let Some(maximum) = field.maximum_length else { return text };
        match text::shortened(&text, maximum) {
            None => text,
            Some(short) => {
                let count = text.chars().count();
                let what = format!("{count} characters were cut to {maximum}");
                self.warning("text-cut", at, &what);
                short
            }
        }
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

    fn scalar(&mut self, field: &Field, text: &str, at: &str) -> Option<Json> {
        let read = match &field.value {
            ValueType::Text => return self.text(field, text, at),
            ValueType::Integer | ValueType::Double | ValueType::Decimal => number(field, text),
            ValueType::Boolean => match text.to_lowercase().as_str() {
                "true" | "yes" | "y" | "1" => Some(json!(true)),
                "false" | "no" | "n" | "0" => Some(json!(false)),
                _ => None,
            },
            ValueType::Date => return self.read(at, "bad-date", date::date(text)),
            ValueType::PartialDate => return self.read(at, "bad-date", date::partial_date(text)),
            ValueType::Time => {
                let time = date::time(text).map(|time| time.strftime("%H:%M").to_string());
                return self.read(at, "bad-time", time);
            }
            ValueType::DateTime => {
                return self.read(at, "bad-date", date::moment(text, &jiff::tz::TimeZone::UTC));
            }
            ValueType::Iri if text.starts_with("urn:") => {
                oxiri::Iri::parse(text).ok().map(|iri| json!(iri.as_str()))
            }
            ValueType::Iri => {
                return match url::complete(text, self.base) {
                    Ok(cleaned) => Some(json!(self.taken(at, cleaned))),
                    Err(error) => {
                        self.error("bad-address", at, &error.to_string());
                        None
                    }
                };
            }
            ValueType::WellKnownText
            | ValueType::Reference(_)
            | ValueType::LanguageText
            | ValueType::Node(_) => Some(json!(text)),
        };
        if read.is_none() {
            let what = format!("`{}` must be {}", shown(text), field.expected());
            self.error("bad-value", at, &what);
        }
        read
    }

    fn read<T: ToString>(
        &mut self,
        at: &str,
        code: &str,
        read: Result<T, date::DateError>,
    ) -> Option<Json> {
        match read {
            Ok(value) => Some(json!(value.to_string())),
            Err(error) => {
                self.error(code, at, &error.to_string());
                None
            }
        }
    }

    /// A text in no language. What kind of text it is, its property says.
    fn text(&mut self, field: &Field, text: &str, at: &str) -> Option<Json> {
        let path = field.path.as_str();
        let (cleaned, code) = match path {
            "https://schema.org/telephone" => (phone::telephone(text), "bad-telephone"),
            "https://schema.org/email" => (email::email(text), "bad-email"),
            "https://schema.org/postalCode" => {
                let read = postcode::postcode(text);
                let foreign = text.len() <= field.maximum_length.unwrap_or(usize::MAX)
                    && text.bytes().any(|byte| byte.is_ascii_digit());
                let read = read
                    .map(|Cleaned { value, notes }| Cleaned { value: value.to_string(), notes });
                let kept = foreign.then(|| {
                    let what = format!("`{}` is no postcode of the United Kingdom", shown(text));
                    Cleaned::noted(text.to_owned(), "bad-postcode", what)
                });
                (read.or(kept), "bad-postcode")
            }
            _ => (Some(text::joined_lines(text)), "empty-text"),
        };
        let Some(cleaned) = cleaned else {
            self.error(code, at, &format!("`{}` can't be read", shown(text)));
            return None;
        };
        let cleaned = self.taken(at, cleaned);
        if cleaned.is_empty() {
            return None;
        }
        let cleaned = match field.choices.iter().find(|c| c.eq_ignore_ascii_case(&cleaned)) {
            Some(choice) => choice.clone(),
            None if field.choices.is_empty() => cleaned,
            None => {
                let what = format!("`{}` must be {}", shown(&cleaned), field.expected());
                self.error("bad-value", at, &what);
                return None;
            }
        };
        if field.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(&cleaned)) {
            let what = format!("`{}` is not of the form that is expected", shown(&cleaned));
            self.error("bad-value", at, &what);
            return None;
        }
        let is_too_long = field.maximum_length.is_some_and(|most| cleaned.chars().count() > most);
        if is_too_long && (field.pattern.is_some() || CUTTING_SPOILS.contains(&path)) {
            self.error("bad-value", at, &format!("`{}` is too long", shown(&cleaned)));
            return None;
        }
        Some(json!(self.within(field, cleaned, at)))
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

fn number(field: &Field, text: &str) -> Option<Json> {
    let plain = text.replace(['£', '€', ','], "");
    let plain = plain.trim();
    let number: f64 = plain.parse().ok().filter(|number: &f64| number.is_finite())?;
    let is_within = field.lowest.is_none_or(|lowest| number >= lowest)
        && field.highest.is_none_or(|highest| number <= highest);
    if !is_within {
        return None;
    }
    match field.value {
        ValueType::Decimal => {
            let is_plain = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
            is_plain.then(|| json!(plain.trim_end_matches('.')))
        }
        ValueType::Integer => {
            let whole = plain.split_once('.').map_or(plain, |(whole, part)| {
                if part.bytes().all(|byte| byte == b'0') { whole } else { plain }
            });
            whole.parse::<i64>().ok().map(|number| json!(number))
        }
        _ => Some(json!(number)),
    }
}

fn said(at: &str, what: &str) -> String {
    if at.is_empty() { what.to_owned() } else { format!("{at}: {what}") }
}

/// Whether a tag in lower case is one of RFC 5646, as far as it is in use.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

//! How the values of a record are shown: by what they hold, and by their shape
//! where a nested one reads better in one piece than field by field.

use jiff::civil::Date;
use serde_json::Map;
use serde_json::Value as Json;

use crate::record::Node;
use crate::record::Reference;
use crate::record::Value;
use crate::schema::Field;
use crate::schema::Schema;
use crate::schema::ValueType;
use crate::web::html::card;
use crate::web::html::content;
use crate::web::html::content::Line;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::labels;
use crate::web::html::messages::Messages;
use crate::web::html::shown::Shown;
use crate::web::html::site::Site;
use crate::web::html::when;

/// The longest geometry that is shown.
const LONGEST_GEOMETRY: usize = 200;

/// What drawing facts depends on.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) site: Site<'a>,
    pub(super) schema: &'a Schema,
    pub(super) messages: &'static Messages,
    pub(super) today: Date,
}

impl Context<'_> {
    /// What is shown of the values of a field; `json` is the same as JSON.
    pub(super) fn values(
        &self,
        field: &Field,
        values: &[Value],
        json: Option<&Json>,
    ) -> Vec<Shown> {
        let shape = match &field.value {
            ValueType::Node(iri) => self.schema.nested(iri),
            _ => None,
        };
        let Some(shape) = shape else {
            return values.iter().filter_map(|value| self.plain(field, value)).collect();
        };
        let objects: Vec<&Map<String, Json>> = match json {
            Some(Json::Array(objects)) => objects.iter().filter_map(Json::as_object).collect(),
            Some(Json::Object(object)) => vec![object],
            _ => Vec::new(),
        };
        let mut shown: Vec<Shown> = Vec::new();
        let mut said: Vec<Line> = Vec::new();
        for (node, object) in values.iter().filter_map(Value::as_node).zip(objects) {
            let words = match shape.label.as_str() {
                "Schedule" => when::in_words(object, self.today, self.messages),
                "Cost" => Some(cost(object, self.messages)),
                _ => None,
            };
            match words {
                // The same words twice say nothing new.
                Some(words) if said.contains(&words) || words.is_empty() => {}
                Some(words) => {
                    said.push(words.clone());
                    shown.push(Shown::Line(words));
                }
                None if shape.label == "Finding" => shown.extend(self.finding(node)),
                None if shape.label == "Location" => {
                    shown.push(self.location(&shape.fields, node, object));
                }
                None => shown.push(self.parts(&shape.fields, node, &[])),
            }
        }
        shown
    }

    /// A value that is no nested node.
    fn plain(&self, field: &Field, value: &Value) -> Option<Shown> {
        let text = |text: String| Some(Shown::Text(Text::plain(text)));
        match value {
            Value::LanguageText { language, text } => {
                let text = Text::written(text, language, self.site.language);
                let paragraphs = text.paragraphs();
                match paragraphs.len() {
                    0 => None,
                    1 => Some(Shown::Text(text)),
                    _ => Some(Shown::Long(paragraphs)),
                }
            }
            Value::Text(given) if field.key == "email" => {
                Some(Shown::Outward(Link { href: mail(given), text: Text::plain(given.as_str()) }))
            }
            Value::Text(given) if field.key == "telephone" => {
                let link = content::telephone(given)
                    .map(|href| Shown::Outward(Link { href, text: Text::plain(given.as_str()) }));
                link.or_else(|| text(given.clone()))
            }
            Value::Text(given) if field.value == ValueType::WellKnownText => {
                if given.len() > LONGEST_GEOMETRY { None } else { text(given.clone()) }
            }
            Value::Text(given) if !field.choices.is_empty() => {
                Some(Shown::Text(labels::of_choice(given, self.messages)))
            }
            Value::Text(given) if field.value == ValueType::PartialDate => {
                text(content::partial_date(given, self.site.language))
            }
            Value::Text(given) | Value::Decimal(given) => text(given.clone()),
            Value::Integer(number) => text(number.to_string()),
            Value::Double(number) => text(number.to_string()),
            Value::Boolean(truth) => {
                let phrase = if *truth { self.messages.yes } else { self.messages.no };
                Some(Shown::Text(phrase.text()))
            }
            Value::Date(date) => text(content::day_in(*date, self.site.language)),
            Value::Time(time) => text(time.strftime("%H:%M").to_string()),
            Value::DateTime(at) => text(content::day_in(content::date_of(*at), self.site.language)),
            Value::Iri(iri) | Value::Reference(Reference::Elsewhere(iri)) => Some(outward(iri)),
            Value::Reference(Reference::Record(id)) => Some(Shown::Link(self.site.link(id))),
            Value::Node(_) => None,
        }
    }

    fn finding(&self, node: &Node) -> Vec<Shown> {
        let topics = node.values("topics").iter().filter_map(Value::as_record);
        let mut topics: Vec<Link> = topics.map(|id| self.site.link(id)).collect();
        let texts = node.values("text").iter().filter_map(|value| match value {
            Value::LanguageText { language, text } => {
                Some(Text::written(text, language, self.site.language))
            }
            _ => None,
        });
        let texts: Vec<Text> = texts.collect();
        let all = texts.into_iter().map(|text| Shown::Finding(text, std::mem::take(&mut topics)));
        all.collect()
    }

    /// An address in one line, then what else is known of the site.
    fn location(&self, fields: &[Field], node: &Node, object: &Map<String, Json>) -> Shown {
        let in_line = [
            "name",
            "streetAddress",
            "locality",
            "region",
            "postcode",
            "country",
            "latitude",
            "longitude",
            "positionFrom",
        ];
        let mut parts = Vec::new();
        if let Some(address) = card::address(object, self.site.language) {
            parts.push((None, vec![Shown::Text(Text::plain(address))]));
        }
        let Shown::Parts(rest) = self.parts(fields, node, &in_line) else {
            return Shown::Parts(parts);
        };
        parts.extend(rest);
        let degrees = |key: &str| object.get(key).and_then(Json::as_f64);
        if let (Some(latitude), Some(longitude)) = (degrees("latitude"), degrees("longitude")) {
            let href = format!(
                "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
            );
            let text = self.messages.get_there.text();
            parts.push((None, vec![Shown::Outward(Link { href, text })]));
        }
        Shown::Parts(parts)
    }

    /// A nested node, field by field.
    fn parts(&self, fields: &[Field], node: &Node, except: &[&str]) -> Shown {
        let shown = fields.iter().filter(|field| !except.contains(&field.key.as_str()));
        let parts = shown.filter_map(|field| {
            let values = node.values(&field.key);
            let shown: Vec<Shown> =
                values.iter().filter_map(|value| self.plain(field, value)).collect();
            // What comes first in a nested node is what it is: no label.
            let leads = ["member", "name", "item", "role", "contentUrl"];
            let label = (!leads.contains(&field.key.as_str()))
                .then(|| labels::of_field(&field.key, self.messages));
            (!shown.is_empty()).then_some((label, shown))
        });
        Shown::Parts(parts.collect())
    }
}

/// A link to the web, or the bare address when it can't be followed.
fn outward(iri: &str) -> Shown {
    match content::web_address(iri) {
        Some(address) => {
            let text = address.split_once("://").map_or(address, |(_, rest)| rest);
            let text = Text::plain(text.trim_end_matches('/'));
            Shown::Outward(Link { href: address.to_owned(), text })
        }
        None => Shown::Text(Text::plain(iri)),
    }
}

/// `free`, `£3.50`, or what the note says.
fn cost(cost: &Map<String, Json>, messages: &Messages) -> Line {
    let mut parts = Vec::new();
    if cost.get("free").and_then(Json::as_bool) == Some(true) {
        parts.push(messages.cost_free.text());
    }
    if let Some(amount) = cost.get("amount").and_then(Json::as_str) {
        let pence = amount.split_once('.').map_or(2, |(_, pence)| pence.len());
        let amount = if pence == 1 { format!("{amount}0") } else { amount.to_owned() };
        match cost.get("currency").and_then(Json::as_str) {
            Some("GBP") | None => parts.push(Text::plain(format!("£{amount}"))),
            Some(currency) => parts.push(Text::plain(format!("{amount} {currency}"))),
        }
    }
    parts.extend(content::text(cost, "note", messages.language));
    if parts.is_empty() && cost.get("free").and_then(Json::as_bool) == Some(false) {
        parts.push(messages.cost_paid.text());
    }
    Line::of(parts)
}

/// A `mailto:` address, without anything that could add to the message.
fn mail(address: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || "@.+-_~!$'*/=^`{|}#".contains(c);
    let address: String = address.chars().filter(|c| kept(*c)).collect();
    format!("mailto:{address}")
}

//! The form of a search: what, where, and how far.

use crate::model::weekday;
use crate::web::html::address::Address;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::tongue::Tongue;

/// The distances that forms offer.
const DISTANCES: [(&str, &str); 7] = [
    ("500m", "500 m"),
    ("1km", "1 km"),
    ("2km", "2 km"),
    ("5km", "5 km"),
    ("10km", "10 km"),
    ("25km", "25 km"),
    ("50km", "50 km"),
];

/// A choice of a list.
#[derive(Debug, Clone)]
pub(in crate::web) struct Choice {
    pub(in crate::web) value: String,
    /// An option can't hold marked words: the whole of it is in one language.
    pub(in crate::web) text: Text,
    pub(in crate::web) is_chosen: bool,
}

/// What stands in the form.
#[derive(Debug)]
pub(in crate::web) struct SearchForm {
    pub(in crate::web) action: &'static str,
    pub(in crate::web) what: String,
    pub(in crate::web) near: String,
    pub(in crate::web) distances: Vec<Choice>,
    /// Fields that are not shown: filters that stay, the language.
    pub(in crate::web) hidden: Vec<(String, String)>,
}

impl SearchForm {
    /// An empty form.
    pub(in crate::web) fn empty(tongue: impl Into<Tongue>) -> Self {
        Self::of(&Address::new("/search"), tongue)
    }

    /// The form as the search at `address` filled it.
    pub(in crate::web) fn of(address: &Address, tongue: impl Into<Tongue>) -> Self {
        let shown = ["q", "near", "within", "page", "cursor", "lang"];
        let mut hidden: Vec<(String, String)> = address
            .pairs()
            .filter(|(name, _)| !shown.contains(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        hidden.extend(tongue.into().field());
        Self {
            action: "/search",
            what: address.value("q").unwrap_or_default().to_owned(),
            near: address.value("near").unwrap_or_default().to_owned(),
            distances: distances(address.value("within")),
            hidden,
        }
    }

    /// Another field that is sent along.
    pub(in crate::web) fn with_hidden(mut self, name: &str, value: &str) -> Self {
        self.hidden.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The distances that a form offers, and any other that is `chosen`.
pub(in crate::web) fn distances(chosen: Option<&str>) -> Vec<Choice> {
    let mut distances: Vec<Choice> = DISTANCES
        .iter()
        .map(|(value, text)| Choice {
            value: (*value).to_owned(),
            text: Text::plain(*text),
            is_chosen: chosen == Some(value),
        })
        .collect();
    let other = chosen.filter(|chosen| !chosen.is_empty());
    if let Some(other) = other.filter(|_| distances.iter().all(|one| !one.is_chosen)) {
        let text = Text::plain(other);
        distances.push(Choice { value: other.to_owned(), text, is_chosen: true });
    }
    distances
}

/// Times of the week to be open at, as the parameter `open` takes them.
pub(in crate::web) fn times(address: &Address, messages: &Messages) -> Vec<Choice> {
    let chosen = address.value("open");
    let hours =
        [("10:00", messages.morning), ("14:30", messages.afternoon), ("19:00", messages.evening)];
    let codes = weekday::CODES.map(str::to_ascii_lowercase);
    let days = codes.iter().zip(messages.days());
    let mut times: Vec<Choice> = days
        .flat_map(|(code, day)| {
            hours.map(|(hour, part)| {
                let value = format!("{code} {hour}");
                let when = format!("{} ({hour})", part.plain());
                Choice {
                    text: messages.open_at.filled(&[("day", day.plain()), ("hour", &when)]),
                    is_chosen: chosen == Some(value.as_str()),
                    value,
                }
            })
        })
        .collect();
    if let Some(other) = chosen.filter(|_| times.iter().all(|time| !time.is_chosen)) {
        let text = Text::plain(other);
        times.push(Choice { value: other.to_owned(), text, is_chosen: true });
    }
    times
}

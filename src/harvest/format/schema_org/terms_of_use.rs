//! For whom something is and what it costs.

use serde_json::{Map, Value as Json, json};

use super::graph::{Graph, Node};
use super::words;
use crate::harvest::extraction::Draft;

/// Offers that are looked at.
const MOST_OFFERS: usize = 50;
/// The oldest age that the record takes.
const OLDEST: u32 = 130;

/// Sets `cost`, from `isAccessibleForFree`, offers and `priceRange`.
pub(super) fn set_cost(draft: &mut Draft, graph: &Graph, node: &Node) {
    let mut cost = Map::new();
    let free = ["isAccessibleForFree", "free"].iter().find_map(|name| node.text(name));
    let mut prices: Vec<Price> = Vec::new();
    for offer in graph.nodes_of(node, "offers").take(MOST_OFFERS) {
        prices.extend(price(offer));
        prices.extend(graph.nodes_of(offer, "priceSpecification").filter_map(price));
        prices.extend(graph.nodes_of(offer, "offers").take(MOST_OFFERS).filter_map(price));
    }
    prices.dedup();
    let is_free = match free.map(str::to_lowercase).as_deref() {
        Some("true" | "yes" | "1" | "http://schema.org/true" | "https://schema.org/true") => true,
        _ => !prices.is_empty() && prices.iter().all(|price| price.amount == "0"),
    };
    if is_free {
        cost.insert("free".to_owned(), true.into());
    } else if let [Price { amount, currency, .. }] = prices.as_slice() {
        cost.insert("free".to_owned(), false.into());
        cost.insert("amount".to_owned(), amount.clone().into());
        if let Some(currency) = currency {
            cost.insert("currency".to_owned(), currency.clone().into());
        }
    } else if !prices.is_empty() {
        let line: Vec<String> = prices.iter().map(Price::words).collect();
        cost.insert("free".to_owned(), false.into());
        cost.insert("note".to_owned(), line.join("; ").into());
    } else if let Some(range) = node.text("priceRange") {
        cost.insert("note".to_owned(), range.chars().take(500).collect::<String>().into());
    }
    draft.set("cost", Json::Object(cost));
}

#[derive(Debug, PartialEq)]
struct Price {
    name: Option<String>,
    /// A decimal, as written; zeros only are `0`.
    amount: String,
    currency: Option<String>,
}

impl Price {
    fn words(&self) -> String {
        let amount = match self.currency.as_deref() {
            Some("GBP") => format!("£{}", self.amount),
            Some(currency) => format!("{} {currency}", self.amount),
            None => self.amount.clone(),
        };
        match &self.name {
            Some(name) => format!("{name}: {amount}"),
            None => amount,
        }
    }
}

fn price(offer: &Node) -> Option<Price> {
    let written = ["price", "lowPrice", "minPrice"].iter().find_map(|name| offer.text(name))?;
    let lower = written.to_lowercase();
    let digits = written.trim_matches(|letter: char| !letter.is_ascii_digit());
    let mut currency = offer
        .text("priceCurrency")
        .map(str::to_uppercase)
        .filter(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()));
    let amount = if lower.contains("free") && digits.is_empty() {
        "0".to_owned()
    } else {
        let number: f64 = digits.replace(',', "").parse().ok()?;
        if written.contains('£') && currency.is_none() {
            currency = Some("GBP".to_owned());
        }
        if number == 0.0 { "0".to_owned() } else { digits.replace(',', "") }
    };
    let name = offer.text("name").or_else(|| offer.text("description"));
    Some(Price { name: name.map(|name| name.chars().take(100).collect()), amount, currency })
}

/// Sets the ages and the terms of `audience`.
pub(super) fn set_audience(draft: &mut Draft, graph: &Graph, node: &Node) {
    let (mut youngest, mut oldest) = (None, None);
    for property in ["audience", "serviceAudience", "eligibleCustomerType"] {
        for value in node.all(property) {
            let Some(audience) = graph.node(value).and_then(|node| graph.nodes.get(node)) else {
                continue;
            };
            youngest = youngest.or_else(|| first(audience, &["suggestedMinAge", "requiredMinAge"]));
            oldest = oldest.or_else(|| first(audience, &["suggestedMaxAge", "requiredMaxAge"]));
            for age in graph.nodes_of(audience, "suggestedAge") {
                youngest = youngest.or_else(|| first(age, &["minValue"]));
                oldest = oldest.or_else(|| first(age, &["maxValue"]));
            }
            words::add_terms(draft, "audience", graph, audience, "audienceType");
        }
        words::add_terms(draft, "audience", graph, node, property);
    }
    if let Some(range) = node.text("typicalAgeRange") {
        let mut ages = range.split(['-', '–', '+']).map(|age| age.trim().parse::<u32>().ok());
        youngest = youngest.or(ages.next().flatten());
        oldest = oldest.or(ages.next().flatten());
    }
    let is_order = |oldest: &u32| youngest.is_none_or(|youngest| youngest <= *oldest);
    for (field, age) in [("minimumAge", youngest), ("maximumAge", oldest.filter(is_order))] {
        if let Some(age) = age.filter(|age| *age <= OLDEST) {
            draft.set(field, json!(age));
        }
    }
}

fn first(node: &Node, properties: &[&str]) -> Option<u32> {
    let age = properties.iter().find_map(|property| node.text(property))?.parse::<f64>().ok()?;
    // Ages in years; a baby of half a year is none yet.
    (0.0..=f64::from(OLDEST)).contains(&age).then(|| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to 130"
        )]
        let whole = age as u32;
        whole
    })
}

//! What an opportunity costs, from its offers.

use serde_json::{Map, Value as Json, json};

use super::item::{Chain, list, number, text};

/// A node of `cost`: free when all offers are, otherwise the lowest price with
/// a note when there are others. `None` when nothing is said.
pub(super) fn cost(chain: &Chain<'_>) -> Option<Json> {
    if chain.get("isAccessibleForFree").and_then(Json::as_bool) == Some(true) {
        return Some(json!({"free": true}));
    }
    let offers = chain.get("offers").into_iter().flat_map(list).filter_map(Json::as_object);
    let mut priced: Vec<(f64, &Map<String, Json>)> =
        offers.filter_map(|offer| Some((price(offer)?, offer))).collect();
    priced.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let (_, highest) = priced.last()?;
    if price(highest) == Some(0.0) {
        return Some(json!({"free": true}));
    }
    let (lowest, offer) = priced.first()?;
    let mut node = Map::new();
    node.insert("amount".to_owned(), json!(format!("{lowest:.2}")));
    if let Some(currency) = offer.get("priceCurrency").and_then(text)
        && currency.len() == 3
    {
        node.insert("currency".to_owned(), Json::from(currency.to_ascii_uppercase()));
    }
    if priced.len() > 1 {
        let one = |(price, offer): &(f64, &Map<String, Json>)| {
            let name = offer.get("name").and_then(text);
            name.map(|name| format!("{name}: {price:.2}"))
        };
        let named: Vec<String> = priced.iter().filter_map(one).collect();
        if !named.is_empty() {
            node.insert("note".to_owned(), Json::from(named.join("; ")));
        }
    }
    Some(Json::Object(node))
}

fn price(offer: &Map<String, Json>) -> Option<f64> {
    number(offer, "price").filter(|price| (0.0..1_000_000.0).contains(price))
}

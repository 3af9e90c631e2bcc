//! Services, as assets.

use serde_json::{Map, Value as Json, json};

use super::{kist, language, organisation, place, schedule, term};
use crate::harvest::clean::date;
use crate::harvest::extraction::{Draft, State};
use crate::harvest::format::json::Item;

/// Lists that only a whole service has; in a 3.0 list rows lack them all.
const WHOLE: &[&str] = &[
    "service_at_locations",
    "schedules",
    "regular_schedules",
    "service_areas",
    "attributes",
    "service_taxonomys",
    "cost_options",
    "contacts",
    "languages",
    "eligibilitys",
    "phones",
];

/// How long a remark on the cost may be, in characters: what the schema
/// allows.
const MAX_NOTE: usize = 500;

/// How many eligibilities are told in words.
const MAX_ELIGIBILITIES: usize = 20;

/// The oldest age that is believed; feeds write 999 for “no limit”.
const OLDEST: f64 = 130.0;

/// Whether this is the whole service, and not its row in a list.
pub(super) fn is_whole(service: &Item<'_>) -> bool {
    WHOLE.iter().any(|name| service.has(name))
}

/// What is said of a service; `None` without an id.
pub(super) fn draft(service: &Item<'_>) -> Option<Draft> {
    let Some(key) = service.text("id") else {
        service.unread("", "no-key", "the service has no id");
        return None;
    };
    let mut service = service.clone();
    service.key = Some(key.clone());
    let service = &service;
    let mut draft = Draft::new("asset", key, service.at.as_str());
    draft.modified = service.first_text(&["last_modified", "modified_date", "updated_at"]);
    set_texts(&mut draft, service);
    set_status(&mut draft, service);
    set_people(&mut draft, service);
    set_cost(&mut draft, service);
    set_access(&mut draft, service);
    for location in service.items("service_at_locations") {
        add_location(&mut draft, &location);
    }
    for location in service.items("locations") {
        place::add(&mut draft, &location);
    }
    place::add_areas(&mut draft, service);
    add_schedules(&mut draft, service);
    add_terms(&mut draft, service);
    let provider = service.item("organization");
    let known = provider.as_ref().and_then(|provider| kist::identity(provider, "organisation"));
    let id = provider.and_then(|organisation| organisation.text("id"));
    if let Some(known) = known {
        draft.set("provider", known);
    } else if let Some(id) = id.or_else(|| service.text("organization_id")) {
        draft.links.push(organisation::link(&organisation::key_of(&id)));
    }
    if service.has("kist_id") {
        if draft.terms.iter().any(|term| term.field == "assetType") {
            draft.fields.shift_remove("assetType");
        }
        kist::complete(&mut draft, service);
        if service.has("kist_status") {
            draft.state = State::Live;
        }
    } else {
        set_mode_by_place(&mut draft);
    }
    Some(draft)
}

/// Adds the location of a service at a location, and its schedules.
pub(super) fn add_location(draft: &mut Draft, at_location: &Item<'_>) {
    let mut at_location = at_location.clone();
    at_location.key = Some(draft.key.clone());
    add_schedules(draft, &at_location);
    if let Some(location) = at_location.item("location") {
        add_schedules(draft, &location);
        place::add(draft, &location);
    }
}

fn set_texts(draft: &mut Draft, service: &Item<'_>) {
    draft.set("assetType", "service");
    for (field, names) in [
        ("name", &["name"][..]),
        ("alternateName", &["alternate_name"]),
        ("description", &["description"]),
        ("url", &["url"]),
        ("email", &["email"]),
    ] {
        if let Some(text) = service.first_text(names) {
            draft.set(field, text);
        }
    }
    if !draft.fields.contains_key("email") {
        let of_contact = service.items("contacts").iter().find_map(|contact| contact.text("email"));
        draft.set("email", of_contact);
    }
    draft.set("telephone", organisation::telephone(service));
    for name in ["alert", "application_process"] {
        if let Some(text) = service.text(name) {
            place::add_note(draft, &text);
        }
    }
    if let Some(text) = service.text("assured_date") {
        match date::date(&text) {
            Ok(day) => draft.set("lastReviewed", day.to_string()),
            Err(error) => service.unread("assured_date", "bad-date", &error.to_string()),
        }
    }
}

/// A service that is inactive or defunct is gone, for whoever looks for one.
fn set_status(draft: &mut Draft, service: &Item<'_>) {
    let Some(status) = service.text("status") else { return };
    match status.to_lowercase().replace(['_', '-'], " ").as_str() {
        "active" => draft.set("status", "active"),
        "temporarily closed" => draft.set("status", "paused"),
        "inactive" | "defunct" => draft.state = State::Deleted,
        _ => service.unread("status", "bad-status", &format!("`{status}` is no status")),
    }
}

fn set_people(draft: &mut Draft, service: &Item<'_>) {
    let eligibilities = service.items("eligibilitys");
    let mut words = service.text("eligibility_description").into_iter().collect::<Vec<_>>();
    for eligibility in eligibilities.iter().take(MAX_ELIGIBILITIES) {
        words.extend(eligibility.text("eligibility").filter(|text| !words.contains(text)));
    }
    draft.set("eligibility", words.join("; "));
    for (field, name) in [("minimumAge", "minimum_age"), ("maximumAge", "maximum_age")] {
        let of_service = age(service, name);
        if let Some(age) =
            of_service.or_else(|| eligibilities.iter().find_map(|item| age(item, name)))
        {
            draft.set(field, age);
        }
    }
    let mut tags: Vec<String> = Vec::new();
    for entry in service.items("languages") {
        let Some(said) = entry.first_text(&["code", "name", "language"]) else { continue };
        let by_name =
            || entry.first_text(&["name", "language"]).and_then(|name| language::tag(&name));
        match language::tag(&said).or_else(by_name) {
            Some(tag) if tags.contains(&tag) => {}
            Some(tag) => tags.push(tag),
            None => {
                let what = format!("the language `{said}` is not known");
                entry.unread("", "unknown-language", &what);
            }
        }
    }
    draft.set("languages", tags);
}

fn age(item: &Item<'_>, name: &str) -> Option<i64> {
    let age = item.number(name)?;
    if (0.0..=OLDEST).contains(&age) {
        #[expect(clippy::cast_possible_truncation, reason = "it lies between 0 and 130")]
        return Some(age.floor() as i64);
    }
    // A maximum beyond all ages says that there is none.
    if age < 0.0 || name == "minimum_age" {
        item.unread(name, "bad-age", &format!("{age} is not an age"));
    }
    None
}

fn set_cost(draft: &mut Draft, service: &Item<'_>) {
    let options = service.items("cost_options");
    let mut cost = Map::new();
    let amounts: Vec<f64> = options
        .iter()
        .filter_map(|option| option.number("amount"))
        .filter(|amount| *amount >= 0.0)
        .collect();
    if !amounts.is_empty()
        && amounts.len() == options.len()
        && amounts.iter().all(|amount| *amount == 0.0)
    {
        cost.insert("free".to_owned(), true.into());
    }
    if let ([option], [amount]) = (options.as_slice(), amounts.as_slice())
        && *amount > 0.0
    {
        cost.insert("amount".to_owned(), amount.to_string().into());
        let currency = option.text("currency").map(|currency| currency.to_uppercase());
        if let Some(currency) = currency
            .filter(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            cost.insert("currency".to_owned(), currency.into());
        }
    }
    let fees = service.first_text(&["fees_description", "fees"]);
    let is_free = |text: &str| {
        let plain = text.trim_end_matches('.').to_lowercase();
        matches!(plain.as_str(), "free" | "free of charge" | "no charge" | "no cost")
    };
    if fees.as_deref().is_some_and(is_free) {
        cost.insert("free".to_owned(), true.into());
    }
    let mut notes: Vec<String> = fees.into_iter().filter(|text| !is_free(text)).collect();
    let has_amount = cost.contains_key("amount");
    notes.extend(options.iter().filter_map(|option| option_in_words(option, has_amount)));
    let note = notes.join("; ");
    if note.chars().count() > MAX_NOTE {
        service.unread(
            "cost_options",
            "too-long",
            &format!("what is said of the cost has {} bytes", note.len()),
        );
    } else if !note.is_empty() {
        cost.insert("note".to_owned(), note.into());
    }
    draft.set("cost", Json::Object(cost));
}

/// A cost option as people read it, with its amount unless that has a field.
fn option_in_words(option: &Item<'_>, has_amount: bool) -> Option<String> {
    let amount = option.text("amount").filter(|_| !has_amount);
    let words: Vec<String> = [option.text("option"), amount, option.text("amount_description")]
        .into_iter()
        .flatten()
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// How people come to it and take part, in the words that 1.0 has for it.
fn set_access(draft: &mut Draft, service: &Item<'_>) {
    match service.text("attending_access").map(|access| access.to_lowercase()).as_deref() {
        Some("referral") => draft.set("referral", json!({ "route": ["professional"] })),
        Some("drop-in") => draft.set("referral", json!({ "route": ["self"] })),
        _ => {}
    }
    match service.text("attending_type").map(|kind| kind.to_lowercase()).as_deref() {
        Some("phone" | "online") => {
            draft.set("accessMode", "remote");
            draft.set("online", true);
        }
        Some("venue" | "home visit") => draft.set("accessMode", "in-person"),
        _ => {}
    }
}

/// A service with a virtual location is used from anywhere, and with a
/// physical one besides both ways.
fn set_mode_by_place(draft: &mut Draft) {
    let is_online = draft.fields.get("online") == Some(&Json::Bool(true));
    if is_online && !draft.fields.contains_key("accessMode") {
        let mode = if draft.fields.contains_key("locations") { "hybrid" } else { "remote" };
        draft.set("accessMode", mode);
    }
}

fn add_schedules(draft: &mut Draft, item: &Item<'_>) {
    let has = draft.fields.get("schedule").and_then(Json::as_array).map_or(0, Vec::len);
    if has >= schedule::MAX_SCHEDULES {
        return;
    }
    let more = schedule::of(item);
    match draft.fields.get_mut("schedule") {
        Some(Json::Array(schedules)) => {
            for schedule in more {
                if !schedules.contains(&schedule) {
                    schedules.push(schedule);
                }
            }
        }
        _ => draft.set("schedule", more),
    }
}

fn add_terms(draft: &mut Draft, service: &Item<'_>) {
    let mut terms = term::of_attributes(service, "topics");
    for eligibility in service.items("eligibilitys") {
        terms.extend(term::of_attributes(&eligibility, "audience"));
    }
    for term in terms {
        term::add(draft, term);
    }
}

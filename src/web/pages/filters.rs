//! The filters of a list of results, and those that are in use.

use crate::register::Facet;
use crate::register::FacetCounts;
use crate::web::html::address::Address;
use crate::web::html::content::Text;
use crate::web::html::form;
use crate::web::html::form::Choice;
use crate::web::html::list;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::messages::thousands;
use crate::web::html::site::KINDS;
use crate::web::html::site::Site;

/// The most values of a facet that are offered.
const MOST_VALUES: usize = 14;

/// A facet by which results can be narrowed.
pub(super) struct FacetGroup {
    /// The facet.
    pub(super) facet: Facet,
    /// The parameter of the search.
    pub(super) parameter: &'static str,
    label: fn(&Messages) -> Phrase,
    way: Way,
}

/// Whether several values can be chosen at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Several,
    One,
}

/// The facets that the page of results offers, in order.
pub(super) const FACETS: &[FacetGroup] = &[
    FacetGroup {
        facet: Facet::Kind,
        parameter: "kind",
        label: |m| m.filter_kind,
        way: Way::Several,
    },
    FacetGroup {
        facet: Facet::AssetType,
        parameter: "type",
        label: |m| m.filter_type,
        way: Way::Several,
    },
    FacetGroup {
        facet: Facet::ResourceType,
        parameter: "resource_type",
        label: |m| m.filter_resource_type,
        way: Way::Several,
    },
    FacetGroup {
        facet: Facet::Topic,
        parameter: "topic",
        label: |m| m.filter_topic,
        way: Way::Several,
    },
    FacetGroup {
        facet: Facet::Audience,
        parameter: "audience",
        label: |m| m.filter_audience,
        way: Way::Several,
    },
    FacetGroup {
        facet: Facet::Accessibility,
        parameter: "accessibility",
        label: |m| m.filter_accessibility,
        way: Way::Several,
    },
    FacetGroup {
        facet: Facet::Sector,
        parameter: "sector",
        label: |m| m.filter_sector,
        way: Way::Several,
    },
    FacetGroup { facet: Facet::Cost, parameter: "cost", label: |m| m.filter_cost, way: Way::One },
    FacetGroup {
        facet: Facet::AccessMode,
        parameter: "access",
        label: |m| m.filter_access,
        way: Way::One,
    },
];

/// One filter with its values.
#[derive(Debug)]
pub(super) struct Filter {
    /// What it is called.
    pub(super) label: Phrase,
    /// The parameter of the search.
    pub(super) parameter: &'static str,
    /// `checkbox`, `radio` or `select`.
    pub(super) control: &'static str,
    /// What can be chosen.
    pub(super) values: Vec<Offered>,
    /// How many are chosen.
    pub(super) chosen: usize,
}

/// A value of a filter.
#[derive(Debug)]
pub(super) struct Offered {
    pub(super) value: String,
    pub(super) label: Text,
    pub(super) count: Option<String>,
    pub(super) is_chosen: bool,
}

/// A filter in use, with the address without it.
#[derive(Debug)]
pub(super) struct Chip {
    pub(super) label: Text,
    pub(super) href: String,
}

/// The filters for the results of the search at `address`.
pub(super) fn filters(site: Site<'_>, address: &Address, counts: &[FacetCounts]) -> Vec<Filter> {
    let messages = Messages::of(site.language);
    let mut filters: Vec<Filter> = FACETS
        .iter()
        .filter_map(|group| {
            let counted = counts.iter().find(|counts| counts.facet == group.facet);
            filter(site, group, address, counted.map_or(&[], |counts| &counts.counts))
        })
        .collect();
    let times = form::times(address, messages);
    filters.push(select("open", messages.filter_open, messages.any_time, times));
    let mut orders = vec![
        ("relevance", messages.sort_relevance),
        ("distance", messages.sort_distance),
        ("name", messages.sort_name),
        ("reviewed", messages.sort_reviewed),
        ("added", messages.sort_added),
    ];
    if address.value("near").is_none() {
        orders.retain(|(value, _)| *value != "distance");
    }
    let orders = orders.into_iter().map(|(value, text)| Choice {
        value: value.to_owned(),
        text: text.text(),
        is_chosen: address.has("sort", value),
    });
    let usual = if address.value("near").is_some() && address.value("q").is_none() {
        messages.sort_distance
    } else {
        messages.sort_relevance
    };
    filters.push(select("sort", messages.filter_sort, usual, orders.collect()));
    filters
}

fn filter(
    site: Site<'_>,
    group: &FacetGroup,
    address: &Address,
    counts: &[(String, u64)],
) -> Option<Filter> {
    let chosen: Vec<&str> = chosen(address, group.parameter);
    let mut values: Vec<Offered> = counts
        .iter()
        .filter(|(value, _)| group.facet != Facet::Kind || KINDS.contains(&value.as_str()))
        .take(MOST_VALUES)
        .map(|(value, count)| Offered {
            label: site.value_label(group.facet, value),
            count: Some(thousands(*count)),
            is_chosen: chosen.contains(&value.as_str()),
            value: value.clone(),
        })
        .collect();
    for value in chosen {
        if values.iter().all(|known| known.value != value) {
            let label = site.value_label(group.facet, value);
            values.push(Offered { label, count: None, is_chosen: true, value: value.to_owned() });
        }
    }
    if values.is_empty() {
        return None;
    }
    let chosen = values.iter().filter(|value| value.is_chosen).count();
    let messages = Messages::of(site.language);
    let label = (group.label)(messages);
    if group.way == Way::One {
        let any = Offered {
            value: String::new(),
            label: Text::plain("–"),
            count: None,
            is_chosen: chosen == 0,
        };
        values.insert(0, any);
    }
    let control = if group.way == Way::One { "radio" } else { "checkbox" };
    Some(Filter { label, parameter: group.parameter, control, values, chosen })
}

/// The values that are chosen; one parameter may hold several, with commas.
fn chosen<'a>(address: &'a Address, parameter: &str) -> Vec<&'a str> {
    let given = address.pairs().filter(|(name, _)| *name == parameter);
    given.flat_map(|(_, value)| value.split(',')).map(str::trim).collect()
}

fn select(parameter: &'static str, label: Phrase, usual: Phrase, choices: Vec<Choice>) -> Filter {
    let none = Choice { value: String::new(), text: usual.text(), is_chosen: false };
    let chosen = choices.iter().filter(|choice| choice.is_chosen).count();
    let values = std::iter::once(none).chain(choices).map(|choice| Offered {
        value: choice.value,
        label: choice.text,
        count: None,
        is_chosen: choice.is_chosen,
    });
    Filter { label, parameter, control: "select", values: values.collect(), chosen }
}

/// Parameters that are no filters: words and place, order and page.
const NO_FILTERS: [&str; 10] =
    ["q", "near", "sort", "page", "per_page", "limit", "cursor", "lang", "facets", "explain"];

/// The filters in use, each with the address of the list without it.
pub(super) fn chips(site: Site<'_>, address: &Address) -> Vec<Chip> {
    let messages = Messages::of(site.language);
    let bare = list::first_page(address);
    let used = address.pairs().filter(|(name, _)| !NO_FILTERS.contains(name));
    used.map(|(name, value)| {
        let group = FACETS.iter().find(|group| group.parameter == name);
        let label = match (name, group) {
            ("within", _) => messages.within_distance.filled(&[("distance", value)]),
            ("online", _) => messages.include_online.text(),
            ("cost", _) if value == "free" => messages.cost_free.text(),
            ("cost", _) => messages.cost_paid.text(),
            ("open", _) => {
                let times = form::times(address, messages);
                let time = times.into_iter().find(|time| time.value == value);
                let time = time.map_or_else(|| value.to_owned(), |time| time.text.text);
                Text::plain(format!("{}: {time}", messages.filter_open.plain()))
            }
            ("organisation", _) => site.value_label(Facet::Organisation, value),
            ("source", _) => site.value_label(Facet::Source, value),
            ("area", _) => {
                let gazetteer = site.state.register.gazetteer();
                Text::plain(gazetteer.area(value).map_or(value, |area| area.name.as_str()))
            }
            (_, Some(group)) => site.value_label(group.facet, value),
            (_, None) => Text::written(&format!("{name}: {value}"), "en", site.language),
        };
        Chip { label, href: bare.without(name, value).to_string() }
    })
    .collect()
}

/// The list without any filter, with the same words and place.
pub(super) fn cleared(address: &Address) -> Address {
    list::first_page(address).keeping(|name, _| NO_FILTERS.contains(&name))
}

/// What the form of filters sends along: words, place, and filters that it
/// does not show.
pub(super) fn sent_along(address: &Address) -> Vec<(String, String)> {
    let shown = |name: &str| {
        FACETS.iter().any(|group| group.parameter == name)
            || ["open", "sort", "page", "cursor"].contains(&name)
    };
    let others = address.pairs().filter(|(name, _)| !shown(name));
    others.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

//! What a column is about, by its name and by what stands in it.

use super::columns::plain;
use super::derived::{self, Source};
use crate::harvest::clean::date;
use crate::harvest::clean::{email, phone, postcode};
use crate::harvest::mapped::names;
use crate::harvest::mapping::Function;

/// What a column is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// A field, by its pointer, and how it is read.
    Field(&'static str, Vec<Function>),
    /// The publisher's own terms for a field.
    Terms(&'static str),
    /// One of several lines of an address.
    AddressLine,
    /// Something that is worked out from it.
    Derived(Source),
    /// When the row was changed.
    Modified,
    /// Nothing that a record has.
    Other,
}

/// How much of a column must be of a form for the column to be so: publishers
/// leave cells empty and write remarks into them.
const MOSTLY: usize = 80;

/// Names in tables of councils, libraries and clubs, also in Gaelic and Scots,
/// beyond those that JSON has as well.
const NAMES: &[(&str, &[&str])] = &[
    (
        "name",
        &[
            "ainm",
            "tiotal",
            "nem",
            "stop",
            "stopname",
            "venue",
            "facility",
            "library",
            "group",
            "club",
            "activity",
            "event",
            "class",
            "leabharlann",
            "buidheann",
            "premises",
            "centre",
            "park",
            "site",
            "building",
        ],
    ),
    ("description", &["tuairisgeul", "notes", "information", "moreinfo", "whatison"]),
    ("url", &["larachlin", "duilleag", "timetable", "moreinformation", "wabsteid"]),
    ("email", &["postd", "postdealain", "emailcontact"]),
    ("telephone", &["fon", "fonaireamh", "aireamhfon", "telnumber", "contactno", "phone1"]),
    ("locations/0/streetAddress", &["seoladh", "sraid", "location", "where", "premisesaddress"]),
    ("locations/0/locality", &["baile", "community", "settlement", "area", "toun", "clachan"]),
    ("locations/0/region", &["sgire", "comhairle", "councilarea", "laname"]),
    ("locations/0/postcode", &["codpuist", "postcde", "pcode", "pc", "postcod"]),
    ("locations/0/latitude", &["domhanleud", "latitudewgs84", "latwgs84"]),
    ("locations/0/longitude", &["domhanfhad", "longitudewgs84", "lonwgs84", "longwgs84"]),
    (
        "schedule/0/byDay",
        &[
            "day",
            "days",
            "weekday",
            "dayofweek",
            "dayoftheweek",
            "latha",
            "openingdays",
            "daysopen",
        ],
    ),
    (
        "schedule/0/startTime",
        &[
            "starttime",
            "arrival",
            "opens",
            "opening",
            "from",
            "timefrom",
            "begins",
            "opentime",
            "arrive",
        ],
    ),
    (
        "schedule/0/endTime",
        &[
            "endtime",
            "departure",
            "closes",
            "closing",
            "to",
            "timeto",
            "until",
            "finish",
            "finishtime",
            "closetime",
            "depart",
        ],
    ),
    ("schedule/0/startDate", &["startdate", "datefrom", "firstdate", "date", "eventdate"]),
    ("schedule/0/endDate", &["enddate", "dateto", "lastdate"]),
    ("schedule/0/rrule", &["rrule", "frequency", "recurrence"]),
    ("areaServed", &["areaserved", "areasserved", "servicearea", "serviceareas", "catchment"]),
    ("eligibility", &["whofor", "whoitsfor", "suitablefor"]),
];

/// The role of a column called `name` with such values.
pub(super) fn role(name: &str, values: &[&str]) -> Role {
    let plain = plain(name);
    let by_name = named(name, &plain, values);
    if fits(&by_name, values) {
        return by_name;
    }
    by_values(values)
}

fn named(name: &str, plain: &str, values: &[&str]) -> Role {
    if names::is_address_line(name) {
        return Role::AddressLine;
    }
    // These may be times or days; what stands there tells.
    match plain {
        "start" if mostly(values, |v| date::time(v).is_ok()) => {
            return field("schedule/0/startTime");
        }
        "end" if mostly(values, |v| date::time(v).is_ok()) => return field("schedule/0/endTime"),
        "start" => return field("schedule/0/startDate"),
        "end" => return field("schedule/0/endDate"),
        _ => {}
    }
    if let Some((pointer, _)) = NAMES.iter().find(|(_, names)| names.contains(&plain)) {
        return field(pointer);
    }
    if let Some(source) = derived::source(name) {
        return Role::Derived(source);
    }
    if let Some((pointer, then)) = names::field_of(name) {
        return Role::Field(pointer, then);
    }
    if let Some(terms) = names::term_of(name) {
        return Role::Terms(terms);
    }
    if names::is_modified(name) {
        return Role::Modified;
    }
    let is_of_person = ["first", "last", "sur", "contact", "user", "file", "manager", "column"]
        .iter()
        .any(|start| plain.starts_with(start));
    if plain.ends_with("name") && !is_of_person {
        return field("name");
    }
    let is_on_web = ["email", "web", "internet", "ip"].iter().any(|word| plain.contains(word));
    if plain.ends_with("address") && !is_on_web && !is_of_person {
        return field("locations/0/streetAddress");
    }
    if plain.contains("postcode") {
        return field("locations/0/postcode");
    }
    Role::Other
}

fn field(pointer: &'static str) -> Role {
    let then = match pointer {
        "schedule/0/byDay" => vec![Function::Days],
        "schedule/0/startTime" | "schedule/0/endTime" => vec![Function::Time],
        "schedule/0/startDate" | "schedule/0/endDate" => vec![Function::Date],
        "locations/0/latitude" | "locations/0/longitude" => vec![Function::Number],
        _ => Vec::new(),
    };
    Role::Field(pointer, then)
}

/// Whether the values can be what the name says. A column without any value is
/// what it is called.
fn fits(role: &Role, values: &[&str]) -> bool {
    let is_number = |value: &str| value.replace(',', "").parse::<f64>().is_ok();
    if values.is_empty() {
        return true;
    }
    match role {
        Role::Field("locations/0/postcode", _) => some(values, |v| postcode::postcode(v).is_some()),
        Role::Field("locations/0/latitude" | "locations/0/longitude", _) => {
            mostly(values, is_number)
        }
        Role::Field("email", _) => some(values, |value| value.contains('@')),
        Role::Field("url", _) => some(values, is_address),
        Role::Field("schedule/0/byDay", _) => some(values, |value| date::days(value).is_some()),
        Role::Field("schedule/0/startTime" | "schedule/0/endTime", _) => {
            some(values, |value| date::time(value).is_ok())
        }
        Role::Field("schedule/0/startDate" | "schedule/0/endDate", _) => {
            some(values, |value| date::date(value).is_ok())
        }
        Role::Field("schedule/0/rrule", _) => some(values, |value| value.contains("FREQ=")),
        Role::Field("name" | "locations/0/locality" | "locations/0/streetAddress", _) => {
            !mostly(values, is_number)
        }
        Role::Derived(Source::Easting | Source::Northing) => mostly(values, is_number),
        Role::Derived(Source::DayHours(_) | Source::Hours) => {
            some(values, |value| date::hours(value).is_ok())
        }
        _ => true,
    }
}

fn by_values(values: &[&str]) -> Role {
    if values.len() < 3 {
        return Role::Other;
    }
    if mostly(values, |value| value.parse::<crate::model::Postcode>().is_ok() && value.len() > 4) {
        return field("locations/0/postcode");
    }
    if mostly(values, |value| email::email(value).is_some()) {
        return field("email");
    }
    if mostly(values, is_address) {
        return field("url");
    }
    if mostly(values, |v| v.starts_with(['0', '+', '(']) && phone::comparable(v).is_some()) {
        return field("telephone");
    }
    Role::Other
}

fn is_address(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.")
}

/// How far down a column stands in the list of what keys are called: first
/// those that are called so and nothing else, then `Hall ref` and the like.
pub(super) fn likeness_of_key(name: &str) -> Option<usize> {
    const LAST: usize = 1_000;
    names::likeness_of_key(name).or_else(|| {
        let lower = name.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
        let (last, others) = words.split_last()?;
        let is_key = matches!(*last, "id" | "ref" | "reference" | "code" | "number" | "uprn");
        let is_other = ["post", "grid", "phone", "telephone", "contact", "tel", "fax", "house"]
            .iter()
            .any(|word| others.contains(word));
        (is_key && !is_other && !others.is_empty()).then_some(LAST)
    })
}

/// Whether nearly all values are so.
pub(super) fn mostly(values: &[&str], is: impl Fn(&str) -> bool) -> bool {
    let count = values.iter().filter(|value| is(value)).count();
    !values.is_empty() && count * 100 >= values.len() * MOSTLY
}

/// Whether at least half of the values are so.
fn some(values: &[&str], is: impl Fn(&str) -> bool) -> bool {
    values.iter().filter(|value| is(value)).count() * 2 >= values.len()
}

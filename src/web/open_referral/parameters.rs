//! The parameters of the endpoints: the union of both published lists, and a
//! position and a radius, which the standard lacks.
//!
//! Names that are not declared are passed over: the standard's validators and
//! its clients send what other versions know. Values that can't be read are
//! refused.

use crate::web::parameter::{Parameter, ParameterKind};

/// Which page: of every list.
pub(super) const PAGE: &[Parameter] = &[
    Parameter::integer("page", 1, 1_000_000_000, "Which page, from 1").example("1"),
    Parameter::integer(
        "per_page",
        1,
        1_000_000,
        "How many on a page; 50 when not said. No page has more than 1,000, or 100 in full",
    )
    .example("50"),
    Parameter::integer("perPage", 1, 1_000_000, "The same as `per_page`, which goes first")
        .example("50"),
    Parameter::choice(
        "format",
        &["json", "ndjson"],
        "`ndjson` sends all of them, one on a line, without pages",
    )
    .example("ndjson"),
];

/// Words: of every list.
pub(super) const SEARCH: Parameter =
    Parameter::text("search", "Words to look for; all must be found").example("walking");

/// What services are filtered by, and services at locations.
pub(super) const OF_SERVICES: &[Parameter] = &[
    SEARCH,
    Parameter::text(
        "taxonomy_term_id",
        "The id of a taxonomy term that it must have, or a narrower one of it",
    ),
    Parameter::text("taxonomy_id", "The id of a taxonomy of which it must have a term"),
    Parameter::text("organization_id", "The id of the organization that provides it"),
    Parameter::new(
        "minimum_age",
        ParameterKind::Number(0.0, 1_000.0),
        "The minimum age that it states must be at least this",
    )
    .example("18"),
    Parameter::new(
        "maximum_age",
        ParameterKind::Number(0.0, 1_000.0),
        "The maximum age that it states must be this or below",
    )
    .example("65"),
    Parameter::text("start_time", "It must begin at this time of day or later").example("09:00"),
    Parameter::text("end_time", "It must end at this time of day or earlier").example("17:00"),
    Parameter::text(
        "day",
        "The day of the week on which it takes place: MO to SU, or an English name",
    )
    .example("MO"),
    Parameter::text(
        "postcode",
        "A postcode: of what says which areas it serves, only what serves this; nearest first",
    )
    .example("EH6 8RG"),
    Parameter::text("proximity", "How far from the middle of the postcode, in metres")
        .example("2000"),
    Parameter::new(
        "latitude",
        ParameterKind::Number(-90.0, 90.0),
        "A position, nearest first: degrees north",
    )
    .example("55.97"),
    Parameter::new("longitude", ParameterKind::Number(-180.0, 180.0), "Degrees east")
        .example("-3.17"),
    Parameter::new(
        "radius",
        ParameterKind::Number(0.0, 1_000_000.0),
        "How far from the position, in metres",
    )
    .example("2000"),
    Parameter::text(
        "modified_after",
        "It must have changed then or later: a date and time of RFC 3339, or a date",
    )
    .example("2026-01-01T00:00:00Z"),
    MINIMAL,
    FULL,
];

/// Truth as clients write it: Python's with a capital.
const TRUTH: &[&str] = &["true", "false", "True", "False", "1", "0"];

/// Whether rows are only `id` and `modified_date`.
const MINIMAL: Parameter =
    Parameter::choice("minimal", TRUTH, "Only `id` and `modified_date`, up to 10,000 on a page");

/// Whether rows are whole.
pub(super) const FULL: Parameter =
    Parameter::choice("full", TRUTH, "Everything that is nested, as in the answer for one");

/// What organizations are filtered by.
pub(super) const OF_ORGANIZATIONS: &[Parameter] = &[
    SEARCH,
    Parameter::text(
        "modified_after",
        "It must have changed then or later: a date and time of RFC 3339, or a date",
    )
    .example("2026-01-01T00:00:00Z"),
    FULL,
    Parameter::choice("full_service", TRUTH, "Everything that is nested, and its services in full"),
];

/// What taxonomy terms are filtered by.
pub(super) const OF_TERMS: &[Parameter] = &[
    SEARCH,
    Parameter::text("taxonomy_id", "The id of its taxonomy"),
    Parameter::text("parent_id", "The id of the term right above it"),
    Parameter::choice("top_only", TRUTH, "Only terms with none above"),
];

//! The tables of the standard, and what describes them.
//!
//! The tables and the names of their files are those of the profile's schemas;
//! beside them stand the columns of HSDS 3.0 that the profile leaves out,
//! `kist_id`, and the licence and credit of each row.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::web::reuse;

/// A table: its name, its file, and its columns, `id` first.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) file: &'static str,
    pub(super) columns: &'static [&'static str],
}

/// Licences with their names in the list of the Open Definition.
/// Source: <https://licenses.opendefinition.org/>.
const OPEN_LICENCES: &[(&str, &str)] = &[
    ("creativecommons.org/licenses/by/4.0", "CC-BY-4.0"),
    ("creativecommons.org/licenses/by-sa/4.0", "CC-BY-SA-4.0"),
    ("creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"),
    ("open-government-licence/version/3", "OGL-UK-3.0"),
    ("opendatacommons.org/licenses/odbl/1-0", "ODbL-1.0"),
];

/// Columns that hold numbers.
const NUMBERS: &[&str] =
    &["minimum_age", "maximum_age", "latitude", "longitude", "interval", "amount"];

/// All tables.
pub(super) const TABLES: &[Table] = &[
    table(
        "organization",
        "organizations.csv",
        &[
            "id",
            "name",
            "alternate_name",
            "description",
            "email",
            "website",
            "logo",
            "uri",
            "kist_id",
            "kist_sourceLicence",
            "kist_sourceAttribution",
        ],
    ),
    table(
        "organization_identifier",
        "organization_identifiers.csv",
        &["id", "organization_id", "identifier_scheme", "identifier_type", "identifier"],
    ),
    table(
        "service",
        "services.csv",
        &[
            "id",
            "organization_id",
            "name",
            "alternate_name",
            "description",
            "url",
            "email",
            "status",
            "fees",
            "eligibility_description",
            "minimum_age",
            "maximum_age",
            "assured_date",
            "last_modified",
            "kist_id",
            "kist_sourceLicence",
            "kist_sourceAttribution",
        ],
    ),
    table("service_at_location", "service_at_location.csv", &["id", "service_id", "location_id"]),
    table(
        "location",
        "locations.csv",
        &[
            "id",
            "organization_id",
            "location_type",
            "name",
            "latitude",
            "longitude",
            "transportation",
            "external_identifier",
            "external_identifier_type",
        ],
    ),
    table(
        "address",
        "address.csv",
        &[
            "id",
            "location_id",
            "address_1",
            "city",
            "region",
            "state_province",
            "postal_code",
            "country",
            "address_type",
        ],
    ),
    table("accessibility", "accessibility.csv", &["id", "location_id", "description"]),
    table(
        "schedule",
        "schedule.csv",
        &[
            "id",
            "service_id",
            "valid_from",
            "valid_to",
            "dtstart",
            "freq",
            "interval",
            "byday",
            "opens_at",
            "closes_at",
            "description",
        ],
    ),
    table("service_area", "service_areas.csv", &["id", "service_id", "name", "uri"]),
    table("contact", "contacts.csv", &["id", "organization_id", "title", "email"]),
    table("phone", "phones.csv", &["id", "organization_id", "service_id", "contact_id", "number"]),
    table("language", "languages.csv", &["id", "service_id", "code"]),
    table("cost_option", "cost_options.csv", &["id", "service_id", "amount", "currency"]),
    table(
        "attribute",
        "attribute.csv",
        &["id", "link_id", "link_type", "link_entity", "taxonomy_term_id"],
    ),
    table("taxonomy", "taxonomies.csv", &["id", "name", "description", "uri"]),
    table(
        "taxonomy_term",
        "taxonomy_terms.csv",
        &["id", "code", "name", "description", "parent_id", "taxonomy", "taxonomy_id", "term_uri"],
    ),
];

const fn table(name: &'static str, file: &'static str, columns: &'static [&'static str]) -> Table {
    Table { name, file, columns }
}

/// The first line of a table.
///
/// # Errors
///
/// When it can't be written.
pub(super) fn write_header(table: &Table, writer: &mut csv::Writer<impl Write>) -> io::Result<()> {
    writer.write_record(table.columns).map_err(io::Error::other)
}

/// The description of all tables after Frictionless Data Package 1.0; what rows
/// say nothing else of is under `licence`, an address.
pub(super) fn description(address: &str, licence: &str) -> Json {
    let mut terms = json!({ "path": licence, "title": reuse::licence_name(licence) });
    // The name is one of the Open Definition's list, where it has one.
    if let Some((_, name)) = OPEN_LICENCES.iter().find(|(known, _)| licence.contains(known)) {
        terms["name"] = json!(name);
    }
    let resources = TABLES.iter().map(|table| {
        let fields = table.columns.iter().map(|column| {
            let kind = if NUMBERS.contains(column) { "number" } else { "string" };
            json!({ "name": column, "type": kind })
        });
        let keys = table.columns.iter().filter_map(|column| {
            let target = match column.strip_suffix("_id")? {
                "parent" => "taxonomy_term",
                other => other,
            };
            TABLES.iter().find(|table| table.name == target)?;
            let reference = if target == table.name { "" } else { target };
            Some(json!({
                "fields": column,
                "reference": { "resource": reference, "fields": "id" },
            }))
        });
        json!({
            "name": table.name,
            "path": table.file,
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {
                "fields": fields.collect::<Vec<_>>(),
                "primaryKey": "id",
                "foreignKeys": keys.collect::<Vec<_>>(),
            },
        })
    });
    json!({
        "profile": "tabular-data-package",
        "name": "human_services_data",
        "title": "Human services of this register",
        "homepage": address,
        "licenses": [terms],
        "resources": resources.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
#[path = "tables_tests.rs"]
mod tests;

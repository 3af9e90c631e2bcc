//! Where the fields of a record stand in data whose form is the publisher's
//! own: columns of a table, or paths into JSON. A mapping is data, saved with
//! the source; there is no code in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Where the fields of records stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Mapping {
    /// The kind of record that each item is.
    #[serde(default = "asset")]
    pub kind: String,
    /// JSONPath (RFC 9535) of the items; `None` is each row of a table, or the
    /// elements of the outermost list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<String>,
    /// Columns, or paths within an item, that together are its key; never a
    /// row's number.
    pub key: Vec<String>,
    /// Where an item says when it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// What each field is made of; the key is the field's JSON pointer in the
    /// record without the first slash: `name`, `locations/0/postcode`.
    pub fields: BTreeMap<String, Rule>,
    /// The publisher's own terms, by field (`topics`, `audience` …).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub terms: BTreeMap<String, Rule>,
    /// How to come to the next page, for JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paging: Option<Paging>,
    /// For tables: which row holds the names of the columns, counted from 1;
    /// 0 when none does, and columns are called `1`, `2` …
    #[serde(default = "one")]
    pub header_row: usize,
    /// For workbooks: the name of the sheet; the first when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
}

/// What a field is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// Columns, or paths within an item; several are joined by a space.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// What it is when there is nothing at `from`, or always without `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constant: Option<String>,
    /// What is done with it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Function>,
    /// What words of the publisher mean in the record; others are left out
    /// when this is not empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, String>,
}

/// What can be done with a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Function {
    /// Takes HTML away.
    Plain,
    /// Makes a list of it, at each of these characters.
    Split(String),
    /// Reads a date, day before month.
    Date,
    /// Reads a time of the day.
    Time,
    /// Reads a number.
    Number,
    /// Reads yes or no.
    YesNo,
    /// Reads days of the week as `MO`, `TU` …
    Days,
    /// Takes what is in lower case.
    LowerCase,
    /// Puts this before it.
    Prefix(String),
}

/// How to come to the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Paging {
    /// A parameter counts pages, from `first`.
    Page {
        /// Name of the parameter.
        parameter: String,
        /// The number of the first page.
        #[serde(default = "one")]
        first: usize,
    },
    /// A parameter counts items that are skipped.
    Offset {
        /// Name of the parameter.
        parameter: String,
        /// How many items a page has.
        size: usize,
    },
    /// The document has the address of the next page.
    Next {
        /// JSONPath of it.
        path: String,
    },
    /// The answer has the address of the next page in its `Link` header, as
    /// `rel="next"`.
    Link,
    /// The document has a cursor that goes into a parameter.
    Cursor {
        /// JSONPath of it.
        path: String,
        /// Name of the parameter.
        parameter: String,
    },
}

impl Mapping {
    /// The columns or paths besides the key that fields are made of, each with
    /// the names of the fields.
    #[must_use]
    pub fn columns(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (field, rule) in self.fields.iter().chain(&self.terms) {
            for from in &rule.from {
                columns.entry(from).or_default().push(field);
            }
        }
        if let Some(modified) = &self.modified {
            columns.entry(modified).or_default().push("modified");
        }
        columns
    }
}

fn asset() -> String {
    "asset".to_owned()
}

const fn one() -> usize {
    1
}

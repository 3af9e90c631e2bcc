//! The sources that every register has, so that provenance points to
//! something: what is written here, the gazetteer, and kist itself.

use super::places::GAZETTEER_SOURCE;
use super::{Edit, LOCAL_SOURCE, MATCHES_SOURCE};
use crate::record::{Fields, Record, RecordId, Value};

/// The source of categories and of these records.
pub(super) const OWN_SOURCE: &str = "kist";

/// The Open Government Licence, version 3.
const OGL: &str = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";
/// Creative Commons Attribution 4.0.
const CC_BY: &str = "https://creativecommons.org/licenses/by/4.0/";

/// The edits that register them.
pub(super) fn edits() -> Vec<Edit> {
    let credit = "Contains OS data © Crown copyright and database right; Royal Mail data © Royal \
         Mail copyright and database right; National Statistics data. Source: Office for National \
         Statistics, licensed under the Open Government Licence v3.0.";
    let after = "Names of topics, audiences and accessibility features after ALISS \
         (https://www.aliss.org); definitions, synonyms and Gaelic names by kist.";
    vec![
        edit(LOCAL_SOURCE, "This register", "What people and programs have written here.", &[]),
        edit(
            OWN_SOURCE,
            "kist",
            "Categories that come with the program.",
            &[("licence", Value::Iri(CC_BY.to_owned())), ("attribution", english(after))],
        ),
        edit(MATCHES_SOURCE, "Matches", "Which records speak of the same thing.", &[]),
        edit(
            GAZETTEER_SOURCE,
            "Gazetteer",
            "Areas, their names and simplified boundaries.",
            &[("licence", Value::Iri(OGL.to_owned())), ("attribution", english(credit))],
        ),
    ]
}

fn english(text: &str) -> Value {
    Value::LanguageText { language: "en".to_owned(), text: text.to_owned() }
}

fn edit(id: &str, name: &str, summary: &str, more: &[(&str, Value)]) -> Edit {
    let id = RecordId::new("source", id).expect("the names of own sources are identifiers");
    let mut fields = Fields::from([
        ("name".to_owned(), vec![english(name)]),
        ("summary".to_owned(), vec![english(summary)]),
    ]);
    for (key, value) in more {
        fields.insert((*key).to_owned(), vec![value.clone()]);
    }
    let record = Some(Record { id: id.clone(), fields });
    Edit {
        source: OWN_SOURCE.to_owned(),
        id,
        record,
        original: None,
        expected: None,
        derivation: None,
    }
}

//! Literals as HTML writes them: texts with a language, and the dates, times,
//! durations and numbers that are told by their form.

use std::sync::LazyLock;

use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNodeRef};
use regex::Regex;

/// Forms of the `time` element, after the section on literals of “Microdata to
/// RDF” and section 3.1 of HTML+RDFa 1.1; the first that fits is taken.
static FORMS: LazyLock<Vec<(Regex, NamedNodeRef<'static>)>> = LazyLock::new(|| {
    let zone = r"(Z|[+-]\d\d:\d\d)?";
    [
        (r"-?P(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?".to_owned(), xsd::DURATION),
        // Months after a time stand in no specification but in its test suite.
        (r"-?P\d+Y\d+M\d+DT\d+H\d+M\d+S".to_owned(), xsd::DURATION),
        (format!(r"-?\d{{4,}}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?{zone}"), xsd::DATE_TIME),
        (format!(r"-?\d{{4,}}-\d\d-\d\d{zone}"), xsd::DATE),
        (format!(r"\d\d:\d\d(:\d\d(\.\d+)?)?{zone}"), xsd::TIME),
        (format!(r"-?\d{{4,}}-\d\d{zone}"), xsd::G_YEAR_MONTH),
        (r"-?\d{4,}".to_owned(), xsd::G_YEAR),
    ]
    .into_iter()
    .filter_map(|(form, datatype)| Some((Regex::new(&format!("^(?:{form})$")).ok()?, datatype)))
    .collect()
});

/// The longest text that can be a date or duration.
const LONGEST: usize = 60;

/// A literal of a `time` element: typed by its form, or plain.
pub(super) fn time(value: &str, language: Option<&str>) -> Literal {
    if value.len() <= LONGEST && value != "P" && value != "-P" {
        for (form, datatype) in FORMS.iter() {
            if form.is_match(value) {
                return Literal::new_typed_literal(value, *datatype);
            }
        }
    }
    plain(value, language)
}

/// A literal of a `data` or `meter` element: a number, or plain.
pub(super) fn number(value: &str, language: Option<&str>) -> Literal {
    if value.parse::<i64>().is_ok() {
        Literal::new_typed_literal(value, xsd::INTEGER)
    } else if value.parse::<f64>().is_ok_and(f64::is_finite) {
        Literal::new_typed_literal(value, xsd::DOUBLE)
    } else {
        plain(value, language)
    }
}

/// A text in `language`; a language that is no BCP 47 tag is as none.
pub(super) fn plain(value: &str, language: Option<&str>) -> Literal {
    language
        .filter(|language| !language.is_empty())
        .and_then(|language| Literal::new_language_tagged_literal(value, language).ok())
        .unwrap_or_else(|| Literal::new_simple_literal(value))
}

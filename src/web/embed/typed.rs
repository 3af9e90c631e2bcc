//! What was typed into the form of the generator, right or wrong: the form
//! comes back with it, and says beside each field what is wrong (WCAG 2.2,
//! 3.3.1).

use crate::web::html::address::Address;
use crate::web::html::content::{Link, Text};
use crate::web::html::faults;
use crate::web::html::messages::Messages;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Place, Problem, ProblemKind};

/// What is wrong with a field, or with the whole form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// The parameter; `None` for what no parameter is at fault for.
    pub(super) field: Option<String>,
    /// What to do about it, as a sentence.
    pub(super) sentence: Text,
    /// The form with what is probably meant, for each that may be.
    pub(super) choices: Vec<Link>,
}

/// The fields that offer what can be chosen: what else stands in an address was
/// never offered.
const OFFERED: [&str; 4] = ["topic", "for", "kind", "list-lang"];

/// Reads what of `query` can be read by what is `declared`, and the problem of
/// the rest.
pub(super) fn read(query: &str, declared: &[Parameter]) -> (Parameters, Option<Problem>) {
    let problem = match Parameters::read(query, declared) {
        Ok(parameters) => return (parameters, None),
        Err(problem) => problem,
    };
    let fields: Vec<Option<String>> = faults(&problem).into_iter().map(|one| one.0).collect();
    let right = Address::asked("", query)
        .keeping(|name, _| !fields.iter().any(|field| field.as_deref() == Some(name)))
        .to_string();
    let nothing = || Parameters::read("", declared).unwrap_or_default();
    let parameters = Parameters::read(right.trim_start_matches('?'), declared);
    (parameters.unwrap_or_else(|_| nothing()), Some(problem))
}

/// What is wrong with the form at `address`, in the words of people; one at
/// least.
pub(super) fn wrong(problem: &Problem, address: &Address, m: &Messages) -> Vec<Wrong> {
    let english = |text: &str| Text::written(text, "en", m.language);
    let places = problem.places().iter().map(|place| Link {
        href: address.set("near", Some(place)).to_string(),
        text: Text::plain(place.clone()),
    });
    let choices: Vec<Link> = places.collect();
    if problem.kind() == ProblemKind::AmbiguousPlace {
        let field = Some("near".to_owned());
        return vec![Wrong { field, sentence: m.place_ambiguous.text(), choices }];
    }
    let in_words = |(field, sentence): (Option<String>, String)| {
        let offered = field.as_deref().filter(|field| OFFERED.contains(field));
        let sentence = match (field.as_deref(), offered.and_then(|field| address.value(field))) {
            (_, Some(given)) => english(&format!("“{given}” is not one of the choices.")),
            // A distance from nowhere: the place is what is missing.
            (Some("radius"), _) if address.value("near").is_none_or(str::is_empty) => {
                let sentence = m.place_missing_text.text();
                return Wrong { field: Some("near".to_owned()), sentence, choices: Vec::new() };
            }
            _ => english(&sentence),
        };
        Wrong { field, sentence, choices: choices.clone() }
    };
    faults(problem).into_iter().map(in_words).collect()
}

/// Each fault of `problem` with its field; one at least.
fn faults(problem: &Problem) -> Vec<(Option<String>, String)> {
    let name = |place: &Place| match place {
        Place::Parameter(name) => Some(name.clone()),
        Place::Pointer(_) => None,
    };
    let fields: Vec<Option<String>> = match problem.faults() {
        [] => vec![problem.place().and_then(name)],
        faults => faults.iter().map(|fault| name(&fault.at)).collect(),
    };
    fields.into_iter().zip(faults::sentences(problem)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::negotiate::Language;

    #[test]
    fn what_can_be_read_is_kept_beside_what_can_not() {
        let declared = [Parameter::text("q", "Words"), Parameter::integer("limit", 1, 50, "Many")];
        let (parameters, problem) = read("q=a+b&limit=99&colour=red", &declared);
        assert_eq!(parameters.text("q").as_deref(), Some("a b"));
        assert!(!parameters.has("limit"));
        let address = Address::asked("/embed", "limit=99");
        let wrong = wrong(&problem.unwrap(), &address, Messages::of(Language::English));
        let fields: Vec<_> = wrong.iter().map(|one| one.field.as_deref()).collect();
        assert_eq!(fields, [Some("limit"), Some("colour")]);
        assert!(wrong[0].sentence.text.starts_with("How many: "), "{wrong:?}");
        let (parameters, problem) = read("q=%FF&q=a", &declared);
        assert!(problem.is_some() && !parameters.has("q"));
    }
}

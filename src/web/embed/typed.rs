//! What was typed into the form of the generator, right or wrong: the form
//! comes back with it, and says beside each field what is wrong (WCAG 2.2,
//! 3.3.1).

use crate::web::html::address::Address;
use crate::web::html::faults;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Place, Problem};

/// What is wrong with a field, or with the whole form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// The parameter; `None` for what no parameter is at fault for.
    pub(super) field: Option<String>,
    /// A sentence in English, as the words of problems are.
    pub(super) sentence: String,
}

/// Reads what of `query` can be read by what is `declared`, and the problem of
/// the rest.
pub(super) fn read(query: &str, declared: &[Parameter]) -> (Parameters, Option<Problem>) {
    let problem = match Parameters::read(query, declared) {
        Ok(parameters) => return (parameters, None),
        Err(problem) => problem,
    };
    let fields: Vec<Option<String>> = wrong(&problem).into_iter().map(|one| one.field).collect();
    let right = Address::asked("", query)
        .keeping(|name, _| !fields.iter().any(|field| field.as_deref() == Some(name)))
        .to_string();
    let nothing = || Parameters::read("", declared).unwrap_or_default();
    let parameters = Parameters::read(right.trim_start_matches('?'), declared);
    (parameters.unwrap_or_else(|_| nothing()), Some(problem))
}

/// Each fault of `problem` with its field; one at least.
pub(super) fn wrong(problem: &Problem) -> Vec<Wrong> {
    let name = |place: &Place| match place {
        Place::Parameter(name) => Some(name.clone()),
        Place::Pointer(_) => None,
    };
    let fields: Vec<Option<String>> = match problem.faults() {
        [] => vec![problem.place().and_then(name)],
        faults => faults.iter().map(|fault| name(&fault.at)).collect(),
    };
    let sentences = faults::sentences(problem).into_iter();
    fields.into_iter().zip(sentences).map(|(field, sentence)| Wrong { field, sentence }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_is_kept_beside_what_can_not() {
        let declared = [Parameter::text("q", "Words"), Parameter::integer("limit", 1, 50, "Many")];
        let (parameters, problem) = read("q=a+b&limit=99&colour=red", &declared);
        assert_eq!(parameters.text("q").as_deref(), Some("a b"));
        assert!(!parameters.has("limit"));
        let wrong = wrong(&problem.unwrap());
        let fields: Vec<_> = wrong.iter().map(|one| one.field.as_deref()).collect();
        assert_eq!(fields, [Some("limit"), Some("colour")]);
        assert!(wrong[0].sentence.starts_with("How many: "), "{wrong:?}");
        let (parameters, problem) = read("q=%FF&q=a", &declared);
        assert!(problem.is_some() && !parameters.has("q"));
    }
}

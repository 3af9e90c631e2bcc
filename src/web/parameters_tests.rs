//! Tests of [`parameters`](super).

use proptest::prelude::*;

use super::*;
use crate::web::parameter::ParameterKind;

const DECLARED: &[Parameter] = &[
    Parameter::text("q", "Words"),
    Parameter::text("topic", "Topics").repeatable(),
    Parameter::integer("limit", 1, 100, "How many").default("20"),
    Parameter::new("near", ParameterKind::Place, "Where"),
    Parameter::new("explain", ParameterKind::Boolean, "Why"),
];

#[track_caller]
fn check(query: &str, slug: &str, parameter: &str) {
    let problem = Parameters::read(query, DECLARED).unwrap_err();
    let json = problem.to_json("", None);
    assert_eq!((problem.kind().slug(), &json["parameter"]), (slug, &parameter.into()));
}

#[test]
fn reads_what_is_declared_and_takes_defaults_for_the_rest() {
    let read = Parameters::read("near=EH6+8RG&topic=a&topic=b%26c&explain=true", DECLARED).unwrap();
    assert_eq!(read.text("near").as_deref(), Some("EH6 8RG"));
    assert_eq!(read.texts("topic"), ["a", "b&c"]);
    assert_eq!(read.boolean("explain"), Some(true));
    assert_eq!(read.count("limit"), Some(20));
    assert_eq!(read.text("q"), None);
}

#[test]
fn empty_values_are_no_values() {
    let read = Parameters::read("q=&limit=&topic=&&q=tea", DECLARED).unwrap();
    assert_eq!(read.text("q").as_deref(), Some("tea"));
    assert!(read.texts("topic").is_empty() && !read.has("limit"));
}

#[test]
fn refuses_what_it_does_not_know_and_suggests_the_nearest() {
    check("topics=a", "unknown-parameter", "topics");
    let problem = Parameters::read("limt=5", DECLARED).unwrap_err();
    assert_eq!(problem.suggestion(), Some("limit"));
}

#[test]
fn refuses_hostile_text_by_the_name_of_its_parameter() {
    check("q=%ff", "invalid-parameter", "q");
    check("q=%00", "invalid-parameter", "q");
    check("q=%2", "invalid-parameter", "q");
    check("q=%zz", "invalid-parameter", "q");
    check("q=%c0%af", "invalid-parameter", "q");
    check("q=a%0d%0aSet-Cookie:b", "invalid-parameter", "q");
    check("%ff=1", "invalid-parameter", "%ff");
    check("limit=0", "invalid-parameter", "limit");
    check("limit=1e9", "invalid-parameter", "limit");
}

#[test]
fn a_foreign_api_passes_over_what_it_does_not_know() {
    let read = |query| Parameters::read_with(query, DECLARED, UnknownNames::Ignored);
    assert_eq!(read("nope=1&q=tea&%zz=2").unwrap_err().kind().slug(), "invalid-parameter");
    assert_eq!(read("nope=1&q=tea").unwrap().text("q").as_deref(), Some("tea"));
}

#[test]
fn one_value_can_not_be_given_twice() {
    check("q=a&q=b", "duplicate-parameter", "q");
    check("q=a&q=a", "duplicate-parameter", "q");
}

#[test]
fn all_faults_are_told_at_once() {
    let problem = Parameters::read("limit=0&nope=1&q=%00", DECLARED).unwrap_err();
    let told: Vec<_> = problem.faults().iter().map(|fault| &fault.at).collect();
    let named = |name: &str| Place::Parameter(name.to_owned());
    assert_eq!(told, [&named("limit"), &named("nope"), &named("q")]);
}

#[test]
fn what_is_required_is_missed_once() {
    let declared = [Parameter::text("q", "Words").required()];
    let missing = Parameters::read("", declared).unwrap_err();
    assert_eq!(missing.kind().slug(), "missing-parameter");
    let wrong = Parameters::read("q=%00", declared).unwrap_err();
    assert!(wrong.faults().is_empty());
}

proptest! {
    #[test]
    fn no_query_makes_it_panic(query in "[a-z=&%+0-9\\PC]{0,60}") {
        let _ = Parameters::read(&query, DECLARED);
    }

    #[test]
    fn any_text_survives_its_encoding(text in "[^\\p{Cc}]{1,40}") {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &text)
            .finish();
        let read = Parameters::read(&query, DECLARED).unwrap();
        prop_assert_eq!(read.text("q"), Some(text));
    }
}

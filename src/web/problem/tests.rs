//! Tests of [`problem`](super).

use super::*;

#[test]
fn tells_all_that_is_known_in_one_order() {
    let problem = Problem::invalid_parameter("near", "latitude 91 is not within -90 and 90");
    assert_eq!(
        problem.to_json("", Some("0a1b")).to_string(),
        concat!(
            r#"{"type":"/problems/invalid-parameter","title":"A parameter can't be read","#,
            r#""status":400,"detail":"latitude 91 is not within -90 and 90","#,
            r#""instance":"urn:request:0a1b","parameter":"near"}"#
        )
    );
}

#[test]
fn lists_each_fault_with_its_pointer() {
    let faults = vec![Fault::pointer("/name", "must not be empty")];
    let problem = Problem::invalid_record(faults);
    let json = problem.to_json("https://kist.example", None);
    assert_eq!(json["type"], "https://kist.example/problems/invalid-record");
    assert_eq!(json["errors"][0]["pointer"], "/name");
    assert_eq!(json["detail"], "must not be empty");
}

#[test]
fn suggests_the_nearest_name_and_nothing_for_what_is_far() {
    let names = ["near", "within", "limit", "topic"];
    assert_eq!(nearest("withn", names), Some("within"));
    assert_eq!(nearest("Topics", names), Some("topic"));
    assert_eq!(nearest("zzz", names), None);
    assert_eq!(nearest("", names), None);
}

#[test]
fn a_response_carries_the_problem_for_the_layers() {
    let response = Problem::method_not_allowed("POST", "GET, HEAD").into_response();
    assert_eq!(response.headers()[header::ALLOW], "GET, HEAD");
    assert_eq!(response.headers()[header::CONTENT_TYPE], MEDIA_TYPE);
    let kind = response.extensions().get::<Problem>().map(Problem::kind);
    assert_eq!(kind, Some(ProblemKind::MethodNotAllowed));
}

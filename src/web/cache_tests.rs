//! Tests of [`cache`](super).

use http::HeaderName;

use super::*;

fn conditions(name: HeaderName, value: &str) -> Conditions {
    let mut headers = HeaderMap::new();
    headers.insert(name, HeaderValue::from_str(value).unwrap());
    Conditions::from_headers(&headers)
}

fn tag() -> EntityTag {
    EntityTag::new(Revision(7), &["text/turtle", "en"])
}

#[test]
fn a_304_has_the_tag_that_the_client_holds() {
    let own = tag().to_string();
    let coded = own.trim_end_matches('"').to_owned() + "-gzip\"";
    for (held, expected) in [
        (coded.clone(), &coded),
        (format!("\"other\", W/{coded}"), &coded),
        (own.clone(), &own),
        ("*".to_owned(), &own),
        ("\"other-gzip\"".to_owned(), &own),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, plain(own.clone()));
        confirm(&mut headers, &[HeaderValue::try_from(held).unwrap()]);
        assert_eq!(headers[header::ETAG], **expected);
    }
}

#[test]
fn a_tag_differs_by_revision_and_by_what_shapes_the_representation() {
    assert_ne!(tag(), EntityTag::new(Revision(8), &["text/turtle", "en"]));
    assert_ne!(tag(), EntityTag::new(Revision(7), &["text/turtle", "gd"]));
    assert_ne!(
        EntityTag::new(Revision(7), &["ab", "c"]),
        EntityTag::new(Revision(7), &["a", "bc"])
    );
}

#[test]
fn what_the_client_has_is_known_by_weak_comparison_in_lists_and_in_any_coding() {
    let plain = tag().to_string();
    let inner = plain.trim_matches('"');
    for value in [
        plain.clone(),
        format!("W/{plain}"),
        format!("\"old\", {plain}"),
        format!("\"{inner}-gzip\""),
        "*".to_owned(),
    ] {
        assert!(conditions(header::IF_NONE_MATCH, &value).has(&tag()), "{value}");
    }
    for value in ["", "\"old\"", inner, "\"\"", "W/"] {
        assert!(!conditions(header::IF_NONE_MATCH, value).has(&tag()), "{value}");
    }
}

#[track_caller]
fn check(value: &str, current: Option<u64>, expected: Option<u16>) {
    let checked = conditions(header::IF_MATCH, value).check_change(current.map(Revision));
    assert_eq!(checked.err().map(|problem| problem.kind().status().as_u16()), expected);
}

#[test]
fn a_change_is_let_through_when_the_version_is_the_current_one() {
    let json = EntityTag::new(Revision(7), &["application/json"]).to_string();
    check(&json, Some(7), None);
    check(&json.replace("\"7-", "\"70-"), Some(7), Some(412));
    check(&json, Some(8), Some(412));
    check(&format!("W/{json}"), Some(7), Some(412));
    check("*", Some(7), None);
    check("*", None, Some(412));
    check(&json, None, Some(412));
}

#[test]
fn a_change_in_the_blind_is_refused_but_a_new_record_is_not() {
    let none = Conditions::default();
    let refused = none.check_change(Some(Revision(7))).unwrap_err();
    assert_eq!(refused.kind().status(), StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(none.check_change(None), Ok(None));
    let only_new = conditions(header::IF_NONE_MATCH, "*");
    assert!(only_new.check_change(Some(Revision(7))).is_err());
    assert_eq!(only_new.check_change(None), Ok(Some(Revision(0))));
}

#[test]
fn a_change_must_find_the_version_that_it_names_when_it_is_written_and_no_other_way() {
    let expected =
        |value: &str| conditions(header::IF_MATCH, value).check_change(Some(Revision(7))).unwrap();
    assert_eq!(expected(&EntityTag::new(Revision(7), &[]).to_string()), Some(Revision(7)));
    assert_eq!(expected("*"), None);
}

#[test]
fn an_answer_that_the_client_has_is_not_built() {
    let has = conditions(header::IF_NONE_MATCH, &tag().to_string());
    let build = || -> Result<&str> { panic!("it is not needed") };
    let response = respond(&has, &tag(), Freshness::Seconds(60), build).unwrap();
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(response.headers()[header::ETAG], tag().to_string());
    assert_eq!(
        response.headers()[header::CACHE_CONTROL],
        "public, max-age=60, stale-while-revalidate=600"
    );
}

#[test]
fn the_compressed_form_has_a_strong_tag_of_its_own() {
    let mut headers = HeaderMap::new();
    headers.insert(header::ETAG, HeaderValue::from_static("\"7-ab\""));
    mark_coding(&mut headers);
    assert_eq!(headers[header::ETAG], "\"7-ab\"");
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    mark_coding(&mut headers);
    assert_eq!(headers[header::ETAG], "\"7-ab-br\"");
}

#[test]
fn a_time_is_written_as_http_wants() {
    let at: Timestamp = "2026-11-21T21:30:00.9Z".parse().unwrap();
    assert_eq!(last_modified(at).unwrap(), "Sat, 21 Nov 2026 21:30:00 GMT");
}

#[test]
fn vary_names_each_header_once() {
    let mut headers = HeaderMap::new();
    for name in [header::ACCEPT, header::ORIGIN, header::ACCEPT] {
        vary(&mut headers, name);
    }
    let all: Vec<_> = headers.get_all(header::VARY).iter().collect();
    assert_eq!(all, ["accept", "origin"]);
}

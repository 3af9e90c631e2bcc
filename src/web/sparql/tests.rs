//! The protocol without a server: requests in, requests or problems out.

use proptest::prelude::*;

use super::accept::Accept;
use super::request::{BodyKind, from_get, from_post};
use super::*;
use crate::graph::{Complexity, Dataset};

fn headers(name: HeaderName, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
}

fn accept(value: &str) -> Accept {
    Accept::of(&headers(header::ACCEPT, value))
}

#[track_caller]
fn check_get(address: &str, expected: std::result::Result<&str, ProblemKind>) {
    let read = from_get(address).map(|request| request.unwrap().query);
    let read = read.as_deref().map_err(Problem::kind);
    assert_eq!(read, expected, "{address}");
}

#[test]
fn addresses_are_read() {
    check_get("query=ASK+%7B%7D", Ok("ASK {}"));
    check_get("query=ASK%20%7B%0A%7D&format=csv", Ok("ASK {\n}"));
    check_get("query=%C3%A0", Ok("à"));
    check_get("query=", Ok(""));
    check_get("query=%FF", Err(ProblemKind::InvalidParameter));
    check_get("query=A&query=B", Err(ProblemKind::DuplicateParameter));
    check_get("format=csv", Err(ProblemKind::MissingParameter));
    check_get("default-graph-uri=http%3A%2F%2Fa", Err(ProblemKind::MissingParameter));
    check_get("qeury=A", Err(ProblemKind::UnknownParameter));
    check_get("query=A&format=pdf", Err(ProblemKind::InvalidParameter));
    check_get("update=CLEAR%20ALL", Err(ProblemKind::MethodNotAllowed));
    check_get("query=A&using-graph-uri=b", Err(ProblemKind::MethodNotAllowed));
    assert_eq!(from_get(""), Ok(None));
    // The language of the page that describes the endpoint.
    assert_eq!(from_get("lang=gd"), Ok(None));
    check_get("query=A&lang=gd", Ok("A"));
    check_get("lang=gd&format=csv", Err(ProblemKind::MissingParameter));
}

#[test]
fn graphs_come_from_the_address_and_from_the_form() {
    let graphs = "default-graph-uri=a%3Ab&named-graph-uri=c%3Ad&default-graph-uri=e%3Af";
    let expected = Dataset {
        default: vec!["a:b".to_owned(), "e:f".to_owned()],
        named: vec!["c:d".to_owned()],
    };
    let by_get = from_get(&format!("query=ASK&{graphs}")).unwrap().unwrap();
    assert_eq!(by_get.dataset.as_ref(), Some(&expected));
    assert_eq!(from_post(graphs, BodyKind::Query, b"ASK"), Ok(by_get.clone()));
    assert_eq!(from_post(graphs, BodyKind::Form, b"query=ASK"), Ok(by_get.clone()));
    let body = format!("query=ASK&{graphs}");
    assert_eq!(from_post("", BodyKind::Form, body.as_bytes()), Ok(by_get));
}

#[test]
fn bodies_are_what_they_say_or_are_refused() {
    for (media_type, expected) in [
        ("application/sparql-query", Some(BodyKind::Query)),
        ("Application/SPARQL-Query; charset=UTF-8", Some(BodyKind::Query)),
        ("application/x-www-form-urlencoded", Some(BodyKind::Form)),
        ("application/sparql-update", Some(BodyKind::Update)),
        ("application/sparql-query; charset=UTF-16", None),
        ("text/plain", None),
        ("", None),
    ] {
        let kind = BodyKind::of(&headers(header::CONTENT_TYPE, media_type));
        assert_eq!(kind.as_ref().ok(), expected.as_ref(), "{media_type}");
    }
    let coded = BodyKind::of(&headers(header::CONTENT_ENCODING, "gzip")).unwrap_err();
    assert_eq!(coded.kind(), ProblemKind::UnsupportedMediaType);
    let missing = BodyKind::of(&HeaderMap::new()).unwrap_err();
    assert_eq!(missing.kind(), ProblemKind::UnsupportedMediaType);
    for (address, kind, body, expected) in [
        ("", BodyKind::Update, "CLEAR ALL", ProblemKind::Forbidden),
        ("", BodyKind::Form, "update=CLEAR%20ALL", ProblemKind::Forbidden),
        ("", BodyKind::Form, "format=csv", ProblemKind::MissingParameter),
        ("query=A", BodyKind::Query, "B", ProblemKind::DuplicateParameter),
    ] {
        let refused = from_post(address, kind, body.as_bytes()).unwrap_err();
        assert_eq!(refused.kind(), expected, "{body}");
    }
    assert!(from_post("", BodyKind::Query, b"\xFF\xFE").is_err());
}

#[test]
fn formats_are_negotiated_for_rows_and_triples_apart() {
    use GraphFormat as G;
    use SolutionsFormat as S;
    for (header, solutions, graph) in [
        ("*/*", Some(S::Json), Some(G::Turtle)),
        ("text/csv", Some(S::Csv), None),
        ("text/turtle", None, Some(G::Turtle)),
        ("text/turtle, text/csv;q=0.1", Some(S::Csv), Some(G::Turtle)),
        ("application/sparql-results+xml, */*;q=0.1", Some(S::Xml), Some(G::Turtle)),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.4", None, Some(G::RdfXml)),
        ("application/json", Some(S::Json), Some(G::JsonLd)),
        ("text/*", Some(S::Xml), Some(G::Turtle)),
        ("text/*, text/turtle;q=0, text/xml;q=0", Some(S::Csv), Some(G::NTriples)),
        ("image/png", None, None),
        ("application/trig", None, Some(G::TriG)),
        ("nonsense", Some(S::Json), Some(G::Turtle)),
    ] {
        let accept = accept(header);
        assert_eq!((accept.solutions(), accept.graph()), (solutions, graph), "{header}");
    }
}

#[test]
fn browsers_get_the_form_and_programs_the_description() {
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    assert!(accept(browser).wants_page());
    for header in ["*/*", "text/turtle", "text/turtle, text/html;q=0.5", "text/html;q=0, */*"] {
        assert!(!accept(header).wants_page(), "{header}");
    }
    assert!(!Accept::of(&HeaderMap::new()).wants_page());
}

#[test]
fn the_description_is_rdf_with_the_address_in_every_format() {
    let triples = description::triples("https://kist.example/sparql");
    for format in GraphFormat::ALL {
        let text = String::from_utf8(format.write(&triples)).unwrap();
        assert!(text.contains("https://kist.example/sparql"), "{format:?}: {text}");
    }
}

#[test]
fn each_refusal_has_its_problem() {
    let complexity = |measure| QueryError::TooComplex(Complexity { measure, limit: 1 });
    for (error, kind) in [
        (QueryError::Syntax { message: "x".to_owned() }, ProblemKind::SparqlSyntax),
        (QueryError::Update, ProblemKind::Forbidden),
        (complexity(Measure::Depth), ProblemKind::QueryTooComplex),
        (complexity(Measure::Bytes), ProblemKind::PayloadTooLarge),
        (QueryError::ServiceForbidden, ProblemKind::ServiceForbidden),
        (QueryError::NotAcceptable(Form::Graph), ProblemKind::NotAcceptable),
        (QueryError::TooManyRows { limit: 1 }, ProblemKind::ResultTooLarge),
        (QueryError::TooManyBytes { limit: 1 }, ProblemKind::ResultTooLarge),
        (QueryError::TooManySubjects { limit: 1 }, ProblemKind::ResultTooLarge),
        (QueryError::Timeout { milliseconds: 1 }, ProblemKind::QueryTimeout),
        (QueryError::Memory { bytes: 1 }, ProblemKind::QueryMemory),
        (QueryError::Overloaded, ProblemKind::Overloaded),
        (QueryError::Worker("secret".to_owned()), ProblemKind::Internal),
    ] {
        let problem = problem(error);
        assert_eq!(problem.kind(), kind);
        assert!(!problem.detail().contains("secret"));
    }
}

proptest! {
    #[test]
    fn no_request_makes_it_panic(address in "\\PC{0,60}", body: Vec<u8>, wish in "[ -~]{0,40}") {
        let _ = from_get(&address);
        for kind in [BodyKind::Form, BodyKind::Query, BodyKind::Update] {
            let _ = from_post(&address, kind, &body);
        }
        let accept = accept(&wish);
        let _ = (accept.solutions(), accept.graph(), accept.wants_page());
    }

    #[test]
    fn a_query_comes_through_a_form_unchanged(query in "\\PC{0,60}") {
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("query", &query)
            .finish();
        prop_assert_eq!(&from_get(&form).unwrap().unwrap().query, &query);
        prop_assert_eq!(&from_post("", BodyKind::Form, form.as_bytes()).unwrap().query, &query);
        prop_assert_eq!(&from_post("", BodyKind::Query, query.as_bytes()).unwrap().query, &query);
    }
}

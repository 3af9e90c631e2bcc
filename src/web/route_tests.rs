//! A small register of notes, asked through its router.

use axum::body::Body;
use axum::extract::State;
use http_body_util::BodyExt;
use serde_json::Value;
use serde_json::json;
use tower::ServiceExt;

use super::*;
use crate::model::Revision;
use crate::web::admission::Options;
use crate::web::admission::only_public;
use crate::web::cache;
use crate::web::cache::Conditions;
use crate::web::cache::EntityTag;
use crate::web::cache::Freshness;
use crate::web::extract::Json;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;

const LIST: &[Parameter] =
    &[Parameter::text("q", "Words"), Parameter::integer("limit", 1, 9, "Most").default("5")];

const ID: Parameter = Parameter::text("id", "Which note");

async fn list_notes(parameters: Parameters, format: Format) -> String {
    let limit = parameters.count("limit").unwrap();
    format!("{} {limit} {}", parameters.text("q").unwrap_or_default(), format.name())
}

async fn find_note(
    State(revision): State<Revision>,
    parameters: Parameters,
    format: Format,
    conditions: Conditions,
) -> Result<Response> {
    let id = parameters.text("id").unwrap();
    let tag = EntityTag::new(revision, &[format.name()]);
    cache::respond(&conditions, &tag, Freshness::Revalidate, || {
        if id == "none" {
            Err(Problem::gone("the note"))
        } else {
            Ok(format!("{id} {}", format.name()))
        }
    })
}

async fn update_note(
    State(revision): State<Revision>,
    conditions: Conditions,
    Json(note): Json<Value>,
) -> Result<String> {
    conditions.check_change(Some(revision))?;
    Ok(note.to_string())
}

/// The routes of the register of notes.
pub(crate) fn notes() -> Vec<Route<Revision>> {
    let formats = [Format::JsonLd, Format::Turtle];
    vec![
        Route::get(Scope::Public, "/notes", "listNotes", list_notes)
            .summary("Lists notes")
            .tag("notes")
            .parameters(LIST)
            .formats(&formats)
            .answer(StatusCode::OK, Some("Note"), "The notes"),
        Route::get(Scope::Public, "/notes/{id}", "findNote", find_note)
            .summary("Finds a note")
            .path_parameter(ID)
            .formats(&formats)
            .problems(&[ProblemKind::Gone])
            .answer(StatusCode::OK, Some("Note"), "The note"),
        Route::put(Scope::Write, "/notes/{id}", "updateNote", update_note)
            .summary("Updates a note")
            .path_parameter(ID)
            .body(BodyRule::default(), Some("Note"), "The note")
            .answer(StatusCode::OK, Some("Note"), "The note"),
    ]
}

fn server(guard: &Guard, options: &Options) -> Router {
    router(&notes(), guard, &Permits::new(options)).with_state(Revision(7))
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)], body: &'static str) -> Response {
    let let_writers_in: Guard = Arc::new(|scope, token, _| match (scope, token) {
        (Scope::Public, _) | (Scope::Write, Some("writer")) => Ok(()),
        (_, Some(_)) => Err(Problem::forbidden("not with this token")),
        (_, None) => Err(Problem::unauthorised("no token")),
    });
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body)).unwrap();
    server(&let_writers_in, &Options::default()).oneshot(request).await.unwrap()
}

async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name).unwrap_or_else(|| panic!("{name} is missing"));
    value.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn parameters_and_format_reach_the_handler() {
    let response = ask("GET", "/notes?q=tea", &[("accept", "text/turtle")], "").await;
    assert_eq!(header(&response, "vary"), "accept");
    assert_eq!(text(response).await, "tea 5 Turtle");
}

#[tokio::test]
async fn a_suffix_pins_the_format_of_lists_and_of_records() {
    for (path, expected) in [
        ("/notes.ttl?q=tea", "tea 5 Turtle"),
        ("/notes/7.ttl", "7 Turtle"),
        ("/notes/a%20b.jsonld", "a b JSON-LD"),
        ("/notes/7.csv", "7.csv JSON-LD"),
    ] {
        assert_eq!(text(ask("GET", path, &[("accept", "*/*")], "").await).await, expected);
    }
}

#[tokio::test]
async fn only_what_depends_on_accept_says_that_it_varies_by_it() {
    for (path, varies) in [
        ("/notes?q=tea", true),
        ("/notes/7", true),
        ("/notes.ttl?q=tea", false),
        ("/notes/7.ttl", false),
        // A problem is a page or JSON, whatever the suffix says.
        ("/notes/none.ttl", true),
        ("/notes.ttl?limit=0", true),
    ] {
        let response = ask("GET", path, &[], "").await;
        assert_eq!(response.headers().contains_key("vary"), varies, "{path}");
    }
}

#[tokio::test]
async fn refuses_by_an_exact_problem() {
    let json = ("content-type", "application/json");
    let writer = ("authorization", "Bearer writer");
    for (method, path, headers, expected) in [
        ("GET", "/nowhere", &[][..], "not-found"),
        ("GET", "/notes?limit=0", &[], "invalid-parameter"),
        ("GET", "/notes?id=5", &[], "unknown-parameter"),
        ("GET", "/notes/5?id=6", &[], "unknown-parameter"),
        ("GET", "/notes/%ff", &[], "not-found"),
        ("GET", "/notes/%00", &[], "not-found"),
        ("GET", "/notes/a%0d%0ab", &[], "not-found"),
        ("GET", "/notes/..%2f..%2fetc", &[("accept", "image/png")], "not-acceptable"),
        ("GET", "/notes/none", &[], "gone"),
        ("POST", "/notes", &[], "method-not-allowed"),
        ("TRACE", "/notes/5", &[], "method-not-allowed"),
        ("PUT", "/notes/5", &[json], "unauthorised"),
        ("PUT", "/notes/5", &[json, ("authorization", "Basic YTpi")], "unauthorised"),
        ("PUT", "/notes/5", &[json, ("authorization", "Bearer reader")], "forbidden"),
        ("PUT", "/notes/5", &[writer], "unsupported-media-type"),
        ("PUT", "/notes/5", &[writer, json], "precondition-required"),
        ("PUT", "/notes/5", &[writer, json, ("if-match", "\"6-a\"")], "precondition-failed"),
    ] {
        let response = ask(method, path, headers, "{}").await;
        let kind = response.extensions().get::<Problem>().map(|problem| problem.kind().slug());
        assert_eq!(kind, Some(expected), "{method} {path} {headers:?}");
    }
}

#[tokio::test]
async fn a_slash_too_many_at_the_end_leads_to_the_address_without_it() {
    for (method, path, expected) in [
        ("GET", "/notes/7/", Some("/notes/7")),
        ("HEAD", "/notes/?q=tea", Some("/notes?q=tea")),
        ("POST", "/notes/", None),
        ("GET", "/", None),
        ("GET", "//elsewhere.example/", None),
        ("GET", "/notes//", None),
        ("GET", "/\\elsewhere.example/", None),
    ] {
        let response = ask(method, path, &[], "").await;
        let location = response.headers().get("location").map(|to| to.to_str().unwrap());
        assert_eq!(location, expected, "{method} {path}");
        let status = if expected.is_some() { 308 } else { 404 };
        assert_eq!(response.status(), status, "{method} {path}");
    }
}

#[tokio::test]
async fn tells_the_methods_that_there_are() {
    for method in ["POST", "OPTIONS"] {
        let response = ask(method, "/notes/5", &[], "").await;
        assert_eq!(header(&response, "allow"), "GET, HEAD, PUT, OPTIONS", "{method}");
    }
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let response = ask("HEAD", "/notes/5", &[], "").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(header(&response, "etag").starts_with("\"7-"));
    assert_eq!(text(response).await, "");
}

#[tokio::test]
async fn a_client_that_has_the_note_gets_304_and_one_with_a_token_is_never_cached() {
    let first = ask("GET", "/notes/5", &[], "").await;
    let tag = header(&first, "etag");
    let again = ask("GET", "/notes/5", &[("if-none-match", &tag)], "").await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!((header(&again, "etag"), header(&again, "vary")), (tag.clone(), "accept".into()));
    let put = [
        ("content-type", "application/json"),
        ("authorization", "Bearer writer"),
        ("if-match", tag.as_str()),
    ];
    let put = ask("PUT", "/notes/5", &put, r#"{"a":1}"#).await;
    assert_eq!(header(&put, "cache-control"), "no-store");
    assert_eq!(text(put).await, json!({"a": 1}).to_string());
}

#[tokio::test]
async fn what_is_over_the_limit_is_sent_away_whatever_the_connection() {
    let router = server(&only_public(), &Options { memory: 0, ..Options::default() });
    for _ in 0..3 {
        let request = Request::get("/notes").body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let seconds: u8 = header(&response, "retry-after").parse().unwrap();
        assert!((1..=5).contains(&seconds));
    }
}

#[tokio::test]
async fn without_a_guard_of_its_own_a_register_lets_nobody_write() {
    let router = server(&only_public(), &Options::default());
    let request = Request::put("/notes/5").body(Body::from("{}")).unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(header(&response, "www-authenticate"), "Bearer realm=\"kist\"");
}

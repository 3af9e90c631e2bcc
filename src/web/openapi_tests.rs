//! What holds of every document that is made of a route table.

use super::*;
use crate::model::Revision;
use crate::web::audit::document_faults;
use crate::web::audit::table_faults;
use crate::web::route::tests::notes;

fn document_of(routes: &[Route<Revision>], schemas: Value) -> Value {
    let about = About {
        title: "Notes".to_owned(),
        version: "1".to_owned(),
        description: String::new(),
        base: String::new(),
    };
    document(&about, routes, schemas)
}

#[test]
fn the_document_of_the_notes_has_no_faults() {
    let document = document_of(&notes(), json!({"Note": {"type": "object"}}));
    assert_eq!(document_faults(&document), Vec::<String>::new());
    assert_eq!(table_faults(&notes()), Vec::<String>::new());
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn faults_of_a_document_are_found() {
    let routes = vec![
        Route::get(Scope::Public, "/a", "twice", async || "").answer(StatusCode::OK, None, "It"),
        Route::get(Scope::Public, "/b", "twice", async || "").formats(&[Format::Json]).answer(
            StatusCode::OK,
            Some("Missing"),
            "It",
        ),
    ];
    let faults = document_faults(&document_of(&routes, json!({})));
    assert_eq!(faults, ["twice stands twice", "#/components/schemas/Missing is nothing"]);
}

#[test]
fn faults_of_a_table_are_found() {
    let limit = Parameter::integer("limit", 1, 9, "Most");
    let routes: Vec<Route<Revision>> = vec![
        Route::get(Scope::Public, "/a/{id}", "a", async || "").hidden(),
        Route::get(Scope::Public, "/b", "b", async || "")
            .hidden()
            .parameters(&[limit.default("0"), limit.example("9")]),
        Route::get(Scope::Public, "/c", "c", async || "")
            .summary("C")
            .parameters(&[Parameter::text("utm_source", "Whence")]),
    ];
    assert_eq!(
        table_faults(&routes),
        [
            "GET /a/{id}: the path has {\"id\"} and declares {}",
            "GET /b: `limit`: 0 is not within 1 and 9",
            "GET /b: `limit` is declared twice",
            "GET /c: `utm_source` is taken off as a campaign's",
            "GET /c: it has no summary or no answer",
        ]
    );
}

#[test]
fn an_operation_tells_its_scope_parameters_formats_and_problems() {
    let document = document_of(&notes(), json!({"Note": {"type": "object"}}));
    let list = &document["paths"]["/notes"]["get"];
    assert_eq!(list["x-scope"], "public");
    assert_eq!(list["parameters"][1]["schema"]["default"], 5);
    let content = list["responses"]["200"]["content"].as_object().unwrap();
    assert_eq!(content.keys().collect::<Vec<_>>(), ["application/ld+json", "text/turtle"]);
    let put = &document["paths"]["/notes/{id}"]["put"];
    assert_eq!(put["security"], json!([{"token": []}]));
    for status in ["401", "403", "404", "413", "415", "503", "default"] {
        assert!(put["responses"][status].is_object(), "{status}");
    }
    let note = &put["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    assert_eq!(note, "#/components/schemas/Note");
}

#[test]
fn a_hidden_route_is_left_out() {
    let routes = vec![Route::get(Scope::Public, "/page", "page", async || "").hidden()];
    assert_eq!(document_of(&routes, json!({}))["paths"], json!({}));
}

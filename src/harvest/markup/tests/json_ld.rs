//! The suite of JSON-LD in HTML, and the contexts and repairs of our own.

use oxigraph::model::Graph;
use oxiri::Iri;
use url::Url;

use super::conformance;
use crate::harvest::markup::json_ld::{self, Repair};
use crate::harvest::markup::outline::{self, Outline, Script};

const HOME: &str = "https://w3c.github.io/json-ld-api/tests/";

/// The scripts that a processor of the suite reads: that of the fragment, the
/// first, or all.
fn chosen<'a>(
    page: &'a Outline,
    fragment: Option<&str>,
    is_all: bool,
) -> Result<Vec<&'a Script>, String> {
    if let Some(id) = fragment {
        let named = page.scripts.iter().find(|script| script.id.as_deref() == Some(id));
        return named.map(|script| vec![script]).ok_or_else(|| format!("no script {id}"));
    }
    if is_all {
        return Ok(page.scripts.iter().collect());
    }
    page.scripts.first().map(|script| vec![script]).ok_or_else(|| "no script".to_owned())
}

/// What a processor of the suite gives for a page: strict, nothing put right.
fn read(html: &str, address: &str, base: Option<&str>, is_all: bool) -> Result<Graph, String> {
    let page = outline::outline(html);
    let address = Url::parse(address).unwrap();
    let mut base = Url::parse(base.unwrap_or(address.as_str())).unwrap();
    base.set_fragment(None);
    let base = page.base.as_deref().map_or_else(|| base.clone(), |href| base.join(href).unwrap());
    let base = Iri::parse(base.to_string()).unwrap();
    let mut graph = Graph::new();
    for script in chosen(&page, address.fragment(), is_all)? {
        json_ld::strict(&script.text).map_err(|error| error.to_string())?;
        let said = json_ld::statements(&script.text, &base);
        if let Some(fault) = said.faults.first() {
            return Err(fault.clone());
        }
        graph.extend(&said.triples);
    }
    Ok(graph)
}

#[test]
fn the_whole_suite_of_json_ld_in_html_passes() {
    let Some(folder) = conformance::suite("json-ld-html") else { return };
    let manifest = conformance::read(&folder.join("html-manifest.jsonld"));
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let mut total = 0;
    let mut failures = Vec::new();
    for test in manifest["sequence"].as_array().unwrap() {
        total += 1;
        let name = test["@id"].as_str().unwrap().to_owned();
        let option = &test["option"];
        let input = test["input"].as_str().unwrap();
        let path = |address: &str| {
            let file = address.trim_start_matches("html/").split('#').next().unwrap();
            folder.join(file)
        };
        let html = conformance::read(&path(input));
        let is_all = option["extractAllScripts"].as_bool().unwrap_or(false);
        let address = format!("{HOME}{input}");
        let read = read(&html, &address, option["base"].as_str(), is_all);
        let Some(expected) = test["expect"].as_str() else {
            if read.is_ok() {
                failures.push((name, format!("no error for\n{html}")));
            }
            continue;
        };
        let text = conformance::read(&path(expected));
        // What is expected as JSON-LD, expanded, compacted or flattened, is
        // compared by what it says: other forms than RDF are not made here.
        let base = Iri::parse(format!("{HOME}{expected}")).unwrap();
        let expected: Graph = if expected.rsplit('.').next() == Some("nq") {
            conformance::graph(&text, oxigraph::io::RdfFormat::NQuads, base.as_str())
        } else {
            json_ld::statements(&text, &base).triples.into_iter().collect()
        };
        match read {
            // A page without any script is an error of the API, and says
            // nothing as RDF.
            Err(_) if expected.is_empty() && !html.contains("ld+json") => {}
            Ok(read) if conformance::is_same(read.clone(), expected.clone()) => {}
            Ok(read) => failures.push((name, format!("{html}\n{read}\n is not\n{expected}"))),
            Err(error) => failures.push((name, format!("{html}\n{error}"))),
        }
    }
    assert_eq!(total, 50, "tests in the manifest");
    conformance::judge(total, failures, &[]);
}

fn base() -> Iri<String> {
    Iri::parse("https://leithcommunity.example/classes/".to_owned()).unwrap()
}

#[track_caller]
fn check_repair(text: &str, expected: &str, repairs: &[Repair]) {
    let (json, made) = json_ld::repaired(text).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json.to_string(), expected);
    assert_eq!(made.into_iter().collect::<Vec<_>>(), repairs);
}

#[test]
fn good_json_stays_as_it_is() {
    check_repair(r#" {"a": "x,]; // y"} "#, r#"{"a":"x,]; // y"}"#, &[]);
}

#[test]
fn comments_and_cdata_are_taken_away() {
    let expected = r#"{"a":"http://b","c":1}"#;
    check_repair(
        "//<![CDATA[\n{\"a\": \"http://b\", /* why */ \"c\": 1} // end\n//]]>",
        expected,
        &[Repair::Comments],
    );
    check_repair("<!-- {\"a\": \"http://b\", \"c\": 1} -->", expected, &[Repair::Comments]);
}

#[test]
fn comments_of_html_before_in_and_after_the_json_are_taken_away() {
    let expected = r#"{"a":"x<!--y-->","c":1}"#;
    for text in [
        "<!-- by a plug-in -->\n{\"a\": \"x<!--y-->\", \"c\": 1}",
        "{\"a\": \"x<!--y-->\", <!-- \"b\": {\"no\": 0}, --> \"c\": 1} <!-- end -->",
        "<!-- {\"old\": 1} -->{\"a\": \"x<!--y-->\", \"c\": 1}",
        "<!--//--><![CDATA[//><!--\n{\"a\": \"x<!--y-->\", \"c\": 1}\n//--><!]]>",
        "<!-- {\"a\": \"x<!--y-->\", \"c\": 1}",
    ] {
        check_repair(text, expected, &[Repair::Comments]);
    }
}

#[test]
fn comments_that_never_end_take_no_more_time_than_others() {
    let text = format!("{}{{\"a\":1}}", "<!--".repeat(20_000));
    check_repair(&text, r#"{"a":1}"#, &[Repair::Comments]);
}

#[test]
fn commas_too_many_and_semicolons_are_taken_away() {
    check_repair(
        r#"{"a": [1,, 2,], "b": {"c": 3,},};"#,
        r#"{"a":[1,2],"b":{"c":3}}"#,
        &[Repair::Commas, Repair::Semicolons],
    );
}

#[test]
fn raw_line_ends_in_texts_are_kept_as_line_ends() {
    check_repair("{\"a\": \"one\ntwo\"}", r#"{"a":"one\ntwo"}"#, &[Repair::ControlCharacters]);
}

#[test]
fn unknown_escapes_and_half_characters_are_put_right() {
    check_repair(r#"{"a": "Anne\'s"}"#, r#"{"a":"Anne's"}"#, &[Repair::Escapes]);
    check_repair(r#"{"a": "x\ud83dy"}"#, "{\"a\":\"x\u{fffd}y\"}", &[Repair::Escapes]);
    check_repair(r#"{"a": "\ud83d\ude00",}"#, "{\"a\":\"\u{1f600}\"}", &[Repair::Commas]);
}

#[test]
fn several_values_become_a_list() {
    check_repair("{\"a\":1}\n{\"b\":2}", r#"[{"a":1},{"b":2}]"#, &[Repair::SeveralValues]);
}

#[test]
fn references_for_quotation_marks_are_decoded() {
    check_repair("{&quot;a&quot;: &quot;b&quot;}", r#"{"a":"b"}"#, &[Repair::References]);
}

#[test]
fn what_cannot_be_put_right_is_an_error() {
    assert!(json_ld::repaired("{\"a\": ").is_err());
    assert!(json_ld::repaired("window.dataLayer = []").is_err());
    assert!(json_ld::repaired("").is_err());
}

#[test]
fn json_ten_thousand_deep_is_refused_before_anything_recurses() {
    let text = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(json_ld::repaired(&text).unwrap_err(), json_ld::JsonLdError::Deep);
    let text = "{\"a\":".repeat(10_000);
    assert_eq!(json_ld::repaired(&text).unwrap_err(), json_ld::JsonLdError::Deep);
}

#[test]
fn schema_org_is_known_in_all_its_spellings() {
    for context in [
        "http://schema.org",
        "https://schema.org",
        "http://schema.org/",
        "https://schema.org/",
        "https://www.schema.org",
        "https://schema.org/docs/jsonldcontext.jsonld",
    ] {
        let json = format!(r#"{{"@context": "{context}", "@type": "Event", "url": "yoga"}}"#);
        let said = json_ld::statements(&json, &base());
        assert_eq!(said.faults, Vec::<String>::new(), "{context}");
        let said: Vec<String> =
            said.triples.iter().map(|triple| triple.object.to_string()).collect();
        assert!(said.contains(&"<http://schema.org/Event>".to_owned()), "{context}: {said:?}");
        let url = "<https://leithcommunity.example/classes/yoga>".to_owned();
        assert!(said.contains(&url), "{context}: {said:?}");
    }
}

#[test]
fn unknown_contexts_are_an_error_and_never_fetched() {
    for context in ["https://evil.example/context", "http://127.0.0.1:9/c", "file:///etc/passwd"] {
        let json = format!(r#"{{"@context": "{context}", "name": "x"}}"#);
        let said = json_ld::statements(&json, &base());
        assert_eq!(said.triples, vec![]);
        assert!(said.faults[0].contains("none is fetched"), "{:?}", said.faults);
    }
}

#[test]
fn a_context_that_is_not_known_is_left_out_beside_one_that_is() {
    let read = |contexts: &str| {
        let json = format!(
            r#"[{{"@context": {contexts}, "@type": "Dataset", "name": "x", "distribution":
                {{"@context": "https://schema.org", "contentUrl": "/feed"}}}}]"#
        );
        json_ld::statements(&json, &base())
    };
    for known in [
        r#"["https://schema.org/", "https://openactive.io/"]"#,
        r#""https://openactive.io""#,
        r#"["https://openactive.io/ns/oa.jsonld", {"own": "https://own.example/"}]"#,
    ] {
        let said = read(known);
        assert_eq!((said.faults.len(), said.left_out.len()), (0, 0), "{known}: {:?}", said.faults);
        let feed = "<https://leithcommunity.example/feed>";
        assert!(said.triples.iter().any(|triple| triple.object.to_string() == feed), "{known}");
    }
    let said = read(r#"["https://a.example/1", "http://schema.org", "https://a.example/2"]"#);
    assert_eq!(said.faults, Vec::<String>::new());
    assert_eq!(said.left_out, ["https://a.example/1", "https://a.example/2"]);
    assert_eq!(said.triples.len(), read(r#""http://schema.org""#).triples.len());
    // Alone, its words mean nothing.
    let said = read(r#"["https://a.example/1"]"#);
    assert_eq!((said.left_out.len(), said.faults.len()), (0, 1));
    let said = read(r#"["https://openactive.io.evil.example/", "https://a.example/1"]"#);
    assert!(said.left_out.is_empty() && !said.faults.is_empty());
}

#[test]
fn addresses_with_spaces_are_put_right() {
    let json = r#"{"@context": "https://schema.org", "url": "https://a.example/our classes"}"#;
    let said = json_ld::statements(json, &base());
    assert_eq!(said.triples[0].object.to_string(), "<https://a.example/our%20classes>");
}

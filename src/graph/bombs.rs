//! Queries built to exhaust: each must be refused or planned, in this very
//! process, which an overflow of the stack would end.

use spargebra::Query;

use crate::graph::evaluate;
use crate::graph::{Limits, Measure, QueryError, QueryRequest};

/// Stack of the thread that plans, as in the query process.
const STACK_BYTES: usize = 64 * 1024 * 1024;

fn plan(query: String, limits: Limits) -> Result<Query, QueryError> {
    let request = QueryRequest { query, base: None, dataset: None, solutions: None, graph: None };
    std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(move || evaluate::plan(&request, &limits))
        .unwrap()
        .join()
        .unwrap()
}

type Generator = (&'static str, fn(usize) -> String);

/// Everything that nests or chains in the grammar.
const GENERATORS: [Generator; 40] = [
    ("braces", |n| format!("SELECT * {{{}{}}}", "{".repeat(n), "}".repeat(n))),
    ("open braces", |n| format!("SELECT * {}", "{".repeat(n))),
    ("sibling braces", |n| format!("SELECT * {{{}}}", "{}".repeat(n))),
    ("parentheses", |n| expression(&format!("{}1{}", "(".repeat(n), ")".repeat(n)))),
    ("open parentheses", |n| format!("ASK {{ FILTER {}", "(".repeat(n))),
    ("functions", |n| expression(&format!("{}1{}", "STR(".repeat(n), ")".repeat(n)))),
    ("custom functions", |n| expression(&format!("{}1{}", "<f:a>(".repeat(n), ")".repeat(n)))),
    ("conditions", |n| expression(&format!("{}1{}", "IF(1,1,".repeat(n), ")".repeat(n)))),
    ("concatenations", |n| expression(&format!("{}1{}", "CONCAT(1,".repeat(n), ")".repeat(n)))),
    ("lists of IN", |n| expression(&format!("{}1{}", "1 IN (".repeat(n), ")".repeat(n)))),
    ("one long IN", |n| expression(&format!("1 IN ({}1)", "1,".repeat(n)))),
    ("sub-selects", |n| format!("SELECT * {{{}{}}}", "{SELECT * {".repeat(n), "}}".repeat(n))),
    ("exists", |n| format!("ASK {{{}{}}}", "FILTER EXISTS {".repeat(n), "}".repeat(n))),
    ("not exists", |n| format!("ASK {{{}{}}}", "FILTER NOT EXISTS {".repeat(n), "}".repeat(n))),
    ("unions", |n| format!("ASK {{ {{}} {} }}", "UNION {}".repeat(n))),
    ("nested unions", |n| format!("ASK {{{}{}}}", "{} UNION {".repeat(n), "}".repeat(n))),
    ("sum", |n| expression(&format!("1{}", "+1".repeat(n)))),
    ("difference", |n| expression(&format!("?a{}", "-1".repeat(n)))),
    ("product", |n| expression(&format!("1{}", "*1".repeat(n)))),
    ("disjunction", |n| expression(&format!("1{}", "||1".repeat(n)))),
    ("conjunction", |n| expression(&format!("1{}", "&&1".repeat(n)))),
    ("exclamations", |n| expression(&format!("{}1", "!".repeat(n)))),
    ("spaced exclamations", |n| expression(&format!("{}1", "! \n".repeat(n)))),
    ("minuses", |n| expression(&format!("{}1", "- ".repeat(n)))),
    ("mixed signs", |n| expression(&format!("{}1", "!-+".repeat(n)))),
    ("sequence path", |n| format!("ASK {{ ?s <p:a>{} ?o }}", "/<p:a>".repeat(n))),
    ("alternative path", |n| format!("ASK {{ ?s <p:a>{} ?o }}", "|<p:a>".repeat(n))),
    ("nested path", |n| format!("ASK {{ ?s {}<p:a>{} ?o }}", "(".repeat(n), ")*".repeat(n))),
    ("inverse path", |n| format!("ASK {{ ?s {}<p:a> ?o }}", "^".repeat(n))),
    ("negated set", |n| format!("ASK {{ ?s !(<p:a>{}) ?o }}", "|^<p:a>".repeat(n))),
    ("nested lists", |n| format!("ASK {{ {}1{} ?p ?o }}", "(".repeat(n), ")".repeat(n))),
    ("one long list", |n| format!("ASK {{ ({}) ?p ?o }}", "1 ".repeat(n + 1))),
    ("blank nodes", |n| format!("ASK {{ ?s ?p {}{} }}", "[ ?p ".repeat(n), "1]".repeat(n))),
    ("quoted triples", |n| format!("ASK {{ {}?s ?p ?o{} }}", "<<".repeat(n), ">> ?p ?o".repeat(n))),
    ("triple terms", |n| {
        expression(&format!("{}?s ?p ?o{}", "<<( ".repeat(n), " )>> ?p ?o".repeat(n)))
    }),
    ("optionals", |n| format!("ASK {{{}}}", "OPTIONAL {}".repeat(n))),
    ("nested optionals", |n| format!("ASK {{{}{}}}", "OPTIONAL {".repeat(n), "}".repeat(n))),
    ("subtractions", |n| format!("ASK {{ ?s ?p ?o {} }}", "MINUS {?s ?p ?o}".repeat(n))),
    ("values", |n| format!("ASK {{ VALUES (?a ?b) {{{}}} }}", "(1 -1)".repeat(n))),
    ("patterns", |n| format!("ASK {{{}}}", "?s ?p ?o.".repeat(n))),
];

const CHAINS: [Generator; 8] = [
    ("bindings", |n| {
        let binds = numbered(n, |i| format!("BIND(1 AS ?x{i})"));
        format!("SELECT * {{{binds}}}")
    }),
    ("doubling", |n| {
        let binds = numbered(n, |i| format!("BIND(CONCAT(?x{i},?x{i}) AS ?x{})", i + 1));
        format!("SELECT * {{ BIND('ab' AS ?x0) {binds} }}")
    }),
    ("projections", |n| {
        let columns = numbered(n, |i| format!("(1 AS ?x{i})"));
        format!("SELECT {columns} {{}}")
    }),
    ("groups", |n| {
        let groups = numbered(n, |i| format!("(1 AS ?x{i})"));
        format!("SELECT (COUNT(*) AS ?n) {{}} GROUP BY {groups}")
    }),
    ("having", |n| format!("SELECT ?a {{}} GROUP BY ?a HAVING {}", "(1)".repeat(n))),
    ("orders", |n| format!("SELECT * {{}} ORDER BY {}", "(1)".repeat(n))),
    ("filters", |n| format!("ASK {{{}}}", "FILTER(1)".repeat(n))),
    ("rows within rows", |n| {
        format!("ASK {{ VALUES ?a {{{}1{}}} }}", "<<( 1 1 ".repeat(n), " )>>".repeat(n))
    }),
];

/// A part for each number, one after the other.
fn numbered(n: usize, part: impl Fn(usize) -> String) -> String {
    (0..n).map(part).collect::<Vec<_>>().concat()
}

/// An expression in its place in a query.
fn expression(text: &str) -> String {
    format!("ASK {{ FILTER({text}) }}")
}

#[test]
fn bombs_of_any_size_are_refused_or_planned() {
    // Longer ones pass the guard too, so that not the length alone saves us.
    let long = Limits { max_query_bytes: usize::MAX, ..Limits::default() };
    for (name, generate) in GENERATORS.into_iter().chain(CHAINS) {
        for n in [1, 2, 5, 33, 100, 1_000, 10_000, 100_000] {
            for limits in [Limits::default(), long] {
                // Long flat lists are the parser's daily work; only their
                // time counts, and the length limit bounds it.
                if n > 1_000 && limits == long && name.starts_with("one long") {
                    continue;
                }
                if let Err(error) = plan(generate(n), limits) {
                    let refused =
                        matches!(error, QueryError::TooComplex(_) | QueryError::Syntax { .. });
                    assert!(refused, "{name} of {n}: {error}");
                }
            }
        }
    }
}

#[test]
fn what_nests_too_deep_is_called_so_and_not_a_syntax_error() {
    for (name, n, measure) in [
        ("braces", 33, Measure::Depth),
        ("parentheses", 33, Measure::Depth),
        ("exclamations", 33, Measure::Depth),
        ("blank nodes", 33, Measure::Depth),
        ("nested lists", 33, Measure::Depth),
        ("sum", 401, Measure::Operators),
        ("sibling braces", 401, Measure::Operators),
        ("unions", 65, Measure::Unions),
        ("sequence path", 100, Measure::Patterns),
        ("alternative path", 64, Measure::PathSteps),
        ("negated set", 64, Measure::PathSteps),
        ("optionals", 33, Measure::Optionals),
        ("subtractions", 33, Measure::Optionals),
        ("values", 1_001, Measure::ValuesRows),
        ("patterns", 76, Measure::Patterns),
        ("one long list", 50, Measure::Patterns),
        ("patterns", 2_000, Measure::Bytes),
    ] {
        let (_, generate) = GENERATORS.into_iter().find(|row| row.0 == name).unwrap();
        match plan(generate(n), Limits::default()) {
            Err(QueryError::TooComplex(complexity)) => {
                assert_eq!(complexity.measure, measure, "{name} of {n}");
            }
            other => panic!("{name} of {n}: {other:?}"),
        }
    }
}

#[test]
fn what_stays_within_the_limits_is_planned() {
    for (name, n) in [
        ("braces", 31),
        ("parentheses", 28),
        ("sub-selects", 15),
        ("sum", 300),
        ("unions", 64),
        ("alternative path", 63),
        ("optionals", 32),
        ("values", 1_000),
        ("patterns", 75),
        ("one long IN", 1_000),
    ] {
        let (_, generate) = GENERATORS.into_iter().find(|row| row.0 == name).unwrap();
        let planned = plan(generate(n), Limits::default());
        assert!(planned.is_ok(), "{name} of {n}: {planned:?}");
    }
}

#[test]
fn service_is_refused_wherever_it_stands() {
    for query in [
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE ?s { ?s ?p ?o } }",
        "ASK { FILTER EXISTS { { SERVICE SILENT <http://127.0.0.1/> {} } UNION {} } }",
        "ASK { BIND(EXISTS { SERVICE SILENT <http://127.0.0.1/> {} } AS ?x) }",
        "SELECT (COUNT(*) AS ?n) { { SELECT ?s { SERVICE SILENT <http://a/> {} } } } GROUP BY ?s",
        "SELECT * {} ORDER BY (EXISTS { SERVICE SILENT <http://127.0.0.1/> {} })",
        "SELECT (SUM(IF(EXISTS { SERVICE SILENT <http://a/> {} }, 1, 0)) AS ?n) {}",
    ] {
        let planned = plan(query.to_owned(), Limits::default());
        assert_eq!(planned, Err(QueryError::ServiceForbidden), "{query}");
    }
}

#[test]
fn updates_are_no_queries() {
    for (update, expected) in [
        ("INSERT DATA { <a:b> <a:b> <a:b> }", QueryError::Update),
        ("CLEAR ALL", QueryError::Update),
        ("LOAD <http://a/>", QueryError::ServiceForbidden),
        ("LOAD SILENT <http://a/>", QueryError::ServiceForbidden),
        ("CLEAR ALL ; LOAD SILENT <http://a/> INTO GRAPH <a:b>", QueryError::ServiceForbidden),
    ] {
        assert_eq!(plan(update.to_owned(), Limits::default()), Err(expected), "{update}");
    }
    let neither = plan("INSERT NOTHING".to_owned(), Limits::default());
    assert!(matches!(neither, Err(QueryError::Syntax { .. })), "{neither:?}");
}

//! The form that a browser gets.

use std::fmt::Write;

use crate::web::sparql::Endpoint;
use crate::web::sparql::request::PINNED;

/// A query that shows something in any register, and how to write one.
const EXAMPLE: &str = "PREFIX schema: <https://schema.org/>

SELECT ?thing ?name WHERE {
  ?thing schema:name ?name
}
ORDER BY ?name
LIMIT 20
";

/// The page: a form that sends a query by GET, and the limits in words. It
/// needs no script and no style of its own.
pub(super) fn render(endpoint: &Endpoint) -> String {
    let limits = endpoint.pool.limits();
    let revision = endpoint.pool.revision();
    let address = escape(&endpoint.address);
    let mut formats = String::new();
    for (name, _) in PINNED.iter().rev() {
        write!(formats, "<option>{name}</option>").expect("writing to a string can't fail");
    }
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>SPARQL</title>
</head>
<body>
<main>
<h1>SPARQL</h1>
<p>Ask the register in the query language of linked data, SPARQL 1.1. Each source's word on a
record is a named graph; the default graph is all of them together. Programs send their queries
to <code>{address}</code>.</p>
<form method="get">
<p><label for="query">Query</label><br>
<textarea id="query" name="query" rows="14" cols="80" spellcheck="false" required>{EXAMPLE}</textarea></p>
<p><label for="format">Format</label>
<select id="format" name="format">{formats}</select>
<button type="submit">Ask</button></p>
</form>
<p>The graph is at revision {revision}. An answer has at most {rows} rows; what would be longer is
refused, never cut. Use <code>LIMIT</code> and <code>OFFSET</code>, or take the dump.</p>
</main>
</body>
</html>
"#,
        rows = limits.max_rows,
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

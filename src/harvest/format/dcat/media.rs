//! From what a catalogue says of a file's form to the format that reads it.

use url::Url;

/// The formats that are read, the fullest first, and how catalogues call them:
/// media types, endings, the names of European and American lists. All in
/// lower case.
const FORMATS: &[(&str, &[&str])] = &[
    (
        "rpde",
        &["application/vnd.openactive.rpde+json", "application/vnd.openactive.rpde-item+json"],
    ),
    ("rdf", &["text/turtle", "turtle", "ttl", "rdf_turtle"]),
    (
        "rdf",
        &[
            "application/trig",
            "trig",
            "rdf_trig",
            "application/n-quads",
            "n-quads",
            "nq",
            "rdf_n_quads",
        ],
    ),
    ("rdf", &["application/ld+json", "json-ld", "jsonld", "json_ld"]),
    ("rdf", &["application/n-triples", "n-triples", "nt", "rdf_n_triples"]),
    ("rdf", &["application/rdf+xml", "rdf/xml", "rdf_xml", "rdf"]),
    ("geojson", &["application/geo+json", "application/vnd.geo+json", "geojson", "geo+json"]),
    ("csv", &["text/csv", "csv", "application/csv"]),
    ("csv", &["text/tab-separated-values", "tsv"]),
    ("ods", &["application/vnd.oasis.opendocument.spreadsheet", "ods"]),
    ("xlsx", &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"]),
    ("ical", &["text/calendar", "ics", "ical", "icalendar"]),
    ("atom", &["application/atom+xml", "atom"]),
    ("rss", &["application/rss+xml", "rss"]),
];

/// The format of a file, and how far down it stands in the list; `None` when
/// none of them reads it. The ending of its address counts when nothing else
/// is said.
pub(super) fn format_of(forms: &[String], url: &Url) -> Option<(usize, &'static str)> {
    let known = |form: &str| {
        let at = FORMATS.iter().position(|(_, names)| names.contains(&form))?;
        Some((at, FORMATS[at].0))
    };
    let said = forms.iter().filter_map(|form| known(&plain(form))).min();
    if said.is_some() {
        return said;
    }
    // `application/octet-stream` and its like say nothing.
    let says_nothing = |form: &String| {
        matches!(
            plain(form).as_str(),
            "" | "application/octet-stream" | "binary" | "text/plain" | "data"
        )
    };
    if !forms.iter().all(says_nothing) {
        return None;
    }
    let path = url.path().to_ascii_lowercase();
    let path = path.strip_suffix(".gz").unwrap_or(&path);
    known(path.rsplit('/').next()?.rsplit_once('.')?.1)
}

/// Whether a word is the name of a form, such as `geojson`.
pub(super) fn is_form(word: &str) -> bool {
    FORMATS.iter().any(|(format, names)| *format == word || names.contains(&word))
}

/// The last part of an address, without what stands before the media type;
/// without parameters and a dot before an ending.
fn plain(form: &str) -> String {
    let form = form.trim().to_ascii_lowercase();
    let form = form.split(';').next().unwrap_or_default().trim();
    let form = match form.split_once("/media-types/") {
        Some((_, media_type)) => media_type,
        None if form.contains("://") => {
            form.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or_default()
        }
        None => form,
    };
    form.trim_start_matches('.').to_owned()
}

//! The versions of the element, and the files of each.
//!
//! What has been released never changes: a page may have pinned it by its
//! hash. When a file of the newest version must change after a release, the
//! version as it was moves to a folder of its own, and a new row is added.
//! A test compares each row's hash with what is served.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest;
use sha2::Sha384;

/// A version of the element.
#[derive(Debug)]
pub(in crate::web) struct Release {
    /// Its number (semantic versioning): attributes are only added within a
    /// major version.
    pub(in crate::web) version: &'static str,
    /// The day on which it came out.
    pub(in crate::web) date: &'static str,
    /// The day until which it is served; `None` while no end is set. At least
    /// 24 months after the next major version.
    pub(in crate::web) end_of_life: Option<&'static str>,
    /// The hash of `asset-list.js`, as `integrity` has it.
    pub(in crate::web) integrity: &'static str,
    /// Its own modules as they are kept, with their names.
    sources: &'static [(&'static str, &'static str)],
    /// Its library and the style of that.
    library: fn() -> (String, &'static str),
}

/// Every version, the newest first.
pub(super) const RELEASES: &[Release] = &[Release {
    version: "1.0.0",
    date: "2026-11-22",
    end_of_life: None,
    integrity: "sha384-v4WnjMRQMBKCXdIKWM9WSA6J6EW2yf4BBJQa22ta9r47R9HDfcG/SUiHq62+ZA1W",
    sources: &[
        ("asset-list.js", include_str!("element/asset-list.js")),
        ("map.js", include_str!("element/map.js")),
    ],
    library: leaflet,
}];

/// The newest version, for the code that people paste.
pub(in crate::web) const fn latest() -> &'static Release {
    &RELEASES[0]
}

impl Release {
    /// Its files as they are served, with their names: modules of our own
    /// without comments, and Leaflet.
    pub(super) fn files(&self) -> impl Iterator<Item = (&'static str, String)> {
        let own = self.sources.iter().map(|(name, source)| (*name, lean(source)));
        let (library, style) = (self.library)();
        own.chain([("leaflet.js", library), ("leaflet.css", style.to_owned())])
    }
}

/// A script without the comments that stand on lines of their own, blank
/// lines, indentation, and the ends of lines after which a statement goes on
/// or has ended anyway. A licence, which starts with `/*!`, stays.
pub(super) fn lean(source: &str) -> String {
    let lines = source.lines().map(str::trim);
    let kept = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    kept.fold(String::with_capacity(source.len()), |mut lean, line| {
        lean.push_str(line);
        if !line.ends_with(['{', ';', ',', '(', '[']) {
            lean.push('\n');
        }
        lean
    })
}

/// The hash of a file, as the attribute `integrity` has it.
pub(super) fn integrity(content: &str) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(content)))
}

/// What Leaflet tries at its start, which pages that require trusted types
/// forbid, and the same without reading HTML.
pub(super) const FORBIDDEN: &str = r#".innerHTML="<svg/>""#;
const ALLOWED: &str = r#".append(document.createElementNS("http://www.w3.org/2000/svg","svg"))"#;

/// Leaflet 1.9.4 as a module, and its style. It stays out of the page's own
/// `window.L`.
fn leaflet() -> (String, &'static str) {
    let script = include_str!("leaflet/leaflet.js");
    let script = script.replacen(FORBIDDEN, ALLOWED, 1);
    let script = script.replace("//# sourceMappingURL=leaflet.js.map", "");
    let module = format!(
        "const exports={{}},module={{}};\n{script}\nexport const L=exports.noConflict();\n"
    );
    (module, include_str!("leaflet/leaflet.css"))
}

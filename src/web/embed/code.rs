//! The code by which another site shows a list, five ways, and what the
//! policy of that site must allow for each.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::web::address::query_with;
use crate::web::embed::colours::Colours;
use crate::web::embed::releases::{self, Release};
use crate::web::html::address::Address;
use crate::web::html::content::escape;
use crate::web::listing::parameters;
use crate::web::negotiate::Format;

/// What the code is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    /// The address of the register.
    pub(super) base: &'a str,
    /// The path of the list.
    pub(super) path: &'a str,
    /// The path of its frame.
    pub(super) frame: &'a str,
    /// The query that narrows it and says how it is shown.
    pub(super) query: &'a str,
    /// What it is called.
    pub(super) title: &'a str,
    /// The colours of the partner.
    pub(super) colours: &'a Colours,
    /// The host of the tiles of the movable map, if it has any.
    pub(super) tiles: Option<&'a str>,
}

/// The parameters of a list for which the form of the generator has a field;
/// attributes of the element too.
pub(super) const FIELDS: [&str; 9] =
    ["near", "radius", "q", "topic", "for", "kind", "limit", "heading", "heading-level"];

/// The other parameters of a list that are attributes of the element.
const FURTHER: [&str; 3] = ["sort", "clearance", "ref"];

/// How high a frame is before its script tells its height.
const HEIGHT: usize = 700;

/// How the page shows it, which no other way knows.
const PAGE_ALONE: [&str; 2] = ["view", "page"];

impl Shown<'_> {
    /// The whole address of the list.
    pub(super) fn address(&self) -> String {
        let shown = ["heading", "heading-level", "limit", "view", "page"];
        format!("{}{}{}", self.base, self.path, query_with(self.query, &shown, &[]))
    }

    /// A: the custom element around a plain link.
    pub(super) fn element(&self) -> String {
        let asked = Address::asked("", self.query);
        let single = |name: &str| asked.pairs().filter(|(known, _)| *known == name).count() == 1;
        let is_attribute =
            |name: &str| (FIELDS.contains(&name) || FURTHER.contains(&name)) && single(name);
        let rest = asked.keeping(|name, _| {
            !is_attribute(name) && name != "lang" && !PAGE_ALONE.contains(&name)
        });
        let source = rest.at(self.path).to_string();
        let mut attributes = format!("src=\"{}{}\"", self.base, escape(&source));
        for (name, value) in asked.pairs() {
            if is_attribute(name) || name == "lang" {
                // Writing to a string can't fail.
                let _ = write!(attributes, " {name}=\"{}\"", escape(value));
            }
        }
        let style =
            self.style().map_or_else(String::new, |style| format!("<style>{style}</style>\n"));
        format!(
            "{style}<asset-list {attributes}>\n  <p><a href=\"{}\">{}</a></p>\n</asset-list>\n\
             <script type=\"module\" src=\"{}/embed/v1/asset-list.js\"></script>",
            escape(&self.address()),
            escape(self.title),
            self.base
        )
    }

    /// A: the style of the partner's colours; `None` when none is chosen.
    fn style(&self) -> Option<String> {
        let variables = self.colours.of_element();
        (!variables.is_empty()).then(|| format!("asset-list {{ {} }}", variables.join("; ")))
    }

    /// A: the script of one version, which a browser runs only as it is today.
    pub(super) fn pinned_script(&self) -> String {
        let Release { version, integrity, .. } = releases::latest();
        format!(
            "<script type=\"module\" src=\"{}/embed/{version}/asset-list.js\"\n  \
             integrity=\"{integrity}\" crossorigin></script>",
            self.base
        )
    }

    /// B: the address of the fragment.
    pub(super) fn fragment(&self) -> String {
        let query = query_with(self.query, &PAGE_ALONE, &[]);
        format!("{}{}.{}{query}", self.base, self.path, Format::Fragment.suffix())
    }

    /// B: the lines of PHP that fetch it, for a template of `WordPress`; what is
    /// no list is never shown, but a link to it.
    pub(super) fn php(&self) -> String {
        let quoted = |address: String| address.replace('\'', "%27");
        let list = escape(&quoted(self.address()));
        format!(
            "<?php $list = wp_safe_remote_get( '{}' );\necho 200 === \
             wp_remote_retrieve_response_code( $list )\n  ? wp_kses_post( \
             wp_remote_retrieve_body( $list ) )\n  : '<a href=\"{list}\">{list}</a>'; ?>",
            quoted(self.fragment())
        )
    }

    /// C: the frame.
    pub(super) fn frame(&self) -> String {
        let mut address =
            Address::asked(self.frame, self.query).keeping(|name, _| !PAGE_ALONE.contains(&name));
        for (name, colour) in self.colours.all() {
            address = address.set(name, Some(&colour.to_string()));
        }
        format!(
            "<iframe src=\"{}{}\" title=\"{}\" width=\"100%\" height=\"{HEIGHT}\" \
             loading=\"lazy\"></iframe>",
            self.base,
            escape(&address.to_string()),
            escape(self.title)
        )
    }

    /// C: the script that gives the frame the height that it asks for.
    pub(super) fn script_around_frame(&self) -> String {
        format!("<script src=\"{}/embed/v1/resize.js\"></script>", self.base)
    }

    /// D: where the code is found for the address of the list.
    pub(super) fn oembed(&self) -> String {
        let address = Address::new("/oembed").with("url", &self.address());
        format!("{}{address}", self.base)
    }

    /// E: the list in each of `formats`, by name.
    pub(super) fn feeds(&self, formats: &[Format]) -> Vec<(&'static str, String)> {
        let names: Vec<&str> = parameters::names_asking().collect();
        let asked = Address::asked("", self.query).keeping(|name, _| names.contains(&name));
        let address = |format: &Format| asked.at(&format!("{}.{}", self.path, format.suffix()));
        formats
            .iter()
            .map(|format| (format.name(), format!("{}{}", self.base, address(format))))
            .collect()
    }

    /// What the policy of the host must allow for the element.
    pub(super) fn policy_of_element(&self) -> String {
        let base = self.base;
        let tiles = self.tiles.map_or_else(String::new, |tiles| format!(" {tiles} data:"));
        // The style stands in the page, so the policy allows just this one.
        let style = self.style().map_or_else(String::new, |style| {
            format!("; style-src 'sha256-{}'", STANDARD.encode(Sha256::digest(style)))
        });
        format!("script-src {base}; connect-src {base}; img-src {base}{tiles}{style}")
    }

    /// What it must allow for a frame, or for oEmbed.
    pub(super) fn policy_of_frame(&self) -> String {
        format!("frame-src {}", self.base)
    }
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;

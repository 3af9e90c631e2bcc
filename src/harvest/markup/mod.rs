//! Structured data in HTML: JSON-LD, microdata, `RDFa`, microformats and Open
//! Graph.
//!
//! Each syntax is read into triples as its specification says, and checked by
//! its published suite; what the triples mean for a record is not known here.
//! Nothing is fetched: contexts and vocabularies are those that are built in.
//! A tree is built only for pages whose outline shows that they
//! need one.

mod dom;
pub(super) mod inventory;
mod json_ld;
mod literal;
mod microdata;
mod microformats;
pub(super) mod open_graph;
pub(super) mod outline;
mod rdfa;
#[cfg(test)]
mod tests;
mod xml;

use oxigraph::model::Triple;
use oxiri::Iri;
use url::Url;

use self::outline::Outline;
use super::extraction::Problem;

/// A page, read.
#[derive(Debug)]
pub(super) struct Page {
    /// Its head and its links.
    pub(super) outline: Outline,
    /// What relative addresses in it are completed with.
    pub(super) base: Url,
    /// What it says, by syntax and place, the most trusted first.
    pub(super) parts: Vec<Part>,
    /// What could not be read or was put right.
    pub(super) problems: Vec<Problem>,
}

/// What one place of a page says.
#[derive(Debug)]
pub(super) struct Part {
    /// How it is written.
    pub(super) syntax: Syntax,
    /// Where, for problems.
    pub(super) at: String,
    /// What it says.
    pub(super) triples: Vec<Triple>,
}

/// The ways to write triples in a page; where they differ, the first is
/// believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Syntax {
    /// Scripts of JSON-LD.
    JsonLd,
    /// `itemscope` and its like.
    Microdata,
    /// `typeof` and its like.
    Rdfa,
    /// `h-event` and `h-card`.
    Microformats,
}

/// Reads all structured data of a page that came from `address`.
pub(super) fn read(html: &str, address: &Url) -> Page {
    let outline = outline::outline(html);
    let mut base = address.clone();
    base.set_fragment(None);
    if let Some(declared) = outline.base.as_deref().and_then(|href| base.join(href).ok()) {
        base = declared;
        base.set_fragment(None);
    }
    let mut page = Page { outline, base, parts: Vec::new(), problems: Vec::new() };
    page.read_scripts(address.fragment());
    let Outline { has_microdata, has_rdfa, has_microformats, .. } = page.outline;
    if has_microdata || has_rdfa || has_microformats {
        page.read_tree(html, address.as_str());
    }
    page
}

impl Page {
    /// Reads all scripts, or only the one that the address names by its fragment.
    fn read_scripts(&mut self, fragment: Option<&str>) {
        let Ok(base) = Iri::parse(self.base.as_str().to_owned()) else { return };
        let scripts = &self.outline.scripts;
        let named =
            fragment.filter(|id| scripts.iter().any(|script| script.id.as_deref() == Some(*id)));
        for (number, script) in scripts.iter().enumerate() {
            if named.is_some() && script.id.as_deref() != named {
                continue;
            }
            let at = format!("JSON-LD script {}", number + 1);
            let (json, repairs) = match json_ld::repaired(&script.text) {
                Ok(read) => read,
                Err(_) if script.text.trim().is_empty() => continue,
                Err(error) => {
                    self.problems.push(
                        Problem::error(
                            "bad-json-ld",
                            &at,
                            format!("the script is left out: {error}"),
                        )
                        .advice("Check the page with a validator of JSON-LD."),
                    );
                    continue;
                }
            };
            if !repairs.is_empty() {
                let what: Vec<&str> = repairs.into_iter().map(json_ld::Repair::what).collect();
                let what = format!("put right in the script: {}", what.join(", "));
                self.problems.push(
                    Problem::warning("json-ld-repaired", &at, what)
                        .advice("Write strict JSON in scripts of JSON-LD."),
                );
            }
            let said = json_ld::statements(&json, &base);
            for context in said.left_out {
                let what = format!("the context {context} is not built in, and was left out");
                self.problems.push(
                    Problem::warning("json-ld-context", &at, what)
                        .advice("Words of https://schema.org are enough."),
                );
            }
            for fault in said.faults {
                self.problems.push(
                    Problem::error("json-ld-fault", &at, fault)
                        .advice("Use https://schema.org as the only @context."),
                );
            }
            self.parts.push(Part { syntax: Syntax::JsonLd, at, triples: said.triples });
        }
    }

    fn read_tree(&mut self, html: &str, address: &str) {
        let tree = match dom::tree(html) {
            Ok(tree) => tree,
            Err(error) => {
                let what = format!("microdata, RDFa and microformats are left out: {error}");
                self.problems.push(Problem::error("page-too-large", "", what));
                return;
            }
        };
        if self.outline.has_microdata {
            let triples =
                microdata::triples(&tree, address, microdata::REGISTRY, &mut self.problems);
            self.parts.push(Part {
                syntax: Syntax::Microdata,
                at: "microdata".to_owned(),
                triples,
            });
        }
        if self.outline.has_rdfa {
            let said = rdfa::statements(&tree, address);
            self.problems.extend(rdfa_problem(&said.warnings));
            self.parts.push(Part {
                syntax: Syntax::Rdfa,
                at: "RDFa".to_owned(),
                triples: said.triples,
            });
        }
        if self.outline.has_microformats {
            let triples = microformats::triples(&tree, address, &mut self.problems);
            self.parts.push(Part {
                syntax: Syntax::Microformats,
                at: "microformats".to_owned(),
                triples,
            });
        }
    }
}

/// One warning for all prefixes that mean nothing; words without a prefix are
/// no fault in HTML, which has link types of its own.
fn rdfa_problem(warnings: &[rdfa::Warning]) -> Option<Problem> {
    let names: Vec<&str> = warnings
        .iter()
        .filter(|warning| warning.kind == rdfa::WarningKind::UnresolvedCurie)
        .map(|warning| warning.name.as_str())
        .collect();
    let first = names.first()?;
    let what =
        format!("{} names have a prefix that is not declared, such as `{first}`", names.len());
    let problem = Problem::warning("rdfa-prefix", "RDFa", what);
    Some(problem.advice("Declare the prefix by the `prefix` attribute."))
}

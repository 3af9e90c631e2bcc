//! Where the entries of a list come from, and how that is credited.

use std::sync::Arc;

use crate::record::Origin;
use crate::register::{self, Hit};
use crate::web::html::content::{self, Link, Text};
use crate::web::html::site::Site;
use crate::web::negotiate::Language;
use crate::web::reuse;

/// How many sources are named in a sentence; a list rarely has more.
const MOST_NAMED: usize = 8;

/// A source of what is listed.
#[derive(Debug)]
pub(in crate::web) struct Credit {
    /// The source.
    pub(in crate::web) source: Link,
    /// How it wants to be credited.
    pub(in crate::web) attribution: Option<Text>,
    /// Its licences; mostly one, or none.
    pub(in crate::web) licences: Vec<Link>,
}

impl Credit {
    /// The source with the identifier `source`; `None` when nothing is known
    /// of it.
    pub(in crate::web) fn of_source(site: Site<'_>, source: &str) -> Option<Self> {
        let credits = site.state.register.credits_of(&[source]);
        credits.first().map(|credit| Self::new(site, credit))
    }

    /// How many letters it has on a page.
    pub(in crate::web) fn letters(&self) -> usize {
        let words = self.attribution.as_ref().unwrap_or(&self.source.text);
        let licences = self.licences.iter().map(|licence| licence.text.text.len() + 3);
        words.text.chars().count() + licences.sum::<usize>() + 1
    }

    /// The source of what `origin` says; `None` when nothing is known of it.
    pub(in crate::web) fn of_origin(site: Site<'_>, origin: &Origin) -> Option<Self> {
        site.state.register.credit_of(origin).map(|credit| Self::new(site, &credit))
    }

    fn new(site: Site<'_>, credit: &register::Credit) -> Self {
        let text = |(language, text): (&str, &str)| Text::written(text, language, site.language);
        let tag = site.language.tag();
        Self {
            source: Link {
                href: site.href("source", credit.source()),
                text: credit.name(tag).map_or_else(|| Text::plain(credit.source()), text),
            },
            attribution: credit.attribution(tag).map(text),
            licences: licences(credit).filter_map(|one| licence_link(one, site.language)).collect(),
        }
    }
}

/// The licences that it states.
fn licences(credit: &register::Credit) -> impl Iterator<Item = &str> {
    let all = credit.licences().iter().map(String::as_str);
    all.filter(|licence| *licence != reuse::NOT_STATED)
}

/// A licence by its name, which is English in every language but where it is
/// one of letters and numbers alone, such as `CC BY 4.0`.
fn licence_link(licence: &str, language: Language) -> Option<Link> {
    let address = content::web_address(licence)?;
    let name = reuse::licence_name(address);
    let text = if name.contains("Licence") {
        Text::written(&name, "en", language)
    } else {
        Text::plain(name)
    };
    Some(Link { href: address.to_owned(), text })
}

/// The sources of `hits`, those of most of them first. What is written here
/// has none.
pub(in crate::web) fn of(site: Site<'_>, hits: &[Hit]) -> Vec<Credit> {
    let credits: Vec<_> = hits.iter().map(|hit| site.state.register.credits(hit.key())).collect();
    counted(&credits).into_iter().map(|credit| Credit::new(site, credit)).collect()
}

/// The `sentence`, with the sources of entries that have these `credits` in the
/// words that they ask for.
pub(in crate::web) fn credited(
    sentence: &str,
    language: Language,
    credits: &[Vec<Arc<register::Credit>>],
) -> String {
    let counted = counted(credits).into_iter().take(MOST_NAMED);
    let named: Vec<String> = counted.map(|credit| named(credit, language)).collect();
    let said = std::iter::once(sentence).chain(named.iter().map(String::as_str));
    reuse::one_after_the_other(said)
}

/// A source in the words that it asks for, with the name of its licence where
/// they don't say it.
pub(in crate::web) fn named(credit: &register::Credit, language: Language) -> String {
    let words = credit.words(language.tag());
    let names = licences(credit).map(reuse::licence_name);
    let names: Vec<_> = names.filter(|name| !words.contains(&**name)).collect();
    if names.is_empty() {
        return words.to_owned();
    }
    let names = names.join(", ");
    match words.strip_suffix('.') {
        Some(words) => format!("{words} ({names})."),
        None => format!("{words} ({names})"),
    }
}

/// Each source once, on each of the terms on which it gives entries, those of most entries first, and then by identifier.
fn counted(credits: &[Vec<Arc<register::Credit>>]) -> Vec<&register::Credit> {
    let mut counted: Vec<(&register::Credit, usize)> = Vec::new();
    for credit in credits.iter().flatten() {
        match counted.iter_mut().find(|(known, _)| credit.is(known)) {
            Some((_, count)) => *count += 1,
            None => counted.push((credit, 1)),
        }
    }
    counted.sort_by(|(one, some), (other, more)| {
        more.cmp(some).then_with(|| one.source().cmp(other.source()))
    });
    counted.into_iter().map(|(credit, _)| credit).collect()
}

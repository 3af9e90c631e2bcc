//! The language of a page, and whether its links must say it so that it stays.

use crate::web::html::address::Address;
use crate::web::html::page;
use crate::web::negotiate::Language;
use crate::web::parameters::Parameters;

/// The parameter by which an address names a language.
const NAME: &str = "lang";

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tongue {
    /// The language.
    pub language: Language,
    is_named: bool,
}

impl Tongue {
    /// The language that a request chooses, or else the one that its browser
    /// wants. English is what an address without a language gives to most; to
    /// whose browser wants another, links must say that it was chosen.
    #[must_use]
    pub fn of(parameters: &Parameters, wanted: Language) -> Self {
        Self::chosen(page::language(parameters, wanted), wanted)
    }

    /// The same when `language` is known already.
    #[must_use]
    pub fn chosen(language: Language, wanted: Language) -> Self {
        Self { language, is_named: language != Language::English || wanted != language }
    }

    /// What is added to an address without parameters.
    pub(in crate::web) const fn suffix(self) -> &'static str {
        match (self.is_named, self.language) {
            (false, _) => "",
            (true, Language::English) => "?lang=en",
            (true, Language::Gaelic) => "?lang=gd",
            (true, Language::Scots) => "?lang=sco",
        }
    }

    /// The address of a page in this language.
    pub(in crate::web) fn localised(self, address: &Address) -> Address {
        address.set(NAME, self.is_named.then(|| self.language.tag()))
    }

    /// The field of a form that keeps it.
    pub(in crate::web) fn field(self) -> Option<(String, String)> {
        self.is_named.then(|| (NAME.to_owned(), self.language.tag().to_owned()))
    }

    /// What tells a page from the same one in another language, or with other
    /// links.
    #[must_use]
    pub const fn variant(self) -> &'static str {
        if self.is_named { self.suffix() } else { self.language.tag() }
    }
}

impl From<Language> for Tongue {
    /// As a browser that wants English gets it.
    fn from(language: Language) -> Self {
        Self::chosen(language, Language::English)
    }
}

#[cfg(test)]
#[path = "tongue_tests.rs"]
mod tests;

//! On which terms something may be used again.

use serde::{Deserialize, Serialize};

/// What stands for a licence where none is stated: what is given may be under
/// copyright, and nobody has allowed more than facts and links. Source:
/// <https://rightsstatements.org/page/CNE/1.0/>, "copyright not evaluated".
pub const NOT_STATED: &str = "http://rightsstatements.org/vocab/CNE/1.0/";

/// What a publisher says of the use of one of its items, where that is not
/// what it says of all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TermsOfUse {
    /// Addresses of its licences, each for a part of it; `None` when it says
    /// nothing, and none in the list when it says that none is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licences: Option<Vec<String>>,
    /// How it is to be credited; `None` as all that the publisher gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
}

impl TermsOfUse {
    /// Under one licence, and credited as all that its publisher gives.
    #[must_use]
    pub fn under(licence: impl Into<String>) -> Self {
        Self { licences: Some(vec![licence.into()]), attribution: None }
    }

    /// These terms; `None` when they say nothing.
    #[must_use]
    pub fn said(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

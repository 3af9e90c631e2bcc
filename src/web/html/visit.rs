//! A request for a page: what is asked, in which language it is answered, and
//! what the browser has already.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::response::Response;
use http::Uri;
use http::request::Parts;

use crate::model::Revision;
use crate::web::cache::Conditions;
use crate::web::html::address::Address;
use crate::web::html::page;
use crate::web::html::site::Site;
use crate::web::html::tongue::Tongue;
use crate::web::negotiate::Language;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// See the module. An extractor.
pub(in crate::web) struct Visit {
    pub(in crate::web) state: AppState,
    pub(in crate::web) parameters: Parameters,
    pub(in crate::web) tongue: Tongue,
    pub(in crate::web) conditions: Conditions,
    uri: Uri,
}

impl Visit {
    /// The register in the language of the page.
    pub(in crate::web) fn site(&self) -> Site<'_> {
        Site::new(&self.state, self.tongue)
    }

    /// The path and query of the page.
    pub(in crate::web) fn address(&self) -> Address {
        Address::of(&self.uri)
    }

    /// The query as it was written.
    pub(in crate::web) fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }

    /// Sends the page that `build` makes from the register as it is now, or 304
    /// when the browser has it. `variant` tells it from all other pages, its
    /// language aside.
    ///
    /// # Errors
    ///
    /// What `build` gives.
    pub(in crate::web) fn send(
        &self,
        variant: &[&str],
        build: impl FnOnce(Site<'_>) -> Result<String>,
    ) -> Result<Response> {
        self.send_of(self.state.register.index().revision(), variant, build)
    }

    /// The same for a page that is made from the register as it was at
    /// `revision`.
    ///
    /// # Errors
    ///
    /// What `build` gives.
    pub(in crate::web) fn send_of(
        &self,
        revision: Revision,
        variant: &[&str],
        build: impl FnOnce(Site<'_>) -> Result<String>,
    ) -> Result<Response> {
        let variant = self.variant(variant);
        page::send(&self.conditions, revision, &variant, || build(self.site()))
    }

    /// Whether the browser has the page already, so that [`Self::send_of`]
    /// would build nothing: what building needs can be spared.
    pub(in crate::web) fn is_known(&self, revision: Revision, variant: &[&str]) -> bool {
        page::is_known(&self.conditions, revision, &self.variant(variant))
    }

    fn variant<'a>(&self, variant: &[&'a str]) -> Vec<&'a str> {
        variant.iter().copied().chain([self.tongue.variant()]).collect()
    }
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let parameters = Parameters::from_request_parts(parts, state).await?;
        let wanted = Language::from_request_parts(parts, state).await?;
        let OriginalUri(uri) = OriginalUri::from_request_parts(parts, state).await?;
        Ok(Self {
            tongue: Tongue::of(&parameters, wanted),
            conditions: Conditions::from_request_parts(parts, state).await?,
            state: state.clone(),
            parameters,
            uri,
        })
    }
}

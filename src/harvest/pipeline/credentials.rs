//! Headers with secrets that a source wants (contract F1): what the ledger
//! keeps is where a secret is, and it goes to one host only.

use url::Url;

use super::{HarvestError, Harvester};
use crate::harvest::extraction::Problem;
use crate::harvest::fetch::{Request, SecretString};
use crate::register::ledger::Credential;

/// The headers of a source, with their secrets.
#[derive(Debug, Default)]
pub(super) struct Headers(Vec<(Credential, SecretString)>);

/// Reads the secrets of `source`; tells of those that are not there.
pub(super) fn read(
    harvester: &Harvester,
    source: &str,
) -> Result<(Headers, Vec<Problem>), HarvestError> {
    let (mut headers, mut problems) = (Headers::default(), Vec::new());
    harvester.register.ledger().each::<Credential>(&format!("{source}\n"), |_, credential| {
        if let Some(secret) = (harvester.secrets)(&credential.from) {
            headers.0.push((credential, SecretString::new(secret)));
            return;
        }
        let Credential { header, from, .. } = credential;
        let what = format!("there is nothing in {from}, for the header {header}");
        problems.push(Problem::broken("no-secret", "", what));
    })?;
    Ok((headers, problems))
}

impl Headers {
    /// Adds to `request` what its host is to get.
    pub(super) fn add(&self, request: &mut Request) {
        let host = host(&request.url);
        let own = self.0.iter().filter(|(credential, _)| credential.host == host);
        let own: Vec<_> =
            own.map(|(credential, secret)| (credential.header.clone(), secret.clone())).collect();
        request.headers.extend(own);
    }
}

/// The host of an address as [`Credential::host`] has it: with its port unless
/// that is the scheme's own.
#[must_use]
pub fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
}

//! What a source has to keep to when somebody writes it, by the command line
//! or by the API: that it can be harvested as it says, that it may be asked,
//! and that it is not there already (contract F1, A6).

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use url::Url;

use super::fetch::{Fetcher, redact};
use super::settings::{Harvesting, Settings, SettingsError, address};
use super::sources;
use crate::record::{Fault, Record, Value};
use crate::register::{Register, Rules};

/// How many settings of a source can be wrong, and more.
const MOST_FAULTS: usize = 16;

/// The rules for sources; `fetcher` knows what may be asked.
#[must_use]
pub fn source_rules(fetcher: Fetcher) -> Arc<dyn Rules> {
    Arc::new(SourceRules { fetcher })
}

struct SourceRules {
    fetcher: Fetcher,
}

impl Rules for SourceRules {
    fn spell(&self, kind: &str, json: &mut Map<String, Json>) {
        if kind != "source" || !json.contains_key("harvesting") {
            return;
        }
        let url = json.get("url").and_then(Json::as_str).map(address);
        if let Some(Ok(url)) = url {
            json.insert("url".to_owned(), json!(url));
        }
    }

    fn spell_record(&self, record: &mut Record) {
        if record.id.kind() != "source" || record.values("harvesting").is_empty() {
            return;
        }
        for value in record.fields.get_mut("url").into_iter().flatten() {
            if let Value::Iri(iri) = value
                && let Ok(url) = address(iri)
            {
                *iri = url.into();
            }
        }
    }

    fn faults(&self, register: &Register, record: &Record) -> Vec<Fault> {
        if record.id.kind() != "source" {
            return Vec::new();
        }
        if record.values("harvesting").is_empty() {
            // It is only named, and not harvested; a secret is one even so.
            let Some(url) = url_of(record) else { return Vec::new() };
            let user = has_user(&url).then(|| with_user(&url));
            return user.into_iter().chain(with_secret(&url)).collect();
        }
        let (settings, mut faults) = settings(record);
        let Some(settings) = settings else { return faults };
        if settings.harvesting == Harvesting::Retired
            || faults.iter().any(|it| it.pointer == "/url")
        {
            // What is never asked again may stay as it was.
            faults.retain(|it| settings.harvesting != Harvesting::Retired || it.pointer == "/url");
            return faults;
        }
        faults.extend(with_secret(&settings.url));
        if let Err(forbidden) = self.fetcher.check(&settings.url) {
            faults.push(Fault::new("/url", forbidden.to_string()));
        }
        if let Ok(Some(known)) = sources::at_address(register, &settings.url, Some(&record.id)) {
            let detail = format!(
                "{} is the address of the source `{}` already",
                redact::url(&settings.url),
                known.id()
            );
            faults.push(Fault::new("/url", detail));
        }
        faults
    }
}

/// The settings of a source with everything that is wrong with them; what is
/// wrong is left out of the settings.
fn settings(record: &Record) -> (Option<Settings>, Vec<Fault>) {
    let (mut rest, mut faults) = (record.clone(), Vec::new());
    for _ in 0..MOST_FAULTS {
        let error = match Settings::read(&rest) {
            Ok(settings) => return (Some(settings), faults),
            Err(error) => error,
        };
        let key = error.setting();
        faults.push(Fault::new(format!("/{key}"), error.to_string()));
        if matches!(error, SettingsError::NoAddress) {
            break;
        }
        if key == "url" {
            // So that the rest is read too.
            let other = Value::Iri("https://example.org/".to_owned());
            rest.fields.insert(key.to_owned(), vec![other]);
        } else {
            rest.fields.remove(key);
        }
    }
    (None, faults)
}

fn url_of(record: &Record) -> Option<Url> {
    record.values("url").iter().find_map(|value| match value {
        Value::Iri(iri) => Url::parse(iri).ok(),
        _ => None,
    })
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn with_user(url: &Url) -> Fault {
    let detail = format!("the address {} has a user name or password in it", redact::url(url));
    Fault::new("/url", detail)
}

/// That an address has a secret in a parameter: addresses of sources are for
/// all to see (contract F1).
fn with_secret(url: &Url) -> Option<Fault> {
    let name = redact::secret_parameter(url)?;
    let detail = format!(
        "the address {} has a secret in its parameter `{name}`: give it in a header, by \
         `kist harvest add --header-from-env` or `--header-from-file`",
        redact::url(url)
    );
    Some(Fault::new("/url", detail))
}

#[cfg(test)]
#[path = "source_rules_tests.rs"]
mod tests;

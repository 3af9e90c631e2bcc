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
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::harvest::fetch::Options;
    use crate::record::{Base, FromJson, RecordId, from_json};
    use crate::register::{ApplyError, Edit, LOCAL_SOURCE, Place, References};
    use crate::schema::Schema;

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn register() -> Register {
        let base = Base::new("https://kist.example").unwrap();
        let register = Register::open(Schema::standard(), base, Place::Memory, now()).unwrap();
        let options = Options { allowed_ports: vec![8081], ..Options::default() };
        register.keep_to(source_rules(Fetcher::new(options, 7).unwrap()));
        register
    }

    /// Writes the source `id` as the API does; gives its address, or what is
    /// wrong.
    fn put(register: &Register, id: &str, more: &Json) -> Result<String, Vec<String>> {
        let id = RecordId::new("source", id).unwrap();
        let mut json = json!({ "name": "A", "harvesting": "draft" });
        for (key, value) in more.as_object().unwrap() {
            json[key] = value.clone();
        }
        json.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        register.spell("source", &mut json);
        let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
        let told = |faults: Vec<Fault>| faults.iter().map(ToString::to_string).collect::<Vec<_>>();
        let kind = register.schema().kind("source").unwrap();
        let record = from_json(context, kind, Some(&id), &json).map_err(told)?;
        let edit = Edit {
            source: LOCAL_SOURCE.to_owned(),
            id: id.clone(),
            record: Some(record),
            original: None,
            expected: None,
            derivation: None,
        };
        match register.apply(vec![edit], References::Checked, "test", now()) {
            Ok(_) => {}
            Err(ApplyError::Invalid { faults, .. }) => return Err(told(faults)),
            Err(error) => panic!("{error}"),
        }
        let found = register.get(&id).unwrap();
        let crate::register::Found::Here(version) = found else { panic!("{found:?}") };
        Ok(url_of(&version.merged.record).unwrap().into())
    }

    #[test]
    fn an_address_is_kept_in_one_spelling_and_is_of_one_source() {
        let register = register();
        let url = "https://partner.example/a/f%20g.csv";
        let written =
            put(&register, "one", &json!({ "url": " HTTPS://Partner.example/a/f g.csv#top " }));
        assert_eq!(written.as_deref(), Ok(url));
        for other in [
            url,
            "https://partner.example/a/f%20g.csv/",
            "http://www.partner.example/a/f%20g.csv",
            "webcal://partner.example/a/f%20g.csv",
        ] {
            let refused = put(&register, "two", &json!({ "url": other })).unwrap_err();
            assert!(refused[0].ends_with("is the address of the source `one` already"), "{other}");
        }
        let again = put(&register, "one", &json!({ "url": url, "harvesting": "active" }));
        assert_eq!(again.as_deref(), Ok(url), "it is not in its own way");
    }

    #[test]
    fn what_may_not_be_asked_is_refused_and_a_password_is_not_repeated() {
        let register = register();
        for (url, expected) in [
            ("http://user:pw@partner.example/", "has a user name or password in it"),
            ("http://10.0.0.1/x", "no public address"),
            ("http://partner.example:22/", "the port 22 of partner.example is not allowed"),
            ("http://partner.example/a?api_key=pw", "a secret in its parameter `api_key`"),
            ("ftp://partner.example/", "must be an absolute web address"),
        ] {
            let refused = put(&register, "a", &json!({ "url": url })).unwrap_err().join("; ");
            assert!(refused.starts_with("/url: ") && refused.contains(expected), "{refused}");
            assert!(!refused.contains("pw"), "{refused}");
        }
        assert!(put(&register, "a", &json!({ "url": "http://partner.example:8081/" })).is_ok());
        let named = json!({ "url": "http://u:pw@b.example/", "harvesting": null });
        assert!(put(&register, "b", &named).unwrap_err()[0].contains("password"));
        let named = json!({ "url": "http://b.example/?token=pw", "harvesting": null });
        assert!(put(&register, "b", &named).unwrap_err()[0].contains("`token`"));
    }

    #[test]
    fn every_setting_that_cant_be_used_is_a_fault_with_its_pointer() {
        let register = register();
        let more = json!({
            "url": "https://partner.example/", "rhythm": "99 99 * * *", "format": "bogus",
            "mapping": "{bad", "timeZone": "Mars/X", "followHosts": ["not a host!"],
            "quietHours": "29:00-06:00",
        });
        let mut refused = put(&register, "a", &more).unwrap_err();
        refused.sort();
        insta::assert_snapshot!(refused.join("\n"), @r"
        /followHosts: `not a host!` is no host, with or without a port
        /format: there is no format `bogus`; there are rss, atom, json-feed, sitemap, ical, oai-pmh, rpde, open-referral, aliss, kist, geojson, json, csv, xlsx, ods, dcat, rdf, html
        /mapping: the mapping can't be read: key must be a string at line 1 column 2
        /quietHours: `29:00-06:00` is no quiet hours: write two different times such as `22:00-06:00`
        /rhythm: `99 99 * * *` is not cron: Component error: Number out of bounds.
        /timeZone: there is no time zone `Mars/X`; write one such as `Europe/London`
        ");
        let mapping = json!({ "url": "https://partner.example/",
            "mapping": "{\"key\": [\"a[\"], \"fields\": {}}" });
        let refused = put(&register, "a", &mapping).unwrap_err();
        assert!(refused[0].starts_with("/mapping: the mapping can't be read: /"), "{refused:?}");
    }

    #[test]
    fn a_source_that_cant_be_used_any_more_can_be_retired() {
        let register = register();
        let retired = json!({ "url": "http://partner.example:22/", "harvesting": "retired",
            "format": "bogus" });
        assert!(put(&register, "a", &retired).is_ok());
    }
}

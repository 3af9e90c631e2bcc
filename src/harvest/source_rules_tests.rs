//! Tests of [`source_rules`](super).

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

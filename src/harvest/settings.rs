//! The settings of a source, read from its record.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use thiserror::Error;
use url::Url;

use crate::harvest::clean::DoubleEncoding;
use crate::harvest::fetch::{Forbidden, HostList, read_address, redact};
use crate::harvest::format::{self, Offsets};
use crate::harvest::licence::{self, lets_quote};
use crate::harvest::mapped;
use crate::harvest::mapping::Mapping;
use crate::harvest::politeness::{Caps, PaceError, Politeness};
use crate::harvest::rhythm::{QuietHours, QuietHoursError, Rhythm, RhythmError};
use crate::model::{NOT_STATED, TermsOfUse};
use crate::record::{Record, Reference, Value, texts};

/// How many licences one record may have, and how long one, or the words that
/// credit it, may be in characters.
const MOST_LICENCES: usize = 10;
const LONGEST_TERM: usize = 500;

/// What is done with one source.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Identifier of the source.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// The organisation that publishes it, by its identifier.
    pub publisher: Option<String>,
    /// Name of its format; `None` is looked at each time.
    pub format: Option<&'static str>,
    /// How often it is harvested.
    pub rhythm: Rhythm,
    /// Whether it is harvested.
    pub harvesting: Harvesting,
    /// What becomes of its records when it is retired.
    pub when_gone: WhenGone,
    /// The language of texts that don't tell theirs.
    pub language: String,
    /// The time zone of times that don't tell theirs.
    pub time_zone: String,
    /// Where the fields stand, for formats that don't say.
    pub mapping: Option<Mapping>,
    /// Slugs of topics that each of its records gets.
    pub topics: Vec<String>,
    /// Codes of areas outside which nothing is taken; empty takes everything.
    pub only_areas: BTreeSet<String>,
    /// Slugs of topics besides which nothing is taken; empty takes everything.
    pub only_topics: BTreeSet<String>,
    /// Codes of areas that a record gets which says no place.
    pub default_areas: BTreeSet<String>,
    /// How fast it is asked.
    pub politeness: Politeness,
    /// How much of it is fetched in one run.
    pub caps: Caps,
    /// What holds of a time whose offset its zone doesn't have then.
    pub offsets: Offsets,
    /// What becomes of texts that were encoded twice.
    pub double_encoding: DoubleEncoding,
    /// Address of its licence.
    pub licence: Option<String>,
    /// How to credit it.
    pub attribution: Option<String>,
    /// Why robots.txt is not asked.
    pub robots_override: Option<String>,
    /// Other hosts to which its listing may lead.
    pub follow_hosts: HostList,
    /// Hours in which it is left alone.
    pub quiet: Option<QuietHours>,
    /// What becomes of what seems to be of persons.
    pub personal: Personal,
    /// Whether it is believed which records its items are; `None` is as its
    /// format has it.
    pub identities: Option<Identities>,
}

/// Whether a source is harvested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harvesting {
    /// Only when somebody asks: it is being set up.
    Draft,
    /// By its rhythm.
    Active,
    /// Only when somebody asks.
    Paused,
    /// Not at all, until an operator has looked at it.
    Quarantined,
    /// Never again.
    Retired,
}

impl Harvesting {
    /// Its name, as the record of the source has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Quarantined => "quarantined",
            Self::Retired => "retired",
        }
    }
}

/// What becomes of e-mail addresses and mobile numbers of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Personal {
    /// They are taken, and told of.
    Keep,
    /// They are left out.
    Drop,
}

/// Which record an item is that states the identity of one (contract H10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identities {
    /// One of its own, by the source and its key.
    Make,
    /// The one that it states.
    Keep,
}

/// What becomes of the records of a retired source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenGone {
    /// They stay, and say that their source is gone.
    Keep,
    /// They are withdrawn.
    Withdraw,
}

/// Why a source can't be harvested as its record says.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// It has no address.
    #[error("the source has no url")]
    NoAddress,
    /// Its address is none.
    #[error("`{text}` is no address of a source: {why}")]
    Address {
        /// What was given.
        text: String,
        /// What is wrong with it.
        why: Forbidden,
    },
    /// There is no such format.
    #[error("there is no format `{name}`; there are {}", known.join(", "))]
    Format {
        /// What was given.
        name: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// The rhythm can't be read.
    #[error(transparent)]
    Rhythm(#[from] RhythmError),
    /// The quiet hours can't be read.
    #[error(transparent)]
    QuietHours(#[from] QuietHoursError),
    /// One of the hosts to which its listing may lead is none.
    #[error("`{0}` is no host, with or without a port")]
    Host(String),
    /// Its pace can't be read.
    #[error(transparent)]
    Pace(#[from] PaceError),
    /// The mapping can't be read.
    #[error("the mapping can't be read: {0}")]
    Mapping(String),
    /// There is no such time zone.
    #[error("there is no time zone `{0}`; write one such as `Europe/London`")]
    TimeZone(String),
}

impl SettingsError {
    /// The key of the setting that can't be used.
    #[must_use]
    pub const fn setting(&self) -> &'static str {
        match self {
            Self::NoAddress | Self::Address { .. } => "url",
            Self::Format { .. } => "format",
            Self::Rhythm(_) => "rhythm",
            Self::QuietHours(_) => "quietHours",
            Self::Host(_) => "followHosts",
            Self::Mapping(_) => "mapping",
            Self::TimeZone(_) => "timeZone",
            Self::Pace(_) => "pace",
        }
    }
}

impl Settings {
    /// Reads the record of a source.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] for the first setting that can't be used.
    pub fn read(record: &Record) -> Result<Self, SettingsError> {
        let text = |key: &str| texts(record.values(key)).next().map(str::to_owned);
        let address = iri(record, "url").ok_or(SettingsError::NoAddress)?;
        let time_zone = text("timeZone").unwrap_or_else(|| "Europe/London".to_owned());
        if TimeZone::get(&time_zone).is_err() {
            return Err(SettingsError::TimeZone(time_zone));
        }
        let quiet = text("quietHours").map(|text| QuietHours::parse(&text, &time_zone));
        let mapping = text("mapping").map(|json| mapping(&json)).transpose()?;
        let format = text("format").map(|name| named(&name)).transpose()?.flatten();
        Ok(Self {
            id: record.id.id().to_owned(),
            name: crate::record::label(record, "en").to_owned(),
            publisher: slugs(record, "publisher").next(),
            url: format::beginning(format, self::address(&address)?),
            format,
            rhythm: Rhythm::parse(text("rhythm").as_deref().unwrap_or("adaptive"), &time_zone)?,
            harvesting: text("harvesting").map_or(Harvesting::Draft, |text| harvesting(&text)),
            when_gone: match text("whenGone").as_deref() {
                Some("withdraw") => WhenGone::Withdraw,
                _ => WhenGone::Keep,
            },
            language: text("language").unwrap_or_else(|| "en".to_owned()),
            time_zone,
            mapping,
            topics: slugs(record, "topics").collect(),
            only_areas: slugs(record, "onlyAreas").collect(),
            only_topics: slugs(record, "onlyTopics").collect(),
            default_areas: slugs(record, "defaultAreas").collect(),
            politeness: Politeness::read(record)?,
            caps: Caps::read(record),
            offsets: match text("offsets").as_deref() {
                Some("local") => Offsets::Local,
                _ => Offsets::Keep,
            },
            double_encoding: match text("doubleEncoding").as_deref() {
                Some("repair") => DoubleEncoding::Repair,
                _ => DoubleEncoding::Keep,
            },
            licence: iri(record, "licence"),
            attribution: text("attribution"),
            robots_override: text("robotsOverride"),
            follow_hosts: HostList::read(&texts(record.values("followHosts")).collect::<Vec<_>>())
                .map_err(SettingsError::Host)?,
            quiet: quiet.transpose()?,
            personal: match text("personalData").as_deref() {
                Some("drop") => Personal::Drop,
                _ => Personal::Keep,
            },
            identities: text("identities").map(|text| match text.as_str() {
                "keep" => Identities::Keep,
                _ => Identities::Make,
            }),
        })
    }

    /// Hash of all that the reading of a document depends on besides the
    /// document and the register: when it is another, documents are read once
    /// more though they have not changed.
    #[must_use]
    pub fn reading(&self) -> String {
        let Self { language, time_zone, mapping, topics, licence, follow_hosts, .. } = self;
        let Self { personal, default_areas, offsets, double_encoding, .. } = self;
        let keeps = self.keeps_identities();
        let filters = self.filters();
        let mapping = serde_json::to_string(mapping).unwrap_or_default();
        let all = format!(
            "{}\n{language}\n{time_zone}\n{mapping}\n{topics:?}\n{filters}\n{licence:?}\n{follow_hosts:?}\n{personal:?}\n{keeps}\n{default_areas:?}\n{offsets:?}\n{double_encoding:?}",
            env!("CARGO_PKG_VERSION"),
        );
        blake3::hash(all.as_bytes()).to_hex().to_string()
    }

    /// What tells the filters of areas and topics from others.
    #[must_use]
    pub fn filters(&self) -> String {
        let Self { only_areas, only_topics, .. } = self;
        let all = format!("{only_areas:?}\n{only_topics:?}");
        blake3::hash(all.as_bytes()).to_hex().to_string()
    }

    /// Whether items are the records that they state to be. Whoever adds
    /// another register by its changes wants its records; any other source
    /// might claim those of others, so that an operator must say it.
    #[must_use]
    pub fn keeps_identities(&self) -> bool {
        match self.identities {
            Some(identities) => identities == Identities::Keep,
            None => self.format == Some("kist"),
        }
    }

    /// Whether texts may be taken, and not only facts and links.
    #[must_use]
    pub fn may_quote(&self) -> bool {
        self.licence.as_deref().is_some_and(lets_quote)
    }

    /// Whether texts of what is given on these terms may be taken: every licence
    /// of its own must be known and let them be shared (contract E7, F71).
    /// Where the source is another register that is believed in what its
    /// records are, that register has seen to it, also where none is stated.
    #[must_use]
    pub fn may_quote_on(&self, terms: Option<&TermsOfUse>) -> bool {
        let Some(own) = terms.and_then(|terms| terms.licences.as_ref()) else {
            return self.may_quote();
        };
        let stated: Vec<&String> = own.iter().filter(|licence| *licence != NOT_STATED).collect();
        if !stated.iter().all(|licence| lets_quote(licence)) {
            return false;
        }
        let is_of_register = self.keeps_identities();
        let are_known = stated.iter().all(|licence| licence::is_known(licence));
        match (stated.len() == own.len() && !own.is_empty(), is_of_register) {
            (true, true) => true,
            (true, false) => are_known,
            // None is stated of a part, or of the whole.
            (false, true) => self.may_quote(),
            (false, false) => false,
        }
    }

    /// The `terms` of a record where they are not those of the whole source.
    #[must_use]
    pub fn own_terms(&self, terms: TermsOfUse) -> Option<TermsOfUse> {
        let TermsOfUse { licences, attribution } = terms;
        let is_address =
            |licence: &String| licence.len() <= LONGEST_TERM && read_address(licence).is_ok();
        let licences = licences.and_then(|mut licences| {
            let none_is_stated = licences.is_empty();
            licences.retain(is_address);
            licences.truncate(MOST_LICENCES);
            (none_is_stated || !licences.is_empty()).then_some(licences)
        });
        let attribution = attribution.map(|words| match words.char_indices().nth(LONGEST_TERM) {
            Some((end, _)) => words[..end].to_owned(),
            None => words,
        });
        let attribution = attribution.filter(|words| !words.trim().is_empty());
        let is_ours = |licences: &Vec<String>| match (licences.as_slice(), &self.licence) {
            ([], None) => true,
            ([one], Some(licence)) => is_same_licence(one, licence),
            _ => false,
        };
        let licences = licences.filter(|licences| !is_ours(licences));
        TermsOfUse { licences, attribution }.said()
    }
}

/// Whether two addresses are of one licence: by http or https, with a slash at
/// the end, or of its summary for people.
#[must_use]
pub fn is_same_licence(one: &str, other: &str) -> bool {
    fn essence(licence: &str) -> String {
        let licence = licence.trim().to_ascii_lowercase();
        let bare = licence.split_once("://").map_or(licence.as_str(), |(_, rest)| rest);
        let bare = bare.split_once("/deed").map_or(bare, |(before, _)| before);
        let bare = bare.split_once("/legalcode").map_or(bare, |(before, _)| before);
        bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/').to_owned()
    }
    one == other || essence(one) == essence(other)
}

/// An address of a source as people write it: spaces around it, capitals in
/// the scheme and host, `webcal:` for http, a fragment.
///
/// # Errors
///
/// [`SettingsError::Address`] when it is no address of the web, or has a user
/// name or password in it: secrets are kept elsewhere, and never told.
pub fn address(text: &str) -> Result<Url, SettingsError> {
    let refused = |why| SettingsError::Address { text: redact::written(text), why };
    let url = read_address(text).map_err(refused)?;
    if !url.username().is_empty() || url.password().is_some() {
        let shown = redact::url(&url);
        let why = Forbidden::UserInfo(shown.clone());
        return Err(SettingsError::Address { text: shown, why });
    }
    Ok(url)
}

fn mapping(json: &str) -> Result<Mapping, SettingsError> {
    let mapping = serde_json::from_str(json);
    let mapping = mapping.map_err(|error| SettingsError::Mapping(error.to_string()))?;
    match mapped::check(&mapping).first() {
        None => Ok(mapping),
        Some(wrong) => Err(SettingsError::Mapping(format!("{}: {}", wrong.at, wrong.what))),
    }
}

fn named(name: &str) -> Result<Option<&'static str>, SettingsError> {
    if name == "auto" {
        return Ok(None);
    }
    if let Some(format) = format::named(name) {
        return Ok(Some(format.name));
    }
    let known = format::FORMATS.iter().map(|format| format.name).collect();
    Err(SettingsError::Format { name: name.to_owned(), known })
}

fn harvesting(text: &str) -> Harvesting {
    match text {
        "active" => Harvesting::Active,
        "paused" => Harvesting::Paused,
        "quarantined" => Harvesting::Quarantined,
        "retired" => Harvesting::Retired,
        _ => Harvesting::Draft,
    }
}

fn iri(record: &Record, key: &str) -> Option<String> {
    record.values(key).iter().find_map(|value| match value {
        Value::Iri(iri) => Some(iri.clone()),
        _ => None,
    })
}

fn slugs(record: &Record, key: &str) -> impl Iterator<Item = String> {
    record.values(key).iter().filter_map(|value| match value {
        Value::Reference(Reference::Record(id)) => Some(id.id().to_owned()),
        _ => None,
    })
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;

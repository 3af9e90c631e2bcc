//! `kist harvest add`: a new source.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Map, Value as Json, json};
use url::Url;

use super::open::{Open, open};
use super::survey::{self, survey};
use super::{Common, mapping, report, runs, secret};
use crate::cli::failure::WrongUse;
use crate::cli::output::{line, note};
use crate::cli::settings::Missing;
use crate::harvest::format;
use crate::harvest::settings::{Settings, address};
use crate::harvest::sources;
use crate::harvest::survey::Found;
use crate::journal::Durability;
use crate::record::{FromJson, Record, RecordId, from_json, validate};
use crate::register::ledger::{Credential, Outcome, Row as _, RunKind};
use crate::register::{Edit, Found as Registered, LOCAL_SOURCE, References};

/// Who is written into the history of the record.
const ACTOR: &str = "kist harvest add";

/// Adds a source, and shows what it would yield
#[derive(Debug, Args)]
#[command(
    after_help = "Of a home page, what it publishes is looked for; a single find is taken, several are listed,
and --pick takes one. Nothing is written but the source itself, until `run`, or `resume`.
Without a licence that allows it, facts and links are taken, and no descriptions.

Examples:
  kist harvest add https://partner.example/
  kist harvest add https://partner.example/ --pick 2 --licence https://creativecommons.org/licenses/by/4.0/
  kist harvest add https://partner.example/feed.xml --format rss --rhythm PT6H --start
  kist harvest add https://partner.example/clubs.csv --mapping clubs.json --only-area S12000036"
)]
pub(super) struct Arguments {
    /// Address of a home page, feed or file
    url: String,
    /// Identifier of the source [default: made of its host]
    #[arg(long, value_name = "SLUG")]
    id: Option<String>,
    /// What people call it [default: what it calls itself]
    #[arg(long)]
    name: Option<String>,
    #[arg(long, help = formats())]
    format: Option<String>,
    /// Which of those that were found, by its number
    #[arg(long, value_name = "N", conflicts_with = "format")]
    pick: Option<usize>,
    /// Address of the licence under which it may be used [default: the one it names]
    #[arg(long, value_name = "URL")]
    licence: Option<String>,
    /// How to credit it
    #[arg(long)]
    attribution: Option<String>,
    /// adaptive, manual, a duration such as PT6H, or five fields of cron
    #[arg(long, default_value = "adaptive")]
    rhythm: String,
    /// Identifier of the organisation that publishes it
    #[arg(long, value_name = "ID")]
    publisher: Option<String>,
    /// Topic that each of its records gets; may be repeated
    #[arg(long, value_name = "SLUG")]
    topic: Vec<String>,
    /// Code of an area outside which nothing is taken; may be repeated
    #[arg(long, alias = "area", value_name = "CODE")]
    only_area: Vec<String>,
    /// Topic besides which nothing is taken; may be repeated
    #[arg(long, value_name = "SLUG")]
    only_topic: Vec<String>,
    /// Code of an area that records get which say no place; may be repeated
    #[arg(long, value_name = "CODE")]
    default_area: Vec<String>,
    /// Time from one request to the next, such as PT2S [default: of the settings]
    #[arg(long, value_name = "DURATION")]
    pace: Option<String>,
    /// Requests under way at once, from 1 to 10 [default: of the settings]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=10))]
    requests_at_once: Option<u8>,
    /// The most documents of a run [default: of the settings]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_documents: Option<u32>,
    /// The most bytes of a run, decompressed [default: of the settings]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_bytes: Option<u64>,
    /// How long a run may take, in seconds [default: of the settings]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_seconds: Option<u32>,
    /// What holds of a time with an offset that its zone doesn't have then:
    /// keep the moment, or take it as local time
    #[arg(long, value_parser = ["keep", "local"])]
    offsets: Option<String>,
    /// What becomes of texts that were encoded twice: keep or repair
    #[arg(long, value_parser = ["keep", "repair"])]
    double_encoding: Option<String>,
    /// Language of texts that don't tell theirs
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// How far it is believed when sources differ, from 0 to 100
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=100))]
    trust: Option<u8>,
    /// JSON file that says where the fields stand, for tables and plain JSON
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Other host to which its listing may lead; may be repeated
    #[arg(long, value_name = "HOST")]
    follow_host: Vec<String>,
    /// Hours in which it is left alone, such as 22:00-06:00
    #[arg(long, value_name = "HOURS")]
    quiet_hours: Option<String>,
    /// What becomes of what seems to be of persons: keep or drop
    #[arg(long, value_parser = ["keep", "drop"])]
    personal_data: Option<String>,
    /// Whether it is believed which records its items are: make or keep
    /// [default: make, but keep for the changes of another register]
    #[arg(long, value_parser = ["make", "keep"])]
    identities: Option<String>,
    #[command(flatten)]
    headers: secret::Headers,
    /// Why robots.txt is not asked: what was agreed with the publisher
    #[arg(long, value_name = "REASON")]
    robots_override: Option<String>,
    /// Has the server harvest it from now on; otherwise it is a draft
    #[arg(long)]
    start: bool,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let url = address(&arguments.url).map_err(|error| WrongUse(error.to_string()))?;
    let mapping = arguments.mapping.as_deref().map(mapping::read).transpose()?;
    let as_format = match arguments.format.as_deref() {
        None | Some("auto") => None,
        Some(name) => Some(format::named(name).ok_or_else(|| {
            let known: Vec<&str> = format::FORMATS.iter().map(|format| format.name).collect();
            WrongUse(format!("there is no format `{name}`; there are {}", known.join(", ")))
        })?),
    };
    let open = open(&arguments.common, Missing::Made)?;
    refuse_known(&open, &url)?;
    let credentials = secret::values(&arguments.headers.read(&url)?)?;
    let mut found = survey(&open, &url, as_format, &credentials)?;
    let chosen = match (arguments.pick, found.len()) {
        (_, 0) => {
            bail!("nothing that can be harvested was found at {url}; say what it is with --format")
        }
        (Some(number), count) if number == 0 || number > count => {
            return Err(WrongUse(format!("there is no {number} among the {count} found")).into());
        }
        (Some(number), _) => found.swap_remove(number - 1),
        (None, 1) => found.swap_remove(0),
        (None, count) => {
            survey::tell(&found, arguments.common.json)?;
            bail!("{count} things were found; choose one with --pick N");
        }
    };
    refuse_known(&open, &chosen.url)?;
    let record = record(&open, arguments, &chosen, mapping)?;
    let id = record.id.id().to_owned();
    let edit = Edit {
        source: LOCAL_SOURCE.to_owned(),
        id: record.id.clone(),
        record: Some(record),
        original: None,
        expected: None,
        derivation: None,
    };
    let now = open.harvester.now();
    let register = open.harvester.register();
    register.apply(vec![edit], References::Checked, ACTOR, now)?;
    let kept = arguments.headers.read(&chosen.url)?.into_iter();
    let kept: Vec<_> =
        kept.map(|header| header.put(Credential::key(&id, &header.header))).collect();
    register.ledger().write(&kept, Durability::Durable)?;
    let shown = runs::harvest(&open, &id, RunKind::Preview)?;
    if arguments.start {
        open.harvester.end_preview(&id)?;
    }
    if arguments.common.json {
        let mapping = mapping::json_of(&open, &id)?;
        report::json(&json!({ "source": id, "preview": shown, "mapping": mapping }))?;
    } else {
        line(format_args!("{id}: {} at {}", chosen.format.name, chosen.url))?;
        line(report::sentence(&shown))?;
        mapping::show(&open, &id)?;
        let next = if arguments.start {
            "The server harvests it from now on.".to_owned()
        } else {
            format!(
                "See `kist harvest preview {id}`; `kist harvest run {id}` takes it once, `kist \
                 harvest resume {id}` has the server keep it fresh."
            )
        };
        note(next);
    }
    let reason = shown.reason.as_deref().unwrap_or("see `kist harvest problems`");
    let is_bad = shown.outcome == Some(Outcome::Failed);
    anyhow::ensure!(!is_bad, "{id} is kept, but can't be read: {reason}");
    Ok(())
}

/// The help of `--format`.
fn formats() -> String {
    let names: Vec<&str> = format::FORMATS.iter().map(|format| format.name).collect();
    format!("What it is read as: {}", names.join(", "))
}

fn refuse_known(open: &Open, url: &Url) -> Result<()> {
    match sources::at_address(open.harvester.register(), url, None)? {
        None => Ok(()),
        Some(id) => bail!("{url} is the source `{}` already; nothing was added", id.id()),
    }
}

/// The record of the source, valid.
fn record(
    open: &Open,
    arguments: &Arguments,
    chosen: &Found,
    mapping: Option<String>,
) -> Result<Record> {
    let register = open.harvester.register();
    let host = chosen.url.host_str().unwrap_or_default();
    let name = arguments.name.clone().or_else(|| chosen.about.title.clone());
    let name = name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| host.to_owned());
    let id = match &arguments.id {
        Some(id) => id.clone(),
        None => free(open, &slug(arguments.name.as_deref().unwrap_or(host)))?,
    };
    let id = RecordId::new("source", &id).map_err(|error| WrongUse(error.to_string()))?;
    if matches!(register.get(&id)?, Registered::Here(_)) {
        return Err(WrongUse(format!("there is a source `{}` already", id.id())).into());
    }
    let mut fields = Map::new();
    let mut set = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            fields.insert(key.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
    set("name", Some(json!(name.trim())));
    set("url", Some(json!(chosen.url)));
    set("format", Some(json!(chosen.format.name)));
    set("harvesting", Some(json!(if arguments.start { "active" } else { "draft" })));
    set("rhythm", Some(json!(arguments.rhythm)));
    set("licence", text(&arguments.licence.clone().or_else(|| chosen.about.licence.clone())));
    let attribution = arguments.attribution.clone();
    set(
        "attribution",
        text(&attribution.or_else(|| chosen.about.attribution.as_deref().map(credit))),
    );
    let publisher = arguments.publisher.as_deref().map(|id| link(open, "organisation", id));
    set("publisher", publisher.transpose()?.map(Json::String));
    let areas = arguments.only_area.iter().map(|code| link(open, "place", code));
    set("onlyAreas", list(areas.collect::<Result<Vec<_>>>()?));
    let areas = arguments.default_area.iter().map(|code| link(open, "place", code));
    set("defaultAreas", list(areas.collect::<Result<Vec<_>>>()?));
    set("pace", text(&arguments.pace));
    set("requestsAtOnce", arguments.requests_at_once.map(|number| json!(number)));
    set("maxDocuments", arguments.max_documents.map(|number| json!(number)));
    set("maxBytes", arguments.max_bytes.map(|number| json!(number)));
    set("maxSeconds", arguments.max_seconds.map(|number| json!(number)));
    set("offsets", text(&arguments.offsets));
    set("doubleEncoding", text(&arguments.double_encoding));
    set("topics", list(arguments.topic.clone()));
    set("onlyTopics", list(arguments.only_topic.clone()));
    set("language", text(&arguments.language.clone().or_else(|| chosen.about.language.clone())));
    set("trust", arguments.trust.map(|trust| json!(trust)));
    set("mapping", mapping.map(Json::String));
    set("followHosts", list(arguments.follow_host.clone()));
    set("quietHours", text(&arguments.quiet_hours));
    set("personalData", text(&arguments.personal_data));
    set("identities", text(&arguments.identities));
    set("robotsOverride", text(&arguments.robots_override));
    let schema = register.schema();
    let kind = schema.kind("source").context("the shapes have no sources")?;
    let context = FromJson { schema, base: register.base(), keys_of: None };
    let record = from_json(context, kind, Some(&id), &Json::Object(fields));
    let record = record.and_then(|record| match validate(schema, &record) {
        faults if faults.is_empty() => Ok(record),
        faults => Err(faults),
    });
    let record = record.map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        WrongUse(faults.join("; "))
    })?;
    Settings::read(&record).map_err(|error| WrongUse(error.to_string()))?;
    Ok(record)
}

fn list(texts: Vec<String>) -> Option<Json> {
    (!texts.is_empty()).then(|| json!(texts))
}

/// The address of a record that must be there.
fn link(open: &Open, kind: &str, id: &str) -> Result<String> {
    let register = open.harvester.register();
    let by_slug = register.by_slug(kind, id)?;
    let id = match by_slug {
        Some(id) => id,
        None => RecordId::new(kind, id).map_err(|error| WrongUse(error.to_string()))?,
    };
    if !matches!(register.get(&id)?, Registered::Here(_)) {
        return Err(WrongUse(format!("nothing is registered as {id}")).into());
    }
    Ok(register.base().thing(&id).as_str().to_owned())
}

/// `name` with a number, if it must be, so that no source has it.
fn free(open: &Open, name: &str) -> Result<String> {
    for number in 1..1_000 {
        let name = if number == 1 { name.to_owned() } else { format!("{name}-{number}") };
        let id = RecordId::new("source", &name).map_err(|error| WrongUse(error.to_string()))?;
        if open.harvester.register().get(&id)? == Registered::Nowhere {
            return Ok(name);
        }
    }
    bail!("choose an identifier with --id")
}

/// Small letters, digits and single hyphens.
fn slug(text: &str) -> String {
    let text = text.to_lowercase();
    let text = text.strip_prefix("www.").unwrap_or(&text);
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let slug = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    let slug: String = slug.chars().take(60).collect();
    if slug.is_empty() { "source".to_owned() } else { slug.trim_end_matches('-').to_owned() }
}

/// The longest that a source may be credited with, as its shape has it.
const LONGEST_CREDIT: usize = 1_000;

/// How a document says that it is to be credited, no longer than a source may
/// be: whole sentences or lines, as far as they go.
fn credit(found: &str) -> String {
    let Some((end, _)) = found.char_indices().nth(LONGEST_CREDIT) else {
        return found.to_owned();
    };
    let cut = &found[..end];
    let whole = cut.rfind([';', '\n']).or_else(|| cut.rfind(". ").map(|at| at + 1));
    cut[..whole.unwrap_or(end)].trim().to_owned()
}

#[cfg(test)]
#[path = "add_tests.rs"]
mod tests;

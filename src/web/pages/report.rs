//! What a harvest found wrong, for whoever publishes the source. The link to
//! it is signed, so that no token is needed to follow it.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderName;
use http::HeaderValue;
use http::header;

use crate::register::ledger::Finding;
use crate::register::ledger::HeldFor;
use crate::register::ledger::Rekey;
use crate::register::ledger::Run;
use crate::web::admission::Class;
use crate::web::admission::Scope;
use crate::web::cache::Freshness;
use crate::web::html::address::Address;
use crate::web::html::content;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::messages::thousands;
use crate::web::html::page;
use crate::web::html::page::Page;
use crate::web::html::site::Site;
use crate::web::html::tongue::Tongue;
use crate::web::negotiate::Format;
use crate::web::negotiate::Language;
use crate::web::pages::runs::line;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Problem;
use crate::web::problem::Result;
use crate::web::representation;
use crate::web::route::Route;
use crate::web::runs;
use crate::web::runs::problems;
use crate::web::runs::problems::Wanted;
use crate::web::runs::rekeys;
use crate::web::state::AppState;

/// How many problems the page shows one by one.
const MOST: usize = 200;

const PARAMETERS: &[Parameter] = &[Parameter::text("key", "The signature of the link.").required()];

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    page: Page,
    heading: Text,
    lead: Text,
    line: Text,
    decided: Option<Phrase>,
    held: Vec<Held>,
    rekeys: Option<Text>,
    pairs: Vec<Text>,
    codes: Vec<(String, String)>,
    some: Option<Text>,
    problems: Vec<Shown>,
    table: String,
}

/// Why a run is held, as the page shows it.
enum Held {
    /// As we have words for it.
    Phrase(Text),
    /// As the run has it, in English.
    Sentence(String),
}

/// A problem as the page shows it.
struct Shown {
    severity: Phrase,
    what: String,
    advice: Option<Text>,
    item: Option<String>,
    place: String,
}

/// The route of the report.
pub(super) fn route() -> Route<AppState> {
    Route::get(Scope::Public, "/reports/harvest/{source}/{run}", "showReport", show_report)
        .class(Class::Store)
        .path_parameter(Parameter::text("source", "The source"))
        .path_parameter(Parameter::integer("run", 1, i64::MAX, "The number of the run"))
        .parameters(PARAMETERS)
        .formats(&[Format::Html, Format::Csv, Format::Json])
}

/// Shows what a run found wrong, to whoever has the key.
///
/// # Errors
///
/// 404 when the key is wrong, or the run is long forgotten.
async fn show_report(
    State(state): State<AppState>,
    parameters: Parameters,
    format: Format,
    wanted: Language,
) -> Result<Response> {
    let source = parameters.text("source").unwrap_or_default();
    let number = parameters.integer("run").and_then(|number| u64::try_from(number).ok());
    let number = number.unwrap_or_default();
    let key = parameters.text("key").unwrap_or_default();
    if !state.register.opens_report(&source, number, &key)? {
        return Err(Problem::not_found("no report has this address"));
    }
    let run = runs::numbered(&state.register, &source, number)?;
    let found = problems::of(&state.register, &run, &Wanted::default())?;
    let mut response = match format {
        Format::Csv => representation::of(format, problems::csv(&found)),
        Format::Json => axum::Json(problems::json(&run, found.iter())).into_response(),
        _ => {
            let site = Site::new(&state, Tongue::of(&parameters, wanted));
            let pairs = rekeys::of(&state.register, &run, MOST)?;
            Html(page::draw(&report(site, &run, &found, &pairs, &key))?).into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, Freshness::Never.to_header());
    let no_index = HeaderValue::from_static("noindex, nofollow");
    headers.insert(HeaderName::from_static("x-robots-tag"), no_index);
    Ok(response)
}

fn report(
    site: Site<'_>,
    run: &Run,
    found: &[Finding],
    pairs: &[(String, Rekey)],
    key: &str,
) -> ReportPage {
    let m = Messages::of(site.language);
    let path = format!("/reports/harvest/{}/{}", run.source, run.number);
    let name = site.name("source", &run.source);
    let name = name.map_or_else(|| content::humanised(&run.source), |name| name.text);
    let number = run.number.to_string();
    let heading = m.report_title.filled(&[("number", &number), ("name", &name)]);
    let shown = found.len().min(MOST).to_string();
    let all = thousands(run.counts.findings);
    let is_cut = found.len() > MOST || run.counts.findings > found.len() as u64;
    let sure = thousands(run.rekeys.sure);
    let doubtful = thousands(run.rekeys.doubtful);
    let codes = run.codes.iter().map(|(code, count)| (code.clone(), thousands(*count)));
    ReportPage {
        page: Page::new(site, heading.clone(), &Address::new(&path).with("key", key)),
        lead: m.report_lead.filled(&[("name", &name)]),
        line: line(m, run, site.state.now()),
        decided: decided(m, run),
        held: held(m, run),
        rekeys: (!pairs.is_empty())
            .then(|| m.report_rekeys.filled(&[("sure", &sure), ("doubtful", &doubtful)])),
        pairs: pairs.iter().map(|(key, rekey)| pair(m, key, rekey)).collect(),
        codes: codes.collect(),
        some: is_cut.then(|| m.report_some.filled(&[("shown", &shown), ("all", &all)])),
        problems: found.iter().take(MOST).map(|finding| shown_as(m, finding)).collect(),
        table: Address::new(&format!("{path}.csv")).with("key", key).to_string(),
        heading,
    }
}

/// What has become of a run that was held; `None` while it is.
fn decided(m: &Messages, run: &Run) -> Option<Phrase> {
    if run.held.is_empty() || run.waits_for_somebody() {
        return None;
    }
    Some(if run.is_approved { m.held_approved } else { m.held_dismissed })
}

/// Why the run is held: what has no phrase stands as it was written.
fn held(m: &Messages, run: &Run) -> Vec<Held> {
    let told = run.held.iter().enumerate();
    told.map(|(place, sentence)| {
        let reason = run.held_for.get(place);
        let phrase = reason.and_then(|held| filled(m, held));
        phrase.map_or_else(|| Held::Sentence(sentence.clone()), Held::Phrase)
    })
    .collect()
}

fn filled(m: &Messages, held: &HeldFor) -> Option<Text> {
    let phrase = match held.reason.as_str() {
        "empty" => m.held_empty,
        "shrunk" => m.held_shrunk,
        "fewer-than-announced" => m.held_fewer,
        "absent-from-part" => m.held_part,
        "vanished" => m.held_vanished,
        "rekeyed" => m.held_rekeyed,
        "changed" => m.held_changed,
        "invalid" => m.held_invalid,
        "grown" => m.held_grown,
        _ => return None,
    };
    let numbers = held.numbers.iter().map(|(name, number)| (name.as_str(), thousands(*number)));
    let numbers: Vec<(&str, String)> = numbers.collect();
    let numbers: Vec<(&str, &str)> =
        numbers.iter().map(|(name, number)| (*name, number.as_str())).collect();
    Some(phrase.filled(&numbers))
}

/// A new key, the one that it seems to replace, and how likely that is.
fn pair(m: &Messages, key: &str, rekey: &Rekey) -> Text {
    let from = rekey.from.split_once('\n').map_or("", |(_, key)| key);
    let percent = format!("{:.0}", rekey.likelihood * 100.0);
    let phrase = if rekey.is_sure { m.report_rekey_sure } else { m.report_rekey_doubtful };
    phrase.filled(&[("new", key), ("old", from), ("percent", &percent)])
}

fn shown_as(m: &Messages, finding: &Finding) -> Shown {
    let place = [finding.url.as_str(), finding.at.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    Shown {
        severity: match finding.severity.as_str() {
            "warning" => m.severity_warning,
            "broken" => m.severity_broken,
            _ => m.severity_error,
        },
        what: finding.what.clone(),
        advice: finding.advice.as_ref().map(|advice| m.report_advice.filled(&[("advice", advice)])),
        item: finding.key.clone(),
        place: place.join(", "),
    }
}

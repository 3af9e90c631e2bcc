//! What a feed says of itself.

use std::time::Duration;

use feedparser_rs::{ParsedFeed, UpdatePeriod};
use jiff::ToSpan;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use url::Url;

use crate::harvest::extraction::About;
use crate::harvest::format::Reading;
use crate::harvest::licence::{self, Said};

/// The longest that a feed may ask to be left alone, so that a silly number
/// can't park it.
const LONGEST_REFRESH: Duration = Duration::from_hours(7 * 24);
/// Hubs that are kept; feeds name one or two.
const MOST_HUBS: usize = 5;

/// Fills `about` from `feed`, whose addresses are completed with `base`.
pub(super) fn read(feed: &ParsedFeed, base: &Url, reading: &Reading<'_>, about: &mut About) {
    let meta = &feed.feed;
    about.title =
        meta.title.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    about.language = meta.language.as_deref().map(|tag| tag.trim().replace('_', "-"));
    let rights = meta.rights.clone().or_else(|| meta.dc_rights.clone());
    let named = || match licence::read(rights.as_deref()?)? {
        Said::Licence(address) => Some(address),
        Said::Reserved(_) | Said::Credit(_) => None,
    };
    about.licence = meta.license.clone().or_else(|| link(feed, "license")).or_else(named);
    about.attribution.clone_from(&rights);
    let complete = |address: String| {
        let url = base.join(address.trim()).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    };
    let hubs = links(feed, "hub").filter_map(complete);
    let mut kept: Vec<Url> = Vec::new();
    for hub in hubs {
        if kept.len() < MOST_HUBS && !kept.contains(&hub) {
            kept.push(hub);
        }
    }
    about.hubs = kept;
    about.own = link(feed, "self").and_then(complete);
    about.refresh_after = refresh_after(feed, reading);
}

fn links<'a>(feed: &'a ParsedFeed, rel: &'a str) -> impl Iterator<Item = String> + 'a {
    let of_rel =
        feed.feed.links.iter().filter(move |link| {
            link.rel.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(rel))
        });
    of_rel.map(|link| link.href.to_string())
}

fn link(feed: &ParsedFeed, rel: &str) -> Option<String> {
    links(feed, rel).next()
}

/// How long the feed asks to be left alone: `ttl`, or the rhythm of the
/// syndication module, and then to the next hour that it doesn't exclude.
fn refresh_after(feed: &ParsedFeed, reading: &Reading<'_>) -> Option<Duration> {
    let meta = &feed.feed;
    let minutes = |text: &String| text.trim().parse::<u64>().ok().filter(|minutes| *minutes > 0);
    let ttl = meta
        .ttl
        .as_ref()
        .and_then(minutes)
        .map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
    let asked = ttl.or_else(|| rhythm(feed)).unwrap_or_default().min(LONGEST_REFRESH);
    let skipped = skipped(feed, reading, asked).unwrap_or_default();
    let whole = asked.saturating_add(skipped).min(LONGEST_REFRESH);
    (!whole.is_zero()).then_some(whole)
}

/// `updatePeriod` over `updateFrequency`.
fn rhythm(feed: &ParsedFeed) -> Option<Duration> {
    let syndication = feed.feed.syndication.as_deref()?;
    let hours = match syndication.update_period.as_ref()? {
        UpdatePeriod::Hourly => 1,
        UpdatePeriod::Daily => 24,
        UpdatePeriod::Weekly => 7 * 24,
        UpdatePeriod::Monthly => 30 * 24,
        UpdatePeriod::Yearly => 365 * 24,
    };
    let frequency =
        syndication.update_frequency.as_deref().and_then(|text| text.trim().parse::<u32>().ok());
    Some(Duration::from_secs(hours * 3600 / u64::from(frequency.unwrap_or(1).max(1))))
}

/// How much longer until an hour and a day (GMT) that the feed doesn't skip;
/// `None` when it skips them all, which can't be meant.
fn skipped(feed: &ParsedFeed, reading: &Reading<'_>, asked: Duration) -> Option<Duration> {
    let hours: Vec<u32> = feed.feed.skiphours.iter().map(|hour| hour % 24).collect();
    let days: Vec<Weekday> = feed.feed.skipdays.iter().filter_map(|day| weekday(day)).collect();
    if hours.is_empty() && days.is_empty() {
        return None;
    }
    let start: DateTime = TimeZone::UTC.to_datetime(reading.now.checked_add(asked).ok()?);
    let is_free = |moment: DateTime| {
        !hours.iter().any(|hour| i64::from(*hour) == i64::from(moment.hour()))
            && !days.contains(&moment.weekday())
    };
    if is_free(start) {
        return None;
    }
    let whole_hour = start.date().at(start.hour(), 0, 0, 0);
    for ahead in 1..=7 * 24_i64 {
        let moment = whole_hour.checked_add(ahead.hours()).ok()?;
        if is_free(moment) {
            let seconds = moment.duration_since(start).as_secs();
            return Some(Duration::from_secs(u64::try_from(seconds).ok()?));
        }
    }
    None
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name.trim().to_ascii_lowercase().get(..3)? {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

//! What a feed says of itself.

use std::time::Duration;

use feedparser_rs::{ParsedFeed, UpdatePeriod};
use url::Url;

use crate::harvest::extraction::About;
use crate::harvest::licence::{self, Said};
use crate::harvest::rhythm::LONGEST_WISH;

/// Hubs that are kept; feeds name one or two.
const MOST_HUBS: usize = 5;

/// Fills `about` from `feed`, whose addresses are completed with `base`.
pub(super) fn read(feed: &ParsedFeed, base: &Url, about: &mut About) {
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
    about.refresh_after = refresh_after(feed);
    let hours = meta.skiphours.iter().filter_map(|hour| u8::try_from(*hour).ok());
    about.skip_hours = hours.collect();
    about.skip_days = meta.skipdays.iter().filter_map(|day| weekday(day)).collect();
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
/// syndication module.
fn refresh_after(feed: &ParsedFeed) -> Option<Duration> {
    let minutes = |text: &String| text.trim().parse::<u64>().ok().filter(|minutes| *minutes > 0);
    let ttl = feed.feed.ttl.as_ref().and_then(minutes);
    let ttl = ttl.map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
    let asked = ttl.or_else(|| rhythm(feed)).unwrap_or_default().min(LONGEST_WISH);
    (!asked.is_zero()).then_some(asked)
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

/// The number of a day of the week, 1 for Monday.
fn weekday(name: &str) -> Option<u8> {
    Some(match name.trim().to_ascii_lowercase().get(..3)? {
        "mon" => 1,
        "tue" => 2,
        "wed" => 3,
        "thu" => 4,
        "fri" => 5,
        "sat" => 6,
        "sun" => 7,
        _ => return None,
    })
}

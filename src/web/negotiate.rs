//! Content negotiation: which format and which language an answer has.
//!
//! Pure functions of the request's headers (RFC 9110, 12.5). A header that
//! can't be read in a part is read in the rest: nobody is refused for a
//! misprint. A suffix of the address pins a format and is not decided here.

use crate::web::problem::Problem;
use crate::web::problem::Result;

/// A format in which the register answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the row of each format says what it is")]
pub enum Format {
    Html,
    JsonLd,
    Json,
    Turtle,
    NTriples,
    RdfXml,
    NQuads,
    TriG,
    GeoJson,
    Csv,
    Rss,
    Atom,
    JsonFeed,
    ICalendar,
    OpenReferral,
    Fragment,
    MapSvg,
    Markdown,
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] = &[
        Self::Html,
        Self::JsonLd,
        Self::Json,
        Self::Turtle,
        Self::NTriples,
        Self::RdfXml,
        Self::NQuads,
        Self::TriG,
        Self::GeoJson,
        Self::Csv,
        Self::Rss,
        Self::Atom,
        Self::JsonFeed,
        Self::ICalendar,
        Self::OpenReferral,
        Self::Fragment,
        Self::MapSvg,
        Self::Markdown,
    ];

    /// The name for people, such as `Turtle`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The media type, without parameters.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        self.row().1
    }

    /// The suffix of an address that pins the format, without the dot.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        self.row().2
    }

    /// The value of `Content-Type`: text says that it is UTF-8.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Html | Self::Fragment => "text/html; charset=utf-8",
            Self::Turtle => "text/turtle; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::ICalendar => "text/calendar; charset=utf-8",
            _ => self.media_type(),
        }
    }

    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Html => ("HTML", "text/html", "html"),
            Self::JsonLd => ("JSON-LD", "application/ld+json", "jsonld"),
            Self::Json => ("JSON", "application/json", "json"),
            Self::Turtle => ("Turtle", "text/turtle", "ttl"),
            Self::NTriples => ("N-Triples", "application/n-triples", "nt"),
            Self::RdfXml => ("RDF/XML", "application/rdf+xml", "rdf"),
            Self::NQuads => ("N-Quads", "application/n-quads", "nq"),
            Self::TriG => ("TriG", "application/trig", "trig"),
            Self::GeoJson => ("GeoJSON", "application/geo+json", "geojson"),
            Self::Csv => ("CSV", "text/csv", "csv"),
            Self::Rss => ("RSS", "application/rss+xml", "rss"),
            Self::Atom => ("Atom", "application/atom+xml", "atom"),
            Self::JsonFeed => ("JSON Feed", "application/feed+json", "feed.json"),
            Self::ICalendar => ("iCalendar", "text/calendar", "ics"),
            Self::OpenReferral => ("Open Referral UK", "application/json", "oruk.json"),
            Self::Fragment => ("HTML fragment", "text/html", "fragment.html"),
            Self::MapSvg => ("SVG map", "image/svg+xml", "map.svg"),
            Self::Markdown => ("Markdown", "text/markdown", "md"),
        }
    }

    /// The format whose suffix this is, without the dot.
    #[must_use]
    pub fn of_suffix(suffix: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.suffix() == suffix)
    }
}

/// Takes a suffix that pins one of the `available` formats off the end of
/// `text`: `0190.ttl` is `0190` and Turtle. Of several that fit, such as
/// `.html` and `.fragment.html`, the longest counts.
#[must_use]
pub fn split_suffix<'a>(text: &'a str, available: &[Format]) -> (&'a str, Option<Format>) {
    let without = |format: &Format| {
        let stem = text.strip_suffix(format.suffix())?.strip_suffix('.')?;
        (!stem.is_empty()).then_some((stem, Some(*format)))
    };
    let fitting = available.iter().filter_map(without);
    fitting.min_by_key(|(stem, _)| stem.len()).unwrap_or((text, None))
}

/// The best of the `available` formats, which stand in our own order of
/// preference, for the `Accept` header.
///
/// The highest quality wins; among equals the one that is named more exactly,
/// then the earlier one. Without a header, or with one in which nothing can be
/// read, the first.
///
/// # Errors
///
/// 406 `not-acceptable`, with the list, when the header admits none.
pub fn negotiate(accept: Option<&str>, available: &[Format]) -> Result<Format> {
    let wishes = Wishes::of(accept.unwrap_or_default());
    let mut best: Option<(Quality, Format)> = None;
    for format in available {
        let quality = wishes.quality(format.media_type());
        if quality.is_wanted() && best.is_none_or(|(known, _)| quality > known) {
            best = Some((quality, *format));
        }
    }
    best.map(|(_, format)| format).ok_or_else(|| {
        Problem::not_acceptable(
            available.iter().map(|format| format.media_type().to_owned()).collect(),
        )
    })
}

/// The wishes of a client about media types: the ranges of its `Accept`
/// header (RFC 9110, 12.5.1).
#[derive(Debug, Clone, Default)]
pub struct Wishes(Vec<MediaRange>);

impl Wishes {
    /// Reads the header; anything will do when nothing of it can be read.
    #[must_use]
    pub fn of(header: &str) -> Self {
        let ranges = members(header)
            .into_iter()
            .map(|(range, thousandths)| MediaRange { range, thousandths })
            .filter(|range| range.range.split('/').filter(|part| !part.is_empty()).count() == 2);
        let mut ranges: Vec<MediaRange> = ranges.collect();
        if ranges.is_empty() {
            ranges.push(MediaRange { range: "*/*".to_owned(), thousandths: 1_000 });
        }
        Self(ranges)
    }

    /// How much a media type is wanted: its most exact range decides.
    #[must_use]
    pub fn quality(&self, media_type: &str) -> Quality {
        let exact = |range: &MediaRange| Some((range.exactness(media_type)?, range.thousandths));
        let most_exact = self.0.iter().filter_map(exact).max();
        most_exact.map_or_else(Quality::default, |(exactness, thousandths)| Quality {
            thousandths,
            exactness,
        })
    }
}

/// How much a client wants a media type: first by its number, then by how
/// exactly the range names the type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quality {
    thousandths: u16,
    exactness: u8,
}

impl Quality {
    /// Whether it is wanted at all.
    #[must_use]
    pub const fn is_wanted(self) -> bool {
        self.thousandths > 0
    }

    /// Whether the client names the type itself.
    #[must_use]
    pub const fn is_exact(self) -> bool {
        self.exactness == 2
    }
}

#[derive(Debug, Clone)]
struct MediaRange {
    range: String,
    thousandths: u16,
}

impl MediaRange {
    /// 2 when the range is the type itself, 1 for `type/*`, 0 for `*/*`.
    fn exactness(&self, media_type: &str) -> Option<u8> {
        if self.range == media_type {
            return Some(2);
        }
        if self.range == "*/*" {
            return Some(0);
        }
        let family = self.range.strip_suffix('*')?;
        (family.ends_with('/') && media_type.starts_with(family)).then_some(1)
    }
}

/// The members of a list header in lower case, each with its quality in
/// thousandths; other parameters than `q` are dropped.
fn members(header: &str) -> Vec<(String, u16)> {
    split_outside_quotes(header, ',')
        .map(|member| {
            let mut parts = split_outside_quotes(member, ';');
            let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let quality = parts
                .filter_map(|part| part.split_once('='))
                .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
                .map_or(1_000, |(_, value)| thousandths(value.trim()));
            (name, quality)
        })
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

/// A quality such as `0.8` in thousandths; the highest for what is none, for
/// the client did name the type.
fn thousandths(text: &str) -> u16 {
    match text.parse::<f64>() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is clamped to what a quality can be"
        )]
        Ok(quality) if quality.is_finite() => (quality.clamp(0.0, 1.0) * 1_000.0).round() as u16,
        _ => 1_000,
    }
}

fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(move |character| {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => return character == separator && !quoted,
        }
        false
    })
}

/// A language in which pages and labels are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, which everything has.
    #[default]
    English,
    /// Scottish Gaelic.
    Gaelic,
    /// Scots.
    Scots,
}

impl Language {
    /// The tag of BCP 47.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Gaelic => "gd",
            Self::Scots => "sco",
        }
    }

    /// The language that the `Accept-Language` header wants most; English
    /// when it wants none of ours.
    #[must_use]
    pub fn negotiate(accept_language: Option<&str>) -> Self {
        let wanted = accept_language.map(members).unwrap_or_default();
        let mut best = (0, Self::English);
        for (range, quality) in wanted {
            let primary = range.split('-').next().unwrap_or_default();
            let language = match primary {
                "en" | "*" => Self::English,
                "gd" => Self::Gaelic,
                "sco" => Self::Scots,
                _ => continue,
            };
            if quality > best.0 {
                best = (quality, language);
            }
        }
        best.1
    }
}

#[cfg(test)]
#[path = "negotiate_tests.rs"]
mod tests;

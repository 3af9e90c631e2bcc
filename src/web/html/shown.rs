//! A value of a fact, and how it is written as HTML.
//!
//! Values nest, which templates can't, so that the HTML is written here. All
//! that comes from a record is escaped; addresses are checked before they
//! become links.

use std::fmt;

use crate::web::html::content::Line;
use crate::web::html::content::Link;
use crate::web::html::content::Text;
use crate::web::html::content::escape;

/// A value as it is shown.
#[derive(Debug)]
pub(in crate::web) enum Shown {
    /// A short text.
    Text(Text),
    /// Words in several languages.
    Line(Line),
    /// Paragraphs.
    Long(Vec<Text>),
    /// A link within the register.
    Link(Link),
    /// A link to elsewhere, to a telephone or to a post box.
    Outward(Link),
    /// Several parts, each with a label that may be missing.
    Parts(Vec<(Option<Text>, Vec<Shown>)>),
    /// A finding: its text, and what it is about.
    Finding(Text, Vec<Link>),
}

/// Whether what a link says is where it leads, but for the scheme.
fn says_address(link: &Link) -> bool {
    let said = &link.text.text;
    let bare = link.href.split_once("://").map_or(link.href.as_str(), |(_, rest)| rest);
    link.href == *said || bare.trim_end_matches('/') == said
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(formatter, "{text}"),
            Self::Line(line) => write!(formatter, "{line}"),
            Self::Long(paragraphs) => {
                paragraphs.iter().try_for_each(|text| write!(formatter, "<p>{text}</p>"))
            }
            Self::Link(link) => {
                write!(formatter, "<a href=\"{}\">{}</a>", escape(&link.href), link.text)
            }
            // Paper shows the address of a link, unless that is what it says.
            Self::Outward(link) => write!(
                formatter,
                "<a class=\"{}\" href=\"{}\" rel=\"nofollow noopener\">{}</a>",
                if says_address(link) { "outward written" } else { "outward" },
                escape(&link.href),
                link.text
            ),
            Self::Parts(parts) => {
                formatter.write_str("<ul class=\"parts\">")?;
                for (label, values) in parts {
                    formatter.write_str("<li>")?;
                    if let Some(label) = label {
                        write!(formatter, "<span class=\"label\">{label}:</span> ")?;
                    }
                    for (place, value) in values.iter().enumerate() {
                        let gap = if place == 0 { "" } else { ", " };
                        write!(formatter, "{gap}{value}")?;
                    }
                    formatter.write_str("</li>")?;
                }
                formatter.write_str("</ul>")
            }
            Self::Finding(text, topics) => {
                write!(formatter, "<p>{text}</p>")?;
                if topics.is_empty() {
                    return Ok(());
                }
                formatter.write_str("<p class=\"tags\">")?;
                for topic in topics {
                    let href = escape(&topic.href);
                    write!(formatter, "<a class=\"tag\" href=\"{href}\">{}</a> ", topic.text)?;
                }
                formatter.write_str("</p>")
            }
        }
    }
}

// Its `Display` escapes all that comes from a record.
impl askama::filters::HtmlSafe for Shown {}

//! The fields for the colours of a partner, and how well what stands on what
//! can be read.

use crate::web::embed::colours::{Colour, Colours, Verdict};
use crate::web::embed::typed::Wrong;
use crate::web::html::content::Text;
use crate::web::html::messages::{Messages, Phrase};

/// A field of the form for a colour.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: Phrase,
    pub(super) value: String,
}

/// How well one colour stands on another, and of which fields they are.
#[derive(Debug)]
pub(super) struct Contrast {
    pub(super) label: Phrase,
    pub(super) verdict: Text,
    /// The names of the fields.
    pub(super) one: &'static str,
    pub(super) other: &'static str,
    /// What stands in where nothing is chosen.
    pub(super) usual_one: Colour,
    pub(super) usual_other: Colour,
}

/// The fields, with what stands in them.
pub(super) fn fields(m: &Messages, value: &dyn Fn(&str) -> String) -> Vec<Field> {
    let fields = [
        ("accent", m.embed_colour_accent),
        ("on-accent", m.embed_colour_on_accent),
        ("link", m.embed_colour_link),
        ("ground", m.embed_colour_ground),
    ];
    fields.map(|(name, label)| Field { name, label, value: value(name) }).into()
}

/// Says which colours can't be read, and are left out.
pub(super) fn unread(m: &Messages, value: &dyn Fn(&str) -> String) -> Vec<Wrong> {
    let names = ["accent", "on-accent", "link", "ground"].into_iter();
    names
        .filter_map(|name| {
            let text = unreadable(&value(name))?;
            let sentence =
                format!("“{text}” is not a colour of six hexadecimal digits, and is left out.");
            let sentence = Text::written(&sentence, "en", m.language);
            Some(Wrong { field: Some(name.to_owned()), sentence, choices: Vec::new() })
        })
        .collect()
}

/// What was typed for a colour, when it is something but no colour.
fn unreadable(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty() && Colour::read(typed).is_none()).then(|| typed.to_owned())
}

/// How well what stands on what can be read, in words. Where a colour is not
/// chosen, that of the style sheet stands in; of what is no colour it is said
/// that it is none.
pub(super) fn contrasts(
    m: &Messages,
    colours: &Colours,
    value: &dyn Fn(&str) -> String,
) -> Vec<Contrast> {
    let (accent, white) = (Colour::ACCENT, Colour::WHITE);
    [
        (m.embed_contrast_button, ("on-accent", white), ("accent", accent)),
        (m.embed_contrast_link, ("link", accent), ("ground", white)),
    ]
    .map(|(label, (one, usual_one), (other, usual_other))| {
        let above = colours.get(one).unwrap_or(usual_one);
        let below = colours.get(other).unwrap_or(usual_other);
        let unread = [one, other].into_iter().find_map(|name| unreadable(&value(name)));
        let verdict = if let Some(typed) = unread {
            m.embed_contrast_unread.filled(&[("colour", &typed)])
        } else {
            let verdict = match above.verdict(below) {
                Verdict::Good => m.embed_contrast_good,
                Verdict::Large => m.embed_contrast_large,
                Verdict::Poor => m.embed_contrast_poor,
            };
            // Cut, not rounded: 4.49 is not 4.5.
            let ratio = (above.contrast(below) * 10.0).floor() / 10.0;
            verdict.filled(&[("ratio", &format!("{ratio:.1}"))])
        };
        Contrast { label, verdict, one, other, usual_one, usual_other }
    })
    .into()
}

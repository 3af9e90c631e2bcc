//! The map as a picture of its own, which no style sheet reaches.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::Subject;
use super::draw;
use crate::web::state::AppState;

/// What each class of the style sheet looks like by day, as attributes, which
/// a policy of content lets stand where it forbids styles.
const LOOKS: [(&str, &str); 15] = [
    ("map", "font-family=\"sans-serif\""),
    ("map-sea", "fill=\"#e6edf0\""),
    (
        "map-land",
        "fill=\"#f6f0e4\" stroke=\"#b9ab95\" stroke-width=\"0.7\" \
         vector-effect=\"non-scaling-stroke\"",
    ),
    (
        "map-served",
        "fill=\"#7a2f1d\" fill-opacity=\"0.18\" stroke=\"#7a2f1d\" stroke-width=\"1.5\" \
         vector-effect=\"non-scaling-stroke\"",
    ),
    (
        "map-name",
        "font-size=\"11\" fill=\"#5b544b\" text-anchor=\"middle\" stroke=\"#f6f0e4\" \
         stroke-width=\"3\" paint-order=\"stroke\"",
    ),
    (
        "map-ring",
        "fill=\"#7a2f1d\" fill-opacity=\"0.06\" stroke=\"#7a2f1d\" stroke-width=\"1.5\" \
         stroke-dasharray=\"5 4\" vector-effect=\"non-scaling-stroke\"",
    ),
    ("map-centre", "fill=\"none\" stroke=\"#23201c\" stroke-width=\"2.5\""),
    ("map-pin", ""),
    ("map-dot", "fill=\"#7a2f1d\" stroke=\"#ffffff\" stroke-width=\"2\""),
    ("map-number", "font-size=\"12\" font-weight=\"700\" fill=\"#ffffff\" text-anchor=\"middle\""),
    ("map-scale", "fill=\"none\" stroke=\"#23201c\" stroke-width=\"1.5\""),
    ("map-scale-text", "font-size=\"11\" fill=\"#23201c\""),
    ("map-small", "class=\"map-small\" display=\"none\""),
    ("map-medium", "class=\"map-medium\""),
    ("map-large", "class=\"map-large\" display=\"none\""),
];

/// Which marks are seen at which width of the picture; where a policy forbids
/// it, those of the middle width are.
const STYLE: &str = "@media (max-width:390px){.map-small{display:inline}\
.map-medium{display:none}}@media (min-width:580px){.map-large{display:inline}\
.map-medium{display:none}}";

/// The policy of content that allows the style of such a map, and nothing else.
pub(in crate::web) fn policy_alone() -> String {
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'")
}

/// Draws the map to stand alone; `None` when there is nothing that has a
/// place.
pub(in crate::web) fn draw_alone(state: &AppState, subject: &Subject<'_>) -> Option<String> {
    let mut svg = draw(state, subject)?;
    for (class, look) in LOOKS {
        svg = svg.replace(&format!("class=\"{class}\""), look);
    }
    Some(svg.replacen("</title>", &format!("</title><style>{STYLE}</style>"), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_of_the_map_in_the_style_sheet_has_its_look() {
        let style = include_str!("../static/components.css");
        let classes = style.match_indices(".map").map(|(at, _)| {
            let name = style[at + 1..].split(|c: char| !c.is_ascii_lowercase() && c != '-');
            name.into_iter().next().unwrap_or_default()
        });
        for class in classes {
            assert!(LOOKS.iter().any(|(known, _)| *known == class), "{class}");
        }
    }
}

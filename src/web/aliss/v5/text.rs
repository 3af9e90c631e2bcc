//! Plain paragraphs as HTML, for `description_formatted`.

use crate::web::escape::escape;

/// The text as paragraphs: an empty line ends one, another end of line breaks
/// it. Nothing of the text is taken for markup.
pub(super) fn formatted(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut html = String::with_capacity(text.len() + 16);
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    for paragraph in paragraphs {
        html.push_str("<p>");
        escape(&mut html, paragraph, |letter| match letter {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '>' => Some("&gt;"),
            '"' => Some("&quot;"),
            '\'' => Some("&#39;"),
            '\n' => Some("<br>"),
            _ => None,
        });
        html.push_str("</p>");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_kept_and_markup_is_shown_as_it_is_written() {
        assert_eq!(
            formatted("Tea & talk\nat two\n\n\n<script>"),
            "<p>Tea &amp; talk<br>at two</p><p>&lt;script&gt;</p>"
        );
        assert_eq!(formatted(" \n\n "), "");
    }
}

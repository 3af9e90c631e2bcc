//! Plain paragraphs as HTML, for `description_formatted`.

/// The text as paragraphs: an empty line ends one, another end of line breaks
/// it. Nothing of the text is taken for markup.
pub(super) fn formatted(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs
        .flat_map(|paragraph| ["<p>".to_owned(), escaped(paragraph), "</p>".to_owned()])
        .collect()
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' => html.push_str("<br>"),
            letter => html.push(letter),
        }
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

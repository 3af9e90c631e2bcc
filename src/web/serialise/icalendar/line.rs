//! Content lines: escaped, and folded at 75 octets (RFC 5545, 3.1, 3.3.11).

/// The most octets of a line, its end not counted.
const MOST_OCTETS: usize = 75;

/// Lines of a calendar in the making.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    lines: String,
}

impl Calendar {
    /// A line of ours, without anything from outside.
    pub(super) fn raw(&mut self, line: &str) {
        let mut octets = 0;
        for character in line.chars().filter(|character| !character.is_control()) {
            if octets + character.len_utf8() > MOST_OCTETS {
                self.lines.push_str("\r\n ");
                octets = 1;
            }
            self.lines.push(character);
            octets += character.len_utf8();
        }
        self.lines.push_str("\r\n");
    }

    /// A property whose value is not text, such as an address or a date.
    pub(super) fn value(&mut self, name: &str, value: &str) {
        self.raw(&format!("{name}:{value}"));
    }

    /// A property whose value is text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.raw(&format!("{name}:{}", escaped(text)));
    }

    /// A property whose value is a list of texts; nothing when it is empty.
    pub(super) fn texts<'a>(&mut self, name: &str, texts: impl Iterator<Item = &'a str>) {
        let texts: Vec<String> = texts.map(escaped).collect();
        if !texts.is_empty() {
            self.raw(&format!("{name}:{}", texts.join(",")));
        }
    }

    /// Adds the lines of `other` at the end.
    pub(super) fn append(&mut self, other: Self) {
        self.lines.push_str(&other.lines);
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.lines.into_bytes()
    }
}

/// Text with its special characters escaped; an end of line of any sort is
/// `\n`, other control characters are a blank or nothing.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' | '\r' => escaped.push_str("\\n"),
            '\t' => escaped.push(' '),
            _ if character.is_control() => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;

//! The patterns of robots.txt.
//!
//! Source: RFC 9309, sections 2.2.2 and 2.2.3.

/// A pattern for paths: `*` is anything, `$` at the end is the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// With octets beyond ASCII encoded, and hexadecimal digits in capitals.
    encoded: String,
    /// With what is encoded without need decoded; `None` when that is the
    /// same.
    decoded: Option<String>,
}

/// A path with its query, in both spellings of [`Pattern`].
pub(super) struct Path {
    encoded: String,
    decoded: String,
}

impl Path {
    pub(super) fn new(path: &str) -> Self {
        Self { encoded: capitals(path), decoded: decoded(path) }
    }
}

impl Pattern {
    /// The pattern of a rule; `None` for an empty one, which says nothing.
    pub(super) fn new(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        // Without the slash at its begin it would never match.
        let slash = if text.starts_with(['/', '*', '$']) { "" } else { "/" };
        let encoded = format!("{slash}{}", encoded(text));
        let decoded = decoded(&encoded);
        Some(Self { decoded: (decoded != encoded).then_some(decoded), encoded })
    }

    /// How many octets it has; the longest that matches is taken.
    pub(super) fn length(&self) -> usize {
        self.encoded.len()
    }

    /// Whether it matches the path as it is.
    pub(super) fn matches(&self, path: &Path) -> bool {
        matches(&self.encoded, &path.encoded)
    }

    /// Whether it matches the path once both are decoded as far as they can
    /// be.
    pub(super) fn matches_decoded(&self, path: &Path) -> bool {
        matches(self.decoded.as_ref().unwrap_or(&self.encoded), &path.decoded)
    }
}

/// Takes time in proportion to both lengths at the most, since every part is
/// looked for once, behind the one before.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, is_anchored) =
        pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else {
        return !is_anchored || rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    if is_anchored { rest.ends_with(last) } else { rest.contains(last) }
}

/// With octets beyond ASCII encoded, and hexadecimal digits in capitals.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            encoded.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                encoded.push_str(percent_encoding::percent_encode_byte(byte));
            }
        }
    }
    capitals(&encoded)
}

/// With hexadecimal digits in capitals.
fn capitals(text: &str) -> String {
    rewritten(text, |_| false)
}

/// With letters, digits and the like decoded, which need no encoding.
fn decoded(text: &str) -> String {
    rewritten(text, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// With each encoded octet decoded or in capitals.
fn rewritten(text: &str, is_decoded: fn(u8) -> bool) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        result.push_str(before);
        let byte = from
            .get(1..3)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = byte {
            if is_decoded(byte) {
                result.push(char::from(byte));
            } else {
                result.push_str(percent_encoding::percent_encode_byte(byte));
            }
            rest = &from[3..];
        } else {
            result.push('%');
            rest = &from[1..];
        }
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
#[path = "pattern_tests.rs"]
mod tests;

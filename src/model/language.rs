//! Language tags (BCP 47), by their grammar alone: which languages there are
//! is not known here.

/// Whether `tag` is well-formed (RFC 5646, 2.1), in any case: a language, and
/// after it a script, a region, variants, extensions and a private part, each
/// in its place. The irregular tags of before 2005 are no tags here.
#[must_use]
pub fn is_language_tag(tag: &str) -> bool {
    let is_clean = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if !tag.split('-').all(is_clean) {
        return false;
    }
    let mut parts = tag.split('-').peekable();
    let Some(primary) = parts.next_if(|part| is_letters(part, 2, 8)) else {
        return is_private(parts);
    };
    if primary.len() <= 3 {
        for _ in 0..3 {
            parts.next_if(|part| is_letters(part, 3, 3));
        }
    }
    parts.next_if(|part| is_letters(part, 4, 4));
    parts.next_if(|part| is_letters(part, 2, 2) || is_digits(part, 3));
    let mut variants = Vec::new();
    while let Some(variant) = parts.next_if(|part| is_variant(part)) {
        variants.push(variant.to_ascii_lowercase());
    }
    let mut singletons = Vec::new();
    while let Some(singleton) =
        parts.next_if(|part| part.len() == 1 && !part.eq_ignore_ascii_case("x"))
    {
        singletons.push(singleton.to_ascii_lowercase());
        if parts.next_if(|part| part.len() >= 2).is_none() {
            return false;
        }
        while parts.next_if(|part| part.len() >= 2).is_some() {}
    }
    are_different(&variants)
        && are_different(&singletons)
        && (parts.peek().is_none() || is_private(parts))
}

/// Whether the rest of a tag is a private part.
fn is_private<'a>(mut parts: impl Iterator<Item = &'a str>) -> bool {
    parts.next().is_some_and(|part| part.eq_ignore_ascii_case("x")) && parts.next().is_some()
}

fn is_letters(part: &str, shortest: usize, longest: usize) -> bool {
    (shortest..=longest).contains(&part.len())
        && part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_digits(part: &str, length: usize) -> bool {
    part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_variant(part: &str) -> bool {
    part.len() >= 5 || (part.len() == 4 && part.starts_with(|first: char| first.is_ascii_digit()))
}

/// Whether nothing stands twice among `parts`, of which there are few.
fn are_different(parts: &[String]) -> bool {
    parts.iter().enumerate().all(|(at, part)| !parts[..at].contains(part))
}

#[cfg(test)]
#[path = "language_tests.rs"]
mod tests;

//! Addresses on the web, made whole and safe.

use ::url::Url;
use thiserror::Error;

use super::{Cleaned, shown};

/// The longest address that is taken, in bytes: browsers and servers agree on
/// this much.
const LONGEST: usize = 2_000;

/// Endings of domains by which `example.org/page` is told from a file of the
/// same site; others need `www.` or a scheme.
const DOMAINS: [&str; 14] = [
    "com", "org", "net", "uk", "scot", "eu", "info", "ie", "coop", "wales", "london", "edu", "gov",
    "int",
];

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UrlError {
    /// There is nothing.
    #[error("there is no address")]
    Empty,
    /// It is longer than any that works.
    #[error("the address `{0}` is longer than 2000 bytes")]
    TooLong(String),
    /// It is of a scheme that is not shown as a link.
    #[error("`{0}` is not an http, https, mailto or tel address")]
    Scheme(String),
    /// It is no address at all.
    #[error("`{0}` is not an address")]
    Unreadable(String),
}

/// The address, absolute and in ASCII: relative ones are completed by `base`,
/// `www.` gets a scheme, spaces are encoded, user names and passwords are taken
/// out. Parameters stay as they are.
///
/// # Errors
///
/// [`UrlError`] when it is none, or of another scheme than http, https, mailto
/// and tel.
pub fn complete(text: &str, base: &Url) -> Result<Cleaned<String>, UrlError> {
    absolute(text, base, Relative::IfLikely)
}

/// As [`complete`], for the target of a link, where any word may be a relative
/// address.
///
/// # Errors
///
/// As [`complete`].
pub fn target(text: &str, base: &Url) -> Result<Cleaned<String>, UrlError> {
    absolute(text, base, Relative::Any)
}

/// Which texts are taken as relative addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relative {
    IfLikely,
    Any,
}

fn absolute(text: &str, base: &Url, relative: Relative) -> Result<Cleaned<String>, UrlError> {
    let trimmed = text.trim_matches(|c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '\u{feff}' | '\u{200b}')
    });
    if trimmed.is_empty() {
        return Err(UrlError::Empty);
    }
    if trimmed.len() > LONGEST {
        return Err(UrlError::TooLong(shown(trimmed)));
    }
    let unreadable = || UrlError::Unreadable(shown(trimmed));
    let (candidate, repair) = with_scheme(trimmed).unwrap_or((trimmed.to_owned(), None));
    let mut url = match Url::parse(&candidate) {
        Ok(url) => url,
        Err(::url::ParseError::RelativeUrlWithoutBase)
            if relative == Relative::Any || is_relative(trimmed) =>
        {
            base.join(trimmed).map_err(|_| unreadable())?
        }
        Err(_) => return Err(unreadable()),
    };
    match url.scheme() {
        "http" | "https" if url.has_host() => {}
        "mailto" => {
            let email = super::email::email(url.as_str()).ok_or_else(unreadable)?;
            return Ok(Cleaned { value: format!("mailto:{}", email.value), notes: email.notes });
        }
        "tel" => {
            let number = super::phone::comparable(trimmed).ok_or_else(unreadable)?;
            return Ok(Cleaned::plain(format!("tel:{number}")));
        }
        _ => return Err(UrlError::Scheme(shown(trimmed))),
    }
    let mut cleaned = Cleaned::plain(String::new());
    if !url.username().is_empty() || url.password().is_some() {
        let is_out = url.set_username("").is_ok() && url.set_password(None).is_ok();
        if !is_out {
            return Err(unreadable());
        }
        let host = url.host_str().unwrap_or_default();
        cleaned = Cleaned::noted(
            String::new(),
            "address-with-password",
            format!("a user name or password was taken out of an address of {host}"),
        );
    }
    if let Some(what) = repair {
        cleaned = Cleaned::noted(String::new(), "address-repaired", what);
    }
    cleaned.value = encoded(url.as_str());
    if oxiri::Iri::parse(cleaned.value.as_str()).is_err() || cleaned.value.len() > LONGEST {
        return Err(unreadable());
    }
    Ok(cleaned)
}

/// The address with the scheme that it certainly lacks, and what to say of it.
fn with_scheme(text: &str) -> Option<(String, Option<String>)> {
    let lower = text.to_ascii_lowercase();
    for (broken, scheme) in [
        ("http//", "http://"),
        ("https//", "https://"),
        ("http:\\\\", "http://"),
        ("htpp://", "http://"),
        ("htpps://", "https://"),
        ("hhttp", "http"),
    ] {
        if lower.starts_with(broken) {
            let address = format!("{scheme}{}", text.get(broken.len()..)?);
            return Some((address, Some(format!("`{}` was read with {scheme}", shown(text)))));
        }
    }
    // An address pasted twice: `http://http://example.org`.
    if let Some(rest) = lower.strip_prefix("http://").or_else(|| lower.strip_prefix("https://"))
        && (rest.starts_with("http://") || rest.starts_with("https://"))
    {
        let address = text.get(text.len() - rest.len()..)?.to_owned();
        return Some((address, Some(format!("`{}` has its scheme twice", shown(text)))));
    }
    if let Some(rest) = lower.strip_prefix("webcal://") {
        return Some((format!("https://{}", text.get(text.len() - rest.len()..)?), None));
    }
    let authority = lower.split(['/', '?', '#']).next()?;
    if authority.contains('@') && !lower.contains(':') && !lower.contains('/') {
        return Some((format!("mailto:{text}"), None));
    }
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let has_www = host.strip_prefix("www.").is_some_and(|rest| rest.contains('.'));
    let ending = host.rsplit_once('.').filter(|(name, _)| !name.is_empty()).map(|(_, last)| last);
    let is_domain = ending.is_some_and(|ending| DOMAINS.contains(&ending));
    let is_port = authority.len() == host.len()
        || authority[host.len() + 1..].bytes().all(|byte| byte.is_ascii_digit());
    let is_host = !host.contains(|c: char| c.is_whitespace() || c == '@');
    ((has_www || is_domain) && is_port && is_host).then(|| (format!("http://{text}"), None))
}

/// Whether a text without a scheme can be meant as a part of an address, and
/// is no word such as `n/a` or `none`.
fn is_relative(text: &str) -> bool {
    let is_marked = text.starts_with(['/', '?', '#', '.']) || text.contains(['.', '=']);
    let is_path = text.contains('/') && !text.eq_ignore_ascii_case("n/a");
    (is_marked || is_path) && !text.contains(char::is_whitespace) && text.len() > 1
}

/// The characters that addresses have and IRIs may not, behind the host.
fn encoded(address: &str) -> String {
    let path = address.find("://").map_or(0, |at| at + 3);
    let path = address[path..].find(['/', '?', '#']).map_or(address.len(), |at| path + at);
    let (head, tail) = address.split_at(path);
    let mut encoded = head.to_owned();
    let mut has_fragment = false;
    for character in tail.chars() {
        match character {
            '#' if !has_fragment => {
                has_fragment = true;
                encoded.push('#');
            }
            '[' | ']' | '|' | '^' | '`' | '{' | '}' | '\\' | '"' | '<' | '>' | ' ' | '#' => {
                let mut bytes = [0; 4];
                encoded.extend(percent_encoding::percent_encode(
                    character.encode_utf8(&mut bytes).as_bytes(),
                    percent_encoding::NON_ALPHANUMERIC,
                ));
            }
            _ => encoded.push(character),
        }
    }
    encoded
}

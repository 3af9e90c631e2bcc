//! Whether what came is what was asked for, or what stands before it: a page
//! to log in, a check for robots, an advertisement of the domain.

#[cfg(test)]
mod tests;

use url::Url;

use crate::harvest::document::Document;

use super::error::FetchError;

/// How much of a page is searched for the signs of an obstacle; all of them
/// stand in its head.
const SEARCHED_BYTES: usize = 32 * 1024;
/// Up to which length a page may be an advertisement of its domain, or a login.
const PARKED_BYTES: usize = 64 * 1024;
/// Up to which length a page that asks for a password is nothing else.
const FORM_BYTES: usize = 4 * 1024;

/// What has to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Anything, even nothing: only a check of the address.
    Whatever,
    /// Any document.
    Anything,
    /// A web page.
    Page,
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// iCalendar.
    Calendar,
    /// Anything that a program reads: a table, a data set, RDF; no web page.
    Machine,
}

/// What a document is by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A web page.
    Html,
    /// XML other than a web page.
    Xml,
    /// JSON.
    Json,
    /// iCalendar.
    Calendar,
    /// A zip file, as those of spreadsheets.
    Zip,
    /// A compressed file.
    Compressed,
    /// PDF.
    Pdf,
    /// An image.
    Image,
    /// Another text.
    Text,
    /// Nothing at all.
    Empty,
}

impl Expected {
    /// What an `Accept` header asks for.
    #[must_use]
    pub fn of_accept(accept: &str) -> Self {
        let first = accept.split([',', ';']).next().unwrap_or_default().trim();
        if accept.contains("html") {
            // Formats that stand in pages ask for other things beside.
            return if first.contains("html") { Self::Page } else { Self::Anything };
        }
        if first == "text/calendar" {
            Self::Calendar
        } else if !accept.contains('/') || first == "*/*" {
            Self::Anything
        } else if accept.contains("json") && accept.contains("xml") {
            Self::Machine
        } else if accept.contains("json") {
            Self::Json
        } else if accept.contains("xml") {
            Self::Xml
        } else {
            Self::Machine
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Whatever | Self::Anything => "a document",
            Self::Page => "a web page",
            Self::Json => "JSON",
            Self::Xml => "XML",
            Self::Calendar => "a calendar",
            Self::Machine => "data",
        }
    }
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Html => "a web page",
            Self::Xml => "XML",
            Self::Json => "JSON",
            Self::Calendar => "a calendar",
            Self::Zip => "a zip file",
            Self::Compressed => "a compressed file",
            Self::Pdf => "a PDF file",
            Self::Image => "an image",
            Self::Text => "text",
            Self::Empty => "nothing",
        }
    }
}

/// What `document` is by its first bytes, whatever it is declared as.
#[must_use]
pub fn sniff(document: &Document) -> Kind {
    let head = document.head();
    // Latin text of two bytes each is looked at without its NULs.
    let head: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).take(1024).collect();
    let head = head.strip_prefix(b"\xFF\xFE").or(head.strip_prefix(b"\xFE\xFF")).unwrap_or(&head);
    let lower = head.to_ascii_lowercase();
    match head {
        [] if document.bytes.len() < 1024 => Kind::Empty,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Kind::Zip,
        [0x1F, 0x8B, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] | [b'B', b'Z', b'h', ..] => {
            Kind::Compressed
        }
        [b'%', b'P', b'D', b'F', ..] => Kind::Pdf,
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] | [b'G', b'I', b'F', b'8', ..] => {
            Kind::Image
        }
        [b'<', ..] => markup(&lower),
        [b'{' | b'[', ..] => Kind::Json,
        _ if lower.starts_with(b"begin:vcalendar") => Kind::Calendar,
        _ => Kind::Text,
    }
}

/// Web pages begin with their doctype or an element of theirs, perhaps behind
/// comments and the declaration of XML.
fn markup(lower: &[u8]) -> Kind {
    let mut rest = lower;
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<?") {
            b"?>"
        } else {
            break;
        };
        match rest.windows(end.len()).position(|window| window == end) {
            Some(at) => rest = &rest[at + end.len()..],
            None => return Kind::Xml,
        }
    }
    let is_page =
        ["<!doctype html", "<html", "<head", "<body", "<title", "<meta", "<script", "<div", "<p>"]
            .iter()
            .any(|start| rest.starts_with(start.as_bytes()));
    if is_page { Kind::Html } else { Kind::Xml }
}

/// Whether `document` can be what is expected.
///
/// # Errors
///
/// [`FetchError::Empty`], [`FetchError::Blocked`] or
/// [`FetchError::UnexpectedType`].
pub(super) fn check(document: &Document, expected: Expected) -> Result<(), FetchError> {
    if expected == Expected::Whatever {
        return Ok(());
    }
    let kind = sniff(document);
    if kind == Kind::Empty {
        return Err(FetchError::Empty);
    }
    if let Some(login) = login(&document.url) {
        return Err(FetchError::Blocked(format!("the address is that of the login of {login}")));
    }
    if kind == Kind::Html
        && let Some(sign) = obstacle(document)
    {
        return Err(FetchError::Blocked(sign.to_owned()));
    }
    let fits = match expected {
        Expected::Whatever | Expected::Anything => true,
        Expected::Page => matches!(kind, Kind::Html | Kind::Xml | Kind::Text),
        Expected::Json => !matches!(kind, Kind::Html | Kind::Xml | Kind::Pdf | Kind::Image),
        Expected::Xml => !matches!(kind, Kind::Html | Kind::Json | Kind::Pdf | Kind::Image),
        Expected::Calendar => matches!(kind, Kind::Calendar | Kind::Text),
        Expected::Machine => !matches!(kind, Kind::Html | Kind::Pdf | Kind::Image),
    };
    match (fits, kind) {
        (true, _) => Ok(()),
        // Somebody wants to be looked at by a person first.
        (false, Kind::Html) if expected != Expected::Page => {
            Err(FetchError::Blocked(format!("a web page came instead of {}", expected.name())))
        }
        (false, _) => {
            Err(FetchError::UnexpectedType { expected: expected.name(), found: kind.name() })
        }
    }
}

/// Whether a redirect leads to a login instead of what is expected.
///
/// # Errors
///
/// [`FetchError::Blocked`].
pub(super) fn check_redirect(from: &Url, to: &Url, expected: Expected) -> Result<(), FetchError> {
    if expected == Expected::Whatever {
        return Ok(());
    }
    if let Some(login) = login(to) {
        return Err(FetchError::Blocked(format!("redirected to the login of {login}")));
    }
    if is_login_page(to) && !is_login_page(from) {
        return Err(FetchError::Blocked("redirected to a login".to_owned()));
    }
    Ok(())
}

/// Whether the last part of the path is one that content systems use for
/// their logins.
fn is_login_page(url: &Url) -> bool {
    let last = url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = last.to_ascii_lowercase();
    let name = last.split('.').next().unwrap_or_default();
    matches!(name, "login" | "log-in" | "signin" | "sign-in" | "sign_in" | "wp-login")
}

/// Whose login an address is.
fn login(url: &Url) -> Option<&'static str> {
    match url.domain()? {
        "accounts.google.com" | "consent.google.com" | "consent.youtube.com" => Some("Google"),
        "login.microsoftonline.com" | "login.live.com" => Some("Microsoft"),
        "www.facebook.com" | "m.facebook.com" if url.path().starts_with("/login") => {
            Some("Facebook")
        }
        "login.wordpress.com" => Some("WordPress"),
        _ => None,
    }
}

/// What a page is that stands before the real one; only signs count that no
/// page of a partner has by accident.
fn obstacle(document: &Document) -> Option<&'static str> {
    let head = &document.bytes[..document.bytes.len().min(SEARCHED_BYTES)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let title = title(&head).unwrap_or_default();
    let has = |text: &str| head.contains(text);
    if has("_cf_chl_opt") || has("cf-browser-verification") || title == "just a moment..." {
        return Some("a check for robots by Cloudflare");
    }
    if title == "attention required! | cloudflare" {
        return Some("refused by Cloudflare");
    }
    if has("_incapsula_resource") || has("captcha-delivery.com") || has("awswafintegration") {
        return Some("a check for robots");
    }
    if has("action=\"https://accounts.google.com/") || title.ends_with("google accounts") {
        return Some("a login of Google");
    }
    if document.bytes.len() <= PARKED_BYTES {
        let is_parked = ["sedoparking.com", "parkingcrew.net", "bodis.com/", "window.park ="]
            .iter()
            .any(|sign| head.contains(sign))
            || title.contains("domain is for sale")
            || title.contains("domain for sale")
            || title.contains("buy this domain")
            || title.contains("is parked")
            || (title.contains("for sale") && names_host(title, &document.url));
        if is_parked {
            return Some("the domain is parked or for sale");
        }
        if is_login_form(&head, title, document.bytes.len()) {
            return Some("a login");
        }
    }
    let is_maintenance = ["site maintenance", "maintenance mode", "under maintenance"]
        .iter()
        .any(|sign| title.contains(sign));
    is_maintenance.then_some("a notice of maintenance")
}

/// Whether a title has the name of the host in it.
fn names_host(title: &str, url: &Url) -> bool {
    let host = url.domain().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    !host.is_empty() && title.contains(host)
}

/// Whether a page asks for a password and does nothing else: it says so, or has
/// room for nothing else. Many pages have such a form at their edge; those that
/// are harvested describe something.
fn is_login_form(head: &str, title: &str, bytes: usize) -> bool {
    let asks = ["type=\"password\"", "type='password'", "type=password"]
        .iter()
        .any(|form| head.contains(form));
    let describes = ["application/ld+json", "itemscope", "typeof=", "\"h-", "og:title"]
        .iter()
        .any(|sign| head.contains(sign));
    let is_said = ["sign in", "signin", "sign-in", "log in", "login", "log-in", "log on"]
        .iter()
        .any(|name| title.starts_with(name));
    asks && !describes && (is_said || bytes <= FORM_BYTES)
}

fn title(lower: &str) -> Option<&str> {
    let (_, rest) = lower.split_once("<title")?;
    let (_, rest) = rest.split_once('>')?;
    let (title, _) = rest.split_once('<')?;
    Some(title.trim())
}

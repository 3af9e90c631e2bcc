//! A record's features, made alike so that they can be compared.

use url::Url;

use super::Entity;
use crate::harvest::words;
use crate::model::{Point, Postcode, is_campaign};

/// No more of each feature is looked at: nobody has more names, telephones or
/// sites that tell who he is, and hostile records must not cost more.
const MOST: usize = 20;

/// Hosts where everybody has a page: that two records are there tells nothing.
const SHARED_HOSTS: [&str; 26] = [
    "facebook.com",
    "fb.com",
    "fb.me",
    "twitter.com",
    "x.com",
    "instagram.com",
    "youtube.com",
    "youtu.be",
    "linkedin.com",
    "tiktok.com",
    "pinterest.com",
    "whatsapp.com",
    "zoom.us",
    "eventbrite.com",
    "eventbrite.co.uk",
    "meetup.com",
    "ticketsource.co.uk",
    "google.com",
    "goo.gl",
    "bit.ly",
    "tinyurl.com",
    "linktr.ee",
    "justgiving.com",
    "office.com",
    "aliss.org",
    "mailchi.mp",
];

/// Domains where everybody has an address.
const FREE_MAIL: [&str; 22] = [
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "outlook.com",
    "live.com",
    "live.co.uk",
    "msn.com",
    "yahoo.com",
    "yahoo.co.uk",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "btinternet.com",
    "btopenworld.com",
    "sky.com",
    "virginmedia.com",
    "talktalk.net",
    "protonmail.com",
    "tiscali.co.uk",
];

/// Words in the names of very many things, which tell little of which one.
const COMMON: [&str; 58] = [
    "group",
    "club",
    "society",
    "association",
    "community",
    "centre",
    "center",
    "library",
    "church",
    "hall",
    "school",
    "hospital",
    "park",
    "service",
    "support",
    "project",
    "trust",
    "team",
    "network",
    "partnership",
    "forum",
    "council",
    "scotland",
    "scottish",
    "local",
    "cafe",
    "class",
    "session",
    "drop",
    "meeting",
    "walk",
    "walking",
    "yoga",
    "dance",
    "lunch",
    "coffee",
    "morning",
    "art",
    "craft",
    "music",
    "choir",
    "football",
    "swimming",
    "fitness",
    "toddler",
    "baby",
    "parent",
    "carer",
    "youth",
    "adult",
    "older",
    "person",
    "peer",
    "health",
    "wellbeing",
    "advice",
    "activity",
    "social",
];

/// A record's features, made alike.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    pub(super) kind: String,
    pub(super) source: String,
    pub(super) names: Vec<Name>,
    pub(super) postcodes: Vec<Postcode>,
    pub(super) points: Vec<Point>,
    pub(super) pages: Vec<Page>,
    pub(super) phones: Vec<String>,
    pub(super) emails: Vec<Email>,
    pub(super) identifiers: Vec<(String, String)>,
    /// Addresses of the thing itself, its publisher's and others'.
    pub(super) addresses: Vec<String>,
    pub(super) provider: Option<Name>,
    pub(super) days: super::Days,
}

/// A name: its words in the singular, without small ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) key: String,
    /// Whether one of its words is not in very many names.
    pub(super) is_distinct: bool,
}

/// A page, without what does not tell pages apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) address: String,
    pub(super) host: String,
    /// Whether it is the front page of its host.
    pub(super) is_front: bool,
}

/// An e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Email {
    pub(super) address: String,
    /// Its domain, unless everybody has addresses there.
    pub(super) domain: Option<String>,
}

impl Features {
    pub(super) fn new(entity: &Entity) -> Self {
        let addresses = entity.addresses.iter().chain(&entity.same_as).take(MOST);
        let identifiers = entity.identifiers.iter().take(MOST).filter_map(identifier);
        Self {
            kind: entity.kind.clone(),
            source: entity.source.clone(),
            names: distinct(entity.names.iter().take(MOST).filter_map(|name| Name::new(name))),
            postcodes: distinct(entity.postcodes.iter().take(MOST).copied()),
            points: entity.points.iter().take(MOST).copied().collect(),
            pages: distinct(entity.urls.iter().take(MOST).filter_map(|url| Page::new(url))),
            phones: distinct(entity.phones.iter().take(MOST).filter_map(|text| phone(text))),
            emails: distinct(entity.emails.iter().take(MOST).filter_map(|text| Email::new(text))),
            identifiers: distinct(identifiers),
            addresses: distinct(addresses.filter_map(|text| plain_address(text))),
            provider: entity.provider.as_deref().and_then(Name::new),
            days: entity.days,
        }
    }
}

impl Name {
    pub(super) fn new(text: &str) -> Option<Self> {
        let key = words::key(&words::fold(text));
        let is_distinct = key.split(' ').any(|word| !is_common(word));
        (!key.is_empty()).then_some(Self { key, is_distinct })
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.key.split(' ')
    }
}

/// Whether a word is in the names of very many things.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(&word) || word.len() < 2
}

impl Page {
    fn new(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok().filter(|url| url.scheme().starts_with("http"))?;
        let host = url.host_str()?.trim_start_matches("www.").trim_end_matches('.').to_lowercase();
        if SHARED_HOSTS.iter().any(|shared| is_within(&host, shared)) {
            return None;
        }
        let path = url.path().trim_end_matches('/');
        let path = ["/index.html", "/index.htm", "/index.php", "/default.aspx"]
            .iter()
            .find_map(|index| path.strip_suffix(index))
            .unwrap_or(path);
        let told: Vec<String> = url
            .query_pairs()
            .filter(|(key, _)| !is_campaign(key))
            .take(MOST)
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        let query = if told.is_empty() { String::new() } else { format!("?{}", told.join("&")) };
        let is_front = path.is_empty() && query.is_empty();
        Some(Self { address: format!("{host}{path}{query}"), host, is_front })
    }
}

impl Email {
    fn new(text: &str) -> Option<Self> {
        let address = text.trim().trim_start_matches("mailto:").to_lowercase();
        let domain = address.rsplit_once('@')?.1.to_owned();
        let domain = (!FREE_MAIL.contains(&domain.as_str())).then_some(domain);
        Some(Self { address, domain })
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// A telephone number's digits, a British one beginning with 0; `None` when
/// there are too few to tell whose it is.
fn phone(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("tel:").replace("(0)", "");
    // What is behind a word is an extension or another number.
    let end = text.find(char::is_alphabetic).unwrap_or(text.len());
    let digits: String = text[..end].chars().filter(char::is_ascii_digit).take(MOST).collect();
    let is_abroad = text.starts_with('+') || digits.starts_with("00");
    let bare = digits.trim_start_matches('0');
    let number = match bare.strip_prefix("44").filter(|_| is_abroad || digits.len() == 12) {
        Some(british) => format!("0{british}"),
        None if is_abroad => format!("+{bare}"),
        None => digits,
    };
    (number.len() >= 9).then_some(number)
}

/// Register and number without what is written differently: case, spaces,
/// leading zeros.
fn identifier((register, number): &(String, String)) -> Option<(String, String)> {
    let letters = |text: &str| -> String {
        let characters = text.chars().filter(char::is_ascii_alphanumeric).take(50);
        characters.map(|character| character.to_ascii_uppercase()).collect()
    };
    let register = letters(register);
    let number = letters(number);
    let mut number = number.trim_start_matches('0');
    // Scottish charities are written as SC012345 and as 012345.
    if register == "GBSC" {
        number = number.trim_start_matches("SC").trim_start_matches('0');
    }
    (!number.is_empty()).then(|| (register, number.to_owned()))
}

/// An address of a thing, without what does not tell things apart.
fn plain_address(text: &str) -> Option<String> {
    let rest = text.trim().split_once("://").map(|(_, rest)| rest)?;
    let rest = rest.trim_start_matches("www.").trim_end_matches('/');
    (!rest.is_empty()).then(|| rest.to_owned())
}

fn distinct<T: PartialEq>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    for value in values {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}

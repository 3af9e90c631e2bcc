//! OAI-PMH 2.0 with Dublin Core:
//! <https://www.openarchives.org/OAI/openarchivesprotocol.html>.
//!
//! Shape: `<OAI-PMH><responseDate/><request/><ListRecords><record><header/>
//! <metadata><oai_dc:dc/></metadata></record>…<resumptionToken/>`. Each record
//! becomes a resource. A listing goes on with its token; the next run asks for
//! what changed since the day before the first answer, by the server's own
//! clock. Only that first page knows which set was asked for, so only it gives
//! the address to resume from. A repository is known by its base address; what
//! is asked of it there is for us to add.

use jiff::ToSpan;
use serde_json::{Value as Json, json};
use url::Url;

use super::{Format, Listing, Reading};
use crate::harvest::clean::date;
use crate::harvest::document::Document;
use crate::harvest::encoding;
use crate::harvest::extraction::{Draft, Extraction, Follow, Problem, Role, State, Term};
use crate::harvest::licence;
use crate::harvest::xml::{self, Element, Event, Reader, Tag, XmlError};

/// Records of one answer; repositories give 100 to 1,000.
const MOST_RECORDS: usize = 50_000;
/// Values of one Dublin Core element that are taken.
const MOST_VALUES: usize = 50;
/// How far the next run looks back before the server's clock: more than a run
/// lasts, and the coarsest granularity there is.
const OVERLAP_DAYS: i64 = 1;
/// The only metadata that every repository must have.
const PREFIX: &str = "oai_dc";

/// Answers of OAI-PMH repositories.
pub(super) const FORMAT: Format = Format {
    name: "oai-pmh",
    label: "OAI-PMH",
    specification: "https://www.openarchives.org/OAI/openarchivesprotocol.html",
    accept: "text/xml, application/xml;q=0.9",
    listing: Listing::Changes,
    recognises,
    extract,
};

/// The address at which a repository is begun with: its base address asks
/// nothing yet.
pub(super) fn beginning(url: &Url) -> Url {
    if has_verb(url) { url.clone() } else { asking(url, "Identify") }
}

fn has_verb(url: &Url) -> bool {
    url.query_pairs().any(|(name, _)| name == "verb")
}

fn asking(url: &Url, verb: &str) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url.query_pairs_mut().append_pair("verb", verb);
    url
}

fn recognises(document: &Document) -> u8 {
    let head = String::from_utf8_lossy(document.head());
    let is_root = |name: &str| head.contains(&format!("<{name}")) || head.contains(":OAI-PMH");
    if head.starts_with('<') && is_root("OAI-PMH") { 95 } else { 0 }
}

fn extract(document: &Document, reading: &Reading<'_>) -> Extraction {
    let decoded = encoding::decode(document);
    let mut answer = Answer {
        document,
        reading,
        responded: None,
        is_first: true,
        extraction: Extraction::default(),
    };
    answer.extraction.problems.extend(decoded.warnings);
    match answer.read(&decoded.text) {
        Ok(true) => {}
        Ok(false) => {
            let what = "this is no answer of an OAI-PMH repository";
            answer.extraction.problems.push(Problem::broken("bad-answer", "", what));
        }
        Err(error) => {
            let what = format!("the answer can't be read on: {error}");
            answer.extraction.problems.push(Problem::broken("bad-xml", "", what));
        }
    }
    answer.extraction
}

/// What was read of an answer so far.
struct Answer<'a> {
    document: &'a Document,
    reading: &'a Reading<'a>,
    /// The server's clock, as it wrote it.
    responded: Option<String>,
    /// Whether it is not the answer to a token.
    is_first: bool,
    extraction: Extraction,
}

impl Answer<'_> {
    /// Reads all; false when there was nothing of the protocol in it.
    fn read(&mut self, text: &str) -> Result<bool, XmlError> {
        let mut reader = Reader::new(text);
        let mut is_answer = false;
        self.is_first = !self.document.url.query_pairs().any(|(name, _)| name == "resumptionToken");
        while let Some(event) = reader.next()? {
            let Event::Open(tag) = event else { continue };
            match tag.name.as_str() {
                "responseDate" => {
                    self.responded = reader.element(tag)?.words().map(str::to_owned);
                }
                "request" => {
                    self.is_first &= tag.attribute("resumptionToken").is_none();
                }
                "ListRecords" | "GetRecord" | "ListIdentifiers" => is_answer = true,
                "Identify" => {
                    is_answer = true;
                    self.identify(&reader.element(tag)?);
                }
                "error" => {
                    is_answer = true;
                    self.error(&reader.element(tag)?);
                }
                "record" => {
                    is_answer = true;
                    if self.extraction.drafts.len() >= MOST_RECORDS {
                        let what =
                            format!("there are more than {MOST_RECORDS} records in one answer");
                        let at = format!("line {}", tag.line);
                        self.extraction.problems.push(Problem::broken("too-many", at, what));
                        return Ok(true);
                    }
                    self.record(&mut reader, tag)?;
                }
                "resumptionToken" => self.token(&reader.element(tag)?),
                _ => {}
            }
        }
        if is_answer && self.is_first {
            self.resume();
        }
        Ok(is_answer)
    }

    /// Whether the repository was asked nothing: by its base address.
    fn is_base(&self) -> bool {
        !has_verb(&self.document.url)
    }

    /// An address of the same repository, with these arguments.
    fn request(&self, arguments: &[(&str, &str)]) -> Url {
        let mut url = self.document.url.clone();
        url.set_fragment(None);
        url.query_pairs_mut().clear().extend_pairs(arguments);
        url
    }

    /// The repository describes itself: its records come next.
    fn identify(&mut self, identify: &Element) {
        self.extraction.about.title = identify.words_of("repositoryName").map(str::to_owned);
        // Those of `no` and `transient` are not told, or not for ever.
        let kept = identify.words_of("deletedRecord").map(str::to_ascii_lowercase);
        self.extraction.about.tells_deletions = match kept.as_deref() {
            Some("persistent") => Some(true),
            Some("no" | "transient") => Some(false),
            _ => None,
        };
        let url = self.request(&[("verb", "ListRecords"), ("metadataPrefix", PREFIX)]);
        self.extraction.follow.push(Follow { url, role: Role::Part, format: Some(FORMAT.name) });
    }

    fn error(&mut self, error: &Element) {
        let code = error.tag.attribute("code").unwrap_or("unknown");
        let said = error.words().unwrap_or("nothing more");
        let at = format!("line {}", error.tag.line);
        let what = format!("the repository answers `{code}`: {said}");
        let problem = match code {
            // Nothing has changed: no error for us.
            "noRecordsMatch" => return,
            "badVerb" if self.is_base() => {
                let url = asking(&self.document.url, "Identify");
                let role = Role::Part;
                self.extraction.follow.push(Follow { url, role, format: Some(FORMAT.name) });
                return;
            }
            "badResumptionToken" => Problem::broken("bad-resumption-token", at, what)
                .advice("The listing is read again from its beginning."),
            "noSetHierarchy" | "badArgument" | "badVerb" | "cannotDisseminateFormat" => {
                Problem::broken("bad-request", at, what).advice(
                    "Check the address: it needs verb=ListRecords and metadataPrefix=oai_dc.",
                )
            }
            _ => Problem::broken("refused", at, what),
        };
        self.extraction.problems.push(problem);
    }

    fn token(&mut self, token: &Element) {
        let size =
            token.tag.attribute("completeListSize").and_then(|size| size.trim().parse().ok());
        self.extraction.announced = size.or(self.extraction.announced);
        let Some(token) = token.words() else { return };
        let url = self.request(&[("verb", "ListRecords"), ("resumptionToken", token)]);
        if url == self.document.url {
            let what = "the answer to a token has the same token";
            self.extraction.problems.push(Problem::broken("paging-loop", "", what));
            return;
        }
        self.extraction.follow.push(Follow { url, role: Role::Next, format: Some(FORMAT.name) });
    }

    /// From when the next run asks.
    fn resume(&mut self) {
        let pairs: Vec<(String, String)> = self
            .document
            .url
            .query_pairs()
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let is_listing = pairs.iter().any(|(name, value)| name == "verb" && value == "ListRecords");
        let day = self.responded.as_deref().and_then(|text| date::date(text).ok());
        let from = day.and_then(|day| day.checked_sub(OVERLAP_DAYS.days()).ok());
        let (true, Some(from)) = (is_listing, from) else { return };
        let from = from.to_string();
        let mut arguments: Vec<(&str, &str)> = pairs
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "from" | "until"))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        arguments.push(("from", &from));
        self.extraction.resume = Some(self.request(&arguments));
    }

    fn record(&mut self, reader: &mut Reader<'_>, tag: Tag) -> Result<(), XmlError> {
        let record = reader.element(tag)?;
        let at = format!("line {}", record.tag.line);
        let header = record.child("header");
        let Some((header, key)) =
            header.and_then(|header| Some((header, header.words_of("identifier")?)))
        else {
            let what = "a record has no identifier in its header";
            self.extraction.problems.push(Problem::error("no-key", at, what));
            return Ok(());
        };
        let mut draft = Draft::new("resource", key, at.clone());
        draft.modified = header.words_of("datestamp").map(str::to_owned);
        if header.tag.attribute("status") == Some("deleted") {
            draft.state = State::Deleted;
            self.extraction.drafts.push(draft);
            return Ok(());
        }
        let metadata = record.child("metadata").and_then(|metadata| metadata.child("dc"));
        let Some(metadata) = metadata else {
            let what = "the record has no Dublin Core metadata";
            let problem = Problem::error("no-metadata", at, what).of(key);
            self.extraction.problems.push(problem.advice("Ask with metadataPrefix=oai_dc."));
            return Ok(());
        };
        describe(metadata, &mut draft, self.reading, &mut self.extraction.problems);
        self.extraction.drafts.push(draft);
        Ok(())
    }
}

/// Dublin Core → the fields of a resource.
fn describe(
    metadata: &Element,
    draft: &mut Draft,
    reading: &Reading<'_>,
    problems: &mut Vec<Problem>,
) {
    let values = |name: &str| -> Vec<&str> {
        let of_name = metadata.children_called(name);
        of_name.filter_map(Element::words).take(MOST_VALUES).collect()
    };
    let key = draft.key.clone();
    draft.set("name", titles(metadata, reading));
    draft.set("description", values("description").join("\n\n"));
    let authors: Vec<Json> = values("creator").iter().map(|name| json!({"name": name})).collect();
    draft.set("authors", authors);
    draft.set("resourceType", resource_type(&values("type")));
    let dates = values("date");
    let published = dates.iter().filter_map(|text| date::partial_date(text).ok()).min();
    if published.is_none()
        && let Some(text) = dates.first()
    {
        let what = format!("`{text}` is no date");
        problems.push(Problem::error("bad-date", draft.at.clone(), what).of(key.clone()));
    }
    draft.set("published", published);
    draft.set("url", values("identifier").iter().find_map(|text| address(text)));
    if !draft.fields.contains_key("url") {
        let what = "none of its identifiers is an address on the web";
        problems.push(
            Problem::error("no-url", draft.at.clone(), what)
                .advice("Give the address of its page in `dc:identifier`.")
                .of(key),
        );
    }
    draft.set("mediaType", values("format").iter().find_map(|text| media_type(text)));
    let languages = values("language").into_iter().filter_map(language);
    draft.set("languages", languages.map(Json::from).collect::<Vec<_>>());
    let rights = values("rights");
    draft.use_terms = licence::terms(rights.iter().filter_map(|said| licence::read(said)));
    draft.set("licence", values("rights").iter().find_map(|text| web_address(text)));
    for subject in values("subject") {
        draft.terms.push(Term {
            field: "topics".to_owned(),
            label: subject.to_owned(),
            ..Term::default()
        });
    }
}

/// The title: as a text, or by language when several say theirs.
fn titles(metadata: &Element, reading: &Reading<'_>) -> Json {
    let mut plain = None;
    let mut by_language = serde_json::Map::new();
    for title in metadata.children_called("title").take(MOST_VALUES) {
        let Some(words) = title.words() else { continue };
        match title.tag.attribute_of(xml::XML, "lang").and_then(language) {
            Some(language) => {
                by_language.entry(language).or_insert_with(|| Json::from(words));
            }
            None => plain = plain.or(Some(words)),
        }
    }
    match (plain, by_language.len()) {
        (Some(plain), 0) => Json::from(plain),
        (Some(plain), _) => {
            by_language.entry(reading.language).or_insert_with(|| Json::from(plain));
            Json::Object(by_language)
        }
        (None, 0) => Json::Null,
        (None, _) => Json::Object(by_language),
    }
}

/// The sort of resource, by the words that repositories use; an article when
/// they say nothing that is known.
fn resource_type(types: &[&str]) -> &'static str {
    const WORDS: [(&str, &str); 11] = [
        ("case study", "case-study-collection"),
        ("thesis", "research-report"),
        ("dissertation", "research-report"),
        ("report", "research-report"),
        ("working paper", "research-report"),
        ("toolkit", "toolkit"),
        ("guid", "guide"),
        ("policy", "policy-document"),
        ("brief", "briefing"),
        ("book", "book"),
        ("conference", "event-record"),
    ];
    let said: Vec<String> = types.iter().map(|text| text.to_lowercase()).collect();
    let known = WORDS.iter().find(|(word, _)| said.iter().any(|text| text.contains(word)));
    known.map_or("article", |(_, slug)| slug)
}

/// The address of an identifier: an address, a DOI or a handle.
fn address(text: &str) -> Option<String> {
    if let Some(address) = web_address(text) {
        return Some(address);
    }
    let doi =
        text.strip_prefix("doi:").or_else(|| text.strip_prefix("DOI:")).unwrap_or(text).trim();
    let is_doi = doi.starts_with("10.") && doi.contains('/') && !doi.contains(char::is_whitespace);
    is_doi.then(|| format!("https://doi.org/{doi}"))
}

fn web_address(text: &str) -> Option<String> {
    let is_web = text.starts_with("http://") || text.starts_with("https://");
    (is_web && !text.contains(char::is_whitespace)).then(|| text.to_owned())
}

fn media_type(text: &str) -> Option<String> {
    let (kind, rest) = text.split_once('/')?;
    let known = ["application", "text", "image", "audio", "video"].contains(&kind);
    let is_plain = !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-".contains(&byte));
    (known && is_plain).then(|| text.to_owned())
}

/// A BCP 47 tag; the three letters that libraries write for the languages of
/// Scotland are made two.
fn language(text: &str) -> Option<String> {
    let text = text.trim().replace('_', "-");
    let tag = match text.to_ascii_lowercase().as_str() {
        "eng" | "english" => "en".to_owned(),
        "gla" => "gd".to_owned(),
        "gle" => "ga".to_owned(),
        _ => text,
    };
    let (first, rest) = tag.split_once('-').unwrap_or((&tag, ""));
    let is_primary =
        (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    let is_rest = rest.is_empty()
        || rest.split('-').all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    (is_primary && is_rest).then(|| {
        let first = first.to_ascii_lowercase();
        if rest.is_empty() { first } else { format!("{first}-{rest}") }
    })
}

#[cfg(test)]
#[path = "oai_pmh_tests.rs"]
mod tests;

//! The JSON-LD contexts that are kept in memory.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

use oxigraph::io::{JsonLdProfile, LoadedDocument, RdfFormat};

/// Every address under which the context of schema.org is asked for.
const SCHEMA_ORG: [&str; 6] = [
    "http://schema.org",
    "http://schema.org/",
    "https://schema.org",
    "https://schema.org/",
    "http://schema.org/docs/jsonldcontext.jsonld",
    "https://schema.org/docs/jsonldcontext.jsonld",
];

/// Properties of schema.org whose values are links, as its own context has
/// them; those that a register of communities meets.
///
/// Source: <https://schema.org/docs/jsonldcontext.jsonld>.
const LINKS: [&str; 14] = [
    "url",
    "sameAs",
    "image",
    "logo",
    "license",
    "contentUrl",
    "embedUrl",
    "thumbnailUrl",
    "hasMap",
    "map",
    "additionalType",
    "acceptsReservations",
    "availability",
    "eventStatus",
];

/// The contexts that documents may name, by address.
#[derive(Debug, Clone)]
pub struct Contexts {
    documents: Arc<HashMap<String, Vec<u8>>>,
}

/// What a parser asks for the document at an address.
type Loaded = Result<LoadedDocument, Box<dyn Error + Send + Sync>>;

impl Contexts {
    /// The one of schema.org, and those `own`: pairs of an address and the
    /// document there, `{"@context": …}`.
    #[must_use]
    pub fn new<'a>(own: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut documents = HashMap::new();
        let schema = schema_org();
        for address in SCHEMA_ORG {
            documents.insert(address.to_owned(), schema.clone().into_bytes());
        }
        for (address, document) in own {
            documents.insert(address.to_owned(), document.as_bytes().to_vec());
        }
        Self { documents: Arc::new(documents) }
    }

    /// A loader that knows these contexts and leaves in `unknown` the address
    /// of one that it doesn't.
    pub(super) fn loader(
        &self,
        unknown: Arc<Mutex<Option<String>>>,
    ) -> impl Fn(&str) -> Loaded + use<> {
        let documents = Arc::clone(&self.documents);
        move |address| {
            let Some(content) = documents.get(address).cloned() else {
                *unknown.lock().unwrap_or_else(PoisonError::into_inner) = Some(address.to_owned());
                return Err("unknown context".into());
            };
            let format = RdfFormat::JsonLd { profile: JsonLdProfile::Context.into() };
            Ok(LoadedDocument { url: address.to_owned(), content, format })
        }
    }
}

impl Default for Contexts {
    /// The one of schema.org alone.
    fn default() -> Self {
        Self::new([])
    }
}

/// The context of schema.org, as far as it changes what a document says: the
/// vocabulary, `id` and `type`, and which values are links. Its names are
/// written with https, as the register does.
fn schema_org() -> String {
    let mut document = String::from(
        r#"{"@context":{"@vocab":"https://schema.org/","schema":"https://schema.org/","id":"@id","type":"@type""#,
    );
    for property in LINKS {
        write!(document, r#","{property}":{{"@id":"schema:{property}","@type":"@id"}}"#)
            .expect("writing to a string can't fail");
    }
    document.push_str("}}");
    document
}

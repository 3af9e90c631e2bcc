//! A document as a partner serves it, before anything is read from it.

use jiff::Timestamp;
use url::Url;

/// One representation: fetched, decompressed and within its limits, or read
/// from a file.
#[derive(Debug, Clone)]
pub struct Document {
    /// The address that answered, after redirects; relative addresses in it
    /// are completed with this one.
    pub url: Url,
    /// The declared media type in lower case without parameters, such as
    /// `text/html`; `None` when none was declared.
    pub media_type: Option<String>,
    /// The declared `charset` parameter.
    pub charset: Option<String>,
    /// The content, decompressed.
    pub bytes: Vec<u8>,
    /// When it was retrieved.
    pub retrieved_at: Timestamp,
}

impl Document {
    /// The first bytes, without white space and byte order mark before them:
    /// enough to tell a format by.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        let bytes = self.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.bytes);
        let start =
            bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(bytes.len());
        &bytes[start..bytes.len().min(start + 2048)]
    }

    /// Whether the declared media type is one of `types`.
    #[must_use]
    pub fn is_declared(&self, types: &[&str]) -> bool {
        self.media_type.as_deref().is_some_and(|declared| types.contains(&declared))
    }
}

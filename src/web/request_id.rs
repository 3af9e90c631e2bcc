//! The id of a request, in logs and answers.

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use http::HeaderValue;

/// 32 hexadecimal digits that tell a request from others.
///
/// In the extensions of each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The trace id of the `traceparent` header (W3C Trace Context, 3.2), so
    /// that our logs join those of the caller; a random one when there is
    /// none.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let parent = headers.get("traceparent").and_then(|parent| parent.to_str().ok());
        let trace = parent.and_then(trace_id);
        Self(trace.map_or_else(|| format!("{:032x}", fastrand::u128(..)).into(), Into::into))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn to_header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("digits can stand in a header")
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The second field of `version-trace-parent-flags`; all zeros is not valid.
fn trace_id(parent: &str) -> Option<&str> {
    let mut fields = parent.split('-');
    let (version, trace) = (fields.next()?, fields.next()?);
    let hexadecimal =
        |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let valid = version.len() == 2
        && hexadecimal(version)
        && version != "ff"
        && trace.len() == 32
        && hexadecimal(trace)
        && trace.bytes().any(|byte| byte != b'0')
        && fields.count() >= 2;
    valid.then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(parent: &str) -> RequestId {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", HeaderValue::from_str(parent).unwrap());
        RequestId::of(&headers)
    }

    #[test]
    fn takes_the_trace_of_the_caller() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(id(parent).as_str(), "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    #[test]
    fn makes_one_when_the_callers_is_not_valid() {
        for parent in [
            "",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-<script>-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736",
        ] {
            let made = id(parent);
            assert_eq!(made.as_str().len(), 32, "{parent}");
            assert!(!parent.contains(made.as_str()));
        }
        assert_ne!(RequestId::of(&HeaderMap::new()), RequestId::of(&HeaderMap::new()));
    }
}

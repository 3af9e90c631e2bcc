//! Files in brotli, packed once and as small as can be: what is packed anew for
//! each answer is packed fast, and then gzip is as small.

use std::io::Write as _;

use brotli::CompressorWriter;
use bytes::Bytes;
use http::{HeaderMap, header};

/// The highest quality, and a window that holds each file whole.
const QUALITY: u32 = 11;
const WINDOW: u32 = 18;

/// `content` in brotli (RFC 7932).
pub(super) fn brotli(content: &[u8]) -> Bytes {
    let mut writer = CompressorWriter::new(Vec::new(), 4_096, QUALITY, WINDOW);
    writer.write_all(content).expect("the memory takes all that is written");
    writer.into_inner().into()
}

/// Whether a request takes brotli, and nothing else rather.
pub(super) fn takes_brotli(asked: &HeaderMap) -> bool {
    let values = asked.get_all(header::ACCEPT_ENCODING).iter();
    let members = values.filter_map(|value| value.to_str().ok()).flat_map(|it| it.split(','));
    let weights: Vec<(&str, f32)> = members.map(weight).collect();
    let of = |name: &str| weights.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let Some((_, brotli)) = of("br") else { return false };
    *brotli > 0.0 && weights.iter().all(|(_, other)| other <= brotli)
}

/// The name and weight of a member of `Accept-Encoding` (RFC 9110, 12.5.3).
fn weight(member: &str) -> (&str, f32) {
    let (name, rest) = member.split_once(';').unwrap_or((member, ""));
    let weight = rest.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse().ok());
    (name.trim(), weight.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn brotli_is_sent_to_those_who_take_it_and_nothing_else_rather() {
        for (accept, takes) in [
            ("gzip, deflate, br, zstd", true),
            ("gzip;q=0.8, BR", true),
            ("br;q=0.5, gzip", false),
            ("br;q=0, gzip", false),
            ("gzip", false),
            ("", false),
        ] {
            let mut asked = HeaderMap::new();
            asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accept));
            assert_eq!(takes_brotli(&asked), takes, "{accept}");
        }
        assert!(!takes_brotli(&HeaderMap::new()));
    }
}

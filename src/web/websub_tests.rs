//! Tests of [`websub`](super).

use super::*;

#[test]
fn the_own_address_of_a_delivery_is_found_among_its_links() {
    for (value, expected) in [
        ("<https://a.scot/feed>; rel=\"self\"", Some("https://a.scot/feed")),
        (
            "<https://hub.scot/>; rel=hub, <https://a.scot/f,eed>; rel=self",
            Some("https://a.scot/f,eed"),
        ),
        ("<https://a.scot/feed>;type=x;rel=\"alternate self\"", Some("https://a.scot/feed")),
        ("<https://hub.scot/>; rel=\"hub\"", None),
        ("nothing", None),
    ] {
        let headers = HeaderMap::from_iter([(header::LINK, HeaderValue::from_static(value))]);
        assert_eq!(own(&headers).as_deref(), expected, "{value}");
    }
}

//! Tests of [`address`](super).

use super::*;

#[test]
fn parameters_are_added_and_removed_one_by_one() {
    let uri: http::Uri = "/search?q=a+b&near=&topic=x&topic=y&page=2".parse().unwrap();
    let address = Address::of(&uri);
    assert_eq!(address.to_string(), "/search?q=a+b&topic=x&topic=y&page=2");
    assert_eq!(
        address.without("topic", "x").set("page", None).to_string(),
        "/search?q=a+b&topic=y"
    );
    assert_eq!(address.set("page", Some("3")).value("page"), Some("3"));
    assert_eq!(Address::new("/a").with("q", "<&>").to_string(), "/a?q=%3C%26%3E");
}

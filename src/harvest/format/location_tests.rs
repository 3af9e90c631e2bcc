//! Tests of [`location`](super).

use super::*;

#[track_caller]
fn check(text: &str, name: Option<&str>, postcode: Option<&str>, is_online: bool) {
    let read = of_text(text);
    let get = |key: &str| read.location.as_ref()?.get(key)?.as_str().map(str::to_owned);
    assert_eq!((get("name").as_deref(), get("postcode").as_deref()), (name, postcode), "{text}");
    assert_eq!(read.is_online, is_online, "{text}");
}

#[test]
fn a_line_is_a_name_and_perhaps_a_postcode() {
    check(
        "Leith Community Centre\n, Edinburgh  eh6 8rg,",
        Some("Leith Community Centre , Edinburgh eh6 8rg"),
        Some("EH6 8RG"),
        false,
    );
    check("Kirkton Hall, G12 8QQ, UK", Some("Kirkton Hall, G12 8QQ, UK"), Some("G12 8QQ"), false);
    check("Room EH1", Some("Room EH1"), None, false);
}

#[test]
fn what_is_online_is_no_place() {
    check("https://us02web.zoom.us/j/1", None, None, true);
    check("Online", None, None, true);
    check(" ", None, None, false);
}

#[test]
fn positions_are_on_earth_and_known() {
    assert_eq!(position(55.9, -3.2), Some((55.9, -3.2)));
    for (latitude, longitude) in [(0.0, 0.0), (91.0, 0.0), (f64::NAN, 1.0), (1.0, 181.0)] {
        assert_eq!(position(latitude, longitude), None);
    }
}

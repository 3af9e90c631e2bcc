//! Tests of [`base`](super).

use super::*;

#[test]
fn an_address_is_a_scheme_a_host_and_perhaps_a_port() {
    for good in ["https://kist.example", "http://127.0.0.1:8080/", "https://kist.example//"] {
        assert_eq!(Base::new(good).unwrap().as_str(), good.trim_end_matches('/'));
    }
    for bad in [
        "https://kist.example/register",
        "https://kist.example?a",
        "https://kist.example/#a",
        "ftp://kist.example",
        "kist.example",
        "",
    ] {
        assert_eq!(Base::new(bad), Err(BaseError(bad.to_owned())));
    }
}

#[test]
fn a_record_is_known_by_its_thing_and_by_its_page() {
    let base = Base::new("https://kist.example").unwrap();
    for address in ["/id/asset/tea", "/asset/tea", "/asset/tea?lang=gd", "/id/asset/tea#at"] {
        let found = base.addressed(&format!("https://kist.example{address}"));
        assert_eq!(found, Some(RecordId::new("asset", "tea").unwrap()), "{address}");
    }
    for other in ["https://kist.example", "https://kist.example.org/asset/tea", "/asset/tea", "tea"]
    {
        assert_eq!(base.addressed(other), None, "{other}");
    }
}

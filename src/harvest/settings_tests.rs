//! Tests of [`settings`](super).

use super::*;

#[test]
fn addresses_are_taken_as_people_write_them() {
    let check = |text: &str, expected: &str| assert_eq!(address(text).unwrap().as_str(), expected);
    check(" https://Partner.example/a b#top ", "https://partner.example/a%20b");
    check("HTTPS://partner.example", "https://partner.example/");
    check("partner.example", "https://partner.example/");
    check("webcal://partner.example/all.ics", "https://partner.example/all.ics");
    check("https://bücher.example/", "https://xn--bcher-kva.example/");
    for refused in [
        "",
        "ftp://partner.example/",
        "javascript:alert(1)",
        "http://me:s3cret@partner.example/",
        "me:s3cret@partner.example",
        "http://me:s3cret@[partner.example/",
    ] {
        let why = address(refused).unwrap_err().to_string();
        assert!(!why.contains("s3cret"), "{why}");
    }
}

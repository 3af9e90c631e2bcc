//! Tests of [`policy`](super).

use super::*;

#[track_caller]
fn check(url: &str, expected: &str) {
    let policy = Policy::new(&["register.internal:8081".to_owned()], &[8000]).unwrap();
    let found = policy.check(&url.parse().unwrap());
    let found = match &found {
        Ok(Reach::Public) => "public",
        Ok(Reach::Any) => "any",
        Err(forbidden) => forbidden.code(),
    };
    assert_eq!(found, expected, "{url}");
}

#[test]
fn public_hosts_at_the_ports_of_the_web_are_allowed() {
    for url in [
        "http://example.scot/",
        "https://example.scot/",
        "https://example.scot:8443/a?b=c",
        "http://example.scot:8080/",
        "http://example.scot:8000/",
        "https://8.8.8.8/",
        "http://[2606:4700::1111]/",
        "https://café.example.scot/",
    ] {
        check(url, "public");
    }
}

#[test]
fn every_spelling_of_a_private_address_is_refused() {
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://0.0.0.0/",
        "http://0/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127.0.0.1./",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://0251.0376.0251.0376/",
        "http://2852039166/",
        "http://%31%32%37.0.0.1/",
    ] {
        check(url, "forbidden-address");
    }
}

#[test]
fn other_schemes_user_names_and_ports_are_refused() {
    for (url, code) in [
        ("file:///etc/passwd", "forbidden-scheme"),
        ("gopher://example.scot/", "forbidden-scheme"),
        ("ftp://example.scot/", "forbidden-scheme"),
        ("data:text/plain,a", "forbidden-scheme"),
        ("http://example.scot@10.0.0.1/", "forbidden-credentials"),
        ("http://user:secret@example.scot/", "forbidden-credentials"),
        ("http://:secret@example.scot/", "forbidden-credentials"),
        ("http://example.scot:22/", "forbidden-port"),
        ("https://example.scot:6379/", "forbidden-port"),
        ("http://./", "forbidden-url"),
    ] {
        check(url, code);
    }
}

#[test]
fn a_host_that_the_operator_names_may_be_private_at_its_port_only() {
    check("http://register.internal:8081/", "any");
    check("http://REGISTER.internal.:8081/", "any");
    check("http://register.internal/", "public");
    check("http://register.internal:8082/", "forbidden-port");
}

#[test]
fn a_named_host_without_a_port_is_open_at_those_of_the_web_and_at_all_by_an_asterisk() {
    let hosts = ["127.0.0.1".to_owned(), "everything.internal:*".to_owned()];
    let policy = Policy::new(&hosts, &[8000]).unwrap();
    for (url, expected) in [
        ("http://127.0.0.1/", Ok(Reach::Any)),
        ("https://127.0.0.1/", Ok(Reach::Any)),
        ("http://127.0.0.1:8080/", Ok(Reach::Any)),
        ("https://127.0.0.1:8443/", Ok(Reach::Any)),
        ("http://127.0.0.1:8000/", Ok(Reach::Any)),
        ("http://127.0.0.1:22/", Err("forbidden-port")),
        ("http://127.0.0.1:6379/", Err("forbidden-port")),
        ("http://everything.internal:22/", Ok(Reach::Any)),
    ] {
        let found = policy.check(&url.parse().unwrap());
        assert_eq!(found.map_err(|forbidden| forbidden.code()), expected, "{url}");
    }
}

#[test]
fn addresses_are_read_as_people_write_them() {
    for (text, expected) in [
        (" HTTPS://Example.SCOT/A b#c \r\n", Some("https://example.scot/A%20b")),
        ("example.scot/feed", Some("https://example.scot/feed")),
        ("example.scot:8080/feed", Some("https://example.scot:8080/feed")),
        ("http://café.example.scot", Some("http://xn--caf-dma.example.scot/")),
        ("webcal://example.scot/a.ics", Some("https://example.scot/a.ics")),
        ("WebCal://example.scot/a.ics", Some("https://example.scot/a.ics")),
        ("feed:http://example.scot/rss", Some("http://example.scot/rss")),
        ("feed://example.scot/rss", Some("https://example.scot/rss")),
        ("mailto:a@example.scot", None),
        ("javascript:alert(1)", None),
        ("ftp://example.scot/", None),
        ("", None),
        ("https://", None),
    ] {
        let found = read_address(text).ok();
        assert_eq!(found.as_ref().map(Url::as_str), expected, "{text}");
    }
}

#[test]
fn an_address_without_end_is_refused() {
    check(&format!("http://example.scot/{}", "a".repeat(MAX_URL_BYTES)), "forbidden-url");
}

//! Tests of [`host_list`](super).

use super::*;

#[test]
fn hosts_are_read_as_operators_write_them() {
    for (text, expected) in [
        ("127.0.0.1", Some(("127.0.0.1", Ports::Unsaid))),
        ("127.0.0.1:80", Some(("127.0.0.1", Ports::One(80)))),
        ("127.0.0.1:*", Some(("127.0.0.1", Ports::All))),
        ("[::1]:8080", Some(("::1", Ports::One(8080)))),
        ("[::1]:*", Some(("::1", Ports::All))),
        ("::1", Some(("::1", Ports::Unsaid))),
        (" Intranet.Example. ", Some(("intranet.example", Ports::Unsaid))),
        ("intranet.example:80:*", None),
        ("intranet.example:8*", None),
        (":*", None),
        ("", None),
    ] {
        let expected = expected.map(|(host, ports)| (host.to_owned(), ports));
        assert_eq!(parsed(text), expected, "{text}");
    }
}

#[test]
fn a_host_without_a_port_leads_to_all_of_them_and_opens_the_usual_ones() {
    let list = HostList::read(&["a.example", "b.example:9000", "c.example:*"]).unwrap();
    let usual = |port| port == 80;
    for (url, has, opens) in [
        ("http://a.example/", true, true),
        ("http://a.example:22/", true, false),
        ("http://b.example:9000/", true, true),
        ("http://b.example/", false, false),
        ("http://c.example:22/", true, true),
        ("http://d.example/", false, false),
    ] {
        let url = Url::parse(url).unwrap();
        assert_eq!((list.has(&url), list.opens(&url, &usual)), (has, opens), "{url}");
    }
}

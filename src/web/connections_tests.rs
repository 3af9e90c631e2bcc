//! Tests of [`connections`](super).

use super::*;

#[test]
fn an_ipv6_client_is_its_network_and_a_mapped_one_its_ipv4_address() {
    let network = |text: &str| network(text.parse().unwrap()).to_string();
    assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
}

#[test]
fn connections_are_counted_while_they_last_and_refused_beyond_a_limit() {
    let connections = Connections::new(3, 2);
    let address = |last| IpAddr::from([203, 0, 113, last]);
    let first = connections.admit(address(1));
    let _second = connections.admit(address(1));
    assert!(connections.admit(address(1)).is_none());
    let _third = connections.admit(address(2));
    assert!(connections.admit(address(3)).is_none());
    drop(first);
    let mut text = Text::default();
    connections.measure(&mut text);
    let text = text.into_string();
    for expected in [
        "kist_connections 2",
        "kist_connections_limit 3",
        "kist_connections_accepted_total 3",
        "kist_connections_refused_total{limit=\"all\"} 1",
        "kist_connections_refused_total{limit=\"address\"} 1",
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected}\n{text}");
    }
}

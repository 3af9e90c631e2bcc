//! Tests of [`address`](super).

use super::*;

#[track_caller]
fn check(address: &str, expected: Option<&str>) {
    assert_eq!(special_use(address.parse().unwrap()), expected, "{address}");
}

#[test]
fn public_addresses_have_no_special_use() {
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4009::200e",
        "2001:200::1",
        "2003::1",
        "2600::",
        "3ffe::1",
    ] {
        check(address, None);
    }
}

#[test]
fn every_range_is_known_at_both_its_ends() {
    for (address, expected) in [
        ("0.0.0.0", "this network"),
        ("0.255.255.255", "this network"),
        ("10.0.0.0", "private"),
        ("10.255.255.255", "private"),
        ("100.64.0.0", "shared by a provider"),
        ("100.127.255.255", "shared by a provider"),
        ("100.100.100.200", "shared by a provider"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.255", "loopback"),
        ("168.63.129.16", "cloud metadata"),
        ("169.254.169.254", "link-local"),
        ("172.16.0.0", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.192", "for protocols"),
        ("192.0.2.1", "for documentation"),
        ("192.88.99.1", "6to4"),
        ("192.168.255.255", "private"),
        ("198.18.0.0", "for benchmarks"),
        ("198.19.255.255", "for benchmarks"),
        ("198.51.100.7", "for documentation"),
        ("203.0.113.255", "for documentation"),
        ("224.0.0.0", "multicast"),
        ("239.255.255.255", "multicast"),
        ("240.0.0.0", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::127.0.0.1", "IPv4-compatible"),
        ("::ffff:10.0.0.1", "IPv4-mapped"),
        ("::ffff:8.8.8.8", "IPv4-mapped"),
        ("::fffe:8.8.8.8", "reserved"),
        ("64:ff9b::a00:1", "NAT64"),
        ("64:ff9b:1::a00:1", "NAT64"),
        ("100::1", "discarded"),
        ("2001::1", "Teredo"),
        ("2001:2::1", "for benchmarks"),
        ("2001:10::1", "for protocols"),
        ("2001:1ff:ffff::1", "for protocols"),
        ("2001:db8::1", "for documentation"),
        ("2002:7f00:1::", "6to4"),
        ("3fff:fff::1", "for documentation"),
        ("5f00::1", "segment routing"),
        ("fc00::1", "private"),
        ("fd00:ec2::254", "private"),
        ("fe80::1", "link-local"),
        ("febf::1", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("4000::1", "reserved"),
        ("1::1", "reserved"),
    ] {
        check(address, Some(expected));
    }
}

//! Tests of [`md5`](super).

use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    let mut sum = Md5::new();
    // In two pieces, as it comes from the network.
    let (first, second) = text.split_at(text.len() / 3);
    sum.update(first.as_bytes());
    sum.update(second.as_bytes());
    assert_eq!(sum.finish(), expected, "{text}");
}

#[test]
fn the_sums_of_the_standard_are_found() {
    check("", "d41d8cd98f00b204e9800998ecf8427e");
    check("abc", "900150983cd24fb0d6963f7d28e17f72");
    check("message digest", "f96b697d7cb7938d525a2f31aaf161d0");
    check(&"1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a");
}

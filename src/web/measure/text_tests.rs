//! Tests of [`text`](super).

use super::*;

#[test]
fn a_family_is_told_and_then_its_samples() {
    let mut text = Text::default();
    text.counter("a_total", "Things.")
        .sample(&[("of", "b \"c\"\\\n"), ("at", "d")], 2)
        .sample(&[], 1.5);
    text.gauge("e", "Others.");
    let expected = "# HELP a_total Things.\n# TYPE a_total counter\n\
             a_total{of=\"b \\\"c\\\"\\\\\\n\",at=\"d\"} 2\na_total 1.5\n\
             # HELP e Others.\n# TYPE e gauge\n";
    assert_eq!(text.into_string(), expected);
}

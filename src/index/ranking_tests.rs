//! Tests of [`ranking`](super).

use super::*;

#[test]
fn a_typing_error_never_outranks_the_word_itself() {
    let worst = times(FIELD_WEIGHTS[4], STEM);
    assert!(times(FIELD_WEIGHTS[0], ONE_ERROR) < worst);
}

#[test]
fn nearness_falls_to_three_tenths_at_a_third_of_the_radius() {
    let radius = Metres::new(6_000.0).ok();
    for (metres, expected) in [(0.0, 1.0), (2_000.0, 0.3), (4_000.0, 0.0081)] {
        let found = nearness(Metres::new(metres).ok(), radius);
        assert!((found - expected).abs() < 1e-9, "{metres}: {found}");
    }
    assert!(nearness(None, radius).abs() < f64::EPSILON);
}

#[test]
fn words_together_outrank_words_apart() {
    assert!(text_score(2 * UNIT, 2, UNIT) > text_score(2 * UNIT, 2, 0));
    assert!((text_score(2 * UNIT, 2, UNIT) - 1.0).abs() < 1e-9);
}

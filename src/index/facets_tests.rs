//! Tests of [`facets`](super).

use super::*;

#[test]
fn a_value_that_nobody_has_any_more_leaves_its_number_to_another() {
    let mut terms = Terms::default();
    let kept = terms.intern(Facet::Topic, "walking");
    terms.insert(kept, 1);
    for value in 0..100 {
        let number = terms.intern(Facet::Terms, &value.to_string());
        terms.insert(number, 2);
        assert_eq!(terms.with(Facet::Terms, &value.to_string()).map(RoaringBitmap::len), Some(1));
        terms.remove(number, 2);
        assert!(terms.with(Facet::Terms, &value.to_string()).is_none());
    }
    assert_eq!(terms.all.len(), 2);
    assert_eq!(&*terms.at(kept).value, "walking");
    assert_eq!(terms.with(Facet::Topic, "walking").map(RoaringBitmap::len), Some(1));
}

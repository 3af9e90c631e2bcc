//! Tests of [`bits`](super).

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn bits_and_bitmaps_hold_the_same(runs in prop::collection::vec((0..500_u32, 0..200_u32), 0..8)) {
        let bitmap: RoaringBitmap =
            runs.iter().flat_map(|&(first, length)| first..first + length).collect();
        let bits = Bits::from(&bitmap);
        prop_assert!((0..800).all(|slot| bits.contains(slot) == bitmap.contains(slot)));
        prop_assert_eq!(bits.to_bitmap(), bitmap);
    }
}

//! Cutting a ring at the edges of a box.
//!
//! Source: I. E. Sutherland and G. W. Hodgman, “Reentrant polygon clipping”,
//! 1974. Parts of a ring that leaves the box and comes back are joined along
//! the edge, which lies outside the sheet.

type Corner = (f64, f64);

/// The part of `ring` within the box from `low` to `high`.
pub(super) fn to_box(ring: Vec<Corner>, low: Corner, high: Corner) -> Vec<Corner> {
    let ring = cut(ring, |corner| corner.0 - low.0);
    let ring = cut(ring, |corner| high.0 - corner.0);
    let ring = cut(ring, |corner| corner.1 - low.1);
    cut(ring, |corner| high.1 - corner.1)
}

/// The part of a ring for which `inside` is not negative; it must grow evenly
/// along each line.
fn cut(ring: Vec<Corner>, inside: impl Fn(Corner) -> f64) -> Vec<Corner> {
    // Most edges meet only few of the rings.
    if ring.iter().all(|&corner| inside(corner) >= 0.0) {
        return ring;
    }
    let mut kept = Vec::with_capacity(ring.len());
    let next = ring.iter().skip(1).chain(ring.first());
    for (&from, &to) in ring.iter().zip(next) {
        let (start, end) = (inside(from), inside(to));
        if start >= 0.0 {
            kept.push(from);
        }
        if (start >= 0.0) != (end >= 0.0) {
            let part = start / (start - end);
            kept.push((from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1)));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_cut_at_the_edges() {
        let square = vec![(-10.0, 5.0), (5.0, 5.0), (5.0, 15.0), (-10.0, 15.0)];
        let cut = to_box(square.clone(), (0.0, 0.0), (10.0, 10.0));
        let mut sorted = cut;
        sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
        assert_eq!(sorted, [(0.0, 5.0), (0.0, 10.0), (5.0, 5.0), (5.0, 10.0)]);
        assert_eq!(to_box(square, (20.0, 20.0), (30.0, 30.0)), []);
    }
}

//! Many things of which one may be refused: the others are done in as few steps
//! as can be.
//!
//! One transaction for each of some thousand records would take minutes in
//! which nobody can stop the run; halves of halves take some twenty steps for
//! each record that is refused.

/// What became of some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tried {
    /// They are done with.
    Done,
    /// One of them was refused, and so none is done.
    Refused,
}

/// Tries both halves of `all`, in order, and of each that is refused its
/// halves. One that is alone can't be refused: it is done with after one step.
///
/// # Errors
///
/// The first of `step`.
pub(super) fn each<T, E>(
    all: &[T],
    mut step: impl FnMut(&[T]) -> Result<Tried, E>,
) -> Result<(), E> {
    let halves = |part: &[T]| part.len().div_ceil(2);
    let (first, second) = all.split_at(halves(all));
    let mut waiting = vec![second, first];
    while let Some(part) = waiting.pop() {
        if part.is_empty() {
            continue;
        }
        if step(part)? == Tried::Refused && part.len() > 1 {
            let (first, second) = part.split_at(halves(part));
            waiting.extend([second, first]);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is done of `count` numbers of which `bad` are refused, in order, and
    /// in how many steps.
    fn done(count: u32, bad: &[u32]) -> (Vec<u32>, u32) {
        let all: Vec<u32> = (0..count).collect();
        let (mut done, mut steps) = (Vec::new(), 0);
        let step = |part: &[u32]| {
            steps += 1;
            let is_refused = part.iter().any(|number| bad.contains(number));
            if is_refused && part.len() > 1 {
                return Ok(Tried::Refused);
            }
            done.extend(part.iter().filter(|number| !bad.contains(number)));
            Ok::<_, ()>(Tried::Done)
        };
        assert_eq!(each(&all, step), Ok(()));
        (done, steps)
    }

    #[test]
    fn all_but_those_that_are_refused_are_done_in_order() {
        for (count, bad) in
            [(0, vec![]), (1, vec![0]), (2, vec![1]), (7, vec![0, 3, 6]), (8, (0..8).collect())]
        {
            let expected: Vec<u32> = (0..count).filter(|number| !bad.contains(number)).collect();
            assert_eq!(done(count, &bad).0, expected, "{bad:?} of {count}");
        }
    }

    #[test]
    fn one_of_thousands_costs_some_twenty_steps_and_not_thousands() {
        for bad in [0, 1_234, 3_999] {
            let (done, steps) = done(4_000, &[bad]);
            assert_eq!(done.len(), 3_999);
            assert!(steps <= 24, "{steps} steps for {bad}");
        }
    }

    #[test]
    fn an_error_ends_it() {
        let mut steps = 0;
        let step = |_: &[u32]| {
            steps += 1;
            Err("no room")
        };
        assert_eq!(each(&[1, 2, 3], step), Err("no room"));
        assert_eq!(steps, 1);
    }
}

//! A publisher gave all its records new keys: which was which.

use std::collections::HashMap;

use super::features::Features;
use super::score::{Band, Score, weigh};
use super::{Entity, Matcher};

/// A rival must be so many bits worse, or the proposal is not sure.
const CLEARLY: f64 = 1.0;

/// A record that seems to be another's under a new key.
#[derive(Debug, Clone, PartialEq)]
pub struct Rekey {
    /// Identity of the record that went.
    pub old: String,
    /// Identity of the record that came.
    pub new: String,
    /// How much speaks for it.
    pub score: Score,
    /// Whether no other record comes near.
    pub sure: bool,
}

/// For records of one source that went and others that came in the same run,
/// which is which by what they say; each at most once, the surest first.
///
/// Equal [`Entity::content`] goes first, then what is likely by the evidence. It
/// is a proposal: a person approves it.
#[must_use]
pub fn rekeys(old: &[Entity], new: &[Entity]) -> Vec<Rekey> {
    let mut taken_old = vec![false; old.len()];
    let mut taken_new = vec![false; new.len()];
    let mut found = Vec::new();
    for (from, to) in by_content(old, new) {
        (taken_old[from], taken_new[to]) = (true, true);
        let evidence = weigh(&Features::new(&old[from]), &Features::new(&new[to]));
        let score =
            Score { value: 1.0, band: Band::Certain, ..evidence.explain(&old[from], &new[to]) };
        found.push(rekey(&old[from], &new[to], score, true));
    }
    let matcher = Matcher::new(old.to_vec());
    let mut pairs = Vec::new();
    for (to, entity) in new.iter().enumerate().filter(|(to, _)| !taken_new[*to]) {
        let features = Features::new(entity);
        for from in matcher.sharing(&features).into_iter().filter(|from| !taken_old[*from]) {
            let evidence = weigh(&matcher.features[from], &features);
            if evidence.is_likely() {
                pairs.push((evidence.bits(), from, to, evidence));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (best_old, best_new) = two_best(&pairs);
    for (bits, from, to, evidence) in pairs {
        if taken_old[from] || taken_new[to] {
            continue;
        }
        (taken_old[from], taken_new[to]) = (true, true);
        let is_clear = |best: &HashMap<usize, (f64, f64)>, place: usize| {
            best.get(&place).is_some_and(|(best, next)| bits >= *best && bits - next >= CLEARLY)
        };
        let sure = is_clear(&best_old, from) && is_clear(&best_new, to);
        found.push(rekey(&old[from], &new[to], evidence.explain(&old[from], &new[to]), sure));
    }
    found
}

fn rekey(old: &Entity, new: &Entity, score: Score, sure: bool) -> Rekey {
    Rekey { old: old.id.clone(), new: new.id.clone(), score, sure }
}

/// Pairs with equal content, in order: where several say the same, it does not
/// matter which becomes which.
fn by_content(old: &[Entity], new: &[Entity]) -> Vec<(usize, usize)> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, entity) in old.iter().enumerate().rev() {
        if let Some(content) = &entity.content {
            places.entry(content).or_default().push(place);
        }
    }
    let new = new.iter().enumerate();
    new.filter_map(|(to, entity)| {
        let from = places.get_mut(entity.content.as_deref()?)?.pop()?;
        (old[from].kind == entity.kind).then_some((from, to))
    })
    .collect()
}

/// For each old and each new record the bits of its best pair and the next.
type Best = HashMap<usize, (f64, f64)>;

fn two_best<T>(pairs: &[(f64, usize, usize, T)]) -> (Best, Best) {
    let (mut best_old, mut best_new) = (Best::new(), Best::new());
    for (bits, from, to, _) in pairs {
        for (best, place) in [(&mut best_old, from), (&mut best_new, to)] {
            // They come in order, the best first.
            best.entry(*place)
                .and_modify(|(_, next)| *next = next.max(*bits))
                .or_insert((*bits, f64::NEG_INFINITY));
        }
    }
    (best_old, best_new)
}

//! Categories whose names are like a text.

use std::collections::HashMap;

use crate::harvest::words;

/// No more suggestions than an editor reads.
pub(super) const MOST: usize = 5;

/// Less alike is no suggestion.
const LEAST: f64 = 0.55;

/// The names of all concepts, by their trigrams.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    labels: Vec<Label>,
    by_trigram: HashMap<[char; 3], Vec<usize>>,
}

#[derive(Debug, Clone)]
struct Label {
    words: Vec<String>,
    trigrams: usize,
    concept: usize,
}

impl Labels {
    pub(super) fn add(&mut self, name: &str, concept: usize) {
        let key = words::key(&words::fold(name));
        let trigrams = words::trigrams(&key);
        for trigram in &trigrams {
            self.by_trigram.entry(*trigram).or_default().push(self.labels.len());
        }
        let words = key.split(' ').map(str::to_owned).collect();
        self.labels.push(Label { words, trigrams: trigrams.len(), concept });
    }

    /// Each concept with a name like `text`, and how alike its likest is: by
    /// shared trigrams, which forgives slips of the pen, or by all words of the
    /// name being among those of the text.
    pub(super) fn alike(&self, text: &str) -> Vec<(usize, f64)> {
        let key = words::key(&words::fold(text));
        if key.is_empty() {
            return Vec::new();
        }
        let trigrams = words::trigrams(&key);
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for label in trigrams.iter().filter_map(|trigram| self.by_trigram.get(trigram)).flatten() {
            *shared.entry(*label).or_default() += 1;
        }
        let asked: Vec<&str> = key.split(' ').collect();
        let mut best: HashMap<usize, f64> = HashMap::new();
        for (label, shared) in shared {
            let label = &self.labels[label];
            let score = words::dice(shared, label.trigrams, trigrams.len());
            let score = score.max(contained(&label.words, &asked));
            if score >= LEAST {
                let best = best.entry(label.concept).or_default();
                *best = best.max(score);
            }
        }
        best.into_iter().collect()
    }
}

/// How likely a name is whose words are all among those asked for, from 0.55
/// for one of many words to 0.9 for nearly all.
fn contained(name: &[String], asked: &[&str]) -> f64 {
    if name.len() >= asked.len() || !name.iter().all(|word| asked.contains(&word.as_str())) {
        return 0.0;
    }
    // A short word alone, such as “art”, is in too many names.
    if name.iter().map(String::len).sum::<usize>() < 4 {
        return 0.0;
    }
    0.55 + 0.35 * words::dice(name.len(), name.len(), asked.len())
}

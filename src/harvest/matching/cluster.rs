//! Links make clusters: all records that speak of one thing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use super::PairKey;

/// Two records that speak of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The two records.
    pub pair: PairKey,
    /// How likely, from 0 to 1.
    pub value: f64,
    /// Whether a person said so; otherwise the evidence did.
    pub decided: bool,
}

/// What links come to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clusters {
    /// The records of each cluster in the order of the alphabet, two or more.
    pub groups: Vec<Vec<String>>,
    /// The links that were held back.
    pub conflicts: Vec<Conflict>,
}

/// A link that was held back, because it would make one of what is two.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The link.
    pub link: Link,
    /// Why.
    pub why: Why,
    /// The two records that it would make one.
    pub pair: PairKey,
    /// The records from the first of the pair to the second, along the links.
    pub path: Vec<String>,
}

/// Why a link is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A person said that the two are different.
    Different,
    /// Both come from one source, and no person said that they are the same.
    SameSource,
}

/// Clusters under construction; records by their place in the alphabet.
struct Forest<'a> {
    ids: Vec<&'a str>,
    parents: Vec<usize>,
    members: Vec<Vec<usize>>,
    sources: Vec<BTreeMap<String, usize>>,
    different: Vec<Vec<usize>>,
    linked: Vec<Vec<usize>>,
}

/// The clusters that `links` make, in the order of the alphabet.
///
/// People's links go first, then the likeliest; a link that would bring
/// together two records that a person called different is held back and shown,
/// and so is one that a person did not make if it would bring together two
/// records of one source. `source_of` tells a record's source.
#[must_use]
pub fn clusters(
    links: &[Link],
    different: &BTreeSet<PairKey>,
    source_of: impl Fn(&str) -> Option<String>,
) -> Clusters {
    let mut forest = Forest::new(links, different, source_of);
    let mut order: Vec<&Link> = links.iter().collect();
    order.sort_by(|a, b| {
        let by_weight = b.decided.cmp(&a.decided).then(b.value.total_cmp(&a.value));
        by_weight.then_with(|| a.pair.cmp(&b.pair))
    });
    let conflicts = order.into_iter().filter_map(|link| forest.join(link)).collect();
    let groups = forest.members.iter().filter(|members| members.len() > 1);
    let mut groups: Vec<Vec<String>> = groups.map(|members| forest.named(members)).collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    Clusters { groups, conflicts }
}

impl<'a> Forest<'a> {
    fn new(
        links: &'a [Link],
        different: &'a BTreeSet<PairKey>,
        source_of: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let ids = links.iter().flat_map(|link| [link.pair.first(), link.pair.second()]);
        let ids: Vec<&str> = ids.collect::<BTreeSet<_>>().into_iter().collect();
        let mut forest = Self {
            parents: (0..ids.len()).collect(),
            members: (0..ids.len()).map(|place| vec![place]).collect(),
            sources: ids
                .iter()
                .enumerate()
                .map(|(place, id)| {
                    source_of(id).map(|source| (source, place)).into_iter().collect()
                })
                .collect(),
            different: vec![Vec::new(); ids.len()],
            linked: vec![Vec::new(); ids.len()],
            ids,
        };
        for pair in different {
            if let (Some(one), Some(other)) =
                (forest.place(pair.first()), forest.place(pair.second()))
            {
                forest.different[one].push(other);
                forest.different[other].push(one);
            }
        }
        forest
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    fn root(&mut self, mut place: usize) -> usize {
        while self.parents[place] != place {
            self.parents[place] = self.parents[self.parents[place]];
            place = self.parents[place];
        }
        place
    }

    fn named(&self, places: &[usize]) -> Vec<String> {
        places.iter().map(|place| self.ids[*place].to_owned()).collect()
    }

    /// Joins what a link joins, or tells why not.
    fn join(&mut self, link: &Link) -> Option<Conflict> {
        let (one, other) = (self.place(link.pair.first())?, self.place(link.pair.second())?);
        let (mut small, mut large) = (self.root(one), self.root(other));
        if self.members[small].len() > self.members[large].len() {
            std::mem::swap(&mut small, &mut large);
        }
        if small != large {
            if let Some((why, first, second)) = self.obstacle(small, large, link.decided) {
                let path = self.path(first, second, (one, other));
                let pair = PairKey::new(self.ids[first], self.ids[second]);
                return Some(Conflict { link: link.clone(), why, pair, path });
            }
            self.parents[small] = large;
            let members = std::mem::take(&mut self.members[small]);
            self.members[large].extend(members);
            let sources = std::mem::take(&mut self.sources[small]);
            self.sources[large].extend(sources);
        }
        self.linked[one].push(other);
        self.linked[other].push(one);
        None
    }

    /// Two records, one of each cluster, that must not come together; the
    /// first before the second in the alphabet.
    fn obstacle(
        &mut self,
        small: usize,
        large: usize,
        decided: bool,
    ) -> Option<(Why, usize, usize)> {
        let pair = |why, one: usize, other: usize| Some((why, one.min(other), one.max(other)));
        for at in 0..self.members[small].len() {
            let member = self.members[small][at];
            for other in self.different[member].clone() {
                if self.root(other) == large {
                    return pair(Why::Different, member, other);
                }
            }
        }
        if decided {
            return None;
        }
        let (small, large) = (&self.sources[small], &self.sources[large]);
        let shared = small.iter().find_map(|(source, one)| Some((*one, *large.get(source)?)));
        shared.and_then(|(one, other)| pair(Why::SameSource, one, other))
    }

    /// The shortest way from one record to another along the links made, and
    /// the one in question.
    fn path(&self, from: usize, to: usize, (one, other): (usize, usize)) -> Vec<String> {
        let mut before: BTreeMap<usize, usize> = BTreeMap::from([(from, from)]);
        let mut queue = VecDeque::from([from]);
        while let Some(place) = queue.pop_front() {
            let extra = [(one, other), (other, one)];
            let extra = extra.into_iter().filter(|(end, _)| *end == place).map(|(_, next)| next);
            for next in self.linked[place].iter().copied().chain(extra) {
                before.entry(next).or_insert_with(|| {
                    queue.push_back(next);
                    place
                });
            }
        }
        let mut path = vec![to];
        while let Some(place) = path.last().and_then(|last| before.get(last)) {
            if path.last() == Some(place) {
                break;
            }
            path.push(*place);
        }
        path.reverse();
        self.named(&path)
    }
}

/// What decides which record of a cluster stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Identity of the record.
    pub id: String,
    /// How far its source is believed, from 0 to 100.
    pub trust: u8,
    /// How many fields it has.
    pub fields: usize,
    /// Since when it is in the register.
    pub since: Timestamp,
}

/// The record that stands for a cluster: the one that did so before, if it is
/// still there, so that addresses stay; or else the most trusted, the fullest,
/// the oldest, the first in the alphabet.
#[must_use]
pub fn canonical<'a>(members: &'a [Standing], before: Option<&str>) -> Option<&'a str> {
    let stays = members.iter().find(|member| Some(member.id.as_str()) == before);
    let best = || {
        members.iter().min_by(|a, b| {
            let by_worth = b.trust.cmp(&a.trust).then(b.fields.cmp(&a.fields));
            by_worth.then(a.since.cmp(&b.since)).then_with(|| a.id.cmp(&b.id))
        })
    };
    stays.or_else(best).map(|member| member.id.as_str())
}

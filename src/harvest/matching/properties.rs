//! Properties of matching: keys against comparing each with each, clusters
//! against following all links, and any texts at all.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::tests::{entity, link};
use super::*;
use crate::model::Point;

/// Records of a small world, in which much is nearly the same.
fn any_entity() -> impl Strategy<Value = Entity> {
    let word = prop_oneof![
        Just("Leith"),
        Just("Lieth"),
        Just("Perth"),
        Just("Library"),
        Just("Libraries"),
        Just("Dementia"),
        Just("Dementai"),
        Just("Café"),
        Just("Walking"),
        Just("Group"),
        Just("1"),
        Just("2"),
    ];
    let name = proptest::collection::vec(word, 1..4).prop_map(|words| words.join(" "));
    let postcode = prop_oneof![Just("EH6 8RG"), Just("EH6 7AA"), Just("PH1 5AA"), Just("")];
    let phone =
        prop_oneof![Just("0131 555 1234"), Just("+441315551234"), Just("01738 1"), Just("")];
    let page = prop_oneof![
        Just("https://leith.example/a"),
        Just("http://www.leith.example/a/"),
        Just("https://leith.example/"),
        Just("https://facebook.com/leith"),
        Just(""),
    ];
    let mail = prop_oneof![
        Just("a@leith.example"),
        Just("b@leith.example"),
        Just("a@gmail.com"),
        Just("")
    ];
    let number = prop_oneof![4 => Just(""), 1 => Just("SC012345"), 1 => Just("12345"), 1 => Just("SC012354")];
    let point = prop_oneof![
        2 => Just(None), 1 => Just(Some((55.976, -3.17))), 1 => Just(Some((55.9761, -3.1701))),
        1 => Just(Some((56.396, -3.437))),
    ];
    let source = prop_oneof![Just("a"), Just("b"), Just("c")];
    (name, postcode, phone, page, mail, number, point, source, 0_u8..100).prop_map(
        |(name, postcode, phone, page, mail, number, point, source, id)| {
            let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Entity {
                id: format!("asset/{source}-{id}"),
                phones: filled(phone).into_iter().collect(),
                urls: filled(page).into_iter().collect(),
                emails: filled(mail).into_iter().collect(),
                identifiers: filled(number)
                    .map(|number| ("GB-SC".to_owned(), number))
                    .into_iter()
                    .collect(),
                points: point
                    .and_then(|(north, east)| Point::new(north, east).ok())
                    .into_iter()
                    .collect(),
                ..entity(source, &name, postcode)
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn keys_miss_nothing_that_is_certain(entities in proptest::collection::vec(any_entity(), 2..40)) {
        let matcher = Matcher::new(entities.clone());
        for entity in &entities {
            let found: Vec<usize> =
                matcher.matches(entity, &Decisions::default()).iter().map(|found| found.place).collect();
            for (place, other) in entities.iter().enumerate() {
                if other.source == entity.source || other.id == entity.id {
                    prop_assert!(!found.contains(&place));
                    continue;
                }
                let score = score(entity, other);
                if score.band == Band::Certain {
                    prop_assert!(found.contains(&place), "{:?} {:?}", entity, other);
                }
                if found.contains(&place) {
                    prop_assert!(score.band >= Band::Doubtful);
                }
            }
        }
    }

    #[test]
    fn a_score_does_not_depend_on_which_is_first(a in any_entity(), b in any_entity()) {
        let (one, other) = (score(&a, &b), score(&b, &a));
        prop_assert_eq!(one.band, other.band);
        prop_assert!((one.value - other.value).abs() < 1e-12);
        prop_assert!((0.0..=1.0).contains(&one.value));
    }

    #[test]
    fn clusters_are_those_of_following_all_links(
        pairs in proptest::collection::vec((0_u8..12, 0_u8..12), 0..20),
        apart in proptest::collection::vec((0_u8..12, 0_u8..12), 0..4),
    ) {
        let name = |number: u8| format!("x{number:02}");
        let links: Vec<Link> = pairs
            .iter()
            .filter(|(one, other)| one != other)
            .map(|(one, other)| link(&name(*one), &name(*other), 0.99, false))
            .collect();
        let different: BTreeSet<PairKey> = apart
            .iter()
            .filter(|(one, other)| one != other)
            .map(|(one, other)| PairKey::new(&name(*one), &name(*other)))
            .collect();
        let found = clusters(&links, &different, |_| None);
        let group = |id: &str| found.groups.iter().position(|group| group.iter().any(|other| other == id));
        for pair in &different {
            let together = group(pair.first()).is_some() && group(pair.first()) == group(pair.second());
            prop_assert!(!together, "{:?}", pair);
        }
        let held: Vec<&PairKey> = found.conflicts.iter().map(|conflict| &conflict.link.pair).collect();
        for link in &links {
            let together = group(link.pair.first()).is_some() && group(link.pair.first()) == group(link.pair.second());
            prop_assert!(together != held.contains(&&link.pair), "{:?}", link);
        }
        for conflict in &found.conflicts {
            prop_assert_eq!(conflict.path.first().map(String::as_str), Some(conflict.pair.first()));
            prop_assert_eq!(conflict.path.last().map(String::as_str), Some(conflict.pair.second()));
        }
    }

    #[test]
    fn any_texts_are_compared(texts in proptest::array::uniform6(any::<String>())) {
        let [name, phone, page, mail, number, same] = texts;
        let a = Entity {
            names: vec![name], phones: vec![phone], urls: vec![page], emails: vec![mail],
            identifiers: vec![(number.clone(), number)], same_as: vec![same],
            ..entity("a", "", "")
        };
        let b = Entity { source: "b".to_owned(), ..a.clone() };
        let _ = score(&a, &b);
        let _ = Matcher::new(vec![a]).matches(&b, &Decisions::default());
    }
}

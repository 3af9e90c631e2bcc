//! Tests of the guard: each rule at its edge, by name of the failure mode.

use proptest::prelude::*;

use super::*;

/// A listing of 100 records, all unchanged.
const QUIET: Counts = Counts {
    listing: Listing::Whole,
    live: 100,
    listed: 100,
    announced: Some(100),
    last_complete: Some(100),
    would_create: 0,
    would_change: 0,
    would_withdraw: 0,
    explicit_deleted: 0,
    invalid: 0,
};

#[track_caller]
fn check(counts: Counts, expected: &[Reason]) {
    let verdict = judge(&counts, &GuardOptions::default());
    match expected {
        [] => assert_eq!(verdict, Verdict::Pass, "{counts:?}"),
        reasons => assert_eq!(verdict, Verdict::Hold(reasons.to_vec()), "{counts:?}"),
    }
}

#[test]
fn a_quiet_run_passes() {
    check(QUIET, &[]);
    check(Counts { would_create: 1_000, listed: 1_100, announced: None, ..QUIET }, &[]);
}

#[test]
fn a1_an_empty_listing_is_held() {
    let empty = Counts { listed: 0, announced: Some(0), ..QUIET };
    check(empty, &[Reason::Empty { live: 100 }]);
    check(
        Counts { would_withdraw: 100, ..empty },
        &[Reason::Empty { live: 100 }, Reason::Vanished { vanished: 100, live: 100 }],
    );
    check(Counts { live: 0, last_complete: None, ..empty }, &[Reason::Empty { live: 0 }]);
}

#[test]
fn a_listing_that_was_empty_before_may_be_empty_again() {
    check(Counts { listed: 0, live: 0, last_complete: Some(0), ..QUIET }, &[]);
}

#[test]
fn a_list_of_changes_may_be_empty() {
    check(Counts { listing: Listing::Part, listed: 0, announced: None, ..QUIET }, &[]);
}

#[test]
fn a2_nothing_goes_by_absence_from_a_part() {
    let broken = Counts { listing: Listing::Part, listed: 60, would_withdraw: 1, ..QUIET };
    check(broken, &[Reason::AbsentFromPart { vanished: 1 }]);
}

#[test]
fn a3_a_listing_of_less_than_half_is_held() {
    check(Counts { listed: 50, ..QUIET }, &[]);
    check(Counts { listed: 49, ..QUIET }, &[Reason::Shrunk { listed: 49, before: 100 }]);
    check(
        Counts { listed: 40, would_withdraw: 60, ..QUIET },
        &[Reason::Shrunk { listed: 40, before: 100 }, Reason::Vanished { vanished: 60, live: 100 }],
    );
    check(Counts { listed: 1, last_complete: None, ..QUIET }, &[]);
}

#[test]
fn a3_approval_covers_exactly_the_set_that_was_shown() {
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>();
    let held = Verdict::Hold(vec![Reason::Vanished { vanished: 60, live: 100 }]);
    let approved = keys(&["a", "b"]);
    assert_eq!(approve(held.clone(), &approved, &keys(&["a", "b"])), Verdict::Pass);
    assert_eq!(approve(held.clone(), &approved, &keys(&["b"])), Verdict::Pass);
    assert_eq!(
        approve(held, &approved, &keys(&["a", "b", "c"])),
        Verdict::Hold(vec![
            Reason::Vanished { vanished: 60, live: 100 },
            Reason::Grown { more: 1 }
        ])
    );
    assert_eq!(approve(Verdict::Pass, &approved, &keys(&["c"])), Verdict::Pass);
}

#[test]
fn more_than_a_tenth_and_more_than_ten_may_not_vanish() {
    for (live, vanished, held) in [
        (100, 10, false),
        (100, 11, true),
        (1_000, 100, false),
        (1_000, 101, true),
        (10, 10, false),
        (5, 5, false),
        (12, 11, true),
    ] {
        let counts = Counts {
            live,
            listed: live,
            announced: None,
            last_complete: None,
            would_withdraw: vanished,
            ..QUIET
        };
        let expected = [Reason::Vanished { vanished, live }];
        check(counts, if held { &expected } else { &[] });
    }
}

#[test]
fn what_the_publisher_says_is_gone_counts_as_vanished() {
    let reason = Reason::Vanished { vanished: 11, live: 100 };
    check(Counts { explicit_deleted: 11, ..QUIET }, &[reason]);
    check(Counts { explicit_deleted: 6, would_withdraw: 5, ..QUIET }, &[reason]);
    check(Counts { listing: Listing::Part, explicit_deleted: 11, ..QUIET }, &[reason]);
}

#[test]
fn a8_when_all_keys_change_it_is_said() {
    check(
        Counts { would_withdraw: 100, would_create: 98, ..QUIET },
        &[
            Reason::Vanished { vanished: 100, live: 100 },
            Reason::Rekeyed { vanished: 100, created: 98 },
        ],
    );
}

#[test]
fn more_than_half_may_not_change() {
    check(Counts { would_change: 50, ..QUIET }, &[]);
    check(Counts { would_change: 51, ..QUIET }, &[Reason::Changed { changed: 51, live: 100 }]);
    check(Counts { live: 4, would_change: 4, ..QUIET }, &[]);
}

#[test]
fn more_than_three_in_ten_may_not_be_invalid() {
    check(Counts { invalid: 30, ..QUIET }, &[]);
    check(Counts { invalid: 31, ..QUIET }, &[Reason::Invalid { invalid: 31, listed: 100 }]);
    let new = Counts { live: 0, listed: 5, last_complete: None, announced: None, ..QUIET };
    check(Counts { invalid: 4, ..new }, &[Reason::Invalid { invalid: 4, listed: 5 }]);
    check(Counts { invalid: 2, ..new }, &[]);
}

#[test]
fn b3_nothing_goes_when_fewer_are_listed_than_announced() {
    let short = Counts { listed: 99, ..QUIET };
    check(short, &[]);
    check(
        Counts { would_withdraw: 1, ..short },
        &[Reason::FewerThanAnnounced { listed: 99, announced: 100 }],
    );
}

#[test]
fn options_are_read_and_unknown_ones_refused() {
    let options: GuardOptions = serde_json::from_str(r#"{"vanished_percent": 20}"#).unwrap();
    assert_eq!(options, GuardOptions { vanished_percent: 20, ..GuardOptions::default() });
    assert!(serde_json::from_str::<GuardOptions>(r#"{"vanish": 20}"#).is_err());
}

#[test]
fn a_reason_can_be_read() {
    let text = Reason::Vanished { vanished: 11, live: 100 }.to_string();
    assert_eq!(text, "11 of 100 records would go");
}

prop_compose! {
    fn any_counts()(
        numbers in proptest::array::uniform8(prop_oneof![0_u64..200, any::<u64>()]),
        whole in any::<bool>(),
        before in proptest::option::of(0_u64..200),
    ) -> Counts {
        let [live, listed, announced, would_create, would_change, would_withdraw,
            explicit_deleted, invalid] = numbers;
        Counts {
            listing: if whole { Listing::Whole } else { Listing::Part },
            live, listed, announced: Some(announced), last_complete: before, would_create,
            would_change, would_withdraw, explicit_deleted, invalid,
        }
    }
}

proptest! {
    #[test]
    fn no_run_that_passes_loses_much(counts in any_counts()) {
        if judge(&counts, &GuardOptions::default()) == Verdict::Pass {
            let vanished =
                u128::from(counts.would_withdraw) + u128::from(counts.explicit_deleted);
            prop_assert!(vanished <= 10 || vanished * 10 <= u128::from(counts.live));
            prop_assert!(counts.would_withdraw == 0 || counts.listing == Listing::Whole);
            prop_assert!(
                counts.listing == Listing::Part || counts.listed > 0 || counts.live == 0
            );
        }
    }
}

#[test]
fn every_reason_is_told_with_its_name_and_its_numbers() {
    let told = Reason::FewerThanAnnounced { listed: 4, announced: 9 }.told().unwrap();
    assert_eq!(told.reason, "fewer-than-announced");
    let numbers: Vec<(&str, u64)> =
        told.numbers.iter().map(|(name, number)| (name.as_str(), *number)).collect();
    assert_eq!(numbers, [("announced", 9), ("listed", 4)]);
}

//! Tests of [`pack`](super).

use proptest::prelude::*;

use super::*;

fn dictionaries() -> [Dictionary; 2] {
    let texts: Vec<Vec<u8>> = (0..2_000_u32)
        .map(|number| {
            let (id, name) = (number.wrapping_mul(2_654_435_761), number % 7);
            format!(r#"{{"id":"https://a.example/id/asset/{id:08x}","name":"Tea {name}"}}"#)
                .into_bytes()
        })
        .collect();
    [Dictionary::default(), Dictionary::train(&texts).unwrap()]
}

#[test]
fn what_many_share_takes_little() {
    let text = br#"{"id":"https://a.example/id/asset/0123abcd","name":"Tea 3"}"#;
    let [_, trained] = dictionaries();
    let packed = pack(&trained, text);
    assert!(packed.len() < 24, "{} of {}", packed.len(), text.len());
    assert_eq!(unpack(&trained, &packed).as_deref(), Some(&text[..]));
}

#[test]
fn any_text_comes_back_and_no_bytes_are_a_danger() {
    let dictionaries = dictionaries();
    let text = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        "[ab]{0,400}".prop_map(String::into_bytes),
        (0..6_usize).prop_map(|times| r#"{"id":"https://a.example/id/a"},"#.repeat(times).into()),
        (0..90_000_usize).prop_map(|length| vec![b'x'; length]),
    ];
    proptest!(|(text in text, cut in any::<usize>(), changed in any::<u8>())| {
        for dictionary in &dictionaries {
            let mut packed = pack(dictionary, &text);
            let unpacked = unpack(dictionary, &packed);
            prop_assert_eq!(unpacked.as_deref(), Some(&text[..]));
            let at = cut % packed.len();
            packed[at] = changed;
            drop(unpack(dictionary, &packed));
            drop(unpack(dictionary, &packed[..at]));
        }
    });
}

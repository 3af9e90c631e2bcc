//! Tests of [`signature`](super).

use crate::record::Base;
use crate::register::{Place, Register};
use crate::schema::Schema;

fn register() -> Register {
    let base = Base::new("https://kist.example").unwrap();
    let now = jiff::Timestamp::UNIX_EPOCH;
    Register::open(Schema::standard(), base, Place::Memory, now).unwrap()
}

#[test]
fn a_signature_opens_what_it_was_made_for_and_nothing_else() {
    let register = register();
    assert!(!register.is_signed("a", "").unwrap());
    let signature = register.signature("a").unwrap();
    assert_eq!(signature, register.signature("a").unwrap());
    assert!(register.is_signed("a", &signature).unwrap());
    for (what, wrong) in [("b", &*signature), ("a", ""), ("a", &signature[1..])] {
        assert!(!register.is_signed(what, wrong).unwrap());
    }
}

#[test]
fn another_register_signs_otherwise() {
    assert_ne!(register().signature("a").unwrap(), register().signature("a").unwrap());
}

//! Tests of [`units`](super).

use proptest::prelude::*;

use super::*;

fn unit(postcode: &str, terminated: Option<Date>) -> Unit {
    Unit {
        postcode: postcode.parse().unwrap(),
        point: Point::new(55.97, -3.17).unwrap(),
        precision: Metres::new(100.0).unwrap(),
        terminated,
        areas: ["S12000036".into(), "S92000003".into()].into(),
    }
}

#[test]
fn what_is_stored_is_read_again() {
    let closed = Some(Date::constant(2016, 5, 1));
    let table =
        Units::new(vec![unit("EH6 8RG", None), unit("G1 1AA", closed), unit("ZE3 9JZ", None)]);
    let read = Units::from_bytes(&table.to_bytes()).unwrap();
    let found: Vec<Unit> = read.all().collect();
    assert_eq!(found, [unit("EH6 8RG", None), unit("G1 1AA", closed), unit("ZE3 9JZ", None)]);
    assert_eq!(read.find(&"G1 1AA".parse().unwrap()), Some(unit("G1 1AA", closed)));
    assert_eq!(read.find(&"G1 1AB".parse().unwrap()), None);
}

#[test]
fn a_changed_or_cut_file_is_refused() {
    let mut bytes = Units::new(vec![unit("EH6 8RG", None)]).to_bytes();
    assert!(matches!(Units::from_bytes(&bytes[..bytes.len() - 1]), Err(UnitsError::Damaged)));
    assert!(matches!(Units::from_bytes(b"PK"), Err(UnitsError::Version)));
    bytes[40] ^= 1;
    assert!(matches!(Units::from_bytes(&bytes), Err(UnitsError::Damaged)));
}

#[test]
fn a_live_postcode_goes_before_one_given_up() {
    let closed = Some(Date::constant(1999, 1, 1));
    let table = Units::new(vec![unit("EH6 8RG", None), unit("EH6 8RG", closed)]);
    assert_eq!(table.find(&"EH6 8RG".parse().unwrap()).unwrap().terminated, None);
    assert_eq!(table.len(), 1);
}

#[test]
fn a_sector_holds_its_units_and_no_others() {
    let codes = ["EH6 7AA", "EH6 8AA", "EH6 8ZZ", "EH6 9AA", "EH68 8AA"];
    let table = Units::new(codes.iter().map(|code| unit(code, None)).collect());
    let within = |part: &str| {
        let part = part.parse().unwrap();
        table.within(&part).map(|unit| unit.postcode.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(within("EH6 8"), ["EH6 8AA", "EH6 8ZZ"]);
    assert_eq!(within("EH6"), ["EH6 7AA", "EH6 8AA", "EH6 8ZZ", "EH6 9AA"]);
    assert_eq!(within("EH7"), [""; 0]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut file = MAGIC.to_vec();
        file.extend(bytes);
        let sum = check_sum(&file);
        file.extend(sum.to_le_bytes());
        drop(Units::from_bytes(&file));
    }
}

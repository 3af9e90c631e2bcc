//! What a publisher can do about a record that can't be taken.

use crate::record::Fault;
use crate::schema::{Field, Kind};

/// What to do about `fault` of a record of `kind`, as a sentence or two.
pub(super) fn advice(kind: &Kind, fault: &Fault) -> String {
    let shape = &kind.shape;
    let key = fault.pointer.split('/').nth(1);
    if let Some(field) = key.and_then(|key| shape.field(key)) {
        return format!("Publish {} for each item. {}", named(field), correct(field));
    }
    if fault.pointer.is_empty() && !shape.any_of.is_empty() {
        let any: Vec<String> =
            shape.any_of.iter().filter_map(|key| shape.field(key)).map(named).collect();
        return format!("Publish at least one of these for each item: {}.", any.join("; "));
    }
    "Correct it where it is published, or say in the mapping of the source where the right value \
     stands."
        .to_owned()
}

/// A field with what it is for: "`online` (whether it can be used online)".
fn named(field: &Field) -> String {
    let mut what = field.description.trim().trim_end_matches('.').to_owned();
    if let Some(first) = what.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    format!("`{}` ({what})", field.key)
}

fn correct(field: &Field) -> String {
    format!("It must be {}.", field.expected())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn each_fault_has_an_advice_that_names_what_is_wanted() {
        let schema = Schema::standard();
        let kind = schema.kind("asset").unwrap();
        let advice = |pointer: &str| advice(kind, &Fault::new(pointer, "wrong"));
        let any = advice("");
        assert!(any.starts_with("Publish at least one of these for each item: `locations` ("));
        assert!(any.contains("`online` ("), "{any}");
        let name = advice("/name");
        assert!(name.starts_with("Publish `name` (") && name.contains("It must be "), "{name}");
        assert!(advice("/locations/0/postcode").starts_with("Publish `locations` ("));
        assert!(advice("/nothing").starts_with("Correct it where it is published"));
    }
}

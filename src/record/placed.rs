//! Where a fault is in the JSON that was sent. Values without an order are
//! sorted when they are read, so the place of one in its list is looked for.

use serde_json::Value as Json;

use super::fault::Pointer;
use super::json::read_one;
use super::{Fault, FromJson, Value};
use crate::schema::{Field, Kind, ValueType};

/// `fault`, found in a record of `kind` that was read from `json`, with a
/// pointer into `json`: `/topics/1` for the second topic.
#[must_use]
pub fn as_sent(context: FromJson<'_>, kind: &Kind, json: &Json, fault: Fault) -> Fault {
    match place(context, kind, json, &fault) {
        Some(pointer) => Fault { pointer, ..fault },
        None => fault,
    }
}

/// The pointer; `None` when that of the fault is right, or leads nowhere.
fn place(context: FromJson<'_>, kind: &Kind, json: &Json, fault: &Fault) -> Option<String> {
    let value = fault.value.as_deref()?;
    let (mut shape, mut json, mut at) = (&kind.shape, json, String::new());
    let mut parts = fault.pointer.split('/').skip(1).peekable();
    loop {
        let part = parts.next()?;
        let key = part.replace("~1", "/").replace("~0", "~");
        let field = shape.field(&key)?;
        json = json.get(&key)?;
        at = format!("{at}/{part}");
        let ValueType::Node(nested) = &field.value else {
            let position = position_of(context, field, json.as_array()?, value)?;
            return Some(format!("{at}/{position}"));
        };
        shape = context.schema.nested(nested)?;
        // Of a single node the place is not in the JSON.
        let position = parts.next_if(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if let (Some(position), Some(list)) = (position, json.as_array()) {
            json = list.get(position.parse::<usize>().ok()?)?;
            at = format!("{at}/{position}");
        }
    }
}

fn position_of(context: FromJson<'_>, field: &Field, list: &[Json], value: &str) -> Option<usize> {
    let is_it = |json: &Json| {
        let read = read_one(context, field, json, &Pointer::Root, &mut Vec::new());
        read.as_ref().map(Value::plain).as_deref() == Some(value)
    };
    list.iter().position(is_it)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::record::Base;
    use crate::schema::Schema;

    #[track_caller]
    fn check(pointer: &str, value: &str, expected: &str) {
        let (schema, base) = (Schema::standard(), Base::new("https://kist.example").unwrap());
        let context = FromJson { schema: &schema, base: &base, keys_of: None };
        let sent = json!({
            "name": "A",
            "topics": ["walking", "https://kist.example/id/category/reading", "no-topic"],
            "audience": "no-audience",
            "locations": [{ "postcode": "EH6 6AA" }, { "accessibility": ["lift", "no-feature"] }],
            "provider": "nobody",
        });
        let kind = schema.kind("asset").unwrap();
        let fault = as_sent(context, kind, &sent, Fault::new(pointer, "is wrong").of(value));
        assert_eq!(fault.pointer, expected);
    }

    #[test]
    fn a_fault_names_the_item_of_the_list_that_was_sent() {
        check("/topics", "category/no-topic", "/topics/2");
        check("/topics", "category/reading", "/topics/1");
        check("/locations/1/accessibility", "category/no-feature", "/locations/1/accessibility/1");
    }

    #[test]
    fn what_is_no_list_or_not_there_keeps_its_pointer() {
        check("/audience", "category/no-audience", "/audience");
        check("/provider", "organisation/nobody", "/provider");
        check("/topics", "category/other", "/topics");
        check("/languages", "en", "/languages");
        check("", "", "");
    }
}

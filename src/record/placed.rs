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
#[path = "placed_tests.rs"]
mod tests;

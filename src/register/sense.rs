//! What can't be true of anything, in records that people write: ages that
//! nobody has, an end before the beginning, a telephone number without a
//! digit. What is harvested or loaded is not lost for it, and what was there
//! before stands in the way of no change of something else.

use crate::model::is_language_tag;
use crate::record::{Fault, Fields, Record, Value};
use crate::schema::{Schema, Shape, ValueType};

/// How many digits the shortest numbers have that people call: 999, 111.
const FEWEST_DIGITS: usize = 3;

/// Fields of which the one begins what the other ends.
const SPANS: [[&str; 2]; 2] = [["startDate", "endDate"], ["start", "end"]];

/// Everything that makes no sense in what is `stated`. `shown` is the record
/// as it will be shown, with what others say of it.
pub(super) fn faults(schema: &Schema, stated: &Record, shown: &Record) -> Vec<Fault> {
    let mut faults: Vec<Fault> = ages_at_odds(stated, shown).into_iter().collect();
    if let Some(kind) = schema.kind(stated.id.kind()) {
        // Of a part that states one end, the other is what is shown.
        let said = |[begin, end]: [&str; 2]| {
            !stated.values(begin).is_empty() || !stated.values(end).is_empty()
        };
        faults.extend(spans(&kind.shape, &shown.fields, "", said));
        check(schema, &kind.shape, &stated.fields, "", &mut faults);
    }
    faults
}

/// Those of `faults` that are not among the `old` ones, wherever in their
/// lists these stood.
pub(super) fn without_old(mut faults: Vec<Fault>, old: &[Fault]) -> Vec<Fault> {
    let mut old: Vec<&Fault> = old.iter().collect();
    // Each is forgiven once: the same value a second time is a new fault.
    faults.retain(|fault| {
        let known = old.iter().position(|old| {
            old.detail == fault.detail && keys(&old.pointer).eq(keys(&fault.pointer))
        });
        known.map(|position| old.swap_remove(position)).is_none()
    });
    faults
}

/// The keys of a pointer, without positions in lists.
fn keys(pointer: &str) -> impl Iterator<Item = &str> {
    pointer.split('/').filter(|part| !part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A fault when `stated` has an age and `shown` minimumAge above maximumAge.
fn ages_at_odds(stated: &Record, shown: &Record) -> Option<Fault> {
    const AGES: [&str; 2] = ["minimumAge", "maximumAge"];
    let [youngest, oldest] = AGES.map(|key| shown.values(key).first().and_then(Value::as_integer));
    let (youngest, oldest) = (youngest?, oldest?);
    let key = AGES.into_iter().find(|key| !stated.values(key).is_empty())?;
    let detail = format!("minimumAge is {youngest}, and maximumAge {oldest}: nobody has that age");
    (youngest > oldest).then(|| Fault::new(format!("/{key}"), detail))
}

/// Adds the faults of `fields`, which stand at `pointer`, and of the nodes in
/// them.
fn check(schema: &Schema, shape: &Shape, fields: &Fields, pointer: &str, faults: &mut Vec<Fault>) {
    for (field, values) in shape.fields.iter().filter_map(|it| Some((it, fields.get(&it.key)?))) {
        let key = field.key.as_str();
        let at = format!("{pointer}/{key}");
        for (position, value) in values.iter().enumerate() {
            if let (Value::Node(node), ValueType::Node(nested)) = (value, &field.value)
                && let Some(nested) = schema.nested(nested)
            {
                let place = if field.is_list() { format!("/{position}") } else { String::new() };
                let at = format!("{at}{place}");
                faults.extend(spans(nested, &node.fields, &at, |_| true));
                check(schema, nested, &node.fields, &at, faults);
                continue;
            }
            match value {
                Value::LanguageText { language, .. } if !is_language_tag(language) => {
                    faults.push(Fault::new(&*at, no_language(language)));
                }
                Value::Text(text) if key == "telephone" && digits(text) < FEWEST_DIGITS => {
                    let detail = format!("`{text}` is no number that anybody can call");
                    faults.push(Fault::new(&*at, detail));
                }
                Value::Text(text)
                    if ["language", "languages"].contains(&key) && !is_language_tag(text) =>
                {
                    faults.push(Fault::new(&*at, no_language(text)).of(text.as_str()));
                }
                _ => {}
            }
        }
    }
}

fn no_language(tag: &str) -> String {
    format!("`{tag}` is no tag of a language such as `gd` or `en-GB` (BCP 47)")
}

/// A fault for each span among `fields`, which stand at `pointer`, that `is_asked`
/// about and that ends before it begins.
fn spans(
    shape: &Shape,
    fields: &Fields,
    pointer: &str,
    is_asked: impl Fn([&str; 2]) -> bool,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for span @ [_, end] in SPANS {
        if let [Some(first), Some(last)] = span.map(|key| day(shape, fields, key))
            && is_asked(span)
            && is_before(&last, &first)
        {
            let detail = format!("the end, {last}, is before the beginning, {first}");
            faults.push(Fault::new(format!("{pointer}/{end}"), detail));
        }
    }
    faults
}

/// A day, or a month or a year, as it is written; none when the field has
/// values of another type.
fn day(shape: &Shape, fields: &Fields, key: &str) -> Option<String> {
    let field = shape.fields.iter().find(|field| field.key.as_str() == key)?;
    match (&field.value, fields.get(key)?.first()?) {
        (ValueType::Date, Value::Date(date)) => Some(date.to_string()),
        (ValueType::PartialDate, Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// Whether `last` is before `first`, as far as both are told: 2024 is not
/// before 2024-05.
fn is_before(last: &str, first: &str) -> bool {
    let told = last.len().min(first.len());
    last.as_bytes()[..told] < first.as_bytes()[..told]
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

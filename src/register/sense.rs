//! What can't be true of anything, in records that people write: ages that
//! nobody has, a last day before the first, a telephone number without a
//! digit. What is harvested or loaded is not lost for it.

use super::Edit;
use crate::model::is_language_tag;
use crate::record::{Fault, Fields, Record, Value};
use crate::schema::{Schema, Shape, ValueType};

/// How many digits the shortest numbers have that people call: 999, 111.
const FEWEST_DIGITS: usize = 3;

/// Everything that makes no sense in what `edit` states. `shown` is the record
/// as it will be shown, with what others say of it.
pub(super) fn faults(schema: &Schema, edit: &Edit, shown: &Record) -> Vec<Fault> {
    let Some(stated) = &edit.record else { return Vec::new() };
    let mut faults: Vec<Fault> = ages_at_odds(stated, shown).into_iter().collect();
    if let Some(kind) = schema.kind(stated.id.kind()) {
        check(schema, &kind.shape, &stated.fields, "", &mut faults);
    }
    faults
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
    if let [Some(first), Some(last)] = ["startDate", "endDate"].map(|key| date(fields, key))
        && last < first
    {
        let detail = format!("the last day, {last}, is before the first, {first}");
        faults.push(Fault::new(format!("{pointer}/endDate"), detail));
    }
    for (field, values) in shape.fields.iter().filter_map(|it| Some((it, fields.get(&it.key)?))) {
        let key = field.key.as_str();
        let at = format!("{pointer}/{key}");
        for (position, value) in values.iter().enumerate() {
            if let (Value::Node(node), ValueType::Node(nested)) = (value, &field.value)
                && let Some(nested) = schema.nested(nested)
            {
                let place = if field.is_list() { format!("/{position}") } else { String::new() };
                check(schema, nested, &node.fields, &format!("{at}{place}"), faults);
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

fn date(fields: &Fields, key: &str) -> Option<jiff::civil::Date> {
    fields.get(key)?.iter().find_map(|value| match value {
        Value::Date(date) => Some(*date),
        _ => None,
    })
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

//! A JSON object that is written as it grows, without a tree of values.

use serde::Serialize;

/// An object in the making, at the end of some JSON.
pub(super) struct Object<'a> {
    json: &'a mut Vec<u8>,
    /// What stands before the next member.
    before: u8,
}

impl<'a> Object<'a> {
    /// Writes an object with the members that `of` gives it.
    pub(super) fn write(json: &'a mut Vec<u8>, of: impl FnOnce(&mut Object<'_>)) {
        let mut object = Object { json, before: b'{' };
        of(&mut object);
        if object.before == b'{' {
            object.json.push(b'{');
        }
        object.json.push(b'}');
    }

    /// Writes a list with an object for each of `items`, whose members `of`
    /// gives.
    pub(super) fn write_all<T>(
        json: &'a mut Vec<u8>,
        items: impl IntoIterator<Item = T>,
        mut of: impl FnMut(&mut Object<'_>, T),
    ) {
        json.push(b'[');
        let first = json.len();
        for item in items {
            if json.len() > first {
                json.push(b',');
            }
            Object::write(json, |object| of(object, item));
        }
        json.push(b']');
    }

    /// Adds a member.
    pub(super) fn put(&mut self, name: &str, of: &(impl Serialize + ?Sized)) {
        value(self.name(name), of);
    }

    /// Adds a member, if there is a value.
    pub(super) fn put_if(&mut self, name: &str, of: Option<&(impl Serialize + ?Sized)>) {
        if let Some(of) = of {
            self.put(name, of);
        }
    }

    /// Adds a member, and gives where its value is to be written.
    pub(super) fn name(&mut self, name: &str) -> &mut Vec<u8> {
        self.json.push(self.before);
        self.before = b',';
        value(self.json, name);
        self.json.push(b':');
        self.json
    }
}

/// Writes a value at the end of some JSON.
pub(super) fn value(json: &mut Vec<u8>, of: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(json, of).expect("text, numbers and JSON values can be written as JSON");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_the_order_in_which_they_are_put() {
        let mut json = Vec::new();
        Object::write(&mut json, |object| {
            object.put("a", "x\"y");
            object.put_if("b", None::<&u64>);
            Object::write(object.name("c"), |_| {});
            Object::write_all(object.name("d"), [1, 2], |object, number| object.put("n", &number));
        });
        let text = String::from_utf8(json).unwrap();
        assert_eq!(text, r#"{"a":"x\"y","c":{},"d":[{"n":1},{"n":2}]}"#);
    }
}

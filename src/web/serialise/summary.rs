//! Reading the summary of a record, whatever it lacks.
//!
//! A text is a string or an object by language; a list is always an array. A
//! member of another shape is read as if it were absent.

use crate::record::JsonView;
use crate::record::ObjectView;

/// The summary of a record, read in a language.
pub(in crate::web) struct Summary<'a> {
    members: ObjectView<'a>,
    language: &'a str,
}

/// Something that a summary points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Named {
    /// Its IRI.
    pub(in crate::web) id: String,
    /// What it is called; `None` when the register doesn't know.
    pub(in crate::web) name: Option<String>,
}

impl<'a> Summary<'a> {
    /// Reads a summary; `None` when it is not a JSON object with an `id`.
    pub(in crate::web) fn read(json: &'a [u8], language: &'a str) -> Option<Self> {
        let members = ObjectView::read(json)?;
        members.get("id")?.as_str()?;
        Some(Self { members, language })
    }

    /// Reads the details of a record, which are told as its summary is (see
    /// [`Register::details`](crate::register::Register::details)); nothing is
    /// told by what is not a JSON object.
    pub(in crate::web) fn read_details(json: &'a [u8], language: &'a str) -> Self {
        Self { members: ObjectView::read(json).unwrap_or_default(), language }
    }

    /// The text of a member: in the language, or in English, or in any.
    pub(in crate::web) fn text(&self, name: &str) -> Option<String> {
        self.text_of(self.members.get(name)?)
    }

    /// The language in which [`Self::text`] gives a member (BCP 47), when it
    /// is not English.
    pub(super) fn language_of(&self, name: &str) -> Option<&str> {
        let languages = self.members.get(name)?.as_object()?;
        let wanted = [self.language, "en"].into_iter().find(|tag| languages.get(tag).is_some());
        let tag = wanted.or_else(|| languages.members().next().map(|(tag, _)| tag))?;
        (tag != "en").then_some(tag)
    }

    /// The text of a member of `object`.
    pub(in crate::web) fn text_in(&self, object: &ObjectView<'_>, name: &str) -> Option<String> {
        self.text_of(object.get(name)?)
    }

    /// What a member points to.
    pub(in crate::web) fn named(&self, name: &str) -> Vec<Named> {
        self.all(name).filter_map(|value| self.named_of(value)).collect()
    }

    /// The texts of a list of strings.
    pub(in crate::web) fn texts(&self, name: &str) -> Vec<String> {
        self.all(name).filter_map(JsonView::as_str).map(str::to_owned).collect()
    }

    /// The objects of a list.
    pub(in crate::web) fn objects(&self, name: &str) -> impl Iterator<Item = &ObjectView<'a>> {
        self.all(name).filter_map(JsonView::as_object)
    }

    /// The whole number of a member.
    pub(in crate::web) fn integer(&self, name: &str) -> Option<i64> {
        self.members.get(name)?.as_i64()
    }

    /// Whether a member is true; `None` when it does not say.
    pub(in crate::web) fn truth(&self, name: &str) -> Option<bool> {
        self.members.get(name)?.as_bool()
    }

    /// The summary itself as an object, for what it has as places have it.
    pub(in crate::web) const fn as_object(&self) -> &ObjectView<'a> {
        &self.members
    }

    /// The values of a member, one when it is not a list.
    fn all(&self, name: &str) -> impl Iterator<Item = &JsonView<'a>> {
        let value = self.members.get(name);
        let list = value.and_then(JsonView::as_array);
        list.unwrap_or_else(|| value.map_or(&[], std::slice::from_ref)).iter()
    }

    fn named_of(&self, value: &JsonView<'_>) -> Option<Named> {
        let object = value.as_object()?;
        let id = object.get("id")?.as_str()?.to_owned();
        Some(Named { id, name: self.text_in(object, "name") })
    }

    /// The text of a value.
    pub(super) fn text_of(&self, value: &JsonView<'_>) -> Option<String> {
        let text = match value {
            JsonView::String(text) => &**text,
            JsonView::Number(number) => return Some(number.to_string()),
            JsonView::Object(languages) => [self.language, "en"]
                .iter()
                .find_map(|language| languages.get(language))
                .or_else(|| languages.members().next().map(|(_, text)| text))?
                .as_str()?,
            JsonView::Array(values) => return self.text_of(values.first()?),
            _ => return None,
        };
        (!text.trim().is_empty()).then(|| text.to_owned())
    }
}

//! What clients have registered under keys of their own, so that a request
//! that is sent again, because its answer was lost, registers nothing twice.
//! Source: contract of limits, S12.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::Register;
use crate::journal::{JournalError, Note};
use crate::record::RecordId;

/// The private table; its keys are the day and a hash of whose key it is.
const TABLE: &str = "write.once";
/// How many old keys are forgotten when a new one is kept.
const FORGOTTEN_AT_ONCE: usize = 100;

/// What was registered under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The record.
    pub id: RecordId,
    /// Hash of the request that registered it, a word.
    pub asked: String,
}

impl Once {
    fn read(value: &[u8]) -> Option<Self> {
        let (asked, id) = str::from_utf8(value).ok()?.split_once(' ')?;
        Some(Self { id: id.parse().ok()?, asked: asked.to_owned() })
    }

    fn written(&self) -> Vec<u8> {
        format!("{} {}", self.asked, self.id).into_bytes()
    }
}

impl Register {
    /// What `actor` has registered under `key` in the last day; what is older
    /// is told for another day at most. `None` also when nobody can tell any
    /// more.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the journal can't be read.
    pub fn once(
        &self,
        actor: &str,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<Once>, JournalError> {
        let hash = hash(actor, key);
        for day in days(now) {
            if let Some(value) = self.notes().note(TABLE, &format!("{day}\n{hash}"))? {
                return Ok(Once::read(&value));
            }
        }
        Ok(None)
    }

    /// The notes that keep what `actor` registers under `key`, and forget some
    /// of what is too old: for the transaction that registers it.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the journal can't be read.
    pub fn notes_of_once(
        &self,
        actor: &str,
        key: &str,
        once: &Once,
        now: Timestamp,
    ) -> Result<Vec<Note>, JournalError> {
        let [today, yesterday] = days(now);
        let key = format!("{today}\n{}", hash(actor, key));
        let mut notes = vec![Note { table: TABLE, key, value: Some(once.written()) }];
        let first = yesterday.to_string();
        let oldest = self.notes().notes(TABLE, "", "", FORGOTTEN_AT_ONCE)?;
        let old = oldest.into_iter().map(|(key, _)| key).take_while(|key| *key < first);
        notes.extend(old.map(|key| Note { table: TABLE, key, value: None }));
        Ok(notes)
    }
}

/// The day that it is, and the one before.
fn days(now: Timestamp) -> [Date; 2] {
    let today = now.to_zoned(TimeZone::UTC).date();
    [today, today.saturating_sub(1.day())]
}

fn hash(actor: &str, key: &str) -> String {
    blake3::hash(format!("{actor}\n{key}").as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Durability;
    use crate::record::Base;
    use crate::register::Place;
    use crate::schema::Schema;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_key_is_known_for_a_day_to_whom_it_belongs_and_is_forgotten_then() {
        let (evening, next, third) =
            (at("2026-11-21T23:00:00Z"), at("2026-11-22T22:59:59Z"), at("2026-11-23T00:00:00Z"));
        let base = Base::new("https://kist.example").unwrap();
        let register = Register::open(Schema::standard(), base, Place::Memory, evening).unwrap();
        let keep = |key: &str, now| {
            let id = RecordId::new("asset", key).unwrap();
            let once = Once { id, asked: "a".to_owned() };
            let notes = register.notes_of_once("me", key, &once, now).unwrap();
            register.notes().put_notes(&notes, Durability::Durable).unwrap();
            once
        };
        let first = keep("first", evening);
        assert_eq!(register.once("me", "first", next).unwrap(), Some(first));
        assert_eq!(register.once("you", "first", next).unwrap(), None);
        assert_eq!(register.once("me", "second", next).unwrap(), None);
        assert_eq!(register.once("me", "first", third).unwrap(), None);
        assert_eq!(register.notes().count_notes(TABLE, "").unwrap(), 1);
        keep("second", third);
        assert_eq!(register.notes().count_notes(TABLE, "").unwrap(), 1);
    }
}

//! Any number of edits as one change, in bounded memory.

use std::sync::PoisonError;

use jiff::Timestamp;

use super::{Applied, ApplyError, Edit, Progress, Register};
use crate::journal::JournalError;
use crate::record::Record;

/// How many edits are taken between two reports of progress.
const STEP: u64 = 1_000;

impl Register {
    /// Writes `edits`, all or none, as [`Register::apply`] does, but one after
    /// the other, so that they need not all be in memory. References to
    /// records that are not there are kept as links, and parts of records of
    /// which nobody says the whole are kept until somebody does.
    ///
    /// The first load of a register makes the views in bulk when the journal
    /// has everything: some ten times as fast as edit by edit.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Invalid`] for the first record that breaks its shape,
    /// [`ApplyError::Changed`] when an expectation fails, or the first error
    /// that `edits` gives; nothing is written then.
    pub fn apply_all(
        &self,
        edits: &mut dyn Iterator<Item = Result<Edit, ApplyError>>,
        actor: &str,
        now: Timestamp,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Applied, ApplyError> {
        self.check_room()?;
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let revision = self.journal.newest()?;
        let show = |source| ApplyError::View { revision, source };
        // From here on what is not in the index is not in the journal.
        self.catch_up(now, progress).map_err(show)?;
        let mut refused = None;
        let mut taken = 0;
        let mut changes = edits.filter_map(|edit| {
            taken += 1;
            if taken % STEP == 0 {
                progress(Progress::Journal(taken));
            }
            match edit.and_then(|edit| self.change_of(edit)) {
                Ok(change) => change.map(Ok),
                Err(error) => {
                    refused = Some(error);
                    Some(Err(JournalError::Abandoned))
                }
            }
        });
        let appended = if self.directory.is_some() {
            self.journal.append(&mut changes, &[], now, actor)
        } else {
            // A journal in memory can't be read while it is written.
            let changes: Vec<_> = changes.collect();
            self.journal.append(&mut changes.into_iter(), &[], now, actor)
        };
        let appended = match (refused, appended) {
            (Some(error), _) => return Err(error),
            (None, appended) => appended?,
        };
        let Some((first, revision)) = appended else {
            return Ok(Applied { revision, written: 0 });
        };
        let show = |source| ApplyError::View { revision, source };
        self.catch_up(now, progress).map_err(show)?;
        let written = usize::try_from(revision.0 - first.0 + 1).unwrap_or(usize::MAX);
        Ok(Applied { revision, written })
    }

    fn change_of(&self, edit: Edit) -> Result<Option<crate::journal::Change>, ApplyError> {
        self.check(&edit)?;
        // A part may be there of what is not shown.
        let may_be_there = self.index.get(&edit.id.to_string()).is_some()
            || edit.record.as_ref().is_some_and(Record::is_part);
        let current = if may_be_there { self.journal.current(&edit.id)? } else { Vec::new() };
        self.change(&edit, &current)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::ops::Range;

    use oxigraph::model::{NamedNode, Triple};

    use super::super::{Found, Place};
    use super::*;
    use crate::graph::{Graph, NamedGraph};
    use crate::record::{Base, Fields, RecordId, Value};
    use crate::schema::Schema;

    fn register() -> Register {
        let base = Base::new("https://kist.example").unwrap();
        Register::open(Schema::standard(), base, Place::Memory, now()).unwrap()
    }

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn organisation(number: u32, name: &str) -> Edit {
        let id = RecordId::new("organisation", &format!("o{number}")).unwrap();
        let name = Value::LanguageText { language: "en".to_owned(), text: name.to_owned() };
        let fields = Fields::from([("name".to_owned(), vec![name])]);
        let record = Some(Record { id: id.clone(), fields });
        Edit {
            source: "test".to_owned(),
            id,
            record,
            original: None,
            expected: None,
            derivation: None,
        }
    }

    fn apply_all(register: &Register, edits: Vec<Edit>) -> Result<Applied, ApplyError> {
        register.apply_all(&mut edits.into_iter().map(Ok), "test", now(), &mut |_| {})
    }

    #[test]
    fn a_first_load_in_bulk_and_later_edits_agree_with_the_journal() {
        let register = register();
        let many = || (0..25_000).map(|number| organisation(number, "Leith Walkers")).collect();
        let applied = apply_all(&register, many()).unwrap();
        assert_eq!((applied.written, applied.revision.0), (25_000, 25_000));
        assert_eq!(register.index().size().records, 25_000);
        assert_eq!(register.graph().revision().unwrap(), applied.revision);
        assert_eq!(apply_all(&register, many()).unwrap().written, 0);
        let edits = vec![organisation(7, "Portree Walkers"), organisation(8, "Leith Walkers")];
        assert_eq!(apply_all(&register, edits).unwrap().written, 1);
        assert_eq!(register.index().revision().0, 25_001);
    }

    #[test]
    fn a_load_beside_much_that_is_there_shows_what_a_view_made_anew_would() {
        let register = register();
        let named = |numbers: Range<u32>, name: &str| {
            numbers.map(|number| organisation(number, name)).collect::<Vec<_>>()
        };
        apply_all(&register, named(0..8_000, "Leith Walkers")).unwrap();
        // Not enough for the views to be made again: they follow, in steps.
        let mut edits = named(8_000..16_500, "Portree Walkers");
        edits.extend(named(500..600, "Oban Walkers"));
        let applied = apply_all(&register, edits).unwrap();
        assert_eq!(applied.written, 8_600);
        let size = || (register.index().size().records, register.graph().len().unwrap());
        let dump = || {
            let mut dump = Vec::new();
            register.graph().dump(&mut dump).unwrap();
            let text = String::from_utf8(dump).unwrap();
            text.lines().map(str::to_owned).collect::<BTreeSet<_>>()
        };
        let followed = (size(), dump(), register.graph().revision().unwrap());
        assert_eq!((followed.0.0, followed.2), (16_500, applied.revision));
        register.rebuild(now(), &mut |_| {}).unwrap();
        assert_eq!((size(), dump(), register.graph().revision().unwrap()), followed);
    }

    #[test]
    fn an_index_that_is_gone_is_made_again_and_the_graph_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let open = || {
            let base = Base::new("https://kist.example").unwrap();
            let place = Place::Directory(directory.path());
            Register::open(Schema::standard(), base, place, now()).unwrap()
        };
        let register = open();
        apply_all(&register, (0..6_000).map(|number| organisation(number, "Walkers")).collect())
            .unwrap();
        let revision = register.newest().unwrap();
        drop(register);
        std::fs::remove_dir_all(directory.path().join("index")).unwrap();
        // What the journal doesn't say tells whether the graph is made again.
        let node = |name: &str| NamedNode::new(format!("https://mark.example/{name}")).unwrap();
        let mark = NamedGraph {
            name: node("graph"),
            triples: vec![Triple::new(node("s"), node("p"), node("o"))],
        };
        let graph = Graph::open(&directory.path().join("graph")).unwrap();
        graph.replace(vec![mark], revision).unwrap();
        drop(graph);
        let register = open();
        assert_eq!(register.index().size().records, 6_000);
        let mut dump = Vec::new();
        register.graph().dump(&mut dump).unwrap();
        assert!(String::from_utf8(dump).unwrap().contains("https://mark.example/o"));
    }

    #[test]
    fn edits_that_break_off_write_nothing() {
        let register = register();
        let edits = vec![
            Ok(organisation(1, "Leith Walkers")),
            Err(ApplyError::Unread("the file has gone".to_owned())),
        ];
        let applied = register.apply_all(&mut edits.into_iter(), "test", now(), &mut |_| {});
        assert_eq!(applied.unwrap_err().to_string(), "the file has gone");
        let id = RecordId::new("organisation", "o1").unwrap();
        assert_eq!(register.get(&id).unwrap(), Found::Nowhere);
    }

    #[test]
    fn an_edit_that_is_refused_takes_all_the_others_with_it() {
        let register = register();
        let mut edits = vec![organisation(1, "Leith Walkers"), organisation(2, "")];
        edits[1].record = edits[1].record.take().map(|mut record| {
            record.fields.clear();
            record
        });
        assert!(matches!(apply_all(&register, edits), Err(ApplyError::Invalid { .. })));
        let id = RecordId::new("organisation", "o1").unwrap();
        assert_eq!(register.get(&id).unwrap(), Found::Nowhere);
    }
}

//! Who writes what came from a source, and who is asked to stop it. In memory:
//! while much is written as one change, nobody else can write to the journal.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Register;

/// How far the writing of what came from one source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It may be stopped.
    Open,
    /// Somebody has asked for that.
    Asked,
    /// It goes through to its end.
    Through,
}

/// What became of the wish that a writing stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopping {
    /// It stops within moments; what was not written by then is not.
    Stops,
    /// It is about to be done, and goes through.
    TooLate,
    /// Nobody writes.
    Nobody,
}

/// All who write.
#[derive(Debug, Default)]
pub(super) struct Writers(Mutex<HashMap<String, Stage>>);

impl Writers {
    fn stages(&self) -> MutexGuard<'_, HashMap<String, Stage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who writes what came from one source, until this is dropped.
#[derive(Debug)]
pub struct Writing<'a> {
    writers: &'a Writers,
    source: String,
}

impl Register {
    /// What came from `source` is written from now on. There is one at a time
    /// who does that.
    #[must_use]
    pub fn begin_writing(&self, source: &str) -> Writing<'_> {
        self.writers.stages().insert(source.to_owned(), Stage::Open);
        Writing { writers: &self.writers, source: source.to_owned() }
    }

    /// Asks whoever writes what came from `source` to stop.
    pub fn stop_writing(&self, source: &str) -> Stopping {
        match self.writers.stages().get_mut(source) {
            None => Stopping::Nobody,
            Some(Stage::Through) => Stopping::TooLate,
            Some(stage) => {
                *stage = Stage::Asked;
                Stopping::Stops
            }
        }
    }
}

impl Writing<'_> {
    /// Whether somebody has asked to stop it.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.writers.stages().get(&self.source) == Some(&Stage::Asked)
    }

    /// What was to go through did not, and what is left is written otherwise:
    /// it may be stopped again.
    pub fn begins_anew(&self) {
        if let Some(stage) = self.writers.stages().get_mut(&self.source)
            && *stage == Stage::Through
        {
            *stage = Stage::Open;
        }
    }

    /// From here on nobody stops it, unless somebody has; gives whether it goes
    /// on.
    #[must_use]
    pub fn goes_through(&self) -> bool {
        let mut stages = self.writers.stages();
        match stages.get_mut(&self.source) {
            Some(Stage::Asked) => false,
            Some(stage) => {
                *stage = Stage::Through;
                true
            }
            None => true,
        }
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.writers.stages().remove(&self.source);
    }
}

#[cfg(test)]
#[path = "writing_tests.rs"]
mod tests;

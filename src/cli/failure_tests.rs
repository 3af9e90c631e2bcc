//! Tests of [`failure`](super).

use std::path::PathBuf;

use super::*;

#[track_caller]
fn check(error: impl Into<anyhow::Error>, expected: u8) {
    assert_eq!(code(&error.into().context("the register can't be opened")), expected);
}

#[test]
fn data_that_cant_be_used_have_an_exit_code_of_their_own() {
    check(OpenError::from(JournalError::InUse(PathBuf::from("data"))), 78);
    check(OpenError::from(JournalError::NewerFormat { found: 9, known: 1 }), 78);
    check(ApplyError::from(JournalError::Full), 1);
    check(JournalError::Full, 1);
    check(WrongUse("no".to_owned()), 2);
}

#[test]
fn a_cause_is_told_once() {
    let error = anyhow::Error::from(JournalError::Full).context("the files were not loaded");
    let expected = "the files were not loaded: the disk is full; nothing was written";
    assert_eq!(message(&error), expected);
    let error = OpenError::from(JournalError::Full);
    assert_eq!(message(&error.into()), "the disk is full; nothing was written");
}

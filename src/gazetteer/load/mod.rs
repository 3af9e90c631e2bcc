//! Loaders of the official files, recognised by their content.
//!
//! A load reads the whole file first, then puts its result into the
//! gazetteer's directory by one rename: a wrong, cut or empty file leaves the
//! directory as it was. Rows that can't be read are counted, and the first
//! few told; too many of them, or none that can, fail the load.

mod boundaries;
mod code_point;
mod columns;
mod onspd;
mod open_names;
mod rows;
mod source;
mod spd;
mod units;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::gazetteer::Gazetteer;
use crate::gazetteer::store::GazetteerError;

use source::Source;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Ordnance Survey's postcodes: CSV without a heading, one for each
    /// postcode area, or the zip of them all.
    CodePointOpen,
    /// The postcode directory of the Office for National Statistics.
    Onspd,
    /// The Scottish Postcode Directory, small users.
    SpdSmallUser,
    /// The Scottish Postcode Directory, large users.
    SpdLargeUser,
    /// Boundaries of areas as GeoJSON.
    Boundaries,
    /// Ordnance Survey's names of places: CSV tiles, or the zip of them all.
    OpenNames,
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::CodePointOpen => "Code-Point Open",
            Self::Onspd => "ONS Postcode Directory",
            Self::SpdSmallUser => "Scottish Postcode Directory, small users",
            Self::SpdLargeUser => "Scottish Postcode Directory, large users",
            Self::Boundaries => "GeoJSON boundaries",
            Self::OpenNames => "OS Open Names",
        })
    }
}

/// How far a load has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of text that have been read.
    pub bytes: u64,
    /// Bytes of text that will be read, of all members of a zip.
    pub total_bytes: u64,
    /// Rows that have been read.
    pub rows: u64,
}

/// What a load did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// What the file, or each kind of member of a zip, is.
    pub formats: Vec<Format>,
    /// Rows or features that were taken.
    pub taken: u64,
    /// Rows that are right but not wanted, such as places outside Scotland.
    pub left_out: u64,
    /// Rows that could not be read.
    pub skipped: u64,
    /// Why the first few of them could not.
    pub first_reasons: Vec<String>,
    /// Members of a zip that are of no known form.
    pub unknown_members: Vec<String>,
}

/// Why a file can't be loaded. The gazetteer's directory is as it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The system would not read the file.
    #[error("`{}` can't be read: {source}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The zip is damaged or cut off.
    #[error("`{}` is a zip file that can't be read, perhaps cut off: {what}", file.display())]
    Zip {
        /// The file.
        file: PathBuf,
        /// What the zip's reader says.
        what: String,
    },
    /// The file is none of those that the gazetteer knows.
    #[error(
        "`{}` is none of the files that can be loaded: Code-Point Open, ONSPD, Scottish Postcode \
         Directory, OS Open Names (each as CSV or zip), GeoJSON boundaries", file.display()
    )]
    Unrecognised {
        /// The file.
        file: PathBuf,
    },
    /// A part of the file breaks its form, so that nothing after it can be
    /// trusted; a file that was cut off ends so.
    #[error("{file}, line {line}, column {column}: {what}")]
    Broken {
        /// The file, or the member of a zip.
        file: String,
        /// Line, from 1.
        line: u64,
        /// Column, from 1: of a table its number, of JSON the character.
        column: u64,
        /// What is wrong.
        what: String,
    },
    /// The heading lacks a column that is needed.
    #[error("{file}, line 1: there is no column for the {what}")]
    Column {
        /// The file, or the member of a zip.
        file: String,
        /// What the column would hold.
        what: &'static str,
    },
    /// Nothing in the file can be taken.
    #[error("{file} holds nothing that can be taken{}", .first.as_ref().map(|first| format!("; the first fault: {first}")).unwrap_or_default())]
    Empty {
        /// The file.
        file: String,
        /// Why the first row could not be read.
        first: Option<String>,
    },
    /// So many rows are faulty that the file is not what it seems.
    #[error("{skipped} rows of {file} can't be read and {taken} can; the first fault: {first}")]
    Faults {
        /// The file.
        file: String,
        /// Rows that can't be read.
        skipped: u64,
        /// Rows that can.
        taken: u64,
        /// Why the first could not be read.
        first: String,
    },
    /// The file has less than half of the postcodes which it would replace.
    #[error(
        "{file} has {now} postcodes where {before} are loaded, so it may be cut off; to load it \
         all the same, remove `{}` first", .stored.display()
    )]
    Shrunk {
        /// The file.
        file: String,
        /// Postcodes that are loaded, of the same postcode areas.
        before: usize,
        /// Postcodes in the file.
        now: usize,
        /// The stored table.
        stored: PathBuf,
    },
    /// The gazetteer's directory can't be read or written.
    #[error(transparent)]
    Directory(#[from] GazetteerError),
}

/// Loads an official file into the gazetteer's `directory`, which is made
/// when it is not there; open the gazetteer anew to see it.
///
/// Postcodes replace those of the same format and postcode area (`EH`); areas
/// and places replace those with the same code. Postcodes get the areas that
/// the file names where they are known, and otherwise those that hold their
/// position.
///
/// # Errors
///
/// [`LoadError`], and the directory is as it was.
pub fn load(
    directory: &Path,
    file: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, LoadError> {
    let gazetteer = Gazetteer::open(directory)?;
    let mut source = Source::open(file)?;
    let mut loading = Loading::new(&source, progress);
    let formats = loading.report.formats.clone();
    if formats.contains(&Format::Boundaries) {
        boundaries::load(&gazetteer, directory, &mut source, &mut loading)?;
    }
    if formats.contains(&Format::OpenNames) {
        open_names::load(&gazetteer, directory, &mut source, &mut loading)?;
    }
    units::load(&gazetteer, directory, &mut source, &mut loading)?;
    Ok(loading.report)
}

/// A load under way: its report so far, and whom to tell.
struct Loading<'a> {
    file: String,
    report: Report,
    so_far: Progress,
    progress: &'a mut dyn FnMut(Progress),
}

/// Reasons that a report tells.
const REASONS: usize = 5;

impl<'a> Loading<'a> {
    fn new(source: &Source, progress: &'a mut dyn FnMut(Progress)) -> Self {
        let mut report = Report { unknown_members: source.unknown().to_vec(), ..Report::default() };
        for member in source.members() {
            if !report.formats.contains(&member.format) {
                report.formats.push(member.format);
            }
        }
        let total_bytes = source.members().iter().map(|member| member.size).sum();
        let so_far = Progress { bytes: 0, total_bytes, rows: 0 };
        Self { file: source.name(), report, so_far, progress }
    }

    fn advance(&mut self, bytes: u64, rows: u64) {
        self.so_far.bytes += bytes;
        self.so_far.rows += rows;
        (self.progress)(self.so_far);
    }

    fn skip(&mut self, reason: String) {
        self.report.skipped += 1;
        if self.report.first_reasons.len() < REASONS {
            self.report.first_reasons.push(reason);
        }
    }

    /// Fails when nothing was taken, or when more than one row in twenty,
    /// and more than a handful, is faulty.
    fn judge(&self) -> Result<(), LoadError> {
        let Report { taken, skipped, first_reasons, .. } = &self.report;
        let first = first_reasons.first().cloned();
        if *taken == 0 {
            return Err(LoadError::Empty { file: self.file.clone(), first });
        }
        match first {
            Some(first) if *skipped > 5 && skipped * 20 > *taken => Err(LoadError::Faults {
                file: self.file.clone(),
                skipped: *skipped,
                taken: *taken,
                first,
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;

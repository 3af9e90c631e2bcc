//! What the loaders keep in the gazetteer's directory.
//!
//! Each file is written beside its place, synced, and put there by a rename,
//! so that a reader finds the old one or the new one, whole.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::gazetteer::areas::{self, Area, Areas};
use crate::gazetteer::places::{self, Place};
use crate::gazetteer::table::{Table, TableError};
use crate::gazetteer::units::{Units, UnitsError};

/// Tables of postcodes, the weightiest first: of two that know a postcode the
/// first is believed.
pub(super) const UNIT_FILES: [&str; 4] = [
    "postcodes-spd-small-user.bin",
    "postcodes-spd-large-user.bin",
    "postcodes-onspd.bin",
    "postcodes-code-point-open.bin",
];
const AREAS_FILE: &str = "areas.txt";
const PLACES_FILE: &str = "places.tsv";

/// Parts the table of areas from their boundaries.
const BETWEEN: &str = "\n\n";

/// What was loaded, besides what is shipped.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) areas: Vec<Area>,
    pub(super) places: Vec<Place>,
    pub(super) units: Units,
}

/// Why the gazetteer's directory can't be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GazetteerError {
    /// The system would not read or write a file.
    #[error("`{}` can't be read or written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A stored table of postcodes is damaged: load its file again.
    #[error("`{}` must be loaded again: {source}", path.display())]
    Postcodes {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: UnitsError,
    },
    /// A stored table of areas or places is damaged: load its file again.
    #[error("a stored table must be loaded again: {0}")]
    Table(#[from] TableError),
}

impl Stored {
    pub(super) fn read(directory: &Path) -> Result<Self, GazetteerError> {
        let mut tables = Vec::new();
        for file in UNIT_FILES {
            let units = read_units(directory, file)?;
            if units.len() > 0 {
                tables.push(units);
            }
        }
        Ok(Self {
            areas: read_areas(directory)?,
            places: read_places(directory)?,
            units: merge(tables),
        })
    }
}

/// One table out of several, the earlier of which go first.
fn merge(mut tables: Vec<Units>) -> Units {
    if tables.len() < 2 {
        return tables.pop().unwrap_or_default();
    }
    let mut units = Vec::new();
    for (number, table) in tables.iter().enumerate() {
        let weightier = &tables[..number];
        units.extend(
            table
                .all()
                .filter(|unit| weightier.iter().all(|other| other.find(&unit.postcode).is_none())),
        );
    }
    Units::new(units)
}

pub(super) fn read_units(directory: &Path, file: &str) -> Result<Units, GazetteerError> {
    let path = directory.join(file);
    let Some(bytes) = read_if_there(&path)? else { return Ok(Units::default()) };
    Units::from_bytes(&bytes).map_err(|source| GazetteerError::Postcodes { path, source })
}

pub(super) fn write_units(
    directory: &Path,
    file: &str,
    units: &Units,
) -> Result<(), GazetteerError> {
    write_whole(directory, file, &units.to_bytes())
}

pub(super) fn read_areas(directory: &Path) -> Result<Vec<Area>, GazetteerError> {
    let text = read_text(directory, AREAS_FILE)?;
    let (table, outlines) = text.split_once(BETWEEN).unwrap_or((&text, ""));
    let areas = Areas::read(
        &Table::with_heading(AREAS_FILE, table),
        &Table::without_heading(AREAS_FILE, outlines),
    )?;
    Ok(areas.all().to_vec())
}

pub(super) fn write_areas(directory: &Path, areas: &[Area]) -> Result<(), GazetteerError> {
    let (table, outlines) = areas::to_tables(areas.iter());
    let text = format!("{}{BETWEEN}{outlines}", table.trim_end_matches('\n'));
    write_whole(directory, AREAS_FILE, text.as_bytes())
}

pub(super) fn read_places(directory: &Path) -> Result<Vec<Place>, GazetteerError> {
    let text = read_text(directory, PLACES_FILE)?;
    Ok(places::read(&Table::with_heading(PLACES_FILE, &text))?)
}

pub(super) fn write_places(directory: &Path, places: &[Place]) -> Result<(), GazetteerError> {
    write_whole(directory, PLACES_FILE, places::to_table(places).as_bytes())
}

/// The text in a gzip stream.
pub(super) fn inflate(bytes: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes).read_to_string(&mut text)?;
    Ok(text)
}

fn read_text(directory: &Path, file: &str) -> Result<String, GazetteerError> {
    let path = directory.join(file);
    let bytes = read_if_there(&path)?.unwrap_or_default();
    String::from_utf8(bytes).map_err(|error| GazetteerError::Io {
        path,
        source: io::Error::new(io::ErrorKind::InvalidData, error),
    })
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, GazetteerError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(GazetteerError::Io { path: path.to_owned(), source }),
    }
}

fn write_whole(directory: &Path, file: &str, bytes: &[u8]) -> Result<(), GazetteerError> {
    let path = directory.join(file);
    let beside = directory.join(format!("{file}.new"));
    let write = || -> io::Result<()> {
        fs::create_dir_all(directory)?;
        let mut new = File::create(&beside)?;
        new.write_all(bytes)?;
        new.sync_all()?;
        fs::rename(&beside, &path)?;
        // The directory too, so that the rename outlives a power cut.
        File::open(directory)?.sync_all()
    };
    write().map_err(|source| GazetteerError::Io { path: path.clone(), source })
}

//! The archive in which a workbook comes, checked before anything reads it.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use crate::harvest::document::Document;
use crate::harvest::extraction::Problem;

/// Files in the archive, by contract; workbooks have some twenty.
const MOST_ENTRIES: usize = 1_000;

/// Bytes of all files when unpacked, by contract.
const LARGEST: u64 = 200 << 20;

/// Unpacked bytes for each packed one, by contract. Small files of nothing but
/// repetition are let pass.
const HIGHEST_RATIO: u64 = 100;

/// Up to here the ratio doesn't matter.
const SMALL: u64 = 1 << 20;

/// How much of the end of an archive is looked at for the names of its files.
const DIRECTORY: usize = 64 << 10;

const XLSX: &[&str] = &[
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel.sheet.macroenabled.12",
];
const ODS: &[&str] = &["application/vnd.oasis.opendocument.spreadsheet"];

pub(super) fn recognises_xlsx(document: &Document) -> u8 {
    if !document.bytes.starts_with(b"PK\x03\x04") {
        // One that can't be read says so better than another format would.
        return if document.is_declared(XLSX) { 10 } else { 0 };
    }
    let start = document.bytes.len().saturating_sub(DIRECTORY);
    match (contains(&document.bytes[start..], b"xl/workbook"), document.is_declared(XLSX)) {
        (true, _) => 95,
        (false, true) => 60,
        (false, false) => 0,
    }
}

pub(super) fn recognises_ods(document: &Document) -> u8 {
    let is_zip = document.bytes.starts_with(b"PK\x03\x04");
    let is_ods = contains(&document.bytes[..document.bytes.len().min(200)], ODS[0].as_bytes());
    match (is_zip && is_ods, is_zip && document.is_declared(ODS)) {
        (true, _) => 95,
        (false, true) => 60,
        (false, false) => 0,
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Checks what the archive says of its files, and then that it is true.
///
/// # Errors
///
/// The problem, when it is too large, has too many files or can't be read.
pub(super) fn checked(bytes: &[u8]) -> Result<(), Box<Problem>> {
    let broken = |code: &str, what: String| Box::new(Problem::broken(code, "", what));
    let unreadable = |error: zip::result::ZipError| broken("bad-archive", error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > MOST_ENTRIES {
        let what = format!("{} files in the archive; {MOST_ENTRIES} are allowed", archive.len());
        return Err(broken("archive-too-large", what));
    }
    let mut said = 0_u64;
    for at in 0..archive.len() {
        said = said.saturating_add(archive.by_index_raw(at).map_err(unreadable)?.size());
    }
    bounded(said, bytes.len())?;
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(unreadable)?;
        let size = entry.size();
        let read = io::copy(&mut entry.by_ref().take(size + 1), &mut io::sink())
            .map_err(|error| broken("bad-archive", error.to_string()))?;
        if read > size {
            let what = "a file of the archive is larger than the archive says".to_owned();
            return Err(broken("archive-lies", what));
        }
        unpacked += read;
    }
    bounded(unpacked, bytes.len())
}

fn bounded(unpacked: u64, packed: usize) -> Result<(), Box<Problem>> {
    let packed = u64::try_from(packed).unwrap_or(u64::MAX).max(1);
    if unpacked > LARGEST || (unpacked > SMALL && unpacked / packed > HIGHEST_RATIO) {
        let what = format!("{unpacked} bytes are packed in {packed}");
        let problem = Problem::broken("archive-too-large", "", what)
            .advice("Take pictures and empty rows out of the workbook, or save it as CSV.");
        return Err(Box::new(problem));
    }
    Ok(())
}

/// The content of one file of an archive that was checked.
pub(super) fn content(bytes: &[u8], name: &str) -> Option<String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let entry = archive.by_name(name).ok()?;
    let mut text = Vec::new();
    entry.take(LARGEST).read_to_end(&mut text).ok()?;
    String::from_utf8(text).ok()
}

//! The file that is loaded: itself, or the members of a zip.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::{Format, LoadError};
use crate::model::Postcode;

/// As much of a member as is looked at to recognise it, in bytes.
const HEAD: u64 = 64 * 1024;

/// A file, opened and recognised.
pub(super) struct Source {
    path: PathBuf,
    archive: Option<ZipArchive<BufReader<File>>>,
    members: Vec<Member>,
    unknown: Vec<String>,
}

/// A part of the file that can be loaded.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// The file's name, or the member's path in the zip.
    pub(super) name: String,
    pub(super) format: Format,
    /// Bytes when unpacked.
    pub(super) size: u64,
    /// Its number in the zip.
    index: usize,
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self, LoadError> {
        let failed = |source| LoadError::Io { file: path.to_owned(), source };
        let mut file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let mut magic = Vec::new();
        (&mut file).take(4).read_to_end(&mut magic).map_err(failed)?;
        file.rewind().map_err(failed)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut source =
            Self { path: path.to_owned(), archive: None, members: Vec::new(), unknown: Vec::new() };
        if magic == b"PK\x03\x04" {
            source.open_archive(file)?;
        } else if let Some(format) = recognise(&head_of(file).map_err(failed)?) {
            source.members.push(Member { name, format, size, index: 0 });
        }
        if source.members.is_empty() {
            return Err(LoadError::Unrecognised { file: path.to_owned() });
        }
        Ok(source)
    }

    fn open_archive(&mut self, file: File) -> Result<(), LoadError> {
        let broken = |what: String| LoadError::Zip { file: self.path.clone(), what };
        let mut archive =
            ZipArchive::new(BufReader::new(file)).map_err(|error| broken(error.to_string()))?;
        for index in 0..archive.len() {
            let member = archive.by_index(index).map_err(|error| broken(error.to_string()))?;
            let size = member.size();
            let name = member.name().map_err(|error| broken(error.to_string()))?.into_owned();
            if member.is_dir() || !is_table_or_json(&name) {
                continue;
            }
            let head = head_of(member).map_err(|error| broken(error.to_string()))?;
            match recognise(&head) {
                Some(format) => self.members.push(Member { name, format, size, index }),
                None => self.unknown.push(name),
            }
        }
        // The ONSPD comes whole and again in pieces; the whole is enough.
        let in_pieces = |member: &Member| member.name.contains("multi_csv");
        if self.members.iter().any(|member| !in_pieces(member)) {
            self.members.retain(|member| !in_pieces(member));
        }
        self.archive = Some(archive);
        Ok(())
    }

    /// The file's name without its directory.
    pub(super) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    pub(super) fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// Gives `read` the text of a member.
    pub(super) fn read<T>(
        &mut self,
        member: &Member,
        read: impl FnOnce(&mut dyn Read) -> Result<T, LoadError>,
    ) -> Result<T, LoadError> {
        let path = self.path.clone();
        let Some(archive) = &mut self.archive else {
            let file = File::open(&path).map_err(|source| LoadError::Io { file: path, source })?;
            return read(&mut BufReader::new(file));
        };
        let member = archive
            .by_index(member.index)
            .map_err(|error| LoadError::Zip { file: path, what: error.to_string() })?;
        read(&mut BufReader::new(member))
    }
}

fn head_of(source: impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    source.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

fn is_table_or_json(name: &str) -> bool {
    let extension = Path::new(name).extension().unwrap_or_default().to_string_lossy();
    ["csv", "json", "geojson"].contains(&extension.to_lowercase().as_str())
}

/// The text without the byte order mark.
pub(super) fn without_mark(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head)
}

/// What a file is, by its first line.
fn recognise(head: &[u8]) -> Option<Format> {
    let head = without_mark(head);
    if head.trim_ascii_start().starts_with(b"{") {
        let text = String::from_utf8_lossy(head);
        let is_geojson = ["FeatureCollection", "\"Feature\"", "\"features\""];
        return is_geojson.iter().any(|word| text.contains(word)).then_some(Format::Boundaries);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(head);
    let mut record = csv::ByteRecord::new();
    if !reader.read_byte_record(&mut record).ok()? {
        return None;
    }
    let cells: Vec<String> =
        record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_lowercase()).collect();
    let has = |name: &str| cells.iter().any(|cell| cell == name);
    let is_number = |at: usize| cells.get(at).is_some_and(|cell| cell.parse::<f64>().is_ok());
    if has("postcode") && has("gridreferenceeasting") {
        let is_large = has("linkedsmalluserpostcode");
        return Some(if is_large { Format::SpdLargeUser } else { Format::SpdSmallUser });
    }
    if has("pcds") && has("doterm") {
        return Some(Format::Onspd);
    }
    if cells.len() == 10 && cells[0].parse::<Postcode>().is_ok() && is_number(1) {
        return Some(Format::CodePointOpen);
    }
    let is_name = cells.len() == 34 && cells[0].starts_with("osgb") && is_number(8) && is_number(9);
    (is_name || has("names_uri")).then_some(Format::OpenNames)
}

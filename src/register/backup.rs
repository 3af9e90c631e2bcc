//! A copy of what can't be made again: the journal, the gazetteer's files, and
//! the public address. The copy is a data directory by itself.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::open::ADDRESS_FILE;
use crate::gazetteer;
use crate::journal::{self, Beside, Copied, JournalError};
use crate::private;

/// Why no copy was made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BackupError {
    /// There is something already, and a copy replaces nothing.
    #[error("`{}` is there already, and a backup replaces nothing; name a new one", .0.display())]
    There(PathBuf),
    /// The copy would lie in the register that it is of.
    #[error("`{}` is within the data directory, and a copy there is lost with it; name a place elsewhere", .0.display())]
    Inside(PathBuf),
    /// The journal can't be opened.
    #[error(transparent)]
    Unusable(JournalError),
    /// The journal can't be read, or its copy is not whole.
    #[error("the journal can't be copied: {0}")]
    Journal(#[from] JournalError),
    /// A file can't be copied or put in place.
    #[error("`{}` can't be written: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Copies the register in `directory`, also while another process serves it,
/// to `target`: the journal alone when that ends in `.sqlite`, otherwise a new
/// folder that can be served. It is checked, on the disk and in its place when
/// this returns, or else not there.
///
/// `progress` is told pages of the journal that are copied, and how many there
/// are.
///
/// # Errors
///
/// [`BackupError`]; nothing is left then.
pub fn back_up(
    directory: &Path,
    target: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Copied, BackupError> {
    if fs::symlink_metadata(target).is_ok() {
        return Err(BackupError::There(target.to_owned()));
    }
    let (parent, Some(name)) = (parent_of(target), target.file_name()) else {
        return Err(BackupError::There(target.to_owned()));
    };
    if is_within(parent, directory).map_err(|source| of_file(parent, source))? {
        return Err(BackupError::Inside(target.to_owned()));
    }
    // Until it is whole it lies where nobody else can look.
    let hidden = private::temporary(parent, ".kist-backup-");
    let hidden = hidden.map_err(|source| of_file(parent, source))?;
    let (part, target) = (hidden.path().join(name), parent.join(name));
    let copied = make(directory, &part, progress)?;
    fs::rename(&part, &target).map_err(|source| of_file(&target, source))?;
    // So that the name outlives a power cut.
    sync(parent).inspect_err(|_| remove(&target))?;
    Ok(copied)
}

fn make(
    directory: &Path,
    part: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Copied, BackupError> {
    let journal = Beside::open(directory).map_err(BackupError::Unusable)?;
    if part.extension().is_some_and(|end| end == "sqlite") {
        let copied = journal.copy(part, progress)?;
        as_reached(directory, &directory.join(journal::FILE), part)?;
        return Ok(copied);
    }
    fs::create_dir(part).map_err(|source| of_file(part, source))?;
    let own = part.join(journal::FILE);
    let copied = journal.copy(&own, progress)?;
    like(&directory.join(journal::FILE), &own)?;
    copy_if_there(&directory.join(ADDRESS_FILE), &part.join(ADDRESS_FILE))?;
    let loaded = directory.join(gazetteer::FOLDER);
    if loaded.is_dir() {
        let folder = part.join(gazetteer::FOLDER);
        fs::create_dir(&folder).map_err(|source| of_file(&folder, source))?;
        let entries = fs::read_dir(&loaded).map_err(|source| of_file(&loaded, source))?;
        for entry in entries {
            let entry = entry.map_err(|source| of_file(&loaded, source))?;
            // One that is being written has another name until it is whole.
            if entry.path().is_file() && entry.path().extension().is_none_or(|end| end != "new") {
                copy_if_there(&entry.path(), &folder.join(entry.file_name()))?;
            }
        }
        like(&loaded, &folder)?;
        sync(&folder)?;
    }
    like(directory, part)?;
    sync(part)?;
    Ok(copied)
}

/// Gives the copy to those who may read the original, and to nobody else.
fn like(original: &Path, copy: &Path) -> Result<(), BackupError> {
    fs::metadata(original)
        .and_then(|metadata| fs::set_permissions(copy, metadata.permissions()))
        .map_err(|source| of_file(copy, source))
}

/// The same of a copy that lies in no folder of its own: who can't go into the
/// `directory` of the original can't read it there.
fn as_reached(directory: &Path, original: &Path, copy: &Path) -> Result<(), BackupError> {
    let mode = |path| fs::metadata(path).map(|metadata| metadata.permissions().mode());
    let rights = || {
        let into = mode(directory)?;
        let readers = [(0o010, 0o070), (0o001, 0o007)];
        let reach = readers.iter().filter(|(enter, _)| into & enter != 0);
        let reach = reach.fold(0o700, |all, (_, rights)| all | rights);
        fs::set_permissions(copy, Permissions::from_mode(mode(original)? & reach))
    };
    rights().map_err(|source| of_file(copy, source))
}

fn copy_if_there(from: &Path, to: &Path) -> Result<(), BackupError> {
    match fs::copy(from, to) {
        Ok(_) => sync(to),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !from.exists() => Ok(()),
        Err(source) => Err(of_file(to, source)),
    }
}

fn sync(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|source| of_file(path, source))
}

/// Takes away what could not be kept; the error before tells more than one of
/// this would.
fn remove(path: &Path) {
    drop(if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) });
}

/// Whether `folder` is `directory` or lies in it, by whatever way it is named.
fn is_within(folder: &Path, directory: &Path) -> io::Result<bool> {
    Ok(folder.canonicalize()?.starts_with(directory.canonicalize()?))
}

fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn of_file(path: &Path, source: io::Error) -> BackupError {
    BackupError::File { path: path.to_owned(), source }
}

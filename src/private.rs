//! Folders that only their owner can look into: in a journal, and in copies of
//! the graph, are addresses of people and what was never published.

use std::env;
use std::fs::{DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

use tempfile::TempDir;

/// What the owner may do, and nobody else.
const OWNERS: u32 = 0o700;

/// Makes `folder`, and what is above it, where they are not there. One that is
/// there keeps its rights.
///
/// # Errors
///
/// When it can't be made.
pub fn make(folder: &Path) -> io::Result<()> {
    if let Some(above) = folder.parent() {
        std::fs::create_dir_all(above)?;
    }
    // To be there already is no fault of what is recursive.
    DirBuilder::new().recursive(true).mode(OWNERS).create(folder)
}

/// A new folder in `above` whose name begins with `prefix`; it goes with the
/// value.
///
/// # Errors
///
/// When it can't be made.
pub fn temporary(above: &Path, prefix: &str) -> io::Result<TempDir> {
    tempfile::Builder::new()
        .prefix(prefix)
        .permissions(Permissions::from_mode(OWNERS))
        .tempdir_in(above)
}

/// A new folder in the system's place for such; it goes with the value.
///
/// # Errors
///
/// When it can't be made.
pub fn passing() -> io::Result<TempDir> {
    temporary(&env::temp_dir(), "kist-")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn rights(folder: &Path) -> u32 {
        fs::metadata(folder).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_folder_is_its_owners_alone_and_one_that_is_there_keeps_its_rights() {
        let place = tempfile::tempdir().unwrap();
        let new = place.path().join("above/new");
        make(&new).unwrap();
        assert_eq!(rights(&new), OWNERS);
        fs::set_permissions(&new, Permissions::from_mode(0o750)).unwrap();
        make(&new).unwrap();
        assert_eq!(rights(&new), 0o750);
    }

    #[test]
    fn a_folder_that_goes_is_its_owners_alone_while_it_is_there() {
        let folder = passing().unwrap();
        assert_eq!(rights(folder.path()), OWNERS);
        let within = temporary(folder.path(), ".part-").unwrap();
        assert_eq!(rights(within.path()), OWNERS);
    }
}

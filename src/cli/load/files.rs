//! Paths that were named → files in an order that is the same everywhere.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::document::is_readable;

/// The files to load: those named, and for a directory the ones in it and
/// below whose names say that they can be read, by name; hidden ones are
/// passed over.
///
/// # Errors
///
/// When a path can't be read, or a directory holds nothing to load.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        let kind =
            fs::metadata(path).with_context(|| format!("`{}` can't be read", path.display()))?;
        if kind.is_dir() {
            let before = found.len();
            descend(path, &mut found)?;
            anyhow::ensure!(found.len() > before, "`{}` holds nothing to load", path.display());
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn descend(directory: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let failed = || format!("`{}` can't be read", directory.display());
    let mut entries = fs::read_dir(directory)
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .with_context(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // A link is not followed: it may lead round in a circle.
        let kind = entry.file_type().with_context(failed)?;
        if is_hidden {
            continue;
        }
        if kind.is_dir() {
            descend(&path, found)?;
        } else if is_readable(&path) {
            found.push(path);
        }
    }
    Ok(())
}

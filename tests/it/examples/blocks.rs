//! Documents, and the fenced blocks in them.

use std::fs;
use std::path::{Path, PathBuf};

/// A fenced block of a document.
pub(super) struct Block {
    /// Its document and line.
    pub(super) at: String,
    /// What stands after the opening fence.
    pub(super) language: String,
    /// The lines between the fences.
    pub(super) text: String,
}

/// The documents: the Markdown at the root and in `docs`, by name.
pub(super) fn documents(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in [root.to_owned(), root.join("docs")] {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
        paths.sort();
        found.append(&mut paths);
    }
    found
}

/// All fenced blocks of all documents, in order.
pub(super) fn blocks(root: &Path) -> Vec<Block> {
    documents(root).iter().flat_map(|path| blocks_of(root, path)).collect()
}

fn blocks_of(root: &Path, path: &Path) -> Vec<Block> {
    let name = path.strip_prefix(root).unwrap_or(path).display();
    let document = fs::read_to_string(path).unwrap();
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in (1..).zip(document.lines()) {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                let at = format!("{name}:{number}");
                open = Some(Block { at, language: language.to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block of {name} has no end");
    found
}

//! What `examples/` shows, run against the real program.

mod pages;
mod plugins;
mod programs;

use std::path::{Path, PathBuf};

/// The address of the register in every example.
const REGISTER: &str = "https://register.example";

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// The text of a file in `examples/`.
fn example(name: &str) -> String {
    std::fs::read_to_string(examples().join(name)).unwrap()
}

#[test]
fn every_example_is_told_of_and_tells_of_no_real_place() {
    let told = example("README.md");
    let mut files = vec![examples()];
    let mut seen = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let name = path.strip_prefix(examples()).unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let known = ["register.example", "schema.org", "www.w3.org", "purl.org", "w3id.org"];
        for address in text.split("https://").skip(1) {
            let is_known = known.iter().any(|host| address.starts_with(host));
            assert!(is_known || address.starts_with(['\'', '"', '`']), "{name}: {address:.60}");
        }
        let folder = name.split('/').take(2).collect::<Vec<_>>().join("/");
        assert!(name == "README.md" || told.contains(&folder), "README.md has no {name}");
        seen += 1;
    }
    assert!(seen >= 9, "{seen} files");
}

//! Files in, a dump out.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::tempdir;

use crate::program::{Server, get, run, run_with};

/// The folders of records and categories of the project.
fn seeds() -> [PathBuf; 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    [root.join("seeds"), root.join("ontology/categories")]
}

/// The lines of a dump, without when and as which revision each was written.
fn dump(data: &Path) -> Vec<String> {
    let dump = run("dump", data).with(0).stdout;
    let is_lasting =
        |line: &&str| !line.contains("#generatedAtTime>") && !line.contains("kist#revision>");
    dump.lines().filter(is_lasting).map(str::to_owned).collect()
}

#[test]
fn loading_twice_or_loading_the_own_dump_changes_nothing_and_elsewhere_gives_the_same_dump() {
    let (here, there, files) = (tempdir().unwrap(), tempdir().unwrap(), tempdir().unwrap());
    let loaded = run_with("load", &seeds(), here.path()).with(0);
    assert!(!loaded.stderr.contains("warning"), "{loaded:?}");
    let again = run_with("load", &seeds(), here.path()).with(0).stdout;
    assert!(again.starts_with("0 records written"), "{again}");
    let file = files.path().join("dump.nq.gz");
    run_with("dump", &[&file], here.path()).with(0);
    let again = run_with("load", &[&file], here.path()).with(0).stdout;
    assert!(again.starts_with("0 records written"), "{again}");
    run_with("load", &[&file], there.path()).with(0);
    let (here, there) = (dump(here.path()), dump(there.path()));
    assert!(here.len() > 10_000, "{}", here.len());
    let differs = here.iter().zip(&there).find(|(here, there)| here != there);
    assert_eq!(differs, None);
    assert_eq!(here.len(), there.len());
    assert_eq!(fs::read_dir(files.path()).unwrap().count(), 1, "nothing is left beside the dump");
}

#[test]
fn files_of_all_formats_may_point_to_each_other() {
    let (data, files) = (tempdir().unwrap(), tempdir().unwrap());
    let write = |name: &str, text: &str| {
        let path = files.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "a.json",
        r#"{"records": [{"type": "organisation", "id": "b", "name": "Bee", "memberOf": ["c"]}]}"#,
    );
    let iri = |name: &str| format!("<http://kist.test/id/organisation/{name}>");
    let class = "https://schema.org/Organization";
    let name = "https://schema.org/name";
    write("deep/c.ttl", &format!("{} a <{class}> ; <{name}> \"Sea\"@en .", iri("c")));
    write(
        "d.jsonld",
        &format!(
            r#"{{"@id": "http://kist.test/id/organisation/d", "@type": "{class}",
                "{name}": {{"@value": "Dee", "@language": "en"}}}}"#
        ),
    );
    let kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
    let e = iri("e");
    write("e.nt", &format!("{e} <{kind}> <{class}> .\n{e} <{name}> \"Eee\"@en .\n"));
    write("notes.md", "not to be loaded");
    write(".hidden.json", "nor this");
    let loaded = run_with("load", &[files.path()], data.path()).with(0);
    assert!(loaded.stdout.starts_with("4 records written"), "{loaded:?}");
    let server = Server::start(data.path(), &[]);
    for name in ["Sea", "Dee", "Eee"] {
        let found = get(server.address(), &format!("/api/v1/search?q={name}&kind=organisation"));
        assert_eq!(found.json()["total"], 1, "{name}: {found:?}");
    }
}

#[test]
fn a_link_to_nothing_is_kept_and_told() {
    let (data, files) = (tempdir().unwrap(), tempdir().unwrap());
    let file = files.path().join("a.json");
    fs::write(
        &file,
        r#"[{"type": "organisation", "id": "a", "name": "Ay", "memberOf": ["no-such-group"]}]"#,
    )
    .unwrap();
    let loaded = run_with("load", &[&file], data.path()).with(0);
    assert!(loaded.stderr.contains("warning: a link to nothing: organisation/"), "{loaded:?}");
    assert!(
        run("dump", data.path())
            .with(0)
            .stdout
            .contains("memberOf> <http://kist.test/id/organisation/")
    );
}

#[test]
fn a_class_or_property_that_is_not_kept_is_told() {
    let (data, files) = (tempdir().unwrap(), tempdir().unwrap());
    let file = files.path().join("a.ttl");
    fs::write(
        &file,
        "<http://kist.test/id/organisation/a> a <https://schema.org/Organization> , <https://x.example/Foo> ;\n\
         <https://schema.org/name> \"Ay\"@en ; <https://x.example/p> 1 .",
    )
    .unwrap();
    let loaded = run_with("load", &[&file], data.path());
    for left_out in ["<https://x.example/p>", "the class <https://x.example/Foo>"] {
        let told = format!("{left_out} is not in the schema and was left out");
        assert!(loaded.stderr.contains(&told), "{loaded:?}");
    }
    assert!(run("dump", data.path()).with(0).stdout.contains("\"Ay\"@en"), "the rest is taken");
}

#[test]
fn what_cant_be_read_is_told_with_its_place() {
    let (data, files) = (tempdir().unwrap(), tempdir().unwrap());
    let cases = [
        (
            "a.json",
            r#"[{"type": "organisation", "id": "a"}, {"type": "organisation", "id": "b", "name": "Bee"}]"#,
            "/records/0",
        ),
        ("b.ttl", "<a> <b> <c> .\n<a> <b", "line 2"),
        ("c.json", "{", "c.json"),
        ("d.md", "", "d.md"),
        ("e.rdf", "<!DOCTYPE x><x/>", "e.rdf"),
        ("f.nq.gz", "not gzip", "gzip"),
    ];
    for (name, text, expected) in cases {
        let file = files.path().join(name);
        fs::write(&file, text).unwrap();
        let ended = run_with("load", &[&file], data.path());
        assert!(ended.code == Some(if name == "d.md" { 2 } else { 1 }), "{name}: {ended:?}");
        assert!(ended.stderr.contains(expected), "{name}: {ended:?}");
    }
    assert!(run("dump", data.path()).with(0).stdout.contains("\"Bee\"@en"), "the rest is taken");
}

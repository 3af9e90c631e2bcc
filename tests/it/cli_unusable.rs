//! Data that can't be used: taken, not writable, full, newer.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::tempdir;

use crate::program::{BASE, Server, finish, get, kist, make_register, run, run_with};

#[test]
fn a_second_process_is_told_that_the_directory_is_in_use() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &[]);
    let lines = ["check", "dump", "reindex", "load Cargo.toml.json", "serve --listen 127.0.0.1:0"];
    let file = data.path().join("a.json");
    fs::write(&file, "[]").unwrap();
    for line in lines {
        let line = line.replace("Cargo.toml.json", file.to_str().unwrap());
        let ended = run(&line, data.path()).with(78);
        assert!(
            ended.stderr.contains("another process uses the data directory"),
            "{line}: {ended:?}"
        );
    }
    assert_eq!(get(server.address(), "/readyz").status, 200, "the first one goes on");
}

#[test]
fn a_directory_that_cant_be_written_is_told() {
    let directory = tempdir().unwrap();
    let file = directory.path().join("a-file");
    fs::write(&file, "").unwrap();
    check_not_writable(&file);
    check_not_writable(&file.join("data"));
    check_not_writable(Path::new("/proc/kist"));
    let closed = directory.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser writes where others can't.
    if fs::write(closed.join("try"), "").is_err() {
        check_not_writable(&closed);
    }
}

#[track_caller]
fn check_not_writable(data: &Path) {
    let ended = run("serve --listen 127.0.0.1:0", data).with(78);
    assert!(ended.stderr.contains("can't be written"), "{ended:?}");
    assert!(ended.stderr.contains("--data"), "{ended:?}");
}

#[test]
fn data_of_a_newer_program_are_left_alone() {
    let data = tempdir().unwrap();
    make_register(data.path());
    let journal = data.path().join("journal.sqlite");
    let mut bytes = fs::read(&journal).unwrap();
    // `user_version`, big-endian: <https://www.sqlite.org/fileformat.html>, 1.3.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&journal, &bytes).unwrap();
    let elsewhere = tempdir().unwrap();
    let copy = elsewhere.path().join("copy");
    let backup = format!("backup {}", copy.display());
    let tokens = "token create --label y --scope read";
    for line in ["check", "serve --listen 127.0.0.1:0", tokens, &backup] {
        let ended = run(line, data.path()).with(78);
        assert!(ended.stderr.contains("format 99") && ended.stderr.contains("newer"), "{ended:?}");
    }
    assert_eq!(fs::read(&journal).unwrap(), bytes);
}

/// Runs the binary where no file may grow beyond `blocks` of 512 bytes, which
/// is what a full disk is to whoever writes; a real one needs a superuser.
pub(crate) fn run_limited(blocks: u32, arguments: &[&str], data: &Path) -> crate::program::Ended {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let kist = kist();
    let mut command = Command::new("sh");
    for (name, value) in kist.get_envs() {
        if value.is_none() {
            command.env_remove(name);
        }
    }
    command.args(["-c", &script, "sh"]).arg(kist.get_program()).args(arguments);
    finish(command.arg("--data").arg(data).args(["--base-url", BASE]))
}

#[test]
fn a_full_disk_is_told_and_what_was_kept_stays_whole() {
    let (data, files) = (tempdir().unwrap(), tempdir().unwrap());
    let write = |name: &str, count: usize| {
        let row = |row: usize| {
            let words = (0..40).map(|word| (row * 7919 + word * 104_729) % 65_537);
            let text = words.map(|word| word.to_string()).collect::<Vec<_>>().join(" ");
            format!(
                r#"{{"type": "organisation", "id": "{name}-{row}", "name": "{name}", "description": "{text}"}}"#
            )
        };
        let rows: Vec<String> = (0..count).map(row).collect();
        let path = files.path().join(format!("{name}.json"));
        fs::write(&path, format!("[{}]", rows.join(","))).unwrap();
        path
    };
    let (small, large) = (write("small", 10), write("large", 6_000));
    run_with("load", &[&small], data.path()).with(0);
    let before = run("dump", data.path()).with(0).stdout;
    let size = fs::metadata(data.path().join("journal.sqlite")).unwrap().len();
    let blocks = u32::try_from(size / 512).unwrap() + 1_000;
    let ended = run_limited(blocks, &["load", large.to_str().unwrap()], data.path());
    assert!(matches!(ended.code, Some(1 | 78)), "{ended:?}");
    assert!(ended.stderr.contains("disk"), "{ended:?}");
    run("check", data.path()).with(0);
    assert!(run("dump", data.path()).with(0).stdout == before, "nothing of it is half there");
}

#[test]
fn with_too_little_room_nothing_is_written_and_reading_goes_on() {
    let (data, files) = (tempdir().unwrap(), tempdir().unwrap());
    let (record, settings) = (files.path().join("a.json"), files.path().join("kist.toml"));
    fs::write(&record, r#"[{"type": "organisation", "id": "a", "name": "Ay"}]"#).unwrap();
    fs::write(&settings, "[server]\nmin_free_bytes = 9000000000000000000\n").unwrap();
    run_with("load", &[&record], data.path()).with(0);
    fs::write(&record, r#"[{"type": "organisation", "id": "b", "name": "Bee"}]"#).unwrap();
    let settings = settings.to_str().unwrap();
    let refused = run_with(&format!("load --config {settings}"), &[&record], data.path()).with(1);
    assert!(refused.stderr.contains("are kept free; nothing was written"), "{refused:?}");
    assert!(refused.stderr.contains("min_free_bytes"), "{refused:?}");
    let server = Server::start(data.path(), &["--config", settings]);
    for (name, expected) in [("Ay", 1), ("Bee", 0)] {
        let found = get(server.address(), &format!("/api/v1/search?q={name}&kind=organisation"));
        assert_eq!(found.json()["total"], expected, "{name}: {found:?}");
    }
}

#[test]
fn a_dump_onto_a_full_disk_fails() {
    let data = tempdir().unwrap();
    make_register(data.path());
    if Path::new("/dev/full").exists() {
        let ended = run("dump /dev/full", data.path()).with(1);
        assert!(ended.stderr.contains("can't be written"), "{ended:?}");
    }
}

#[test]
fn a_kind_whose_path_the_register_answers_at_itself_is_named_at_the_start() {
    let data = tempdir().unwrap();
    let shapes = data.path().join("local.ttl");
    let text = r#"
        @prefix kist: <https://w3id.org/kist#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <https://example.org/ns#Shape> a sh:NodeShape ; kist:kind "stall" ;
            kist:path "search" ; sh:targetClass <https://example.org/ns#Stall> .
    "#;
    fs::write(&shapes, text).unwrap();
    let line = format!("serve --listen 127.0.0.1:0 --shapes {}", shapes.display());
    let ended = run(&line, data.path()).with(2);
    assert!(ended.stderr.contains("local.ttl"), "{ended:?}");
    assert!(ended.stderr.contains("the kind `stall` can't have the path `search`"), "{ended:?}");
}

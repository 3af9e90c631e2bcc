//! Tokens and copies, beside a server that runs.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tempfile::tempdir;

use crate::cli_unusable::run_limited;
use crate::program::{Server, get, make_register, request, run, run_with};

/// The status of a write of the organisation `id`.
fn put(address: SocketAddr, id: &str, secret: &str) -> u16 {
    let bearer = format!("Bearer {}", secret.trim());
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let path = format!("/api/v1/organisations/{id}");
    request(address, "PUT", &path, &headers, r#"{"name": "A group"}"#).unwrap().status
}

fn token(data: &Path, scope: &str) -> String {
    run(&format!("token create --label a-purpose --scope {scope}"), data).with(0).stdout
}

#[test]
fn a_running_server_takes_a_new_token_at_once_and_refuses_one_that_is_taken_back() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &[]);
    let secret = token(data.path(), "write");
    assert_eq!(put(server.address(), "a", &secret), 201);
    let id = secret.split('_').nth(1).unwrap();
    assert!(run("token list", data.path()).with(0).stdout.contains(id));
    run_with("token revoke", &[id], data.path()).with(0);
    assert_eq!(put(server.address(), "a", &secret), 401);
    assert_eq!(server.stop(), Some(0));
    run("check", data.path()).with(0);
}

/// As shells complete the names of folders, and beside what others left.
#[test]
fn a_folder_may_be_named_with_a_slash_and_nothing_else_is_touched() {
    let (data, safe) = (tempdir().unwrap(), tempdir().unwrap());
    Server::start(data.path(), &[]).stop();
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o750)).unwrap();
    fs::create_dir(safe.path().join("copy.part")).unwrap();
    fs::write(safe.path().join("copy.part/mine"), "kept").unwrap();
    run_with("backup", &[&safe.path().join("copy/")], data.path()).with(0);
    assert_eq!(names_in(safe.path()), ["copy", "copy.part"]);
    assert_eq!(fs::read_to_string(safe.path().join("copy.part/mine")).unwrap(), "kept");
    let mode = fs::metadata(safe.path().join("copy")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o750, "who may look at the original may look at the copy");
    run("check", &safe.path().join("copy")).with(0);
}

#[test]
fn a_copy_that_is_made_while_others_write_is_a_register_by_itself() {
    let (data, safe) = (tempdir().unwrap(), tempdir().unwrap());
    let server = Server::start(data.path(), &[]);
    let secret = token(data.path(), "write");
    assert_eq!(put(server.address(), "before", &secret), 201);
    let (address, over) = (server.address(), AtomicBool::new(false));
    let copy = safe.path().join("copy");
    let meanwhile = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut count = 0;
            while !over.load(Ordering::Relaxed) || count == 0 {
                assert_eq!(put(address, &format!("meanwhile-{count}"), &secret), 201);
                count += 1;
            }
            count
        });
        let told = run_with("backup", &[&copy], data.path()).with(0).stderr;
        over.store(true, Ordering::Relaxed);
        assert!(told.contains("revision ") && told.contains("copy"), "{told}");
        writer.join().unwrap()
    });
    assert_eq!(put(address, "after", &secret), 201);
    let wanted = get(address, "/api/v1/organisations/before").body;
    server.kill();
    assert_eq!(names_in(&copy), ["address", "journal.sqlite"]);

    // Restored: views are made again, tokens and history are there.
    let restored = Server::start(&copy, &[]);
    let again = restored.address();
    assert_eq!(get(again, "/api/v1/organisations/before").body, wanted);
    assert_eq!(get(again, "/api/v1/organisations/after").status, 404);
    assert_eq!(get(again, "/api/v1/organisations/before/history").status, 200);
    let there = |number: usize| {
        get(again, &format!("/api/v1/organisations/meanwhile-{number}")).status == 200
    };
    // Of one moment: what was written first is there, up to some write.
    let whole = (0..meanwhile).take_while(|number| there(*number)).count();
    assert!((whole..meanwhile).all(|number| !there(number)), "{whole} of {meanwhile}");
    assert_eq!(put(again, "restored", &secret), 201);
    assert_eq!(restored.stop(), Some(0));
    run("check", &copy).with(0);
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_copy_has_the_gazetteer_and_the_rights_of_the_original_and_may_be_the_journal_alone() {
    let (data, safe) = (tempdir().unwrap(), tempdir().unwrap());
    make_register(data.path());
    token(data.path(), "read");
    let names = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/gazetteer/open_names.csv");
    run_with("gazetteer load", &[names], data.path()).with(0);
    let journal = data.path().join("journal.sqlite");
    fs::set_permissions(&journal, fs::Permissions::from_mode(0o640)).unwrap();
    let copy = safe.path().join("copy");
    run_with("backup", &[&copy], data.path()).with(0);
    let places = "gazetteer/places.tsv";
    assert_eq!(fs::read(copy.join(places)).unwrap(), fs::read(data.path().join(places)).unwrap());
    assert_eq!(mode(&copy.join("journal.sqlite")), 0o640);
    // Who can't go into the folder of the original can't read it there.
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let alone = safe.path().join("journal-2026.sqlite");
    run_with("backup", &[&alone], data.path()).with(0);
    assert_eq!(mode(&alone), 0o600);
    let other = safe.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::copy(&alone, other.join("journal.sqlite")).unwrap();
    assert_eq!(
        run("token list", &other).with(0).stdout,
        run("token list", data.path()).with(0).stdout
    );
}

#[test]
fn a_copy_replaces_nothing_and_leaves_nothing_when_it_cant_be_made() {
    let (data, safe) = (tempdir().unwrap(), tempdir().unwrap());
    make_register(data.path());
    let there = safe.path().join("there");
    fs::write(&there, "mine").unwrap();
    let ended = run_with("backup", &[&there], data.path()).with(2);
    assert!(ended.stderr.contains("there already"), "{ended:?}");
    assert_eq!(fs::read_to_string(&there).unwrap(), "mine");
    let nowhere = safe.path().join("no/such/folder");
    run_with("backup", &[&nowhere], data.path()).with(1);
    let inside = data.path().join("gazetteer/backup");
    fs::create_dir_all(inside.parent().unwrap()).unwrap();
    for inside in [inside, data.path().join("copy"), data.path().join("gazetteer/../copy.sqlite")] {
        let ended = run_with("backup", &[&inside], data.path()).with(2);
        assert!(ended.stderr.contains("is within the data directory"), "{ended:?}");
        assert!(!inside.exists());
    }
    let copy = safe.path().join("copy");
    let full = run_limited(400, &["backup", copy.to_str().unwrap()], data.path()).with(1);
    assert!(full.stderr.contains("disk"), "{full:?}");
    assert_eq!(names_in(safe.path()), ["there"]);
    run_with("backup", &[&copy], data.path()).with(0);
    assert_eq!(names_in(safe.path()), ["copy", "there"]);
}

//! Help, settings, exit codes, and the small commands.

use std::path::Path;

use tempfile::tempdir;

use crate::program::{BASE, Server, finish, get, kist, make_register, request, run, run_with};

const COMMANDS: [&str; 11] = [
    "serve",
    "load",
    "dump",
    "backup",
    "check",
    "reindex",
    "token",
    "gazetteer",
    "harvest",
    "config",
    "ontology",
];

#[test]
fn the_help_of_each_command_has_an_example() {
    let help = finish(kist().arg("--help")).with(0).stdout;
    for command in COMMANDS {
        assert!(help.contains(command), "{command}");
        let own = finish(kist().args([command, "--help"])).with(0).stdout;
        assert!(
            own.contains(&format!("  kist {command}")) || own.contains(&format!(" kist {command}")),
            "{own}"
        );
    }
    assert!(!help.contains("worker"), "{help}");
}

#[test]
fn wrong_use_has_the_exit_code_2() {
    let cases: [&[&str]; 9] = [
        &[],
        &["seve"],
        &["load"],
        &["serve", "--listen", "here"],
        &["serve", "--memory", "--data", "data"],
        &["config", "--config", "no-such-file.toml"],
        &["config", "--base-url", "http://kist.test", "--shapes"],
        &["config", "--shapes", "no-such-file.ttl"],
        &["token", "create", "--label", "x", "--scope", "all"],
    ];
    for arguments in cases {
        let ended = finish(kist().args(arguments)).with(2);
        assert!(ended.stdout.is_empty() && !ended.stderr.is_empty(), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn flags_override_the_environment_which_overrides_the_file() {
    let directory = tempdir().unwrap();
    let file = directory.path().join("settings.toml");
    std::fs::write(
        &file,
        "[server]\ndata = \"a\"\nlisten = \"127.0.0.1:1\"\n[limits]\nstore = 7\n",
    )
    .unwrap();
    let mut command = kist();
    command.env("KIST_CONFIG", &file).env("KIST_SERVER__LISTEN", "127.0.0.1:2");
    command.env("KIST_SERVER__DATA", "b").args(["config", "--data", "c"]);
    let printed = finish(&mut command).with(0).stdout;
    for line in ["data = \"c\"", "listen = \"127.0.0.1:2\"", "store = 7"] {
        assert!(printed.contains(line), "{line} is not in\n{printed}");
    }
}

#[test]
fn the_context_that_is_printed_is_the_one_beside_the_ontology() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("ontology/context.jsonld");
    let printed = finish(kist().args(["ontology", "context"])).with(0).stdout;
    assert_eq!(printed, std::fs::read_to_string(kept).unwrap());
}

#[test]
fn a_directory_without_a_register_is_not_made_by_a_command_that_needs_one() {
    let directory = tempdir().unwrap();
    let data = directory.path().join("mistyped");
    let create = "token create --label x --scope write";
    for line in ["check", "dump", "reindex", "token list", create, "backup copy"] {
        let ended = run(line, &data).with(2);
        assert!(ended.stderr.contains("mistyped"), "{ended:?}");
    }
    assert!(!data.exists());
}

#[test]
fn a_token_lets_in_until_it_is_taken_back() {
    let data = tempdir().unwrap();
    make_register(data.path());
    let line = "token create --scope write --expires 90d --label";
    let created = run_with(line, &["Leith harvest"], data.path()).with(0);
    let secret = created.stdout;
    let id = secret.split('_').nth(1).unwrap().to_owned();
    let list = run("token list", data.path()).with(0).stdout;
    assert!(
        list.contains(&id) && list.contains("Leith harvest") && list.contains("write"),
        "{list}"
    );
    assert!(!list.contains(secret.trim().rsplit('_').next().unwrap()), "{list}");
    let bearer = format!("Bearer {}", secret.trim());
    assert_eq!(put(data.path(), &bearer), 201);
    run_with("token revoke", &[&id], data.path()).with(0);
    assert!(run("token list", data.path()).with(0).stdout.contains("revoked"));
    assert_eq!(put(data.path(), &bearer), 401);
    assert_eq!(put(data.path(), "Bearer kist_0_0"), 401);
    run("token revoke no-such-token", data.path()).with(1);
}

/// The status of a write with the token.
fn put(data: &Path, bearer: &str) -> u16 {
    let server = Server::start(data, &[]);
    let headers = [("authorization", bearer), ("content-type", "application/json")];
    let body = r#"{"name": "A group"}"#;
    let path = "/api/v1/organisations/a-group";
    request(server.address(), "PUT", path, &headers, body).unwrap().status
}

#[test]
fn a_server_with_seeds_shows_real_assets_and_stops_when_it_is_asked() {
    let nowhere = tempdir().unwrap();
    let server = Server::start(nowhere.path(), &["--memory", "--seed"]);
    for (near, expected) in [("EH6", "Leith Library"), ("Portree", "Portree"), ("57.15,-2.09", "")]
    {
        let path = format!("/api/v1/search?near={near}&kind=asset&per_page=3");
        let found = get(server.address(), &path);
        assert_eq!(found.status, 200, "{found:?}");
        assert!(found.body.contains(expected), "{near}: {}", found.body);
        assert_eq!(found.json()["items"].as_array().unwrap().len(), 3);
        assert!(found.body.contains(BASE));
    }
    assert_eq!(get(server.address(), "/readyz").status, 200);
    assert_eq!(server.stop(), Some(0));
}

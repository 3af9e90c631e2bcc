//! Tests of [`config`](super).

use std::time::Duration;

use super::*;

#[test]
fn a_limit_of_nothing_and_an_address_that_is_none_are_refused() {
    for (file, expected) in [
        ("[limits]\nmemory = 0", "the configuration: limits.memory = 0 would serve nobody"),
        ("[connections]\nmax_connections = 0", "the configuration: connections.max_conn"),
        ("[sparql]\nworkers = 0", "the configuration: sparql.workers = 0 would serve nobody"),
        ("[server]\nbase_url = \"ftp://x\"", "the configuration: server.base_url: "),
    ] {
        let error = Config::gather(Some(("kist.toml", file)), [], &[]).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}

fn environment(variables: &[(&str, &str)]) -> Vec<(String, String)> {
    variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[track_caller]
fn check_error(file: &str, variables: &[(&str, &str)], expected: &str) {
    let file = Some(("kist.toml", file));
    let error = Config::gather(file, environment(variables), &[]).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn tiles_are_read_and_those_of_several_hosts_are_refused() {
    let file = |address: &str| {
        format!("[embed.tiles]\naddress = \"{address}\"\nattribution = \"© people\"\n")
    };
    let good = file("https://tiles.example/{z}/{x}/{y}.png");
    let config = Config::gather(Some(("kist.toml", &good)), Vec::new(), &[]).unwrap();
    assert_eq!(config.embed.tiles.unwrap().origin(), "https://tiles.example");
    check_error(
        &file("https://{s}.tiles.example/{z}/{x}/{y}.png"),
        &[],
        "kist.toml: `https://{s}.tiles.example/{z}/{x}/{y}.png` is no address of tiles such \
             as https://tiles.example/{z}/{x}/{y}.png",
    );
}

#[test]
fn flags_override_the_environment_which_overrides_the_file() {
    let file = "[server]\nlisten = \"127.0.0.1:1\"\ndata = \"a\"\n[limits]\nstore = 7\n";
    let variables = environment(&[
        ("KIST_SERVER__LISTEN", "127.0.0.1:2"),
        ("KIST_SERVER__DATA", "123"),
        ("KIST_CONNECTIONS__GRACE", "500ms"),
        ("HOME", "elsewhere"),
    ]);
    let flags = [("server.listen", "127.0.0.1:3".to_owned())];
    let config = Config::gather(Some(("kist.toml", file)), variables, &flags).unwrap();
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(config.server.data, PathBuf::from("123"));
    assert_eq!(config.limits, admission::Options { store: 7, ..Default::default() });
    assert_eq!(config.connections.grace, Duration::from_millis(500));
}

#[test]
fn without_any_source_the_defaults_hold() {
    assert_eq!(Config::gather(None, [], &[]), Ok(Config::default()));
}

#[test]
fn what_is_not_known_is_told_with_what_was_probably_meant() {
    check_error(
        "[server]\nlisen = \"a\"\n",
        &[],
        "kist.toml sets `lisen`, which is not known; did you mean `listen`?",
    );
    check_error(
        "",
        &[("KIST_SERVR__LISTEN", "127.0.0.1:2")],
        "KIST_SERVR__LISTEN sets `servr`, which is not known; did you mean `server`?",
    );
    check_error("zzz = 1", &[], "kist.toml sets `zzz`, which is not known");
}

#[test]
fn a_value_of_another_kind_is_told_with_its_origin() {
    check_error(
        "[server]\nlisten = \n",
        &[],
        "kist.toml, line 2: string values must be quoted, expected literal string",
    );
    check_error(
        "",
        &[("KIST_SERVER__LISTEN", "here")],
        "KIST_SERVER__LISTEN: invalid socket address syntax",
    );
    check_error(
        "",
        &[("KIST_LIMITS__STORE", "-1")],
        "KIST_LIMITS__STORE: invalid value: integer `-1`, expected usize",
    );
    check_error(
        "",
        &[("KIST_LIMITS", "5")],
        "KIST_LIMITS: invalid type: integer `5`, expected struct Options",
    );
}

#[test]
fn what_is_printed_reads_back_as_the_same() {
    let flags = [
        ("server.base_url", "https://kist.example".to_owned()),
        ("server.allowed_hosts", "[\"kist.example\"]".to_owned()),
    ];
    let config = Config::gather(None, [], &flags).unwrap();
    let printed = config.to_toml();
    assert_eq!(Config::gather(Some(("printed", &printed)), [], &[]), Ok(config));
}

#[test]
fn secrets_are_not_printed() {
    let mut table: Table =
        "[mail]\npassword = \"p\"\napi_key = \"k\"\nname = \"n\"".parse().unwrap();
    hide_secrets(&mut table);
    let printed = table.to_string();
    assert_eq!(printed.matches("(hidden)").count(), 2);
    assert!(printed.contains("name = \"n\""));
}

//! Measures of a server that is asked this and that.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::TcpListener;
use std::path::Path;

use super::exposition::{Family, read};
use super::{measured, text};
use crate::program::{Server, get, request};

/// The most series after whatever was asked (limits-and-faults, 7).
const MOST_SERIES: usize = 2_000;

/// The names in the first column of the table of measures.
pub(super) fn documented() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operate.md");
    let document = fs::read_to_string(path).unwrap();
    let names = document.lines().filter_map(|line| {
        let name = line.strip_prefix("| `")?.split_once('`')?.0;
        let name = name.split('{').next().unwrap_or(name);
        (name.starts_with("kist_") || name.starts_with("process_")).then(|| name.to_owned())
    });
    names.collect()
}

#[test]
fn measures_need_no_token_on_a_listener_of_their_own_and_one_on_the_site() {
    let (server, address) = measured();
    assert_eq!(get(server.address(), "/metrics").status, 401);
    assert!(text(address).contains("\nkist_revision "));
    for path in ["/", "/healthz", "/api/v1/assets"] {
        assert_eq!(get(address, path).status, 404, "{path}");
    }
    assert_eq!(request(address, "POST", "/metrics", &[], "").unwrap().status, 405);
}

#[test]
fn a_register_is_served_also_when_the_address_for_measures_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let nowhere = tempfile::tempdir().unwrap();
    let more = ["--memory", "--metrics-listen", &address];
    let (server, log) = Server::start_with_log(nowhere.path(), &more, &[]);
    assert_eq!(get(server.address(), "/healthz").status, 200);
    let told = log.find(&["no measures are given without a token"]);
    assert_eq!((told["level"].as_str(), told["address"].as_str()), (Some("WARN"), Some(&*address)));
}

#[test]
fn each_measure_is_whole_is_documented_and_nothing_else_is() {
    let (server, address) = measured();
    get(server.address(), "/sparql?query=ASK%20%7B%7D");
    for _ in 0..3 {
        get(server.address(), "/api/v1/search?q=walk");
    }
    let families = read(&text(address));
    for (name, Family { help, .. }) in &families {
        assert!(name.starts_with("kist_") || name.starts_with("process_"), "{name}");
        assert!(help.ends_with('.'), "{name}: {help}");
    }
    let given: BTreeSet<String> = families.keys().cloned().collect();
    assert_eq!(given, documented(), "the table in docs/operate.md is another");
    let samples = |name: &str| families[name].samples.len();
    for name in [
        "process_cpu_seconds_total",
        "process_open_fds",
        "process_resident_memory_bytes",
        "process_start_time_seconds",
        "kist_connections",
        "kist_journal_bytes",
        "kist_sparql_checkpoint_age_seconds",
        "kist_sparql_worker_restarts_total",
    ] {
        assert_eq!(samples(name), 1, "{name}");
    }
    // What is in memory has no disk.
    assert_eq!(samples("kist_disk_free_bytes"), 0);
    assert_eq!(samples("kist_http_in_flight"), 3);
    // That a client has closed its connection is noticed a moment later.
    let mut looks = (0..1_000).map(|_| text(address));
    let measures = looks.find(|text| text.contains("\nkist_connections 0\n"));
    let measures = measures.expect("all connections have ended");
    for expected in [
        "kist_sparql_outcome_total{outcome=\"ok\"} 1",
        "kist_kept_answers_total{outcome=\"made\"} 1",
        "kist_kept_answers_total{outcome=\"given\"} 2",
    ] {
        assert!(measures.lines().any(|line| line == expected), "{expected}\n{measures}");
    }
}

#[test]
fn routes_are_templates_and_no_stranger_can_make_series_without_end() {
    let (server, address) = measured();
    let ask = |method: &str, path: &str| {
        request(server.address(), method, path, &[], "").unwrap();
    };
    for number in 0..200 {
        let word = format!("w{number}x");
        for path in [
            format!("/api/v1/assets/{word}"),
            format!("/assets/{word}.ttl"),
            format!("/id/asset/{word}"),
            format!("/{word}/{number}"),
            format!("/near/{word}"),
            format!("/websub/{word}"),
            format!("/search?q={word}"),
        ] {
            ask("GET", &path);
        }
        ask(&format!("BREW{number}"), "/api/v1/search");
        ask("PUT", &format!("/api/v1/assets/{word}"));
    }
    let families = read(&text(address));
    let document = get(server.address(), "/api/openapi.json").json();
    let declared = document["paths"].as_object().unwrap();
    let routes: BTreeMap<&str, usize> = families["kist_http_requests_total"].samples.iter().fold(
        BTreeMap::new(),
        |mut routes, (_, labels)| {
            *routes.entry(&*labels["route"]).or_default() += 1;
            routes
        },
    );
    for route in routes.keys() {
        let is_plain = !route.chars().any(|letter| letter.is_ascii_digit() && letter != '1');
        assert!(declared.contains_key(*route) || is_plain, "{route} is no template");
    }
    let methods: BTreeSet<&str> = families["kist_http_requests_total"]
        .samples
        .iter()
        .map(|(_, labels)| &*labels["method"])
        .collect();
    assert!(methods.contains("other") && methods.len() <= 8, "{methods:?}");
    let series: usize = families.values().map(|family| family.samples.len()).sum();
    assert!(series < MOST_SERIES, "{series} series");
}

#[test]
fn a_register_on_the_disk_tells_its_room_and_its_sources() {
    let directory = tempfile::tempdir().unwrap();
    let more = ["--metrics-listen", "127.0.0.1:0"];
    let (_server, log) = Server::start_with_log(directory.path(), &more, &[]);
    let told = log.find(&["measures are given without a token"]);
    let families = read(&text(told["address"].as_str().unwrap().parse().unwrap()));
    let samples = |name: &str| families[name].samples.len();
    assert_eq!((samples("kist_disk_free_bytes"), samples("kist_disk_size_bytes")), (1, 1));
    assert_eq!(samples("kist_harvest_sources"), 5);
    assert_eq!(samples("kist_links_in_trouble"), 3);
    assert_eq!(samples("kist_reviews_waiting"), 7);
}

//! Fair shares in the real program, for clients behind a proxy on loopback.

use crate::program::{Server, make_register, request, run};

#[test]
fn clients_behind_a_trusted_proxy_have_shares_and_a_token_has_its_own() {
    let directory = tempfile::tempdir().unwrap();
    make_register(directory.path());
    let line = "token create --label partner --scope write";
    let token = run(line, directory.path()).with(0).stdout.trim().to_owned();
    let settings = [
        ("KIST_RATES__TRUSTED_PROXIES", "[\"127.0.0.1\"]"),
        ("KIST_RATES__ADDRESS__REQUESTS_PER_SECOND", "1"),
        ("KIST_RATES__ADDRESS__REQUEST_BURST", "3600"),
        ("KIST_RATES__ADDRESS__SPARQL_FAILURES_PER_MINUTE", "2"),
        ("KIST_RATES__ADDRESS__WRITES_PER_MINUTE", "1"),
        ("KIST_RATES__ADDRESS__WRITE_BURST", "2"),
        ("KIST_RATES__BLOCK_AFTER_REFUSALS", "4"),
    ];
    let (server, log) = Server::start_with_log(directory.path(), &[], &settings);
    let ask = |method: &str, path: &str, client: &str, token: &str| {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("x-forwarded-for", client), ("content-type", "application/json")];
        headers.extend((!token.is_empty()).then_some(("authorization", &*bearer)));
        request(server.address(), method, path, &headers, "").unwrap().status
    };
    let times = |n: usize, method: &str, path: &str, client: &str, token: &str| {
        (0..n).map(|_| ask(method, path, client, token)).collect::<Vec<_>>()
    };
    let wrong = "/sparql?query=NONSENSE";
    assert_eq!(times(3, "GET", wrong, "198.51.100.1", ""), [400, 400, 429]);
    assert_eq!(times(3, "GET", wrong, "198.51.100.1", &token), [400; 3]);
    let write = "/api/v1/assets";
    assert_eq!(times(3, "POST", write, "198.51.100.2", ""), [401, 401, 429]);
    assert_eq!(times(5, "POST", write, "198.51.100.2", &token), [400; 5]);
    // Four refusals are forgiven, the next blocks; only the token goes on.
    assert_eq!(times(6, "POST", write, "198.51.100.2", ""), [429; 6]);
    assert_eq!(ask("GET", "/healthz", "198.51.100.2", ""), 429);
    assert_eq!(ask("GET", "/healthz", "198.51.100.2", &token), 200);
    assert_eq!(ask("GET", "/healthz", "198.51.100.3", ""), 200);
    // In the page of a partner it says so in words.
    let headers = [("x-forwarded-for", "198.51.100.2"), ("accept", "text/html")];
    let framed = request(server.address(), "GET", "/embed/v1/near/EH6?lang=gd", &headers, "");
    let framed = framed.unwrap();
    assert_eq!(framed.status, 429);
    assert!(framed.body.contains("Cha ghabh seo a shealltainn an-dràsta."), "{framed:#?}");
    assert!(framed.head.contains("frame-ancestors *"), "{framed:#?}");
    let told = log.find(&["is blocked"]);
    assert_eq!(told["network"], "198.51.100.0/24");
}

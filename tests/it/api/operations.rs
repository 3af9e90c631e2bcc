//! What operators ask: measures, and who is kept from asking too much.

use kist::journal::Scope;

use super::server::TestServer;

#[tokio::test]
async fn measures_are_for_tokens_and_count_what_was_asked() {
    let server = TestServer::with_categories();
    server.get("/api/v1/assets?limit=1").await;
    server.get("/api/v1/assets.csv?limit=1").await;
    server.get("/nothing/here").await;
    assert_eq!(server.get("/metrics").await.status, 401);
    let bearer = format!("Bearer {}", server.token(Scope::Read));
    let answer = server.get_with("/metrics", "authorization", &bearer).await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let newest = server.register.newest().unwrap();
    let records = server.register.index().size().records;
    for expected in [
        "kist_http_requests_total{route=\"/api/v1/assets\",method=\"GET\",status=\"200\"} 2",
        "kist_http_requests_total{route=\"none\",method=\"GET\",status=\"404\"} 1",
        "kist_http_requests_total{route=\"/metrics\",method=\"GET\",status=\"401\"} 1",
        &format!("kist_revision {newest}"),
        "kist_view_lag_revisions{view=\"graph\"} 0",
        "kist_view_lag_revisions{view=\"index\"} 0",
        &format!("kist_index_records {records}"),
    ] {
        assert!(answer.text().lines().any(|line| line == expected), "{expected}\n{answer}");
    }
}

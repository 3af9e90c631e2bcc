//! A router that counts what it answers, behind what is kept.

use std::sync::atomic::AtomicI64;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::middleware;
use axum::routing::get;
use tower::ServiceExt;

use super::*;
use crate::index::Index;
use crate::model::Revision;

/// What the world is like, as the test makes it.
struct World {
    index: Index,
    seconds: AtomicI64,
    answered: AtomicU64,
}

impl World {
    fn new() -> Self {
        let index = Index::open(None).unwrap();
        Self { index, seconds: AtomicI64::new(0), answered: AtomicU64::new(0) }
    }
}

impl Present for Arc<World> {
    fn stamp(&self) -> Stamp {
        let now = Timestamp::from_second(self.seconds.load(Ordering::SeqCst)).unwrap();
        Stamp { seen: self.index.moment(), now }
    }

    fn end_of_day(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_second((now.as_second() / 86_400 + 1) * 86_400).unwrap()
    }
}

fn server(world: &Arc<World>, options: Options) -> Router {
    let answers = Answers::new(options, Arc::clone(world));
    let answer = |size: usize, keeps: bool| {
        let world = Arc::clone(world);
        move || {
            let number = world.answered.fetch_add(1, Ordering::SeqCst);
            let headers = [(header::ETAG, "\"7-ab\""), (header::CACHE_CONTROL, "public")];
            let mut response = (headers, format!("{}{number}", "0".repeat(size))).into_response();
            if keeps {
                Keep::mark(&mut response);
            }
            std::future::ready(response)
        }
    };
    Router::new()
        .route("/kept", get(answer(3, true)))
        .route("/large", get(answer(usize::try_from(MOST_BYTES).unwrap() + 1, true)))
        .route("/other", get(answer(3, false)))
        .layer(middleware::from_fn_with_state(Arc::new(answers), pass))
}

async fn ask(router: &Router, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap().trim_start_matches('0').to_owned())
}

/// Whether the second of two requests was answered by what was kept.
async fn is_kept(
    path: &str,
    options: Options,
    first: &[(&str, &str)],
    then: &[(&str, &str)],
) -> bool {
    let world = Arc::new(World::new());
    let router = server(&world, options);
    ask(&router, path, first).await;
    ask(&router, path, then).await;
    world.answered.load(Ordering::SeqCst) == 1
}

#[tokio::test]
async fn the_same_request_is_answered_once_and_another_anew() {
    let usual = Options::default;
    assert!(is_kept("/kept", usual(), &[], &[]).await);
    assert!(is_kept("/kept", usual(), &[], &[("user-agent", "another")]).await);
    assert!(!is_kept("/kept", usual(), &[], &[("accept", "text/csv")]).await);
    assert!(!is_kept("/kept", usual(), &[], &[("accept-language", "gd")]).await);
    assert!(!is_kept("/kept", usual(), &[], &[("accept-encoding", "br")]).await);
    assert!(!is_kept("/kept", usual(), &[], &[("authorization", "Bearer x")]).await);
    assert!(!is_kept("/kept", Options { memory_bytes: 0, ..usual() }, &[], &[]).await);
    assert!(!is_kept("/other", usual(), &[], &[]).await, "its route doesn't say so");
    assert!(!is_kept("/large", usual(), &[], &[]).await);
}

#[tokio::test]
async fn an_answer_is_forgotten_when_the_register_changes_the_day_ends_or_it_is_old() {
    let world = Arc::new(World::new());
    let router = server(&world, Options::default());
    let midnight = 86_400;
    let moments = [
        (1, midnight - 10, "0"),
        (1, midnight - 1, "0"),
        (2, midnight - 1, "1"),
        (2, midnight, "2"),
        (2, midnight + 59, "2"),
        (2, midnight + 60, "3"),
        // The clock was put back.
        (2, midnight + 30, "4"),
    ];
    // The first answer is of number 0, which is shown without its zeros.
    for (revision, seconds, expected) in moments {
        if world.index.revision() < Revision(revision) {
            world.index.apply(&[], Revision(revision)).unwrap();
        }
        world.seconds.store(seconds, Ordering::SeqCst);
        let (_, body) = ask(&router, "/kept", &[]).await;
        assert_eq!(body, expected.trim_start_matches('0'), "{revision} {seconds}");
    }
}

#[tokio::test]
async fn who_has_what_is_kept_gets_304() {
    let world = Arc::new(World::new());
    let router = server(&world, Options::default());
    assert_eq!(ask(&router, "/kept", &[]).await.0, 200);
    for (tag, expected) in
        [("\"7-ab\"", 304), ("W/\"7-ab-br\"", 304), ("*", 304), ("\"7-cd\"", 200)]
    {
        assert_eq!(ask(&router, "/kept", &[("if-none-match", tag)]).await.0, expected, "{tag}");
    }
    assert_eq!(world.answered.load(Ordering::SeqCst), 1);
}

#[test]
fn no_more_is_kept_than_there_is_memory_for() {
    let options = Options { memory_bytes: 100_000, ..Options::default() };
    let answers = Answers::new(options, Arc::new(World::new()));
    let now = answers.present.stamp();
    let until = answers.until(now.now);
    let (parts, ()) = Response::new(()).into_parts();
    let answer = |size: usize| Answer::new(now, until, &parts, Bytes::from(vec![0; size]));
    for number in 0..1_000 {
        answers.keep(number.to_string(), answer(5_000));
        let kept = answers.kept.lock().unwrap();
        let all = kept.young.values().chain(kept.old.values());
        assert!(all.map(|answer| answer.body.len() + BESIDE).sum::<usize>() <= 100_000);
    }
    answers.keep("large".to_owned(), answer(60_000));
    assert!(answers.get("large", now).is_none());
    assert!(answers.get("999", now).is_some());
}

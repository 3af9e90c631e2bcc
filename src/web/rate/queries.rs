//! Queries that run: how many of one client, for how long, and how they end.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use http_body::Frame;
use http_body::SizeHint;

use crate::web::problem::Problem;
use crate::web::problem::ProblemKind;
use crate::web::rate::client::Client;
use crate::web::rate::limit::Limit;
use crate::web::rate::refusal::Refused;
use crate::web::rate::shares::Rates;

/// How long to wait when all queries of a client run: nobody knows, so it is
/// the least that can be said.
const MOMENT: Duration = Duration::from_secs(1);

/// How many queries of each client run; there is a row only while some do.
#[derive(Debug, Default)]
pub(super) struct Running(Mutex<HashMap<Client, u32>>);

impl Running {
    fn begin(&self, client: Client, most: u32) -> bool {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = running.get(&client).copied().unwrap_or(0);
        let has_room = most == 0 || here < most;
        if has_room {
            running.insert(client, here + 1);
        }
        has_room
    }

    fn end(&self, client: Client) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match running.get_mut(&client) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                running.remove(&client);
            }
        }
    }
}

/// A query from its beginning until its answer has gone, or nobody waits for
/// it any more. Then its time is taken from the share of its client.
pub(super) struct RunningQuery {
    rates: Arc<Rates>,
    client: Client,
    began: Duration,
    has_failed: bool,
}

impl RunningQuery {
    /// Begins a query.
    ///
    /// # Errors
    ///
    /// [`Refused`] when too many of the client run, have failed, or have
    /// taken too long.
    pub(super) fn begin(rates: &Arc<Rates>, client: Client) -> Result<Self, Refused> {
        let began = rates.now();
        rates.check(client, Limit::SparqlSeconds, began)?;
        rates.check(client, Limit::SparqlFailures, began)?;
        let most = rates.queries(client);
        if !rates.running.begin(client, most) {
            return Err(Refused::at_once(Limit::SparqlAtOnce, most, MOMENT));
        }
        Ok(Self { rates: Arc::clone(rates), client, began, has_failed: false })
    }

    /// Ends with the body of `response`, and notes whether it is a failure of
    /// the client's. That we are overloaded is none.
    pub(super) fn until_the_end_of(mut self, response: Response) -> Response {
        let status = response.status();
        let is_ours = status == StatusCode::TOO_MANY_REQUESTS
            || response
                .extensions()
                .get::<Problem>()
                .is_some_and(|problem| problem.kind() == ProblemKind::Overloaded);
        self.has_failed = (status.is_client_error() || status.is_server_error()) && !is_ours;
        response.map(|body| Body::new(WatchedBody { body, query: self }))
    }
}

impl Drop for RunningQuery {
    fn drop(&mut self) {
        let Self { rates, client, began, has_failed } = self;
        let now = rates.now();
        rates.running.end(*client);
        let seconds = now.saturating_sub(*began).as_secs_f64();
        rates.take(*client, Limit::SparqlSeconds, seconds, now);
        if *has_failed {
            rates.take(*client, Limit::SparqlFailures, 1.0, now);
        }
    }
}

/// The body of an answer, with the query that goes on until it ends.
struct WatchedBody {
    body: Body,
    query: RunningQuery,
}

impl http_body::Body for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Err(_))) = &frame {
            self.query.has_failed = true;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

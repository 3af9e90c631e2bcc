//! The register behind a gate that a test opens, shuts and breaks: so that a
//! slow or failing register is just as slow or failing as the test says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri, header};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::register::{listen, spawn};

/// What a gate does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The register answers.
    Open,
    /// It waits until the mode is another.
    Shut,
    /// 503, without a body.
    Failing,
    /// 200, with this body.
    Saying(String),
}

/// A gate: its address, which stands for that of the register, its mode, and
/// how many requests have come.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) address: String,
    mode: Arc<watch::Sender<Mode>>,
    asked: Arc<watch::Sender<usize>>,
}

impl Gate {
    /// Sets the mode, for those who wait too.
    pub(crate) fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// Waits until so many requests have come.
    pub(crate) async fn asked(&self, times: usize) {
        let mut asked = self.asked.subscribe();
        asked.wait_for(|count| *count >= times).await.unwrap();
    }
}

/// All gates, at one port.
pub(crate) struct Gates {
    origin: String,
    shared: Arc<Shared>,
}

struct Shared {
    register: Router,
    gates: Mutex<BTreeMap<String, Gate>>,
}

impl Gates {
    /// Opens the port before the register's router.
    pub(crate) async fn open(register: Router) -> Self {
        let (listener, address) = listen().await;
        let shared = Arc::new(Shared { register, gates: Mutex::default() });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&shared));
        spawn(listener, router);
        Self { origin: format!("http://{address}"), shared }
    }

    /// Makes a gate in a mode.
    pub(crate) fn gate(&self, mode: Mode) -> Gate {
        let mut gates = self.shared.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("gate{}", gates.len());
        let gate = Gate {
            address: format!("{}/{name}", self.origin),
            mode: Arc::new(watch::Sender::new(mode)),
            asked: Arc::new(watch::Sender::new(0)),
        };
        gates.insert(name, gate.clone());
        gate
    }
}

async fn pass(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let address = request.uri().to_string();
    let (name, rest) = address.trim_start_matches('/').split_once('/').unwrap_or_default();
    let gate = {
        let gates = shared.gates.lock().unwrap_or_else(PoisonError::into_inner);
        gates.get(name).cloned()
    };
    let Some(gate) = gate else { return StatusCode::NOT_FOUND.into_response() };
    gate.asked.send_modify(|count| *count += 1);
    let mut modes = gate.mode.subscribe();
    let mode = modes.wait_for(|mode| *mode != Mode::Shut).await.unwrap().clone();
    let open_to_all = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    match mode {
        Mode::Failing => (StatusCode::SERVICE_UNAVAILABLE, [open_to_all]).into_response(),
        Mode::Saying(text) => {
            let kind = (header::CONTENT_TYPE, "application/geo+json");
            ([open_to_all, kind], text).into_response()
        }
        Mode::Open | Mode::Shut => {
            let (mut parts, _) = request.into_parts();
            parts.uri = Uri::try_from(format!("/{rest}")).unwrap();
            let request = Request::from_parts(parts, Body::empty());
            shared.register.clone().oneshot(request).await.unwrap()
        }
    }
}

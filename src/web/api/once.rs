//! `Idempotency-Key`: whoever got no answer sends the same again, and what
//! they send is registered once.
//! Source: draft-ietf-httpapi-idempotency-key-header-07; contract of limits, S12.

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;

use crate::journal::Note;
use crate::record::RecordId;
use crate::register::{Once, Token};
use crate::web::api::record_writes::confirm;
use crate::web::extract::Body;
use crate::web::parameter::{Parameter, ParameterKind};
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::state::AppState;

/// The most characters of a key.
const MOST: usize = 255;

/// The header.
pub(super) const IDEMPOTENCY_KEY: Parameter = Parameter::new(
    "Idempotency-Key",
    ParameterKind::Text(MOST),
    "A text that is new for each record, such as a UUID. The same request with it again, within a day, gets the answer of the first, and registers nothing",
)
.example("8e03978e-40d5-43e8-bc93-6894a57f9324");

/// The key of a request, if it has one.
pub(super) struct Key(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let name = IDEMPOTENCY_KEY.name;
        let mut values = parts.headers.get_all(name).iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        // The draft has a string of structured fields; many clients send it bare.
        let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
        if inner.is_empty() || inner.len() > MOST || values.next().is_some() {
            return Err(Problem::malformed_request(format!(
                "{name} is one text of up to {MOST} characters of ASCII"
            )));
        }
        Ok(Self(Some(inner.to_owned())))
    }
}

/// A request with a key.
pub(super) struct Keyed {
    key: String,
    actor: String,
    /// What it is a hash of: the kind, and the body with its media type.
    asked: String,
}

impl Keyed {
    /// The request of whoever has `token` to register `body` as a `kind`;
    /// `None` when it has no key.
    pub(super) fn of(key: Key, token: &Token, kind: &str, body: &Body) -> Option<Self> {
        let mut asked = blake3::Hasher::new();
        asked.update(format!("{kind}\n{}\n", body.media_type).as_bytes()).update(&body.bytes);
        let asked = asked.finalize().to_hex().to_string();
        Some(Self { key: key.0?, actor: token.actor(), asked })
    }

    /// The identity of what brings none of its own: the same each time, so that
    /// two requests at the same moment can't both register theirs.
    pub(super) fn id(&self, kind: &str) -> RecordId {
        RecordId::from_key(kind, &self.actor, &self.key)
    }

    /// The answer when this was registered before: the record as it is now.
    ///
    /// # Errors
    ///
    /// 422 when something else was registered under the key, 410 when it was
    /// withdrawn since.
    pub(super) fn replayed(&self, state: &AppState) -> Result<Option<Response>> {
        let once = state.register.once(&self.actor, &self.key, state.now())?;
        let Some(Once { id, asked }) = once else { return Ok(None) };
        if asked == self.asked {
            return confirm(state, &id, StatusCode::CREATED).map(Some);
        }
        let detail = format!("{} `{}` stood with another request", IDEMPOTENCY_KEY.name, self.key);
        Err(Problem::new(ProblemKind::KeyReused, detail))
    }

    /// What is kept of it when it registers `id`.
    pub(super) fn notes(&self, state: &AppState, id: &RecordId) -> Result<Vec<Note>> {
        let once = Once { id: id.clone(), asked: self.asked.clone() };
        Ok(state.register.notes_of_once(&self.actor, &self.key, &once, state.now())?)
    }
}

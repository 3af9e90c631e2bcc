//! Cursors through rows of the ledger: the key of the last row of a page, in
//! letters that can stand in an address.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};

/// The parameter.
pub(super) const CURSOR: Parameter = Parameter::text("cursor", "Where to go on, as `next` has it");

/// The key after which the page begins; `None` on the first page.
///
/// # Errors
///
/// 400 `invalid-parameter` when the cursor was not given here.
pub(super) fn read(parameters: &Parameters) -> Result<Option<String>> {
    let Some(cursor) = parameters.text("cursor") else { return Ok(None) };
    let wrong = || Problem::invalid_parameter("cursor", "this is no cursor that was given here");
    key_of(&cursor).ok_or_else(wrong).map(Some)
}

/// `key` as it stands in addresses.
pub(super) fn written(key: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(key)
}

/// The key that [`written`] has written; `None` of anything else.
pub(super) fn key_of(written: &str) -> Option<String> {
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(written).ok()?).ok()
}

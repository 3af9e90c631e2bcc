//! Records as the objects of Open Referral UK 3.0, a profile of HSDS 3.0.
//!
//! What the API under `/open-referral/v3` and lists under `.oruk.json` both
//! give; which of them is asked for is theirs.

pub(in crate::web) mod convert;
pub(in crate::web) mod identity;
pub(in crate::web) mod object;
pub(in crate::web) mod page;
pub(in crate::web) mod said;

//! How large the head of a request may be (contract limits-and-faults, R1).

/// The most bytes of an address: 8 KiB.
pub(crate) const MOST_ADDRESS: usize = 8 * 1024;
/// The most headers of a request.
pub(crate) const MOST_HEADERS: usize = 64;
/// The most bytes of all names and values of headers: 16 KiB.
pub(crate) const MOST_HEADER_BYTES: usize = 16 * 1024;

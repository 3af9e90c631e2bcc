//! The published suites of the syntaxes, and what they leave out.

mod conformance;
mod json_ld;
mod microdata;
mod rdfa;

//! The program `kist`: what it can do is said in [`kist::cli`].

use std::process::ExitCode;

/// Records are many small texts, made and dropped by several threads; this
/// allocator is made for that (docs/performance.md). It is C's and C++'s as
/// well (feature `override`): the quad store frees with Rust's allocator texts
/// that C++ has allocated. Its second version gives memory back after
/// hundredths of a second, the third after whole ones.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    kist::cli::main()
}

//! The program `kist`: what it can do is said in [`kist::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    kist::cli::main()
}

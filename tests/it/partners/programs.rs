//! The programs that ask a register.

use std::process::Command;

use super::examples;
use crate::program::Server;

#[path = "../../../examples/nearby.rs"]
#[expect(dead_code, reason = "a test calls what its main calls")]
mod nearby;

#[test]
fn the_python_asks_and_is_answered() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path(), &["--seed"]);
    let address = format!("http://{}", server.address());
    let asked =
        Command::new("python3").arg(examples().join("python/questions.py")).arg(address).output();
    // A machine without Python can't run it.
    let Ok(asked) = asked else { return };
    let (said, wrong) =
        (String::from_utf8_lossy(&asked.stdout), String::from_utf8_lossy(&asked.stderr));
    assert!(asked.status.success(), "{said}\n{wrong}");
    for title in [
        "Assets by sort",
        "Organisations with most assets",
        "In a box around Skye",
        "What got in the way",
    ] {
        assert!(said.contains(title), "{title}:\n{said}");
    }
    assert!(said.contains("Portree"), "{said}");
}

#[tokio::test]
async fn the_rust_client_shows_what_is_near() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path(), &["--seed"]);
    let mut said = Vec::new();
    nearby::show(&format!("http://{}", server.address()), "EH6 8RG", &mut said).await.unwrap();
    let said = String::from_utf8(said).unwrap();
    let count: usize = said.split(' ').next().unwrap().parse().unwrap();
    assert!(said.contains("assets within 2 km of EH6 8RG"), "{said}");
    assert_eq!(said.lines().count(), 2 + count.min(100), "{said}");
    assert!(nearby::show("http://127.0.0.1:1", "EH6 8RG", &mut Vec::new()).await.is_err());
}

//! Finding and starting Chromium.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chromiumoxide::{Browser, BrowserConfig};
use futures_util::StreamExt;
use tokio::task::JoinHandle;

/// What is told when there is no browser.
pub(crate) const HOW_TO_INSTALL: &str = "  Debian, Ubuntu: apt-get install chromium fonts-dejavu-core fonts-liberation (./dev test does it)\n  elsewhere: put chromium, chromium-browser or google-chrome on the PATH\n";

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser on the `PATH`.
pub(crate) fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

/// A browser that runs, with its profile, and the task that listens to it.
pub(crate) struct Running {
    pub(crate) browser: Browser,
    pub(crate) listening: JoinHandle<()>,
    _profile: tempfile::TempDir,
}

/// Starts it with a new profile. Every name but this machine's leads nowhere.
pub(crate) async fn start(executable: &Path) -> Running {
    let profile = tempfile::tempdir().unwrap();
    let config = BrowserConfig::builder()
        .chrome_executable(executable)
        .user_data_dir(profile.path())
        .no_sandbox()
        .new_headless_mode()
        .window_size(1100, 900)
        .viewport(None)
        .launch_timeout(Duration::from_secs(90))
        .request_timeout(Duration::from_secs(90))
        .args(["--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"])
        .build()
        .unwrap();
    let (browser, mut handler) = Browser::launch(config).await.unwrap();
    let listening = tokio::spawn(async move {
        // A message that can't be read is of no interest; the end is.
        while handler.next().await.is_some() {}
    });
    Running { browser, listening, _profile: profile }
}

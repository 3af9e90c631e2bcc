//! Tests of [`telemetry`](super).

use std::sync::Arc;
use std::sync::Mutex;

use super::*;

/// A log in memory.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// What was written to it.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const HOSTILE: &str = "a\r\nERROR forged \u{1b}[2J\u{9b}31m\0\u{2028}\"}{";

fn write_hostile_event() {
    tracing::info!(agent = HOSTILE, agent_shown = %HOSTILE, "seen {HOSTILE}");
}

fn lines(log: &Log) -> Vec<String> {
    log.text().split_inclusive('\n').map(str::to_owned).collect()
}

#[test]
fn hostile_text_stays_on_its_line_of_the_human_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = human(&Options::default(), move || writer.clone()).unwrap();
    tracing::subscriber::with_default(subscriber, write_hostile_event);
    let lines = lines(&log);
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line = lines[0].strip_suffix('\n').unwrap();
    assert!(!line.contains(char::is_control), "{line:?}");
}

#[test]
fn hostile_text_makes_one_valid_object_of_the_json_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = json(&Options::default(), move || writer.clone()).unwrap();
    tracing::subscriber::with_default(subscriber, write_hostile_event);
    let lines = lines(&log);
    assert_eq!(lines.len(), 1, "{lines:?}");
    let object: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(object["level"], "INFO");
    assert!(object["message"].as_str().unwrap().contains("forged"));
}

#[test]
fn a_line_is_written_at_once_with_its_end() {
    struct Writes(Vec<usize>);
    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut writer = OneLineWriter(Writes(Vec::new()));
    writer.write_all(b"seen\r\n").unwrap();
    assert_eq!(writer.0.0, ["seen\\u000d\n".len()]);
}

#[test]
fn a_filter_that_can_not_be_read_is_told() {
    let options = Options { filter: "a=b=c".to_owned(), ..Options::default() };
    let error = filter(&options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`a=b=c` is not a filter such as `info` or `info,kist::web=debug`"
    );
}

//! The message that tells of an alert. Pure.

use jiff::Timestamp;

use crate::register::ledger::Alert;

/// What a message is made of.
#[derive(Debug, Clone)]
pub(super) struct Message<'a> {
    /// The source.
    pub(super) source: &'a str,
    /// What people call it.
    pub(super) name: &'a str,
    /// What happened.
    pub(super) alert: &'a Alert,
    /// Mail addresses of those whom it is for.
    pub(super) to: &'a [String],
    /// The mail address that it is from.
    pub(super) from: &'a str,
    /// The address of the register.
    pub(super) base: &'a str,
    /// Where the problems of the newest run are, for whoever has the address.
    pub(super) report: Option<&'a str>,
    pub(super) now: Timestamp,
}

/// The message as RFC 5322 has it, its lines ended by a line feed, as mail
/// programs take it.
pub(super) fn write(message: &Message<'_>) -> String {
    let Message { source, name, alert, to, from, base, report, now } = message;
    let date = now.strftime("%a, %d %b %Y %H:%M:%S +0000");
    let host = base.split_once("://").map_or(*base, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let id = format!("{source}.{}.{}", alert.code, alert.since.as_second());
    let since = alert.since.strftime("%-d %B %Y, %H:%M UTC");
    let report = report.map_or_else(String::new, |address| {
        format!("What the newest run found wrong, and what can be done about it:\n{address}\n\n")
    });
    format!(
        "From: {from}\nTo: {}\nDate: {date}\nSubject: {source}: {}\nMessage-ID: <{id}@{host}>\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: 8bit\nAuto-Submitted: auto-generated\n\n\
         {name} ({source}) is harvested by the register at {base}.\n\n\
         {}\n\nThis is so since {since}.\n\n{report}The source: {base}/sources/{source}\n",
        to.join(", "),
        subject(&alert.code),
        plain(&alert.what),
    )
}

/// What it is about, in a few words.
fn subject(code: &str) -> &str {
    match code {
        "held-for-review" => "a harvest waits for somebody to look",
        "failing" => "it can't be harvested",
        "unchanged-for-long" => "is it still looked after?",
        "invalid-jump" => "more than before could not be taken",
        "licence-changed" => "it names another licence",
        "host-moved" => "it has moved",
        other => other,
    }
}

/// A sentence on one line: what a publisher wrote makes no header or line of
/// its own.
fn plain(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether `address` can stand in a header: one mail address and nothing else.
pub(super) fn is_address(address: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_graphic() && !"<>()[],;:\"\\".contains(c);
    let parts = address.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
        && address.chars().all(is_plain)
        && !address.starts_with('-')
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;

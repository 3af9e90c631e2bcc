//! Text in the cells of a table that a spreadsheet would run as a formula.

/// Puts an apostrophe in front of what a spreadsheet would run as a formula
/// (OWASP, “CSV Injection”), and of what would otherwise look as if that had
/// been done.
#[must_use]
pub fn guard(text: String) -> String {
    if looks_like_formula(&text) { format!("'{text}") } else { text }
}

/// Takes off the apostrophe that [`guard`] put in front of the text of a cell.
#[must_use]
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if looks_like_formula(text) => text,
        _ => cell,
    }
}

/// Whether the first character, apostrophes apart, is one that begins a
/// formula, or that spreadsheets skip before one.
fn looks_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_run_gets_an_apostrophe_and_loses_it_again() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+44 131 496 0000", "'+44 131 496 0000"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("'=1", "''=1"),
            ("'tis", "'tis"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(guard(text.to_owned()), cell);
            assert_eq!(unguard(cell), text);
        }
    }

    proptest! {
        #[test]
        fn no_cell_runs_and_every_cell_can_be_read_back(text in "['=+@\t\r\na-]{0,4}\\PC{0,6}") {
            let cell = guard(text.clone());
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            prop_assert_eq!(unguard(&cell), text);
        }
    }
}

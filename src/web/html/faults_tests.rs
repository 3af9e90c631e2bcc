//! Tests of [`faults`](super).

use super::*;

#[test]
fn faults_read_as_sentences_of_people() {
    for (problem, expected) in [
        (Problem::not_found("nothing is registered as `a`"), "Nothing is registered as “a”."),
        (Problem::invalid_parameter("limit", "99 is too many"), "How many: 99 is too many."),
        (Problem::invalid_parameter("heading-level", "no"), "Heading level: no."),
        (Problem::not_found("no; did you mean `b`?"), "No; did you mean “b”?"),
        (Problem::invalid_parameter("near", "`x` is unknown"), "“x” is unknown."),
        (Problem::invalid_parameter("for", "said before."), "For whom: said before."),
        (Problem::unknown_parameter("colour", None, ["near"]), "“colour” is unknown here."),
    ] {
        assert_eq!(sentences(&problem), [expected]);
    }
}

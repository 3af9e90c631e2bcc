//! The things that are counted, and what they are called.

/// One of the things that are counted of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// Requests of any kind.
    Requests,
    /// Requests that may change something.
    Writes,
    /// Time that queries take.
    SparqlSeconds,
    /// Queries without an answer.
    SparqlFailures,
    /// Queries that run.
    SparqlAtOnce,
    /// Tokens that are not good.
    RefusedTokens,
    /// Requests that were refused; beyond it an address is blocked.
    Blocked,
}

impl Limit {
    /// How many there are.
    pub(super) const COUNT: usize = Self::ALL.len();

    /// All of them, in the order of their numbers.
    pub(super) const ALL: [Self; 7] = [
        Self::Requests,
        Self::Writes,
        Self::SparqlSeconds,
        Self::SparqlFailures,
        Self::SparqlAtOnce,
        Self::RefusedTokens,
        Self::Blocked,
    ];

    /// The name in `RateLimit-Policy` and in measures.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Writes => "writes",
            Self::SparqlSeconds => "sparql-seconds",
            Self::SparqlFailures => "sparql-failures",
            Self::SparqlAtOnce => "sparql-at-once",
            Self::RefusedTokens => "refused-tokens",
            Self::Blocked => "blocked",
        }
    }

    /// What there was too much of, for people.
    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::Requests => "there were too many requests",
            Self::Writes => "there were too many writes",
            Self::SparqlSeconds => "the queries took too long together",
            Self::SparqlFailures => "too many queries failed",
            Self::SparqlAtOnce => "too many queries run already",
            Self::RefusedTokens => "too many tokens were not good",
            Self::Blocked => "this address is blocked, because it went on asking while refused",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stands_at_its_number() {
        for (number, limit) in Limit::ALL.into_iter().enumerate() {
            assert_eq!(limit as usize, number);
        }
    }
}

//! The tokenizer that the text index uses: each word as it is and, at the
//! same position, its stem.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::vocabulary::STEM_MARK;
use super::words::{Stems, words};

/// The name under which the schema knows it.
pub(super) const NAME: &str = "kist";

/// See the module.
#[derive(Clone)]
pub(super) struct Terms {
    stems: Stems,
}

impl Terms {
    /// A tokenizer that remembers no stems yet.
    pub(super) fn new() -> Self {
        Self { stems: Stems::new() }
    }
}

impl Tokenizer for Terms {
    type TokenStream<'a> = TermStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream {
        let mut terms = Vec::new();
        for (position, word) in words(text).into_iter().enumerate() {
            let mut stem = String::with_capacity(word.len() + 1);
            stem.push(STEM_MARK);
            stem.push_str(self.stems.stem(&word));
            terms.push((position, word));
            terms.push((position, stem));
        }
        TermStream { terms: terms.into_iter(), token: Token::default() }
    }
}

/// The terms of one text.
pub(super) struct TermStream {
    terms: std::vec::IntoIter<(usize, String)>,
    token: Token,
}

impl TokenStream for TermStream {
    fn advance(&mut self) -> bool {
        let Some((position, text)) = self.terms.next() else { return false };
        self.token.position = position;
        self.token.text = text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

//! What the view remembers of itself, in a graph that no query sees.

use oxigraph::model::{GraphNameRef, Literal, NamedNodeRef, Quad, Term};
use oxigraph::store::{StorageError, Store, Transaction};

use crate::model::Revision;

/// The name of the private graph, and the subject of all it says.
pub(super) const NAME: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("tag:kist.invalid,2026:view");
const FORMAT: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("tag:kist.invalid,2026:view#format");
const REVISION: NamedNodeRef<'_> =
    NamedNodeRef::new_unchecked("tag:kist.invalid,2026:view#revision");
const QUADS: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("tag:kist.invalid,2026:view#quads");

/// The layout of the store that this program writes. Another number means
/// that the view has to be made again.
pub(super) const CURRENT_FORMAT: u64 = 1;

/// What the view remembers of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The layout of the store; zero when it was never finished.
    pub(super) format: u64,
    /// The revision that was applied last.
    pub(super) revision: Revision,
    /// How many quads the public named graphs hold.
    pub(super) quads: u64,
}

/// Reads the state; all zero in a store that has none.
pub(super) fn read(store: &Store) -> Result<State, StorageError> {
    collect(store.quads_for_pattern(None, None, None, Some(GraphNameRef::NamedNode(NAME))))
}

/// Reads the state as a transaction sees it.
pub(super) fn read_in(transaction: &Transaction<'_>) -> Result<State, StorageError> {
    collect(transaction.quads_for_pattern(None, None, None, Some(GraphNameRef::NamedNode(NAME))))
}

/// Writes the state in place of what was there.
pub(super) fn write(transaction: &mut Transaction<'_>, state: State) -> Result<(), StorageError> {
    transaction.clear_graph(GraphNameRef::NamedNode(NAME))?;
    for quad in &grown(state) {
        transaction.insert(quad.as_ref());
    }
    Ok(())
}

/// What says, beside graphs that are added in bulk, how the view is with them:
/// a bulk can only add, and until the next [`write`] the larger numbers count.
pub(super) fn grown(State { format, revision: Revision(revision), quads }: State) -> [Quad; 3] {
    [(FORMAT, format), (REVISION, revision), (QUADS, quads)]
        .map(|(predicate, value)| Quad::new(NAME, predicate, number(value), NAME))
}

/// The state which quads of the private graph say.
pub(super) fn collect(
    quads: impl Iterator<Item = Result<Quad, StorageError>>,
) -> Result<State, StorageError> {
    let mut state = State::default();
    for quad in quads {
        note(&mut state, &quad?);
    }
    Ok(state)
}

/// Takes up what one quad of the private graph says; of two that say the same
/// thing, the larger number.
pub(super) fn note(state: &mut State, quad: &Quad) {
    let Term::Literal(value) = &quad.object else { return };
    let Ok(value) = value.value().parse::<u64>() else { return };
    let predicate = quad.predicate.as_ref();
    if predicate == FORMAT {
        state.format = state.format.max(value);
    } else if predicate == REVISION {
        state.revision = state.revision.max(Revision(value));
    } else if predicate == QUADS {
        state.quads = state.quads.max(value);
    }
}

/// Whether a graph of this name is the private one.
pub(super) fn is_private(name: GraphNameRef<'_>) -> bool {
    name == GraphNameRef::NamedNode(NAME)
}

/// A whole number, short enough that the store keeps it in the key: a new
/// revision leaves no text behind.
fn number(value: u64) -> Literal {
    Literal::from(i64::try_from(value).unwrap_or(i64::MAX))
}

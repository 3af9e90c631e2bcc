//! The answer of a list: its hits in order, what it is called, its cards.

use std::collections::HashMap;

use crate::register::{Answer, Near, Page, Start};
use crate::web::html::card::{self, Card};
use crate::web::html::content::{self, Text};
use crate::web::html::messages::{Messages, Plural};
use crate::web::html::site::Site;
use crate::web::list::Notes;
use crate::web::listing::parameters::{self, LAST_PAGE};
use crate::web::listing::question::{Order, Question};
use crate::web::listing::subject::{Collection, Subject};
use crate::web::problem::Result;
use crate::web::state::AppState;

/// A list with what is on one page of it.
#[derive(Debug)]
pub struct Listing {
    /// What it is of.
    pub subject: Subject,
    /// What was asked.
    pub question: Question,
    /// What was found; `next` says no more than that there is more.
    pub answer: Answer,
    /// Its path, without suffix and query.
    pub path: String,
}

impl Listing {
    /// Answers `question` of the list of `subject`.
    ///
    /// # Errors
    ///
    /// 400 when the place is malformed, unknown or one of several.
    pub fn ask(state: &AppState, subject: Subject, question: Question) -> Result<Self> {
        let mut answer = match (question.order, &question.query.only) {
            (Order::Own, Some(keys)) => in_own_order(state, keys, &question)?,
            _ => state.register.search(question.query.clone(), &question.place)?,
        };
        let last = usize::try_from(LAST_PAGE).unwrap_or(usize::MAX);
        if question.first() > (last - 1) * question.query.page.limit {
            answer.results.next = None;
        }
        let path = subject.path(state);
        Ok(Self { subject, question, answer, path })
    }

    /// What the link to all of it says.
    pub(in crate::web) fn see_all(&self, m: &Messages) -> Text {
        match self.answer.results.total {
            0 | 1 => m.see_list.text(),
            total => Text::plain(m.count(Plural::SeeAll, total)),
        }
    }

    /// What it is called in the language of the site.
    pub(in crate::web) fn title(&self, site: Site<'_>) -> Text {
        let named = self.subject.summary();
        let name = named.and_then(|summary| content::text(summary, "name", site.language));
        name.unwrap_or_else(|| {
            let query = &self.question.query;
            let place = self.answer.near.as_ref().map(Near::label);
            let m = Messages::of(site.language);
            let phrase = match parameters::word_for(query) {
                Some("events") => m.embed_kind_events,
                Some("guides") => m.embed_kind_guides,
                _ => return site.heading(&query.text, &query.kinds, place),
            };
            site.heading_of(phrase, &query.text, place)
        })
    }

    /// What it says of itself.
    pub(in crate::web) fn lead(&self, site: Site<'_>) -> Option<Text> {
        match &self.subject {
            Subject::Record(..) => None,
            subject => content::text(subject.summary()?, "summary", site.language),
        }
    }

    /// What it remarks on its entries.
    #[must_use]
    pub fn notes(&self) -> Option<&Notes> {
        match &self.subject {
            Subject::Collection(Collection { notes, .. }) => Some(notes),
            _ => None,
        }
    }

    /// Its entries as cards, with the numbers of the list.
    pub(in crate::web) fn cards(&self, site: Site<'_>) -> Vec<Card> {
        let centre = self.answer.near.as_ref().map(Near::point);
        let hits = &self.answer.results.hits;
        let mut cards = card::cards(site, hits, self.question.first(), centre);
        if let Some(notes) = self.notes() {
            for card in &mut cards {
                let at = card.number - self.question.first();
                let note = hits.get(at).and_then(|hit| notes.get(hit.key()));
                card.note = content::texts(note, site.language).into_iter().next();
            }
        }
        cards
    }
}

/// The entries of a collection that pass, in its own order, one page of them.
fn in_own_order(state: &AppState, keys: &[String], question: &Question) -> Result<Answer> {
    let mut query = question.query.clone();
    let page =
        std::mem::replace(&mut query.page, Page { limit: keys.len(), start: Start::Offset(0) });
    let mut answer = state.register.search(query, &question.place)?;
    let places: HashMap<&str, usize> =
        keys.iter().enumerate().map(|(place, key)| (key.as_str(), place)).collect();
    let hits = &mut answer.results.hits;
    hits.sort_by_key(|hit| places.get(hit.key()).copied());
    let skipped = (question.first() - 1).min(hits.len());
    hits.drain(..skipped);
    let more = hits.len() > page.limit;
    hits.truncate(page.limit);
    answer.results.next = more.then(String::new);
    Ok(answer)
}

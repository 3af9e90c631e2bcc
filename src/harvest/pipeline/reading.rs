//! One document to mapped drafts: the format's reading, bounded and caught,
//! and the mapping of each draft.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use url::{Origin, Url};

use super::begin::Work;
use super::credentials::Headers;
use super::identity::Identities;
use super::known::TakenOver;
use super::map::{self, Mapped};
use crate::harvest::clean::DoubleEncoding;
use crate::harvest::document::Document;
use crate::harvest::excerpt;
use crate::harvest::extraction::{Draft, Extraction, Problem, State};
use crate::harvest::fetch::Fetched;
use crate::harvest::format::{self, Elsewhere, Format, Reading};
use crate::harvest::licence;
use crate::harvest::mapping::Mapping;
use crate::harvest::settings::Settings;
use crate::harvest::terms::{Table, Terms};
use crate::register::ledger::Queued;
use crate::register::{Facet, Register};

/// What reading a document needs; shared with the thread that does it.
#[derive(Clone)]
pub(super) struct Reader {
    pub register: Arc<Register>,
    pub settings: Arc<Settings>,
    pub terms: Arc<Terms>,
    pub decided: Arc<Table>,
    pub taken_over: Arc<TakenOver>,
    /// What the host of the source wants to be told.
    pub headers: Arc<Headers>,
    /// By what the document was read before, when that was guessed.
    pub guess: Option<Arc<Mapping>>,
    /// The licence that the document which led to it names for it.
    pub licence: Option<String>,
}

/// What the header of an answer names (RFC 8288).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Named<'a> {
    /// The next page.
    pub next: Option<&'a Url>,
    /// The licence.
    pub licence: Option<&'a Url>,
}

impl<'a> Named<'a> {
    /// What the header of `fetched` names.
    pub(super) fn by(fetched: &'a Fetched) -> Self {
        Self { next: fetched.link("next"), licence: fetched.link("license") }
    }
}

/// What was read.
pub(super) struct Read {
    pub format: &'static str,
    pub mapped: Vec<Mapped>,
    /// All but the drafts.
    pub extraction: Extraction,
    /// Other hosts to which it may lead, since they say so themselves.
    pub vouched: HashSet<Origin>,
}

impl Read {
    /// Nothing but a problem with a document of `format`.
    pub(super) fn of_problem(format: &'static str, problem: Problem) -> Self {
        let extraction = Extraction { problems: vec![problem], ..Extraction::default() };
        Self { format, mapped: Vec::new(), extraction, vouched: HashSet::new() }
    }
}

impl Reader {
    /// What reads the documents of a run.
    pub(super) fn new(register: &Arc<Register>, work: &Work) -> Self {
        Self {
            register: Arc::clone(register),
            settings: Arc::clone(&work.settings),
            terms: Arc::clone(&work.terms),
            decided: Arc::clone(&work.decided),
            taken_over: Arc::clone(&work.taken_over),
            headers: Arc::default(),
            guess: None,
            licence: None,
        }
    }

    /// The same for the document that was `queued`, and was read by `guess`
    /// before.
    pub(super) fn with(&self, guess: Option<Mapping>, queued: &Queued) -> Self {
        let licence = queued.licence.clone();
        Self { guess: guess.map(Arc::new), licence, ..self.clone() }
    }

    /// Says of drafts that state no licence which one their document, or the
    /// header of its answer, names: of a page always, of other documents where
    /// the source itself states none. Else it is the one that a catalogue names
    /// for just this document (contract F71).
    fn set_terms(
        &self,
        document: &Document,
        named: Named<'_>,
        format: &Format,
        extraction: &mut Extraction,
    ) {
        let of_all = &mut extraction.about.licence;
        *of_all = of_all.take().or_else(|| named.licence.map(Url::to_string));
        let is_heard = format.name == "html" || self.settings.licence.is_none();
        let said = of_all.as_deref().filter(|_| is_heard).or(self.licence.as_deref());
        let Some(said) = said else { return };
        let Some(terms) = licence::terms(licence::read_at(said, &document.url)) else { return };
        for draft in &mut extraction.drafts {
            let own = draft.use_terms.get_or_insert_default();
            if own.licences.is_none() {
                own.licences.clone_from(&terms.licences);
                own.attribution = own.attribution.take().or_else(|| terms.attribution.clone());
            }
        }
    }

    /// Why `draft` is not taken: it is a category or scheme that this register
    /// has from elsewhere, and no other register says what it is called here.
    fn refuse_known(&self, draft: &Draft) -> Option<Problem> {
        if !matches!(draft.kind.as_str(), "category" | "scheme") || draft.state == State::Deleted {
            return None;
        }
        let id = draft.id.as_deref()?;
        let known = self.register.index().values(id, Facet::Source);
        if known.is_empty() || known.contains(&self.settings.id) {
            return None;
        }
        let what = format!("{id} is known here already, and stays as it is");
        Some(Problem::warning("category-known", draft.at.as_str(), what).of(draft.key.as_str()))
    }

    /// Reads `document` as `format`, or as what it looks like; the header of its
    /// answer names `named`. Whatever is in it, this neither fails nor
    /// panics: it is told in the problems.
    pub(super) fn read(
        &self,
        document: &Document,
        named: Named<'_>,
        format: Option<&'static Format>,
        now: Timestamp,
    ) -> Read {
        let Some(format) = format.or_else(|| format::recognise(document)) else {
            let what = "the document is of no format that is known";
            let problem = Problem::broken("unknown-format", "", what)
                .advice("say its format in the settings of the source");
            return Read::of_problem("", problem);
        };
        self.read_as(document, named, format, now, None)
    }

    /// As [`Reader::read`], as `format`; other pieces of the document have the
    /// records that are `elsewhere`.
    pub(super) fn read_as(
        &self,
        document: &Document,
        named: Named<'_>,
        format: &'static Format,
        now: Timestamp,
        elsewhere: Option<&Elsewhere>,
    ) -> Read {
        let reading = Reading {
            language: &self.settings.language,
            time_zone: &self.settings.time_zone,
            offsets: self.settings.offsets,
            now,
            mapping: self.settings.mapping.as_ref().or(self.guess.as_deref()),
            next: named.next,
            elsewhere,
        };
        let extracted = catch_unwind(AssertUnwindSafe(|| (format.extract)(document, &reading)));
        let mut extraction = extracted.unwrap_or_else(|_| Extraction {
            problems: vec![Problem::broken(
                "reader-failed",
                "",
                format!("the reader of {} failed on this document", format.label),
            )],
            ..Extraction::default()
        });
        self.set_terms(document, named, format, &mut extraction);
        if self.settings.double_encoding == DoubleEncoding::Repair {
            let doubled = extraction.problems.iter_mut().filter(|it| it.code == "double-encoded");
            doubled
                .for_each(|it| it.advice = Some("Store and send the text as UTF-8 once.".into()));
        }
        let gazetteer = self.register.gazetteer();
        let identities = Identities::new(&self.settings, &self.taken_over, &extraction.drafts);
        extraction.problems.extend(identities.told());
        let context = map::Context {
            register: &self.register,
            settings: &self.settings,
            identities: &identities,
            terms: &self.terms,
            decided: &self.decided,
            gazetteer: &gazetteer,
            url: &document.url,
        };
        let mut mapped = Vec::with_capacity(extraction.drafts.len());
        for draft in std::mem::take(&mut extraction.drafts) {
            let (at, key) = (draft.at.clone(), draft.key.clone());
            let problems = &mut extraction.problems;
            if let Some(problem) = identities.refuse(&draft).or_else(|| self.refuse_known(&draft)) {
                problems.push(problem);
                continue;
            }
            let one = catch_unwind(AssertUnwindSafe(|| map::map(&context, draft, problems)));
            match one {
                Ok(one) => mapped.push(one),
                Err(_) => problems.push(
                    Problem::error("mapping-failed", at, "this record can't be mapped").of(key),
                ),
            }
        }
        let sheet = reading.mapping.and_then(|mapping| mapping.sheet.as_deref());
        excerpt::add(document, sheet, &mut extraction.problems);
        Read { format: format.name, mapped, extraction, vouched: HashSet::new() }
    }
}

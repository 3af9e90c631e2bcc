//! Large dumps of RDF, read as many small ones.
//!
//! What a dump says of one thing may stand anywhere in it. So it is read
//! through first, statement by statement, and written down as N-Triples; then
//! the statements are dealt to pieces, so that things which speak of each
//! other are in one. Of a dump no more is in memory than a few numbers for
//! each of its subjects.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, BufRead as _, Read, Write as _};
use std::path::Path;

use oxigraph::io::{RdfParseError, RdfParser};
use oxigraph::model::{NamedOrBlankNodeRef, Quad, TripleRef};

use super::kist::Marks;
use super::packing::{bad_archive, is_packed, unpack};
use super::read::{self, MOST_FAULTS, MOST_SAID, engine_format, fault, refused, sniffed};
use crate::graph::GraphFormat;
use crate::graph::input::Options;
use crate::harvest::document::Document;
use crate::harvest::dump::{Dump, HEAD, Spool};
use crate::harvest::extraction::Problem;
use crate::harvest::format::pieces::{Large, PIECE, Piece, Pieces, document, unreadable};
use crate::schema::Kind;

/// Bytes of a dump when unpacked, and of its statements as N-Triples.
const LARGEST: u64 = 1 << 30;

/// Bytes of statements about things that speak of each other.
const MOST_TOGETHER: u64 = 2 * PIECE as u64;

/// Subjects of a dump: some hundred megabytes of numbers.
const MOST_SUBJECTS: usize = 4_000_000;

/// How much is gathered for a piece before it is written.
const AT_ONCE: usize = 16 << 10;

/// Which records of kist's vocabulary a dump has.
#[derive(Debug, Default)]
pub struct Elsewhere {
    /// What is known of each subject, by a hash of it.
    numbers: HashMap<u64, u32>,
    subjects: Vec<Subject>,
}

/// What is known of a subject.
#[derive(Debug, Clone, Copy)]
struct Subject {
    /// Another one that is in the same piece.
    leader: u32,
    /// Bytes of the statements about it; of a leader, about all whom it leads.
    bytes: u64,
    marks: Marks,
}

/// A large dump, dealt to pieces.
struct Dealt {
    whole: Document,
    elsewhere: Elsewhere,
    /// The statements, piece by piece.
    dump: Option<Dump>,
    /// Where each piece ends in it.
    ends: Vec<u64>,
    next: usize,
    problems: Vec<Problem>,
}

impl Elsewhere {
    /// The kind of the record at `iri`, when the dump has it.
    pub(super) fn kind(&self, iri: &str) -> Option<&'static Kind> {
        let number = self.numbers.get(&hash_of(iri))?;
        self.subjects[*number as usize].marks.kind()
    }

    fn leader(&mut self, mut at: u32) -> u32 {
        while self.subjects[at as usize].leader != at {
            let above = self.subjects[self.subjects[at as usize].leader as usize].leader;
            self.subjects[at as usize].leader = above;
            at = above;
        }
        at
    }

    /// Puts two together, unless there would be too much of it; gives whether
    /// they are together.
    fn join(&mut self, one: u32, other: u32) -> bool {
        let (one, other) = (self.leader(one), self.leader(other));
        if one == other {
            return true;
        }
        let (first, second) = (one.min(other), one.max(other));
        let bytes = self.subjects[first as usize].bytes + self.subjects[second as usize].bytes;
        if bytes > MOST_TOGETHER {
            return false;
        }
        self.subjects[second as usize].leader = first;
        self.subjects[first as usize].bytes = bytes;
        true
    }

    fn is_record(&self, at: u32) -> bool {
        self.subjects[at as usize].marks.kind().is_some()
    }
}

/// The pieces of a dump; `None` when its syntax can only be read as a whole.
pub(in crate::harvest::format) fn pieces(large: Large<'_>) -> Option<Box<dyn Pieces>> {
    let mut head = Vec::new();
    if let Ok(reader) = unpacked(&large) {
        // What can't be unpacked is told when it is read.
        let _ = reader.take(HEAD as u64).read_to_end(&mut head);
    }
    let looked_at = document(large.document, head);
    let format = read::format_of(large.document).or_else(|| sniffed(looked_at.head()))?;
    let is_by_statement = !matches!(format, GraphFormat::JsonLd | GraphFormat::RdfXml);
    is_by_statement.then(|| -> Box<dyn Pieces> {
        let mut whole = document(large.document, Vec::new());
        whole.media_type = Some("application/n-triples".to_owned());
        whole.charset = None;
        let mut dealt = Dealt {
            whole,
            elsewhere: Elsewhere::default(),
            dump: None,
            ends: Vec::new(),
            next: 0,
            problems: Vec::new(),
        };
        if let Err(error) = dealt.deal(&large, format) {
            dealt.problems.push(unreadable(&error));
        }
        Box::new(dealt)
    })
}

/// Reads what is packed in a document, no more of it than there may be.
fn unpacked<'a>(large: &Large<'a>) -> io::Result<Box<dyn Read + Send + 'a>> {
    let reader = large.read();
    if !is_packed(&large.document.bytes) {
        return Ok(reader);
    }
    let length = large.dump.map_or(large.document.bytes.len() as u64, Dump::length);
    unpack(reader, length, LARGEST)
}

impl Dealt {
    /// Reads the dump through and deals its statements.
    fn deal(&mut self, large: &Large<'_>, format: GraphFormat) -> io::Result<()> {
        let Some(lines) = self.written(large, format)? else { return Ok(()) };
        let mut parted = 0_u64;
        each_line(&lines, |line| {
            let (subject, object) = ends_of(line);
            let elsewhere = &mut self.elsewhere;
            let (Some(one), Some(other)) = (
                elsewhere.numbers.get(&hash_of(subject)).copied(),
                object.and_then(|it| elsewhere.numbers.get(&hash_of(it)).copied()),
            ) else {
                return Ok(());
            };
            // Records are read each by itself, and speak of others by their
            // addresses.
            if !elsewhere.is_record(other) && !elsewhere.join(one, other) {
                parted += 1;
            }
            Ok(())
        })?;
        if parted > 0 {
            let what = format!(
                "more than {MOST_TOGETHER} bytes speak of each other: {parted} references lead to \
                 what is read apart"
            );
            self.problems.push(
                Problem::warning("read-apart", "", what)
                    .advice("Give what others refer to, such as organisations, an address."),
            );
        }
        self.dealt(&lines, large.directory)
    }

    /// Writes the statements of the dump, one a line, and notes its subjects;
    /// `None` when there are none.
    fn written(&mut self, large: &Large<'_>, format: GraphFormat) -> io::Result<Option<Dump>> {
        let base = large.document.url.as_str();
        let parser = RdfParser::from_format(engine_format(format));
        let Ok(parser) = parser.with_base_iri(base) else {
            self.problems.push(Problem::broken("bad-rdf", "", format!("`{base}` is no base")));
            return Ok(None);
        };
        let mut spool = Spool::on_disk(large.directory)?;
        let options = Options::default();
        let (mut faults, mut left_out) = (0_usize, 0_usize);
        for quad in parser.for_reader(without_mark(unpacked(large)?)?) {
            let quad = match quad {
                Ok(quad) => quad,
                Err(RdfParseError::Syntax(error)) => {
                    self.problems.push(fault(&error));
                    faults += 1;
                    if faults >= MOST_FAULTS {
                        break;
                    }
                    continue;
                }
                Err(RdfParseError::Io(error)) => {
                    self.problems.push(bad_archive(&error));
                    break;
                }
            };
            if let Some(what) = refused(&quad, &options) {
                left_out += 1;
                if left_out <= MOST_SAID {
                    let at = quad.subject.to_string();
                    self.problems.push(Problem::error("bad-triple", at, what));
                }
                continue;
            }
            if self.elsewhere.subjects.len() >= MOST_SUBJECTS || spool.length() > LARGEST {
                let what = "the dump has more than is read; the rest was left out";
                let problem = Problem::broken("too-many-triples", "", what);
                self.problems.push(problem.advice("Publish it in several documents."));
                break;
            }
            self.note(&quad, &mut spool)?;
        }
        if left_out > MOST_SAID {
            let what = format!("{} more triples were left out", left_out - MOST_SAID);
            self.problems.push(Problem::warning("more-problems", "", what));
        }
        Ok(spool.finish()?.dump)
    }

    /// Writes one statement, and notes its subject.
    fn note(&mut self, quad: &Quad, spool: &mut Spool) -> io::Result<()> {
        let triple = TripleRef::from(quad.as_ref());
        let before = spool.length();
        writeln!(spool, "{triple} .")?;
        let written = spool.length() - before;
        let Elsewhere { numbers, subjects } = &mut self.elsewhere;
        let next = u32::try_from(subjects.len()).map_err(io::Error::other)?;
        let number = *numbers.entry(hash_of(&name(triple.subject))).or_insert(next);
        if number == next {
            subjects.push(Subject { leader: number, bytes: 0, marks: Marks::default() });
        }
        let subject = &mut subjects[number as usize];
        subject.bytes += written;
        subject.marks.add(triple);
        Ok(())
    }

    /// Copies the lines to where their pieces are.
    fn dealt(&mut self, lines: &Dump, directory: &Path) -> io::Result<()> {
        // The piece of each leader, in the order of the dump.
        let mut pieces: HashMap<u32, usize> = HashMap::new();
        let mut sizes: Vec<u64> = Vec::new();
        for at in 0..self.elsewhere.subjects.len() {
            let Subject { leader, bytes, .. } = self.elsewhere.subjects[at];
            if leader as usize != at {
                continue;
            }
            if sizes.last().is_none_or(|size| size + bytes > PIECE as u64) {
                sizes.push(0);
            }
            let piece = sizes.len() - 1;
            sizes[piece] += bytes;
            pieces.insert(leader, piece);
        }
        let mut end = 0;
        let mut gathered: Vec<(u64, Vec<u8>)> = Vec::with_capacity(sizes.len());
        for size in sizes {
            gathered.push((end, Vec::new()));
            end += size;
            self.ends.push(end);
        }
        let out = Spool::on_disk(directory)?.finish()?.dump;
        let Some(out) = out else { return Ok(()) };
        each_line(lines, |line| {
            let number = self.elsewhere.numbers.get(&hash_of(ends_of(line).0)).copied();
            let Some(number) = number else { return Ok(()) };
            let piece = pieces[&self.elsewhere.leader(number)];
            let (at, bytes) = &mut gathered[piece];
            bytes.extend_from_slice(line.as_bytes());
            if bytes.len() > AT_ONCE {
                out.write_at(*at, bytes)?;
                *at += bytes.len() as u64;
                bytes.clear();
            }
            Ok(())
        })?;
        for (at, bytes) in gathered {
            out.write_at(at, &bytes)?;
        }
        self.dump = Some(out);
        Ok(())
    }
}

impl Pieces for Dealt {
    fn next(&mut self, _: Option<&crate::harvest::mapping::Mapping>) -> Option<Piece> {
        if self.next > 0 && self.next >= self.ends.len() {
            return None;
        }
        let at = self.next;
        self.next += 1;
        let mut problems = std::mem::take(&mut self.problems);
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        let bytes = match (&self.dump, self.ends.get(at)) {
            (Some(dump), Some(end)) => dump.bytes(start, *end),
            _ => Ok(Vec::new()),
        };
        let bytes = bytes.unwrap_or_else(|error| {
            problems.push(unreadable(&error));
            Vec::new()
        });
        Some(Piece {
            document: document(&self.whole, bytes),
            rows: 0,
            lines: 0,
            is_last: self.next >= self.ends.len(),
            problems,
        })
    }

    fn elsewhere(&self) -> Option<&Elsewhere> {
        Some(&self.elsewhere)
    }
}

/// A reader that passes over a byte order mark.
fn without_mark<'a>(reader: Box<dyn Read + Send + 'a>) -> io::Result<Box<dyn Read + Send + 'a>> {
    let mut reader = io::BufReader::with_capacity(PIECE / 16, reader);
    if reader.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
        reader.consume(3);
    }
    Ok(Box::new(reader))
}

fn each_line(lines: &Dump, mut each: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
    let mut reader = io::BufReader::with_capacity(PIECE / 16, lines.read_from(0));
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        each(&line)?;
        line.clear();
    }
    Ok(())
}

/// The subject of a line that [`Dealt::note`] has written, and its object when
/// that is no literal, as [`name`] calls them.
fn ends_of(line: &str) -> (&str, Option<&str>) {
    let (subject, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (_, object) = rest.split_once(' ').unwrap_or((rest, ""));
    let object = object.trim_end().trim_end_matches(" .");
    let object = (!object.starts_with('"')).then(|| stripped(object));
    (stripped(subject), object)
}

fn stripped(term: &str) -> &str {
    term.strip_prefix('<').and_then(|term| term.strip_suffix('>')).unwrap_or(term)
}

/// What tells a subject from others: its address, or its label after `_:`.
fn name(subject: NamedOrBlankNodeRef<'_>) -> String {
    match subject {
        NamedOrBlankNodeRef::NamedNode(node) => node.as_str().to_owned(),
        NamedOrBlankNodeRef::BlankNode(node) => node.to_string(),
    }
}

fn hash_of(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

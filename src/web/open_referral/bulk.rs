//! Everything in one file: the tables of HSDS as a data package, and the
//! services as JSON. Both are sent while they are made, in bounded memory; the
//! tables, which a package has one after the other, wait on the disk.

use std::fs::File;
use std::io::{self, BufWriter, IntoInnerError, Seek, Write};

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::Value as Json;
use tokio::sync::{Semaphore, SemaphorePermit};
use zip::write::SimpleFileOptions;

use crate::register::{Query, Where};
use crate::web::admission::{Class, Scope};
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::open_referral::PATH;
use crate::web::open_referral::collection::{Collection, Reader, Walk};
use crate::web::open_referral::question::Depth;
use crate::web::open_referral::rows::{self, Rows};
use crate::web::open_referral::tables::{self, TABLES};
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::reuse;
use crate::web::route::Route;
use crate::web::state::AppState;
use crate::web::streaming;

/// How many files are made at once; whoever comes then is asked to come again.
const AT_ONCE: usize = 2;

static EXPORTS: Semaphore = Semaphore::const_new(AT_ONCE);

pub(super) fn routes() -> Vec<Route<AppState>> {
    let package = Route::get(
        Scope::Public,
        format!("{PATH}/datapackage.zip"),
        "getDataPackage",
        find_package,
    )
    .summary("Gives all tables of HSDS as CSV, with their description, in a zip file");
    let export = Route::get(Scope::Public, format!("{PATH}/export.json"), "getExport", find_export)
        .summary("Gives all services as one list, with all that is nested");
    [package, export]
        .into_iter()
        .map(|route| {
            route
                .tag("Bulk")
                .class(Class::Store)
                .tolerant_query()
                .problems(&[ProblemKind::Overloaded])
                .answer(StatusCode::OK, None, "The file")
        })
        .collect()
}

async fn find_export(State(state): State<AppState>, conditions: Conditions) -> Result<Response> {
    answer(state, &conditions, "export.json", |state, permit| {
        Ok(streaming::respond("application/json", Some("services.json"), move |parts| {
            let _permit = permit;
            let mut before: &[u8] = b"[\n";
            each(Reader::of(&state), Collection::Services, &mut |service| {
                parts.write_all(before)?;
                before = b",\n";
                Ok(serde_json::to_writer(&mut *parts, &service)?)
            })?;
            let end: &[u8] = if before == b"[\n" { b"[]\n" } else { b"\n]\n" };
            parts.write_all(end)
        }))
    })
}

async fn find_package(State(state): State<AppState>, conditions: Conditions) -> Result<Response> {
    answer(state, &conditions, "datapackage.zip", |state, permit| {
        Ok(streaming::respond("application/zip", Some("datapackage.zip"), move |parts| {
            let _permit = permit;
            write_package(Reader::of(&state), reuse::licence(&state), parts)
        }))
    })
}

/// Answers by `make`, unless the client has it already, or too many are made.
fn answer(
    state: AppState,
    conditions: &Conditions,
    file: &str,
    make: impl FnOnce(AppState, SemaphorePermit<'static>) -> Result<Response>,
) -> Result<Response> {
    let today = state.today().to_string();
    let tag = EntityTag::new(state.register.index().revision(), &[file, &today]);
    cache::respond(conditions, &tag, Freshness::Revalidate, || {
        let permit = EXPORTS.try_acquire().map_err(|_| Problem::overloaded())?;
        make(state, permit)
    })
}

fn each(
    reader: Reader<'_>,
    collection: Collection,
    with: &mut dyn FnMut(Json) -> io::Result<()>,
) -> io::Result<()> {
    let query = Query { kinds: vec![collection.kind().to_owned()], ..Query::default() };
    let walk = Walk::begin(reader.register, collection, query, Where::default());
    walk.map_err(io::Error::other)?.each(reader, collection, Depth::Whole, with)
}

/// The tables on the disk, in files without names.
struct Spool(Vec<csv::Writer<BufWriter<File>>>);

impl Spool {
    fn new() -> io::Result<Self> {
        let open = |table| {
            let mut writer = csv::Writer::from_writer(BufWriter::new(tempfile::tempfile()?));
            tables::write_header(table, &mut writer)?;
            Ok(writer)
        };
        TABLES.iter().map(open).collect::<io::Result<_>>().map(Self)
    }
}

impl Rows for Spool {
    fn take(&mut self, name: &str, fields: &[&str]) -> io::Result<()> {
        let writers = TABLES.iter().zip(&mut self.0);
        match writers.into_iter().find(|(table, _)| table.name == name) {
            Some((_, writer)) => writer.write_record(fields).map_err(io::Error::other),
            None => Ok(()),
        }
    }
}

fn write_package(reader: Reader<'_>, licence: &str, parts: &mut dyn Write) -> io::Result<()> {
    let mut spool = Spool::new()?;
    for (collection, name) in [
        (Collection::Organizations, "organization"),
        (Collection::Services, "service"),
        (Collection::Taxonomies, "taxonomy"),
        (Collection::Terms, "taxonomy_term"),
    ] {
        each(reader, collection, &mut |object| rows::split(name, &object, &mut spool))?;
    }
    let mut package = zip::ZipWriter::new_stream(parts);
    let options = SimpleFileOptions::default().large_file(true);
    let address = format!("{}{PATH}/", reader.register.base().as_str());
    package.start_file("datapackage.json", options)?;
    serde_json::to_writer_pretty(&mut package, &tables::description(&address, licence))?;
    for (table, writer) in TABLES.iter().zip(spool.0) {
        let buffered = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        let mut file = buffered.into_inner().map_err(IntoInnerError::into_error)?;
        file.rewind()?;
        package.start_file(table.file, options)?;
        io::copy(&mut file, &mut package)?;
    }
    package.finish()?.flush()
}

//! The register: its revision, its views, and its room on the disk.

use crate::graph::Pool;
use crate::register::Register;
use crate::web::measure::Text;
use crate::web::problem::Result;
use crate::web::state::AppState;

pub(super) fn measure(state: &AppState, text: &mut Text) -> Result<()> {
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    text.gauge("kist_build_info", "The version of the program.").sample(&version, 1);
    views(&state.register, state.sparql.as_ref(), text)?;
    index(&state.register, text);
    storage(&state.register, text)?;
    query_processes(state.sparql.as_ref(), text);
    Ok(())
}

fn views(register: &Register, sparql: Option<&Pool>, text: &mut Text) -> Result<()> {
    let newest = register.newest()?.0;
    text.gauge("kist_revision", "The newest revision of the journal.").sample(&[], newest);
    let views = [
        ("graph", register.graph().revision().map(|revision| revision.0).ok()),
        ("index", Some(register.index().revision().0)),
        ("sparql", sparql.map(|pool| pool.revision().0)),
    ];
    let mut lags = text.gauge("kist_view_lag_revisions", "How many revisions a view is behind.");
    for (view, at) in views {
        if let Some(at) = at {
            lags.sample(&[("view", view)], newest.saturating_sub(at));
        }
    }
    Ok(())
}

fn index(register: &Register, text: &mut Text) {
    let size = register.index().size();
    text.gauge("kist_index_records", "Records in the index.").sample(&[], size.records);
    text.gauge("kist_index_points", "Positions in the index.").sample(&[], size.points);
    let help = "Bytes of the index, in memory and on the disk.";
    let mut bytes = text.gauge("kist_index_bytes", help);
    for (part, number) in [
        ("records", size.record_bytes),
        ("points", size.point_bytes),
        ("facets", size.facet_bytes),
        ("text", size.text_bytes),
        ("disk", size.disk_bytes),
    ] {
        bytes.sample(&[("part", part)], number);
    }
}

fn storage(register: &Register, text: &mut Text) -> Result<()> {
    let journal = register.journal_size()?;
    text.gauge("kist_journal_bytes", "Bytes of the journal's database.")
        .sample(&[], journal.database_bytes);
    let help = "Bytes of the journal's write-ahead log, as large as it was at its largest.";
    text.gauge("kist_journal_log_bytes", help).sample(&[], journal.log_bytes);
    let room = register.room();
    let mut free =
        text.gauge("kist_disk_free_bytes", "Room that is left beside the data directory.");
    if let Some(room) = room {
        free.sample(&[], room.free);
    }
    let mut size = text.gauge("kist_disk_size_bytes", "Size of the disk of the data directory.");
    if let Some(room) = room {
        size.sample(&[], room.size);
    }
    Ok(())
}

fn query_processes(sparql: Option<&Pool>, text: &mut Text) {
    let help = "Query processes that ended early and were started anew.";
    let mut restarts = text.counter("kist_sparql_worker_restarts_total", help);
    if let Some(pool) = sparql {
        restarts.sample(&[], pool.restarts());
    }
    let help = "Age of the copy of the graph that queries see.";
    let mut age = text.gauge("kist_sparql_checkpoint_age_seconds", help);
    if let Some(pool) = sparql {
        age.sample(&[], pool.checkpoint_age().as_secs());
    }
}

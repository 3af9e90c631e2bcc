//! PostgreSQL with PostGIS, asked the same, by its own client program.
//!
//! It gets a table of nothing but numbers and points, with a spatial index:
//! less than it would take to answer a search. Each question is asked twice:
//! by a client with a prepared statement, and inside the server in a loop,
//! without any client or network.

use std::io::{BufWriter, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};

use super::measure::Samples;
use super::oracle::Points;
use super::questions::Question;

/// Everything is in a schema of its own, which is removed in the end.
const PREPARE: &str = "
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis;
DROP SCHEMA IF EXISTS kist_bench CASCADE;
CREATE SCHEMA kist_bench;
CREATE TABLE kist_bench.point (record bigint NOT NULL, at geography(Point, 4326) NOT NULL);
COPY kist_bench.point FROM STDIN;
";

const INDEX: &str = "
CREATE INDEX ON kist_bench.point USING gist (at);
VACUUM ANALYZE kist_bench.point;
CREATE TABLE kist_bench.question (at geography(Point, 4326) NOT NULL);
CREATE TABLE kist_bench.took (sort text NOT NULL, seconds float8 NOT NULL);
";

/// What is asked of it, `$1` being the point: the names of the
/// statements, and what follows `SELECT`.
const STATEMENTS: [(&str, &str); 3] = [
    ("nearest", "record, at <-> $1 FROM kist_bench.point ORDER BY at <-> $1 LIMIT 20"),
    (
        "within",
        "record, at <-> $1 FROM kist_bench.point WHERE ST_DWithin(at, $1, 2000)
        ORDER BY at <-> $1 LIMIT 20",
    ),
    // As a page of results has it: the first twenty, and how many there are.
    (
        "page",
        "record, at <-> $1, count(*) OVER () FROM kist_bench.point
        WHERE ST_DWithin(at, $1, 2000) ORDER BY at <-> $1 LIMIT 20",
    ),
];

const ENDS: &str = "
SELECT sort || ' ' || seconds FROM kist_bench.took;
SELECT 'version ' || version() || ', PostGIS ' || postgis_lib_version();
DROP SCHEMA kist_bench CASCADE;
";

/// What PostgreSQL took.
pub(super) struct Took {
    /// Which one it is.
    pub(super) version: String,
    /// The nearest 20.
    pub(super) nearest: Both,
    /// The nearest 20 of those within 2 km, without their number.
    pub(super) within: Both,
    /// The nearest 20 of those within 2 km, and how many there are.
    pub(super) page: Both,
}

/// What one statement took.
pub(super) struct Both {
    /// Asked by the client.
    pub(super) client: Samples,
    /// Asked inside the server.
    pub(super) inside: Samples,
}

/// Asks the server at `url` the `questions` about `points`.
///
/// # Errors
///
/// When `psql` is not there or says that something went wrong.
pub(super) fn ask(url: &str, points: &Points, questions: &[Question]) -> Result<Took> {
    let mut client = Command::new("psql")
        .args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--set=ON_ERROR_STOP=1",
            url,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("psql can't be started; is the client of PostgreSQL installed?")?;
    let input = client.stdin.take().context("psql takes no input")?;
    // What it says is read meanwhile, or both sides would wait with full pipes.
    let (written, output) = thread::scope(|scope| {
        let written = scope.spawn(|| write(BufWriter::new(input), points, questions));
        let output = client.wait_with_output();
        (written.join(), output)
    });
    let (output, written) = (output?, written.map_err(|_| anyhow!("the writer panicked"))?);
    if !output.status.success() {
        bail!("psql ended with {}", output.status);
    }
    written?;
    let output = String::from_utf8_lossy(&output.stdout);
    // In the order in which they were asked, the first of each to warm up.
    let times: Vec<Duration> = output
        .lines()
        .filter_map(|line| line.strip_prefix("Time: ")?.split(' ').next()?.parse::<f64>().ok())
        .map(|millis| Duration::from_secs_f64(millis / 1e3))
        .collect();
    let asked = questions.len();
    if times.len() != 2 * STATEMENTS.len() * asked {
        let expected = 2 * STATEMENTS.len() * asked;
        bail!("psql gave {} times instead of {expected}", times.len());
    }
    let warm = &times[STATEMENTS.len() * asked..];
    let both = |statement: usize| {
        let sort = STATEMENTS[statement].0;
        let seconds =
            output.lines().filter_map(|line| line.strip_prefix(sort)?.trim().parse().ok());
        Both {
            client: warm[statement * asked..][..asked].to_vec().into(),
            inside: seconds.map(Duration::from_secs_f64).collect::<Vec<_>>().into(),
        }
    };
    let version = output.lines().find_map(|line| line.strip_prefix("version "));
    Ok(Took {
        version: version.unwrap_or_default().to_owned(),
        nearest: both(0),
        within: both(1),
        page: both(2),
    })
}

fn write(mut input: impl Write, points: &Points, questions: &[Question]) -> std::io::Result<()> {
    input.write_all(PREPARE.as_bytes())?;
    for (number, point) in points.iter() {
        writeln!(input, "{number}\tSRID=4326;POINT({} {})", point.longitude(), point.latitude())?;
    }
    writeln!(input, "\\.")?;
    input.write_all(INDEX.as_bytes())?;
    for (name, select) in STATEMENTS {
        writeln!(input, "PREPARE {name} (geography) AS SELECT {select};")?;
    }
    let text = |question: &Question| {
        let (latitude, longitude) = (question.point.latitude(), question.point.longitude());
        format!("'SRID=4326;POINT({longitude} {latitude})'")
    };
    for question in questions {
        writeln!(input, "INSERT INTO kist_bench.question VALUES ({});", text(question))?;
    }
    writeln!(input, "\\o /dev/null\n\\timing on")?;
    for _ in 0..2 {
        for (statement, _) in STATEMENTS {
            for question in questions {
                writeln!(input, "EXECUTE {statement} ({});", text(question))?;
            }
        }
    }
    writeln!(input, "\\timing off\n\\o")?;
    input.write_all(loops().as_bytes())?;
    input.write_all(ENDS.as_bytes())?;
    input.flush()
}

/// All questions inside the server, a round without a count before.
fn loops() -> String {
    let timed = STATEMENTS.map(|(name, select)| {
        let select = select.replace("$1", "question");
        format!(
            "start := clock_timestamp();
            PERFORM {select};
            INSERT INTO kist_bench.took
                VALUES ('{name}', extract(epoch FROM clock_timestamp() - start));"
        )
    });
    format!(
        "
DO $$
DECLARE
    question geography;
    start timestamptz;
BEGIN
    FOR round IN 1..2 LOOP
        DELETE FROM kist_bench.took;
        FOR question IN SELECT at FROM kist_bench.question LOOP
            {}
        END LOOP;
    END LOOP;
END $$;
",
        timed.concat()
    )
}

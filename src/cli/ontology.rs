//! `kist ontology`: what is made from the shapes.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::output::line;
use super::settings;
use crate::schema::context;

/// Prints what is made from the shapes
#[derive(Debug, Args)]
#[command(after_help = "Example:
  kist ontology context > ontology/context.jsonld")]
pub(super) struct Arguments {
    #[command(subcommand)]
    part: Part,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// The JSON-LD context of records
    Context {
        /// Turtle file with shapes that add properties; may be repeated
        #[arg(long, value_name = "FILE")]
        shapes: Vec<PathBuf>,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let Part::Context { shapes } = &arguments.part;
    let schema = settings::schema(shapes)?;
    line(serde_json::to_string_pretty(&context(&schema))?)?;
    Ok(())
}

//! The commands that look at the study's table and turn it into vectors.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use clap::Args;

use super::work::SongsArgs;
use crate::measured::cache;
use crate::measured::vectors::{self, Recipe};
use crate::songs::clean::{self, Need};
use crate::songs::overview::Overview;
use collections::console::{self, Outcome};
use collections::decode::DEFAULT_SOUNDFONT;
use collections::files;

/// Options of `trainer clean`.
#[derive(Debug, Args)]
pub struct CleanArgs {
    /// Folder for the tables of every step [default: clean in the work folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What a song must have to be kept
    #[arg(long, value_enum, default_value_t = Need::Audio)]
    pub need: Need,
    #[command(flatten)]
    pub songs: SongsArgs,
}

/// Options of `trainer overview`.
#[derive(Debug, Args)]
pub struct OverviewArgs {
    #[command(flatten)]
    pub songs: SongsArgs,
    /// Also write every figure to this file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// Options of `trainer vectors`.
#[derive(Debug, Args)]
pub struct VectorsArgs {
    /// Folder for `MOOD_vectors/ID.npy`
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub recipe: Recipe,
    /// Also draw every vector as a picture beside it
    #[arg(long)]
    pub png: bool,
    /// Instruments for MIDI files
    #[arg(long, value_name = "SF2", default_value = DEFAULT_SOUNDFONT)]
    pub soundfont: PathBuf,
    #[command(flatten)]
    pub songs: SongsArgs,
}

/// Runs `trainer clean`.
///
/// # Errors
/// When the table can't be read or would be written over, or a file can't be written.
pub fn clean(args: &CleanArgs) -> Result<Outcome> {
    let out = args.out.clone();
    let out = out.unwrap_or_else(|| args.songs.work().join("clean"));
    clean::refuse_input(&args.songs.path(), &out)?;
    let cache = cache::folder(args.songs.work());
    let cleaned = clean::clean(args.songs.read()?, args.need, &cache)?;
    cleaned.write(&out)?;
    for (id, reason) in &cleaned.unheard {
        note!("not compared by sound: {id}: {reason}");
    }
    if !cleaned.conflicts.is_empty() {
        note!(
            "under several moods, taken out: {}; see {}",
            cleaned.conflicts.len(),
            out.join("conflicts.csv").display()
        );
    }
    console::data(&cleaned.to_text())?;
    Ok(if cleaned.kept().next().is_none() {
        Outcome::Nothing
    } else {
        Outcome::All
    })
}

/// Runs `trainer overview`.
///
/// # Errors
/// When the table can't be read or the file can't be written.
pub fn overview(args: &OverviewArgs) -> Result<Outcome> {
    let overview = Overview::of(&args.songs.read()?);
    if let Some(path) = &args.json {
        files::write_json(path, &overview)?;
    }
    console::data(&overview.to_string())?;
    Ok(Outcome::All)
}

/// Runs `trainer vectors`.
///
/// # Errors
/// When the table can't be read, the recipe is refused, or a file can't be written.
pub fn vectors(args: &VectorsArgs) -> Result<Outcome> {
    let started = Instant::now();
    let recipe = args.recipe;
    let (songs, work) = (args.songs.read()?, args.songs.work());
    let built = vectors::build(&songs, &recipe, &args.out, work, &args.soundfont)?;
    built.note();
    if args.png {
        vectors::draw(built.paths.iter().flatten(), &recipe)?;
    }
    let [bins, frames] = recipe.shape();
    note!(
        "{} {} vectors [{bins}, {frames}] made, {} there already, {} failed, in {}",
        built.batch.done,
        recipe.kind.name(),
        built.batch.kept,
        built.batch.failed.len(),
        console::duration(started.elapsed())
    );
    Ok(built.batch.outcome())
}

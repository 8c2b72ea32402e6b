//! The commands that look at the study's table and turn it into vectors.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use clap::Args;

use super::work::WorkArgs;
use super::{Outcome, console};
use crate::files;
use crate::measured::cache;
use crate::measured::vectors::{self, Kind, Recipe};
use crate::songs::clean::{self, Need};
use crate::songs::overview::Overview;
use crate::songs::table::read_songs;
use crate::sound::decode::DEFAULT_SOUNDFONT;

/// Options of `trainer clean`.
#[derive(Debug, Args)]
pub struct CleanArgs {
    /// Table of songs
    #[arg(long, value_name = "CSV")]
    pub songs: PathBuf,
    /// Folder for the tables of every step
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// What a song must have to be kept
    #[arg(long, value_enum, default_value_t = Need::Audio)]
    pub need: Need,
    #[command(flatten)]
    pub work: WorkArgs,
}

/// Options of `trainer overview`.
#[derive(Debug, Args)]
pub struct OverviewArgs {
    /// Table of songs
    #[arg(long, value_name = "CSV")]
    pub songs: PathBuf,
    /// Also write every figure to this file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// Options of `trainer vectors`.
#[derive(Debug, Args)]
pub struct VectorsArgs {
    /// Table of songs
    #[arg(long, value_name = "CSV")]
    pub songs: PathBuf,
    /// Folder for `MOOD_vectors/ID.npy`
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// What the rows of a vector are
    #[arg(long, value_enum, default_value_t = Recipe::default().kind)]
    pub kind: Kind,
    /// Rate in Hz that songs are brought to
    #[arg(long, value_name = "HZ", default_value_t = Recipe::default().sample_rate)]
    pub sample_rate: u32,
    /// Start of the part that is used
    #[arg(long, value_name = "SECONDS", default_value_t = Recipe::default().start_s)]
    pub start: f64,
    /// Length of the part; zeros follow a shorter song
    #[arg(long, value_name = "SECONDS", default_value_t = Recipe::default().duration_s)]
    pub duration: f64,
    /// FFT length in samples
    #[arg(long, value_name = "N", default_value_t = Recipe::default().n_fft)]
    pub n_fft: usize,
    /// Hop in samples
    #[arg(long, value_name = "N", default_value_t = Recipe::default().hop_length)]
    pub hop_length: usize,
    /// Mel bands
    #[arg(long, value_name = "N", default_value_t = Recipe::default().n_mels)]
    pub n_mels: usize,
    /// Also draw every vector as a picture beside it
    #[arg(long)]
    pub png: bool,
    /// Instruments for MIDI files
    #[arg(long, value_name = "SF2", default_value = DEFAULT_SOUNDFONT)]
    pub soundfont: PathBuf,
    #[command(flatten)]
    pub work: WorkArgs,
}

impl VectorsArgs {
    fn recipe(&self) -> Recipe {
        Recipe {
            kind: self.kind,
            sample_rate: self.sample_rate,
            start_s: self.start,
            duration_s: self.duration,
            n_fft: self.n_fft,
            hop_length: self.hop_length,
            n_mels: self.n_mels,
        }
    }
}

/// Runs `trainer clean`.
///
/// # Errors
/// When the table can't be read or would be written over, or a file can't be written.
pub fn clean(args: &CleanArgs) -> Result<Outcome> {
    clean::refuse_input(&args.songs, &args.out)?;
    let options = clean::Options {
        need: args.need,
        cache: cache::folder(&args.work.work),
    };
    let cleaned = clean::clean(read_songs(&args.songs)?, &options)?;
    cleaned.write(&args.out)?;
    for (id, reason) in &cleaned.unheard {
        console::note(&format!("not compared by sound: {id}: {reason}"));
    }
    if !cleaned.conflicts.is_empty() {
        console::note(&format!(
            "under several moods, taken out: {}; see {}",
            cleaned.conflicts.len(),
            args.out.join("conflicts.csv").display()
        ));
    }
    console::data(&cleaned.to_text())?;
    Ok(if cleaned.kept.is_empty() {
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
    let overview = Overview::of(&read_songs(&args.songs)?);
    if let Some(path) = &args.json {
        files::write_whole(path, |file| {
            Ok(serde_json::to_writer_pretty(file, &overview)?)
        })?;
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
    let recipe = args.recipe();
    let options = vectors::Options {
        work: args.work.work.clone(),
        soundfont: args.soundfont.clone(),
    };
    let songs = read_songs(&args.songs)?;
    let built = vectors::build(&songs, &recipe, &args.out, &options)?;
    built.note();
    if args.png {
        vectors::draw(built.paths.iter().flatten(), &recipe)?;
    }
    let [bins, frames] = recipe.shape();
    console::note(&format!(
        "{} {} vectors [{bins}, {frames}] made, {} there already, {} failed, in {}",
        built.made,
        recipe.kind.name(),
        built.cached,
        built.failed.len(),
        console::duration(started.elapsed()),
    ));
    Ok(Outcome::of(built.made + built.cached, built.failed.len()))
}

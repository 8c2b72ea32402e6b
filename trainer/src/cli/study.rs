//! `trainer study`: the whole experiment.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::Args;
use itertools::Itertools;

use super::work::SongsArgs;
use crate::learn::classic::folds::FOLDS;
use crate::songs::task::Task;
use crate::study::conduct::{Options, SplitRule, conduct};
use crate::study::neural;
use collections::console::{Hint, Outcome};
use collections::decode::DEFAULT_SOUNDFONT;

/// Options of `trainer study`.
#[derive(Debug, Args)]
pub struct StudyArgs {
    #[command(flatten)]
    pub songs: SongsArgs,
    /// Folder of the report [default: study/report in the work folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Heading of the report
    #[arg(long, default_value = "The mood of songs: a study")]
    pub title: String,
    /// Also fit on all songs and ask about this table of track features
    #[arg(long, value_name = "CSV")]
    pub transfer: Option<PathBuf>,
    /// What to tell apart
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Task::ALL)]
    pub tasks: Vec<Task>,
    /// Folds; groups (artists, albums, pieces) stay together [default: those that the table
    /// names, else 5]
    #[arg(long, value_name = "N")]
    pub folds: Option<usize>,
    /// Split by song, whatever the group
    #[arg(long, conflicts_with = "fold_table")]
    pub by_rows: bool,
    /// Take the folds from a table row,id,label,fold
    #[arg(long, value_name = "CSV", conflicts_with = "folds")]
    pub fold_table: Option<PathBuf>,
    /// What networks on spectrograms tell apart; `none` for no such networks
    #[arg(long, value_name = "TASKS", default_value = "moods,binary")]
    pub net_tasks: String,
    /// Only these networks on spectrograms; may be repeated
    #[arg(long = "net", value_name = "NAME")]
    pub nets: Vec<String>,
    /// Folds that networks on spectrograms are run on [default: all]
    #[arg(long, value_name = "N")]
    pub net_folds: Option<usize>,
    /// Most epochs of a network on spectrograms
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..))]
    pub epochs: u16,
    /// Epochs without a lower validation loss after which such a network stops
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    pub patience: u16,
    /// Draws folds, first weights, trees and oversampling
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Instruments for MIDI files
    #[arg(long, value_name = "SF2", default_value = DEFAULT_SOUNDFONT)]
    pub soundfont: PathBuf,
}

/// Runs `trainer study`.
pub fn study(args: &StudyArgs) -> Result<Outcome> {
    let work = args.songs.work().to_owned();
    let split = match &args.fold_table {
        Some(table) => SplitRule::File(table.clone()),
        None if args.by_rows => SplitRule::Rows(args.folds.unwrap_or(FOLDS)),
        None => args.folds.map_or(SplitRule::Table, SplitRule::Grouped),
    };
    conduct(&Options {
        songs: args.songs.path(),
        out: args
            .out
            .clone()
            .unwrap_or_else(|| work.join("study").join("report")),
        title: args.title.clone(),
        command: command(),
        transfer: args.transfer.clone(),
        tasks: args.tasks.iter().copied().unique().collect(),
        net_tasks: net_tasks(&args.net_tasks)?,
        nets: args.nets.clone(),
        split,
        training: neural::Options {
            epochs: usize::from(args.epochs),
            patience: usize::from(args.patience),
            folds: args.net_folds.unwrap_or(usize::MAX),
            seed: args.seed,
        },
        soundfont: args.soundfont.clone(),
        work,
    })?;
    Ok(Outcome::All)
}

/// The names of tasks, or none at all.
fn net_tasks(names: &str) -> Result<Vec<Task>> {
    use clap::ValueEnum;
    if names == "none" {
        return Ok(Vec::new());
    }
    names
        .split(',')
        .map(|name| {
            Task::from_str(name, true)
                .map_err(|_| anyhow!("there is no task {name:?}"))
                .hint("the tasks are moods, three-class and binary, or none")
        })
        .unique_by(|task| task.as_ref().ok().copied())
        .collect()
}

/// The command line as it was given, quoted where a shell needs it.
fn command() -> String {
    let quoted = |word: String| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+".contains(c);
        if word.chars().all(plain) && !word.is_empty() {
            word
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    let words = std::env::args_os().skip(1);
    let words = words.map(|word| quoted(word.to_string_lossy().into_owned()));
    std::iter::once("trainer".to_owned()).chain(words).join(" ")
}

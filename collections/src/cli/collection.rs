//! `merge`, `tag`, `playlists` and `watch`: what both programs do with a collection.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, anyhow};
use clap::{Args, Subcommand};
use undertone::rule::Rule;

use super::predict::{self, CourtArgs, MergeArgs, StoreArgs};
use crate::console::{Hint, Outcome};
use crate::{playlists, tags, watch};

/// What to do with a collection.
#[derive(Debug, Subcommand)]
pub enum CollectionCommand {
    /// Make one of the results of several runs
    Merge(MergeArgs),
    /// Write mood, tempo and key into the files
    Tag(TagArgs),
    /// Write playlists by mood or by rules
    Playlists(PlaylistsArgs),
    /// Judge folders as they change
    Watch(WatchArgs),
}

/// Options of `trainer tag`.
#[derive(Debug, Args)]
#[command(after_help = TAG_HELP)]
pub struct TagArgs {
    /// Results as Parquet, JSON lines, or JSON of the page
    #[arg(required_unless_present = "restore", value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// Folder that the names in the results start from
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Tell what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Replace mood, tempo and key that are there
    #[arg(long)]
    pub overwrite: bool,
    /// Table that every change is noted in before it is made [default: the name of the
    /// results and .tags.csv]
    #[arg(long, value_name = "CSV")]
    pub journal: Option<PathBuf>,
    /// Take back what that journal says was written
    #[arg(long, value_name = "CSV", conflicts_with_all = ["results", "dry_run", "overwrite"])]
    pub restore: Option<PathBuf>,
    /// Where verdicts are kept.
    #[command(flatten)]
    pub store: StoreArgs,
}

const TAG_HELP: &str = "\
Written are mood (TMOO, MOOD), tempo (TBPM, BPM, tmpo), key (TKEY, INITIALKEY) and a comment
with the certainty. What is there stays, and so does every other comment. A song that is
unsure gets no mood. A file is replaced only by a copy that sounds the same, sample for
sample.";

/// Options of `trainer playlists`.
#[derive(Debug, Args)]
pub struct PlaylistsArgs {
    /// Results as Parquet, JSON lines, or JSON of the page
    #[arg(value_name = "FILE")]
    pub results: PathBuf,
    /// Folder that the playlists are written to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Folder that the paths in the playlists start from [default: that of --out]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Write one playlist of this name instead of one for each mood
    #[arg(long, value_name = "NAME", value_parser = file_name)]
    pub name: Option<String>,
    /// List only songs that meet this, such as mood=calm, energy>=0.6 or tempo=120..140; may
    /// be repeated
    #[arg(long = "where", value_name = "RULE")]
    pub rules: Vec<Rule>,
}

/// Options of `trainer watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Folders
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Seconds that a file must have been left alone
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    pub quiet: u64,
    /// Who judges.
    #[command(flatten)]
    pub court: CourtArgs,
}

fn file_name(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(['/', '\\']) {
        return Err("expected a name without folders".to_owned());
    }
    Ok(text.to_owned())
}

/// Runs a command.
///
/// # Errors
/// Those of the command.
pub fn dispatch(command: &CollectionCommand) -> Result<Outcome> {
    match command {
        CollectionCommand::Merge(args) => predict::merge(args),
        CollectionCommand::Tag(args) => tag(args),
        CollectionCommand::Playlists(args) => playlists(args),
        CollectionCommand::Watch(args) => {
            let quiet = Duration::from_secs(args.quiet);
            watch::watch(&args.folders, quiet, &args.court.options()?)
        }
    }
}

fn tag(args: &TagArgs) -> Result<Outcome> {
    let store = args.store.file()?;
    // Verdicts go over to the new contents only where there are some.
    let store = store.filter(|file| file.is_file());
    if let Some(journal) = &args.restore {
        return tags::restore(journal, store.as_deref());
    }
    let Some(results) = &args.results else {
        return Err(anyhow!("no results are named")).hint("name what `trainer predict` wrote");
    };
    let journal = args.journal.clone().unwrap_or_else(|| beside(results));
    let options = tags::Options {
        root: args.root.clone(),
        journal: (!args.dry_run).then_some(journal),
        overwrite: args.overwrite,
        store,
    };
    tags::write(results, &options)
}

fn beside(results: &Path) -> PathBuf {
    let mut name = results.as_os_str().to_owned();
    name.push(".tags.csv");
    name.into()
}

fn playlists(args: &PlaylistsArgs) -> Result<Outcome> {
    let options = playlists::Options {
        out: args.out.clone(),
        root: args.root.clone().unwrap_or_else(|| args.out.clone()),
        name: args.name.clone(),
        rules: args.rules.clone(),
    };
    playlists::write(&args.results, &options)
}

//! `trainer predict` and `trainer merge`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::Args;

use crate::console::{self, Hint, Outcome};
use crate::decode::DEFAULT_SOUNDFONT;
use crate::predict::{self, Options, Output, Source};
use crate::results::{self, Format, Shard};

/// Stands for stdin.
const STDIN: &str = "-";

/// Options of `trainer predict`.
#[derive(Debug, Args)]
#[command(after_help = PREDICT_HELP)]
pub struct PredictArgs {
    /// Songs, folders that are searched for songs, or `-` for requests on stdin
    #[arg(required_unless_present = "tables", value_name = "FILE|DIR|-")]
    pub songs: Vec<PathBuf>,
    /// A Parquet table with a song's bytes in each row; may be repeated
    #[arg(long = "in", value_name = "PARQUET", conflicts_with = "songs")]
    pub tables: Vec<PathBuf>,
    /// Its column of bytes, or of bytes and path
    #[arg(
        long,
        value_name = "NAME",
        default_value = "bytes",
        requires = "tables"
    )]
    pub column: String,
    /// Requests are paths that end with a zero byte, as `find -print0` writes them
    #[arg(short = '0', long)]
    pub null: bool,
    /// Who judges.
    #[command(flatten)]
    pub court: CourtArgs,
    /// Where results go.
    #[command(flatten)]
    pub out: OutArgs,
    /// Judge one part of the songs only, such as 1/4; a song's part depends on its name
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Stop at the first song that can't be judged
    #[arg(long)]
    pub strict: bool,
}

const PREDICT_HELP: &str = "\
Every verdict is kept in the store as soon as it is given, by the contents of the file and
the models. A run that was stopped goes on where it was, and a second run asks only for
what is new or has changed.";

/// Who judges, and what is kept.
#[derive(Debug, Clone, Args)]
pub struct CourtArgs {
    /// Folder of the model files and cards [default: static/models, or beside the program]
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
    /// Songs at once [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Where verdicts are kept.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Ask for every song, and keep the new verdicts
    #[arg(long, conflicts_with = "no_store")]
    pub fresh: bool,
    /// Instruments that MIDI files are rendered with, by the program fluidsynth
    #[arg(long, value_name = "SF2", default_value = DEFAULT_SOUNDFONT)]
    pub soundfont: PathBuf,
}

impl CourtArgs {
    /// As the judges take them.
    ///
    /// # Errors
    /// When there is no place for the store.
    pub fn options(&self) -> Result<Options> {
        Ok(Options {
            models: self.models.clone().unwrap_or_else(super::folder::folder),
            jobs: self.jobs,
            store: self.store.file()?,
            fresh: self.fresh,
            soundfont: self.soundfont.clone(),
            strict: false,
        })
    }
}

/// Where verdicts are kept.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// File that keeps the verdicts [default: undertone/verdicts.sqlite in the user's cache]
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Keep no verdicts, and ask for every song
    #[arg(long, conflicts_with = "store")]
    pub no_store: bool,
}

impl StoreArgs {
    /// The file; `None` where none is wanted.
    ///
    /// # Errors
    /// When there is no place for it.
    pub fn file(&self) -> Result<Option<PathBuf>> {
        match &self.store {
            _ if self.no_store => Ok(None),
            Some(file) => Ok(Some(file.clone())),
            None => default_store().map(Some),
        }
    }
}

fn default_store() -> Result<PathBuf> {
    use etcetera::BaseStrategy;
    let places = etcetera::choose_base_strategy()
        .context("the user has no folder for the store")
        .hint("name a file with --store, or go without by --no-store")?;
    Ok(places.cache_dir().join("undertone/verdicts.sqlite"))
}

/// Where results go.
#[derive(Debug, Clone, Args)]
pub struct OutArgs {
    /// Form of the result [default: table; jsonl for requests; as the name of --out ends]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write the result to this file, which appears whole at the end
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

impl OutArgs {
    /// As the writers take them.
    ///
    /// # Errors
    /// When the file's name tells no form, and none is given.
    fn output(&self, shard: Option<Shard>, on_stdout: Format) -> Result<Output> {
        let format = match (self.format, &self.out) {
            (Some(format), _) => format,
            (None, Some(file)) => Format::of(file)?,
            (None, None) => on_stdout,
        };
        Ok(Output {
            shard: shard.unwrap_or(Shard::ALL),
            file: self.out.clone(),
            format,
        })
    }
}

/// Options of `trainer merge`.
#[derive(Debug, Args)]
#[command(after_help = MERGE_HELP)]
pub struct MergeArgs {
    /// Results as Parquet, JSON lines, or JSON of the page
    #[arg(required = true, value_name = "FILE")]
    pub results: Vec<PathBuf>,
    /// Where results go.
    #[command(flatten)]
    pub out: OutArgs,
}

const MERGE_HELP: &str = "\
Every file is in the result once: a verdict replaces an error, and a later input replaces
an earlier one.";

/// Runs `trainer predict`.
///
/// # Errors
/// As [`predict::run`].
pub fn predict(args: &PredictArgs) -> Result<Outcome> {
    let is_stdin = args.songs.iter().any(|song| song == Path::new(STDIN));
    if is_stdin && (args.songs.len() > 1 || args.shard.is_some()) {
        return Err(anyhow!("- stands alone, for all songs that stdin names"))
            .hint("leave out the other songs and --shard");
    }
    let source = if !args.tables.is_empty() {
        Source::Tables(args.tables.clone(), args.column.clone())
    } else if is_stdin {
        Source::Stream(if args.null { 0 } else { b'\n' })
    } else {
        Source::Paths(args.songs.clone())
    };
    let on_stdout = if is_stdin {
        Format::Jsonl
    } else {
        Format::Table
    };
    let output = args.out.output(args.shard, on_stdout)?;
    let options = Options {
        strict: args.strict,
        ..args.court.options()?
    };
    predict::run(&source, &options, &output)
}

/// Runs `trainer merge`.
///
/// # Errors
/// As [`results::merge`].
pub fn merge(args: &MergeArgs) -> Result<Outcome> {
    let output = args.out.output(None, Format::Jsonl)?;
    let mut merged = None;
    predict::to(&output, |sink| {
        merged = Some(results::merge(&args.results, sink)?);
        Ok(())
    })?;
    if let Some(merged) = merged {
        console::note(&format!(
            "{} songs with a verdict, {} without, {} results replaced",
            merged.judged, merged.failed, merged.replaced
        ));
    }
    Ok(Outcome::All)
}

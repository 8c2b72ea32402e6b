//! The commands and their options, as `--help` shows them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::songs::{CrawlArgs, ImportArgs};
use super::study::StudyArgs;
use super::vectors::{CleanArgs, OverviewArgs, VectorsArgs};
use super::work::SongsArgs;
use crate::learn::neural::mood;
use crate::learn::regressor;
use crate::measured::cache;
use collections::cli::collection::CollectionCommand;
use collections::cli::predict::PredictArgs;
use collections::cli::{EXIT_CODES, IN_PROJECT, models_folder};
use collections::models::NETWORK;

/// Trains, measures and exports the models of Undertone.
#[derive(Debug, Parser)]
#[command(name = "trainer", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The steps, in the order in which they are taken.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read songs from folders and tables into one table with one fixed split
    Import(ImportArgs),
    /// Fetch the songs of Spotify playlists into a table
    Crawl(CrawlArgs),
    /// Take duplicates, contradictions and gaps out of a table of songs
    Clean(CleanArgs),
    /// Tell what a table of songs holds
    Overview(OverviewArgs),
    /// Turn the songs of a table into spectral vectors
    Vectors(VectorsArgs),
    /// Decode or render every recording and cache what the learners need
    Features(FeaturesArgs),
    /// Let the body of the network hear every recording; `train network` learns from that
    Hear(HearArgs),
    /// Write the table of songs with the 13 track features as they were measured
    Table(TableArgs),
    /// Train and compare every model of the original study
    Study(StudyArgs),
    /// Train one of the two judges, or the regressor of track features
    #[command(subcommand)]
    Train(TrainCommand),
    /// Write the trained judges and their cards for the page
    Export(ExportArgs),
    /// Measure the judges on every song, by folds
    Evaluate(EvaluateArgs),
    /// Count how often tempo, key and metre are right, on songs of which they are known
    Check(CheckArgs),
    /// Tell the mood of songs, as the page would
    Predict(PredictArgs),
    #[command(flatten)]
    Collection(CollectionCommand),
    /// Check exported models against their cards and golden results
    Verify(VerifyArgs),
}

/// Options of `trainer table`.
#[derive(Debug, Args)]
#[command(after_help = TABLE_HELP)]
pub struct TableArgs {
    /// The table with features, without sounds
    #[arg(long, value_name = "CSV")]
    pub out: PathBuf,
    #[command(flatten)]
    pub songs: SongsArgs,
}

const TABLE_HELP: &str = "\
Features that the regressor estimates come from a fit that did not know the song's group.
Sounds are not named, so that `trainer study` judges by the features alone.";

/// The two judges and the regressor beside them.
#[derive(Debug, Subcommand)]
pub enum TrainCommand {
    /// The last layers of the network, from what its body hears, after `hear`
    Network(TrainNetworkArgs),
    /// The regressor of track features, from another model's scores
    Features(TrainFeaturesArgs),
    /// The stacked ensemble of SVM, tree and forest, from descriptors
    Ensemble(TrainEnsembleArgs),
}

/// Options of `trainer features`.
#[derive(Debug, Args)]
pub struct FeaturesArgs {
    #[command(flatten)]
    pub measuring: cache::Options,
    #[command(flatten)]
    pub songs: SongsArgs,
}

/// Options of `trainer hear`.
#[derive(Debug, Args)]
pub struct HearArgs {
    /// The ONNX file that the body is taken from: a network of this program, or CED-tiny
    /// [default: that of the page]
    #[arg(long, value_name = "ONNX")]
    body: Option<PathBuf>,
    #[command(flatten)]
    pub measuring: cache::Options,
    #[command(flatten)]
    pub songs: SongsArgs,
}

impl HearArgs {
    /// The file that the body is taken from.
    pub fn body(&self) -> PathBuf {
        let own = || models_folder().join(NETWORK);
        self.body.clone().unwrap_or_else(own)
    }
}

/// Options of `trainer train network`.
#[derive(Debug, Args)]
pub struct TrainNetworkArgs {
    #[command(flatten)]
    pub training: TrainingArgs,
    #[command(flatten)]
    pub songs: SongsArgs,
}

/// How networks are trained.
#[derive(Debug, Args)]
pub struct TrainingArgs {
    /// Passes over the songs; the learning rate falls over them
    #[arg(long, default_value_t = mood::EPOCHS)]
    pub epochs: usize,
    /// Draws the first weights and the order
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

impl TrainingArgs {
    /// As the network takes them; the folder is put in for each run.
    pub fn options(&self) -> mood::Options {
        let mut options = mood::Options::new(PathBuf::new());
        options.training.epochs = self.epochs;
        options.training.seed = self.seed;
        options
    }
}

/// Options of `trainer train ensemble`.
#[derive(Debug, Args)]
pub struct TrainEnsembleArgs {
    /// Draws the folds, the trees and the oversampling
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub songs: SongsArgs,
}

/// Options of `trainer train features`.
#[derive(Debug, Args)]
#[command(after_help = FEATURES_HELP)]
pub struct TrainFeaturesArgs {
    #[command(flatten)]
    pub regressor: regressor::Options,
    #[command(flatten)]
    pub songs: SongsArgs,
}

const FEATURES_HELP: &str = "\
Songs of one group are never fitted on and measured at once, and groups that the table
holds out for validation are held out here, too. Columns of --scores: file, from its folder
or the one above, and any of energy, acousticness, instrumentalness, speechiness, liveness,
valence and danceability, each from 0 to 1, with or without the prefix vibenet_.";

/// Options of `trainer export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Folder that the model files and cards are written to
    #[arg(long, value_name = "DIR", default_value = IN_PROJECT)]
    pub models: PathBuf,
    /// Write the regressor of track features alone, and leave the judges as they are
    #[arg(long)]
    pub features_only: bool,
    #[command(flatten)]
    pub training: TrainingArgs,
    #[command(flatten)]
    pub songs: SongsArgs,
}

/// Options of `trainer evaluate`.
#[derive(Debug, Args)]
#[command(after_help = EVALUATE_HELP)]
pub struct EvaluateArgs {
    /// Also leave out one part of the corpora after the other, and judge it by systems fitted
    /// without it
    #[arg(long)]
    pub left_out: bool,
    /// Also write every figure to this file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    #[command(flatten)]
    pub training: TrainingArgs,
    #[command(flatten)]
    pub songs: SongsArgs,
}

const EVALUATE_HELP: &str = "\
Every system is fitted five times, each time on four folds of the songs, and asked about the
fifth: some minutes a fold. What was fitted is kept, and a stopped run goes on.";

/// Options of `trainer check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Table with the column `file` and any of `tempo_bpm`, `key`, `mode`,
    /// `time_signature`, `set`, `collection`
    #[arg(long, value_name = "CSV")]
    pub truth: PathBuf,
    /// Folder of the files [default: that of the table]
    #[arg(long, value_name = "DIR")]
    pub audio: Option<PathBuf>,
}

/// Options of `trainer verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Folder of the model files and cards
    #[arg(long, value_name = "DIR", default_value = IN_PROJECT)]
    pub models: PathBuf,
    /// Golden results of the sample songs
    #[arg(long, value_name = "JSON", default_value = "tests/data/golden.json")]
    pub golden: PathBuf,
    /// Folder of the sample songs that the golden results name
    #[arg(long, value_name = "DIR", default_value = "static/samples")]
    pub samples: PathBuf,
    /// Write the golden results instead of comparing with them
    #[arg(long)]
    pub update: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}

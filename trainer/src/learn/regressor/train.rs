//! `trainer train features`: from two tables to a regressor.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use itertools::Itertools;
use undertone::card::DataSource;
use undertone::features::Descriptors;
use undertone::regressor::{
    FeatureRegressor, Fit, MAX_BYTES, RegressorModel, Rival, Target, TargetCard,
};

use super::card::empty_model;
use super::fit::fit;
use super::kernel_ridge::KernelRidge;
use super::rivals::Against;
use super::search::{estimates, grid, search};
use super::songs::{Columns, Song, Songs};
use super::store::{FittedSong, Summary, Trained};
use super::tables::{self, Tables};
use crate::learn::classic::folds::stratified_group_folds;
use crate::learn::classic::rows::Classes;
use crate::measured::cache;
use crate::measured::example::Split;
use crate::songs::song::Song as Row;
use crate::sound::hashes;
use collections::console::Hint;
use collections::models::FEATURES;

/// Most folds; as many as groups where there are fewer.
const N_FOLDS: usize = 10;
/// Fewest songs that anything is learnt of.
const MIN_SONGS: usize = 30;
/// Fewest groups that anything is measured on.
const MIN_GROUPS: usize = 5;

/// What to fit on, and how.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Table of their scores
    #[arg(long, value_name = "CSV")]
    pub scores: PathBuf,
    /// A descriptor that a target must beat to be learnt; may be repeated
    #[arg(
        long,
        value_name = "TARGET=DESCRIPTOR",
        default_value = "danceability=danceability_dfa"
    )]
    pub against: Vec<Against>,
    /// A sentence on the limits of the music, for the card; may be repeated
    #[arg(long = "limit", value_name = "SENTENCE")]
    pub limits: Vec<String>,
    /// Draws the folds
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub measuring: cache::Options,
}

/// Fits the regressor and writes it into the work folder.
///
/// # Errors
/// As [`tables::read`]; where there are too few songs or groups, a file is missing, or
/// the work folder can't be written to.
pub fn train(work: &Path, table: &[Row], options: &Options) -> Result<Trained> {
    let tables = tables::read(table, &options.scores)?;
    let songs = measure(work, &tables, options)?;
    let trained = fit_songs(&songs, &grid(), options, data(&songs, &tables))?;
    trained.save(work)?;
    Ok(trained)
}

/// Measures the tracks, through the cache; what can't be measured is left out.
fn measure(work: &Path, tables: &Tables, options: &Options) -> Result<Songs> {
    let paths = tables.tracks.iter().map(|track| track.path.as_path());
    let paths: Vec<&Path> = paths.collect();
    let measured = cache::descriptors(work, &paths, &options.measuring)?;
    let paths = paths.into_iter().map(Some);
    let hashes = hashes(&cache::folder(work), paths)?;
    let mut songs = Vec::new();
    for ((track, descriptors), hash) in tables.tracks.iter().zip(measured).zip(hashes) {
        match descriptors {
            Ok(descriptors) => songs.push(Song {
                content: hash?.1,
                group: track.group.to_string(),
                split: track.split,
                descriptors,
                scores: track.scores.clone(),
            }),
            Err(error) => note!("left out: {}: {error:#}", track.path.display()),
        }
    }
    Ok(Songs {
        targets: tables.targets.clone(),
        songs,
    })
}

/// Chooses settings, measures every target, and fits those that are worth it.
pub(super) fn fit_songs(
    songs: &Songs,
    grid: &[KernelRidge],
    options: &Options,
    data: DataSource,
) -> Result<Trained> {
    let fitted = songs.of(Split::Train);
    let columns = songs.columns(&fitted);
    let n_groups = columns.group.iter().max().map_or(0, |last| last + 1);
    refuse_few(&fitted, n_groups, songs)?;
    let classes = Classes {
        y: &vec![0; fitted.len()],
        n: 1,
    };
    let n_folds = N_FOLDS.min(n_groups);
    let fold_of = stratified_group_folds(classes, &columns.group, n_folds, options.seed)
        .context("splitting the songs into folds")?;
    let best = search(grid, &columns, &fold_of, &songs.targets)?;
    note!(
        "kernel ridge, alpha = {}, gamma = {} / inputs: mean R² {:.3} over {n_folds} folds",
        best.settings.alpha,
        best.settings.gamma,
        best.mean_r2
    );
    let held = songs.columns(&songs.of(Split::Validation));
    let whole = best.settings.fit(&columns.x, &columns.scores)?;
    let held_out = held_out(&whole, &songs.targets, &held)?;
    let card = |(at, &name): (usize, &Target)| {
        let fit = fit(&columns.scores[at], &best.estimates[at], &columns.group);
        let against = options.against.iter().filter(|one| one.target == name);
        let rival = against
            .map(|against| against.measure(&columns, &columns.scores[at], &fold_of))
            .max_by(|a, b| a.r2.total_cmp(&b.r2));
        TargetCard {
            name,
            measured: worth(&fit, rival.as_ref()),
            fit,
            held_out: held_out.get(at).copied(),
            rival,
        }
    };
    let targets: Vec<TargetCard> = songs.targets.iter().enumerate().map(card).collect();
    let keep: Vec<bool> = targets.iter().map(|target| target.measured).collect();
    let of_song = fitted.iter().zip(&fold_of);
    let trained = Trained {
        bytes: FeatureRegressor::new(only(&whole, &keep), kept(&songs.targets, &keep), FEATURES)?
            .to_bytes()?,
        folds: best.models.iter().map(|model| only(model, &keep)).collect(),
        songs: of_song
            .map(|(song, &fold)| FittedSong {
                content: song.content.clone(),
                group: song.group.clone(),
                fold,
            })
            .collect(),
        summary: Summary {
            made_by: command(options),
            inputs: Descriptors::NAMES.map(str::to_owned).to_vec(),
            targets,
            data: vec![data],
            limits: options.limits.clone(),
        },
    };
    let bytes = trained.bytes.len();
    if bytes > MAX_BYTES {
        return Err(anyhow!(
            "{FEATURES} would have {bytes} bytes, expected at most {MAX_BYTES}"
        ))
        .hint("fit on fewer songs: every song adds a row to the file");
    }
    Ok(trained)
}

/// The command that repeats the run, without folders.
fn command(options: &Options) -> String {
    let scores = options.scores.file_name().unwrap_or_default();
    let against = options.against.iter().map(|against| {
        let (target, descriptor) = (against.target.name(), against.descriptor());
        format!(" --against {target}={descriptor}")
    });
    format!(
        "trainer train features --scores {} --seed {}{}",
        scores.to_string_lossy(),
        options.seed,
        against.collect::<String>()
    )
}

/// Whether a target is estimated at all.
fn worth(fit: &Fit, rival: Option<&Rival>) -> bool {
    fit.r2_interval[0] > 0.0 && rival.is_none_or(|rival| fit.r2 > rival.r2)
}

/// The model of the targets that are kept.
fn only(model: &RegressorModel, keep: &[bool]) -> RegressorModel {
    if !keep.contains(&true) {
        return empty_model();
    }
    RegressorModel {
        targets: kept(&model.targets, keep),
        ..model.clone()
    }
}

fn kept<T: Clone>(values: &[T], keep: &[bool]) -> Vec<T> {
    let kept = values.iter().zip(keep).filter(|(_, keep)| **keep);
    kept.map(|(value, _)| value.clone()).collect()
}

/// Every target's fit on songs that had no part in the model; none where they are of
/// fewer than two groups.
fn held_out(model: &RegressorModel, targets: &[Target], held: &Columns) -> Result<Vec<Fit>> {
    if held.group.iter().all(|&group| group == 0) {
        return Ok(Vec::new());
    }
    let estimates = estimates(model, targets, &held.x)?;
    let pairs = held.scores.iter().zip(&estimates);
    Ok(pairs
        .map(|(scores, estimates)| fit(scores, estimates, &held.group))
        .collect())
}

fn refuse_few(fitted: &[&Song], n_groups: usize, songs: &Songs) -> Result<()> {
    if fitted.len() >= MIN_SONGS && n_groups >= MIN_GROUPS {
        return Ok(());
    }
    Err(anyhow!(
        "{} songs of {n_groups} groups can be fitted on, expected at least {MIN_SONGS} of {MIN_GROUPS}; \
         {} more are held out for validation",
        fitted.len(),
        songs.songs.len() - fitted.len()
    ))
    .hint("add songs with scores to both tables; a group is an artist or a piece")
}

/// What the card says of the tables.
fn data(songs: &Songs, tables: &Tables) -> DataSource {
    let names = tables.targets.iter().map(|target| target.name()).join(", ");
    DataSource {
        name: tables.corpora.iter().join(", "),
        train: songs.of(Split::Train).len(),
        validation: songs.of(Split::Validation).len(),
        licence: tables.licences.iter().join(", "),
        labels: format!("another program's scores of {names}"),
    }
}

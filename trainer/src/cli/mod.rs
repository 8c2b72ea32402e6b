//! The commands, from their arguments to their outcome.

mod args;
mod songs;
mod study;
mod vectors;
mod work;

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use collections::cli::{collection, predict};

use self::args::{
    CheckArgs, Cli, Command, EvaluateArgs, FeaturesArgs, HearArgs, TrainCommand, TrainFeaturesArgs,
    VerifyArgs,
};
use crate::check;
use crate::evaluate::Comparison;
use crate::judges::answers::Material;
use crate::judges::judged::Judged;
use crate::judges::{cross_validate, export, train, verify};
use crate::learn::neural::mood;
use crate::learn::{body, regressor};
use crate::measured::cache;
use crate::songs::song::Song;
use collections::console::{self, Batch, Outcome};
use collections::files;

/// What stands above the table of parts that were left out.
const LEFT_OUT: &str = "\n# Parts that nothing was fitted on\n\n\
    Each part was left out, and judged whole.\n\n";

/// Runs a command of `trainer`.
///
/// # Errors
/// Those of the command.
pub fn trainer(cli: &Cli) -> Result<Outcome> {
    dispatch(&cli.command)
}

fn dispatch(command: &Command) -> Result<Outcome> {
    match command {
        Command::Import(args) => songs::import(args),
        Command::Crawl(args) => songs::crawl(args),
        Command::Features(args) => features(args),
        Command::Hear(args) => hear(args),
        Command::Study(args) => study::study(args),
        Command::Train(TrainCommand::Network(args)) => {
            let (songs, training) = (args.songs.read()?, args.training.options());
            train::network(args.songs.work(), &songs, &training)?;
            Ok(Outcome::All)
        }
        Command::Train(TrainCommand::Ensemble(args)) => {
            train::ensemble(args.songs.work(), &args.songs.read()?, args.seed)?;
            Ok(Outcome::All)
        }
        Command::Table(args) => {
            let songs = args.songs.read()?;
            let songs = regressor::write_table(args.songs.work(), &songs, &args.out)?;
            note!("{songs} songs in {}", args.out.display());
            Ok(Outcome::All)
        }
        Command::Train(TrainCommand::Features(args)) => train_features(args),
        Command::Export(args) => {
            if args.features_only {
                export::regressor(args.songs.work(), &args.models)?;
            } else {
                let (work, songs) = (args.songs.work(), args.songs.read()?);
                let judged = judged(work, &songs, &args.training.options())?;
                export::run(work, &songs, &judged, &args.models)?;
            }
            Ok(Outcome::All)
        }
        Command::Evaluate(args) => evaluate(args),
        Command::Check(args) => check(args),
        Command::Predict(args) => predict::predict(args),
        Command::Collection(command) => collection::dispatch(command),
        Command::Verify(args) => verify(args),
        Command::Clean(args) => vectors::clean(args),
        Command::Overview(args) => vectors::overview(args),
        Command::Vectors(args) => vectors::vectors(args),
    }
}

fn features(args: &FeaturesArgs) -> Result<Outcome> {
    let started = Instant::now();
    let songs = args.songs.read()?;
    let batch = cache::build(args.songs.work(), &songs, &args.measuring)?;
    Ok(told(&batch, ["measured", "in the cache already"], started))
}

fn hear(args: &HearArgs) -> Result<Outcome> {
    let started = Instant::now();
    let songs = args.songs.read()?;
    let batch = body::run(args.songs.work(), &songs, &args.body(), &args.measuring)?;
    Ok(told(&batch, ["heard", "heard before"], started))
}

/// Says what came of a batch, and how long it took.
fn told(batch: &Batch, [done, kept]: [&str; 2], started: Instant) -> Outcome {
    let outcome = batch.end();
    note!(
        "{} {done}, {} {kept}, {} failed, in {}",
        batch.done,
        batch.kept,
        batch.failed.len(),
        console::duration(started.elapsed())
    );
    outcome
}

fn train_features(args: &TrainFeaturesArgs) -> Result<Outcome> {
    let (work, songs) = (args.songs.work(), args.songs.read()?);
    let trained = regressor::train(work, &songs, &args.regressor)?;
    console::data(&trained.to_text())?;
    Ok(Outcome::All)
}

/// The judges on songs that they were not fitted on.
fn judged(work: &Path, songs: &[Song], training: &mood::Options) -> Result<Judged> {
    let material = Material::load(work, songs)?;
    let answers = cross_validate::run(&material, songs, training)?;
    Judged::of(&answers, &material, songs)
}

fn evaluate(args: &EvaluateArgs) -> Result<Outcome> {
    let (songs, training) = (args.songs.read()?, args.training.options());
    let material = Material::load(args.songs.work(), &songs)?;
    let answers = cross_validate::run(&material, &songs, &training)?;
    let judged = Judged::of(&answers, &material, &songs)?;
    let mut comparison = judged.comparison.clone();
    let mut text = judged.to_text();
    if args.left_out {
        let mut left_out = Comparison { slices: Vec::new() };
        for part in cross_validate::parts(&material) {
            let sides = cross_validate::without(&songs, &part);
            let answers = material.ask(&format!("without {part}"), &sides, &training)?;
            let one = judged.left_out(&answers, &material.examples, &part)?;
            left_out.slices.extend(one.slices);
        }
        text.push_str(LEFT_OUT);
        text.push_str(&left_out.table().to_string());
        for (system, scores) in left_out.slices.iter().flat_map(|slice| &slice.systems) {
            text.extend([format!("\n## {system}\n\n{scores}")]);
        }
        comparison.slices.extend(left_out.slices);
    }
    if let Some(path) = &args.json {
        files::write_json(path, &comparison)?;
    }
    console::data(&text)?;
    Ok(Outcome::All)
}

fn check(args: &CheckArgs) -> Result<Outcome> {
    let folder = args.truth.parent().unwrap_or(Path::new(""));
    let audio = args.audio.as_deref().unwrap_or(folder);
    let checked = check::run(&args.truth, audio)?;
    let outcome = checked.batch.end();
    console::data(&checked.report)?;
    Ok(outcome)
}

fn verify(args: &VerifyArgs) -> Result<Outcome> {
    verify::run(&args.models, &args.golden, &args.samples, args.update)?;
    Ok(Outcome::All)
}

//! The networks of the study on its folds.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::features::FeatureTable;
use super::folds::{Folds, Split};
use super::run::{Answer, Facts, Family, Fit, FoldRun, SystemRun};
use super::store::Store;
use crate::evaluate::metrics::argmax;
use crate::learn::classic::preparation::Preparation;
use crate::learn::neural::classify::{self, Inputs, Songs};
use crate::learn::neural::train::{self, Schedule, Trained};
use crate::learn::neural::{Input, Spec, to_onnx, zoo};
use crate::songs::task::Task;
use collections::files;

/// Learning rate of the first epoch: Adam's and Keras's default.
const LEARNING_RATE: f64 = 1e-3;

/// Most epochs of a network on features, which takes milliseconds an epoch.
const FEATURE_EPOCHS: usize = 400;
/// Its patience.
const FEATURE_PATIENCE: usize = 30;

/// How to train the networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Most epochs of a network on spectrograms.
    pub epochs: usize,
    /// Epochs without a lower validation loss after which early stopping ends a run.
    pub patience: usize,
    /// Folds that networks on spectrograms are run on, from the first.
    pub folds: usize,
    /// Draws weights, order and what is dropped.
    pub seed: u64,
}

/// The study's songs as networks see them; all by position in the table.
pub struct Material<'a> {
    /// Names.
    pub ids: &'a [String],
    /// Features, with labels.
    pub table: &'a FeatureTable,
    /// Files of the spectrograms.
    pub spectrograms: &'a Vec<PathBuf>,
    /// Digest of these files.
    pub seen: &'a str,
    /// Which fold a song is in.
    pub folds: &'a Folds,
    /// Where finished folds are kept.
    pub store: &'a Store,
}

/// Trains the 8-node net on every fold of the table of features.
///
/// # Errors
/// Where a fold can't be trained or kept.
pub fn run_on_features(material: &Material, task: Task, options: Options) -> Result<SystemRun> {
    let table = material.table.without_empty_columns()?.0;
    let spec = zoo::eight_nodes(table.names.len());
    let options = Options {
        epochs: FEATURE_EPOCHS,
        patience: FEATURE_PATIENCE,
        ..options
    };
    let net = Net::new(spec, task, options)?;
    let everyone: Vec<usize> = (0..table.len()).collect();
    let rows = table.rows(&everyone, task, false);
    net.run(material, material.folds.count(), |split| {
        // Filled from the training songs alone; scaling is the network's own, so that its
        // file takes features as they are.
        let preparation = Preparation::fit(&rows.select(&split.train));
        Ok(Box::new(preparation.fill(&rows).x))
    })
}

/// Trains one network on spectrograms.
///
/// # Errors
/// Where a fold can't be trained or kept.
pub fn run_on_spectrograms(
    spec: Spec,
    material: &Material,
    task: Task,
    options: Options,
) -> Result<SystemRun> {
    let net = Net::new(spec, task, options)?;
    let folds = options.folds.min(material.folds.count());
    net.run(material, folds, |_| {
        Ok(Box::new(material.spectrograms.clone()))
    })
}

/// A network in one task.
struct Net {
    spec: Spec,
    task: Task,
    options: Options,
}

impl Net {
    fn new(spec: Spec, task: Task, options: Options) -> Result<Self> {
        let spec = spec.with_classes(task.classes().len());
        let (name, parameters) = (spec.name, spec.parameters()?);
        note!("{name}, {task}: {parameters} parameters");
        Ok(Self {
            spec,
            task,
            options,
        })
    }

    /// Epochs without a lower validation loss after which the learning rate is halved.
    const fn plateau(&self) -> usize {
        self.options.patience.div_ceil(2)
    }

    fn settings(&self) -> String {
        let Options {
            epochs, patience, ..
        } = self.options;
        let end = if self.spec.early_stopping {
            format!("at most {epochs} epochs, early stopping after {patience}")
        } else {
            format!("{epochs} epochs")
        };
        format!(
            "Adam {LEARNING_RATE}, halved after {} epochs, batch {}, {end}",
            self.plateau(),
            self.spec.batch_size
        )
    }

    fn run(
        &self,
        material: &Material,
        folds: usize,
        inputs: impl Fn(&Split) -> Result<Box<dyn Inputs>>,
    ) -> Result<SystemRun> {
        let settings = self.settings();
        let layers = serde_json::to_string(&self.spec)?;
        let recipe = match self.spec.input {
            // What is seen of the features is in the store's own name.
            Input::Features(_) => format!("{settings}; {layers}"),
            _ => format!("{settings}; {layers}; {}", material.seen),
        };
        let mut model_bytes = None;
        let mut runs = Vec::new();
        for fold in 0..folds {
            let store = material.store;
            let name = self.spec.name;
            let model = self.folder(material, fold).join("model.onnx");
            let run = if let Some(run) = store.load(self.task, name, &recipe, fold) {
                run
            } else {
                let split = material.folds.split(fold);
                let (run, trained) = self
                    .fold(material, &split, inputs(&split)?.as_ref())
                    .with_context(|| format!("{name}, {}, fold {fold}", self.task))?;
                let bytes = to_onnx(&trained.net)?;
                files::write(&model, &bytes)?;
                store.save(self.task, name, &recipe, run)?
            };
            model_bytes = model_bytes.or_else(|| Some(model.metadata().ok()?.len()));
            runs.push(run);
        }
        Ok(SystemRun {
            task: self.task,
            system: self.spec.name.to_owned(),
            facts: Facts {
                family: Family::Neural,
                input: self.spec.input.to_string(),
                settings,
                parameters: Some(self.spec.parameters()? as u64),
                model_bytes,
            },
            folds: runs,
        })
    }

    fn folder(&self, material: &Material, fold: usize) -> PathBuf {
        let system = material.store.folder(self.task, self.spec.name);
        system.join(format!("fold-{fold}"))
    }

    fn fold(
        &self,
        material: &Material,
        split: &Split,
        inputs: &dyn Inputs,
    ) -> Result<(FoldRun, Trained)> {
        let classes: Vec<usize> = material
            .table
            .y
            .iter()
            .map(|&mood| self.task.class_of(mood))
            .collect();
        let songs = Songs {
            inputs,
            ids: material.ids,
            classes: &classes,
            train: &split.train,
            validation: &split.validation,
        };
        let options = train::Options {
            // Other rules or spectrograms are another run; more epochs go on with this one.
            work_dir: self.folder(material, split.fold).join(format!(
                "patience-{}-{}",
                self.options.patience,
                &material.seen[..8]
            )),
            epochs: self.options.epochs,
            patience: self.options.patience,
            learning_rate: LEARNING_RATE,
            schedule: Schedule::Plateau(self.plateau()),
            weight_decay: 0.0,
            gradient_norm: None,
            seed: self.options.seed,
        };
        let trained = classify::train(&self.spec, songs, &options)?;
        let answers = classify::predict_proba(&trained.net, inputs, &split.test)?;
        let answers = split
            .test
            .iter()
            .zip(answers)
            .map(|(&song, probabilities)| Answer {
                song,
                truth: classes[song],
                answer: argmax(&probabilities),
                probabilities,
            });
        let stopped = trained.stopped.as_ref();
        let fit = Fit {
            fold: split.fold,
            n_train: split.train.len(),
            n_validation: split.validation.len(),
            chosen: stopped.map_or_else(
                || format!("epoch {} of {}", trained.best_epoch, trained.epochs.len()),
                |reason| format!("epoch {}: {reason}", trained.best_epoch),
            ),
            seconds: trained.epochs.iter().map(|epoch| epoch.seconds).sum(),
            epochs: trained.epochs.clone(),
            best_epoch: Some(trained.best_epoch),
        };
        let run = FoldRun {
            fit,
            answers: answers.collect(),
        };
        Ok((run, trained))
    }
}

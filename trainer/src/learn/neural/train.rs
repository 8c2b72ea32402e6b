//! The training loop.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use crate::earlier::{STEP_FRAMES, WINDOW_FRAMES};
use anyhow::{Context, Result, ensure};
use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Bytes, Device, Tensor, TensorData};
use indicatif::{ProgressBar, ProgressStyle};
use ndarray::ArrayView2;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Serialize;
use undertone::Mood;
use undertone::card::sha256_hex;

use super::architecture::Architecture;
use super::checkpoint::{Checkpoint, with_weights};
use super::crops::{Crop, append_window, augment, crops_of, plan, statistics};
use super::history::{Epoch, History};
use super::lesson::append_lesson;
use super::loss::{Score, Targets, cell_weights};
use super::material::{Item, Material};
use super::network::{Dropout, Network, Normalisation};
use super::song::song_outputs;
use crate::measured::example::Example;

/// Largest norm of one weight tensor's gradient.
const GRADIENT_NORM: f32 = 1.0;

/// How to train.
#[derive(Debug, Clone, Serialize)]
pub struct TrainOptions {
    /// Where `checkpoint.bin` and `log.csv` are kept. A run that finds a checkpoint of
    /// the same options and examples goes on from there.
    #[serde(skip)]
    pub work_dir: PathBuf,
    /// Shape of the network.
    pub architecture: Architecture,
    /// Epochs; the learning rate falls over them to nearly nothing.
    pub epochs: usize,
    /// Crops in a batch.
    pub batch_size: usize,
    /// Learning rate of the first epoch.
    pub learning_rate: f64,
    /// Decoupled weight decay (`AdamW`).
    pub weight_decay: f32,
    /// An epoch takes one crop of each song for every so many frames.
    pub crop_every: f64,
    /// Most crops of one song in an epoch.
    pub crops_per_song: usize,
    /// Probability that is spread over all moods in the targets, in [0, 1).
    pub label_smoothing: f32,
    /// Weight of arousal and valence in the loss.
    pub affect_weight: f32,
    /// Weight of the teacher's lessons in the loss, where there are some.
    pub lesson_weight: f32,
    /// Everything random follows from it.
    pub seed: u64,
}

impl TrainOptions {
    /// The options that the shipped network is trained with.
    pub fn new(work_dir: PathBuf) -> Self {
        Self {
            work_dir,
            architecture: Architecture::default(),
            epochs: 36,
            batch_size: 32,
            learning_rate: 1e-3,
            weight_decay: 1e-2,
            crop_every: 2.0 * WINDOW_FRAMES as f64,
            crops_per_song: 6,
            label_smoothing: 0.1,
            affect_weight: 0.2,
            lesson_weight: 1.0,
            seed: 1,
        }
    }

    /// The learning rate of an epoch, counted from 1: half a cosine from the first rate to
    /// zero (Loshchilov and Hutter 2017, without restarts).
    fn rate(&self, epoch: usize) -> f64 {
        let done = (epoch - 1) as f64 / self.epochs as f64;
        self.learning_rate * (std::f64::consts::PI * done).cos().midpoint(1.0)
    }
}

/// A trained network, with the weights of its last epoch.
#[derive(Debug)]
pub struct TrainedNetwork {
    /// On the plain device, ready to be run or exported.
    pub network: Network,
    /// Every epoch of the run.
    pub epochs: Vec<Epoch>,
}

/// Trains a network on the examples of [`Split::Train`], and on what a teacher says of
/// them and of recordings without a label.
///
/// After each epoch whole songs of [`Split::Validation`] are judged, for the log alone: the
/// weights are those of the last epoch, whose learning rate is next to nothing. An epoch
/// chosen on a few hundred songs would be a lottery, and those songs no longer unseen.
///
/// The result depends on the material and the options alone, also where a run was
/// stopped and started again.
///
/// # Errors
/// Where the examples do not allow it (a mood or a split is missing, a value is not a
/// number), where the loss stops being a number, where the work folder holds a
/// checkpoint of another run, or where it can't be written.
pub fn train(material: &Material, options: &TrainOptions) -> Result<TrainedNetwork> {
    let mut run = Run::new(material, options)?;
    while run.history.epochs.len() < options.epochs {
        run.epoch()?;
    }
    Ok(run.finish())
}

/// A run between two epochs.
struct Run<'a> {
    options: &'a TrainOptions,
    material: &'a Material<'a>,
    training: Vec<Item<'a>>,
    validation: Vec<&'a Example>,
    /// Digest of options and examples.
    digest: String,
    /// How the numbers of a lesson share in the loss.
    shares: Vec<f32>,
    mean: Vec<f32>,
    device: Device,
    network: Network,
    optimizer: ModuleOptimizer,
    history: History,
}

impl<'a> Run<'a> {
    fn new(material: &'a Material<'a>, options: &'a TrainOptions) -> Result<Self> {
        let validation = material.validation();
        check(material, &validation, options)?;
        let mut training = material.training();
        balance(&mut training, options)?;
        let frames = training.iter().map(|item| (item.id, item.log_mel));
        let (mean, deviation) = statistics(frames, options.architecture.mels)?;
        let normalisation = Normalisation { mean, deviation };
        let device = Device::default().autodiff();
        let mut rng = generator(options.seed, 0);
        let width = material.lessons.width();
        let network = Network::new(
            &options.architecture,
            &normalisation,
            width,
            &mut rng,
            &device,
        )?;
        let optimizer = AdamWConfig::new()
            .with_weight_decay(options.weight_decay)
            .with_grad_clipping(Some(GradientClippingConfig::Norm(GRADIENT_NORM)))
            .init();
        std::fs::create_dir_all(&options.work_dir)
            .with_context(|| format!("{} can't be made", options.work_dir.display()))?;
        let mut run = Self {
            digest: digest(material, options)?,
            shares: material.lessons.shares(),
            history: History::new(options.learning_rate),
            mean: normalisation.mean,
            options,
            material,
            training,
            validation,
            device,
            network,
            optimizer,
        };
        if let Some(checkpoint) = Checkpoint::load(&run.checkpoint_path())? {
            run.restore(checkpoint)?;
        }
        Ok(run)
    }

    fn checkpoint_path(&self) -> PathBuf {
        self.options.work_dir.join("checkpoint.bin")
    }

    fn restore(&mut self, checkpoint: Checkpoint) -> Result<()> {
        ensure!(
            checkpoint.run == self.digest,
            "{} belongs to a run with other options or songs; remove it, or work in another folder",
            self.checkpoint_path().display()
        );
        self.network = with_weights(self.network.clone(), &checkpoint.network)?;
        self.optimizer = self
            .optimizer
            .clone()
            .from_bytes(Bytes::from_bytes_vec(checkpoint.optimizer))
            .context("the stored state of the optimiser can't be read")?;
        self.history = checkpoint.history;
        Ok(())
    }

    /// Trains one epoch, judges it and stores the state.
    fn epoch(&mut self) -> Result<()> {
        let started = Instant::now();
        let number = self.history.epochs.len() + 1;
        let learning_rate = self.options.rate(number);
        let train_loss = self.pass(number, learning_rate)?;
        let score = self.judge()?;
        ensure!(
            score.loss.is_finite(),
            "the validation loss of epoch {number} is not a number; lower the learning rate"
        );
        let epoch = Epoch {
            number,
            train_loss,
            val_loss: score.loss,
            val_macro_f1: score.macro_f1,
            lr: learning_rate,
            seconds: started.elapsed().as_secs_f64(),
        };
        self.history.push(epoch, epoch.val_loss);
        eprintln!(
            "epoch {number}: training loss {train_loss:.4}, validation loss {:.4}, macro-F1 {:.3}, {:.0} s",
            epoch.val_loss, epoch.val_macro_f1, epoch.seconds,
        );
        self.history
            .write_csv(&self.options.work_dir.join("log.csv"))?;
        Checkpoint::new(
            &self.digest,
            &self.history,
            &self.network,
            &self.optimizer,
            &[],
        )?
        .save(&self.checkpoint_path())
    }

    /// One pass over the crops of an epoch; the mean loss of its batches.
    fn pass(&mut self, number: usize, learning_rate: f64) -> Result<f64> {
        let options = self.options;
        let mut rng = generator(options.seed, number as u64);
        let frames: Vec<usize> = self
            .training
            .iter()
            .map(|item| item.log_mel.nrows())
            .collect();
        let crops = plan(
            &frames,
            options.crop_every,
            options.crops_per_song,
            &mut rng,
        );
        let batches = batches(&crops, options.batch_size);
        let bar = ProgressBar::new(batches.len() as u64)
            .with_style(ProgressStyle::with_template(
                "{msg} {wide_bar} {pos}/{len} {eta}",
            )?)
            .with_message(format!("epoch {number}"));
        let mut sum = 0.0;
        for (index, batch) in batches.iter().enumerate() {
            let loss = self.step(batch, learning_rate, &mut rng)?;
            ensure!(
                loss.is_finite(),
                "the loss became {loss} in batch {} of epoch {number}; lower the learning rate",
                index + 1
            );
            sum += f64::from(loss);
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(sum / batches.len() as f64)
    }

    /// One step of the optimiser; the loss before it.
    fn step(&mut self, crops: &[Crop], learning_rate: f64, rng: &mut StdRng) -> Result<f32> {
        let (input, targets) = self.batch(crops, rng);
        let dropout = dropout(&self.options.architecture, crops.len(), rng, &self.device);
        let (output, repeated) = self.network.forward_with_lesson(input, Some(dropout));
        let mut loss = targets.loss(output, self.options.affect_weight, &self.device);
        if let Some(repeated) = repeated {
            let distance = targets.distance(repeated, &self.shares, &self.device);
            loss = loss + distance.mul_scalar(self.options.lesson_weight);
        }
        let value = loss.clone().try_into_scalar::<f32>()?;
        if value.is_finite() {
            let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
            self.network = self
                .optimizer
                .step(learning_rate, self.network.clone(), gradients);
        }
        Ok(value)
    }

    /// The augmented windows of the crops, `[crops, WINDOW_FRAMES, bands]`, and what the
    /// network should answer.
    fn batch(&self, crops: &[Crop], rng: &mut StdRng) -> (Tensor<3>, Targets) {
        let bands = self.options.architecture.mels;
        let width = self.material.lessons.width();
        let mut input = Vec::with_capacity(crops.len() * WINDOW_FRAMES * bands);
        let mut targets = Targets::default();
        for crop in crops {
            let item = &self.training[crop.example];
            let from = input.len();
            append_window(item.log_mel, crop.start, &mut input);
            augment(&mut input[from..], &self.mean, rng);
            match item.label {
                Some(label) => {
                    targets.push(label.mood, label.weight, self.options.label_smoothing);
                }
                None => targets.push_unlabelled(),
            }
            let frames = item.log_mel.nrows();
            if let Some(lesson) = self.material.lessons.get(item.id) {
                append_lesson(lesson.view(), frames, crop.start, &mut targets.lessons);
                targets.taught.push(1.0);
            } else {
                let none = std::iter::repeat_n(0.0, WINDOW_FRAMES / STEP_FRAMES * width);
                targets.lessons.extend(none);
                targets.taught.push(0.0);
            }
        }
        let shape = [crops.len(), WINDOW_FRAMES, bands];
        let input = Tensor::from_data(TensorData::new(input, shape), &self.device);
        (input, targets)
    }

    /// Judges whole validation songs.
    fn judge(&self) -> Result<Score> {
        let network = self.network.valid();
        let songs: Vec<ArrayView2<f32>> =
            self.validation.iter().map(|e| e.log_mel.view()).collect();
        let moods: Vec<Mood> = self.validation.iter().map(|e| e.mood).collect();
        Score::of(&song_outputs(&network, &songs)?, &moods)
    }

    fn finish(self) -> TrainedNetwork {
        TrainedNetwork {
            network: self.network.valid(),
            epochs: self.history.epochs,
        }
    }
}

/// Weighs the labels so that moods and corpora balance.
fn balance(training: &mut [Item], options: &TrainOptions) -> Result<()> {
    let mut crops = BTreeMap::new();
    for item in training.iter() {
        if let Some(label) = item.label {
            let count = crops_of(
                item.log_mel.nrows(),
                options.crop_every,
                options.crops_per_song,
            );
            *crops.entry((label.corpus, label.mood)).or_default() += count;
        }
    }
    let weights = cell_weights(&crops)?;
    for label in training.iter_mut().filter_map(|item| item.label.as_mut()) {
        label.weight *= weights[&(label.corpus, label.mood)];
    }
    Ok(())
}

/// Names the first thing that makes training impossible.
fn check(material: &Material, validation: &[&Example], options: &TrainOptions) -> Result<()> {
    let training = material.training();
    let labelled = training.iter().any(|item| item.label.is_some());
    ensure!(labelled, "there is no training example");
    ensure!(!validation.is_empty(), "there is no validation example");
    ensure!(
        options.batch_size > 1,
        "a batch needs at least two crops to be normalised"
    );
    ensure!(
        options.crop_every.is_finite() && options.crop_every >= 1.0,
        "crops can't be taken every {} frames",
        options.crop_every
    );
    ensure!(
        (0.0..1.0).contains(&options.label_smoothing),
        "label smoothing is {}, expected 0 to below 1",
        options.label_smoothing
    );
    options.architecture.check()?;
    let validation = validation.iter().map(|e| (e.id.as_str(), e.log_mel.view()));
    let training = training.iter().map(|item| (item.id, item.log_mel));
    for (id, log_mel) in training.chain(validation) {
        let [frames, bands] = [log_mel.nrows(), log_mel.ncols()];
        ensure!(
            frames >= STEP_FRAMES && bands == options.architecture.mels,
            "{id} has {frames} frames of {bands} bands, expected at least {STEP_FRAMES} of {}",
            options.architecture.mels
        );
    }
    Ok(())
}

/// The random numbers of an epoch (0: before the first).
fn generator(seed: u64, epoch: u64) -> StdRng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&epoch.to_le_bytes());
    StdRng::from_seed(key)
}

/// Cuts the crops into batches. A rest of less than half a batch is left out (the
/// crops are in random order), because the batch normalisation would be noisy.
fn batches(crops: &[Crop], size: usize) -> Vec<&[Crop]> {
    let mut batches: Vec<&[Crop]> = crops.chunks(size).collect();
    if batches.len() > 1 && batches.last().is_some_and(|last| last.len() * 2 < size) {
        batches.pop();
    }
    batches
}

/// Random masks for one batch of whole windows.
fn dropout(shape: &Architecture, batch: usize, rng: &mut StdRng, device: &Device) -> Dropout {
    let kept = 1.0 - shape.dropout;
    let mut mask = |steps: usize, width: usize| {
        let values: Vec<f32> = (0..steps * batch * width)
            .map(|_| {
                if rng.random_bool(kept) {
                    kept.recip() as f32
                } else {
                    0.0
                }
            })
            .collect();
        Tensor::from_data(TensorData::new(values, [steps, batch, width]), device)
    };
    Dropout {
        input: mask(WINDOW_FRAMES / shape.time_reduction(), shape.lstm_input()),
        output: mask(WINDOW_FRAMES / STEP_FRAMES, 2 * shape.hidden),
    }
}

/// Digest of everything that a run's result depends on, but for the values of frames and
/// lessons.
fn digest(material: &Material, options: &TrainOptions) -> Result<String> {
    let examples = material.examples.iter();
    let songs: Vec<_> = examples
        .map(|e| (&e.id, e.split, e.mood, e.weight, e.log_mel.nrows()))
        .collect();
    let unlabelled = material.unlabelled.iter();
    let unlabelled: Vec<_> = unlabelled
        .map(|(id, frames)| (id, frames.nrows()))
        .collect();
    let parts = (options, songs, unlabelled, material.lessons.width());
    Ok(sha256_hex(&serde_json::to_vec(&parts)?))
}

#[cfg(test)]
mod tests;

//! Training of one network on one fold.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail, ensure};
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::activation::{log_sigmoid, log_softmax};
use burn::tensor::{Bytes, Device, Tensor, TensorData};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::batch::{Inputs, Scale};
use super::layer::Spec;
use super::net::Net;
use crate::console::Hint;
use crate::evaluate::metrics::argmax;
use crate::files;
use crate::learn::neural::checkpoint::{Checkpoint, weights, with_weights};
use crate::learn::neural::history::History;
use crate::learn::neural::values;
use crate::study::run::EpochRun;

/// Epochs that take less seconds are no news.
const QUICK_S: f64 = 1.0;

/// How to train.
#[derive(Debug, Clone)]
pub struct TrainOptions {
    /// Where `checkpoint.bin` is kept. A run that finds a checkpoint of the same
    /// network, options and songs goes on from there.
    pub work_dir: PathBuf,
    /// Most epochs.
    pub epochs: usize,
    /// Epochs without a lower validation loss after which early stopping ends the run.
    pub patience: usize,
    /// Epochs without a lower validation loss after which the learning rate is halved.
    pub plateau: usize,
    /// Learning rate of the first epoch (Adam).
    pub learning_rate: f64,
    /// Draws the weights, the order and what is dropped.
    pub seed: u64,
}

/// The songs that a network is trained on.
#[derive(Clone, Copy)]
pub struct Songs<'a> {
    /// What it looks at, one row a song of the whole table.
    pub inputs: &'a dyn Inputs,
    /// Names of the songs, so that a checkpoint of other songs is noticed.
    pub ids: &'a [String],
    /// Class of every song.
    pub classes: &'a [usize],
    /// Number of classes.
    pub n_classes: usize,
    /// Songs to learn from.
    pub train: &'a [usize],
    /// Songs to choose the epoch by.
    pub validation: &'a [usize],
}

/// A trained network.
#[derive(Debug)]
pub struct Trained {
    /// Its layers.
    pub spec: Spec,
    /// The weights of the best epoch (of the last, without early stopping), on the plain
    /// device.
    pub net: Net,
    /// What its inputs are scaled by.
    pub scale: Scale,
    /// Every epoch of the run.
    pub epochs: Vec<EpochRun>,
    /// The epoch that the weights are from, counted from 1.
    pub best_epoch: usize,
    /// Why the run ended before its time, where it did.
    pub stopped: Option<String>,
}

/// Trains a network.
///
/// The result depends on the songs, the network and the options alone, also where a run
/// was stopped and started again. A loss that is no number ends the run with the best
/// weights so far.
///
/// # Errors
/// Where songs can't be read or are missing on a side, where the very first epoch has no
/// finite loss, where the folder holds a checkpoint of another run or can't be written.
pub fn train(spec: &Spec, songs: Songs, options: &TrainOptions) -> Result<Trained> {
    let mut run = Run::new(spec, songs, options)?;
    while run.history.epochs.len() < options.epochs && !run.is_over() {
        run.epoch()?;
    }
    run.finish()
}

struct Run<'a> {
    spec: &'a Spec,
    songs: Songs<'a>,
    options: &'a TrainOptions,
    digest: String,
    scale: Scale,
    device: Device,
    net: Net,
    optimizer: ModuleOptimizer,
    history: History<EpochRun>,
    best: Vec<u8>,
    stopped: Option<String>,
}

/// Mean loss and share of right answers over some songs.
#[derive(Debug, Clone, Copy, Default)]
struct Score {
    loss: f64,
    accuracy: f64,
}

impl<'a> Run<'a> {
    fn new(spec: &'a Spec, songs: Songs<'a>, options: &'a TrainOptions) -> Result<Self> {
        ensure!(!songs.train.is_empty(), "there is no song to train on");
        ensure!(
            !songs.validation.is_empty(),
            "there is no song to validate on"
        );
        let device = Device::default().autodiff();
        let net = Net::new(spec, options.seed, &device)?;
        let mut run = Self {
            digest: digest(spec, songs, options)?,
            scale: Scale::of(songs.inputs, songs.train, spec.input)?,
            best: weights(&net)?,
            history: History::new(options.learning_rate),
            optimizer: AdamConfig::new().init(),
            stopped: None,
            spec,
            songs,
            options,
            device,
            net,
        };
        match Checkpoint::load(&run.checkpoint())? {
            // A longer run can't be made shorter: its best epoch may come later.
            Some(checkpoint) if checkpoint.history.epochs.len() > options.epochs => {}
            Some(checkpoint) => run.restore(checkpoint)?,
            None => {}
        }
        Ok(run)
    }

    fn checkpoint(&self) -> PathBuf {
        self.options.work_dir.join("checkpoint.bin")
    }

    fn restore(&mut self, checkpoint: Checkpoint<EpochRun>) -> Result<()> {
        ensure!(
            checkpoint.run == self.digest,
            "{} belongs to a run with other options or songs; remove it, or work in another folder",
            self.checkpoint().display()
        );
        self.net = with_weights(self.net.clone(), &checkpoint.network)?;
        self.optimizer = self
            .optimizer
            .clone()
            .from_bytes(Bytes::from_bytes_vec(checkpoint.optimizer))
            .context("the stored state of the optimiser can't be read")?;
        self.history = checkpoint.history;
        self.best = checkpoint.best;
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.stopped.is_some()
            || self.spec.early_stopping && self.history.is_exhausted(self.options.patience)
    }

    fn epoch(&mut self) -> Result<()> {
        let started = Instant::now();
        let number = self.history.epochs.len() + 1;
        let learning_rate = self.history.learning_rate;
        let train = self.pass(number)?;
        let validation = self.judge()?;
        if !(train.loss.is_finite() && validation.loss.is_finite()) {
            if number == 1 {
                return Err(anyhow!(
                    "{}: the loss of the first epoch is not a number",
                    self.spec.name
                ))
                .hint("leave this network out: name the others, each with --net");
            }
            self.stopped = Some(format!("the loss of epoch {number} is not a number"));
            return Ok(());
        }
        let epoch = EpochRun {
            number,
            train_loss: train.loss,
            train_accuracy: train.accuracy,
            val_loss: validation.loss,
            val_accuracy: validation.accuracy,
            learning_rate,
            seconds: started.elapsed().as_secs_f64(),
        };
        let better = self.history.push(epoch, validation.loss);
        self.history.reduce_on_plateau(self.options.plateau);
        if better || !self.spec.early_stopping {
            self.best = weights(&self.net)?;
        }
        if epoch.seconds < QUICK_S {
            return self.keep();
        }
        eprintln!(
            "{}, epoch {number}: loss {:.4}, accuracy {:.3}; validation {:.4}, {:.3}; {:.1} s",
            self.spec.name,
            train.loss,
            train.accuracy,
            validation.loss,
            validation.accuracy,
            epoch.seconds
        );
        self.keep()
    }

    /// Writes the checkpoint.
    fn keep(&self) -> Result<()> {
        Checkpoint::new(
            &self.digest,
            &self.history,
            &self.net,
            &self.optimizer,
            &self.best,
        )?
        .save(&self.checkpoint())
    }

    /// One pass over the training songs.
    fn pass(&mut self, number: usize) -> Result<Score> {
        let mut rng = generator(self.options.seed, number as u64);
        let mut order = self.songs.train.to_vec();
        order.shuffle(&mut rng);
        let mut sum = Score::default();
        for batch in order.chunks(self.spec.batch_size) {
            let input = self.batch(batch, &self.device)?;
            let logits = self.net.forward(self.spec, input, Some(&mut rng))?;
            let answers = self.answers(values(logits.clone())?);
            let loss = loss(logits, self.targets(batch), &self.device);
            let value = f64::from(loss.clone().try_into_scalar::<f32>()?);
            if !value.is_finite() {
                return Ok(Score {
                    loss: f64::NAN,
                    accuracy: 0.0,
                });
            }
            let gradients = GradientsParams::from_grads(loss.backward(), &self.net);
            self.net = self
                .optimizer
                .step(self.history.learning_rate, self.net.clone(), gradients);
            sum.loss += value * batch.len() as f64;
            sum.accuracy += self.right(batch, &answers);
        }
        let count = order.len() as f64;
        Ok(Score {
            loss: sum.loss / count,
            accuracy: sum.accuracy / count,
        })
    }

    /// Judges the validation songs.
    fn judge(&self) -> Result<Score> {
        let net = self.net.valid();
        let device = Device::default();
        let mut sum = Score::default();
        for batch in self.songs.validation.chunks(self.spec.batch_size) {
            let logits = net.forward(self.spec, self.batch(batch, &device)?, None)?;
            let answers = self.answers(values(logits.clone())?);
            let loss = loss(logits, self.targets(batch), &device);
            sum.loss += f64::from(loss.try_into_scalar::<f32>()?) * batch.len() as f64;
            sum.accuracy += self.right(batch, &answers);
        }
        let count = self.songs.validation.len() as f64;
        Ok(Score {
            loss: sum.loss / count,
            accuracy: sum.accuracy / count,
        })
    }

    fn batch(&self, songs: &[usize], device: &Device) -> Result<Tensor<2>> {
        batch(self.spec, self.songs.inputs, &self.scale, songs, device)
    }

    fn answers(&self, logits: Vec<f32>) -> Vec<Vec<f64>> {
        logits
            .chunks(outputs(self.songs.n_classes))
            .map(probabilities)
            .collect()
    }

    /// Number of right answers.
    fn right(&self, songs: &[usize], answers: &[Vec<f64>]) -> f64 {
        let pairs = songs.iter().zip(answers);
        pairs
            .filter(|(song, answer)| argmax(answer) == self.songs.classes[**song])
            .count() as f64
    }

    /// `[batch, outputs]`: 1 for the class of the song, else 0.
    fn targets(&self, songs: &[usize]) -> TensorData {
        let width = outputs(self.songs.n_classes);
        let first = usize::from(width == 1);
        let targets: Vec<f32> = songs
            .iter()
            .flat_map(|&song| {
                let class = self.songs.classes[song];
                (first..first + width).map(move |other| f32::from(u8::from(other == class)))
            })
            .collect();
        TensorData::new(targets, [songs.len(), width])
    }

    fn finish(self) -> Result<Trained> {
        let best_epoch = if self.spec.early_stopping {
            self.history.best_epoch
        } else {
            self.history.epochs.len()
        };
        Ok(Trained {
            spec: self.spec.clone(),
            net: with_weights(self.net, &self.best)?.valid(),
            scale: self.scale,
            epochs: self.history.epochs,
            best_epoch,
            stopped: self.stopped,
        })
    }
}

impl Trained {
    /// Probabilities of every class, for each of these songs.
    ///
    /// # Errors
    /// Where a song can't be read.
    pub fn predict_proba(&self, inputs: &dyn Inputs, songs: &[usize]) -> Result<Vec<Vec<f64>>> {
        let device = Device::default();
        let mut answers = Vec::with_capacity(songs.len());
        for songs in songs.chunks(self.spec.batch_size) {
            let input = batch(&self.spec, inputs, &self.scale, songs, &device)?;
            let logits = self.net.forward(&self.spec, input, None)?;
            let width = logits.dims()[1];
            answers.extend(values(logits)?.chunks(width).map(probabilities));
        }
        Ok(answers)
    }
}

/// The songs' scaled numbers, `[batch, values]`.
fn batch(
    spec: &Spec,
    inputs: &dyn Inputs,
    scale: &Scale,
    songs: &[usize],
    device: &Device,
) -> Result<Tensor<2>> {
    let width = spec.input.len();
    let mut input = Vec::with_capacity(songs.len() * width);
    for &song in songs {
        inputs.append(song, &mut input)?;
    }
    ensure!(
        input.len() == songs.len() * width,
        "the songs have other numbers than {width}"
    );
    if let Some(at) = input.iter().position(|value| !value.is_finite()) {
        bail!(
            "song {} holds a value that is not a number",
            songs[at / width]
        );
    }
    scale.apply(&mut input);
    Ok(Tensor::from_data(
        TensorData::new(input, [songs.len(), width]),
        device,
    ))
}

/// Units of the last layer.
const fn outputs(classes: usize) -> usize {
    if classes == 2 { 1 } else { classes }
}

/// Mean cross-entropy in nats: binary for one output, else categorical.
fn loss(logits: Tensor<2>, targets: TensorData, device: &Device) -> Tensor<1> {
    let [count, width] = logits.dims();
    let targets = Tensor::<2>::from_data(targets, device);
    let likelihood = if width == 1 {
        // log(1 - s(x)) = log(s(-x)).
        log_sigmoid(logits.clone()) * targets.clone()
            + log_sigmoid(logits.neg()) * (targets.neg() + 1.0)
    } else {
        log_softmax(logits, 1) * targets
    };
    likelihood.sum().div_scalar(-(count as f32))
}

/// Probabilities from the logits of one song.
fn probabilities(logits: &[f32]) -> Vec<f64> {
    let logits: Vec<f64> = match logits {
        [logit] => vec![0.0, f64::from(*logit)],
        more => more.iter().copied().map(f64::from).collect(),
    };
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// The random numbers of an epoch.
fn generator(seed: u64, epoch: u64) -> StdRng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&epoch.to_le_bytes());
    StdRng::from_seed(key)
}

/// Digest of everything that a run's result depends on, but for the songs' numbers.
fn digest(spec: &Spec, songs: Songs, options: &TrainOptions) -> Result<String> {
    let sides = [songs.train, songs.validation].map(|side| {
        let song = |&song: &usize| (&songs.ids[song], songs.classes[song]);
        side.iter().map(song).collect::<Vec<_>>()
    });
    let rules = (
        options.patience,
        options.plateau,
        options.learning_rate,
        options.seed,
    );
    let text = serde_json::to_string(&(spec, sides, rules))?;
    Ok(files::sha256_of_parts(&[&text]))
}

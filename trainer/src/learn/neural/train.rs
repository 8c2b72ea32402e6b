//! The training loop, the same for every network and task.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Bytes, Tensor};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::checkpoint::{Checkpoint, weights, with_weights};
use super::history::{Epoch, History, Score};
use super::net::Net;
use collections::console;
use collections::files;

/// Epochs that take less seconds are no news.
const QUICK_S: f64 = 1.0;

/// What a network is trained for: what it is shown, what it should answer, and how it is
/// judged.
pub trait Task {
    /// One item of a batch.
    type Item;

    /// Digest of everything that a run's result depends on beside network and options, so
    /// that a checkpoint of other songs is noticed.
    ///
    /// # Errors
    /// Where it can't be serialised.
    fn digest(&self) -> Result<String>;

    /// The batches of one epoch, in the order in which they are shown.
    fn batches(&self, size: usize, rng: &mut StdRng) -> Vec<Vec<Self::Item>>;

    /// Shows a batch to a network in training; `rng` draws how it is augmented, then what is
    /// dropped.
    ///
    /// # Errors
    /// Where an item can't be read.
    fn step(&self, net: &Net, batch: &[Self::Item], rng: &mut StdRng) -> Result<Step>;

    /// Judges the validation songs by a network on the plain device.
    ///
    /// # Errors
    /// Where a song can't be read.
    fn judge(&self, net: &Net) -> Result<Score>;
}

/// What became of a batch.
#[derive(Debug)]
pub struct Step {
    /// What is to be minimised, one number.
    pub loss: Tensor<1>,
    /// Labelled items of the batch.
    pub labelled: usize,
    /// Those of them that the network got right.
    pub right: usize,
}

/// How to train: by `Adam`, or `AdamW` where there is a weight decay.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where `checkpoint.bin` and `log.csv` are kept. A run that finds a checkpoint of the
    /// same network, options and songs goes on from there.
    pub work_dir: PathBuf,
    /// Most epochs.
    pub epochs: usize,
    /// Epochs without a lower validation loss after which a network with early stopping
    /// ends.
    pub patience: usize,
    /// Learning rate of the first epoch.
    pub learning_rate: f64,
    /// How it falls.
    pub schedule: Schedule,
    /// Decoupled weight decay; 0 for none.
    pub weight_decay: f32,
    /// Largest norm of one weight tensor's gradient, where there is a limit.
    pub gradient_norm: Option<f32>,
    /// Everything random follows from it.
    pub seed: u64,
}

/// How the learning rate falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// By half a cosine over all epochs to zero (Loshchilov and Hutter 2017, without
    /// restarts).
    Cosine,
    /// It is halved after so many epochs without a lower validation loss.
    Plateau(usize),
}

impl Options {
    /// The learning rate of the epoch with that number.
    fn rate(&self, number: usize, history: &History) -> f64 {
        match self.schedule {
            Schedule::Plateau(_) => history.learning_rate,
            Schedule::Cosine => {
                let done = (number - 1) as f64 / self.epochs as f64;
                self.learning_rate * (std::f64::consts::PI * done).cos().midpoint(1.0)
            }
        }
    }

    /// What must stay the same for a run to go on. The epochs belong to it where the rate
    /// follows from them; else more of them go on with the same run.
    pub fn rules(&self) -> String {
        let by_plan = self.schedule == Schedule::Cosine;
        let rules = Self {
            work_dir: PathBuf::new(),
            epochs: if by_plan { self.epochs } else { 0 },
            ..self.clone()
        };
        format!("{rules:?}")
    }
}

/// A trained network.
#[derive(Debug)]
pub struct Trained {
    /// With the weights of its best epoch where it stops early, else of its last; on the
    /// plain device, ready to be asked or exported.
    pub net: Net,
    /// Every epoch of the run.
    pub epochs: Vec<Epoch>,
    /// The epoch that the weights are from, counted from 1; 0 where none was finished.
    pub best_epoch: usize,
    /// Why the run ended before its time, where it did: a loss that is no number.
    pub stopped: Option<String>,
}

/// Trains a network, which must be on a device that differentiates.
///
/// The result depends on the network's first weights, the task and the options alone, also
/// where a run was stopped and started again.
///
/// # Errors
/// Where items can't be read, where the work folder holds a checkpoint of another run, or
/// can't be written.
pub fn train<T: Task>(net: Net, task: &T, options: &Options) -> Result<Trained> {
    let mut run = Run::new(net, task, options)?;
    while !run.is_over() {
        run.epoch()?;
    }
    run.finish()
}

/// A run between two epochs.
pub(super) struct Run<'a, T> {
    task: &'a T,
    options: &'a Options,
    digest: String,
    net: Net,
    optimizer: ModuleOptimizer,
    history: History,
    /// Weights of the epoch that the run would end with.
    best: Vec<u8>,
    stopped: Option<String>,
}

impl<'a, T: Task> Run<'a, T> {
    /// Before the first epoch, or behind the last one of a checkpoint.
    pub fn new(net: Net, task: &'a T, options: &'a Options) -> Result<Self> {
        let clipping = options.gradient_norm.map(GradientClippingConfig::Norm);
        let spec = serde_json::to_string(&net.spec)?;
        let mut run = Self {
            digest: files::sha256_of_parts(&[&spec, &options.rules(), &task.digest()?]),
            optimizer: AdamWConfig::new()
                .with_weight_decay(options.weight_decay)
                .with_grad_clipping(clipping)
                .init(),
            history: History::new(options.learning_rate),
            best: weights(&net)?,
            stopped: None,
            task,
            options,
            net,
        };
        // A folder that can't be written to is not found out after the first epoch.
        std::fs::create_dir_all(&options.work_dir)
            .with_context(|| format!("{} can't be made", options.work_dir.display()))?;
        if let Some(checkpoint) = Checkpoint::load(&run.checkpoint())? {
            run.restore(checkpoint)?;
        }
        Ok(run)
    }

    fn checkpoint(&self) -> PathBuf {
        self.options.work_dir.join("checkpoint.bin")
    }

    fn restore(&mut self, checkpoint: Checkpoint) -> Result<()> {
        ensure!(
            checkpoint.run == self.digest,
            "{} belongs to a run with other options or songs; remove it, or work in another folder",
            self.checkpoint().display()
        );
        if checkpoint.history.epochs.len() > self.options.epochs {
            // A longer run can't be made shorter: its best epoch may come later.
            return Ok(());
        }
        self.net = with_weights(self.net.clone(), &checkpoint.net)?;
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
        let early =
            self.net.spec.early_stopping && self.history.is_exhausted(self.options.patience);
        early || self.stopped.is_some() || self.history.epochs.len() >= self.options.epochs
    }

    /// Trains one epoch, judges it and stores the state; an epoch with a loss that is no
    /// number ends the run as if it had not been begun.
    pub fn epoch(&mut self) -> Result<()> {
        let started = Instant::now();
        let number = self.history.epochs.len() + 1;
        let learning_rate = self.options.rate(number, &self.history);
        let [train_loss, train_accuracy] = self.pass(number, learning_rate)?;
        let validation = if train_loss.is_finite() {
            self.task.judge(&self.net.valid())?
        } else {
            Score::default()
        };
        if !(train_loss.is_finite() && validation.loss.is_finite()) {
            self.stopped = Some(format!("the loss of epoch {number} is not a number"));
            return Ok(());
        }
        let epoch = Epoch {
            number,
            train_loss,
            train_accuracy,
            val_loss: validation.loss,
            val_accuracy: validation.accuracy,
            val_macro_f1: validation.macro_f1,
            learning_rate,
            seconds: started.elapsed().as_secs_f64(),
        };
        let better = self.history.push(epoch);
        if let Schedule::Plateau(epochs) = self.options.schedule {
            self.history.reduce_on_plateau(epochs);
        }
        if better || !self.net.spec.early_stopping {
            self.best = weights(&self.net)?;
        }
        if epoch.seconds >= QUICK_S {
            note!(
                "{}, epoch {number}: loss {train_loss:.4}, accuracy {train_accuracy:.3}; \
                 validation {:.4}, {:.3}, macro-F1 {:.3}; {:.1} s",
                self.net.spec.name,
                epoch.val_loss,
                epoch.val_accuracy,
                epoch.val_macro_f1,
                epoch.seconds
            );
        }
        self.history
            .write_csv(&self.options.work_dir.join("log.csv"))?;
        Checkpoint::new(
            &self.digest,
            &self.history,
            &self.net,
            &self.optimizer,
            &self.best,
        )?
        .save(&self.checkpoint())
    }

    /// One pass over the batches of an epoch: mean loss and accuracy. It ends at a loss that
    /// is no number.
    fn pass(&mut self, number: usize, learning_rate: f64) -> Result<[f64; 2]> {
        let mut rng = generator(self.options.seed, number as u64);
        let batches = self.task.batches(self.net.spec.batch_size, &mut rng);
        let name = self.net.spec.name;
        let bar = console::progress(batches.len(), name);
        bar.set_prefix(format!("{name}, epoch {number}"));
        let (mut sum, mut items, mut labelled, mut right) = (0.0, 0.0, 0, 0);
        for batch in &batches {
            let (loss, step) = self.step(batch, learning_rate, &mut rng)?;
            sum += loss * batch.len() as f64;
            if !loss.is_finite() {
                break;
            }
            items += batch.len() as f64;
            labelled += step.labelled;
            right += step.right;
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok([sum / items, right as f64 / labelled.max(1) as f64])
    }

    /// One step of the optimiser; the loss before it.
    pub fn step(
        &mut self,
        batch: &[T::Item],
        learning_rate: f64,
        rng: &mut StdRng,
    ) -> Result<(f64, Step)> {
        let step = self.task.step(&self.net, batch, rng)?;
        let value = f64::from(step.loss.clone().try_into_scalar::<f32>()?);
        if value.is_finite() {
            let gradients = GradientsParams::from_grads(step.loss.backward(), &self.net);
            self.net = self
                .optimizer
                .step(learning_rate, self.net.clone(), gradients);
        }
        Ok((value, step))
    }

    fn finish(self) -> Result<Trained> {
        Ok(Trained {
            best_epoch: if self.net.spec.early_stopping {
                self.history.best_epoch
            } else {
                self.history.epochs.len()
            },
            net: with_weights(self.net, &self.best)?.valid(),
            epochs: self.history.epochs,
            stopped: self.stopped,
        })
    }
}

/// The random numbers of an epoch (0: before the first).
pub fn generator(seed: u64, epoch: u64) -> StdRng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&epoch.to_le_bytes());
    StdRng::from_seed(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_falls_by_plan() {
        let mut options = Options {
            work_dir: PathBuf::new(),
            epochs: 4,
            patience: 0,
            learning_rate: 1e-2,
            schedule: Schedule::Cosine,
            weight_decay: 0.0,
            gradient_norm: None,
            seed: 1,
        };
        let history = History::new(0.5);
        let rates: Vec<f64> = (1..=4).map(|n| options.rate(n, &history)).collect();
        for (rate, expected) in rates.iter().zip([1e-2, 8.536e-3, 5e-3, 1.464e-3]) {
            assert!((rate - expected).abs() < 1e-6, "{rates:?}");
        }
        options.schedule = Schedule::Plateau(2);
        assert!((options.rate(3, &history) - 0.5).abs() < 1e-12);
    }
}

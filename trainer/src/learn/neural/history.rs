//! What happened in each epoch, and what follows from it.

use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// How well songs were judged.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// What early stopping and the learning rate go by.
    pub loss: f64,
    /// Share of right answers, in [0, 1].
    pub accuracy: f64,
    /// Macro-averaged F1, in [0, 1].
    pub macro_f1: f64,
}

/// One epoch: a row of `log.csv`, a point of a training curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Number, counted from 1.
    pub number: usize,
    /// Mean loss over what was trained on.
    pub train_loss: f64,
    /// Share of it that the network got right.
    pub train_accuracy: f64,
    /// Loss over the validation songs.
    pub val_loss: f64,
    /// Share of the validation songs that it got right.
    pub val_accuracy: f64,
    /// Macro-averaged F1 over the validation songs.
    pub val_macro_f1: f64,
    /// Learning rate.
    pub learning_rate: f64,
    /// Wall time.
    pub seconds: f64,
}

/// The epochs so far, and the state of the two rules that watch the validation loss.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Every epoch that was finished.
    pub epochs: Vec<Epoch>,
    /// Epoch with the least validation loss, counted from 1; 0 before the first.
    pub best_epoch: usize,
    /// Its loss.
    best_loss: f64,
    /// Learning rate of the next epoch.
    pub learning_rate: f64,
    /// Epochs since the best one or since the rate was last reduced.
    waited: usize,
}

impl History {
    /// Before the first epoch.
    pub fn new(learning_rate: f64) -> Self {
        Self {
            epochs: Vec::new(),
            best_epoch: 0,
            best_loss: f64::INFINITY,
            learning_rate,
            waited: 0,
        }
    }

    /// Adds an epoch; says whether it is the best so far.
    pub fn push(&mut self, epoch: Epoch) -> bool {
        self.epochs.push(epoch);
        let better = epoch.val_loss < self.best_loss;
        if better {
            self.best_loss = epoch.val_loss;
            self.best_epoch = self.epochs.len();
            self.waited = 0;
        } else {
            self.waited += 1;
        }
        better
    }

    /// Halves the learning rate where `plateau` epochs have passed without a better one.
    pub fn reduce_on_plateau(&mut self, plateau: usize) {
        if self.waited >= plateau {
            self.learning_rate /= 2.0;
            self.waited = 0;
        }
    }

    /// Whether `patience` epochs have passed since the best one.
    pub fn is_exhausted(&self, patience: usize) -> bool {
        self.epochs.len() >= self.best_epoch + patience
    }

    /// Writes all epochs as CSV, in place of what was there.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn write_csv(&self, path: &Path) -> Result<()> {
        let mut writer = csv::Writer::from_path(path)
            .with_context(|| format!("{} can't be written", path.display()))?;
        for epoch in &self.epochs {
            writer.serialize(epoch)?;
        }
        Ok(writer.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plateau_halves_the_rate_and_patience_ends() {
        let mut history = History::new(0.1);
        let losses = [1.0, 0.5, 0.6, 0.6, 0.6, 0.6];
        let mut better = Vec::new();
        for (index, val_loss) in losses.into_iter().enumerate() {
            assert!(!history.is_exhausted(4));
            better.push(history.push(Epoch {
                number: index + 1,
                train_loss: 0.0,
                train_accuracy: 0.0,
                val_loss,
                val_accuracy: 0.0,
                val_macro_f1: 0.0,
                learning_rate: history.learning_rate,
                seconds: 0.0,
            }));
            history.reduce_on_plateau(2);
        }
        assert_eq!(better, [true, true, false, false, false, false]);
        assert_eq!((history.best_epoch, history.best_loss), (2, 0.5));
        assert!((history.learning_rate - 0.025).abs() < 1e-12);
        assert!(history.is_exhausted(4));
    }
}

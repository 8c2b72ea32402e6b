//! Plain classification: one answer for a whole song, as in the study.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, ensure};
use burn::tensor::activation::{log_sigmoid, log_softmax};
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::Array2;
use ndarray_npy::ReadNpyExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::history::Score;
use super::net::{Net, values};
use super::scale::{Moments, Scale};
use super::spec::Spec;
use super::train::{self, Options, Step, Task, Trained};
use crate::evaluate::metrics::{argmax, macro_f1};
use collections::console::Hint;
use collections::files;

/// The songs' numbers, one row a song.
pub trait Inputs: Sync {
    /// Appends the numbers of a song to `out`.
    ///
    /// # Errors
    /// Where they can't be read.
    fn append(&self, song: usize, out: &mut Vec<f32>) -> Result<()>;
}

/// Rows of features, none of them missing.
impl Inputs for Vec<Vec<f64>> {
    fn append(&self, song: usize, out: &mut Vec<f32>) -> Result<()> {
        let row = self.get(song).context("there is no such row")?;
        out.extend(row.iter().map(|&value| value as f32));
        Ok(())
    }
}

/// Spectrograms `[bands, frames]` in `.npy` files, read when they are needed: a library
/// of songs does not fit into memory.
impl Inputs for Vec<PathBuf> {
    fn append(&self, song: usize, out: &mut Vec<f32>) -> Result<()> {
        let path = self.get(song).context("there is no such spectrogram")?;
        let file = File::open(path).with_context(|| format!("{} can't be read", path.display()))?;
        let vector = Array2::<f32>::read_npy(BufReader::with_capacity(1 << 20, file))
            .with_context(|| format!("{} is no spectrogram", path.display()))?;
        out.extend(vector.iter());
        Ok(())
    }
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
    /// Songs to learn from.
    pub train: &'a [usize],
    /// Songs to choose the epoch by.
    pub validation: &'a [usize],
}

/// Trains a network that has one head, of [`Spec::with_classes`].
///
/// # Errors
/// As [`train::train`]; where songs are missing on a side, or where the very first epoch has
/// no finite loss.
pub fn train(spec: &Spec, songs: Songs, options: &Options) -> Result<Trained> {
    ensure!(!songs.train.is_empty(), "there is no song to train on");
    ensure!(
        !songs.validation.is_empty(),
        "there is no song to validate on"
    );
    let device = Device::default().autodiff();
    let mut rng = StdRng::seed_from_u64(options.seed);
    let net = Net::new(spec.clone(), &songs.scale(spec)?, &mut rng, &device)?;
    let trained = train::train(net, &songs, options)?;
    if let (Some(reason), 0) = (&trained.stopped, trained.best_epoch) {
        return Err(anyhow!("{}: {reason}", spec.name))
            .hint("leave this network out: name the others, each with --net");
    }
    Ok(trained)
}

/// Probabilities of every class, for each of these songs.
///
/// # Errors
/// Where a song can't be read.
pub fn predict_proba(net: &Net, inputs: &dyn Inputs, songs: &[usize]) -> Result<Vec<Vec<f64>>> {
    let mut answers = Vec::with_capacity(songs.len());
    for songs in songs.chunks(net.spec.batch_size) {
        answers.extend(probabilities(forward(net, inputs, songs, None)?)?);
    }
    Ok(answers)
}

impl Songs<'_> {
    /// Measures the songs of training, no others.
    fn scale(&self, spec: &Spec) -> Result<Scale> {
        let mut moments = Moments::new(spec.input.columns());
        let mut numbers = Vec::with_capacity(spec.input.len());
        for &song in self.train {
            numbers.clear();
            self.inputs.append(song, &mut numbers)?;
            check(&numbers, spec.input.len(), song)?;
            for row in numbers.chunks_exact(spec.input.columns()) {
                moments.add(row);
            }
        }
        Ok(Scale::of(&moments))
    }

    /// Compares logits with the classes of these songs; also gives the answers.
    fn compare(&self, logits: Tensor<2>, songs: &[usize]) -> Result<(Step, Vec<usize>)> {
        let answers = probabilities(logits.clone())?;
        let answers: Vec<usize> = answers.iter().map(argmax).collect();
        let truth = songs.iter().map(|&song| self.classes[song]);
        let right = truth.clone().zip(&answers);
        let step = Step {
            right: right.filter(|(class, answer)| class == *answer).count(),
            loss: loss(logits, truth),
            labelled: songs.len(),
        };
        Ok((step, answers))
    }
}

impl Task for Songs<'_> {
    type Item = usize;

    fn digest(&self) -> Result<String> {
        let sides = [self.train, self.validation].map(|side| {
            let song = |&song: &usize| (&self.ids[song], self.classes[song]);
            side.iter().map(song).collect::<Vec<_>>()
        });
        Ok(files::sha256_of_parts(&[&serde_json::to_string(&sides)?]))
    }

    fn batches(&self, size: usize, rng: &mut StdRng) -> Vec<Vec<usize>> {
        let mut order = self.train.to_vec();
        order.shuffle(rng);
        order.chunks(size).map(<[usize]>::to_vec).collect()
    }

    fn step(&self, net: &Net, batch: &[usize], rng: &mut StdRng) -> Result<Step> {
        let logits = forward(net, self.inputs, batch, Some(rng))?;
        Ok(self.compare(logits, batch)?.0)
    }

    fn judge(&self, net: &Net) -> Result<Score> {
        let (mut sum, mut right, mut answers) = (0.0, 0, Vec::new());
        for songs in self.validation.chunks(net.spec.batch_size) {
            let logits = forward(net, self.inputs, songs, None)?;
            let (step, said) = self.compare(logits, songs)?;
            sum += f64::from(step.loss.try_into_scalar::<f32>()?) * songs.len() as f64;
            right += step.right;
            answers.extend(said);
        }
        let truth: Vec<usize> = self.validation.iter().map(|&s| self.classes[s]).collect();
        Ok(Score {
            loss: sum / truth.len() as f64,
            accuracy: right as f64 / truth.len() as f64,
            macro_f1: macro_f1(&truth, &answers),
        })
    }
}

/// The logits of these songs, `[batch, outputs]`.
fn forward(
    net: &Net,
    inputs: &dyn Inputs,
    songs: &[usize],
    dropout: Option<&mut StdRng>,
) -> Result<Tensor<2>> {
    let width = net.spec.input.len();
    let mut numbers = Vec::with_capacity(songs.len() * width);
    for (index, &song) in songs.iter().enumerate() {
        inputs.append(song, &mut numbers)?;
        check(&numbers[index * width..], width, song)?;
    }
    let data = TensorData::new(numbers, [songs.len(), width]);
    let mut heads = net.forward(Tensor::from_data(data, &net.device()), dropout)?;
    let logits = heads.pop().context("the network has no head")?;
    Ok(logits.squeeze_dim(1))
}

fn check(numbers: &[f32], expected: usize, song: usize) -> Result<()> {
    ensure!(
        numbers.len() == expected,
        "song {song} has {} numbers, expected {expected}",
        numbers.len()
    );
    ensure!(
        numbers.iter().all(|value| value.is_finite()),
        "song {song} holds a value that is not a number"
    );
    Ok(())
}

/// Mean cross-entropy in nats: binary for one output, else categorical.
fn loss(logits: Tensor<2>, classes: impl Iterator<Item = usize>) -> Tensor<1> {
    let [count, width] = logits.dims();
    let first = usize::from(width == 1);
    let targets: Vec<f32> = classes
        .flat_map(|class| {
            (first..first + width).map(move |other| f32::from(u8::from(other == class)))
        })
        .collect();
    let targets = TensorData::new(targets, [count, width]);
    let targets = Tensor::<2>::from_data(targets, &logits.device());
    let likelihood = if width == 1 {
        // log(1 - s(x)) = log(s(-x)).
        log_sigmoid(logits.clone()) * targets.clone()
            + log_sigmoid(logits.neg()) * (targets.neg() + 1.0)
    } else {
        log_softmax(logits, 1) * targets
    };
    likelihood.sum().div_scalar(-(count as f32))
}

/// Probabilities of every class from logits `[songs, outputs]`, song by song.
fn probabilities(logits: Tensor<2>) -> Result<Vec<Vec<f64>>> {
    let width = logits.dims()[1];
    let softmax = |logits: &[f32]| {
        let second = logits.iter().copied().map(f64::from);
        let all = std::iter::repeat_n(0.0, usize::from(width == 1)).chain(second);
        let logits: Vec<f64> = all.collect();
        let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights = logits.iter().map(|logit| (logit - largest).exp());
        let sum: f64 = weights.clone().sum();
        weights.map(|weight| weight / sum).collect()
    };
    Ok(values(logits)?.chunks(width).map(softmax).collect())
}

//! What the bundled network is trained for: mood, arousal and valence of songs, by random
//! augmented crops of them, with a teacher's lessons beside the labels.
//!
//! Everything here works on log-mel frames `[frames, 96]` as [`undertone::spectrum::mel`]
//! makes them (62.5 frames a second, natural values of log10(1 + 10⁴·power), 0 to about 5).

mod crops;
mod lesson;
mod loss;
mod material;
mod song;
#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::ArrayView2;
use rand::rngs::StdRng;
use serde::Serialize;
use undertone::Mood;
use undertone::network::{STEP_FRAMES, WINDOW_FRAMES};
use undertone::spectrum::N_MELS;

use self::crops::{Crop, append_window, augment, crops_of, plan};
pub use self::lesson::Lessons;
use self::lesson::append_lesson;
use self::loss::{Targets, cell_weights, judge};
use self::material::Item;
pub use self::material::Material;
use self::song::song_outputs;
use super::history::Score;
use super::net::Net;
use super::scale::{Moments, Scale};
use super::spec::{Activation, Head, Input, Spec};
use super::train::{self, Schedule, Step, Task, Trained, generator};
use super::zoo;
use crate::files;
use crate::measured::example::Example;

/// How to train.
#[derive(Debug, Clone)]
pub struct Options {
    /// The network, without a head for lessons.
    pub spec: Spec,
    /// Epochs, rates, and where the run is kept.
    pub training: train::Options,
    /// What is shown and what counts.
    pub rules: Rules,
}

/// What is shown of the songs, and what counts in the loss.
#[derive(Debug, Clone, Serialize)]
pub struct Rules {
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
}

impl Options {
    /// The options that the shipped network is trained with.
    pub fn new(work_dir: PathBuf) -> Self {
        Self {
            spec: zoo::mood(),
            training: train::Options {
                work_dir,
                epochs: 36,
                patience: 0,
                learning_rate: 1e-3,
                schedule: Schedule::Cosine,
                weight_decay: 1e-2,
                gradient_norm: Some(1.0),
                seed: 1,
            },
            rules: Rules {
                crop_every: 2.0 * WINDOW_FRAMES as f64,
                crops_per_song: 6,
                label_smoothing: 0.1,
                affect_weight: 0.2,
                lesson_weight: 1.0,
            },
        }
    }
}

/// Trains a network on the examples of [`Split::Train`], and on what a teacher says of
/// them and of recordings without a label.
///
/// After each epoch whole songs of [`Split::Validation`] are judged, for the log alone: the
/// weights are those of the last epoch, whose learning rate is next to nothing. An epoch
/// chosen on a few hundred songs would be a lottery, and those songs no longer unseen.
///
/// # Errors
/// Where the examples do not allow it (a mood or a split is missing, a value is not a
/// number), where the loss stops being a number, and as [`train::train`].
///
/// [`Split::Train`]: crate::measured::example::Split::Train
/// [`Split::Validation`]: crate::measured::example::Split::Validation
pub fn train(material: &Material, options: &Options) -> Result<Trained> {
    let songs = Songs::new(material, options)?;
    let trained = train::train(songs.net(options)?, &songs, &options.training)?;
    if let Some(reason) = trained.stopped {
        bail!("{reason}; lower the learning rate");
    }
    Ok(trained)
}

/// Recordings in training.
struct Songs<'a> {
    material: &'a Material<'a>,
    rules: &'a Rules,
    training: Vec<Item<'a>>,
    validation: Vec<&'a Example>,
    scale: Scale,
}

impl<'a> Songs<'a> {
    fn new(material: &'a Material<'a>, options: &'a Options) -> Result<Self> {
        let rules = &options.rules;
        let (mut training, validation) = (material.training(), material.validation());
        check(&options.spec)?;
        check_songs(&training, &validation)?;
        balance(&mut training, rules)?;
        let mut moments = Moments::new(N_MELS);
        for item in &training {
            item.log_mel
                .rows()
                .into_iter()
                .for_each(|row| moments.add(row));
            ensure!(
                moments.is_finite(),
                "the log-mel frames of {} hold a value that is not a number",
                item.id
            );
        }
        Ok(Self {
            scale: Scale::new(options.spec.input, &moments)?,
            material,
            rules,
            training,
            validation,
        })
    }

    /// The network before training, with a head that repeats what a teacher says, where one
    /// does.
    fn net(&self, options: &Options) -> Result<Net> {
        let mut spec = options.spec.clone();
        let units = self.material.lessons.width();
        if units > 0 {
            spec.heads.push(Head {
                name: "lesson",
                units,
                use_bias: false,
                activation: Activation::Linear,
                auxiliary: true,
            });
        }
        let mut rng = generator(options.training.seed, 0);
        Net::new(spec, &self.scale, &mut rng, &Device::default().autodiff())
    }

    /// The augmented windows of the crops, `[crops, WINDOW_FRAMES · bands]`, and what the
    /// network should answer.
    fn batch(&self, crops: &[Crop], rng: &mut StdRng) -> (TensorData, Targets) {
        let lessons = self.material.lessons;
        let mut input = Vec::with_capacity(crops.len() * WINDOW_FRAMES * N_MELS);
        let mut targets = Targets::default();
        for crop in crops {
            let item = &self.training[crop.song];
            let from = input.len();
            append_window(item.log_mel, crop.start, &mut input);
            augment(&mut input[from..], &self.scale.mean, rng);
            match item.label {
                Some(label) => targets.push(label.mood, label.weight, self.rules.label_smoothing),
                None => targets.push_unlabelled(),
            }
            let frames = item.log_mel.nrows();
            if let Some(lesson) = lessons.get(item.id) {
                append_lesson(lesson.view(), frames, crop.start, &mut targets.lessons);
                targets.taught.push(1.0);
            } else {
                let none = WINDOW_FRAMES / STEP_FRAMES * lessons.width();
                targets.lessons.extend(std::iter::repeat_n(0.0, none));
                targets.taught.push(0.0);
            }
        }
        let shape = [crops.len(), WINDOW_FRAMES * N_MELS];
        (TensorData::new(input, shape), targets)
    }
}

impl Task for Songs<'_> {
    type Item = Crop;

    fn digest(&self) -> Result<String> {
        let examples = self.material.examples.iter();
        let songs: Vec<_> = examples
            .map(|e| (&e.id, e.split, e.mood, e.weight, e.log_mel.nrows()))
            .collect();
        let unlabelled = self.material.unlabelled.iter();
        let unlabelled: Vec<_> = unlabelled
            .map(|(id, frames)| (id, frames.nrows()))
            .collect();
        let parts = serde_json::to_string(&(self.rules, songs, unlabelled))?;
        Ok(files::sha256_of_parts(&[&parts]))
    }

    /// A rest of less than half a batch is left out (the crops are in random order), because
    /// the batch normalisation would be noisy.
    fn batches(&self, size: usize, rng: &mut StdRng) -> Vec<Vec<Crop>> {
        let frames = self.training.iter().map(|item| item.log_mel.nrows());
        let rules = self.rules;
        let crops = plan(
            &frames.collect::<Vec<_>>(),
            rules.crop_every,
            rules.crops_per_song,
            rng,
        );
        let mut batches: Vec<Vec<Crop>> = crops.chunks(size).map(<[Crop]>::to_vec).collect();
        if batches.len() > 1 && batches.last().is_some_and(|last| last.len() * 2 < size) {
            batches.pop();
        }
        batches
    }

    fn step(&self, net: &Net, crops: &[Crop], rng: &mut StdRng) -> Result<Step> {
        let (input, targets) = self.batch(crops, rng);
        let device = net.device();
        let heads = net.forward(Tensor::from_data(input, &device), Some(rng))?;
        let mut heads = heads.into_iter();
        let output = heads.next().context("the network has no head")?;
        let (labelled, right) = targets.count(output.clone())?;
        let mut loss = targets.loss(output, self.rules.affect_weight, &device);
        if let Some(repeated) = heads.next() {
            let distance = targets.distance(repeated, self.material.lessons.shares(), &device);
            loss = loss + distance.mul_scalar(self.rules.lesson_weight);
        }
        Ok(Step {
            loss,
            labelled,
            right,
        })
    }

    /// Judges whole songs.
    fn judge(&self, net: &Net) -> Result<Score> {
        let songs = self.validation.iter().map(|e| e.log_mel.view());
        let songs: Vec<ArrayView2<f32>> = songs.collect();
        let moods: Vec<Mood> = self.validation.iter().map(|e| e.mood).collect();
        judge(&song_outputs(net, &songs)?, &moods)
    }
}

/// Weighs the labels so that moods and corpora balance.
fn balance(training: &mut [Item], rules: &Rules) -> Result<()> {
    let mut crops = BTreeMap::new();
    for item in training.iter() {
        if let Some(label) = item.label {
            let frames = item.log_mel.nrows();
            *crops.entry((label.corpus, label.mood)).or_default() +=
                crops_of(frames, rules.crop_every, rules.crops_per_song);
        }
    }
    let weights = cell_weights(&crops)?;
    for label in training.iter_mut().filter_map(|item| item.label.as_mut()) {
        label.weight *= weights[&(label.corpus, label.mood)];
    }
    Ok(())
}

/// Whether the network answers once a step, whatever the length of a window.
fn check(spec: &Spec) -> Result<()> {
    for frames in [STEP_FRAMES, WINDOW_FRAMES] {
        let input = Input::Window([frames, N_MELS]);
        let [steps, _] = Spec {
            input,
            ..spec.clone()
        }
        .features()?;
        ensure!(
            spec.input == Input::Window([WINDOW_FRAMES, N_MELS]) && steps * STEP_FRAMES == frames,
            "{} answers {steps} times in {frames} frames, expected once every {STEP_FRAMES}",
            spec.name
        );
    }
    Ok(())
}

/// Names the first song that makes training impossible.
fn check_songs(training: &[Item], validation: &[&Example]) -> Result<()> {
    let labelled = training.iter().any(|item| item.label.is_some());
    ensure!(labelled, "there is no training example");
    ensure!(!validation.is_empty(), "there is no validation example");
    let validation = validation.iter().map(|e| (e.id.as_str(), e.log_mel.view()));
    let training = training.iter().map(|item| (item.id, item.log_mel));
    for (id, log_mel) in training.chain(validation) {
        let [frames, bands] = [log_mel.nrows(), log_mel.ncols()];
        ensure!(
            frames >= STEP_FRAMES && bands == N_MELS,
            "{id} has {frames} frames of {bands} bands, expected at least {STEP_FRAMES} of {N_MELS}"
        );
    }
    Ok(())
}

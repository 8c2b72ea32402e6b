//! What the bundled network's last layers are trained for: moods, arousal and valence, and what
//! a sound is, from what the network's body ([`crate::learn::body`]) hears of songs.
//!
//! Every corpus keeps its own kind of label: quadrants, listeners' arousal and valence, clusters
//! of mood words, feelings. What is no mood helps the layers that all answers share.

mod rules;
mod targets;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::{Array2, s};
use rand::rngs::StdRng;
use rand::seq::{IteratorRandom, SliceRandom};
use rand_distr::{Beta, Distribution};
use undertone::card::LabelSpace;
use undertone::kind::Kind;
use undertone::network::{OUTPUTS, WINDOW_STEPS};
use undertone::{Affect, Mood};

pub use self::rules::Rules;
use self::targets::{Target, cell_weights, count, loss};
use super::experts;
use super::history::Score;
use super::net::{Net, values};
use super::scale::{Moments, Scale};
use super::spec::{Activation, Head, Input, Spec};
use super::train::{self, Schedule, Step, Task, Trained, generator};
use super::zoo;
use crate::evaluate::calibrate::fit_temperature;
use crate::evaluate::metrics::{argmax, macro_f1};
use crate::songs::song::Song;
use collections::files;

/// Epochs that the shipped network is trained for.
pub const EPOCHS: usize = 12;

/// A song, and what the body hears of it: `[windows · WINDOW_STEPS, width]`.
#[derive(Debug, Clone, Copy)]
pub struct Recording<'a> {
    /// With its label.
    pub song: &'a Song,
    /// Tokens, window by window.
    pub tokens: &'a Array2<f32>,
}

/// How to train.
#[derive(Debug, Clone)]
pub struct Options {
    /// The layers, without heads that only help in training.
    pub spec: Spec,
    /// Epochs, rates, and where the run is kept.
    pub training: train::Options,
    /// What is shown and what counts.
    pub rules: Rules,
}

impl Options {
    /// The command that repeats the run.
    pub fn command(&self) -> String {
        let train::Options { epochs, seed, .. } = self.training;
        format!("trainer train network --epochs {epochs} --seed {seed}")
    }

    /// All that a run's result depends on beside its songs.
    ///
    /// # Errors
    /// Where it can't be serialised.
    pub fn rules(&self) -> Result<String> {
        Ok(format!(
            "{}{}{}",
            serde_json::to_string(&self.spec)?,
            serde_json::to_string(&self.rules)?,
            self.training.rules()
        ))
    }

    /// The options that the shipped network is trained with.
    pub fn new(work_dir: PathBuf) -> Self {
        Self {
            spec: zoo::mood(),
            training: train::Options {
                work_dir,
                epochs: EPOCHS,
                patience: 0,
                learning_rate: 2e-3,
                schedule: Schedule::Cosine,
                weight_decay: 3.0,
                gradient_norm: Some(1.0),
                seed: 1,
            },
            rules: Rules::default(),
        }
    }
}

/// Trains the layers on `training`; after each epoch the songs of `validation` with a mood, or
/// where there are none those of training, are judged, for the log alone: the weights are those
/// of the last epoch, whose learning rate is next to nothing.
///
/// # Errors
/// Where the songs do not allow it (a mood is missing, a value is not a number), where the loss
/// stops being a number, and as [`train::train`].
pub fn train(
    training: &[Recording],
    validation: &[Recording],
    options: &Options,
) -> Result<Trained> {
    let songs = Songs::new(training, validation, options)?;
    let trained = train::train(songs.net(options)?, &songs, &options.training)?;
    if let Some(reason) = trained.stopped {
        bail!("{reason}; lower the learning rate");
    }
    Ok(trained)
}

/// The network's mean answer to each recording, over all of its seconds.
///
/// # Errors
/// Where a recording has no whole window.
pub fn answers(net: &Net, recordings: &[Recording]) -> Result<Vec<[f32; OUTPUTS]>> {
    let one = |recording: &Recording| -> Result<[f32; OUTPUTS]> {
        let windows = recording.tokens.nrows() / WINDOW_STEPS;
        ensure!(windows > 0, "nothing was heard of {}", recording.song.id);
        let all: Vec<_> = (0..windows).map(|window| (recording, window)).collect();
        let heads = net.forward(batch(&all, &net.device()), None)?;
        let raw = heads.into_iter().next();
        let raw: Tensor<2> = raw.context("the network has no head")?.flatten(0, 1);
        let experts = (raw.dims()[1] - OUTPUTS) / (Mood::COUNT + 1);
        let means = values(experts::answers(&raw, experts).mean_dim(0))?;
        means
            .try_into()
            .map_err(|_| anyhow::anyhow!("the network answers with other numbers"))
    };
    recordings.iter().map(one).collect()
}

/// The tokens of windows, one a row.
fn batch(windows: &[(&Recording, usize)], device: &Device) -> Tensor<2> {
    let mut input: Vec<f32> = Vec::new();
    for (recording, window) in windows {
        let steps = window * WINDOW_STEPS..(window + 1) * WINDOW_STEPS;
        input.extend(recording.tokens.slice(s![steps, ..]).iter());
    }
    let width = input.len() / windows.len().max(1);
    Tensor::from_data(TensorData::new(input, [windows.len(), width]), device)
}

/// Recordings in training.
struct Songs<'a> {
    training: &'a [Recording<'a>],
    targets: Vec<Target>,
    /// Songs with a mood that are judged after each epoch.
    judged: Vec<Recording<'a>>,
    /// Names of the corpora with moods, in the order of their numbers.
    experts: Vec<&'a str>,
    /// Names of the clusters, in the order of their numbers.
    clusters: Vec<&'a str>,
    rules: Rules,
    scale: Scale,
}

impl<'a> Songs<'a> {
    fn new(
        training: &'a [Recording<'a>],
        validation: &[Recording<'a>],
        options: &Options,
    ) -> Result<Self> {
        let Input::Sequence([_, width]) = options.spec.input else {
            bail!("{} does not look at tokens", options.spec.name);
        };
        let mut moments = Moments::new(width);
        for recording in training.iter().chain(validation) {
            let [steps, columns] = [recording.tokens.nrows(), recording.tokens.ncols()];
            ensure!(
                steps >= WINDOW_STEPS && columns == width,
                "{} has {steps} steps of {columns} numbers, expected at least {WINDOW_STEPS} of {width}",
                recording.song.id
            );
        }
        for recording in training {
            recording
                .tokens
                .rows()
                .into_iter()
                .for_each(|row| moments.add(row));
            ensure!(
                moments.is_finite(),
                "the tokens of {} hold a value that is not a number",
                recording.song.id
            );
        }
        let clusters: BTreeSet<&str> = training
            .iter()
            .filter(|recording| recording.song.label_space == LabelSpace::MoodCluster)
            .map(|recording| &*recording.song.label)
            .collect();
        let clusters: Vec<&str> = clusters.into_iter().collect();
        let songs = training.iter().map(|recording| recording.song);
        let experts: BTreeSet<&str> = songs
            .filter(|song| mood(song).is_some())
            .map(|song| &*song.corpus)
            .collect();
        let experts: Vec<&str> = experts.into_iter().collect();
        let with_mood = |recording: &&Recording| mood(recording.song).is_some();
        let judged = if validation.is_empty() {
            training
        } else {
            validation
        };
        let judged = judged.iter().filter(with_mood).copied().collect();
        Ok(Self {
            targets: targets(training, &experts, &clusters)?,
            scale: Scale::of(&moments),
            rules: options.rules,
            training,
            judged,
            experts,
            clusters,
        })
    }

    /// The layers before training, with heads for the labels that are no moods.
    fn net(&self, options: &Options) -> Result<Net> {
        let mut spec = options.spec.clone();
        spec.heads = vec![zoo::answers(self.experts.len())];
        let heads = [("clusters", self.clusters.len()), ("felt", 2)];
        for (name, units) in heads.into_iter().filter(|head| head.1 > 0) {
            spec.heads.push(Head {
                name,
                units,
                activation: Activation::Linear,
                auxiliary: true,
            });
        }
        let mut rng = generator(options.training.seed, 0);
        Net::new(spec, &self.scale, &mut rng, &Device::default().autodiff())
    }
}

/// The mood of a song, where its label is one of perceived emotion.
fn mood(song: &Song) -> Option<Mood> {
    song.mood.filter(|_| song.label_space.has_moods())
}

/// What every song should be answered with.
fn targets(training: &[Recording], experts: &[&str], clusters: &[&str]) -> Result<Vec<Target>> {
    let mut cells: BTreeMap<(&str, Mood), usize> = BTreeMap::new();
    for song in training.iter().map(|recording| recording.song) {
        if let Some(mood) = mood(song) {
            *cells.entry((&*song.corpus, mood)).or_default() += 1;
        }
    }
    let weights = cell_weights(&cells)?;
    let pair = |affect: Affect| [affect.arousal, affect.valence];
    let of = |song: &Song, space| song.affect.filter(|_| song.label_space == space).map(pair);
    let target = |recording: &Recording| {
        let song = recording.song;
        let kind = Kind::HEARD.iter().position(|kind| {
            song.label_space == LabelSpace::SoundKind && kind.name() == &*song.label
        });
        let own = |corpus: &&str| *corpus == &*song.corpus;
        Target {
            expert: mood(song).and_then(|_| experts.iter().position(own)),
            mood: mood(song).map(|mood| {
                let weight = weights[&(&*song.corpus, mood)];
                (mood.index(), song.weight * weight)
            }),
            affect: of(song, LabelSpace::PerceivedAffect),
            felt: of(song, LabelSpace::InducedFeeling),
            kind: kind.unwrap_or(0),
            cluster: clusters.iter().position(|cluster| {
                song.label_space == LabelSpace::MoodCluster && *cluster == &*song.label
            }),
        }
    };
    Ok(training.iter().map(target).collect())
}

impl Task for Songs<'_> {
    /// A song and one of its windows.
    type Item = (usize, usize);

    fn digest(&self) -> Result<String> {
        let songs = self.training.iter().chain(&self.judged);
        let songs: Vec<_> = songs
            .map(|Recording { song, tokens }| {
                let affect = song.affect.map(|affect| [affect.arousal, affect.valence]);
                (
                    &song.id,
                    song.mood,
                    &*song.label,
                    affect,
                    song.weight,
                    tokens.nrows(),
                )
            })
            .collect();
        let parts = serde_json::to_string(&(self.rules, songs))?;
        Ok(files::sha256_of_parts(&[&parts]))
    }

    /// So many windows of every song, in random order; a rest of less than half a batch is
    /// left out.
    fn batches(&self, size: usize, rng: &mut StdRng) -> Vec<Vec<Self::Item>> {
        let mut items = Vec::new();
        for (song, recording) in self.training.iter().enumerate() {
            let windows = 0..recording.tokens.nrows() / WINDOW_STEPS;
            let drawn = windows.choose_multiple(rng, self.rules.windows_per_song);
            items.extend(drawn.into_iter().map(|window| (song, window)));
        }
        items.shuffle(rng);
        let mut batches: Vec<Vec<_>> = items.chunks(size).map(<[_]>::to_vec).collect();
        if batches.len() > 1 && batches.last().is_some_and(|last| last.len() * 2 < size) {
            batches.pop();
        }
        batches
    }

    fn step(&self, net: &Net, items: &[Self::Item], rng: &mut StdRng) -> Result<Step> {
        let mut others = items.to_vec();
        others.shuffle(rng);
        let share = Beta::new(self.rules.mixup, self.rules.mixup)?.sample(rng);
        let of = |items: &[Self::Item]| {
            let windows = items
                .iter()
                .map(|&(song, window)| (&self.training[song], window));
            batch(&windows.collect::<Vec<_>>(), &net.device())
        };
        let mixed = of(items).mul_scalar(share) + of(&others).mul_scalar(1.0 - share);
        let heads = net.forward(mixed, Some(rng))?;
        let raw = heads.first().context("the network has no head")?.clone();
        let [targets, other_targets] = [items, &others].map(|items| {
            let targets = items.iter().map(|item| &self.targets[item.0]);
            targets.collect::<Vec<&Target>>()
        });
        let (labelled, right) = count(raw, &targets, self.experts.len())?;
        let counts = [self.experts.len(), self.clusters.len()];
        let own = loss(heads.clone(), &targets, &self.rules, counts)?;
        let other = loss(heads, &other_targets, &self.rules, counts)?;
        Ok(Step {
            loss: own.mul_scalar(share) + other.mul_scalar(1.0 - share),
            labelled,
            right,
        })
    }

    /// Judges whole songs, at the temperature that suits them best: the page divides by one.
    fn judge(&self, net: &Net) -> Result<Score> {
        let answers = answers(net, &self.judged)?;
        let logits: Vec<[f32; Mood::COUNT]> = answers
            .iter()
            .map(|answer| std::array::from_fn(|i| answer[i]))
            .collect();
        let truth: Vec<usize> = self
            .judged
            .iter()
            .filter_map(|recording| Some(mood(recording.song)?.index()))
            .collect();
        let shares: Vec<[f64; Mood::COUNT]> = logits.iter().map(|row| row.map(f64::from)).collect();
        let said: Vec<usize> = shares.iter().map(argmax).collect();
        let right = truth.iter().zip(&said).filter(|(a, b)| a == b).count();
        Ok(Score {
            // A logit that is no number has a loss that is none.
            loss: fit_temperature(&truth, &logits).map_or(f64::NAN, |fitted| fitted.log_loss_after),
            accuracy: right as f64 / truth.len() as f64,
            macro_f1: macro_f1(&truth, &said),
        })
    }
}

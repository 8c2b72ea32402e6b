//! What every system says of songs that it was not fitted on: fitted on one side of a
//! division of the table, asked about the other, and kept in the work folder.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::{Context, Result};
use ndarray::{Array2, Axis};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use undertone::Mood;
use undertone::network::OUTPUTS;

use crate::evaluate::Predictions;
use crate::learn::body;
use crate::learn::classic::{self, EnsembleOptions};
use crate::learn::neural::mood::{self, Recording};
use crate::measured::cache;
use crate::measured::example::{Example, Split};
use crate::songs::song::Song;
use collections::files;

/// Penalty of a regression on the body's mean token, as scikit-learn's `C=0.003`: there are
/// four times as many numbers as descriptors, and they are correlated.
const BODY_ALPHA: f64 = 300.0;
/// Name of that regression in tables.
pub const BODY_REGRESSION: &str = "regression on CED";
/// To be raised when a system changes what it says of the same songs.
const VERSION: &str = "answers 2";

/// Which side each song is on, by its name; a song without one takes no part.
pub type Sides<'a> = HashMap<&'a str, Split>;

/// All that systems are fitted on.
pub struct Material<'a> {
    work: &'a Path,
    songs: &'a [Song],
    /// The songs with a mood, measured.
    pub examples: Vec<Example>,
    /// What the body hears of the songs, by their names.
    tokens: HashMap<String, Array2<f32>>,
}

/// What systems say of songs, by the songs' names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answers {
    /// Probabilities of systems that have no temperature of their own, by the name of each.
    pub systems: Vec<(String, BTreeMap<String, [f64; Mood::COUNT]>)>,
    /// How far songs are from the ensemble's training songs.
    pub distances: BTreeMap<String, f32>,
    /// Mean answers of the network, as [`undertone::network::OUTPUTS`] says.
    pub network: BTreeMap<String, [f32; OUTPUTS]>,
}

impl<'a> Material<'a> {
    /// Reads the caches of a work folder.
    ///
    /// # Errors
    /// When songs were not measured, or the body has not heard them.
    pub fn load(work: &'a Path, songs: &'a [Song]) -> Result<Self> {
        Ok(Self {
            work,
            songs,
            examples: cache::load(work, songs)?,
            tokens: body::tokens(work)?,
        })
    }

    /// The songs that the body has heard.
    pub fn recordings(&self) -> Vec<Recording<'_>> {
        recordings(self.songs, &self.tokens)
    }

    /// Fits every system on the training side and asks it about the other; what an earlier run
    /// has kept under that name is read instead, where nothing has changed.
    ///
    /// # Errors
    /// When a system can't be fitted, or the work folder can't be written to.
    pub fn ask(&self, name: &str, sides: &Sides, training: &mood::Options) -> Result<Answers> {
        let folder = self.work.join("folds").join(name.replace(['/', ' '], "-"));
        note!("{name}");
        let songs = self.digest(sides)?;
        let mut answers = kept(&folder.join("descriptors.json"), &songs, || {
            self.by_descriptors(sides)
        })?;
        let rules = training.rules()?;
        let digest = files::sha256_of_parts(&[&songs, &rules]);
        let mut training = training.clone();
        // A run of other songs or options has a folder of its own.
        training.training.work_dir = folder.join(&digest);
        let path = folder.join("network.json");
        answers.network = kept(&path, &digest, || self.by_network(sides, &training))?;
        Ok(answers)
    }

    /// Of all that systems are fitted on and asked about.
    fn digest(&self, sides: &Sides) -> Result<String> {
        let side = |id: &str| sides.get(id).map(|side| side.name());
        let moods = self.examples.iter().map(|example| {
            let numbers: Vec<u64> = example.descriptors.iter().map(|v| v.to_bits()).collect();
            (side(&example.id), numbers)
        });
        let heard = self.recordings();
        let heard = heard.iter().map(|Recording { song, tokens }| {
            let affect = song.affect.map(|affect| [affect.arousal, affect.valence]);
            let label = (song.mood, &*song.label, affect, song.weight);
            (&song.id, side(&song.id), label, tokens.sum().to_bits())
        });
        let moods = serde_json::to_string(&moods.collect::<Vec<_>>())?;
        let heard = serde_json::to_string(&heard.collect::<Vec<_>>())?;
        Ok(files::sha256_of_parts(&[VERSION, &moods, &heard]))
    }

    fn by_descriptors(&self, sides: &Sides) -> Result<Answers> {
        let parted: Vec<Example> = self
            .examples
            .iter()
            .filter_map(|example| {
                let split = *sides.get(&*example.id)?;
                Some(Example {
                    split,
                    ..example.clone()
                })
            })
            .collect();
        let mut systems = classic::baselines(&parted)?;
        systems.push(self.by_regression(&parted)?);
        let ensemble = classic::fit_ensemble(&parted, &EnsembleOptions::default())?.ensemble;
        systems.extend(classic::predictions(&ensemble, &parted)?);
        let distances = classic::distances(&ensemble, &parted)?;
        let asked = classic::validation(&parted).map(|(_, example)| example.id.clone());
        let named = systems.into_iter().map(|Predictions { system, rows }| {
            let rows = rows.into_iter();
            (
                system,
                rows.map(|(at, shares)| (parted[at].id.clone(), shares))
                    .collect(),
            )
        });
        Ok(Answers {
            systems: named.collect(),
            distances: asked.zip(distances).collect(),
            ..Answers::default()
        })
    }

    /// A logistic regression on the mean of what all of the body hears.
    fn by_regression(&self, parted: &[Example]) -> Result<Predictions> {
        let probed = parted.iter().map(|example| {
            let heard = self
                .tokens
                .get(&example.id)
                .and_then(|tokens| tokens.mean_axis(Axis(0)));
            let heard = heard.with_context(|| format!("nothing was heard of {}", example.id))?;
            Ok(Example {
                descriptors: heard.iter().map(|&value| f64::from(value)).collect(),
                ..example.clone()
            })
        });
        let probed: Vec<Example> = probed.collect::<Result<_>>()?;
        let mut probe = classic::baseline::regression(&probed, BODY_ALPHA)?;
        BODY_REGRESSION.clone_into(&mut probe.system);
        Ok(probe)
    }

    fn by_network(
        &self,
        sides: &Sides,
        training: &mood::Options,
    ) -> Result<BTreeMap<String, [f32; OUTPUTS]>> {
        let of = |split| -> Vec<Recording> {
            let all = self.recordings().into_iter();
            all.filter(|one| sides.get(&*one.song.id) == Some(&split))
                .collect()
        };
        let (fitted, asked) = (of(Split::Train), of(Split::Validation));
        let trained = mood::train(&fitted, &asked, training)?;
        let answers = mood::answers(&trained.net, &asked)?;
        let ids = asked.iter().map(|recording| recording.song.id.clone());
        Ok(ids.zip(answers).collect())
    }
}

/// What a file holds under that digest, or else what is made now and written there.
fn kept<T: Serialize + DeserializeOwned>(
    path: &Path,
    digest: &str,
    make: impl FnOnce() -> Result<T>,
) -> Result<T> {
    if path.is_file() {
        let (known, value): (String, T) = files::read_json(path)?;
        if known == digest {
            return Ok(value);
        }
    }
    let value = make()?;
    files::write_json(path, &(digest, &value))?;
    Ok(value)
}

/// The songs that the body has heard, with what it heard.
pub fn recordings<'a>(
    songs: &'a [Song],
    tokens: &'a HashMap<String, Array2<f32>>,
) -> Vec<Recording<'a>> {
    let heard = songs.iter().filter_map(|song| {
        let tokens = tokens.get(&song.id)?;
        Some(Recording { song, tokens })
    });
    heard.collect()
}

impl Answers {
    /// Adds what was said of other songs.
    pub fn join(&mut self, other: Self) {
        if self.systems.is_empty() {
            self.systems = other.systems;
        } else {
            let pairs = self.systems.iter_mut().zip(other.systems);
            pairs.for_each(|(all, more)| all.1.extend(more.1));
        }
        self.distances.extend(other.distances);
        self.network.extend(other.network);
    }

    /// What that system says.
    ///
    /// # Errors
    /// Where there is no such system.
    pub fn system(&self, name: &str) -> Result<&BTreeMap<String, [f64; Mood::COUNT]>> {
        let found = self.systems.iter().find(|(system, _)| system == name);
        let found = found.map(|(_, rows)| rows);
        found.with_context(|| format!("no answers of {name} are kept"))
    }
}

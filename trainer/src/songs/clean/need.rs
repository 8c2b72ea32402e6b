//! What a song must have to be kept.

use std::collections::HashMap;

use anyhow::Result;
use clap::ValueEnum;
use undertone::features::TrackFeatures;

use super::evidence::Sound;
use crate::songs::song::Song;

/// What the study works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Need {
    /// A sound that can be read
    Audio,
    /// All features that the song's corpus gives at all
    Features,
}

/// Which features each corpus gives at all, in the order of [`TrackFeatures::NAMES`]: a
/// table without a column lacks it in every row, which is no fault of the song.
pub(super) struct Given<'a>(HashMap<&'a str, [bool; COUNT]>);

/// Number of features.
const COUNT: usize = TrackFeatures::NAMES.len();

impl<'a> Given<'a> {
    pub(super) fn of(songs: &'a [Song]) -> Self {
        let mut corpora: HashMap<&str, [bool; COUNT]> = HashMap::new();
        for song in songs {
            let given = corpora.entry(&song.corpus).or_default();
            for (given, has) in given.iter_mut().zip(has(song)) {
                *given |= has;
            }
        }
        Self(corpora)
    }

    /// Names of the features that the song lacks; `None` where its corpus has none at all.
    /// A duration alone is none: every file has one.
    fn lacking(&self, song: &Song) -> Option<Vec<&'static str>> {
        let given = self.0.get(&*song.corpus)?;
        let named = || TrackFeatures::NAMES.into_iter().zip(given);
        let telling = named().any(|(name, given)| *given && name != "duration_ms");
        let lacking = named().zip(has(song));
        let lacking = lacking.filter(|((_, given), has)| **given && !has);
        telling.then(|| lacking.map(|((name, _), _)| name).collect())
    }
}

/// Why a song can't be used; `None` where it can.
pub(super) fn objection(
    need: Need,
    song: &Song,
    sound: &Result<Sound>,
    given: &Given<'_>,
) -> Option<String> {
    match need {
        Need::Audio => sound
            .as_ref()
            .err()
            .map(|error| format!("no sound: {error:#}")),
        Need::Features => match given.lacking(song) {
            None => Some("no track features".to_owned()),
            Some(lacking) if lacking.is_empty() => None,
            Some(lacking) => Some(format!("missing: {}", lacking.join(", "))),
        },
    }
}

/// Whether the song has a number, feature by feature.
fn has(song: &Song) -> [bool; COUNT] {
    let values = song.features.to_array();
    values.map(|value| value.is_some_and(f64::is_finite))
}

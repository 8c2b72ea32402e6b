//! What a song must have to be kept.

use std::collections::{HashMap, HashSet};

use clap::ValueEnum;
use undertone::features::TrackFeatures;

use super::evidence::Heard;
use crate::songs::song::Song;

/// What the study works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Need {
    /// A sound that can be read
    Audio,
    /// All features that the song's corpus gives at all
    Features,
}

/// Which features each corpus gives at all: a table without a column lacks it in every
/// row, which is no fault of the song.
pub(super) struct Given<'a> {
    corpora: HashMap<&'a str, HashSet<usize>>,
}

impl<'a> Given<'a> {
    pub(super) fn of(songs: &'a [Song]) -> Self {
        let mut corpora: HashMap<&str, HashSet<usize>> = HashMap::new();
        for song in songs {
            let given = corpora.entry(&song.corpus).or_default();
            given.extend((0..TrackFeatures::NAMES.len()).filter(|place| has(song, *place)));
        }
        Self { corpora }
    }

    /// Names of the features that the song lacks; `None` where its corpus has none at all.
    /// A duration alone is none: every file has one.
    fn lacking(&self, song: &Song) -> Option<Vec<&'static str>> {
        let given = self.corpora.get(&*song.corpus)?;
        let lacking = (0..TrackFeatures::NAMES.len())
            .filter(|place| given.contains(place) && !has(song, *place))
            .map(|place| TrackFeatures::NAMES[place])
            .collect();
        let telling = |place: &usize| TrackFeatures::NAMES[*place] != "duration_ms";
        given.iter().any(telling).then_some(lacking)
    }
}

/// Why a song can't be used; `None` where it can.
pub(super) fn objection(
    need: Need,
    song: &Song,
    sound: &Heard,
    given: &Given<'_>,
) -> Option<String> {
    match need {
        Need::Audio => match sound {
            Ok(_) => None,
            Err(error) if error.is_empty() => Some("no sound: the table names no sound".to_owned()),
            Err(error) => Some(format!("no sound: {error}")),
        },
        Need::Features => match given.lacking(song) {
            None => Some("no track features".to_owned()),
            Some(lacking) if lacking.is_empty() => None,
            Some(lacking) => Some(format!("missing: {}", lacking.join(", "))),
        },
    }
}

/// Whether the song has a number there.
fn has(song: &Song, place: usize) -> bool {
    song.features.to_array()[place].is_some_and(f64::is_finite)
}

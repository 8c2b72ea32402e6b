//! One song as the table holds it.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use undertone::card::LabelSpace;
use undertone::features::TrackFeatures;
use undertone::{Affect, Mood};

/// Which side of the grouped split a song is on. Fixed by the table, so that every model
/// is measured on the same songs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// Models, scalers and oversampling are fitted here.
    Train,
    /// Choices (early stopping, calibration, thresholds) are made here.
    Validation,
}

impl Split {
    /// The lower-case name, as in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
        }
    }
}

/// What follows the kind of a label where the recording was arranged anew.
pub const ARRANGED: &str = ", arranged";
/// Kind of a label that a visitor of the page gave.
pub const SAID: &str = "said";
/// Licence of a song whose source says nothing.
pub const UNKNOWN: &str = "unknown";

/// A row of the table. What many songs have in common is kept once.
#[derive(Debug, Clone, PartialEq)]
pub struct Song {
    /// Spotify's id, or another name that is unique in a cleaned table.
    pub id: String,
    /// The sound on this machine: an audio or MIDI file.
    pub path: Option<PathBuf>,
    /// The mood; `None` where the song has another label or none.
    pub mood: Option<Mood>,
    /// Listeners' arousal and valence; not to be taken for Spotify's feature `valence`.
    pub affect: Option<Affect>,
    /// What a visitor of the page said; the mood is then the same.
    pub said: Option<Mood>,
    /// A label of the corpus's own that is no mood (a cluster, a feeling); empty where there
    /// is none.
    pub label: Arc<str>,
    /// Where the label comes from (`composer`, `listeners`, `folder`, `said`).
    pub label_kind: Arc<str>,
    /// What the label means.
    pub label_space: LabelSpace,
    /// How much the label counts in a loss, in (0, 1].
    pub weight: f32,
    /// Where the song comes from: a corpus, a table, a folder.
    pub corpus: Arc<str>,
    /// Artist; empty where unknown.
    pub artist: Arc<str>,
    /// Title; empty where unknown.
    pub title: String,
    /// Songs of one group never stand on both sides of a split, nor in two folds.
    pub group: Arc<str>,
    /// Side of the split; `None` before [`super::split::assign`].
    pub split: Option<Split>,
    /// Number of the fold where the source publishes folds.
    pub fold: Option<usize>,
    /// Licence of the sound or of the table; `unknown` where the source says nothing.
    pub licence: Arc<str>,
    /// Address of the 30 s preview, where the source gives one.
    pub preview_url: Option<String>,
    /// The 13 features as far as the source gives them.
    pub features: TrackFeatures,
}

impl Default for Song {
    /// Nothing is known of it; its label, if it gets one, counts whole.
    fn default() -> Self {
        Self {
            id: String::new(),
            path: None,
            mood: None,
            affect: None,
            said: None,
            label: Arc::default(),
            label_kind: Arc::default(),
            label_space: LabelSpace::default(),
            weight: 1.0,
            corpus: Arc::default(),
            artist: Arc::default(),
            title: String::new(),
            group: Arc::default(),
            split: None,
            fold: None,
            licence: UNKNOWN.into(),
            preview_url: None,
            features: TrackFeatures::default(),
        }
    }
}

impl Song {
    /// Whether a person has said anything of how it sounds.
    pub fn is_labelled(&self) -> bool {
        self.mood.is_some() || self.affect.is_some() || !self.label.is_empty()
    }

    /// Takes what a visitor said for the label.
    pub fn hear(&mut self, said: Mood) {
        self.said = Some(said);
        self.mood = Some(said);
        self.label_kind = SAID.into();
        self.label_space = LabelSpace::PerceivedQuadrant;
        self.weight = 1.0;
    }
}

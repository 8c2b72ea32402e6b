//! One labelled song as the study's tables hold it.

use std::path::PathBuf;

use undertone::Mood;
use undertone::card::LabelSpace;
use undertone::features::TrackFeatures;

/// A row of the study's table.
#[derive(Debug, Clone, PartialEq)]
pub struct Song {
    /// Spotify's id, or another name that is unique in the table.
    pub id: String,
    /// The 13 features as far as the source gives them.
    pub features: TrackFeatures,
    /// Artist; empty where unknown.
    pub artist: String,
    /// Title; empty where unknown.
    pub track: String,
    /// Address of the 30 s preview, where the source gives one.
    pub preview_url: Option<String>,
    /// The sound on this machine: an audio or MIDI file.
    pub path: Option<PathBuf>,
    /// The label.
    pub mood: Mood,
    /// What the label means.
    pub label_space: LabelSpace,
    /// Where the song comes from: a corpus, a table, a folder.
    pub corpus: String,
    /// Licence of the sound or of the table; `unknown` where the source says nothing.
    pub licence: String,
    /// Songs of one group never stand on both sides of a split.
    pub group: String,
}

//! What is kept of a judged song: all that a list needs, but neither the song nor its
//! whole report.

use serde::{Deserialize, Serialize};

use crate::features::TrackFeatures;
use crate::kind::Kind;
use crate::mood::{Affect, Mood, MoodProbabilities};
use crate::report::{ModelIds, Report};
use crate::tags::Tags;

/// The file that a verdict belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    pub hash: String,
    /// Name of the file, or of a sample song.
    pub name: String,
    /// Where it lay in the folder that was dropped, with `/` between names; the name for a
    /// file that came alone.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// One verdict without its details.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The file.
    #[serde(flatten)]
    pub origin: Origin,
    /// What the file says of the song.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was judged, in milliseconds since 1970.
    pub judged_ms: f64,
    /// Duration in seconds.
    pub duration_s: f64,
    /// What it is; only music has a mood.
    #[serde(default)]
    pub kind: Kind,
    /// The likeliest mood; read together with `kind` and `unsure`.
    pub mood: Mood,
    /// Whether the mood is not to be relied on.
    pub unsure: bool,
    /// Probabilities of the whole song.
    pub moods: MoodProbabilities,
    /// Arousal and valence of the whole song.
    pub affect: Affect,
    /// The 13 track features.
    pub features: TrackFeatures,
    /// Mean spectral centroid in Hz.
    pub centroid_hz: f64,
    /// Onsets a second.
    pub onset_rate_hz: f64,
    /// Regularity of the rhythm, in [0, 1].
    pub pulse_clarity: f64,
    /// Dynamic range in dB.
    pub dynamic_range_db: f64,
    /// Which models spoke.
    pub models: ModelIds,
}

impl Kept {
    /// What is kept of that report.
    #[must_use]
    pub fn of(origin: Origin, tags: Tags, report: &Report, judged_ms: f64) -> Self {
        Self {
            origin,
            tags,
            judged_ms,
            duration_s: report.duration_s,
            kind: report.kind,
            mood: report.mood,
            unsure: report.unsure,
            moods: report.moods,
            affect: report.affect,
            features: report.features,
            centroid_hz: report.sound.spectral_centroid_hz,
            onset_rate_hz: report.sound.onset_rate_hz,
            pulse_clarity: report.sound.pulse_clarity,
            dynamic_range_db: report.sound.dynamic_range_db,
            models: report.models.clone(),
        }
    }

    /// What a list calls the song: its title, or else the name of its file.
    #[must_use]
    pub fn title(&self) -> &str {
        match self.tags.title.as_str() {
            "" => &self.origin.name,
            title => title,
        }
    }

    /// Probability of the likeliest mood, in [0, 1].
    #[must_use]
    pub fn certainty(&self) -> f32 {
        self.moods.top().1
    }
}

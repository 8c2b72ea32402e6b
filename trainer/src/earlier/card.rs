//! Cards of the earlier models.

use serde::{Deserialize, Serialize};
use undertone::card::{About, FileStamp};
use undertone::{ModelError, MoodProbabilities};

/// The front end that a network was trained on; see [`undertone::spectrum::mel`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrontEnd {
    /// Sample rate in Hz.
    pub sample_rate: u32,
    /// FFT length in samples.
    pub n_fft: usize,
    /// Hop in samples.
    pub hop_length: usize,
    /// Mel bands.
    pub n_mels: usize,
    /// Frames of one network window.
    pub window_frames: usize,
    /// Frames of one output step.
    pub step_frames: usize,
    /// Loudness that the signal is brought to, in LUFS.
    pub target_lufs: f64,
}

impl FrontEnd {
    /// What this library computes.
    #[must_use]
    pub fn current() -> Self {
        Self {
            sample_rate: undertone::audio::SAMPLE_RATE,
            n_fft: undertone::spectrum::N_FFT,
            hop_length: undertone::spectrum::HOP_LENGTH,
            n_mels: undertone::spectrum::N_MELS,
            window_frames: crate::earlier::WINDOW_FRAMES,
            step_frames: crate::earlier::STEP_FRAMES,
            target_lufs: undertone::audio::TARGET_LUFS,
        }
    }

    /// Compares with [`FrontEnd::current`] and names the first difference.
    ///
    /// # Errors
    /// [`ModelError::FrontEnd`].
    pub fn check(&self, name: &str) -> Result<(), ModelError> {
        let ours = Self::current();
        let fields = [
            (
                "sample_rate",
                self.sample_rate.to_string(),
                ours.sample_rate.to_string(),
            ),
            ("n_fft", self.n_fft.to_string(), ours.n_fft.to_string()),
            (
                "hop_length",
                self.hop_length.to_string(),
                ours.hop_length.to_string(),
            ),
            ("n_mels", self.n_mels.to_string(), ours.n_mels.to_string()),
            (
                "window_frames",
                self.window_frames.to_string(),
                ours.window_frames.to_string(),
            ),
            (
                "step_frames",
                self.step_frames.to_string(),
                ours.step_frames.to_string(),
            ),
            (
                "target_lufs",
                self.target_lufs.to_string(),
                ours.target_lufs.to_string(),
            ),
        ];
        match fields
            .into_iter()
            .find(|(_, got, expected)| got != expected)
        {
            None => Ok(()),
            Some((field, got, expected)) => Err(ModelError::FrontEnd {
                name: name.to_owned(),
                field: field.to_owned(),
                got,
                expected,
            }),
        }
    }
}

/// `mood.json`, the card of `mood.onnx`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkCard {
    /// What must match before the file is run.
    #[serde(flatten)]
    pub stamp: FileStamp,
    /// The front end that it was trained on.
    pub front_end: FrontEnd,
    /// Logits of a whole song are divided by this before the softmax.
    pub temperature: f32,
    /// Number of trained parameters.
    pub parameters: usize,
    /// What a reader should know.
    pub about: About,
}

/// `tagger.json`, the card of `tagger.onnx`; `tagger-small.json` of `tagger-small.onnx`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaggerCard {
    /// What must match before the file is run.
    #[serde(flatten)]
    pub stamp: FileStamp,
    /// Most windows of 10 s of one song that it hears, spread over the song; without this
    /// number it hears every second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_windows: Option<u32>,
    /// SHA-256 of the tagger of more layers, whose verdicts are as good, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub larger: Option<String>,
    /// Logits of a whole song are divided by this before the softmax.
    pub temperature: f32,
    /// How all three judges are joined into one verdict.
    pub verdict: VerdictRule,
    /// What a reader should know.
    pub about: About,
}

/// How the judges' probabilities become one verdict; fitted on validation groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VerdictRule {
    /// Share of the network in the blend with the ensemble, in [0, 1]; the rest is the
    /// ensemble's.
    pub network_weight: f32,
    /// Share of the tagger in the blend with these two, in [0, 1].
    #[serde(default)]
    pub tagger_weight: f32,
    /// What the blend's logarithms are divided by: the mean of two judges is more cautious
    /// than it is right, so it is mostly below 1.
    pub temperature: f32,
    /// Below this top probability of the tempered blend the verdict is "unsure".
    pub unsure_below: f32,
    /// What changes on unfamiliar music; without it nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfamiliar: Option<Unfamiliar>,
}

/// How far the tagger's share and the temperature go on songs unlike those that network and
/// ensemble were trained on: there these two err, and are no less sure of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Unfamiliar {
    /// Distance from the training songs ([`undertone::judges::FeatureJudge::distance`]) at which
    /// share and temperature are half way.
    pub distance: f32,
    /// Share of the tagger far beyond that, in [0, 1].
    pub tagger_weight: f32,
    /// Temperature far beyond that.
    pub temperature: f32,
}

/// Slope of [`Unfamiliar::novelty`] over the logarithm of the distance.
const NOVELTY_SLOPE: i32 = 9;

impl Unfamiliar {
    /// How unfamiliar a song at that distance is, in [0, 1]: the log-logistic distribution
    /// around [`Self::distance`].
    #[must_use]
    pub fn novelty(&self, distance: f32) -> f32 {
        let ratio = self.distance / distance.max(f32::MIN_POSITIVE);
        (1.0 + ratio.powi(NOVELTY_SLOPE)).recip()
    }
}

impl VerdictRule {
    /// The verdict of two judges, or of three, on a song at that distance from the training
    /// songs.
    #[must_use]
    pub fn join(
        &self,
        network: MoodProbabilities,
        ensemble: MoodProbabilities,
        tagger: Option<MoodProbabilities>,
        distance: f32,
    ) -> MoodProbabilities {
        let two = network.blend(ensemble, self.network_weight);
        let (tagger_weight, temperature) = self.at(distance);
        let all = tagger.map_or(two, |tagger| tagger.blend(two, tagger_weight));
        all.tempered(temperature)
    }

    /// Share of the tagger and temperature at that distance.
    fn at(&self, distance: f32) -> (f32, f32) {
        let near = (self.tagger_weight, self.temperature);
        self.unfamiliar.map_or(near, |far| {
            let novelty = far.novelty(distance);
            let between = |near, far| near + novelty * (far - near);
            (
                between(near.0, far.tagger_weight),
                between(near.1, far.temperature),
            )
        })
    }
}

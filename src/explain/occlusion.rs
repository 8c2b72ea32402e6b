//! Which frequencies the network listens to, by covering them up (Zeiler & Fergus 2014,
//! "Visualizing and understanding convolutional networks").

use ndarray::{Array1, Array2, Axis, s};

use super::evidence::{BandEvidence, margins};
use crate::audio::SAMPLE_RATE;
use crate::error::ModelError;
use crate::mood::Mood;
use crate::network::{self, MoodNetwork, STEP_FRAMES, WINDOW_FRAMES};
use crate::spectrum::{N_MELS, mel_boundary_hz};

/// Edges in Hz that the bands come as near to as the mel rows allow: below the voice,
/// its fundamental, vowels, their overtones, consonants and attack, cymbals and air.
const EDGES_HZ: [f64; BANDS + 1] = [0.0, 200.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0];

/// Number of bands.
pub const BANDS: usize = 6;

/// Occlusion over one stretch of a song, one band a step.
///
/// The network hears one window of its own length that lies around the stretch, so that
/// it knows what comes before and after; once as it is and once with each band covered.
#[derive(Debug, Clone)]
pub struct Occlusion {
    mood: Mood,
    /// First frame and length of the window.
    window: (usize, usize),
    /// Steps of the stretch within the window's.
    stretch: std::ops::Range<usize>,
    /// Mean of every mel row over the song.
    mean: Array1<f32>,
    /// Evidence of the stretch with nothing covered, once it was heard.
    whole: Option<f32>,
    bands: Vec<BandEvidence>,
}

impl Occlusion {
    /// Prepares the occlusion of a stretch (first step, number of steps) of a song of
    /// log-mel frames `[frames, 96]`; nothing is heard yet.
    #[must_use]
    pub fn new(log_mel: &Array2<f32>, (first, length): (usize, usize), mood: Mood) -> Self {
        let song = log_mel.nrows() / STEP_FRAMES;
        let steps = (WINDOW_FRAMES / STEP_FRAMES).min(song);
        let before = steps.saturating_sub(length) / 2;
        let start = first.saturating_sub(before).min(song - steps);
        let mean = log_mel.mean_axis(Axis(0));
        Self {
            mood,
            window: (start * STEP_FRAMES, steps * STEP_FRAMES),
            stretch: first - start..(first + length - start).min(steps),
            mean: mean.unwrap_or_else(|| Array1::zeros(N_MELS)),
            whole: None,
            bands: Vec::with_capacity(BANDS),
        }
    }

    /// Number of [`Self::step`]s.
    pub const STEPS: usize = 1 + BANDS;

    /// Steps that were done.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.bands.len() + self.whole.is_some() as usize
    }

    /// Runs the network once; does nothing after the last step.
    ///
    /// # Errors
    /// [`ModelError::Run`] with what the engine said.
    pub fn step(
        &mut self,
        network: &dyn MoodNetwork,
        log_mel: &Array2<f32>,
    ) -> Result<(), ModelError> {
        let Some(whole) = self.whole else {
            self.whole = Some(self.evidence(network, log_mel, 0..0)?);
            return Ok(());
        };
        let band = self.bands.len();
        if band < BANDS {
            let edges = [band, band + 1].map(nearest_row);
            let [low_hz, high_hz] = edges.map(mel_boundary);
            let covered = self.evidence(network, log_mel, edges[0]..edges[1])?;
            self.bands.push(BandEvidence {
                low_hz,
                high_hz,
                drop: whole - covered,
            });
        }
        Ok(())
    }

    /// The bands that were covered so far, lowest first.
    #[must_use]
    pub fn into_bands(self) -> Vec<BandEvidence> {
        self.bands
    }

    /// Mean evidence of the stretch with these mel rows covered.
    fn evidence(
        &self,
        network: &dyn MoodNetwork,
        log_mel: &Array2<f32>,
        rows: std::ops::Range<usize>,
    ) -> Result<f32, ModelError> {
        let (start, length) = self.window;
        let mut window = log_mel.slice(s![start..start + length, ..]).to_owned();
        let mean = self.mean.slice(s![rows.clone()]);
        window.slice_mut(s![.., rows]).assign(&mean);
        let steps: Vec<_> = network::steps(&network.run(window.view())?).collect();
        let stretch = steps.get(self.stretch.clone()).unwrap_or_default();
        let sum: f32 = margins(stretch, self.mood).iter().sum();
        Ok(sum / stretch.len().max(1) as f32)
    }
}

/// The mel row whose lower boundary is nearest to an edge.
fn nearest_row(edge: usize) -> usize {
    let distance = |row: usize| (mel_boundary(row) - EDGES_HZ[edge]).abs();
    let rows = 0..=N_MELS;
    rows.min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
        .unwrap_or(0)
}

fn mel_boundary(row: usize) -> f64 {
    mel_boundary_hz(SAMPLE_RATE, N_MELS, row)
}

#[cfg(test)]
mod tests;

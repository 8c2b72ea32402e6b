//! Which frequencies the network listens to, by covering them up (Zeiler & Fergus 2014,
//! "Visualizing and understanding convolutional networks").

use ndarray::Array2;

use super::evidence::{BandEvidence, Stretch, margins};
use crate::error::AnalysisError;
use crate::mood::Mood;
use crate::network::{BANDS as ROWS, Listening, MelDb, MoodNetwork, boundary_hz, window};

/// Edges in Hz that the bands come as near to as the mel rows allow: bass and the lowest
/// voices, tunes, their overtones, consonants and cymbals.
const EDGES_HZ: [f64; BANDS + 1] = [0.0, 250.0, 1_000.0, 3_000.0, 8_000.0];

/// Number of bands: few, as each costs a run of the network.
pub const BANDS: usize = 4;

/// Occlusion over one stretch of a song, one band a step, within a window that the network
/// has already heard uncovered.
#[derive(Debug, Clone)]
pub struct Occlusion {
    mood: Mood,
    stretch: Stretch,
    /// The window, as the network heard it.
    mel_db: Array2<f32>,
    /// Mean of every mel row over all that was heard.
    mean: [f32; ROWS],
    bands: Vec<BandEvidence>,
}

impl Occlusion {
    /// Prepares the occlusion of a stretch of a song of these samples, that was listened to.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if the Fourier transform refuses.
    pub fn new(
        samples: &[f32],
        listening: &Listening,
        stretch: Stretch,
        mood: Mood,
    ) -> Result<Self, AnalysisError> {
        Ok(Self {
            mood,
            stretch,
            mel_db: MelDb::default().of(&window(samples, stretch.window))?,
            mean: listening.mean_bands(),
            bands: Vec::with_capacity(BANDS),
        })
    }

    /// Bands that were covered.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.bands.len()
    }

    /// Covers the next band, and runs the network once; does nothing after the last.
    ///
    /// # Errors
    /// [`AnalysisError::Model`] with what the engine said.
    pub fn step(&mut self, network: &dyn MoodNetwork) -> Result<(), AnalysisError> {
        let band = self.bands.len();
        if band == BANDS {
            return Ok(());
        }
        let [low, high] = [band, band + 1].map(nearest_row);
        let mut covered = self.mel_db.clone();
        for row in low..high {
            covered.row_mut(row).fill(self.mean[row]);
        }
        let answer = network.run(covered.view())?;
        let Stretch { first, length, .. } = self.stretch;
        let steps = crate::network::steps(&answer).skip(first).take(length);
        let sum: f32 = margins(steps, self.mood).sum();
        self.bands.push(BandEvidence {
            low_hz: boundary_hz(low),
            high_hz: boundary_hz(high),
            drop: self.stretch.margin - sum / length.max(1) as f32,
        });
        Ok(())
    }

    /// The bands that were covered so far, lowest first.
    #[must_use]
    pub fn into_bands(self) -> Vec<BandEvidence> {
        self.bands
    }
}

/// The mel row whose lower boundary is nearest to an edge.
fn nearest_row(edge: usize) -> usize {
    let distance = |row: usize| (boundary_hz(row) - EDGES_HZ[edge]).abs();
    let rows = 0..=ROWS;
    rows.min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests;

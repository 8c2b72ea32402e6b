//! Which frequencies the network listens to, by covering them up (Zeiler & Fergus 2014,
//! "Visualizing and understanding convolutional networks").

use ndarray::Array2;

use super::evidence::{BandEvidence, Stretch, margins};
use crate::error::AnalysisError;
use crate::mood::Mood;
use crate::network::{BANDS as ROWS, Listening, MelDb, Question, boundary_hz, window};

/// Edges in Hz that the bands come as near to as the mel rows allow: bass and the lowest
/// voices, tunes, their overtones, consonants and cymbals.
const EDGES_HZ: [f64; BANDS + 1] = [0.0, 250.0, 1_000.0, 3_000.0, 8_000.0];

/// Number of bands: few, as each costs a run of the network.
pub const BANDS: usize = 4;

/// Occlusion over one stretch of a song, one band a question, within a window that the network
/// has already heard uncovered.
#[derive(Debug, Clone)]
pub struct Occlusion {
    mood: Mood,
    stretch: Stretch,
    /// The window, as the network heard it.
    mel_db: Array2<f32>,
    /// Mean of every mel row over all that was heard.
    mean: [f32; ROWS],
    /// Bands that the network was asked for.
    asked: usize,
    /// What came of them, lowest first.
    bands: [Option<BandEvidence>; BANDS],
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
            asked: 0,
            bands: [None; BANDS],
        })
    }

    /// Bands that were covered.
    #[must_use]
    pub fn done(&self) -> usize {
        self.bands.iter().flatten().count()
    }

    /// Bands that nobody was asked for.
    #[must_use]
    pub const fn questions(&self) -> usize {
        BANDS - self.asked
    }

    /// The window with the next band covered that nobody was asked for; `None` after the last.
    pub fn ask(&mut self) -> Option<Question> {
        let number = self.asked;
        if number == BANDS {
            return None;
        }
        self.asked += 1;
        let [low, high] = rows(number);
        let mut mel_db = self.mel_db.clone();
        for row in low..high {
            mel_db.row_mut(row).fill(self.mean[row]);
        }
        Some(Question { number, mel_db })
    }

    /// Takes the answer to that question, [`MoodNetwork::run`]'s.
    pub fn answer(&mut self, number: usize, answer: &Array2<f32>) {
        let [low, high] = rows(number);
        let Stretch { first, length, .. } = self.stretch;
        let steps = crate::network::steps(answer).skip(first).take(length);
        let sum: f32 = margins(steps, self.mood).sum();
        if let Some(band) = self.bands.get_mut(number) {
            *band = Some(BandEvidence {
                low_hz: boundary_hz(low),
                high_hz: boundary_hz(high),
                drop: self.stretch.margin - sum / length.max(1) as f32,
            });
        }
    }

    /// The bands that were covered so far, lowest first.
    #[must_use]
    pub fn into_bands(self) -> Vec<BandEvidence> {
        self.bands.into_iter().flatten().collect()
    }
}

/// First row of a band, and that of the next.
fn rows(band: usize) -> [usize; 2] {
    [band, band + 1].map(|edge| nearest_row(edge.min(BANDS)))
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

//! Onsets, tempo, beats and danceability.

mod beats;
mod danceability;
mod metre;
mod onsets;
mod tempo;
mod tempogram;

use ndarray::ArrayView2;

use super::statistics::Moments;
use crate::error::AnalysisError;

pub use danceability::danceability;
use onsets::{onset_rate, onset_strength};
use tempo::Tempo;
use tempogram::Tempogram;

/// Below this autocorrelation there is no beat to speak of.
const LEAST_CLARITY: f64 = 0.08;

/// What the onset envelope tells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rhythm {
    /// Tempo in BPM; `None` without a regular pulse.
    pub tempo: Option<f64>,
    /// How far the next best tempo lies behind, in [0, 1].
    pub tempo_confidence: f64,
    /// Autocorrelation of the onsets at the tempo's lag, in about [-1, 1].
    pub pulse_clarity: f64,
    /// Frames of the beats, in order of time; empty without a pulse.
    pub beats: Vec<usize>,
    /// Beats in a bar: 3 to 7; `None` with too few beats.
    pub time_signature: Option<u8>,
    /// Onsets a second.
    pub onset_rate: f64,
    /// Mean onset strength (log10 units a frame).
    pub strength_mean: f64,
    /// Standard deviation of the onset strength.
    pub strength_std: f64,
}

impl Rhythm {
    /// Measures log-mel frames `[frames, 96]`, [`crate::spectrum::FRAME_RATE`] a second.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if the Fourier transform refuses.
    pub fn of(log_mel: ArrayView2<f32>) -> Result<Self, AnalysisError> {
        let strength = onset_strength(log_mel);
        let moments: Moments = strength.iter().map(|&s| f64::from(s)).collect();
        let onsets = tempogram::onsets(&strength);
        let rhythm = Self {
            onset_rate: onset_rate(&strength),
            strength_mean: moments.mean(),
            strength_std: moments.std(),
            ..Self::default()
        };
        let Some(tempogram) = Tempogram::of(&onsets)? else {
            return Ok(rhythm);
        };
        let Some(tempo) = Tempo::of(&tempogram) else {
            return Ok(rhythm);
        };
        if tempo.clarity < LEAST_CLARITY {
            return Ok(Self {
                pulse_clarity: tempo.clarity,
                ..rhythm
            });
        }
        let beats = beats::beats(&onsets, tempo.bpm);
        Ok(Self {
            tempo: Some(tempo.bpm),
            tempo_confidence: tempo.confidence,
            pulse_clarity: tempo.clarity,
            time_signature: metre::time_signature(log_mel, &beats, &tempogram, tempo.bpm),
            beats,
            ..rhythm
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{FRAME_RATE, N_MELS};
    use ndarray::Array2;

    /// A click every beat; every `bar`th is stronger and has more bass.
    fn clicks(bpm: f64, seconds: f64, bar: usize) -> Array2<f32> {
        let period = 60.0 * FRAME_RATE / bpm;
        let mut frames = Array2::zeros(((seconds * FRAME_RATE) as usize, N_MELS));
        for beat in 0.. {
            let at = (f64::from(beat) * period) as usize;
            if at >= frames.nrows() {
                return frames;
            }
            let downbeat = (beat as usize).is_multiple_of(bar);
            let mut frame = frames.row_mut(at);
            frame.fill(if downbeat { 1.5 } else { 1.0 });
            if downbeat {
                frame.slice_mut(ndarray::s![..7]).fill(3.0);
            }
        }
        frames
    }

    #[test]
    fn clicks_have_their_tempo_and_rate() {
        for bpm in [72.0, 90.0, 120.0, 150.0] {
            let rhythm = Rhythm::of(clicks(bpm, 60.0, 4).view()).unwrap();
            let tempo = rhythm.tempo.unwrap();
            assert!((tempo / bpm - 1.0).abs() < 0.005, "{bpm}: {tempo}");
            assert!((rhythm.onset_rate - bpm / 60.0).abs() < 0.05);
        }
    }

    #[test]
    fn beats_lie_on_the_clicks() {
        let rhythm = Rhythm::of(clicks(100.0, 30.0, 4).view()).unwrap();
        assert!(rhythm.beats.len() >= 48, "{}", rhythm.beats.len());
        for beat in &rhythm.beats {
            let beats = *beat as f64 * 100.0 / 60.0 / FRAME_RATE;
            let off_frames = (beats - beats.round()).abs() * 60.0 * FRAME_RATE / 100.0;
            assert!(off_frames <= 1.5, "{beat}: {off_frames}");
        }
    }

    #[test]
    fn bars_have_their_beats() {
        for bar in [3, 4, 5, 7] {
            let rhythm = Rhythm::of(clicks(110.0, 40.0, bar).view()).unwrap();
            assert_eq!(rhythm.time_signature.map(usize::from), Some(bar));
        }
    }

    #[test]
    fn what_does_not_move_has_no_tempo() {
        let flat = Array2::from_elem((500, N_MELS), 0.5);
        assert_eq!(Rhythm::of(flat.view()).unwrap().tempo, None);
        let none = Array2::zeros((0, N_MELS));
        assert_eq!(Rhythm::of(none.view()).unwrap().tempo, None);
    }
}

//! Tempo: the beat that stands out of the tempogram.

use super::tempogram::Tempogram;

/// Slowest and fastest tempo in BPM.
const RANGE_BPM: [f64; 2] = [30.0, 300.0];
/// Tempi that are tried, evenly spaced by ratio: 0.4 % apart.
const STEPS: usize = 600;
/// Centre and width in octaves of the log-normal prior. People tap near 100 to 120 BPM
/// (van Noorden & Moelants 1999); librosa has 120 and 1.0. Chosen on half of the pieces
/// that `trainer/benches/make_pieces.py` makes.
const PRIOR_BPM: f64 = 100.0;
const PRIOR_OCTAVES: f64 = 0.5;
/// Two tempi nearer than this are the same.
const SAME: f64 = 0.08;

/// The tempo of a song.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tempo {
    /// Beats a minute.
    pub(super) bpm: f64,
    /// Autocorrelation of the onsets at the beat, in about [-1, 1].
    pub(super) clarity: f64,
    /// How far the next best tempo lies behind, in [0, 1].
    pub(super) confidence: f64,
}

impl Tempo {
    /// The best tempo; `None` where no tempo repeats itself at all.
    pub(super) fn of(tempogram: &Tempogram) -> Option<Self> {
        let ratio = (RANGE_BPM[1] / RANGE_BPM[0]).powf(1.0 / (STEPS - 1) as f64);
        let bpm = |step: f64| RANGE_BPM[0] * ratio.powf(step);
        let scores: Vec<f64> = (0..STEPS)
            .map(|step| score(tempogram, bpm(step as f64)))
            .collect();
        let best = (0..STEPS).max_by(|&a, &b| scores[a].total_cmp(&scores[b]))?;
        if scores[best] <= 0.0 {
            return None;
        }
        let rival = (0..STEPS)
            .filter(|&step| (bpm(step as f64) / bpm(best as f64) - 1.0).abs() > SAME)
            .filter(|&step| is_peak(&scores, step))
            .map(|step| scores[step])
            .fold(0.0, f64::max);
        let tempo = tempogram.peak_near(bpm(best as f64));
        Some(Self {
            bpm: tempo,
            clarity: tempogram.autocorrelation(tempo),
            confidence: 1.0 - rival / scores[best],
        })
    }
}

/// What both tempograms and the prior say of a tempo.
fn score(tempogram: &Tempogram, bpm: f64) -> f64 {
    let octaves = (bpm / PRIOR_BPM).log2() / PRIOR_OCTAVES;
    let prior = (-0.5 * octaves * octaves).exp();
    tempogram.autocorrelation(bpm).max(0.0) * tempogram.magnitude(bpm) * prior
}

fn is_peak(scores: &[f64], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(0.0, |i| scores[i]);
    let after = scores.get(at + 1).copied().unwrap_or(0.0);
    scores[at] >= before && scores[at] >= after
}

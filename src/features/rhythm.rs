//! Onsets and tempo from the onset strength envelope.

use realfft::RealFftPlanner;

use super::statistics::Moments;
use crate::spectrum::FRAME_RATE;

/// Slowest and fastest tempo in BPM.
const TEMPO_RANGE: [f64; 2] = [40.0, 240.0];
/// Centre and width (in octaves) of the log-normal prior, as librosa's
/// `feature.tempo` (`start_bpm=120`, `std_bpm=1.0`).
const PRIOR_BPM: f64 = 120.0;
const PRIOR_OCTAVES: f64 = 1.0;
/// Least distance of two onsets in frames (48 ms).
const ONSET_GAP: usize = 3;
/// Below this periodicity there is no beat to speak of.
const LEAST_CLARITY: f64 = 0.05;

/// What the onset envelope tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rhythm {
    /// Tempo in BPM; `None` without a regular pulse.
    pub tempo: Option<f64>,
    /// Autocorrelation of the envelope at the tempo's lag, in [-1, 1].
    pub pulse_clarity: f64,
    /// Onsets a second.
    pub onset_rate: f64,
    /// Mean onset strength (log10 units a frame).
    pub strength_mean: f64,
    /// Standard deviation of the onset strength.
    pub strength_std: f64,
}

impl Rhythm {
    /// Measures an onset strength envelope of [`FRAME_RATE`] frames a second.
    #[must_use]
    pub fn of(onset_strength: &[f32]) -> Self {
        let moments: Moments = onset_strength.iter().map(|&s| f64::from(s)).collect();
        let periodicity = autocorrelation(onset_strength, moments.mean());
        let (tempo, pulse_clarity) = strongest_tempo(&periodicity);
        Self {
            tempo: (pulse_clarity >= LEAST_CLARITY).then_some(tempo),
            pulse_clarity,
            onset_rate: onset_rate(onset_strength, &moments),
            strength_mean: moments.mean(),
            strength_std: moments.std(),
        }
    }
}

/// Autocorrelation for the lags of [`TEMPO_RANGE`], 1 at lag 0; empty where the
/// envelope is constant.
fn autocorrelation(envelope: &[f32], mean: f64) -> Vec<f64> {
    let max_lag = (60.0 * FRAME_RATE / TEMPO_RANGE[0]).ceil() as usize + 1;
    let size = (envelope.len() + max_lag).next_power_of_two().max(2);
    let mut planner = RealFftPlanner::<f64>::new();
    let (forward, inverse) = (
        planner.plan_fft_forward(size),
        planner.plan_fft_inverse(size),
    );
    let mut signal = vec![0.0; size];
    for (out, &value) in signal.iter_mut().zip(envelope) {
        *out = f64::from(value) - mean;
    }
    let mut spectrum = forward.make_output_vec();
    if forward.process(&mut signal, &mut spectrum).is_err() {
        return Vec::new();
    }
    for bin in &mut spectrum {
        *bin = bin.norm_sqr().into();
    }
    if inverse.process(&mut spectrum, &mut signal).is_err() || signal[0] <= 0.0 {
        return Vec::new();
    }
    let zero = signal[0];
    signal.truncate(max_lag.min(envelope.len()));
    signal.iter().map(|value| value / zero).collect()
}

/// Tempo of the lag whose periodicity, weighted by the prior, is greatest, refined by
/// a parabola through its neighbours; and the periodicity there.
fn strongest_tempo(periodicity: &[f64]) -> (f64, f64) {
    let bpm = |lag: f64| 60.0 * FRAME_RATE / lag;
    let weight = |lag: usize| {
        let octaves = (bpm(lag as f64) / PRIOR_BPM).log2() / PRIOR_OCTAVES;
        (-0.5 * octaves * octaves).exp()
    };
    let first = bpm(TEMPO_RANGE[1]).floor() as usize;
    let best = (first..periodicity.len().saturating_sub(1))
        .filter(|&lag| (TEMPO_RANGE[0]..=TEMPO_RANGE[1]).contains(&bpm(lag as f64)))
        .max_by(|&a, &b| (weight(a) * periodicity[a]).total_cmp(&(weight(b) * periodicity[b])));
    let Some(lag) = best else {
        return (PRIOR_BPM, 0.0);
    };
    let (left, mid, right) = (periodicity[lag - 1], periodicity[lag], periodicity[lag + 1]);
    let bend = left - 2.0 * mid + right;
    let shift = if bend < 0.0 {
        0.5 * (left - right) / bend
    } else {
        0.0
    };
    (bpm(lag as f64 + shift.clamp(-0.5, 0.5)), mid)
}

/// Local maxima above mean + half a deviation, a second.
fn onset_rate(envelope: &[f32], moments: &Moments) -> f64 {
    let threshold = (moments.mean() + 0.5 * moments.std()) as f32;
    let mut count = 0_usize;
    let mut last = None;
    for (i, w) in envelope.windows(3).enumerate() {
        let peak = w[1] > threshold && w[1] >= w[0] && w[1] > w[2];
        if peak && last.is_none_or(|at| i - at >= ONSET_GAP) {
            count += 1;
            last = Some(i);
        }
    }
    count as f64 * FRAME_RATE / envelope.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clicks(bpm: f64, seconds: f64) -> Vec<f32> {
        let period = 60.0 * FRAME_RATE / bpm;
        let mut envelope = vec![0.01; (seconds * FRAME_RATE) as usize];
        let mut at = 0.0;
        while (at as usize) < envelope.len() {
            envelope[at as usize] = 1.0;
            at += period;
        }
        envelope
    }

    #[test]
    fn clicks_have_their_tempo_and_rate() {
        for bpm in [72.0, 90.0, 120.0, 150.0] {
            let rhythm = Rhythm::of(&clicks(bpm, 60.0));
            let tempo = rhythm.tempo.unwrap();
            assert!((tempo / bpm - 1.0).abs() < 0.02, "{bpm}: {tempo}");
            assert!((rhythm.onset_rate - bpm / 60.0).abs() < 0.05);
        }
    }

    #[test]
    fn a_flat_envelope_has_no_tempo() {
        assert_eq!(Rhythm::of(&[0.5; 500]).tempo, None);
        assert_eq!(Rhythm::of(&[]).tempo, None);
    }
}

//! Beats by dynamic programming: Ellis 2007, "Beat tracking by dynamic programming", as
//! librosa's `beat.beat_track`.

use crate::spectrum::FRAME_RATE;

/// Weight of an even beat against strong onsets, librosa's default.
const TIGHTNESS: f64 = 100.0;
/// Beats at either end weaker than this share of the others' root mean square are cut.
const TRIM: f64 = 0.5;

/// Frames of the beats, in order of time, for an onset envelope of [`FRAME_RATE`] frames
/// a second and a tempo in BPM; empty where nothing sounds.
pub(super) fn beats(envelope: &[f64], bpm: f64) -> Vec<usize> {
    let period = 60.0 * FRAME_RATE / bpm;
    let local = local_score(envelope, period);
    let Some((scores, links)) = chain(&local, period) else {
        return Vec::new();
    };
    let mut beats: Vec<usize> =
        std::iter::successors(last_beat(&scores), |&beat| links[beat]).collect();
    beats.reverse();
    trim(&local, beats)
}

/// The envelope over its standard deviation, smoothed by a Gaussian of a 32nd of a beat.
fn local_score(envelope: &[f64], period: f64) -> Vec<f64> {
    let count = envelope.len().max(2) as f64;
    let mean = envelope.iter().sum::<f64>() / count;
    let squares: f64 = envelope.iter().map(|e| (e - mean).powi(2)).sum();
    let deviation = (squares / (count - 1.0)).sqrt();
    if deviation <= 0.0 {
        return vec![0.0; envelope.len()];
    }
    let half = period.round() as usize;
    let window: Vec<f64> = (0..=2 * half)
        .map(|i| (-0.5 * (32.0 * (i as f64 - half as f64) / period).powi(2)).exp())
        .collect();
    let at = |index: usize, offset: usize| (index + offset).checked_sub(half);
    (0..envelope.len())
        .map(|index| {
            let terms = window.iter().enumerate().filter_map(|(offset, w)| {
                let value = envelope.get(at(index, offset)?)?;
                Some(w * value)
            });
            terms.sum::<f64>() / deviation
        })
        .collect()
}

/// For each frame the best score of a chain of beats that ends there, and the beat before;
/// `None` where all frames are silent.
fn chain(local: &[f64], period: f64) -> Option<(Vec<f64>, Vec<Option<usize>>)> {
    let strongest = local.iter().copied().fold(0.0, f64::max);
    if strongest <= 0.0 {
        return None;
    }
    let (nearest, farthest) = (
        (period / 2.0).round().max(1.0) as usize,
        2 * period.round() as usize,
    );
    let costs: Vec<f64> = (nearest..=farthest)
        .map(|lag| -TIGHTNESS * (lag as f64 / period).ln().powi(2))
        .collect();
    let mut scores: Vec<f64> = Vec::with_capacity(local.len());
    let mut links = Vec::with_capacity(local.len());
    let mut begun = false;
    for (frame, &score) in local.iter().enumerate() {
        let before = (nearest..=farthest.min(frame))
            .zip(&costs)
            .map(|(lag, cost)| (frame - lag, cost + scores[frame - lag]))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|(_, best)| *best > 0.0);
        scores.push(score + before.map_or(0.0, |(_, best)| best));
        // No links from the silence before the first onset.
        begun |= score >= 0.01 * strongest;
        links.push(before.filter(|_| begun).map(|(beat, _)| beat));
    }
    Some((scores, links))
}

/// The last local maximum whose score is at least half the median of all maxima.
fn last_beat(scores: &[f64]) -> Option<usize> {
    let is_peak = |&i: &usize| {
        let before = i.checked_sub(1).map_or(f64::NEG_INFINITY, |i| scores[i]);
        let after = scores.get(i + 1).copied().unwrap_or(f64::NEG_INFINITY);
        scores[i] > before && scores[i] >= after
    };
    let peaks: Vec<usize> = (0..scores.len()).filter(is_peak).collect();
    let mut heights: Vec<f64> = peaks.iter().map(|&i| scores[i]).collect();
    let median = super::super::statistics::quantile(&mut heights, 0.5);
    peaks.into_iter().rev().find(|&i| scores[i] >= 0.5 * median)
}

/// Cuts weak beats off both ends.
fn trim(local: &[f64], beats: Vec<usize>) -> Vec<usize> {
    let squares: f64 = beats.iter().map(|&beat| local[beat].powi(2)).sum();
    let threshold = TRIM * (squares / beats.len().max(1) as f64).sqrt();
    let strong = |&&beat: &&usize| local[beat] >= threshold;
    let first = beats.iter().position(|beat| strong(&beat));
    let last = beats.iter().rposition(|beat| strong(&beat));
    match (first, last) {
        (Some(first), Some(last)) => beats[first..=last].to_vec(),
        _ => Vec::new(),
    }
}

//! Collects a song's frames into a summary.

use ndarray::{ArrayView1, ArrayView2, Axis};

use super::rhythm::Rhythm;
use super::statistics::{Moments, quantile};
use super::summary::Summary;
use super::timbre::{Cepstrum, FrameShape, MFCC};
use super::tonal::Tonality;
use super::{Descriptors, Heard, Sound, TrackFeatures, danceability};
use crate::audio::Signal;
use crate::error::AnalysisError;
use crate::spectrum::chroma::PITCH_CLASSES;
use crate::spectrum::{FRAME_RATE, HOP_LENGTH, PitchProfile};

/// Frames of one short-term level: 3 s, as EBU R 128's short-term loudness.
const SHORT_TERM_FRAMES: usize = 187;
/// A frame is quiet when it lies this far below the mean level, in dB.
const QUIET_DB: f64 = 6.0;

/// Takes log-mel and chroma frames in order of time.
pub struct Collector {
    cepstrum: Cepstrum,
    mfcc: [Moments; MFCC],
    shapes: Vec<FrameShape>,
    chroma: Vec<[f32; PITCH_CLASSES]>,
}

impl Default for Collector {
    fn default() -> Self {
        Self::new()
    }
}

impl Collector {
    /// An empty collector.
    #[must_use]
    pub fn new() -> Self {
        Self {
            cepstrum: Cepstrum::new(),
            mfcc: [Moments::default(); MFCC],
            shapes: Vec::new(),
            chroma: Vec::new(),
        }
    }

    /// Takes one frame: its log-mel row `[96]` and its power spectrum `[257]`; a
    /// silent one counts for nothing.
    pub fn push_frame(&mut self, log_mel: ArrayView1<f32>, power: &[f32]) {
        if let Some(shape) = FrameShape::of(power) {
            self.shapes.push(shape);
            for (moments, value) in self.mfcc.iter_mut().zip(self.cepstrum.mfcc(log_mel)) {
                moments.push(value);
            }
        }
    }

    /// Takes one chroma frame `[12]`, C first.
    pub fn push_chroma(&mut self, chroma: [f32; PITCH_CLASSES]) {
        self.chroma.push(chroma);
    }

    /// Ends the song of these log-mel frames, `[frames, 96]`, whose pitches add up to
    /// `pitches`. Silent stretches are taken out first: what stands on both sides of one is
    /// heard as if it followed at once.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if a Fourier transform refuses.
    pub fn finish(
        self,
        signal: &Signal,
        log_mel: ArrayView2<f32>,
        pitches: Option<&PitchProfile>,
    ) -> Result<Heard, AnalysisError> {
        let sounding = sounding_frames(signal, log_mel.nrows());
        let summary = match &sounding {
            None => self.summary(signal, log_mel, pitches)?,
            Some(frames) => {
                self.summary(signal, log_mel.select(Axis(0), frames).view(), pitches)?
            }
        };
        let (rhythm, tonality) = (&summary.rhythm, summary.tonality.as_ref());
        let beat_s = |&beat: &usize| {
            let frame = sounding.as_ref().map_or(beat, |frames| frames[beat]);
            signal.start_s + frame as f64 / FRAME_RATE
        };
        Ok(Heard {
            descriptors: Descriptors::from_summary(&summary),
            features: TrackFeatures::measured(signal, &summary),
            sound: Sound {
                loudness_range_lu: summary.loudness_range_lu,
                true_peak_dbtp: signal.loudness.true_peak_dbtp,
                dynamic_range_db: summary.dynamic_range_db,
                spectral_centroid_hz: summary.centroid.mean(),
                spectral_flux: rhythm.strength_mean,
                onset_rate_hz: rhythm.onset_rate,
                pulse_clarity: rhythm.pulse_clarity.clamp(0.0, 1.0),
                tempo_confidence: rhythm.tempo_confidence,
                key_confidence: tonality.map_or(0.0, |t| t.clarity),
                mode_open: tonality.is_some_and(Tonality::is_open),
                tuning_cents: pitches.map_or(0.0, |p| p.tuning_cents),
                beats_s: rhythm.beats.iter().map(beat_s).collect(),
            },
        })
    }

    fn summary(
        &self,
        signal: &Signal,
        log_mel: ArrayView2<f32>,
        pitches: Option<&PitchProfile>,
    ) -> Result<Summary, AnalysisError> {
        let over = |value: fn(&FrameShape) -> f64| self.shapes.iter().map(value).collect();
        let level: Moments = over(|shape| shape.level_db);
        let quiet = level.mean() - QUIET_DB;
        let quiet_count = self.shapes.iter().filter(|s| s.level_db < quiet).count();
        let mean_chroma = mean_chroma(&self.chroma);
        Ok(Summary {
            mfcc: self.mfcc,
            centroid: over(|shape| shape.centroid_hz),
            bandwidth: over(|shape| shape.bandwidth_hz),
            rolloff: over(|shape| shape.rolloff_hz),
            flatness: over(|shape| shape.flatness_db),
            level,
            dynamic_range_db: dynamic_range(&self.shapes),
            loudness_range_lu: signal.range_lu,
            quiet_share: quiet_count as f64 / self.shapes.len().max(1) as f64,
            rhythm: Rhythm::of(log_mel)?,
            danceability: danceability(&signal.sounding()),
            tonality: pitches.and_then(|p| Tonality::of(&p.chroma)),
            chroma_entropy: entropy(&mean_chroma),
            chroma_flux: flux(&self.chroma),
        })
    }
}

/// The frames, of so many, whose middle is not within a silent stretch; `None` where the
/// song has none.
fn sounding_frames(signal: &Signal, frames: usize) -> Option<Vec<usize>> {
    let sounds = |frame: &usize| !signal.silence.holds(frame * HOP_LENGTH);
    (!signal.silence.is_empty()).then(|| (0..frames).filter(sounds).collect())
}

/// 95th less 10th percentile of the short-term level, as EBU Tech 3342 takes them; what
/// is left at the end of the song is no such stretch. 0 in a song of one stretch or less.
fn dynamic_range(shapes: &[FrameShape]) -> f64 {
    let mut levels: Vec<f64> = shapes
        .chunks_exact(SHORT_TERM_FRAMES)
        .map(|chunk| chunk.iter().map(|s| s.level_db).sum::<f64>() / chunk.len() as f64)
        .collect();
    quantile(&mut levels, 0.95) - quantile(&mut levels, 0.10)
}

fn mean_chroma(frames: &[[f32; PITCH_CLASSES]]) -> [f64; PITCH_CLASSES] {
    let count = frames.len().max(1) as f64;
    std::array::from_fn(|class| frames.iter().map(|f| f64::from(f[class])).sum::<f64>() / count)
}

/// Entropy of the chroma as a distribution, over that of the flat one: 0 = one note,
/// 1 = all notes alike.
fn entropy(chroma: &[f64; PITCH_CLASSES]) -> f64 {
    let sum: f64 = chroma.iter().sum();
    if sum <= 0.0 {
        return 1.0;
    }
    let entropy: f64 = chroma
        .iter()
        .map(|value| value / sum)
        .filter(|p| *p > 0.0)
        .map(|p| -p * p.ln())
        .sum();
    entropy / (PITCH_CLASSES as f64).ln()
}

/// Mean absolute change of the chroma from frame to frame.
fn flux(frames: &[[f32; PITCH_CLASSES]]) -> f64 {
    let change: f64 = frames
        .windows(2)
        .map(|pair| {
            let sum: f32 = pair[0]
                .iter()
                .zip(&pair[1])
                .map(|(a, b)| (a - b).abs())
                .sum();
            f64::from(sum) / PITCH_CLASSES as f64
        })
        .sum();
    change / frames.len().saturating_sub(1).max(1) as f64
}

//! Programme loudness after EBU R 128 and ITU-R BS.1770-4.

use ebur128::{Channel, EbuR128, Mode};
use serde::{Deserialize, Serialize};

use super::true_peak::TruePeak;
use crate::error::AnalysisError;

/// Loudness of a whole programme.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Loudness {
    /// Integrated loudness in LUFS; `None` where all of it lies below the gate.
    pub integrated_lufs: Option<f64>,
    /// Loudness range in LU (EBU Tech 3342).
    pub range_lu: f64,
    /// Highest sample of any channel in dB relative to full scale.
    pub peak_dbfs: f64,
    /// Highest true peak of any channel in dBTP: that of the waveform between the
    /// samples, oversampled four times below 96 kHz and twice below 192 kHz (BS.1770-4,
    /// annex 2); from there on that of the samples.
    pub true_peak_dbtp: f64,
}

/// Meter that takes planar chunks; mono counts as two equal loudspeakers, so that a
/// song saved in mono reads the same as in stereo.
pub(super) struct Meter {
    meter: EbuR128,
    true_peak: TruePeak,
}

impl Meter {
    /// For `channels` channels at `rate` Hz.
    pub(super) fn new(channels: usize, rate: u32) -> Result<Self, AnalysisError> {
        let true_peak = TruePeak::new(channels, rate).map_err(failed)?;
        let mode = Mode::I | Mode::LRA;
        let mut meter = EbuR128::new(channels as u32, rate, mode).map_err(failed)?;
        if channels == 1 {
            meter.set_channel(0, Channel::DualMono).map_err(failed)?;
        }
        Ok(Self { meter, true_peak })
    }

    /// Takes the next chunk, one slice a channel, all of one length.
    pub(super) fn push(&mut self, chunk: &[&[f32]]) -> Result<(), AnalysisError> {
        self.true_peak.push(chunk).map_err(failed)?;
        self.meter.add_frames_planar_f32(chunk).map_err(failed)
    }

    /// Loudness of all that was pushed.
    pub(super) fn finish(&self) -> Result<Loudness, AnalysisError> {
        let integrated = self.meter.loudness_global().map_err(failed)?;
        let (peak, true_peak) = self.true_peak.peaks();
        Ok(Loudness {
            integrated_lufs: integrated.is_finite().then_some(integrated),
            range_lu: self.meter.loudness_range().map_err(failed)?,
            peak_dbfs: decibels(peak),
            true_peak_dbtp: 20.0 * true_peak.log10(),
        })
    }
}

/// Blocks a second after which the momentary loudness is read.
pub(super) const BLOCKS_PER_SECOND: usize = 10;

/// Loudness of mono samples, heard from two equal loudspeakers.
pub(super) struct MonoLoudness {
    /// Integrated loudness in LUFS; `None` where all of it lies below the gate.
    pub(super) integrated: Option<f64>,
    /// Momentary loudness in LUFS after each whole block of 100 ms from the fourth on.
    pub(super) momentary: Vec<f64>,
}

impl MonoLoudness {
    /// Of samples at `rate` Hz.
    pub(super) fn of(samples: &[f32], rate: u32) -> Result<Self, AnalysisError> {
        let mut meter = mono_meter(rate, Mode::I)?;
        let mut momentary = Vec::new();
        let block = rate as usize / BLOCKS_PER_SECOND;
        for (index, samples) in samples.chunks(block).enumerate() {
            meter.add_frames_planar_f32(&[samples]).map_err(failed)?;
            if index >= 3 && samples.len() == block {
                momentary.push(meter.loudness_momentary().map_err(failed)?);
            }
        }
        let loudness = meter.loudness_global().map_err(failed)?;
        Ok(Self {
            integrated: loudness.is_finite().then_some(loudness),
            momentary,
        })
    }
}

/// Loudness range of mono samples at `rate` Hz, in LU.
pub(super) fn range(samples: &[f32], rate: u32) -> Result<f64, AnalysisError> {
    let mut meter = mono_meter(rate, Mode::LRA)?;
    meter.add_frames_planar_f32(&[samples]).map_err(failed)?;
    meter.loudness_range().map_err(failed)
}

fn mono_meter(rate: u32, mode: Mode) -> Result<EbuR128, AnalysisError> {
    let mut meter = EbuR128::new(1, rate, mode).map_err(failed)?;
    meter.set_channel(0, Channel::DualMono).map_err(failed)?;
    Ok(meter)
}

/// Amplitude in dB relative to full scale.
pub(super) fn decibels(amplitude: f32) -> f64 {
    20.0 * f64::from(amplitude).log10()
}

fn failed(error: ebur128::Error) -> AnalysisError {
    AnalysisError::internal("measuring the loudness", &error)
}

//! Programme loudness after EBU R 128 and ITU-R BS.1770-4.

use ebur128::{Channel, EbuR128, Mode};
use serde::{Deserialize, Serialize};

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
    channels: u32,
}

impl Meter {
    /// For `channels` channels at `rate` Hz.
    pub(super) fn new(channels: usize, rate: u32) -> Result<Self, AnalysisError> {
        let mode = Mode::I | Mode::LRA | Mode::TRUE_PEAK;
        let channels = channels as u32;
        let mut meter = EbuR128::new(channels, rate, mode).map_err(failed)?;
        if channels == 1 {
            meter.set_channel(0, Channel::DualMono).map_err(failed)?;
        }
        Ok(Self { meter, channels })
    }

    /// Takes the next chunk, one slice a channel, all of one length.
    pub(super) fn push(&mut self, chunk: &[&[f32]]) -> Result<(), AnalysisError> {
        self.meter.add_frames_planar_f32(chunk).map_err(failed)
    }

    /// Loudness of all that was pushed; `peak` is the highest absolute sample.
    pub(super) fn finish(&self, peak: f32) -> Result<Loudness, AnalysisError> {
        let integrated = self.meter.loudness_global().map_err(failed)?;
        let mut true_peak = 0.0_f64;
        for channel in 0..self.channels {
            true_peak = true_peak.max(self.meter.true_peak(channel).map_err(failed)?);
        }
        Ok(Loudness {
            integrated_lufs: integrated.is_finite().then_some(integrated),
            range_lu: self.meter.loudness_range().map_err(failed)?,
            peak_dbfs: decibels(peak),
            true_peak_dbtp: 20.0 * true_peak.log10(),
        })
    }
}

/// Integrated loudness of mono samples at `rate` Hz, heard from two equal loudspeakers,
/// in LUFS; `None` where all of it lies below the gate.
pub(super) fn integrated(samples: &[f32], rate: u32) -> Result<Option<f64>, AnalysisError> {
    let mut meter = EbuR128::new(1, rate, Mode::I).map_err(failed)?;
    meter.set_channel(0, Channel::DualMono).map_err(failed)?;
    meter.add_frames_planar_f32(&[samples]).map_err(failed)?;
    let loudness = meter.loudness_global().map_err(failed)?;
    Ok(loudness.is_finite().then_some(loudness))
}

/// Amplitude in dB relative to full scale.
pub(super) fn decibels(amplitude: f32) -> f64 {
    20.0 * f64::from(amplitude).log10()
}

fn failed(error: ebur128::Error) -> AnalysisError {
    AnalysisError::internal("measuring the loudness", &error)
}

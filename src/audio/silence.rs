//! What is too quiet to have a mood.

use super::SILENCE_DBFS;
use super::loudness::decibels;
use crate::error::AnalysisError;

/// Least level in dB that a message names: that of digital silence is endless.
const LEAST_DBFS: f64 = -200.0;

/// Refuses samples of one channel, full scale ±1, that stay below [`SILENCE_DBFS`].
///
/// # Errors
/// [`AnalysisError::Silent`] with their peak.
pub fn refuse_silence(samples: &[f32]) -> Result<(), AnalysisError> {
    refuse_silent_peak(samples.iter().fold(0.0, |peak, s| peak.max(s.abs())))
}

/// The same by the greatest amplitude.
pub(super) fn refuse_silent_peak(peak: f32) -> Result<(), AnalysisError> {
    let peak_dbfs = decibels(peak);
    if peak_dbfs < SILENCE_DBFS {
        return Err(silent(peak_dbfs));
    }
    Ok(())
}

/// The refusal of sound with that peak.
pub(super) fn silent(peak_dbfs: f64) -> AnalysisError {
    AnalysisError::Silent {
        peak_dbfs: peak_dbfs.max(LEAST_DBFS),
        minimum_dbfs: SILENCE_DBFS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_below_the_limit_is_silent() {
        // 10^(-80 / 20), and just below.
        assert!(refuse_silence(&[0.0, -1.001e-4]).is_ok());
        assert!(refuse_silence(&[0.0, -0.999e-4]).is_err());
        let error = refuse_silence(&[]).unwrap_err();
        assert!(error.to_string().contains("-200 dBFS"), "{error}");
    }
}

//! The mean of all channels.

use super::resample::Resample;
use super::{Pcm, pcm};
use crate::error::AnalysisError;

/// Part of a song in mono: the mean of its channels from `start_s` on for `duration_s`
/// seconds, at `rate` Hz, with its level untouched. As `librosa.load(sr=rate, mono=True,
/// offset=start_s, duration=duration_s)` but for the resampler. A song that ends before
/// gives as much as there is, in the end nothing.
///
/// # Errors
/// [`AnalysisError::UnsupportedRate`], or [`AnalysisError::NotFinite`] on a sample within
/// the part that is NaN or infinite.
pub fn mono(
    pcm: &Pcm,
    start_s: f64,
    duration_s: f64,
    rate: u32,
) -> Result<Vec<f32>, AnalysisError> {
    pcm::check_format(rate, 1)?;
    let channels = pcm.channels();
    let place = |seconds: f64| {
        let sample = (seconds * f64::from(pcm.sample_rate())).round() as usize;
        sample.min(channels[0].len())
    };
    let (start, end) = (place(start_s), place(start_s + duration_s));
    let part: Vec<&[f32]> = channels.iter().map(|c| &c[start..end.max(start)]).collect();
    for (channel, samples) in part.iter().enumerate() {
        if let Some(index) = samples.iter().position(|s| !s.is_finite()) {
            let index = start + index;
            return Err(AnalysisError::NotFinite { channel, index });
        }
    }
    let mut samples = Vec::new();
    mean(&part, &mut samples);
    let mut resample = Resample::new(pcm.sample_rate(), rate)?;
    resample.push(&samples)?;
    resample.finish()
}

/// Mean of `channels` (`[channel][sample]`, all of one length, at least one), into `out`.
pub(super) fn mean(channels: &[&[f32]], out: &mut Vec<f32>) {
    let gain = 1.0 / channels.len() as f32;
    out.clear();
    out.resize(channels[0].len(), 0.0);
    for channel in channels {
        for (sum, sample) in out.iter_mut().zip(*channel) {
            *sum += gain * sample;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pcm(rate: u32) -> Pcm {
        let ramp = |step: f32| (0..rate).map(|n| step * n as f32).collect();
        Pcm::new(vec![ramp(1.0), ramp(3.0)], rate).unwrap()
    }

    #[test]
    fn a_part_is_the_mean_of_its_channels() {
        let part = mono(&pcm(8_000), 0.5, 0.25, 8_000).unwrap();
        assert_eq!(part.len(), 2_000);
        assert_eq!(part[..2], [8_000.0, 8_002.0]);
    }

    #[test]
    fn a_song_that_ends_before_gives_what_there_is() {
        assert_eq!(mono(&pcm(8_000), 0.75, 30.0, 22_050).unwrap().len(), 5_513);
        assert!(mono(&pcm(8_000), 2.0, 30.0, 22_050).unwrap().is_empty());
    }

    #[test]
    fn only_the_part_must_be_finite() {
        let mut samples = vec![0.5; 8_000];
        samples[5_000] = f32::NAN;
        let pcm = Pcm::new(vec![samples], 8_000).unwrap();
        assert!(mono(&pcm, 0.0, 0.5, 16_000).is_ok());
        let error = mono(&pcm, 0.5, 0.5, 16_000).unwrap_err();
        assert_eq!(error.kind(), "not-finite");
        assert!(mono(&pcm, 0.0, 0.5, 1).is_err());
    }
}

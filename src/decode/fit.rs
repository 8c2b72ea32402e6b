//! One rate and one number of channels for all of a file.

use crate::audio::Resample;
use crate::error::AnalysisError;

/// Brings the parts of a joined file to the rate and the number of channels of its first.
#[derive(Default)]
pub(super) struct Fit {
    first: Option<Shape>,
    now: Option<Shape>,
    /// One for each channel, where the part that is read has another rate.
    resamplers: Vec<Resample>,
}

type Shape = (u32, usize);

impl Fit {
    /// The rate of all of the file in Hz, 0 before its first sound.
    pub(super) fn rate(&self) -> u32 {
        self.first.map_or(0, |(rate, _)| rate)
    }

    /// Whether there was any sound.
    pub(super) const fn has_begun(&self) -> bool {
        self.first.is_some()
    }

    /// Fits the next samples, `[channel][sample]`, at `rate` Hz, in place. What comes out may
    /// belong to samples before.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] where a resampler refuses.
    pub(super) fn take(
        &mut self,
        rate: u32,
        planes: &mut Vec<Vec<f32>>,
    ) -> Result<(), AnalysisError> {
        let shape = (rate, planes.len());
        let first = *self.first.get_or_insert(shape);
        let tail = if *self.now.get_or_insert(shape) == shape {
            Vec::new()
        } else {
            let mut tail = Vec::new();
            self.end(&mut tail)?;
            self.now = Some(shape);
            if rate != first.0 {
                let resampler = |_| Resample::new(rate, first.0);
                self.resamplers = (0..first.1).map(resampler).collect::<Result<_, _>>()?;
            }
            tail
        };
        if planes.len() != first.1 {
            lay_out(planes, first.1);
        }
        for (plane, resampler) in planes.iter_mut().zip(&mut self.resamplers) {
            resampler.push(plane)?;
            *plane = resampler.take();
        }
        for (plane, before) in planes.iter_mut().zip(tail) {
            plane.splice(..0, before);
        }
        Ok(())
    }

    /// What is left in the resamplers, `[channel][sample]`.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] where a resampler refuses.
    pub(super) fn end(&mut self, planes: &mut Vec<Vec<f32>>) -> Result<(), AnalysisError> {
        planes.clear();
        for resampler in self.resamplers.drain(..) {
            planes.push(resampler.finish()?);
        }
        Ok(())
    }
}

/// The mean of all channels on each of `count`.
fn lay_out(planes: &mut Vec<Vec<f32>>, count: usize) {
    let length = planes.first().map_or(0, Vec::len);
    let share = 1.0 / planes.len().max(1) as f32;
    let mut mean = vec![0.0; length];
    for plane in planes.iter() {
        for (sum, sample) in mean.iter_mut().zip(plane) {
            *sum += share * sample;
        }
    }
    *planes = vec![mean; count];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(parts: &[(u32, Vec<Vec<f32>>)]) -> Vec<Vec<f32>> {
        let mut fit = Fit::default();
        let mut all = vec![Vec::new(); parts[0].1.len()];
        let mut add = |planes: &[Vec<f32>]| {
            for (all, plane) in all.iter_mut().zip(planes) {
                all.extend_from_slice(plane);
            }
        };
        for (rate, planes) in parts {
            for from in (0..planes[0].len()).step_by(1_000) {
                let to = (from + 1_000).min(planes[0].len());
                let mut chunk: Vec<_> = planes.iter().map(|p| p[from..to].to_vec()).collect();
                fit.take(*rate, &mut chunk).unwrap();
                add(&chunk);
            }
        }
        let mut rest = Vec::new();
        fit.end(&mut rest).unwrap();
        add(&rest);
        all
    }

    fn tone(rate: u32, seconds: f32) -> Vec<f32> {
        let sine = |n: usize| (6.283_185_5 * 220.0 * n as f32 / rate as f32).sin();
        (0..(seconds * rate as f32) as usize).map(sine).collect()
    }

    #[test]
    fn one_shape_stays_to_the_last_bit() {
        let planes = vec![tone(44_100, 1.0), vec![0.5; 44_100]];
        assert!(heard(&[(44_100, planes.clone())]) == planes);
    }

    #[test]
    fn every_part_comes_to_the_rate_and_channels_of_the_first() {
        let (low, high) = (tone(32_000, 2.0), tone(44_100, 2.0));
        let parts = [
            (44_100, vec![high.clone(); 2]),
            (32_000, vec![low.clone()]),
            (32_000, vec![low.clone(), low.clone()]),
            (44_100, vec![high.clone()]),
        ];
        let all = heard(&parts);
        for channel in &all {
            assert_eq!(channel.len(), 4 * 88_200);
            let expected = high.repeat(4);
            let pairs = channel.iter().zip(&expected);
            let off = pairs.map(|(a, b)| (a - b).powi(2)).sum::<f32>();
            assert!(off < 1e-4 * expected.len() as f32, "{off}");
        }
        let mono = heard(&[
            (44_100, vec![high.clone()]),
            (44_100, vec![high.clone(), high]),
        ]);
        assert_eq!(mono.len(), 1);
        assert_eq!(mono[0].len(), 2 * 88_200);
    }
}

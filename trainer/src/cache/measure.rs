//! What the learners are given of a signal: the frames and descriptors that
//! [`undertone::Analysis`] computes, from the same parts.

use anyhow::Result;
use ndarray::Array2;
use undertone::Signal;
use undertone::features::{Collector, Descriptors};
use undertone::spectrum::chroma::{self, Chroma};
use undertone::spectrum::{HOP_LENGTH, LogMel, N_MELS};

/// Log-mel frames `[frames, 96]` and descriptors of a whole song.
pub(super) fn measure(signal: &Signal) -> Result<(Array2<f32>, Descriptors)> {
    let samples = &signal.samples;
    let (mut mel, mut chroma) = (LogMel::new(), Chroma::new());
    let mut collector = Collector::new();
    let mut log_mel = Array2::zeros((mel.frames(samples.len()), N_MELS));
    for index in 0..log_mel.nrows() {
        let power = mel.frame(samples, index, log_mel.row_mut(index))?;
        collector.push_frame(log_mel.row(index), power);
        if (index * HOP_LENGTH).is_multiple_of(chroma::HOP_LENGTH) {
            let frame = chroma.frame(samples, index * HOP_LENGTH / chroma::HOP_LENGTH)?;
            collector.push_chroma(frame);
        }
    }
    let (descriptors, _) = collector.finish(signal);
    Ok((log_mel, descriptors))
}

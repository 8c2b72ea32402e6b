//! Streaming resampling of one channel.

use rubato::audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler, WindowFunction};

use crate::error::AnalysisError;

/// Blocks a second: 0.1 s keeps the anti-alias filter's pass band up to 99 % of half the
/// lower rate (7.9 kHz of 8 kHz).
const BLOCKS_PER_SECOND: usize = 10;

/// Brings one channel to another rate, chunk by chunk, without delay: sample `n` of the
/// output sounds at the time of input sample `n · from / to`.
///
/// Synchronous FFT resampling (rubato's `Fft`, 4-term Blackman-Harris squared). Against
/// soxr's "very high" quality the SNR at 16 kHz is 87 dB from 44.1 kHz and 101 dB from
/// 48 kHz, up to 7 kHz (`tests/numeric/resample.rs`).
pub(crate) struct Resample {
    engine: Option<Fft<f32>>,
    pending: Vec<f32>,
    block: Vec<f32>,
    output: Vec<f32>,
    /// Output samples that are still the engine's delay.
    delay_left: usize,
    input_len: usize,
    /// Output samples that were taken out.
    taken: usize,
    ratio: f64,
}

impl Resample {
    /// For input at `from` Hz and output at `to` Hz.
    pub(crate) fn new(from: u32, to: u32) -> Result<Self, AnalysisError> {
        let engine = if from == to {
            None
        } else {
            let fft = Fft::new_custom(
                from as usize,
                to as usize,
                from as usize / BLOCKS_PER_SECOND,
                1,
                1,
                WindowFunction::BlackmanHarris2,
                FixedSync::Both,
            );
            Some(fft.map_err(|error| AnalysisError::internal("resampling", &error))?)
        };
        let (delay_left, block) = engine.as_ref().map_or((0, 0), |engine| {
            (engine.output_delay(), engine.output_frames_max())
        });
        Ok(Self {
            engine,
            pending: Vec::new(),
            block: vec![0.0; block],
            output: Vec::new(),
            delay_left,
            input_len: 0,
            taken: 0,
            ratio: f64::from(to) / f64::from(from),
        })
    }

    /// Takes the next samples, of any number.
    pub(crate) fn push(&mut self, samples: &[f32]) -> Result<(), AnalysisError> {
        self.input_len += samples.len();
        let Some(needed) = self.engine.as_ref().map(Resampler::input_frames_next) else {
            self.output.extend_from_slice(samples);
            return Ok(());
        };
        self.pending.extend_from_slice(samples);
        let whole = self.pending.len() / needed * needed;
        for start in (0..whole).step_by(needed) {
            self.run(start, needed)?;
        }
        self.pending.drain(..whole);
        Ok(())
    }

    /// Takes out what is ready.
    #[cfg(feature = "decode")]
    pub(crate) fn take(&mut self) -> Vec<f32> {
        self.taken += self.output.len();
        std::mem::take(&mut self.output)
    }

    /// Flushes what is pending and returns `ceil(input · to / from)` samples, less those that
    /// were taken out.
    pub(crate) fn finish(mut self) -> Result<Vec<f32>, AnalysisError> {
        let all = (self.input_len as f64 * self.ratio).ceil() as usize;
        let expected = all.saturating_sub(self.taken);
        while let Some(needed) = self
            .engine
            .as_ref()
            .filter(|_| self.output.len() < expected)
            .map(Resampler::input_frames_next)
        {
            self.pending.resize(needed, 0.0);
            self.run(0, needed)?;
            self.pending.clear();
        }
        self.output.truncate(expected);
        Ok(self.output)
    }

    /// Resamples one block of `pending` and drops the engine's delay at the start.
    fn run(&mut self, start: usize, len: usize) -> Result<(), AnalysisError> {
        let Some(engine) = self.engine.as_mut() else {
            return Ok(());
        };
        let failed = |error: &dyn std::fmt::Display| {
            AnalysisError::internal("resampling", &error.to_string())
        };
        let block_len = self.block.len();
        let input = SequentialSlice::new(&self.pending[start..start + len], 1, len)
            .map_err(|error| failed(&error))?;
        let mut output = SequentialSlice::new_mut(&mut self.block, 1, block_len)
            .map_err(|error| failed(&error))?;
        let (_, written) = engine
            .process_into_buffer(&input, &mut output, None::<&Indexing>)
            .map_err(|error| failed(&error))?;
        let skip = self.delay_left.min(written);
        self.delay_left -= skip;
        self.output.extend_from_slice(&self.block[skip..written]);
        Ok(())
    }
}

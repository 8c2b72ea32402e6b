//! What every judge is fed: the numbers that intake, spectrogram and models agree on.

/// Sample rate of a [`crate::Signal`] in Hz: what the spectrograms and the judges were
/// made for.
pub const SAMPLE_RATE: u32 = 16_000;
/// Loudness that a [`crate::Signal`] is brought to, in LUFS: the level at which streaming
/// services play, so that the volume knob of a recording changes no mood.
pub const TARGET_LUFS: f64 = -14.0;

/// FFT length in samples (32 ms).
pub const N_FFT: usize = 512;
/// Hop in samples (16 ms, 62.5 frames a second).
pub const HOP_LENGTH: usize = 256;
/// Mel bands.
pub const N_MELS: usize = 96;
/// Frames a second of the log-mel spectrogram: 62.5.
pub const FRAME_RATE: f64 = SAMPLE_RATE as f64 / HOP_LENGTH as f64;

/// Frames of one network window: 10.24 s at 62.5 frames a second.
pub const WINDOW_FRAMES: usize = 640;
/// Frames of one output step; windows are whole multiples of it.
pub const STEP_FRAMES: usize = 64;
/// Seconds of one output step: 1.024.
pub const STEP_SECONDS: f64 = (STEP_FRAMES * HOP_LENGTH) as f64 / SAMPLE_RATE as f64;

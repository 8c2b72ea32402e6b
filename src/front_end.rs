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

/// Samples of one step of the network's answer: 1 s.
pub const STEP: usize = SAMPLE_RATE as usize;
/// Seconds of one step.
pub const STEP_SECONDS: f64 = STEP as f64 / SAMPLE_RATE as f64;
/// Steps of one window of the network.
pub const WINDOW_STEPS: usize = 10;
/// Samples of one window of the network: 10 s.
pub const WINDOW: usize = WINDOW_STEPS * STEP;
/// Hop of the network's spectrogram in samples (10 ms); its FFT is as long as [`N_FFT`].
pub const NETWORK_HOP_LENGTH: usize = 160;
/// Mel bands of the network's spectrogram.
pub const NETWORK_N_MELS: usize = 64;

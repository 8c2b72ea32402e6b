//! Triangular filters that sum a power spectrum into mel bands.

/// librosa's `filters.mel(sr, n_fft, n_mels)` with its defaults (0 Hz to half the rate,
/// Slaney's mel scale and area norm), without the zeros.
#[derive(Debug, Clone)]
pub struct FilterBank {
    bands: Vec<Band>,
}

/// One triangular filter: its first bin and its weights from there on.
#[derive(Debug, Clone)]
struct Band {
    first: usize,
    weights: Vec<f32>,
}

impl FilterBank {
    /// `n_mels` filters for power spectra of `n_fft` samples at `sample_rate` Hz.
    #[must_use]
    pub fn new(sample_rate: u32, n_fft: usize, n_mels: usize) -> Self {
        let bins = n_fft / 2 + 1;
        let nyquist = f64::from(sample_rate) / 2.0;
        let bin_hz = f64::from(sample_rate) / n_fft as f64;
        let top = mel_from_hz(nyquist);
        let edge = |i: usize| hz_from_mel(top * i as f64 / (n_mels + 1) as f64);
        let bands = (0..n_mels)
            .map(|band| triangle(edge(band), edge(band + 1), edge(band + 2), bin_hz, bins))
            .collect();
        Self { bands }
    }

    /// Mel bands `[n_mels]` of a power spectrum `[n_fft / 2 + 1]`, lowest first, in the
    /// unit of the power.
    pub fn apply(&self, power: &[f32]) -> impl Iterator<Item = f32> {
        self.bands.iter().map(|band| {
            let bins = &power[band.first..band.first + band.weights.len()];
            bins.iter().zip(&band.weights).map(|(p, w)| p * w).sum()
        })
    }
}

/// One filter of unit area between `low` and `high` Hz with its top at `centre`.
fn triangle(low: f64, centre: f64, high: f64, bin_hz: f64, bins: usize) -> Band {
    let norm = 2.0 / (high - low);
    let weight = |bin: usize| {
        let hz = bin as f64 * bin_hz;
        let rise = (hz - low) / (centre - low);
        let fall = (high - hz) / (high - centre);
        norm * rise.min(fall).max(0.0)
    };
    let first = ((low / bin_hz).floor() as usize).min(bins - 1);
    let last = ((high / bin_hz).ceil() as usize).min(bins - 1);
    Band {
        first,
        weights: (first..=last).map(|bin| weight(bin) as f32).collect(),
    }
}

/// Slaney's scale (Auditory Toolbox): linear to 1 kHz, then 27 steps per factor 6.4.
const MEL_BREAK: f64 = 15.0;
const HZ_BREAK: f64 = 1_000.0;
const HZ_PER_MEL: f64 = 200.0 / 3.0;

fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

fn mel_from_hz(hz: f64) -> f64 {
    if hz < HZ_BREAK {
        hz / HZ_PER_MEL
    } else {
        MEL_BREAK + (hz / HZ_BREAK).ln() / log_step()
    }
}

fn hz_from_mel(mel: f64) -> f64 {
    if mel < MEL_BREAK {
        mel * HZ_PER_MEL
    } else {
        HZ_BREAK * ((mel - MEL_BREAK) * log_step()).exp()
    }
}

/// Frequency in Hz that parts filter `band - 1` from filter `band` of
/// [`FilterBank::new`]: halfway, on the mel scale, between their tops; 0 below the
/// lowest filter and half the rate above the highest.
#[must_use]
pub fn mel_boundary_hz(sample_rate: u32, n_mels: usize, band: usize) -> f64 {
    let nyquist = f64::from(sample_rate) / 2.0;
    match band {
        0 => 0.0,
        band if band >= n_mels => nyquist,
        band => hz_from_mel(mel_from_hz(nyquist) * (band as f64 + 0.5) / (n_mels + 1) as f64),
    }
}

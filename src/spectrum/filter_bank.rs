//! Triangular filters that sum a power spectrum into mel bands.

/// Triangular filters that overlap by half, without the zeros: each rises from the top of the one
/// below and falls to that of the one above.
#[derive(Debug, Clone)]
pub struct FilterBank {
    /// What lies from one edge to the next, lowest first.
    slopes: Vec<Slopes>,
}

/// The bins between two edges: where a filter falls, and the next one rises.
#[derive(Debug, Clone)]
struct Slopes {
    first: usize,
    /// Weights in both.
    weights: Vec<[f32; 2]>,
}

impl FilterBank {
    /// librosa's `filters.mel(sr, n_fft, n_mels)` with its defaults (0 Hz to half the rate,
    /// Slaney's mel scale and area norm): `n_mels` filters for power spectra of `n_fft` samples at
    /// `sample_rate` Hz.
    #[must_use]
    pub fn new(sample_rate: u32, n_fft: usize, n_mels: usize) -> Self {
        let top = mel_from_hz(f64::from(sample_rate) / 2.0);
        let edge = |i: usize| hz_from_mel(top * i as f64 / (n_mels + 1) as f64);
        let edges: Vec<f64> = (0..n_mels + 2).map(edge).collect();
        Self::triangles(sample_rate, n_fft, &edges, |low, high| 2.0 / (high - low))
    }

    /// Filter `n` from `edges[n]` to `edges[n + 2]`, in Hz, with its top between them; how high, `top`
    /// says of both.
    pub(crate) fn triangles(
        sample_rate: u32,
        n_fft: usize,
        edges: &[f64],
        top: impl Fn(f64, f64) -> f64,
    ) -> Self {
        let bin_hz = f64::from(sample_rate) / n_fft as f64;
        let hz = |bin: usize| bin as f64 * bin_hz;
        let weight = |filter: Option<usize>, hz: f64| {
            let edges = filter.and_then(|filter| edges.get(filter..)?.first_chunk());
            edges.map_or(0.0, |&[low, centre, high]| {
                let rise = (hz - low) / (centre - low);
                let fall = (high - hz) / (high - centre);
                top(low, high) * rise.min(fall).max(0.0)
            })
        };
        let bins = n_fft / 2 + 1;
        let slopes = edges.windows(2).enumerate().map(|(place, pair)| {
            let mut between = (0..bins).filter(|&bin| pair[0] <= hz(bin) && hz(bin) < pair[1]);
            let first = between.next();
            let between = first.into_iter().chain(between);
            Slopes {
                first: first.unwrap_or(0),
                weights: between
                    .map(|bin| {
                        let filters = [place.checked_sub(1), Some(place)];
                        filters.map(|filter| weight(filter, hz(bin)) as f32)
                    })
                    .collect(),
            }
        });
        Self {
            slopes: slopes.collect(),
        }
    }

    /// Mel bands `[n_mels]` of a power spectrum `[n_fft / 2 + 1]`, lowest first, in the
    /// unit of the power.
    pub fn apply(&self, power: &[f32]) -> impl Iterator<Item = f32> {
        let mut begun = 0.0;
        let sums = self.slopes.iter().map(move |slopes| {
            let (mut falling, mut rising) = (begun, 0.0);
            for (p, [fall, rise]) in power[slopes.first..].iter().zip(&slopes.weights) {
                falling += p * fall;
                rising += p * rise;
            }
            begun = rising;
            falling
        });
        // Below the first edge nothing has begun.
        sums.skip(1)
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

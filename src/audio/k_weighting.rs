//! The K-weighting of ITU-R BS.1770-4, and the energy that is left of it.

use std::f64::consts::PI;

use wide::f64x2;

/// Channels that are filtered side by side.
pub(super) const LANES: usize = 2;
/// Values that a filter of the second order looks back on.
const ORDER: usize = 2;

/// Both filters of the weighting, one after the other, over two channels at once.
pub(super) struct KWeighting {
    shelf: Biquad,
    high_pass: Biquad,
    /// The last values within both filters, the newest first, `[filter][age][channel]`.
    state: [[f64x2; ORDER]; 2],
}

impl KWeighting {
    /// For samples at `rate` Hz.
    pub(super) fn new(rate: u32) -> Self {
        Self {
            shelf: shelf(f64::from(rate)),
            high_pass: high_pass(f64::from(rate)),
            state: [[f64x2::ZERO; ORDER]; 2],
        }
    }

    /// Sum of the squares of the next samples, weighted, for each of two channels of one
    /// length.
    pub(super) fn energy(&mut self, channels: [&[f32]; LANES]) -> [f64; LANES] {
        let ([b0, b1, b2], [_, a1, a2]) = self.shelf;
        let (_, [_, c1, c2]) = self.high_pass;
        let [[mut v1, mut v2], [mut w1, mut w2]] = self.state;
        let mut energy = f64x2::ZERO;
        for (first, second) in channels[0].iter().zip(channels[1]) {
            let sample = f64x2::new([f64::from(*first), f64::from(*second)]);
            // What is known longest comes first: each sample waits for the one before it.
            let v0 = sample - v2 * a2 - v1 * a1;
            let shelved = v2 * b2 + v1 * b1 + v0 * b0;
            let w0 = shelved - w2 * c2 - w1 * c1;
            // The numerator of the high pass is 1, -2, 1.
            let out = (w0 - w1) - (w1 - w2);
            energy += out * out;
            [v1, v2, w1, w2] = [v0, v1, w0, w1];
        }
        self.state = [[v1, v2], [w1, w2]];
        // Numbers this small take a processor a hundred times as long.
        let or_zero = |value: f64| {
            if value.abs() < f64::MIN_POSITIVE {
                0.0
            } else {
                value
            }
        };
        for values in self.state.as_flattened_mut() {
            *values = f64x2::new(values.to_array().map(or_zero));
        }
        energy.to_array()
    }
}

/// Numerator and denominator of a filter of the second order.
type Biquad = ([f64; 3], [f64; 3]);

/// The first filter, a shelf of 4 dB above 2 kHz, for any rate: the analogue prototype behind
/// BS.1770-4's table 1, which is for 48 kHz, as libebur128 and `ebur128` have it.
fn shelf(rate: f64) -> Biquad {
    let (centre_hz, gain_db) = (1_681.974_450_955_533, 3.999_843_853_973_347);
    let q = 0.707_175_236_955_419_6;
    let k = (PI * centre_hz / rate).tan();
    let high = 10_f64.powf(gain_db / 20.0);
    let band = high.powf(0.499_666_774_154_541_6);
    let whole = 1.0 + k / q + k * k;
    let numerator = [
        high + band * k / q + k * k,
        2.0 * (k * k - high),
        high - band * k / q + k * k,
    ];
    (numerator.map(|b| b / whole), denominator(k, q))
}

/// The second filter, a high pass at 38 Hz, from table 2 in the same way.
fn high_pass(rate: f64) -> Biquad {
    let (centre_hz, q) = (38.135_470_876_024_44, 0.500_327_037_323_877_3);
    let k = (PI * centre_hz / rate).tan();
    ([1.0, -2.0, 1.0], denominator(k, q))
}

fn denominator(k: f64, q: f64) -> [f64; 3] {
    let whole = 1.0 + k / q + k * k;
    [
        1.0,
        2.0 * (k * k - 1.0) / whole,
        (1.0 - k / q + k * k) / whole,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BS.1770-4, tables 1 and 2.
    #[test]
    fn at_48_khz_the_filters_are_those_of_the_standard() {
        let close = |got: [f64; 3], expected: [f64; 3]| {
            let pairs = got.iter().zip(expected);
            pairs.fold(0.0_f64, |worst, (a, b)| worst.max((a - b).abs())) < 1e-8
        };
        let (b, a) = shelf(48_000.0);
        assert!(close(
            b,
            [
                1.535_124_859_586_97,
                -2.691_696_189_406_38,
                1.198_392_810_852_85
            ]
        ));
        assert!(close(a, [1.0, -1.690_659_293_182_41, 0.732_480_774_215_85]));
        let (b, a) = high_pass(48_000.0);
        assert!(close(b, [1.0, -2.0, 1.0]));
        assert!(close(a, [1.0, -1.990_047_454_833_98, 0.990_072_250_366_21]));
    }

    #[test]
    fn both_channels_are_filtered_alike_and_leave_nothing_behind() {
        let noise = |seed: u32| -> Vec<f32> {
            let next = |x: &u32| Some(x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
            let noise = std::iter::successors(Some(seed), next);
            noise.take(4_410).map(|x| x as f32 / 4e9 - 0.5).collect()
        };
        let (a, b) = (noise(1), noise(2));
        let energy = |channels: [&[f32]; LANES]| KWeighting::new(44_100).energy(channels);
        let [first, second] = energy([&a, &b]);
        let [turned_second, turned_first] = energy([&b, &a]);
        assert!(first.to_bits() == turned_first.to_bits());
        assert!(second.to_bits() == turned_second.to_bits());
        let mut filter = KWeighting::new(44_100);
        filter.energy([&a, &b]);
        let silence = vec![0.0; 4_410];
        for _ in 0..200 {
            filter.energy([&silence, &silence]);
        }
        let left = filter.state.as_flattened();
        assert!(left.iter().all(|values| *values == f64x2::ZERO));
    }
}

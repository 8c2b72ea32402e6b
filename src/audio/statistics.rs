//! Sums over samples.

/// Sums that are taken side by side, so that the processor adds several at once.
const LANES: usize = 8;

/// Covariance of two channels of one length; 0 of nothing.
pub(super) fn covariance(a: &[f32], b: &[f32]) -> f64 {
    let (mut sum_a, mut sum_b, mut products) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let mut add = |a: &[f32], b: &[f32]| {
        for (lane, (&a, &b)) in a.iter().zip(b).enumerate() {
            let (a, b) = (f64::from(a), f64::from(b));
            sum_a[lane] += a;
            sum_b[lane] += b;
            products[lane] += a * b;
        }
    };
    let ((whole_a, rest_a), (whole_b, rest_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in whole_a.iter().zip(whole_b) {
        add(a, b);
    }
    add(rest_a, rest_b);
    let count = a.len().max(1) as f64;
    let mean = |lanes: [f64; LANES]| lanes.iter().sum::<f64>() / count;
    mean(products) - mean(sum_a) * mean(sum_b)
}

/// Sum of samples, and of their squares.
pub(super) fn sums(samples: &[f32]) -> (f64, f64) {
    let (mut sums, mut squares) = ([0.0; LANES], [0.0; LANES]);
    let mut add = |samples: &[f32]| {
        for (lane, &sample) in samples.iter().enumerate() {
            let sample = f64::from(sample);
            sums[lane] += sample;
            squares[lane] += sample * sample;
        }
    };
    let (whole, rest) = samples.as_chunks::<LANES>();
    for samples in whole {
        add(samples);
    }
    add(rest);
    (sums.iter().sum(), squares.iter().sum())
}

/// Mean square of samples about their mean, so that an offset has none; 0 of nothing.
pub(super) fn energy(samples: &[f32]) -> f64 {
    let count = samples.len().max(1) as f64;
    let (sum, squares) = sums(samples);
    squares / count - (sum / count).powi(2)
}

/// The first sample that is NaN or infinite.
pub(super) fn not_finite(samples: &[f32]) -> Option<usize> {
    let mut lanes = [0.0_f32; LANES];
    let (whole, rest) = samples.as_chunks::<LANES>();
    for samples in whole {
        // Nothing but a number makes 0 of 0.
        for (lane, sample) in lanes.iter_mut().zip(samples) {
            *lane += 0.0 * sample;
        }
    }
    let is_finite = |sample: &f32| sample.is_finite();
    if lanes.iter().all(is_finite) && rest.iter().all(is_finite) {
        return None;
    }
    samples.iter().position(|sample| !sample.is_finite())
}

/// Highest absolute sample; 0 of nothing. The bits of numbers that are not negative stand in the
/// order of the numbers, and the highest of several whole numbers is one instruction everywhere.
pub(super) fn peak(samples: &[f32]) -> f32 {
    let bits = samples.iter().map(|sample| sample.abs().to_bits());
    f32::from_bits(bits.fold(0, u32::max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_covariance_knows_no_offset() {
        let ramp = |from: f32| (0..101).map(|n| from + n as f32).collect::<Vec<f32>>();
        // (n^2 - 1) / 12 of whole numbers in a row.
        assert!((covariance(&ramp(0.0), &ramp(70.0)) - 850.0).abs() < 1e-6);
        let falling: Vec<f32> = ramp(0.0).iter().map(|x| -x).collect();
        assert!((covariance(&ramp(3.0), &falling) + 850.0).abs() < 1e-6);
        assert!(covariance(&[], &[]).abs() < 1e-12);
        assert!((energy(&ramp(70.0)) - 850.0).abs() < 1e-6);
        assert!(energy(&[]).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_number_is_found_wherever_it_lies() {
        assert_eq!(not_finite(&[f32::MAX; 19]), None);
        assert_eq!(not_finite(&[]), None);
        for at in [0, 7, 8, 16, 18] {
            for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let mut samples = [-f32::MAX; 19];
                samples[at] = odd;
                assert_eq!(not_finite(&samples), Some(at));
            }
        }
    }

    #[test]
    fn the_peak_is_the_highest_of_either_sign() {
        for at in [0, 7, 8, 16, 18] {
            let mut samples = [0.1; 19];
            samples[at] = -0.7;
            assert!((peak(&samples) - 0.7).abs() < 1e-9, "{at}");
        }
        assert!(peak(&[]) == 0.0);
    }
}

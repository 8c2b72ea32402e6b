//! What training spends its time in: convolution with pooling, batch normalisation and the LSTM,
//! over plain slices, and in [`ops`] as operators of burn.
//!
//! burn's own convolution backward and its LSTM, built of small operators, took three
//! and more times as long as Keras. These are forward and backward passes written out,
//! around one matrix product. Work is cut into a fixed number of parts whatever the
//! number of threads, and sums run in a fixed order: the same input gives the same bits.
//!
//! [`gptq`] rounds a matrix that was trained.

pub mod conv;
pub mod gptq;
mod im2col;
pub mod lstm;
mod matrix;
pub mod norm;
pub mod ops;
mod pool;

#[cfg(test)]
mod test {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    /// Numbers in [-0.5, 0.5).
    pub fn noise(len: usize, seed: u64) -> Vec<f32> {
        let mut rng = StdRng::seed_from_u64(seed);
        (0..len).map(|_| rng.random_range(-0.5..0.5)).collect()
    }

    pub fn dot(a: &[f32], b: &[f32]) -> f64 {
        let products = a.iter().zip(b);
        products.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    }

    /// The slope of a function along one of its inputs, by central differences.
    pub fn slope(at: &[f32], index: usize, function: impl Fn(&[f32]) -> f64) -> f64 {
        const STEP: f32 = 1e-3;
        let moved = |by: f32| {
            let mut moved = at.to_vec();
            moved[index] += by;
            function(&moved)
        };
        (moved(STEP) - moved(-STEP)) / f64::from(2.0 * STEP)
    }
}

//! What training spends its time in, over plain slices: convolution with pooling, and
//! the LSTM.
//!
//! burn's own convolution backward and its LSTM, built of small operators, took three
//! and more times as long as Keras. These are forward and backward passes written out,
//! around one matrix product. Work is cut into a fixed number of parts whatever the
//! number of threads, and sums run in a fixed order: the same input gives the same bits.

pub mod conv;
pub mod lstm;
mod matrix;

//! One head for corpora that do not mean the same by a mood: shared logits, a small correction
//! for each corpus (an expert), and a gate that tells which corpus a second sounds like
//! (Jacobs et al. 1991, "Adaptive mixtures of local experts").
//!
//! A raw answer holds, in this order, the shared logits, the numbers that are no moods, a logit
//! of every expert, and every expert's corrections.

use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use undertone::Mood;
use undertone::network::OUTPUTS;

/// What corrections are multiplied by: small steps, so that an expert of few songs stays near
/// the others.
pub const SHRINKAGE: f32 = 0.3;

/// Numbers of a raw answer.
pub const fn units(experts: usize) -> usize {
    OUTPUTS + experts * (1 + Mood::COUNT)
}

/// The logits of the experts, `[items, experts]`, of raw answers `[items, units]`.
pub fn gate(raw: &Tensor<2>, experts: usize) -> Tensor<2> {
    raw.clone().narrow(1, OUTPUTS, experts)
}

/// The mood logits `[items, Mood::COUNT]` of raw answers `[items, units]`, where each expert
/// has the say of `weights`, `[items, experts]`.
pub fn logits(raw: &Tensor<2>, weights: Tensor<2>) -> Tensor<2> {
    let [items, experts] = weights.dims();
    let shared = raw.clone().narrow(1, 0, Mood::COUNT);
    if experts == 0 {
        return shared;
    }
    let corrections = raw
        .clone()
        .narrow(1, OUTPUTS + experts, experts * Mood::COUNT);
    let corrections: Tensor<3> = corrections.reshape([items, experts, Mood::COUNT]);
    let weighted = corrections * weights.unsqueeze_dim(2);
    let sum: Tensor<2> = weighted.sum_dim(1).squeeze_dim(1);
    shared + sum.mul_scalar(SHRINKAGE)
}

/// The answers `[items, OUTPUTS]` of raw ones, each by the experts that its own gate names.
pub fn answers(raw: &Tensor<2>, experts: usize) -> Tensor<2> {
    if experts == 0 {
        return raw.clone();
    }
    let weights = softmax(gate(raw, experts), 1);
    let rest = raw.clone().narrow(1, Mood::COUNT, OUTPUTS - Mood::COUNT);
    Tensor::cat(vec![logits(raw, weights), rest], 1)
}

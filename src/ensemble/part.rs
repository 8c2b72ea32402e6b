//! What all parts of the ensemble have in common.

use serde::de::DeserializeOwned;
use thiserror::Error;

/// Probability of every class, for the four moods in the order of [`Mood::ALL`], in
/// double precision: what goes from one part of the ensemble to the next.
pub type Shares = Vec<f64>;

/// What is wrong with a part of the ensemble or with its input.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{part}: {detail}")]
pub struct Defect {
    part: &'static str,
    detail: String,
}

impl Defect {
    pub(super) fn new(part: &'static str, detail: impl Into<String>) -> Self {
        Self {
            part,
            detail: detail.into(),
        }
    }
}

/// What a model file holds behind the number of its layout (postcard).
///
/// # Errors
/// What is wrong with it, for people: cut off, of another layout, or too long.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8], expected: u32) -> Result<T, String> {
    let ((layout, model), rest): ((u32, T), &[u8]) =
        postcard::take_from_bytes(bytes).map_err(|error| error.to_string())?;
    if layout != expected {
        return Err(format!(
            "layout {layout}, this version of Undertone reads {expected}"
        ));
    }
    if !rest.is_empty() {
        return Err(format!("{} bytes too many", rest.len()));
    }
    Ok(model)
}

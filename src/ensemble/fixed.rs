//! Serde of vectors that stand in the model file as arrays.
//!
//! The learners know any number of classes; the file is always for the four moods, and
//! its layout has no lengths where four moods leave no choice. These types stand
//! between the two: `#[serde(with = "Array::<4>")]`.

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error, Serialize, Serializer};

/// A vector of exactly `N` values, written without its length.
pub struct Array<const N: usize>;

impl<const N: usize> Array<N> {
    /// Writes `values`; an error where there are not `N`.
    pub fn serialize<T, S: Serializer>(values: &[T], serializer: S) -> Result<S::Ok, S::Error>
    where
        [T; N]: Serialize,
    {
        let Ok(array) = <&[T; N]>::try_from(values) else {
            let detail = format!("{} values, the file holds {N}", values.len());
            return Err(S::Error::custom(detail));
        };
        array.serialize(serializer)
    }

    /// Reads `N` values.
    pub fn deserialize<'de, T, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error>
    where
        [T; N]: Deserialize<'de>,
    {
        <[T; N]>::deserialize(deserializer).map(Vec::from)
    }
}

/// A table of any number of rows of `N` values, row after row in memory, written as a
/// sequence of arrays.
pub struct Rows<const N: usize>;

impl<const N: usize> Rows<N> {
    /// Writes `values`; an error where the last row is not complete.
    pub fn serialize<T, S: Serializer>(values: &[T], serializer: S) -> Result<S::Ok, S::Error>
    where
        [T; N]: Serialize,
    {
        let (rows, rest) = values.as_chunks::<N>();
        if !rest.is_empty() {
            let detail = format!("{} values, the file holds rows of {N}", values.len());
            return Err(S::Error::custom(detail));
        }
        rows.serialize(serializer)
    }

    /// Reads all rows.
    pub fn deserialize<'de, T, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error>
    where
        [T; N]: Deserialize<'de>,
    {
        Vec::<[T; N]>::deserialize(deserializer).map(Vec::into_flattened)
    }
}

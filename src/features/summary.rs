//! What the frames of a song add up to.

use super::rhythm::Rhythm;
use super::statistics::Moments;
use super::timbre::MFCC;
use super::tonal::Tonality;

/// All that descriptors and track features are made of.
pub(super) struct Summary {
    pub(super) mfcc: [Moments; MFCC],
    pub(super) centroid: Moments,
    pub(super) bandwidth: Moments,
    pub(super) rolloff: Moments,
    pub(super) flatness: Moments,
    pub(super) level: Moments,
    pub(super) dynamic_range_db: f64,
    pub(super) loudness_range_lu: f64,
    pub(super) quiet_share: f64,
    pub(super) rhythm: Rhythm,
    pub(super) danceability: Option<f64>,
    pub(super) tonality: Option<Tonality>,
    pub(super) chroma_entropy: f64,
    pub(super) chroma_flux: f64,
}

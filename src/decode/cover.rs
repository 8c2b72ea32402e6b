//! The picture of a file's song: its front cover, or else another that it holds.

use imagesize::{ImageType, blob_size, image_type};
use symphonia::core::meta::{MetadataRevision, StandardVisualKey, Visual};

/// Largest picture in bytes.
const MOST_BYTES: usize = 8 << 20;
/// Most pixels: unpacked they take four bytes each, however few the picture has.
const MOST_PIXELS: usize = 40_000_000;

/// The bytes of the picture, as JPEG, PNG, WebP or GIF; `None` where there is none that a
/// browser can be trusted with.
pub(super) fn of(revisions: &[MetadataRevision]) -> Option<Vec<u8>> {
    let containers = revisions.iter().rev().flat_map(|revision| {
        let tracks = revision.per_track.iter().map(|track| &track.metadata);
        std::iter::once(&revision.media).chain(tracks)
    });
    let visuals = containers.flat_map(|container| &container.visuals);
    let best = visuals
        .filter(|visual| is_picture(&visual.data))
        .min_by_key(|visual| rank(visual))?;
    Some(best.data.to_vec())
}

/// Which picture is taken first.
fn rank(visual: &Visual) -> u8 {
    match visual.usage {
        Some(StandardVisualKey::FrontCover) => 0,
        Some(StandardVisualKey::FileIcon | StandardVisualKey::OtherIcon) => 2,
        _ => 1,
    }
}

/// Whether these bytes begin as a picture of a size that can be shown.
fn is_picture(bytes: &[u8]) -> bool {
    let is_known = matches!(
        image_type(bytes),
        Ok(ImageType::Jpeg | ImageType::Png | ImageType::Webp | ImageType::Gif)
    );
    let fits = |size: imagesize::ImageSize| {
        let pixels = size.width.saturating_mul(size.height);
        (1..=MOST_PIXELS).contains(&pixels)
    };
    is_known && bytes.len() <= MOST_BYTES && blob_size(bytes).is_ok_and(fits)
}

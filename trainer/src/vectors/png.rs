//! Vectors as pictures: time to the right, low bands at the bottom.

use std::path::Path;

use anyhow::Result;
use ndarray::Array2;
use rayon::prelude::*;

use super::build::read;
use super::recipe::Recipe;
use crate::files;

/// Colours at equal steps of matplotlib's `magma` map, dark to light; between them the
/// colours are mixed.
const MAGMA: [[u8; 3]; 9] = [
    [0, 0, 4],
    [28, 16, 68],
    [79, 18, 123],
    [129, 37, 129],
    [181, 54, 122],
    [229, 80, 100],
    [251, 135, 97],
    [254, 194, 135],
    [252, 253, 191],
];
/// First bytes of every PNG file (ISO/IEC 15948, clause 5.2).
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Draws every vector into a `.png` beside it, where that is missing or older.
///
/// # Errors
/// When a vector can't be read or a picture can't be written.
pub fn draw<'a>(paths: impl Iterator<Item = impl AsRef<Path> + 'a>, recipe: &Recipe) -> Result<()> {
    let paths: Vec<_> = paths.map(|path| path.as_ref().to_owned()).collect();
    paths.par_iter().try_for_each(|path| {
        let picture = path.with_extension("png");
        let made = |path: &Path| path.metadata().and_then(|meta| meta.modified()).ok();
        if made(&picture) >= made(path) {
            return Ok(());
        }
        let values = read(path, recipe)?;
        files::write_whole(&picture, |out| Ok(out.write_all(&encode(&values))?))
    })
}

/// A PNG of 256 colours, one pixel a value: darkest the least, lightest the greatest.
fn encode(values: &Array2<f32>) -> Vec<u8> {
    let (height, width) = values.dim();
    let mut header = Vec::new();
    header.extend((width as u32).to_be_bytes());
    header.extend((height as u32).to_be_bytes());
    // Eight bits, a palette, the only compression, the only filters, not interlaced.
    header.extend([8, 3, 0, 0, 0]);
    let mut png = SIGNATURE.to_vec();
    push_chunk(&mut png, *b"IHDR", &header);
    push_chunk(&mut png, *b"PLTE", &palette());
    push_chunk(
        &mut png,
        *b"IDAT",
        &fdeflate::compress_to_vec(&rows(values)),
    );
    push_chunk(&mut png, *b"IEND", &[]);
    png
}

/// Rows of pixels from the top, each after the number of its filter: none.
fn rows(values: &Array2<f32>) -> Vec<u8> {
    let least = values.iter().copied().fold(f32::INFINITY, f32::min);
    let greatest = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scale = 255.0 / (greatest - least).max(f32::MIN_POSITIVE);
    let mut rows = Vec::with_capacity(values.len() + values.nrows());
    for row in values.rows().into_iter().rev() {
        rows.push(0);
        rows.extend(
            row.iter()
                .map(|value| (scale * (value - least)).round() as u8),
        );
    }
    rows
}

/// The 256 colours, three bytes each.
fn palette() -> Vec<u8> {
    let steps = MAGMA.len() - 1;
    let mut palette = Vec::new();
    for index in 0..256 {
        let place = (index * steps) as f32 / 255.0;
        let step = (place as usize).min(steps - 1);
        for (low, high) in MAGMA[step].into_iter().zip(MAGMA[step + 1]) {
            let (low, high) = (f32::from(low), f32::from(high));
            palette.push((low + (place - step as f32) * (high - low)).round() as u8);
        }
    }
    palette
}

/// Length, name, contents and checksum (clause 5.3).
fn push_chunk(png: &mut Vec<u8>, name: [u8; 4], contents: &[u8]) {
    png.extend((contents.len() as u32).to_be_bytes());
    let start = png.len();
    png.extend(name);
    png.extend(contents);
    let checksum = crc32fast::hash(&png[start..]);
    png.extend(checksum.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn low_bands_lie_at_the_bottom() {
        let values = array![[0.0, -80.0], [-40.0, -80.0]];
        assert_eq!(rows(&values), [0, 128, 0, 0, 255, 0]);
        assert_eq!(rows(&array![[3.0, 3.0]]), [0, 0, 0]);
    }

    #[test]
    fn a_picture_has_its_four_chunks() {
        let png = encode(&array![[0.0, 1.0]]);
        assert!(png.starts_with(SIGNATURE));
        // The end, as every PNG has it (clause 11.2.5).
        assert!(png.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82"));
        assert_eq!(palette().len(), 768);
        assert_eq!(palette()[765..], MAGMA[8]);
    }
}

//! Vectors as pictures: time to the right, low bands at the bottom.

use std::io::Write;
use std::path::Path;

use ::png::{BitDepth, ColorType, Encoder};
use anyhow::Result;
use colorous::MAGMA;
use ndarray::Array2;
use rayon::prelude::*;

use super::build::read;
use super::recipe::Recipe;
use collections::files;

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
        files::write_whole(&picture, |out| encode(&values, out))
    })
}

/// Writes a PNG of 256 colours, one pixel a value: darkest the least, lightest the
/// greatest.
fn encode(values: &Array2<f32>, out: &mut dyn Write) -> Result<()> {
    let (height, width) = values.dim();
    let mut encoder = Encoder::new(out, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels(values))?;
    Ok(writer.finish()?)
}

/// Pixels as places in the palette, row by row from the top.
fn pixels(values: &Array2<f32>) -> Vec<u8> {
    let least = values.iter().copied().fold(f32::INFINITY, f32::min);
    let greatest = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scale = 255.0 / (greatest - least).max(f32::MIN_POSITIVE);
    let rows = values.rows().into_iter().rev();
    rows.flatten()
        .map(|value| (scale * (value - least)).round() as u8)
        .collect()
}

/// The 256 colours of matplotlib's `magma` map, dark to light, three bytes each.
fn palette() -> Vec<u8> {
    let colours = (0..256).map(|place| MAGMA.eval_rational(place, 256));
    colours.flat_map(|c| [c.r, c.g, c.b]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn low_bands_lie_at_the_bottom() {
        let values = array![[0.0, -80.0], [-40.0, -80.0]];
        assert_eq!(pixels(&values), [128, 0, 255, 0]);
        assert_eq!(pixels(&array![[3.0, 3.0]]), [0, 0]);
    }

    #[test]
    fn a_picture_reads_back_as_it_was_drawn() {
        let values = array![[0.0, 1.0, 0.5]];
        let mut picture = Vec::new();
        encode(&values, &mut picture).unwrap();
        let decoder = ::png::Decoder::new(std::io::Cursor::new(picture));
        let mut reader = decoder.read_info().unwrap();
        let info = reader.info();
        assert_eq!((info.width, info.height), (3, 1));
        assert_eq!(info.color_type, ColorType::Indexed);
        assert_eq!(info.palette.as_deref(), Some(&palette()[..]));
        let mut read = [0; 3];
        reader.next_frame(&mut read).unwrap();
        assert_eq!(read[..], pixels(&values));
    }

    #[test]
    fn the_palette_goes_from_dark_to_light() {
        assert_eq!(palette().len(), 768);
        assert_eq!(palette()[..3], [0, 0, 4]);
        assert_eq!(palette()[765..], [252, 253, 191]);
    }
}

//! The spectrogram as a picture.

use std::ops::Range;

use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::dom;
use crate::page::plot::axis;
use crate::page::state::Picture;
use crate::page::view::chart::Surface;

/// Colours from silent to loud: five points of matplotlib's "magma" (van der Walt and
/// Smith, 2015), which stays readable in grey and for the colour-blind.
const MAGMA: [[f32; 3]; 5] = [
    [0.0, 0.0, 4.0],
    [81.0, 18.0, 124.0],
    [183.0, 55.0, 121.0],
    [252.0, 137.0, 97.0],
    [252.0, 253.0, 191.0],
];

/// Height of the picture in pixels, before it is fitted to its box.
const ROWS: usize = 224;

/// Draws a part of the song over the whole canvas, low notes at the bottom; `part` is its
/// start and end as shares of the song. Tells the width in CSS pixels.
pub fn draw(canvas: &HtmlCanvasElement, picture: &Picture, part: [f64; 2]) -> Result<i32, JsValue> {
    let most = picture.size.columns as f64;
    let [start, end] = part.map(|share| (share.clamp(0.0, 1.0) * most).round() as usize);
    let columns = start..end.max(start + 1).min(picture.size.columns);
    let (width, rows) = (columns.len() as u32, ROWS as u32);
    let small: HtmlCanvasElement = dom::document()?.create_element("canvas")?.unchecked_into();
    small.set_width(width);
    small.set_height(rows);
    let context: CanvasRenderingContext2d = small
        .get_context("2d")?
        .ok_or_else(|| JsValue::from_str("this browser has no 2D canvas"))?
        .unchecked_into();
    let pixels = paint(picture, columns);
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width, rows)?;
    context.put_image_data(&data, 0.0, 0.0)?;

    let surface = Surface::of(canvas)?;
    surface
        .context
        .draw_image_with_html_canvas_element_and_dw_and_dh(
            &small,
            0.0,
            0.0,
            surface.width,
            surface.height,
        )?;
    Ok(surface.width as i32)
}

/// Red, green, blue, alpha; row by row from the highest note, octaves equally high.
fn paint(picture: &Picture, columns: Range<usize>) -> Vec<u8> {
    let bands = picture.size.rows;
    let mut pixels = Vec::with_capacity(4 * columns.len() * ROWS);
    for row in (0..ROWS).rev() {
        let height = (row as f64 + 0.5) / ROWS as f64;
        let band = axis::band_at(height, bands).clamp(0.0, (bands - 1) as f64);
        let (low, share) = (band as usize, band.fract() as f32);
        let high = (low + 1).min(bands - 1);
        for column in columns.clone() {
            let grey = |band| f32::from(picture.pixels[column * bands + band]);
            pixels.extend(magma(grey(low) + (grey(high) - grey(low)) * share));
            pixels.push(255);
        }
    }
    pixels
}

/// A grey value, 0 to 255, as a colour.
fn magma(grey: f32) -> [u8; 3] {
    let place = grey / 255.0 * (MAGMA.len() - 1) as f32;
    let below = (place as usize).min(MAGMA.len() - 2);
    let share = place - below as f32;
    let (low, high) = (MAGMA[below], MAGMA[below + 1]);
    std::array::from_fn(|i| (low[i] + (high[i] - low[i]) * share).round() as u8)
}

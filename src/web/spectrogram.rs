//! The spectrogram as a picture.

use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::chart::Surface;
use super::dom;
use super::state::Picture;

/// Colours from silent to loud: five points of matplotlib's "magma" (van der Walt and
/// Smith, 2015), which stays readable in grey and for the colour-blind.
const MAGMA: [[f32; 3]; 5] = [
    [0.0, 0.0, 4.0],
    [81.0, 18.0, 124.0],
    [183.0, 55.0, 121.0],
    [252.0, 137.0, 97.0],
    [252.0, 253.0, 191.0],
];

/// Draws the picture over the whole canvas, lowest band at the bottom.
pub fn draw(canvas: &HtmlCanvasElement, picture: &Picture) -> Result<(), JsValue> {
    let (columns, rows) = (picture.size.columns as u32, picture.size.rows as u32);
    let small: HtmlCanvasElement = dom::document()?.create_element("canvas")?.unchecked_into();
    small.set_width(columns);
    small.set_height(rows);
    let context: CanvasRenderingContext2d = small
        .get_context("2d")?
        .ok_or_else(|| JsValue::from_str("this browser has no 2D canvas"))?
        .unchecked_into();
    let pixels = paint(picture);
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), columns, rows)?;
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
        )
}

/// Red, green, blue, alpha; row by row from the highest band.
fn paint(picture: &Picture) -> Vec<u8> {
    let (columns, rows) = (picture.size.columns, picture.size.rows);
    let mut pixels = Vec::with_capacity(4 * columns * rows);
    for row in (0..rows).rev() {
        for column in 0..columns {
            pixels.extend(magma(picture.pixels[column * rows + row]));
            pixels.push(255);
        }
    }
    pixels
}

/// A grey value as a colour.
fn magma(grey: u8) -> [u8; 3] {
    let place = f32::from(grey) / 255.0 * (MAGMA.len() - 1) as f32;
    let below = (place as usize).min(MAGMA.len() - 2);
    let share = place - below as f32;
    let (low, high) = (MAGMA[below], MAGMA[below + 1]);
    std::array::from_fn(|i| (low[i] + (high[i] - low[i]) * share).round() as u8)
}

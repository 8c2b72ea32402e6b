//! The four moods along the song, one lane each, so that no meaning hangs on a colour.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

use crate::dom;
use crate::mood::Mood;
use crate::network::STEP_SECONDS;
use crate::report::Moment;

/// Lanes from top to bottom: from the most excited to the saddest.
const LANES: [Mood; Mood::COUNT] = [Mood::Energetic, Mood::Happy, Mood::Calm, Mood::Sad];
/// Free space above a full lane, as a share of the lane.
const HEADROOM: f64 = 0.12;

/// A canvas that is ready to be drawn on, in CSS pixels.
pub struct Surface {
    /// What draws.
    pub context: CanvasRenderingContext2d,
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
}

impl Surface {
    /// Clears a canvas and fits it to its box and the screen's pixel density.
    pub fn of(canvas: &HtmlCanvasElement) -> Result<Self, JsValue> {
        let density = dom::window()?.device_pixel_ratio().max(1.0);
        let width = f64::from(canvas.client_width());
        let height = f64::from(canvas.client_height());
        canvas.set_width((width * density).round() as u32);
        canvas.set_height((height * density).round() as u32);
        let context: CanvasRenderingContext2d = canvas
            .get_context("2d")?
            .ok_or_else(|| JsValue::from_str("this browser has no 2D canvas"))?
            .unchecked_into();
        context.scale(density, density)?;
        Ok(Self {
            context,
            width,
            height,
        })
    }
}

/// Draws the moments, and tells the width in CSS pixels that they are drawn over.
pub fn draw(
    canvas: &HtmlCanvasElement,
    moments: &[Moment],
    duration_s: f64,
) -> Result<i32, JsValue> {
    let surface = Surface::of(canvas)?;
    let width = surface.width as i32;
    let colours = dom::window()?.get_computed_style(canvas)?;
    let Some(colours) = colours else {
        return Ok(width);
    };
    let x_of = |seconds: f64| surface.width * (seconds / duration_s.max(STEP_SECONDS)).min(1.0);
    for (lane, mood) in LANES.into_iter().enumerate() {
        draw_lane(&surface, &colours, lane, mood, moments, &x_of)?;
    }
    Ok(width)
}

/// Draws one mood as a filled step line over its base line.
fn draw_lane(
    surface: &Surface,
    colours: &CssStyleDeclaration,
    lane: usize,
    mood: Mood,
    moments: &[Moment],
    x_of: &impl Fn(f64) -> f64,
) -> Result<(), JsValue> {
    let context = &surface.context;
    let lane_height = surface.height / LANES.len() as f64;
    let base = lane_height * (lane + 1) as f64 - 0.5;
    let reach = lane_height * (1.0 - HEADROOM);

    let start = moments.first().map_or(0.0, |first| x_of(first.t_s));
    context.begin_path();
    context.move_to(start, base);
    // As many steps as there are pixels, of the mean of their moments; what is no music has no
    // mood.
    let most = (surface.width as usize).max(1);
    let at_once = moments.len().div_ceil(most).max(1);
    for step in moments.chunks(at_once) {
        let music = step.iter().filter(|moment| moment.kind.is_music());
        let sum: f32 = music.map(|moment| moment.moods.get(mood)).sum();
        let y = base - reach * f64::from(sum) / step.len() as f64;
        context.line_to(x_of(step[0].t_s), y);
        let end = step[step.len() - 1].t_s + STEP_SECONDS;
        context.line_to(x_of(end), y);
    }
    let end = moments
        .last()
        .map_or(0.0, |last| x_of(last.t_s + STEP_SECONDS));
    context.line_to(end, base);
    context.close_path();
    context.set_fill_style_str(&colours.get_property_value(&format!("--{mood}"))?);
    context.fill();

    context.begin_path();
    context.move_to(0.0, base);
    context.line_to(surface.width, base);
    context.set_stroke_style_str(&colours.get_property_value("--line")?);
    context.set_line_width(1.0);
    context.stroke();
    Ok(())
}

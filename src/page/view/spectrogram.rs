//! The spectrogram with its axes: a part of the song, as far as its time is stretched.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlButtonElement, HtmlCanvasElement, HtmlElement};

use crate::dom;
use crate::dom::turn::Turn;
use crate::page::plot::axis::{self, Window};
use crate::page::state::{Song, State};
use crate::page::view::pixels;
use crate::page::words;
use crate::text::{Language, song as say};
use crate::worker::protocol::Job;

/// Labels along the time axis, at most, per this many CSS pixels.
const PIXELS_PER_LABEL: i32 = 90;
/// Frequencies that are labelled, in Hz: octaves of concert pitch would be as far apart.
const LABELS: [(f64, &str); 7] = [
    (100.0, "100 Hz"),
    (200.0, "200 Hz"),
    (500.0, "500 Hz"),
    (1000.0, "1 kHz"),
    (2000.0, "2 kHz"),
    (4000.0, "4 kHz"),
    (7000.0, "7 kHz"),
];

/// The elements of the spectrogram, and which part of which song is drawn.
pub struct SpectrogramView {
    plot: HtmlElement,
    canvas: HtmlCanvasElement,
    time_axis: Element,
    zoom: Element,
    closer: HtmlButtonElement,
    wider: HtmlButtonElement,
    playhead: HtmlElement,
    drawn: Option<(Job, Window)>,
}

impl SpectrogramView {
    /// Finds the elements and labels the frequencies.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        let bands: Element = dom::by_id(document, "spectrogram-bands")?;
        for (hz, text) in LABELS {
            let below = 100.0 * axis::octave_height(hz);
            label(&bands, text, "inset-block-end", below)?;
        }
        Ok(Self {
            plot: dom::by_id(document, "spectrogram-plot")?,
            canvas: dom::by_id(document, "spectrogram")?,
            time_axis: dom::by_id(document, "spectrogram-axis")?,
            zoom: dom::by_id(document, "zoom")?,
            closer: dom::by_id(document, "zoom-in")?,
            wider: dom::by_id(document, "zoom-out")?,
            playhead: dom::by_id(document, "spectrogram-playhead")?,
            drawn: None,
        })
    }

    /// Forgets what is drawn, so that it is drawn again.
    pub fn invalidate(&mut self) {
        self.drawn = None;
    }

    /// Shows the part of the song that the state asks for, and where the player is in it;
    /// says whether the picture is left.
    pub fn render(&mut self, state: &State, song: &Song, turn: &mut Turn) -> Result<bool, JsValue> {
        dom::set_hidden(&self.plot, song.picture.is_none());
        let Some(picture) = &song.picture else {
            self.drawn = None;
            return Ok(false);
        };
        let window = state.window();
        self.render_zoom(state.language, state.zoom, state.can_zoom());
        if self.drawn != Some((song.job, window)) {
            if !turn.takes() {
                return Ok(true);
            }
            let end_s = window.start_s + window.span_s;
            let part = [window.start_s, end_s].map(|seconds| seconds / song.duration_s);
            let width = pixels::draw(&self.canvas, picture, part)?;
            time_labels(&self.time_axis, width, window)?;
            self.drawn = Some((song.job, window));
        }
        let share = 100.0 * window.share(state.player.at_s).clamp(0.0, 1.0);
        dom::set_style(
            &self.playhead,
            "inset-inline-start",
            &format!("{share:.2}%"),
        )?;
        Ok(false)
    }

    /// How far the time is stretched, and whether it goes on, closer and wider.
    fn render_zoom(&self, language: Language, zoom: u32, can: [bool; 2]) {
        let text = say::ZOOM.fill(language, &[("times", &zoom.to_string())]);
        dom::set_text(&self.zoom, &text);
        for (button, can) in [&self.closer, &self.wider].into_iter().zip(can) {
            if button.disabled() == can {
                button.set_disabled(!can);
            }
        }
    }
}

/// Labels a time axis of that many CSS pixels.
pub fn time_labels(place: &Element, width: i32, window: Window) -> Result<(), JsValue> {
    place.set_text_content(None);
    let most = (width / PIXELS_PER_LABEL).max(2);
    for tick in window.ticks(most as usize) {
        let share = 100.0 * window.share(tick);
        // The last label would hang over the edge.
        if share <= 97.0 {
            label(place, &words::clock(tick), "inset-inline-start", share)?;
        }
    }
    Ok(())
}

/// Puts a label at that percentage along the side of its box.
fn label(parent: &Element, text: &str, side: &str, percent: f64) -> Result<(), JsValue> {
    let label = dom::document()?.create_element("span")?;
    label.set_text_content(Some(text));
    dom::set_style(&label, side, &format!("{percent:.2}%"))?;
    parent.append_child(&label)?;
    Ok(())
}

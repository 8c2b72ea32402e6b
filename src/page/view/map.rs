//! All songs that are shown on the plane of arousal and valence.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlCanvasElement};

use super::chart::Surface;
use crate::dom;
use crate::dom::turn::Turn;
use crate::mood::Mood;
use crate::page::library::LibrarySong;
use crate::page::plot::plane;
use crate::page::state::State;
use crate::page::words::library as words;
use crate::text::list as say;

/// About the radius of a mark, in CSS pixels.
const RADIUS: f64 = 4.0;

dom::elements! {
    /// The map.
    pub struct MapView(document) {
        HtmlCanvasElement: canvas = "library-map";
        Element: note = "map-note";
    } and {
        is_drawn: bool = false,
    }
}

impl MapView {
    /// Forgets what is drawn, so that it is drawn again.
    pub fn invalidate(&mut self) {
        self.is_drawn = false;
    }

    /// Draws a mark for each song that is music, and says whether that is left.
    pub fn render(&mut self, state: &State, turn: &mut Turn) -> Result<bool, JsValue> {
        let pointed = state.pointed.as_deref();
        let pointed = pointed.and_then(|hash| state.library.get(hash));
        let note = match pointed {
            Some(song) => words::point(state.language, song),
            None => say::MAP_HINT.of(state.language).to_owned(),
        };
        dom::set_text(&self.note, &note);
        if self.is_drawn {
            return Ok(false);
        }
        if !turn.takes() {
            return Ok(true);
        }
        let count = self.draw(state)?;
        self.is_drawn = true;
        let label = words::map(state.language, count);
        dom::set_attribute(&self.canvas, "aria-label", &label)?;
        dom::set_attribute(&self.canvas, "data-count", &count.to_string())?;
        Ok(false)
    }

    /// Draws the plane and its marks, those that are selected on top, and tells how many songs
    /// these are.
    fn draw(&self, state: &State) -> Result<usize, JsValue> {
        let surface = Surface::of(&self.canvas)?;
        let Some(colours) = dom::window()?.get_computed_style(&self.canvas)? else {
            return Ok(0);
        };
        let colour = |name: &str| colours.get_property_value(name);
        axes(&surface, &colour("--line")?);
        let library = &state.library;
        let selection = library.selection();
        let music = library.shown().filter(|song| song.kept.kind.is_music());
        let music: Vec<_> = music.collect();
        let groups = Mood::ALL.into_iter().map(Some).chain([None]);
        let groups: Vec<_> = groups.collect();
        for picked in [false, true] {
            let fades = !picked && !selection.is_empty();
            surface
                .context
                .set_global_alpha(if fades { 0.3 } else { 1.0 });
            for mood in &groups {
                let marks = music.iter().filter(|song| {
                    song.sure_mood() == *mood && selection.has(song.hash()) == picked
                });
                let name = mood.map_or("--soft".to_owned(), |mood| format!("--{mood}"));
                surface.context.set_fill_style_str(&colour(&name)?);
                surface.context.begin_path();
                for song in marks {
                    mark(&surface, song, *mood)?;
                }
                surface.context.fill();
            }
        }
        surface.context.set_global_alpha(1.0);
        Ok(music.len())
    }
}

/// The lines through the middle.
fn axes(surface: &Surface, colour: &str) {
    let (context, [middle, centre]) = (
        &surface.context,
        [surface.width / 2.0, surface.height / 2.0],
    );
    context.begin_path();
    context.move_to(middle, 0.0);
    context.line_to(middle, surface.height);
    context.move_to(0.0, centre);
    context.line_to(surface.width, centre);
    context.set_stroke_style_str(colour);
    context.set_line_width(1.5);
    context.stroke();
}

/// Adds a song's mark to the path: the shape tells the mood, as in `style.css`: triangles,
/// circle, diamond; a bar for what is unsure.
fn mark(surface: &Surface, song: &LibrarySong, mood: Option<Mood>) -> Result<(), JsValue> {
    let [x, y] = plane::place(song.kept.affect);
    let (x, y) = (x * surface.width, y * surface.height);
    let context = &surface.context;
    let corners: &[[f64; 2]] = match mood {
        Some(Mood::Calm) => {
            context.move_to(x + RADIUS, y);
            return context.arc(x, y, RADIUS, 0.0, std::f64::consts::TAU);
        }
        Some(Mood::Sad) => &[[-1.1, -0.9], [1.1, -0.9], [0.0, 1.1]],
        Some(Mood::Happy) => &[[0.0, -1.1], [1.1, 0.9], [-1.1, 0.9]],
        Some(Mood::Energetic) => &[[0.0, -1.3], [1.2, 0.0], [0.0, 1.3], [-1.2, 0.0]],
        None => &[[-1.1, -0.4], [1.1, -0.4], [1.1, 0.4], [-1.1, 0.4]],
    };
    for (index, [right, down]) in corners.iter().enumerate() {
        let (x, y) = (x + right * RADIUS, y + down * RADIUS);
        if index == 0 {
            context.move_to(x, y);
        } else {
            context.line_to(x, y);
        }
    }
    context.close_path();
    Ok(())
}

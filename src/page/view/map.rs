//! All songs on the plane of arousal and valence.

use wasm_bindgen::prelude::*;
use web_sys::Element;

use crate::dom;
use crate::mood::Mood;
use crate::page::library::LibrarySong;
use crate::page::words::library as words;
use crate::text::Language;

/// Half the side of the plane, less its margin, and its centre, in `viewBox` units.
const REACH: f32 = 90.0;
const CENTRE: f32 = 100.0;
const SVG: &str = "http://www.w3.org/2000/svg";

dom::elements! {
    /// The points of the map.
    pub struct LibraryMap(document) {
        Element: points = "map-points", svg = "library-map";
    }
}

impl LibraryMap {
    /// Draws a point for each song that is music; its shape tells the mood, as elsewhere.
    pub fn render(&self, language: Language, songs: &[&LibrarySong]) -> Result<(), JsValue> {
        let document = dom::document()?;
        self.points.set_text_content(None);
        let music = songs.iter().filter(|song| song.kept.kind.is_music());
        let music: Vec<_> = music.collect();
        for song in &music {
            let affect = song.kept.affect;
            let x = CENTRE + affect.valence.clamp(-1.0, 1.0) * REACH;
            let y = CENTRE - affect.arousal.clamp(-1.0, 1.0) * REACH;
            let point = document.create_element_ns(Some(SVG), "path")?;
            point.set_attribute("d", shape(song))?;
            point.set_attribute("transform", &format!("translate({x:.1} {y:.1})"))?;
            point.set_attribute("class", "map-point")?;
            point.set_attribute("data-hash", song.hash())?;
            dom::set_optional(&point, "data-mood", song.sure_mood().map(Mood::name))?;
            let title = document.create_element_ns(Some(SVG), "title")?;
            title.set_text_content(Some(&words::point(language, song)));
            point.append_child(&title)?;
            self.points.append_child(&point)?;
        }
        dom::set_attribute(&self.svg, "aria-label", &words::map(language, music.len()))
    }
}

/// The mood's shape around the origin, as in `style.css`: triangles, circle, diamond; a bar
/// for what is unsure.
fn shape(song: &LibrarySong) -> &'static str {
    match song.sure_mood() {
        None => "M-3.6-1.2H3.6V1.2H-3.6z",
        Some(Mood::Sad) => "M-3.6-2.8H3.6L0 3.4z",
        Some(Mood::Calm) => "M-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z",
        Some(Mood::Happy) => "M0-3.4L3.6 2.8H-3.6z",
        Some(Mood::Energetic) => "M0-4L3.6 0L0 4L-3.6 0z",
    }
}

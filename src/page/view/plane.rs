//! The song on the plane of arousal and valence: where it lies, its path, and where it is.

use wasm_bindgen::prelude::*;
use web_sys::Element;

use crate::dom;
use crate::mood::Affect;
use crate::page::state::Song;
use crate::page::words;
use crate::report::{Moment, Report};
use crate::text::Language;

/// Half the side of the plane, less its margin, and its centre, in `viewBox` units.
const REACH: f32 = 90.0;
const CENTRE: f32 = 100.0;

/// Most points of a path: more than can be told apart, and a browser takes long for them.
const MOST_POINTS: usize = 2_000;

dom::elements! {
    /// The elements of the plane.
    pub struct PlaneView(document) {
        Element:
            point = "plane-point", trail = "plane-trail", path = "plane-path",
            now = "plane-now";
        [Element; 3]: texts = ["affect-text", "arousal", "valence"];
    }
}

impl PlaneView {
    /// Shows where a judged song lies, and all of its path.
    pub fn render(&self, language: Language, report: &Report) -> Result<(), JsValue> {
        let affect = report.affect;
        place(&self.point, affect)?;
        dom::set_attribute(&self.trail, "points", &points(&report.timeline))?;
        let texts = [
            words::affect(language, affect),
            words::signed(affect.arousal),
            words::signed(affect.valence),
        ];
        for (element, text) in self.texts.iter().zip(texts) {
            dom::set_text(element, &text);
        }
        Ok(())
    }

    /// Shows where the song is at that moment, and how it came there.
    pub fn render_moment(&self, song: &Song, shown: usize) -> Result<(), JsValue> {
        let so_far = &song.moments[..=shown];
        dom::set_attribute(&self.path, "points", &points(so_far))?;
        let moment = &song.moments[shown];
        let hidden = (!moment.kind.is_music()).then_some("hidden");
        dom::set_optional(&self.now, "visibility", hidden)?;
        place(&self.now, moment.affect)
    }
}

/// Moves a circle to where that lies.
pub fn place(circle: &Element, affect: Affect) -> Result<(), JsValue> {
    let (x, y) = point(affect);
    dom::set_attribute(circle, "cx", &x.to_string())?;
    dom::set_attribute(circle, "cy", &y.to_string())
}

/// The path through these moments, as far as they are music; of a long song through every so
/// manieth.
pub fn points(moments: &[Moment]) -> String {
    let music = moments.iter().filter(|moment| moment.kind.is_music());
    let points: Vec<_> = music
        .step_by(moments.len().div_ceil(MOST_POINTS).max(1))
        .map(|moment| point(moment.affect))
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    points.join(" ")
}

/// Where a point lies in the plane's `viewBox`: valence to the right, arousal up.
fn point(affect: Affect) -> (f32, f32) {
    (
        CENTRE + affect.valence.clamp(-1.0, 1.0) * REACH,
        CENTRE - affect.arousal.clamp(-1.0, 1.0) * REACH,
    )
}

//! Bars of how likely each mood is.

use wasm_bindgen::prelude::*;
use web_sys::Element;

use crate::dom;
use crate::mood::{Mood, MoodProbabilities};
use crate::page::words;
use crate::text::Language;

/// Fills the four labelled bars below `parent`.
pub fn render(
    language: Language,
    parent: &Element,
    attribute: &str,
    moods: MoodProbabilities,
) -> Result<(), JsValue> {
    let top = moods.top().0;
    for mood in Mood::ALL {
        let share = moods.get(mood);
        let row: Element = dom::find(parent, &format!("[{attribute}={mood}]"))?;
        row.set_attribute("data-value", &share.to_string())?;
        dom::set_optional(&row, "data-top", (mood == top).then_some("true"))?;
        dom::set_text(
            &dom::find(&row, ".bar-value")?,
            &words::percent(language, share),
        );
        let fill: Element = dom::find(&row, ".bar > span")?;
        dom::set_style(&fill, "inline-size", &format!("{}%", share * 100.0))?;
    }
    Ok(())
}

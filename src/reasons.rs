//! What was heard, in words. These are observations in the order in which listeners
//! name them (Gabrielsson & Lindström 2010, "The role of structure in the musical
//! expression of emotions"); they are not yet the judges' own grounds.

use crate::features::{Descriptors, KEY_NAMES, TrackFeatures};

/// One plain sentence on tempo and key, one on sound and dynamics.
#[must_use]
pub fn sentences(descriptors: &Descriptors, features: &TrackFeatures) -> Vec<String> {
    let heard = [tempo(features), key(features)];
    let sound = [
        onsets(descriptors),
        brightness(descriptors),
        dynamics(descriptors),
    ];
    [
        heard.into_iter().flatten().collect(),
        sound.into_iter().flatten().collect(),
    ]
    .into_iter()
    .filter_map(|parts: Vec<String>| sentence(&parts))
    .collect()
}

/// Joins parts by commas, with a capital and a full stop.
fn sentence(parts: &[String]) -> Option<String> {
    let text = parts.join(", ");
    let mut letters = text.chars();
    let first = letters.next()?;
    Some(format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// A word for a value between two borders.
fn word(value: f64, borders: [f64; 2], words: [&'static str; 3]) -> &'static str {
    match value {
        v if v < borders[0] => words[0],
        v if v < borders[1] => words[1],
        _ => words[2],
    }
}

fn tempo(features: &TrackFeatures) -> Option<String> {
    let bpm = features.tempo?;
    // Andante ends near 90, allegro begins near 120 BPM.
    let pace = word(bpm, [90.0, 120.0], ["slow", "moderate pace", "fast"]);
    Some(format!("{pace} ({bpm:.0} BPM)"))
}

fn key(features: &TrackFeatures) -> Option<String> {
    let name = KEY_NAMES.get(features.key? as usize)?;
    let mode = if features.mode? > 0.5 {
        "major"
    } else {
        "minor"
    };
    Some(format!("{mode} key ({name} {mode})"))
}

fn onsets(descriptors: &Descriptors) -> Option<String> {
    let rate = descriptors.get("onset_rate_hz")?;
    let density = word(
        rate,
        [2.0, 4.5],
        ["few notes", "steady notes", "many notes"],
    );
    Some(format!("{density} ({rate:.1} a second)"))
}

fn brightness(descriptors: &Descriptors) -> Option<String> {
    let hz = descriptors.get("spectral_centroid_mean_hz")?;
    let sound = word(hz, [500.0, 1_100.0], ["dark", "warm", "bright"]);
    Some(format!("{sound} sound"))
}

fn dynamics(descriptors: &Descriptors) -> Option<String> {
    let db = descriptors.get("dynamic_range_db")?;
    let range = word(db, [4.0, 10.0], ["even", "moving", "wide"]);
    Some(format!("{range} dynamics ({db:.0} dB)"))
}

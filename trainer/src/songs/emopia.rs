//! EMOPIA (Hung et al. 2021): clips of pop piano, rated by listeners, as MIDI.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use undertone::Mood;

use super::sheet::Line;
use super::song::Song;
use collections::console::Hint;

/// Name of the corpus.
const CORPUS: &str = "emopia";
/// Licence of the data set as published.
const LICENCE: &str = "CC-BY-NC-SA-4.0";

/// Names a clip as the published split does, and keeps the clips of a song together.
///
/// # Errors
/// When there is no song, or the label is not that of the quadrant.
pub fn complete(
    line: Line<'_, '_>,
    song: &mut Song,
    shared: impl Fn(&str) -> Arc<str>,
) -> Result<()> {
    let name = line.field("song");
    if name.is_empty() {
        bail!("{}: the song is missing", line.place());
    }
    let quadrant = line.field("quadrant");
    let expected = match quadrant {
        "Q1" => Mood::Happy,
        "Q2" => Mood::Energetic,
        "Q3" => Mood::Sad,
        "Q4" => Mood::Calm,
        _ => {
            return Err(anyhow!("{}: unknown quadrant {quadrant:?}", line.place()))
                .hint("quadrants are Q1 to Q4");
        }
    };
    match song.mood {
        Some(mood) if mood == expected => {}
        other => {
            let label = other.map_or("empty", Mood::name);
            bail!("{}: {quadrant} is {expected}, not {label}", line.place());
        }
    }
    let file = Path::new(line.field("file"))
        .file_stem()
        .unwrap_or_default();
    song.id = format!("{CORPUS}/{}", file.to_string_lossy());
    song.corpus = shared(CORPUS);
    song.group = shared(&format!("{CORPUS}/{name}"));
    song.label_kind = shared("listeners");
    song.licence = shared(LICENCE);
    Ok(())
}

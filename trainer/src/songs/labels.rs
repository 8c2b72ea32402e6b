//! The columns that hold the labels, told by their words and by what stands beside them.

use std::ops::ControlFlow;

use anyhow::{Result, anyhow};
use undertone::Mood;
use undertone::features::TrackFeatures;

use super::columns::{AROUSAL, Column, LABEL, LABEL_VALENCE, MOOD, SAID, VALENCE};
use super::sheet::{Line, Sheet};
use collections::console::Hint;

/// What the four moods are called.
pub const MOODS_HINT: &str = "moods are sad, calm, happy and energetic";
/// What a table without labels lacks.
const LABELS_HINT: &str =
    "name the column mood, mood_string, label, class or target, or give valence and arousal";
/// Words of a label that only splits good from bad.
const BINARY_WORDS: [&str; 4] = ["positive", "negative", "pos", "neg"];

/// Where the labels of a table stand.
pub struct Labels {
    /// The mood, or the word that stands for it in a corpus of other labels.
    pub mood: Option<usize>,
    /// A label that is no mood.
    pub label: Option<usize>,
    /// Listeners' valence and arousal.
    pub affect: Option<[usize; 2]>,
    /// What a visitor said.
    pub said: Option<usize>,
    /// Spotify's valence.
    pub feature_valence: Option<usize>,
}

impl Labels {
    /// Finds the columns.
    ///
    /// `valence` is the listeners' where there is a column `arousal`, else Spotify's
    /// feature. Under `label_valence` and `track_valence` no table can be misread.
    ///
    /// # Errors
    /// When no column can hold a label, or it can't be told what `valence` is.
    pub fn of(sheet: &Sheet) -> Result<Self> {
        let plain = sheet.place_of(VALENCE);
        let prefixed = sheet.place_of(&format!("track_{VALENCE}"));
        let arousal = sheet.place(&AROUSAL);
        let own = sheet.place(&LABEL_VALENCE);
        let valence = own.or_else(|| arousal.and(plain));
        let affect = valence
            .zip(arousal)
            .map(|(valence, arousal)| [valence, arousal]);
        if own.is_none() && affect.is_some() && prefixed.is_none() && has_features(sheet) {
            return Err(anyhow!(
                "{}: valence may be the listeners' or Spotify's feature",
                sheet.path().display()
            ))
            .hint("name the listeners' label_valence, or Spotify's track_valence");
        }
        let said = sheet.place(&SAID);
        let needed = affect.is_none() && said.is_none();
        Ok(Self {
            mood: mood_place(sheet, needed)?,
            label: sheet.place(&LABEL),
            affect,
            said,
            feature_valence: prefixed.or_else(|| plain.filter(|_| valence != plain)),
        })
    }
}

/// Whether there is a feature of Spotify's that no other table has.
fn has_features(sheet: &Sheet) -> bool {
    let telling = |name: &&str| !["key", "mode", "tempo", "duration_ms", VALENCE].contains(name);
    let places = (0..TrackFeatures::NAMES.len()).filter(|at| telling(&TrackFeatures::NAMES[*at]));
    places
        .map(Column::feature)
        .any(|column| sheet.place(&column).is_some())
}

/// The place of the column with most moods in it: a code beside the words loses. Where no
/// column holds one, the first that holds other words: they are a corpus's own labels, or
/// refused line by line.
///
/// # Errors
/// When moods are `needed`, and no column can hold one.
fn mood_place(sheet: &Sheet, needed: bool) -> Result<Option<usize>> {
    let names = MOOD.names().chain(["binary"]);
    let candidates: Vec<usize> = names.filter_map(|name| sheet.place_of(name)).collect();
    let mut filled = vec![Filled::default(); candidates.len()];
    sheet.for_each(|line| {
        for (filled, place) in filled.iter_mut().zip(&candidates) {
            filled.count(line.at(Some(*place)));
        }
        // One column with a mood in it can be no other's.
        Ok(match filled.as_slice() {
            [only] if only.moods > 0 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        })
    })?;
    let both = || filled.iter().zip(&candidates);
    // The first of equals: `max_by_key` would give the last.
    let best = both().rev().max_by_key(|(filled, _)| filled.moods);
    if let Some((_, place)) = best.filter(|(filled, _)| filled.moods > 0) {
        return Ok(Some(*place));
    }
    let path = sheet.path().display();
    let (error, hint) = match both().find(|(filled, _)| filled.words > 0) {
        Some((filled, place)) if filled.words > filled.binary.max(filled.numbers) => {
            return Ok(Some(*place));
        }
        _ if !needed => return Ok(None),
        Some((filled, _)) if filled.binary > 0 => (
            anyhow!("{path} has only binary labels (positive, negative)"),
            "a song needs one of the four moods; positive and negative follow from it",
        ),
        Some(_) => (anyhow!("{path} has only numbers for moods"), MOODS_HINT),
        None if candidates.is_empty() => (
            anyhow!(
                "{path} has no column of moods, nor of valence and arousal; it has: {}",
                sheet.names().join(", ")
            ),
            LABELS_HINT,
        ),
        None => (
            anyhow!("{path} has no moods: the column is empty"),
            MOODS_HINT,
        ),
    };
    Err(error).hint(hint)
}

/// What a column holds.
#[derive(Debug, Default, Clone, Copy)]
struct Filled {
    words: usize,
    moods: usize,
    binary: usize,
    numbers: usize,
}

impl Filled {
    fn count(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        let is_binary = BINARY_WORDS.iter().any(|w| w.eq_ignore_ascii_case(word));
        self.words += 1;
        self.moods += usize::from(Mood::from_name(word).is_some());
        self.binary += usize::from(is_binary);
        self.numbers += usize::from(word.parse::<f64>().is_ok());
    }
}

/// The mood of a line.
///
/// # Errors
/// When the word is no mood.
pub fn mood(line: Line<'_, '_>, place: Option<usize>) -> Result<Option<Mood>> {
    let word = line.at(place);
    if word.is_empty() {
        return Ok(None);
    }
    Mood::from_name(word)
        .map(Some)
        .ok_or_else(|| anyhow!("{}: unknown mood {word:?}", line.place()))
        .hint(MOODS_HINT)
}

//! The column that holds the mood, told by its words.

use anyhow::{Result, anyhow};
use undertone::Mood;

use super::columns::MOOD;
use super::sheet::{Line, Sheet};
use crate::console::Hint;

/// What the four moods are called.
pub const MOODS_HINT: &str = "moods are sad, calm, happy and energetic";
/// Words of a label that only splits good from bad.
const BINARY_WORDS: [&str; 4] = ["positive", "negative", "pos", "neg"];

/// The place of the column with most moods in it: a code beside the words loses.
///
/// # Errors
/// When no column can hold a mood, or the one that could holds something else.
pub fn mood_place(sheet: &Sheet) -> Result<usize> {
    let candidates: Vec<usize> = MOOD
        .names()
        .chain(["binary"])
        .filter_map(|name| sheet.place_of(name))
        .collect();
    let Some(first) = candidates.first() else {
        return Err(anyhow!(
            "{} has no column of moods; it has: {}",
            sheet.path().display(),
            sheet.names().join(", ")
        ))
        .hint("name the column mood, mood_string, label, class or target");
    };
    let counted = candidates
        .iter()
        .map(|place| (moods_in(sheet, *place), *place));
    // The first of equals: `max_by_key` would give the last.
    let best = counted.rev().max_by_key(|(count, _)| *count);
    match best {
        Some((count, place)) if count > 0 => Ok(place),
        _ => refuse(sheet, *first),
    }
}

fn moods_in(sheet: &Sheet, place: usize) -> usize {
    let words = sheet.lines().map(|line| line.at(Some(place)));
    words.filter(|word| Mood::from_name(word).is_some()).count()
}

/// Says what the column holds instead of moods.
fn refuse(sheet: &Sheet, place: usize) -> Result<usize> {
    let path = sheet.path().display();
    let filled: Vec<_> = sheet
        .lines()
        .filter(|line| !line.at(Some(place)).is_empty())
        .collect();
    let all = |is: fn(&str) -> bool| filled.iter().all(|line| is(line.at(Some(place))));
    let Some(first) = filled.first() else {
        return Err(anyhow!("{path} has no moods: the column is empty")).hint(MOODS_HINT);
    };
    if all(is_binary) {
        return Err(anyhow!(
            "{path} has only binary labels (positive, negative)"
        ))
        .hint("a song needs one of the four moods; positive and negative follow from it");
    }
    if all(|word| word.parse::<f64>().is_ok()) {
        return Err(anyhow!("{path} has only numbers for moods")).hint(MOODS_HINT);
    }
    // No word is a mood, so the first is refused.
    mood(*first, place).map(|_| place)
}

fn is_binary(word: &str) -> bool {
    BINARY_WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// The mood of a line.
///
/// # Errors
/// When the word is no mood.
pub fn mood(line: Line<'_>, place: usize) -> Result<Mood> {
    let word = line.at(Some(place));
    Mood::from_name(word)
        .ok_or_else(|| anyhow!("{}: unknown mood {word:?}", line.place()))
        .hint(MOODS_HINT)
}

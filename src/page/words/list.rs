//! The list of songs in words: its cells, headings, and what is selected.

use super::figures::{clock, number, percent, signed};
use super::library::{counted, judged, row_mood};
use crate::page::library::{Column, LibrarySong, Shared};
use crate::text::{Language, Text, library as say_library, list as say, mood_title, page};

/// Stands where there is no value.
const NONE: &str = "–";

/// A column's heading.
#[must_use]
pub const fn column(column: Column) -> Text {
    match column {
        Column::Name => say_library::COLUMN_NAME,
        Column::Artist => say_library::COLUMN_ARTIST,
        Column::Album => say::COLUMN_ALBUM,
        Column::Mood => say_library::MOOD,
        Column::Certainty => say_library::CERTAINTY,
        Column::Tempo => say::COLUMN_BPM,
        Column::Key => say::COLUMN_KEY,
        Column::Duration => say_library::COLUMN_LENGTH,
        Column::Energy => say::COLUMN_ENERGY,
        Column::Arousal => page::AROUSAL,
        Column::Valence => page::VALENCE,
        Column::Year => say::COLUMN_YEAR,
        Column::Folder => say::COLUMN_FOLDER,
        Column::Judged => say_library::COLUMN_JUDGED,
    }
}

/// What stands in a song's cell; `outdated` tells of a verdict by other models.
#[must_use]
pub fn cell(language: Language, song: &LibrarySong, column: Column, outdated: bool) -> String {
    let kept = &song.kept;
    let judged_value = |text: &dyn Fn() -> String| {
        if kept.kind.is_music() {
            text()
        } else {
            NONE.to_owned()
        }
    };
    let or_none = |text: Option<String>| text.unwrap_or_else(|| NONE.to_owned());
    match column {
        Column::Name => kept.title().to_owned(),
        Column::Artist => kept.tags.artist.clone(),
        Column::Album => kept.tags.album.clone(),
        Column::Folder => song.folder().to_owned(),
        Column::Mood => row_mood(language, song),
        Column::Certainty => judged_value(&|| percent(language, kept.certainty())),
        Column::Tempo => or_none(song.bpm().map(|bpm| number(bpm, 0))),
        Column::Key => or_none(song.key().map(|key| {
            let (name, camelot) = (key.name(), key.camelot());
            format!("{name} · {camelot}")
        })),
        Column::Duration => clock(kept.duration_s),
        Column::Energy => or_none(kept.features.energy.map(|energy| number(energy, 2))),
        Column::Arousal => judged_value(&|| signed(kept.affect.arousal)),
        Column::Valence => judged_value(&|| signed(kept.affect.valence)),
        Column::Year => or_none(kept.tags.year.map(|year| year.to_string())),
        Column::Judged => judged(language, kept.judged_ms, outdated),
    }
}

/// What songs share, and how many they are: `"Calm (12)"`.
#[must_use]
pub fn heading(language: Language, shared: &Shared, count: usize) -> String {
    let name = match shared {
        Shared::Mood(mood) => mood_title(*mood).of(language),
        Shared::Unsure => say_library::UNSURE.of(language),
        Shared::NoMusic => say_library::NOT_MUSIC.of(language),
        Shared::Text(text) if text.is_empty() => say::WITHOUT_NAME.of(language),
        Shared::Text(text) => text,
    };
    let values = [("name", name), ("count", &count.to_string())];
    say::HEADING.fill(language, &values)
}

/// How many songs are selected.
#[must_use]
pub fn selected(language: Language, count: usize) -> String {
    counted(language, say::SELECTED_ONE, say::SELECTED_MANY, count)
}

/// The question before so many songs are forgotten.
#[must_use]
pub fn forget_question(language: Language, count: usize) -> String {
    let texts = (say::FORGET_ONE_QUESTION, say::FORGET_MANY_QUESTION);
    counted(language, texts.0, texts.1, count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::mood::Mood;
    use crate::page::library::tests::kept;

    fn song() -> LibrarySong {
        LibrarySong::new(kept("a.mp3", [7.0, 1.0, 1.0, 1.0], Some(90.4)), None)
    }

    #[test]
    fn every_column_says_something_in_every_language() {
        let mut song = song();
        (song.kept.features.key, song.kept.features.mode) = (Some(9.0), Some(0.0));
        for language in Language::ALL {
            for column in Column::ALL {
                let text = cell(language, &song, column, false);
                let may_lack = [Column::Artist, Column::Album].contains(&column);
                assert_eq!(text.is_empty(), may_lack, "{column:?}");
            }
        }
        let english = |song: &LibrarySong, column| cell(Language::English, song, column, false);
        assert_eq!(english(&song, Column::Key), "Am · 8A");
        assert_eq!(english(&song, Column::Tempo), "90");
        assert_eq!(english(&song, Column::Folder), "Music");
        song.kept.kind = Kind::Speech;
        assert_eq!(english(&song, Column::Valence), "–");
    }

    #[test]
    fn headings_name_what_is_shared() {
        let english = |shared, count| heading(Language::English, &shared, count);
        assert_eq!(english(Shared::Mood(Mood::Calm), 12), "Calm (12)");
        assert_eq!(english(Shared::Text(String::new()), 3), "None named (3)");
        let chinese = heading(Language::Chinese, &Shared::Text("Air".to_owned()), 2);
        assert_eq!(chinese, "Air（2）");
    }
}

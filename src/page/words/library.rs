//! Queue and library in words.

use super::figures::percent;
use super::verdict::{of_mood, short_verdict};
use crate::mood::Mood;
use crate::page::library::{Ear, LibrarySong, Totals};
use crate::page::state::{Progress, StorageFault, Verdict};
use crate::text::{Language, Text, library as say, list as say_list, mood_name, mood_title, song};

/// A text with a name in it.
#[must_use]
pub fn named(language: Language, text: Text, name: &str) -> String {
    text.fill(language, &[("name", name)])
}

/// One of two texts, by a number that stands in the second as `{count}`.
pub(super) fn counted(language: Language, one: Text, many: Text, count: usize) -> String {
    match count {
        1 => one.of(language).to_owned(),
        count => many.fill(language, &[("count", &count.to_string())]),
    }
}

/// What was added, for those who can't see it.
#[must_use]
pub fn added(language: Language, songs: usize, skipped: usize) -> String {
    let added = counted(language, song::ONE_SONG_ADDED, song::SONGS_ADDED, songs);
    if skipped == 0 {
        return added;
    }
    let skipped = self::skipped(language, skipped);
    say::ADDED_SKIPPED.fill(language, &[("added", &added), ("skipped", &skipped)])
}

/// Files that were left aside.
#[must_use]
pub fn skipped(language: Language, count: usize) -> String {
    counted(language, say::SKIPPED_ONE, say::SKIPPED_MANY, count)
}

/// Nothing among what was dropped can be heard.
#[must_use]
pub fn no_songs(language: Language, files: usize) -> String {
    counted(language, say::NO_SONG, say::NO_SONGS, files)
}

/// Where the queue is: `"12 of 300, about 4 min left"`.
#[must_use]
pub fn progress(language: Language, progress: Progress, paused: bool) -> String {
    let minutes = progress.left_s.map(|left| (left / 60.0).round() as u64);
    let text = match minutes {
        _ if paused => say::PROGRESS_PAUSED,
        None => say::PROGRESS,
        Some(0) => say::PROGRESS_SECONDS,
        Some(1..60) => say::PROGRESS_MINUTES,
        Some(_) => say::PROGRESS_HOURS,
    };
    let minutes = minutes.unwrap_or_default();
    let values = [
        ("ended", progress.ended.to_string()),
        ("total", progress.total.to_string()),
        ("hours", (minutes / 60).to_string()),
        ("minutes", (minutes % 60).to_string()),
    ];
    let values: Vec<_> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    text.fill(language, &values)
}

/// Songs of an earlier visit that wait for their files.
#[must_use]
pub fn left(language: Language, count: usize) -> String {
    counted(language, say::LEFT_ONE, say::LEFT_MANY, count)
}

/// Why results are not kept.
#[must_use]
pub const fn storage_fault(fault: StorageFault) -> Text {
    match fault {
        StorageFault::Forbidden => say::STORAGE_FORBIDDEN,
        StorageFault::Blocked => say::STORAGE_BLOCKED,
        StorageFault::Superseded => say::STORAGE_SUPERSEDED,
        StorageFault::Full => say::STORAGE_FULL,
    }
}

/// What the visitor said of a song.
#[must_use]
pub fn said(language: Language, name: &str, mood: Option<Mood>) -> String {
    match mood {
        Some(mood) => {
            let mood = mood_name(mood).of(language);
            say::SAID.fill(language, &[("name", name), ("mood", mood)])
        }
        None => named(language, say::SAID_BACK, name),
    }
}

/// What the visitor said of so many songs.
#[must_use]
pub fn said_many(language: Language, count: usize, mood: Option<Mood>) -> String {
    let count = count.to_string();
    match mood {
        Some(mood) => {
            let mood = mood_name(mood).of(language);
            say_list::SAID_MANY.fill(language, &[("count", &count), ("mood", mood)])
        }
        None => say_list::SAID_BACK_MANY.fill(language, &[("count", &count)]),
    }
}

/// What stands beside the buttons of the moods.
#[must_use]
pub fn you_said(language: Language, mood: Option<Mood>) -> String {
    match mood {
        Some(mood) => of_mood(language, say::YOU_SAID, mood),
        None => say::SAY_OTHERWISE.of(language).to_owned(),
    }
}

/// The mood of a library row: the verdict, or what the visitor said.
#[must_use]
pub fn row_mood(language: Language, song: &LibrarySong) -> String {
    match song.said {
        Some(mood) => {
            let mood = mood_title(mood).of(language);
            say::ROW_SAID.fill(language, &[("mood", mood)])
        }
        None => match song.heard {
            Some(mood) => {
                let mood = mood_title(mood).of(language);
                say_list::ROW_HEARD.fill(language, &[("mood", mood)])
            }
            None => short_verdict(language, Verdict::of(&song.kept)),
        },
    }
}

/// What was learnt from the visitor, and whether it helps.
#[must_use]
pub fn ear(language: Language, ear: &Ear, moved: usize) -> String {
    let values = [ear.said, moved, ear.right, ear.judges_right].map(|count| count.to_string());
    let [said, moved, right, judges] = values.each_ref().map(String::as_str);
    let values = [
        ("said", said),
        ("moved", moved),
        ("right", right),
        ("judges", judges),
    ];
    say_list::EAR_NOTE.fill(language, &values)
}

/// What the visitor would hear in a song, by what she said of so many others.
#[must_use]
pub fn by_ear(language: Language, mood: Mood, ear: &Ear) -> String {
    let values = [
        ("mood", mood_name(mood).of(language)),
        ("said", &ear.said.to_string()),
    ];
    say_list::BY_EAR.fill(language, &values)
}

/// `"312 songs: 40 sad, 120 calm, 80 happy, 60 energetic, 12 unsure"`; what is no music
/// stands behind, where there is any.
#[must_use]
pub fn totals(language: Language, totals: Totals) -> String {
    let moods = Mood::ALL.map(|mood| {
        let count = totals.moods[mood.index()].to_string();
        let mood = mood_name(mood).of(language);
        say::TOTAL_OF_MOOD.fill(language, &[("count", &count), ("mood", mood)])
    });
    let count = totals.moods.iter().sum::<usize>() + totals.unsure + totals.no_music;
    let text = if count == 1 {
        say::TOTALS_ONE
    } else {
        say::TOTALS_MANY
    };
    let values = [
        ("count", count.to_string()),
        ("moods", moods.join(language.list_separator())),
        ("unsure", totals.unsure.to_string()),
    ];
    let text = text.fill(language, &values.each_ref().map(|(n, v)| (*n, v.as_str())));
    if totals.no_music == 0 {
        return text;
    }
    let count = totals.no_music.to_string();
    say::TOTALS_NO_MUSIC.fill(language, &[("totals", &text), ("count", &count)])
}

/// How many songs the table shows; nothing where it shows all.
#[must_use]
pub fn shown(language: Language, shown: usize, all: usize) -> String {
    if shown == all {
        return String::new();
    }
    let values = [("shown", shown.to_string()), ("all", all.to_string())];
    say::SHOWN.fill(language, &values.each_ref().map(|(n, v)| (*n, v.as_str())))
}

/// How many songs other models judged.
#[must_use]
pub fn outdated(language: Language, count: usize) -> String {
    counted(language, say::OUTDATED_ONE, say::OUTDATED_MANY, count)
}

/// The day of a verdict, and whether it is by older models.
#[must_use]
pub fn judged(language: Language, milliseconds: f64, outdated: bool) -> String {
    let date = date(milliseconds);
    if outdated {
        say::OLDER.fill(language, &[("date", &date)])
    } else {
        date
    }
}

/// The button that tries all failed songs again.
#[must_use]
pub fn retry_failed(language: Language, count: usize) -> String {
    counted(language, say::RETRY_ONE, say::RETRY_MANY, count)
}

/// What the map shows.
#[must_use]
pub fn map(language: Language, songs: usize) -> String {
    say::MAP_LABEL.fill(language, &[("count", &songs.to_string())])
}

/// A point of the map: `"name: Calm, 72 %"`.
#[must_use]
pub fn point(language: Language, song: &LibrarySong) -> String {
    let values = [
        ("name", song.kept.title()),
        ("mood", &row_mood(language, song)),
        ("certainty", &percent(language, song.kept.certainty())),
    ];
    say::POINT.fill(language, &values)
}

/// The day of a moment, as `2026-11-24` in UTC.
fn date(milliseconds: f64) -> String {
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    let days = (milliseconds / 86_400_000.0).floor() as i64 + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_is_told_in_one_line() {
        let line = |language, left_s, paused| {
            let at = Progress {
                ended: 12,
                total: 300,
                left_s,
            };
            progress(language, at, paused)
        };
        let english = Language::English;
        assert_eq!(line(english, None, false), "12 of 300");
        assert_eq!(
            line(english, Some(250.0), false),
            "12 of 300, about 4 min left"
        );
        assert_eq!(
            line(english, Some(20.0), false),
            "12 of 300, less than a minute left"
        );
        assert_eq!(
            line(english, Some(4_200.0), false),
            "12 of 300, about 1 h 10 min left"
        );
        assert_eq!(line(english, Some(250.0), true), "12 of 300, paused");
        assert_eq!(
            line(Language::Chinese, Some(250.0), false),
            "12 / 300，约剩 4 分钟"
        );
    }

    #[test]
    fn what_was_skipped_is_one_line() {
        assert_eq!(added(Language::English, 1, 0), "1 song added");
        assert_eq!(
            added(Language::English, 2, 50),
            "2 songs added; 50 other files are no songs and were skipped"
        );
    }

    #[test]
    fn totals_name_every_mood() {
        let counts = Totals {
            moods: [1, 2, 3, 4],
            unsure: 5,
            no_music: 0,
        };
        assert_eq!(
            totals(Language::English, counts),
            "15 songs: 1 sad, 2 calm, 3 happy, 4 energetic, 5 unsure"
        );
        assert_eq!(
            totals(Language::Chinese, counts),
            "15 首歌：悲伤 1、平静 2、快乐 3、激昂 4，不确定 5"
        );
        let with_talk = Totals {
            no_music: 2,
            ..counts
        };
        assert_eq!(
            totals(Language::English, with_talk),
            "17 songs: 1 sad, 2 calm, 3 happy, 4 energetic, 5 unsure, 2 no music"
        );
    }

    #[test]
    fn days_are_counted_with_leap_years() {
        assert_eq!(date(0.0), "1970-01-01");
        assert_eq!(date(1_709_164_800_000.0), "2024-02-29");
        assert_eq!(date(1_709_251_199_999.0), "2024-02-29");
        assert_eq!(date(-1.0), "1969-12-31");
    }
}

//! Queue and library in words.

use super::{mood_title, percent};
use crate::mood::Mood;
use crate::web::library::{LibrarySong, Totals};
use crate::web::state::{Progress, Song, StorageFault};

/// What was added, for those who can't see it.
#[must_use]
pub fn added(songs: usize, skipped: usize) -> String {
    let songs = match songs {
        1 => "1 song added".to_owned(),
        count => format!("{count} songs added"),
    };
    match skipped {
        0 => songs,
        _ => format!("{songs}; {}", self::skipped(skipped)),
    }
}

/// Files that were left aside.
#[must_use]
pub fn skipped(count: usize) -> String {
    match count {
        1 => "1 other file is no song and was skipped".to_owned(),
        count => format!("{count} other files are no songs and were skipped"),
    }
}

/// Nothing among what was dropped can be heard.
#[must_use]
pub fn no_songs(files: usize) -> String {
    match files {
        1 => "There is no song here, only a file of another kind.".to_owned(),
        files => format!("There are no songs here, only {files} files of other kinds."),
    }
}

/// Where the queue is: `"12 of 300, about 4 min left"`.
#[must_use]
pub fn progress(progress: Progress, paused: bool) -> String {
    let counts = format!("{} of {}", progress.ended, progress.total);
    if paused {
        return format!("{counts}, paused");
    }
    match progress.left_s {
        Some(seconds) => format!("{counts}, {}", left_time(seconds)),
        None => counts,
    }
}

/// `"about 4 min left"`.
fn left_time(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as u64;
    match minutes {
        0 => "less than a minute left".to_owned(),
        1..60 => format!("about {minutes} min left"),
        _ => format!("about {} h {} min left", minutes / 60, minutes % 60),
    }
}

/// Songs of an earlier visit that wait for their files.
#[must_use]
pub fn left(count: usize) -> String {
    match count {
        1 => "1 song of your last visit was not judged yet: drop it again to go on.".to_owned(),
        count => format!(
            "{count} songs of your last visit were not judged yet: drop their folder again to go on."
        ),
    }
}

/// The folders that were lent again do not hold the songs that are missing.
#[must_use]
pub const fn still_missing() -> &'static str {
    "The songs are not there any more, or this page may not read them. Drop them again to go on."
}

/// A song whose verdict was known.
#[must_use]
pub fn known(song: &Song) -> String {
    format!("{}: heard before", song.name)
}

/// Why results are not kept.
#[must_use]
pub const fn storage_fault(fault: StorageFault) -> &'static str {
    match fault {
        StorageFault::Forbidden => {
            "This browser keeps nothing for this page, as private windows often do. Songs are judged all the same; their results last until the page is closed."
        }
        StorageFault::Blocked => {
            "Another window holds an older version of this page, so results can't be kept. Close it and reload this page; until then results last until the page is closed."
        }
        StorageFault::Superseded => {
            "A newer version of this page runs in another window and keeps the results now. Reload this one to go on with it."
        }
        StorageFault::Full => {
            "The browser's storage for this page is full. Songs are judged all the same; new results last until the page is closed."
        }
    }
}

/// The details of a song are not kept any more.
#[must_use]
pub fn report_gone(name: &str) -> String {
    format!("The details of {name} are not kept any more. Choose the song again to have it judged.")
}

/// What the visitor said.
#[must_use]
pub fn said(name: &str, mood: Option<Mood>) -> String {
    match mood {
        Some(mood) => format!("{name}: you said {mood}"),
        None => format!("{name}: what you said is taken back"),
    }
}

/// One song was forgotten.
#[must_use]
pub fn forgotten(name: &str) -> String {
    format!("{name} forgotten")
}

/// All songs were forgotten.
#[must_use]
pub fn all_forgotten() -> String {
    "All results forgotten".to_owned()
}

/// The mood of a library row: the verdict, or what the visitor said.
#[must_use]
pub fn row_mood(song: &LibrarySong) -> String {
    match song.said {
        Some(mood) => format!("{}, you said", mood_title(mood)),
        None if song.kept.unsure => format!("Unsure, perhaps {}", song.kept.mood),
        None => mood_title(song.kept.mood).to_owned(),
    }
}

/// `"312 songs: 40 sad, 120 calm, 80 happy, 60 energetic, 12 unsure"`.
#[must_use]
pub fn totals(totals: Totals) -> String {
    let sure: usize = totals.moods.iter().sum();
    let counts = Mood::ALL.map(|mood| format!("{} {mood}", totals.moods[mood.index()]));
    let songs = match sure + totals.unsure {
        1 => "1 song".to_owned(),
        count => format!("{count} songs"),
    };
    format!("{songs}: {}, {} unsure", counts.join(", "), totals.unsure)
}

/// How many songs the table shows.
#[must_use]
pub fn shown(shown: usize, all: usize) -> String {
    if shown == all {
        String::new()
    } else {
        format!("{shown} of {all} shown")
    }
}

/// How many songs other models judged.
#[must_use]
pub fn outdated(count: usize) -> String {
    match count {
        1 => "1 verdict comes from older models: drop the song again to have it judged anew."
            .to_owned(),
        count => format!(
            "{count} verdicts come from older models: drop the songs again to have them judged anew."
        ),
    }
}

/// The date of a verdict by older models.
#[must_use]
pub fn older(date: &str) -> String {
    format!("{date}, older models")
}

/// Name of the button that forgets a song.
#[must_use]
pub fn forget(name: &str) -> String {
    format!("Forget {name}")
}

/// The button that pauses, or goes on.
#[must_use]
pub const fn pause(paused: bool) -> &'static str {
    if paused { "Go on" } else { "Pause" }
}

/// The button that tries all failed songs again.
#[must_use]
pub fn retry_failed(count: usize) -> String {
    match count {
        1 => "Try 1 failed song again".to_owned(),
        count => format!("Try {count} failed songs again"),
    }
}

/// Name of the button that tries a song again.
#[must_use]
pub fn retry(name: &str) -> String {
    format!("Try {name} again")
}

/// What stands beside the buttons of the moods.
#[must_use]
pub fn you_said(mood: Option<Mood>) -> String {
    match mood {
        Some(mood) => format!("You said: {mood}."),
        None => "Do you hear it otherwise?".to_owned(),
    }
}

/// What the map shows.
#[must_use]
pub fn map(songs: usize) -> String {
    format!(
        "{songs} songs by valence, to the right, and arousal, upwards; the same numbers stand in the table"
    )
}

/// The day of a verdict, as `2026-11-24` in UTC.
#[must_use]
pub fn date(milliseconds: f64) -> String {
    // Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
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

/// A point of the map, or a similar song: `"name: Calm, 72 %"`.
#[must_use]
pub fn point(song: &LibrarySong) -> String {
    let kept = &song.kept;
    let certainty = percent(kept.certainty());
    format!("{}: {}, {certainty}", kept.origin.name, row_mood(song))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(left_s: Option<f64>) -> Progress {
        Progress {
            ended: 12,
            total: 300,
            left_s,
        }
    }

    #[test]
    fn the_queue_is_told_in_one_line() {
        assert_eq!(progress(at(None), false), "12 of 300");
        assert_eq!(
            progress(at(Some(250.0)), false),
            "12 of 300, about 4 min left"
        );
        assert_eq!(
            progress(at(Some(20.0)), false),
            "12 of 300, less than a minute left"
        );
        assert_eq!(
            progress(at(Some(4_200.0)), false),
            "12 of 300, about 1 h 10 min left"
        );
        assert_eq!(progress(at(Some(250.0)), true), "12 of 300, paused");
    }

    #[test]
    fn days_are_counted_with_leap_years() {
        assert_eq!(date(0.0), "1970-01-01");
        assert_eq!(date(1_709_164_800_000.0), "2024-02-29");
        assert_eq!(date(1_795_564_799_999.0), "2026-11-24");
    }

    #[test]
    fn what_was_skipped_is_one_line() {
        assert_eq!(added(1, 0), "1 song added");
        assert_eq!(
            added(2, 50),
            "2 songs added; 50 other files are no songs and were skipped"
        );
    }
}

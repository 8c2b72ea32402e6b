//! What the page has to tell beside its songs.

use super::figures::{clock, size};
use super::library;
use super::live;
use super::verdict::told;
use crate::error::AnalysisError;
use crate::page::state::inventory::Inventory;
use crate::page::state::{Announcement, Notice, Shared, Silence};
use crate::text::{
    Language, library as say_library, list as say_list, live as say_live, mood_name,
    page as say_page, song as say, trouble,
};

/// What was last heard of.
#[must_use]
pub fn announcement(language: Language, announcement: &Announcement) -> String {
    let says =
        |name: &str, text: &str| say::SONG_SAYS.fill(language, &[("name", name), ("text", text)]);
    match announcement {
        Announcement::Added { songs, skipped } => library::added(language, *songs, *skipped),
        Announcement::Left(count) => library::left(language, *count),
        Announcement::Judged {
            name,
            kind,
            moods,
            unsure,
        } => says(name, &told(language, *kind, *moods, *unsure)),
        Announcement::LiveBegun => say_live::LIVE_BEGUN.of(language).to_owned(),
        Announcement::Live {
            kind,
            moods,
            unsure,
        } => {
            let text = told(language, *kind, *moods, *unsure);
            say_live::LIVE_SAYS.fill(language, &[("text", &text)])
        }
        Announcement::LiveStopped => say_live::LIVE_STOPPED.of(language).to_owned(),
        Announcement::LiveFailed(fault) => live::fault(language, fault),
        Announcement::Failed { name, error } => error.of_song(language, name),
        Announcement::Cancelled(name) => say::SONG_CANCELLED.fill(language, &[("name", name)]),
        Announcement::HeardBefore(name) => {
            library::named(language, say_library::HEARD_BEFORE, name)
        }
        Announcement::Moment { mood, at_s } => says(&clock(*at_s), mood_name(*mood).of(language)),
        Announcement::Said(name, mood) => library::said(language, name, *mood),
        Announcement::Forgotten(name) => library::named(language, say_library::FORGOTTEN, name),
        Announcement::SaidMany(count, mood) => library::said_many(language, *count, *mood),
        Announcement::ForgottenMany(count) => {
            say_list::FORGOTTEN_MANY.fill(language, &[("count", &count.to_string())])
        }
        Announcement::AllForgotten => say_library::ALL_FORGOTTEN.of(language).to_owned(),
        Announcement::Update => say_page::UPDATE.of(language).to_owned(),
        Announcement::UpdateWaits => say_page::UPDATE_WAITS.of(language).to_owned(),
    }
}

/// Why no song can be judged.
#[must_use]
pub fn judge_broken(language: Language, error: &AnalysisError) -> String {
    match error {
        AnalysisError::Internal { detail, .. } => {
            let detail = trouble::detail(language, detail);
            trouble::JUDGES_LOST.fill(language, &[("detail", &detail)])
        }
        other => other.sentence(language),
    }
}

/// Something to read that belongs to no song.
#[must_use]
pub fn notice(language: Language, notice: &Notice) -> String {
    match notice {
        Notice::SampleLost { title, detail } => {
            let detail = trouble::detail(language, detail);
            trouble::SAMPLE_LOST.fill(language, &[("title", title), ("detail", &detail)])
        }
        Notice::NotSaved { detail } => trouble::NOT_SAVED.fill(language, &[("detail", detail)]),
        Notice::NoSongs(files) => library::no_songs(language, *files),
        Notice::StillMissing => say_library::STILL_MISSING.of(language).to_owned(),
        Notice::NothingToPlay => say_list::NOTHING_TO_PLAY.of(language).to_owned(),
        Notice::ListUnreadable => say_list::SMART_WRONG.of(language).to_owned(),
        Notice::Storage(fault) => library::storage_fault(*fault).of(language).to_owned(),
        Notice::ReportGone(name) => library::named(language, say_library::REPORT_GONE, name),
    }
}

/// What the first visit downloads, and for what.
#[must_use]
pub fn download(language: Language, inventory: &Inventory) -> String {
    let values = [
        ("total", &*size(inventory.total())),
        ("judges", &size(inventory.judges)),
        ("samples", &size(inventory.samples)),
        ("page", &size(inventory.page)),
    ];
    say::DOWNLOAD_SIZE.fill(language, &values)
}

/// What came of giving a result to others.
#[must_use]
pub fn shared(language: Language, shared: &Shared) -> String {
    match shared {
        Shared::Copied => say::COPIED.of(language).to_owned(),
        Shared::Failed(detail) => say::NOT_SHARED.fill(language, &[("detail", detail)]),
    }
}

/// Why a song can't be heard.
#[must_use]
pub fn silence(language: Language, silence: Silence, name: &str) -> String {
    let text = match silence {
        Silence::NoFile => say::NO_FILE,
        Silence::Unreadable => say::UNREADABLE,
        Silence::Unplayable => say::UNPLAYABLE,
    };
    text.fill(language, &[("name", name)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::mood::Mood;

    #[test]
    fn news_is_said_in_the_language_of_the_visitor() {
        let said = |news: &Announcement| {
            [Language::English, Language::Chinese].map(|language| announcement(language, news))
        };
        let cancelled = Announcement::Cancelled("歌.mp3".to_owned());
        assert_eq!(said(&cancelled), ["歌.mp3 cancelled", "已取消 歌.mp3"]);
        let judged = Announcement::Judged {
            name: "a.mp3".to_owned(),
            kind: Kind::Music,
            moods: [Mood::Calm, Mood::Sad],
            unsure: true,
        };
        assert_eq!(said(&judged)[0], "a.mp3: Unsure: between calm and sad");
        let moment = Announcement::Moment {
            mood: Mood::Sad,
            at_s: 62.0,
        };
        assert_eq!(said(&moment), ["1:02: sad", "1:02：悲伤"]);
    }
}

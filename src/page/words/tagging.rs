//! Tags that are written into files, in words.

use super::library::counted;
use crate::page::library::Library;
use crate::page::state::{Obstacle, TagOutcome, TagStep, Tagging};
use crate::tagger::protocol::Fault;
use crate::tagging::{Change, Field};
use crate::text::{
    Language, Text, library as say_library, list as say_list, tagging as say, trouble,
};

/// Files that are named for each reason.
const NAMED: usize = 5;

/// How far it has come, or what came of it.
#[must_use]
pub fn status(language: Language, tagging: &Tagging, library: &Library) -> String {
    let all = tagging.songs.len();
    let progress = |text: Text, done: usize| {
        let values = [("done", &*done.to_string()), ("count", &*all.to_string())];
        text.fill(language, &values)
    };
    match tagging.step {
        TagStep::Looking => return progress(say::TAGS_LOOKING, tagging.looked_at()),
        TagStep::Writing => return progress(say::TAGS_WRITING, tagging.ended()),
        TagStep::Preview | TagStep::Done => {}
    }
    let copied = Some(TagOutcome::Copied);
    if tagging.songs.iter().any(|song| song.outcome == copied) {
        return say::TAGS_COPIED.of(language).to_owned();
    }
    let count = tagging.count(library);
    let is_over = tagging.step == TagStep::Done;
    let written = if is_over {
        (say::TAGGED_ONE, say::TAGGED_MANY)
    } else {
        (say::WOULD_CHANGE_ONE, say::WOULD_CHANGE_MANY)
    };
    let left = if is_over {
        (say::LEFT_ONE, say::LEFT_MANY)
    } else {
        (say::CANNOT_ONE, say::CANNOT_MANY)
    };
    let mut parts = vec![counted(language, written.0, written.1, count.written)];
    let others = [
        ((say::SAME_ONE, say::SAME_MANY), count.unchanged),
        (left, count.left),
    ];
    for ((one, many), count) in others.into_iter().filter(|(_, count)| *count > 0) {
        parts.push(counted(language, one, many, count));
    }
    let text = parts.join(language.list_separator());
    trouble::SENTENCE.fill(language, &[("text", &text)])
}

/// A change as field, before and after.
#[must_use]
pub fn change(language: Language, change: &Change) -> [String; 3] {
    let field = match change.field {
        Field::Mood => say_library::MOOD,
        Field::Bpm => say_list::COLUMN_BPM,
        Field::Key => say_list::COLUMN_KEY,
        Field::Comment => say::TAGS_COMMENT,
    };
    let text = |text: &Option<String>| {
        let nothing = say::TAGS_NOTHING.of(language);
        text.clone().unwrap_or_else(|| nothing.to_owned())
    };
    let field = field.of(language).to_owned();
    [field, text(&change.before), text(&change.after)]
}

/// How many changes are not shown yet; `None` where all are.
#[must_use]
pub fn more(language: Language, all: usize, shown: usize) -> Option<String> {
    let hidden = all.checked_sub(shown).filter(|hidden| *hidden > 0)?;
    let values = [("count", &*hidden.to_string())];
    Some(say::TAGS_MORE.fill(language, &values))
}

/// Why files are left as they are: each reason once, with the files that it holds for.
#[must_use]
pub fn obstacles(language: Language, tagging: &Tagging) -> Vec<String> {
    let mut by_reason: Vec<(String, Vec<&str>)> = Vec::new();
    for song in &tagging.songs {
        let Some(TagOutcome::Left(obstacle)) = &song.outcome else {
            continue;
        };
        let reason = reason(language, obstacle);
        match by_reason.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, files)) => files.push(&song.path),
            None => by_reason.push((reason, vec![&song.path])),
        }
    }
    let line = |(reason, files): (String, Vec<&str>)| {
        let named = files.iter().take(NAMED).copied().collect::<Vec<_>>();
        let mut text = named.join(language.list_separator());
        if let Some(more @ 1..) = files.len().checked_sub(NAMED) {
            let values = [("files", &*text), ("count", &more.to_string())];
            text = say::FILES_AND_MORE.fill(language, &values);
        }
        say::OBSTACLE.fill(language, &[("reason", &reason), ("files", &text)])
    };
    by_reason.into_iter().map(line).collect()
}

fn reason(language: Language, obstacle: &Obstacle) -> String {
    let (text, detail) = match obstacle {
        Obstacle::NotFound => (say::TAG_NOT_FOUND, ""),
        Obstacle::Gone => (say::TAG_GONE, ""),
        Obstacle::Refused => (say::TAG_REFUSED, ""),
        Obstacle::ReadOnly => (say::TAG_READ_ONLY, ""),
        Obstacle::Full => (say::TAG_FULL, ""),
        Obstacle::NotLent => (say::TAG_NOT_LENT, ""),
        Obstacle::Stopped => (say::TAG_STOPPED, ""),
        Obstacle::Unwritten(detail) => (say::TAG_UNWRITTEN, detail.as_str()),
        Obstacle::Lost(detail) => (say::TAG_LOST, detail.as_str()),
        Obstacle::Fault(Fault::Changed) => (say::TAG_CHANGED, ""),
        Obstacle::Fault(Fault::TooLarge) => (say::TAG_TOO_LARGE, ""),
        Obstacle::Fault(Fault::SoundsOtherwise) => (say::TAG_SOUNDS_OTHERWISE, ""),
        Obstacle::Fault(Fault::Unreadable(detail)) => (say::TAG_UNREADABLE, detail.as_str()),
        Obstacle::Fault(Fault::NoTags(detail)) => (say::TAG_NO_TAGS, detail.as_str()),
        Obstacle::Fault(Fault::Unheard(detail)) => (say::TAG_UNHEARD, detail.as_str()),
    };
    let detail = trouble::detail(language, detail);
    text.fill(language, &[("detail", &detail)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::library::Column;
    use crate::page::state::{Event, ListEvent, State, TagEvent};

    /// A page whose songs came to these ends.
    fn tagged(outcomes: &[TagOutcome]) -> State {
        let mut state = State::default();
        for index in 0..outcomes.len() {
            let name = format!("{index}.mp3");
            let kept = crate::page::library::tests::kept(&name, [1.0; 4], None);
            state.library.keep(kept);
        }
        state.update(Event::List(ListEvent::SortPressed(Column::Name)));
        state.update(Event::List(ListEvent::AllPicked));
        state.update(Event::Tag(TagEvent::AskedOfPicked));
        if let Some(tagging) = &mut state.tagging {
            tagging.step = TagStep::Done;
            for (song, outcome) in tagging.songs.iter_mut().zip(outcomes) {
                song.outcome = Some(outcome.clone());
            }
        }
        state
    }

    fn said(state: &State) -> String {
        let tagging = state.tagging.as_ref().unwrap();
        status(Language::English, tagging, &state.library)
    }

    #[test]
    fn the_end_is_counted() {
        let left = || TagOutcome::Left(Obstacle::Full);
        let state = tagged(&[TagOutcome::Written, TagOutcome::Unchanged, left(), left()]);
        assert_eq!(
            said(&state),
            "1 file was written, 1 needs no change, 2 were left as they are."
        );
        let state = tagged(&[TagOutcome::Copied]);
        assert!(said(&state).starts_with("A copy"));
    }

    #[test]
    fn each_reason_stands_once_with_its_files() {
        let mut outcomes = vec![TagOutcome::Left(Obstacle::Full); 7];
        outcomes.push(TagOutcome::Left(Obstacle::Gone));
        let state = tagged(&outcomes);
        let lines = obstacles(Language::English, state.tagging.as_ref().unwrap());
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("The disk is full"), "{}", lines[0]);
        assert!(lines[0].ends_with("Music/4.mp3 and 2 more"), "{}", lines[0]);
        assert!(lines[1].ends_with(": Music/7.mp3"), "{}", lines[1]);
    }

    #[test]
    fn reasons_differ_in_every_language() {
        let detail = || "x".to_owned();
        let obstacles = [
            Obstacle::NotFound,
            Obstacle::Gone,
            Obstacle::Refused,
            Obstacle::ReadOnly,
            Obstacle::Full,
            Obstacle::NotLent,
            Obstacle::Stopped,
            Obstacle::Unwritten(detail()),
            Obstacle::Lost(detail()),
            Obstacle::Fault(Fault::Changed),
            Obstacle::Fault(Fault::TooLarge),
            Obstacle::Fault(Fault::SoundsOtherwise),
            Obstacle::Fault(Fault::Unreadable(detail())),
            Obstacle::Fault(Fault::NoTags(detail())),
            Obstacle::Fault(Fault::Unheard(detail())),
        ];
        for language in Language::ALL {
            let said: std::collections::HashSet<_> = obstacles
                .iter()
                .map(|obstacle| reason(language, obstacle))
                .collect();
            assert_eq!(said.len(), obstacles.len());
        }
    }
}

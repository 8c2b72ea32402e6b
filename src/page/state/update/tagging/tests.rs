use super::*;
use crate::mood::Mood;
use crate::page::library::tests::kept;
use crate::page::library::{Column, LibrarySong};
use crate::page::state::tagging::Seen;
use crate::page::state::update::tests::work;
use crate::page::state::{Event, LibraryEvent, ListEvent};
use crate::tagger::protocol::Fault;

const CALM: [f32; 4] = [1.0, 7.0, 1.0, 1.0];

fn hash(name: &str) -> String {
    format!("hash of {name}")
}

fn tag(event: TagEvent) -> Event {
    Event::Tag(event)
}

/// A page with these songs of earlier visits, of which all are asked for.
fn asked(names: &[&str]) -> (State, Vec<Effect>) {
    let mut state = State::default();
    let songs = names.iter();
    let songs = songs.map(|name| LibrarySong::new(kept(name, CALM, Some(90.0)), None));
    let read = Event::Library(LibraryEvent::Read(songs.collect()));
    work(&mut state, read);
    state.update(Event::List(ListEvent::SortPressed(Column::Name)));
    state.update(Event::List(ListEvent::AllPicked));
    let effects = state.update(tag(TagEvent::AskedOfPicked));
    (state, effects)
}

fn seen(state: &mut State, name: &str, texts: [&str; Field::COUNT], lent: bool) -> Vec<Effect> {
    let texts = texts.map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()));
    let run = state.tagging.as_ref().unwrap().run;
    let seen = Ok(Seen { texts, lent });
    state.update(tag(TagEvent::Seen(run, hash(name), seen)))
}

fn wrote(state: &mut State, name: &str, wrote: Result<Option<Wrote>, Obstacle>) -> Vec<Effect> {
    let run = state.tagging.as_ref().unwrap().run;
    state.update(tag(TagEvent::Wrote(run, hash(name), wrote)))
}

fn new_file(name: &str) -> Wrote {
    let hash = format!("new hash of {name}");
    Wrote { hash, bytes: 1_234 }
}

fn outcomes(state: &State) -> Vec<Option<TagOutcome>> {
    let songs = state.tagging.as_ref().unwrap().songs.iter();
    songs.map(|song| song.outcome.clone()).collect()
}

fn count(state: &State) -> (usize, usize, usize) {
    let count = state.tagging.as_ref().unwrap().count(&state.library);
    (count.written, count.unchanged, count.left)
}

/// The song that is written next, and whether as a copy.
fn written(effects: &[Effect]) -> Option<(&str, bool)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Tag(TagTask::Write { hash, copy, .. }) => Some((hash.as_str(), *copy)),
        _ => None,
    })
}

#[test]
fn nothing_is_written_before_the_changes_were_seen() {
    let (mut state, effects) = asked(&["a", "b"]);
    assert_eq!(effects, [Effect::Tag(TagTask::Look(1, hash("a")))]);
    // Too early.
    assert_eq!(state.update(tag(TagEvent::WritePressed)), []);
    let effects = seen(&mut state, "a", ["", "", "", ""], true);
    assert_eq!(effects, [Effect::Tag(TagTask::Look(1, hash("b")))]);
    let effects = seen(
        &mut state,
        "b",
        ["sad", "90", "", "Undertone: calm (70 %)"],
        true,
    );
    assert_eq!(effects, []);
    let tagging = state.tagging.as_ref().unwrap();
    assert_eq!(tagging.step, TagStep::Preview);
    let changes = tagging.changes(&tagging.songs[0], &state.library);
    assert_eq!(changes.len(), 3, "{changes:?}");
    // Where all is tagged there is nothing to do, unless it is to be replaced.
    assert_eq!(count(&state), (1, 1, 0));
    state.update(tag(TagEvent::OverwriteChosen(true)));
    assert_eq!(count(&state), (2, 0, 0));
}

#[test]
fn files_are_written_one_after_the_other_and_what_fails_stops_none() {
    let (mut state, _) = asked(&["a", "b", "c", "d"]);
    for name in ["a", "b", "c"] {
        seen(&mut state, name, ["", "", "", ""], true);
    }
    let run = state.tagging.as_ref().unwrap().run;
    state.update(tag(TagEvent::Seen(run, hash("d"), Err(Obstacle::NotFound))));
    let effects = state.update(tag(TagEvent::WritePressed));
    assert_eq!(written(&effects), Some((hash("a").as_str(), false)));
    // Once it has begun, nothing is decided anew.
    state.update(tag(TagEvent::OverwriteChosen(true)));
    assert!(!state.tagging.as_ref().unwrap().overwrite);
    let effects = wrote(&mut state, "a", Err(Obstacle::Full));
    assert_eq!(written(&effects), Some((hash("b").as_str(), false)));
    let changed = Obstacle::Fault(Fault::Changed);
    let effects = wrote(&mut state, "b", Err(changed.clone()));
    assert_eq!(written(&effects), Some((hash("c").as_str(), false)));
    let effects = wrote(&mut state, "c", Ok(Some(new_file("c"))));
    assert!(effects.contains(&Effect::Tag(TagTask::End)), "{effects:?}");
    let left = |obstacle| Some(TagOutcome::Left(obstacle));
    let expected = [
        left(Obstacle::Full),
        left(changed),
        Some(TagOutcome::Written),
        left(Obstacle::NotFound),
    ];
    assert_eq!(outcomes(&state), expected);
    assert_eq!(state.tagging.as_ref().unwrap().step, TagStep::Done);
    assert_eq!(count(&state), (1, 0, 3));
}

#[test]
fn the_verdict_goes_over_to_the_tagged_file() {
    let (mut state, _) = asked(&["a"]);
    state.library.say(&[hash("a")], Some(Mood::Sad));
    seen(&mut state, "a", ["", "", "", ""], true);
    state
        .covers
        .take(vec![(hash("a"), Some("blob:1".to_owned()))]);
    state.update(tag(TagEvent::WritePressed));
    let effects = wrote(&mut state, "a", Ok(Some(new_file("a"))));
    let new = "new hash of a".to_owned();
    let carry = Effect::Carry {
        from: hash("a"),
        to: new.clone(),
    };
    assert!(effects.contains(&carry), "{effects:?}");
    assert_eq!(state.library.len(), 1);
    let song = state.library.get(&new).unwrap();
    assert_eq!(
        (song.said, song.kept.origin.bytes),
        (Some(Mood::Sad), 1_234)
    );
    assert_eq!(song.kept.tags.bpm, Some(90.0));
    assert_eq!(state.covers.get(&new), Some("blob:1"));
}

#[test]
fn one_song_without_a_folder_is_copied_and_many_are_not() {
    let (mut state, _) = asked(&["a"]);
    seen(&mut state, "a", ["", "", "", ""], false);
    let effects = state.update(tag(TagEvent::WritePressed));
    assert_eq!(written(&effects), Some((hash("a").as_str(), true)));
    wrote(&mut state, "a", Ok(None));
    assert_eq!(outcomes(&state), [Some(TagOutcome::Copied)]);
    assert!(state.library.get(&hash("a")).is_some());

    let (mut state, _) = asked(&["a", "b"]);
    seen(&mut state, "a", ["", "", "", ""], false);
    seen(&mut state, "b", ["", "", "", ""], true);
    assert!(state.tagging.as_ref().unwrap().lacks_folder());
    assert_eq!(count(&state), (1, 0, 1));
    let effects = state.update(tag(TagEvent::WritePressed));
    assert_eq!(written(&effects), Some((hash("b").as_str(), false)));
    assert_eq!(
        outcomes(&state)[0],
        Some(TagOutcome::Left(Obstacle::NotLent))
    );
}

#[test]
fn a_folder_that_is_lent_is_looked_through_anew() {
    let (mut state, _) = asked(&["a", "b"]);
    let old = state.tagging.as_ref().unwrap().run;
    state.update(tag(TagEvent::OverwriteChosen(true)));
    let effects = state.update(tag(TagEvent::FolderLent));
    assert_eq!(effects, [Effect::Tag(TagTask::Look(2, hash("a")))]);
    // What was asked before is old news.
    let late = Err(Obstacle::NotFound);
    assert_eq!(state.update(tag(TagEvent::Seen(old, hash("a"), late))), []);
    assert_eq!(outcomes(&state), [None, None]);
    assert!(state.tagging.unwrap().overwrite);
}

#[test]
fn stopping_ends_behind_the_file_under_way_and_closing_forgets() {
    let (mut state, _) = asked(&["a", "b", "c"]);
    for name in ["a", "b", "c"] {
        seen(&mut state, name, ["", "", "", ""], true);
    }
    state.update(tag(TagEvent::WritePressed));
    state.update(tag(TagEvent::ClosePressed));
    let stopped = || Some(TagOutcome::Left(Obstacle::Stopped));
    assert_eq!(outcomes(&state), [None, stopped(), stopped()]);
    wrote(&mut state, "a", Ok(Some(new_file("a"))));
    assert_eq!(
        outcomes(&state),
        [Some(TagOutcome::Written), stopped(), stopped()]
    );
    let effects = state.update(tag(TagEvent::ClosePressed));
    assert_eq!(effects, [Effect::Tag(TagTask::End)]);
    assert_eq!(state.tagging, None);
    // Nothing to ask for.
    state.update(Event::List(ListEvent::NonePicked));
    assert_eq!(state.update(tag(TagEvent::AskedOfPicked)), []);
    assert_eq!(state.tagging, None);
}

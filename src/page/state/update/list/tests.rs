use super::*;
use crate::mood::Mood;
use crate::page::library::tests::kept;
use crate::page::library::{Column, Filter, Pick, SmartList, SmartLists, Step};
use crate::page::state::update::tests::{new_song, work};
use crate::page::state::{Event, LibraryEvent, Phase, Playing, Shown, Verdict};

const SAD: [f32; 4] = [7.0, 1.0, 1.0, 1.0];
const HAPPY: [f32; 4] = [1.0, 1.0, 7.0, 1.0];

fn list(event: ListEvent) -> Event {
    Event::List(event)
}

fn hash(name: &str) -> String {
    format!("hash of {name}")
}

/// A page with these songs of earlier visits, sorted by name.
fn with_library(names: &[&str]) -> State {
    let mut state = State::default();
    let songs = names.iter().enumerate().map(|(index, name)| {
        let weights = if index % 2 == 0 { SAD } else { HAPPY };
        LibrarySong::new(kept(name, weights, None), None)
    });
    work(
        &mut state,
        Event::Library(LibraryEvent::Read(songs.collect())),
    );
    state.update(list(ListEvent::SortPressed(Column::Name)));
    state
}

/// Puts the files of these songs at hand.
fn give_files(state: &mut State, names: &[&str]) {
    for name in names {
        let kept = state.library.get(&hash(name)).unwrap().kept.clone();
        let job = state.take_job();
        state.songs.push(crate::page::state::Song {
            phase: Phase::Kept(Verdict::of(&kept)),
            hash: Some(hash(name)),
            duration_s: 60.0,
            ..crate::page::state::Song::new(new_song(job), 0)
        });
    }
}

fn playing(state: &State) -> Option<&str> {
    let job = state.player.song?;
    state.song(job)?.hash.as_deref()
}

#[test]
fn what_is_said_of_many_songs_is_kept_at_once() {
    let mut state = with_library(&["a", "b", "c"]);
    state.update(list(ListEvent::Picked(hash("a"), Pick::Only)));
    state.update(list(ListEvent::Picked(hash("c"), Pick::Toggle)));
    let effects = state.update(list(ListEvent::SaidOfPicked(Some(Mood::Calm))));
    let hashes = vec![hash("a"), hash("c")];
    assert_eq!(effects, [Effect::Say(hashes.clone(), Some(Mood::Calm))]);
    assert_eq!(state.library.totals().moods, [0, 2, 1, 0]);
    let effects = state.update(list(ListEvent::PickedForgotten));
    assert_eq!(effects, [Effect::ForgetSongs(hashes)]);
    assert_eq!(state.library.len(), 1);
    assert!(state.library.selection().is_empty());
}

#[test]
fn keys_move_and_open() {
    let mut state = with_library(&["a", "b", "c"]);
    state.update(list(ListEvent::Stepped(Step::Last, Pick::Only)));
    state.update(list(ListEvent::Stepped(Step::By(-1), Pick::Range)));
    assert_eq!(state.library.selection().len(), 2);
    state.update(list(ListEvent::AllPicked));
    assert_eq!(state.library.selection().len(), 3);
    state.update(list(ListEvent::NonePicked));
    state.update(list(ListEvent::CursorOpened));
    assert_eq!(state.shown, Shown::Songs);
    let song = state.selected_song().unwrap();
    assert_eq!(song.hash, Some(hash("b")));
}

#[test]
fn a_rectangle_on_the_map_selects_and_a_press_opens() {
    let mut state = with_library(&["a", "b", "c"]);
    // Sad lies to the left and below, happy to the right and above.
    let left = [[0.0, 0.0], [0.5, 1.0]];
    state.update(list(ListEvent::Boxed(left, false)));
    assert_eq!(state.picked(), [hash("a"), hash("c")]);
    let above = [[1.0, 0.5], [0.5, 0.0]];
    state.update(list(ListEvent::Boxed(above, true)));
    assert_eq!(state.picked().len(), 3);
    let slack = [0.01, 0.01];
    let at = plane::place(state.library.get(&hash("b")).unwrap().kept.affect);
    state.update(list(ListEvent::MapPointed(Some((at, slack)))));
    assert_eq!(state.pointed, Some(hash("b")));
    state.update(list(ListEvent::MapPointed(Some(([0.0, 0.0], slack)))));
    assert_eq!(state.pointed, None);
    state.update(list(ListEvent::MapPressed(at, slack)));
    assert_eq!(state.selected_song().unwrap().hash, Some(hash("b")));
}

#[test]
fn playing_goes_on_from_song_to_song() {
    let mut state = with_library(&["a", "b", "c", "d"]);
    give_files(&mut state, &["b", "d"]);
    state.update(list(ListEvent::Picked(hash("a"), Pick::Only)));
    let effects = state.update(list(ListEvent::PlayPicked));
    // The first whose file is at hand; the list stays in sight.
    assert_eq!(playing(&state), Some(&*hash("b")));
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Play(_)))
    );
    assert_eq!(state.shown, Shown::Library);
    state.update(Event::Player(Playing::Started));
    state.update(Event::Player(Playing::Ended));
    assert_eq!(playing(&state), Some(&*hash("d")));
    state.update(Event::Player(Playing::Previous));
    assert_eq!(playing(&state), Some(&*hash("b")));
    state.update(Event::Player(Playing::Next));
    state.update(Event::Player(Playing::Ended));
    assert!(!state.player.is_listing());
}

#[test]
fn what_can_not_be_heard_is_said_or_passed_over() {
    let mut state = with_library(&["a", "b", "c"]);
    state.update(list(ListEvent::AllPicked));
    state.update(list(ListEvent::PlayPicked));
    assert_eq!(state.notice, Some(Notice::NothingToPlay));
    give_files(&mut state, &["a", "b"]);
    state.update(list(ListEvent::PlayPicked));
    let failed = Playing::Failed(crate::page::state::Silence::Unplayable);
    state.update(Event::Player(failed));
    assert_eq!(playing(&state), Some(&*hash("b")));
    // Another song is looked at: the list plays no more.
    let other = state.songs[0].job;
    state.update(Event::Selected(other));
    assert!(!state.player.is_listing());
}

#[test]
fn ten_thousand_songs_are_searched_and_selected() {
    let names: Vec<_> = (0..10_000).map(|index| format!("song {index}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let mut state = with_library(&names);
    assert_eq!(state.library.lines().len(), 10_000);
    let filter = Filter {
        text: "song 999".to_owned(),
        ..Filter::default()
    };
    state.update(list(ListEvent::Filtered(filter)));
    state.update(list(ListEvent::AllPicked));
    // 999, 1999 to 9999, and 9990 to 9998.
    assert_eq!(state.library.selection().len(), 19);
}

#[test]
fn a_smart_list_is_kept_and_what_no_field_shows_stays() {
    let mut state = with_library(&["a", "b"]);
    let old = SmartList::new("Run", vec!["year>=1990".to_owned()]).unwrap();
    state.update(list(ListEvent::ListsRead(SmartLists::of([old]))));
    let draft = Draft {
        name: " Run ".to_owned(),
        mood: "happy".to_owned(),
        ..Draft::default()
    };
    let effects = state.update(list(ListEvent::ListFilled(Box::new(draft.clone()))));
    let rules = vec!["mood=happy".to_owned(), "year>=1990".to_owned()];
    let made = SmartList::new("Run", rules).unwrap();
    assert_eq!(effects, [Effect::KeepList(made.clone())]);
    assert_eq!(state.library.list(), Some(&made));
    // A list that is not what a form can say shows nothing that it should not.
    assert_eq!(state.library.shown().count(), 0);
    let wrong = Draft {
        key: "H".to_owned(),
        ..draft
    };
    assert_eq!(
        state.update(list(ListEvent::ListFilled(Box::new(wrong)))),
        []
    );
    assert_eq!(state.notice, Some(Notice::ListUnreadable));
    let effects = state.update(list(ListEvent::ListForgotten("Run".to_owned())));
    assert_eq!(effects, [Effect::ForgetList("Run".to_owned())]);
    assert_eq!(state.library.shown().count(), 2);
}

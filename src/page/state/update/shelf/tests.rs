use super::*;
use crate::card;
use crate::page::library::Pick;
use crate::page::library::tests::kept;
use crate::page::state::update::tests::{done, first, identified, new_song, said, work};
use crate::page::state::{Event, Judge, ListEvent, Restored};
use crate::report::Report;
use crate::report::tests::report;
use crate::worker::protocol::{Cards, FromWorker};

fn library(event: LibraryEvent) -> Event {
    Event::Library(event)
}

/// A state whose judges can't be had, so that any kept verdict counts, and whose storage
/// holds these songs.
fn with_kept(names: &[&str]) -> State {
    let mut state = State {
        judge: Judge::Broken(crate::AnalysisError::Cancelled),
        ..State::default()
    };
    let songs = names
        .iter()
        .map(|name| LibrarySong::new(kept(name, [0.1, 0.7, 0.1, 0.1], None), None));
    state.update(library(LibraryEvent::Read(songs.collect())));
    state
}

/// Adds songs that are judged at once.
fn judged(state: &mut State, jobs: std::ops::RangeInclusive<Job>) {
    for job in jobs {
        state.update(Event::Added(vec![new_song(job)], 0));
        state.update(identified(job, &format!("hash {job}")));
        let song = state.song_mut(job).unwrap();
        song.phase = Phase::Analysing {
            worker: first(),
            stage: None,
            fraction: 0.5,
            judgement: None,
            cancelling: false,
        };
        state.decoding = None;
        state.update(done(job, report()));
    }
}

#[test]
fn the_library_is_shown_when_there_is_nothing_else() {
    assert_eq!(with_kept(&["a"]).shown, Shown::Library);
    assert_eq!(with_kept(&[]).shown, Shown::Songs);
}

#[test]
fn the_browser_is_asked_once_to_clear_nothing() {
    let mut state = with_kept(&[]);
    state.update(Event::Added(vec![new_song(1), new_song(2)], 0));
    let ask = Effect::Persist { ask: true };
    let saved = |state: &mut State, job| state.update(library(LibraryEvent::Saved(job)));
    assert!(saved(&mut state, 1).contains(&ask));
    assert!(!saved(&mut state, 2).contains(&ask));

    let mut state = with_kept(&["a"]);
    state.update(library(LibraryEvent::Persisted(Persistence::Granted)));
    assert!(!saved(&mut state, 1).contains(&ask));
}

#[test]
fn a_backup_that_is_put_back_is_read_from_storage() {
    let mut state = with_kept(&[]);
    let mut tell = |news| state.update(library(LibraryEvent::Backup(news)));
    assert_eq!(tell(BackupNews::Reading), []);
    let refused = BackupNews::Refused(crate::page::library::backup::BackupFault::Foreign);
    assert_eq!(tell(refused.clone()), []);
    let restored = BackupNews::Restored(Restored { new: 1, known: 0 });
    assert_eq!(tell(restored.clone()), [Effect::ReadStore(None)]);
    assert_eq!(state.backup, Some(restored));
}

#[test]
fn a_song_heard_before_is_answered_and_opened_without_decoding() {
    let mut state = with_kept(&["a"]);
    state.update(Event::Added(vec![new_song(1)], 0));
    let effects = state.update(identified(1, "hash of a"));
    assert!(effects.contains(&Effect::Open(1)), "{effects:?}");
    assert!(!effects.contains(&Effect::Decode(1)), "{effects:?}");
    assert_eq!(state.songs[0].phase.name(), "kept");
    assert_eq!(state.progress(), None);

    let opened = LibraryEvent::Opened {
        job: 1,
        report: Box::new(report()),
        picture: None,
    };
    assert_eq!(state.update(library(opened)), []);
    assert_eq!(state.songs[0].phase.name(), "done");
}

#[test]
fn a_report_that_is_gone_is_judged_again_where_there_is_a_file() {
    let mut state = with_kept(&["a"]);
    state.update(Event::Added(vec![new_song(1)], 0));
    state.update(identified(1, "hash of a"));
    let effects = work(&mut state, library(LibraryEvent::Gone(1)));
    assert_eq!(effects, [Effect::Decode(1)]);

    let mut state = with_kept(&["a"]);
    state.update(library(LibraryEvent::OpenPressed("hash of a".into())));
    let job = state.selected.unwrap();
    assert_eq!(work(&mut state, library(LibraryEvent::Gone(job))), []);
    assert!(state.songs.is_empty());
    assert!(state.notice.is_some());
}

#[test]
fn a_song_of_the_library_is_listed_once_when_it_is_opened() {
    let mut state = with_kept(&["a"]);
    let open = || library(LibraryEvent::OpenPressed("hash of a".into()));
    let effects = state.update(open());
    let job = state.selected.unwrap();
    assert_eq!(effects, [Effect::Open(job)]);
    assert_eq!(state.shown, Shown::Songs);
    assert_eq!(state.update(open()), []);
    assert_eq!(state.songs.len(), 1);
}

#[test]
fn few_reports_stay_in_memory_once_they_are_saved() {
    let mut state = with_kept(&[]);
    judged(&mut state, 1..=20);
    let in_memory = |state: &State| state.songs.iter().filter(|s| s.report().is_some()).count();
    assert_eq!(in_memory(&state), 20);
    let pictures = state.songs.iter().filter(|s| s.picture.is_some()).count();
    assert_eq!(pictures, IN_MEMORY + 1);
    for job in 1..=20 {
        state.update(library(LibraryEvent::Saved(job)));
    }
    assert_eq!(in_memory(&state), IN_MEMORY + 1);
    assert_eq!(state.library.len(), 20);
    let effects = state.update(Event::Selected(1));
    assert_eq!(effects, [Effect::Open(1)]);
}

#[test]
fn what_the_visitor_says_is_kept_and_taken_back() {
    let mut state = with_kept(&[]);
    judged(&mut state, 1..=1);
    let say = |mood| library(LibraryEvent::SaidPressed(mood));
    let effects = state.update(say(Some(Mood::Happy)));
    assert_eq!(
        effects,
        [Effect::Say(vec!["hash 1".into()], Some(Mood::Happy))]
    );
    assert_eq!(state.said_mood(), Some(Mood::Happy));
    assert_eq!(
        state.library.get("hash 1").unwrap().mood(),
        Some(Mood::Happy)
    );
    state.update(say(None));
    assert_eq!(state.said_mood(), None);
}

#[test]
fn forgetting_leaves_the_queue_alone() {
    let mut state = with_kept(&["a"]);
    judged(&mut state, 1..=2);
    state.update(Event::Added(vec![new_song(3)], 0));
    state.update(Event::List(ListEvent::Picked("hash 1".into(), Pick::Only)));
    let effects = state.update(Event::List(ListEvent::PickedForgotten));
    assert_eq!(effects, [Effect::ForgetSongs(vec!["hash 1".into()])]);
    assert_eq!((state.songs.len(), state.library.len()), (2, 2));
    let effects = state.update(library(LibraryEvent::ForgetAllPressed));
    assert_eq!(effects, [Effect::ForgetAll]);
    assert!(state.library.is_empty());
    assert_eq!(state.songs.len(), 1);
    let progress = state.progress().unwrap();
    assert_eq!((progress.ended, progress.total), (0, 1));
}

#[test]
fn trouble_with_storage_is_said_once() {
    let mut state = State::default();
    let failed = |fault| library(LibraryEvent::Failed(fault));
    state.update(failed(StorageFault::Forbidden));
    assert_eq!(state.storage, Storage::Off);
    assert!(state.notice.take().is_some());
    state.update(failed(StorageFault::Full));
    assert_eq!((state.storage, state.notice.as_ref()), (Storage::Off, None));

    let mut state = with_kept(&[]);
    state.update(failed(StorageFault::Full));
    assert_eq!(state.storage, Storage::Full);
    assert!(state.notice.take().is_some());
    state.update(failed(StorageFault::Full));
    assert!(state.notice.is_none());
}

#[test]
fn another_pages_news_are_read_and_what_is_unsaved_stays() {
    let mut state = with_kept(&["a"]);
    judged(&mut state, 1..=1);
    let effects = state.update(library(LibraryEvent::ChangedElsewhere(Some("x".into()))));
    assert_eq!(effects, [Effect::ReadStore(Some("x".into()))]);
    state.update(library(LibraryEvent::Read(Vec::new())));
    assert_eq!(state.library.len(), 1);
    state.update(library(LibraryEvent::ReadOne("hash 1".into(), None)));
    assert!(state.library.is_empty());
}

/// The cards of the models of today.
pub fn cards() -> Box<Cards> {
    let read = |name: &str| {
        let file = format!("{}/static/models/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(file).unwrap()
    };
    Box::new(Cards {
        network: card::parse("mood.json", &read("mood.json")).unwrap(),
        ensemble: card::parse("ensemble.json", &read("ensemble.json")).unwrap(),
        features: card::parse("features.json", &read("features.json")).unwrap(),
    })
}

/// The same with another network.
pub fn other_cards() -> Box<Cards> {
    let mut cards = cards();
    cards.network.stamp.sha256 = "another".into();
    cards
}

/// A state whose storage holds one song that these models judged.
fn judged_by(cards: &Cards) -> State {
    let mut state = State::default();
    let mut kept = kept("a", [0.1, 0.7, 0.1, 0.1], None);
    kept.models = cards.ids();
    let songs = vec![LibrarySong::new(kept, None)];
    state.update(library(LibraryEvent::Read(songs)));
    state
}

/// What is done when that song comes again while these models are loaded.
fn come_again(state: &mut State, cards: Box<Cards>) -> Vec<Effect> {
    state.update(said(FromWorker::Ready { cards }));
    let job = state.take_job();
    state.update(Event::Added(vec![new_song(job)], 0));
    state.update(identified(job, "hash of a"))
}

#[test]
fn a_song_that_another_network_heard_is_judged_anew() {
    let mut state = judged_by(&cards());
    let effects = come_again(&mut state, other_cards());
    assert!(effects.contains(&Effect::Decode(1)), "{effects:?}");
    let mut state = judged_by(&cards());
    let effects = come_again(&mut state, cards());
    assert!(effects.contains(&Effect::Open(1)), "{effects:?}");
    let opened = LibraryEvent::Opened {
        job: 1,
        report: Box::new(Report {
            models: cards().ids(),
            ..report()
        }),
        picture: None,
    };
    state.update(library(opened));
    assert!(!state.is_outdated());
    let mut other = cards();
    other.ensemble.stamp.sha256 = "another".into();
    let other = FromWorker::Ready { cards: other };
    state.update(said(other));
    assert!(state.is_outdated(), "the ensemble is compared, too");
}

#[test]
fn a_verdict_is_explained_by_the_rule_that_it_was_made_by() {
    let mut report = report();
    let (these, others) = (cards(), other_cards());
    report.models = these.ids();
    assert_eq!(these.rule_of(&report), Some(these.network.verdict));
    assert_eq!(others.rule_of(&report), None);
}

#[test]
fn a_verdict_of_older_models_is_told_and_judged_anew_when_the_song_comes_again() {
    let mut state = with_kept(&["a"]);
    state.update(library(LibraryEvent::OpenPressed("hash of a".into())));
    let older = state.selected.unwrap();
    let opened = LibraryEvent::Opened {
        job: older,
        report: Box::new(report()),
        picture: None,
    };
    state.update(library(opened));
    assert!(!state.is_outdated(), "nothing is known of the models");
    let cards = cards();
    let models = cards.ids();
    state.update(said(FromWorker::Ready { cards }));
    assert!(state.is_outdated());

    let job = state.take_job();
    state.update(Event::Added(vec![new_song(job)], 0));
    let effects = work(&mut state, identified(job, "hash of a"));
    assert_eq!(effects, [Effect::Decode(job)]);
    state.update(Event::Decoded {
        job,
        seconds: 30.0,
        decode_ms: 5.0,
    });
    let happy = Report {
        mood: Mood::Happy,
        models,
        ..report()
    };
    state.update(done(job, happy));
    assert!(!state.is_outdated());
    assert_eq!(
        state.library.get("hash of a").unwrap().kept.mood,
        Mood::Happy
    );

    // The row of the older verdict has the new one, too.
    state.update(Event::Selected(older));
    let renewed = state.song(older).and_then(Song::report);
    assert_eq!(renewed.map(|report| report.mood), Some(Mood::Happy));
    assert!(!state.is_outdated());
}

use super::*;
use crate::error::AnalysisError;
use crate::page::state::update::tests::{
    analysing, decoded, failed, identified, new_song, with_songs, work,
};
use crate::page::state::{Event, LibraryEvent};

fn queue(event: QueueEvent) -> Event {
    Event::Queue(event)
}

fn phases(state: &State) -> Vec<&'static str> {
    state.songs.iter().map(|song| song.phase.name()).collect()
}

/// A song that none of the tests' decoders can read.
fn undecodable() -> AnalysisError {
    AnalysisError::Undecodable { detail: "x".into() }
}

#[test]
fn files_are_read_one_after_another_and_before_they_are_decoded() {
    let mut state = State::default();
    state.update(Event::Library(LibraryEvent::Read(Vec::new())));
    let effects = state.update(Event::Added(vec![new_song(1), new_song(2)], 0));
    assert_eq!(effects, [Effect::List(vec![1, 2]), Effect::Identify(1)]);
    let effects = state.update(identified(1, "a"));
    assert_eq!(effects, [Effect::Decode(1), Effect::Identify(2)]);
}

#[test]
fn nothing_is_decoded_before_it_is_known_what_is_kept() {
    let mut state = State::default();
    state.update(Event::Added(vec![new_song(1)], 0));
    assert_eq!(work(&mut state, identified(1, "a")), []);
    let read = Event::Library(LibraryEvent::Read(Vec::new()));
    assert_eq!(work(&mut state, read), [Effect::Decode(1)]);
}

#[test]
fn a_file_that_cannot_be_read_fails_and_the_next_is_read() {
    let mut state = State::default();
    state.update(Event::Added(vec![new_song(1), new_song(2)], 0));
    let error = undecodable();
    let effects = state.update(queue(QueueEvent::Unreadable { job: 1, error }));
    assert!(effects.contains(&Effect::Identify(2)), "{effects:?}");
    assert_eq!(phases(&state), ["failed", "queued"]);
}

#[test]
fn batches_take_turns() {
    let mut state = analysing(3);
    // Songs 2 and 3 of the first batch still wait when one more is dropped.
    work(&mut state, Event::Added(vec![new_song(9)], 0));
    work(&mut state, identified(9, "i"));
    work(&mut state, decoded(2));
    let effects = work(&mut state, failed(1, AnalysisError::Empty));
    assert_eq!(effects, [Effect::Forget(1)]);
    // The judge is not ready, so song 2 waits decoded; once it is gone, 9 comes before 3.
    let effects = work(&mut state, Event::CancelPressed(2));
    assert_eq!(effects, [Effect::Forget(2), Effect::Decode(9)]);
    let error = undecodable();
    let effects = work(&mut state, Event::DecodeFailed { job: 9, error });
    assert_eq!(effects, [Effect::Forget(9), Effect::Decode(3)]);
}

#[test]
fn the_same_song_is_not_judged_beside_itself() {
    let mut state = State::default();
    state.update(Event::Library(LibraryEvent::Read(Vec::new())));
    state.update(Event::Added((1..=3).map(new_song).collect(), 0));
    assert_eq!(work(&mut state, identified(1, "a")), [Effect::Decode(1)]);
    work(&mut state, identified(2, "a"));
    work(&mut state, identified(3, "c"));
    // The judge is still loading: song 1 waits decoded, and its twin waits for it.
    work(&mut state, decoded(1));
    let effects = work(&mut state, Event::CancelPressed(1));
    assert_eq!(effects, [Effect::Forget(1), Effect::Decode(2)]);
}

#[test]
fn a_pause_begins_nothing_and_stops_nothing() {
    let mut state = analysing(3);
    work(&mut state, Event::Selected(1));
    work(&mut state, queue(QueueEvent::PausePressed));
    assert_eq!(
        work(&mut state, failed(1, AnalysisError::Empty)),
        [Effect::Forget(1)]
    );
    work(&mut state, decoded(2));
    assert!(state.queue.paused);
    assert_eq!(phases(&state), ["failed", "decoding", "queued"]);
    let effects = work(&mut state, queue(QueueEvent::PausePressed));
    assert_eq!(effects, []);
    let effects = work(&mut state, Event::CancelPressed(2));
    assert_eq!(effects, [Effect::Forget(2), Effect::Decode(3)]);
}

#[test]
fn all_are_cancelled_at_once() {
    let mut state = analysing(3);
    let effects = state.update(queue(QueueEvent::CancelAllPressed));
    assert!(effects.contains(&Effect::Cancel(1)), "{effects:?}");
    assert_eq!(phases(&state), ["analysing", "cancelled", "cancelled"]);
    let effects = state.update(failed(1, AnalysisError::Cancelled));
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::Unlist(keys) if keys.len() == 1))
    );
    assert_eq!(phases(&state), ["cancelled"; 3]);
    assert_eq!(state.progress(), None);
}

#[test]
fn one_or_all_failed_songs_are_tried_again() {
    let (mut state, _) = with_songs(3);
    for job in 1..=2 {
        let error = undecodable();
        work(&mut state, Event::DecodeFailed { job, error });
    }
    work(&mut state, Event::CancelPressed(3));
    work(&mut state, decoded(3));
    assert_eq!(phases(&state), ["failed", "failed", "cancelled"]);
    assert_eq!(state.failed(), 2);
    let effects = state.update(queue(QueueEvent::RetryPressed(3)));
    assert_eq!(effects, [Effect::List(vec![3]), Effect::Decode(3)]);
    let effects = state.update(queue(QueueEvent::RetryFailedPressed));
    assert_eq!(effects, [Effect::List(vec![1, 2])]);
    assert_eq!(phases(&state), ["queued", "queued", "decoding"]);
    let progress = state.progress().unwrap();
    assert_eq!((progress.ended, progress.total), (0, 3));
}

#[test]
fn the_queue_counts_since_it_was_last_empty_and_tells_its_pace() {
    let (mut state, _) = with_songs(2);
    for job in 1..=2 {
        let error = undecodable();
        work(&mut state, Event::DecodeFailed { job, error });
    }
    assert_eq!(state.progress(), None);

    work(
        &mut state,
        Event::Added((11..=20).map(new_song).collect(), 0),
    );
    let progress = state.progress().unwrap();
    assert_eq!((progress.ended, progress.total), (0, 10));
    assert_eq!(progress.left_s, None);
    for job in 11..=13 {
        work(&mut state, identified(job, &format!("hash {job}")));
        state.clock_ms += 2_000.0;
        let error = undecodable();
        work(&mut state, Event::DecodeFailed { job, error });
    }
    let progress = state.progress().unwrap();
    assert_eq!((progress.ended, progress.total), (3, 10));
    assert!((progress.left_s.unwrap() - 14.0).abs() < 1e-9);
}

#[test]
fn files_that_are_no_songs_are_told_in_one_line() {
    let mut state = State::default();
    assert_eq!(state.update(Event::Added(Vec::new(), 50)), []);
    assert_eq!(state.notice, Some(Notice::NoSongs(50)));
    state.update(Event::Added(vec![new_song(1)], 12));
    assert_eq!((state.notice.as_ref(), state.skipped), (None, 12));
}

#[test]
fn what_an_earlier_visit_left_waits_for_its_file() {
    let mut state = State::default();
    state.update(Event::Library(LibraryEvent::Read(Vec::new())));
    let tickets = (1..=2)
        .map(|job| Song::new(new_song(job), 0).ticket())
        .collect();
    let effects = state.update(queue(QueueEvent::Left(tickets, false)));
    assert!(matches!(effects.as_slice(), [Effect::List(jobs)] if jobs.len() == 2));
    assert_eq!(phases(&state), ["missing"; 2]);
    assert_eq!((state.missing(), state.progress()), (2, None));

    // The folder comes again, under another name and with one song more.
    let again = [2, 7].map(|job| NewSong {
        path: format!("Other/{job}.mp3"),
        job: job + 100,
        ..new_song(job)
    });
    state.update(Event::Added(again.to_vec(), 0));
    assert_eq!(phases(&state), ["missing", "queued", "queued"]);

    let effects = state.update(queue(QueueEvent::LeaveLeftPressed));
    assert!(matches!(effects.as_slice(), [Effect::Unlist(keys)] if keys.len() == 1));
    assert_eq!(state.missing(), 0);
}

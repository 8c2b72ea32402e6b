use super::*;
use crate::page::state::song::LONG_S;
use crate::page::state::update::shelf::tests::{cards, other_cards};
use crate::page::state::update::tests::{decoded, first, with_songs, work};
use crate::page::state::{Decoders, Event, Offline, QueueEvent, Staff};
use crate::report::tests::report;
use crate::worker::protocol::{FromWorker, PictureSize, Step, Timing};

/// The number of the worker that was started as the second.
const SECOND: WorkerId = WorkerId(2);

/// A page that takes two workers, of which the first is ready, and so many songs.
fn ready(songs: Job) -> State {
    let (mut state, _) = with_songs(songs);
    state.staff = Staff::of_machine(8.0, None);
    let message = FromWorker::Ready { cards: cards() };
    work(&mut state, say(first(), message));
    state
}

/// The same with songs 1 and 2 in the workers, and song 3 being decoded.
fn both(songs: Job) -> State {
    let mut state = ready(songs);
    work(&mut state, decoded(1));
    work(&mut state, decoded(2));
    let message = FromWorker::Ready { cards: cards() };
    work(&mut state, say(SECOND, message));
    assert_eq!(workers(&state)[..2], [Some(first()), Some(SECOND)]);
    state
}

fn say(worker: WorkerId, message: FromWorker) -> Event {
    Event::Said(worker, message, Vec::new())
}

fn failed(worker: WorkerId, job: Job) -> Event {
    let error = AnalysisError::Empty;
    let job = Some(job);
    say(worker, FromWorker::Failed { job, error })
}

fn lost(worker: WorkerId) -> Event {
    Event::Lost(worker, "unreachable".into())
}

fn long(job: Job) -> Event {
    Event::Decoded {
        job,
        seconds: LONG_S + 1.0,
        decode_ms: 5.0,
    }
}

/// Which worker has each song.
fn workers(state: &State) -> Vec<Option<WorkerId>> {
    state.songs.iter().map(Song::worker).collect()
}

fn ids(state: &State) -> Vec<WorkerId> {
    state.staff.ids().collect()
}

fn phases(state: &State) -> Vec<&'static str> {
    state.songs.iter().map(|song| song.phase.name()).collect()
}

#[test]
fn a_small_machine_has_one_worker_and_a_larger_one_two() {
    let most = |cores, memory| Staff::of_machine(cores, memory).most;
    assert_eq!(most(1.0, None), 1);
    assert_eq!(most(f64::NAN, None), 1, "not told");
    assert_eq!(most(8.0, Some(2.0)), 1);
    assert_eq!(most(2.0, Some(4.0)), 2);
    assert_eq!(most(64.0, None), 2);
}

/// Decoded samples come in one piece, for which the page needs a core.
#[test]
fn songs_are_decoded_while_a_core_is_free() {
    let next = |cores| {
        let (mut state, _) = with_songs(3);
        state.staff = Staff::of_machine(cores, None);
        let message = FromWorker::Ready { cards: cards() };
        work(&mut state, say(first(), message));
        let second = work(&mut state, decoded(1));
        work(&mut state, decoded(2));
        let message = FromWorker::Ready { cards: cards() };
        let third = work(&mut state, say(SECOND, message));
        [second, third].map(|effects| effects.iter().any(|e| matches!(e, Effect::Decode(_))))
    };
    assert_eq!(next(1.0), [false, false]);
    assert_eq!(next(2.0), [true, false]);
    assert_eq!(next(3.0), [true, true]);

    let (mut state, _) = with_songs(2);
    state.staff = Staff::of_machine(1.0, None);
    let message = FromWorker::Ready { cards: cards() };
    work(&mut state, say(first(), message));
    assert_eq!(work(&mut state, decoded(1)), [Effect::Analyse(1)]);
    let effects = work(&mut state, failed(first(), 1));
    assert!(effects.contains(&Effect::Decode(2)), "{effects:?}");
}

#[test]
fn what_a_worker_can_not_decode_is_left_to_the_browser() {
    let mut state = ready(1);
    work(&mut state, decoded(1));
    let effects = work(&mut state, say(first(), FromWorker::Unread { job: 1 }));
    assert_eq!(effects, [Effect::Decode(1)]);
    assert_eq!(state.songs[0].decoders, Decoders::Browser);
    assert_eq!(work(&mut state, decoded(1)), [Effect::Analyse(1)]);
}

#[test]
fn a_single_song_takes_one_worker() {
    let mut state = ready(1);
    assert_eq!(work(&mut state, decoded(1)), [Effect::Analyse(1)]);
    assert_eq!(ids(&state), [first()]);
}

#[test]
fn a_second_song_starts_a_second_worker_and_goes_to_it() {
    let mut state = ready(3);
    let effects = work(&mut state, decoded(1));
    assert_eq!(effects, [Effect::Analyse(1), Effect::Decode(2)]);
    assert_eq!(work(&mut state, decoded(2)), [Effect::ChangeStaff]);
    assert_eq!(ids(&state), [first(), SECOND]);
    assert_eq!(work(&mut state, Event::Selected(2)), [], "it is on its way");

    let message = FromWorker::Ready { cards: cards() };
    let effects = work(&mut state, say(SECOND, message));
    assert_eq!(effects, [Effect::Analyse(2), Effect::Decode(3)]);
    assert_eq!(workers(&state), [Some(first()), Some(SECOND), None]);
    assert_eq!(work(&mut state, decoded(3)), [], "two are enough");
}

#[test]
fn the_second_worker_does_not_delay_the_first() {
    let (mut state, _) = with_songs(3);
    state.staff = Staff::of_machine(8.0, None);
    assert_eq!(work(&mut state, decoded(1)), [], "the first still loads");
    assert_eq!(ids(&state), [first()]);
}

#[test]
fn a_machine_for_one_worker_stays_with_it() {
    let mut state = ready(3);
    state.staff.most = 1;
    work(&mut state, decoded(1));
    assert_eq!(work(&mut state, decoded(2)), []);
    assert_eq!(ids(&state), [first()]);
}

#[test]
fn results_come_in_any_order_and_each_to_its_song() {
    let mut state = both(4);
    let progress = |worker, job, fraction| {
        let step = Step::Network;
        say(
            worker,
            FromWorker::Progress {
                job,
                stage: step,
                fraction,
            },
        )
    };
    work(&mut state, progress(first(), 1, 0.2));
    work(&mut state, progress(SECOND, 2, 0.7));
    work(&mut state, progress(SECOND, 1, 0.9));
    let fractions = state.songs.iter().filter_map(|song| match song.phase {
        Phase::Analysing { fraction, .. } => Some(fraction),
        _ => None,
    });
    assert_eq!(fractions.collect::<Vec<_>>(), [0.2, 0.7]);

    work(&mut state, decoded(3));
    let done = FromWorker::Done {
        job: 2,
        report: Box::new(report()),
        tags: crate::tags::Tags::default(),
        picture: PictureSize {
            columns: 1,
            rows: 1,
        },
        timing: Timing::default(),
        wasm_bytes: 0,
    };
    let duration_s = report().duration_s;
    let effects = work(&mut state, say(SECOND, done));
    // What was decoded, and not what was guessed before.
    assert_eq!(state.songs[1].duration_s.to_bits(), duration_s.to_bits());
    let next = [Effect::Forget(2), Effect::Analyse(3), Effect::Decode(4)];
    assert_eq!(effects, next);
    assert_eq!(workers(&state), [Some(first()), None, Some(SECOND), None]);
    assert_eq!(
        phases(&state),
        ["analysing", "done", "analysing", "decoding"]
    );
}

#[test]
fn a_lost_worker_costs_its_own_song_alone() {
    for (gone, left) in [(first(), SECOND), (SECOND, first())] {
        let mut state = both(4);
        let job = if gone == SECOND { 2 } else { 1 };
        let effects = work(&mut state, lost(gone));
        assert_eq!(effects, [Effect::Forget(job), Effect::ChangeStaff]);
        assert_eq!(ids(&state), [left]);
        assert!(matches!(state.judge, Judge::Ready(_)));
        let analysing = state.songs.iter().filter(|song| song.is_analysing());
        assert_eq!(analysing.count(), 1);
        assert_eq!(work(&mut state, lost(gone)), [], "said again");

        // The next song takes its place with another.
        assert_eq!(work(&mut state, decoded(3)), [Effect::ChangeStaff]);
        assert_eq!(ids(&state), [left, WorkerId(3)]);
    }
}

#[test]
fn when_both_are_lost_one_is_started_and_the_queue_goes_on() {
    let mut state = both(3);
    work(&mut state, decoded(3));
    // The song that waits decoded calls for another at once.
    let effects = work(&mut state, lost(SECOND));
    let others = [Effect::Forget(2), Effect::ChangeStaff, Effect::ChangeStaff];
    assert_eq!(effects, others);
    let effects = work(&mut state, lost(first()));
    assert_eq!(effects, [Effect::Forget(1), Effect::ChangeStaff]);
    let message = FromWorker::Ready { cards: cards() };
    let effects = work(&mut state, say(WorkerId(3), message));
    assert_eq!(effects, [Effect::Analyse(3)]);
    assert_eq!(phases(&state), ["failed", "failed", "analysing"]);
}

#[test]
fn a_second_worker_that_can_not_load_is_done_without() {
    for trouble in [
        lost(SECOND),
        say(
            SECOND,
            FromWorker::Failed {
                job: None,
                error: AnalysisError::Empty,
            },
        ),
        say(
            SECOND,
            FromWorker::Ready {
                cards: other_cards(),
            },
        ),
    ] {
        let mut state = ready(3);
        work(&mut state, decoded(1));
        work(&mut state, decoded(2));
        assert_eq!(work(&mut state, trouble), [Effect::ChangeStaff]);
        assert_eq!(ids(&state), [first()]);
        assert!(matches!(&state.judge, Judge::Ready(known) if known.ids() == cards().ids()));
        let effects = work(&mut state, failed(first(), 1));
        assert_eq!(
            effects,
            [Effect::Forget(1), Effect::Analyse(2), Effect::Decode(3)]
        );
        assert_eq!(work(&mut state, decoded(3)), [], "not tried again");
    }
}

#[test]
fn cancelling_one_song_leaves_the_other() {
    let mut state = both(3);
    let effects = work(&mut state, Event::CancelPressed(2));
    assert_eq!(effects, [Effect::Cancel(2)]);
    assert_eq!(work(&mut state, Event::CancelOverdue(first())), []);
    let effects = work(&mut state, Event::CancelOverdue(SECOND));
    assert_eq!(effects, [Effect::Forget(2), Effect::ChangeStaff]);
    assert_eq!(phases(&state), ["analysing", "cancelled", "decoding"]);
    assert_eq!(ids(&state), [first()]);
}

#[test]
fn all_are_cancelled_in_both() {
    let mut state = both(4);
    let all = Event::Queue(QueueEvent::CancelAllPressed);
    let effects = work(&mut state, all);
    let cancels = [1, 2].map(Effect::Cancel);
    assert!(cancels.iter().all(|cancel| effects.contains(cancel)));
    assert_eq!(
        phases(&state),
        ["analysing", "analysing", "cancelled", "cancelled"]
    );
}

#[test]
fn a_pause_stops_neither_and_begins_nothing() {
    let mut state = both(4);
    work(&mut state, Event::Queue(QueueEvent::PausePressed));
    work(&mut state, decoded(3));
    assert_eq!(work(&mut state, failed(SECOND, 2)), [Effect::Forget(2)]);
    assert_eq!(workers(&state)[..3], [Some(first()), None, None]);
    let effects = work(&mut state, Event::Queue(QueueEvent::PausePressed));
    assert_eq!(effects, [Effect::Analyse(3), Effect::Decode(4)]);
}

#[test]
fn a_long_song_waits_for_both_and_is_judged_by_a_lone_worker() {
    let mut state = both(4);
    assert_eq!(work(&mut state, long(3)), []);
    assert_eq!(work(&mut state, failed(first(), 1)), [Effect::Forget(1)]);
    let effects = work(&mut state, failed(SECOND, 2));
    let alone = [
        Effect::Forget(2),
        Effect::ChangeStaff,
        Effect::Analyse(3),
        Effect::Decode(4),
    ];
    assert_eq!(effects, alone);
    assert_eq!(ids(&state), [first()]);
    // What comes after it waits, and calls for nobody.
    assert_eq!(work(&mut state, decoded(4)), []);
    let effects = work(&mut state, failed(first(), 3));
    assert_eq!(effects, [Effect::Forget(3), Effect::Analyse(4)]);
}

#[test]
fn a_newer_version_waits_for_both() {
    let mut state = both(2);
    state.update(Event::Offline(Offline::Update));
    state.update(Event::UpdatePressed);
    let effects = state.update(failed(SECOND, 2));
    assert!(!effects.contains(&Effect::Renew), "{effects:?}");
    let effects = state.update(failed(first(), 1));
    assert!(effects.contains(&Effect::Renew), "{effects:?}");
}

#[test]
fn an_empty_queue_keeps_one_worker() {
    let mut state = both(2);
    assert_eq!(work(&mut state, failed(first(), 1)), [Effect::Forget(1)]);
    let effects = work(&mut state, failed(SECOND, 2));
    assert_eq!(effects, [Effect::Forget(2), Effect::ChangeStaff]);
    assert_eq!(ids(&state), [first()]);
}

#[test]
fn a_song_that_was_lost_is_tried_again_by_whoever_is_free() {
    let mut state = both(2);
    work(&mut state, lost(first()));
    let effects = work(&mut state, Event::Queue(QueueEvent::RetryPressed(1)));
    assert_eq!(effects, [Effect::Decode(1)]);
    work(&mut state, failed(SECOND, 2));
    assert_eq!(work(&mut state, decoded(1)), [Effect::Analyse(1)]);
    assert_eq!(workers(&state)[0], Some(SECOND));
}

#[test]
fn the_page_is_stored_when_no_first_verdict_is_waited_for() {
    let (state, _) = with_songs(0);
    assert!(!state.has_time(), "the judges come first");
    assert!(ready(0).has_time());
    let mut state = ready(2);
    assert!(!state.has_time());
    work(&mut state, decoded(1));
    assert!(!state.has_time());
    work(&mut state, failed(first(), 1));
    assert!(state.has_time(), "one has ended");
}

use super::*;
use crate::error::ModelError;
use crate::kind::Kind;
use crate::mood::{Affect, Mood, MoodProbabilities};
use crate::page::state::{LibraryEvent, NewSong, QueueEvent, Silence, Spot, Staff, Verdict};
use crate::report::tests::report;
use crate::report::{Moment, Report};
use crate::text::Language;
use crate::worker::protocol::{PictureSize, Step, Timing};

/// A new song of that number.
pub fn new_song(job: Job) -> NewSong {
    NewSong {
        job,
        name: format!("{job}.mp3"),
        path: format!("Music/{job}.mp3"),
        bytes: u64::from(job),
        modified_ms: 0.0,
    }
}

/// A state with an empty storage, a loading judge and these songs, numbered from 1 and all
/// of other contents; and the work that this made.
pub fn with_songs(count: Job) -> (State, Vec<Effect>) {
    let mut state = State::default();
    work(&mut state, Event::Library(LibraryEvent::Read(Vec::new())));
    let songs = (1..=count).map(new_song).collect();
    let mut effects = work(&mut state, Event::Added(songs, 0));
    for job in 1..=count {
        effects.extend(work(&mut state, identified(job, &format!("hash {job}"))));
    }
    (state, effects)
}

pub fn identified(job: Job, hash: &str) -> Event {
    let hash = hash.to_owned();
    Event::Queue(QueueEvent::Identified { job, hash })
}

/// Takes an event in; the effects without reading files and what goes to storage.
pub fn work(state: &mut State, event: Event) -> Vec<Effect> {
    let mut effects = state.update(event);
    effects.retain(|effect| {
        matches!(
            effect,
            Effect::Decode(_)
                | Effect::Analyse(_)
                | Effect::Cancel(_)
                | Effect::Forget(_)
                | Effect::ChangeStaff
        )
    });
    effects
}

pub fn decoded(job: Job) -> Event {
    Event::Decoded {
        job,
        seconds: 30.0,
        decode_ms: 5.0,
    }
}

/// As if the first song, decoded, were taken by the worker.
pub fn analysing(count: Job) -> State {
    let (mut state, _) = with_songs(count);
    work(&mut state, decoded(1));
    state.songs[0].phase = Phase::Analysing {
        worker: first(),
        stage: None,
        fraction: 0.0,
        judgement: None,
        cancelling: false,
    };
    state
}

pub fn failed(job: Job, error: AnalysisError) -> Event {
    said(FromWorker::Failed {
        job: Some(job),
        error,
    })
}

/// The first worker says something.
pub fn said(message: FromWorker) -> Event {
    Event::Said(first(), message, Vec::new())
}

/// The worker's last word on a job.
pub fn done(job: Job, report: Report) -> Event {
    let picture = PictureSize {
        columns: 1,
        rows: 1,
    };
    let said = FromWorker::Done {
        job,
        report: Box::new(report),
        tags: crate::tags::Tags::default(),
        picture,
        timing: Timing::default(),
        wasm_bytes: 0,
    };
    Event::Said(first(), said, vec![1])
}

/// The worker that is there from the start.
pub fn first() -> WorkerId {
    Staff::default().ids().next().unwrap()
}

#[test]
fn one_song_is_decoded_at_a_time_and_one_waits() {
    let (mut state, effects) = with_songs(3);
    assert_eq!(effects, [Effect::Decode(1)]);
    assert_eq!(work(&mut state, decoded(1)), []);
    assert_eq!(state.songs[1].phase, Phase::Queued);
}

#[test]
fn the_next_song_is_decoded_while_one_is_analysed() {
    let mut state = analysing(3);
    assert_eq!(work(&mut state, Event::Selected(1)), [Effect::Decode(2)]);
    assert_eq!(work(&mut state, decoded(2)), []);
}

#[test]
fn a_song_that_cannot_be_decoded_does_not_stop_the_queue() {
    let (mut state, _) = with_songs(2);
    let error = AnalysisError::Undecodable { detail: "x".into() };
    let effects = work(
        &mut state,
        Event::DecodeFailed {
            job: 1,
            error: error.clone(),
        },
    );
    assert_eq!(effects, [Effect::Forget(1), Effect::Decode(2)]);
    assert_eq!(state.songs[0].phase, Phase::Failed(error));
}

#[test]
fn cancelling_while_decoding_keeps_the_decoder_busy() {
    let (mut state, _) = with_songs(2);
    assert_eq!(
        work(&mut state, Event::CancelPressed(1)),
        [Effect::Forget(1)]
    );
    assert_eq!(state.songs[0].phase, Phase::Cancelled);
    let effects = work(&mut state, decoded(1));
    assert_eq!(effects, [Effect::Forget(1), Effect::Decode(2)]);
    assert_eq!(state.songs[0].phase, Phase::Cancelled);
}

#[test]
fn the_worker_is_asked_once_to_stop_and_its_answer_is_no_error() {
    let mut state = analysing(1);
    assert_eq!(
        work(&mut state, Event::CancelPressed(1)),
        [Effect::Cancel(1)]
    );
    assert_eq!(work(&mut state, Event::CancelPressed(1)), []);
    let effects = work(&mut state, failed(1, AnalysisError::Cancelled));
    assert_eq!(effects, [Effect::Forget(1)]);
    assert_eq!(state.songs[0].phase, Phase::Cancelled);
    assert_eq!(work(&mut state, Event::CancelOverdue(first())), []);
}

#[test]
fn a_worker_that_does_not_stop_is_replaced() {
    let mut state = analysing(1);
    work(&mut state, Event::CancelPressed(1));
    let effects = work(&mut state, Event::CancelOverdue(first()));
    assert_eq!(effects, [Effect::Forget(1), Effect::ChangeStaff]);
    assert_eq!(state.songs[0].phase, Phase::Cancelled);
    assert_eq!(state.judge, Judge::Loading);
}

#[test]
fn a_trap_fails_its_song_and_the_queue_goes_on() {
    let mut state = analysing(2);
    let effects = work(&mut state, Event::Lost(first(), "unreachable".into()));
    assert_eq!(
        effects,
        [Effect::Forget(1), Effect::ChangeStaff, Effect::Decode(2)]
    );
    assert_eq!(state.songs[0].phase.name(), "failed");
}

#[test]
fn a_worker_that_dies_idle_waits_for_the_visitor() {
    let mut state = State::default();
    let lost = || Event::Lost(first(), "unreachable".into());
    assert_eq!(work(&mut state, lost()), [Effect::ChangeStaff]);
    assert_eq!(state.staff.ids().next(), None);
    assert_eq!(work(&mut state, lost()), [], "it is gone already");
    assert!(matches!(state.judge, Judge::Broken(_)));
    assert_eq!(work(&mut state, Event::RetryPressed), [Effect::ChangeStaff]);
    assert_eq!(work(&mut state, Event::RetryPressed), []);
}

#[test]
fn messages_of_an_old_job_are_ignored() {
    let mut state = analysing(2);
    work(&mut state, failed(2, AnalysisError::Empty));
    assert_ne!(state.songs[1].phase.name(), "failed");
    let progress = |job, fraction| {
        let message = FromWorker::Progress {
            job,
            stage: Step::Network,
            fraction,
        };
        said(message)
    };
    work(&mut state, progress(2, 0.5));
    work(&mut state, progress(1, 0.5));
    work(&mut state, progress(1, 0.4));
    assert!(matches!(state.songs[0].phase, Phase::Analysing { fraction, .. } if fraction > 0.45));
}

/// The worker says what that report will say.
fn judged(job: Job, report: &Report) -> FromWorker {
    FromWorker::Judged {
        job,
        judgement: Judgement::of(report),
        moments: report.timeline.clone(),
    }
}

#[test]
fn a_verdict_is_told_once_and_the_report_says_the_same() {
    let mut state = analysing(2);
    let report = report();
    work(&mut state, said(judged(1, &report)));
    let song = &state.songs[0];
    assert_eq!(song.judgement(), Some(&Judgement::of(&report)));
    assert_eq!(song.verdict(), Some(Verdict::of_report(&report)));
    assert_eq!(song.moments, report.timeline);
    let told = state.announcement.clone();
    assert!(matches!(&told, Some(Announcement::Judged { name, .. }) if name == "1.mp3"));

    work(&mut state, Event::Added(vec![new_song(3)], 0));
    let added = state.announcement.clone();
    assert_ne!(added, told);
    work(&mut state, done(1, report.clone()));
    assert_eq!(state.songs[0].verdict(), Some(Verdict::of_report(&report)));
    assert_eq!(state.songs[0].judgement(), None);
    assert_eq!(state.announcement, added);

    // Of what is no music only the report comes.
    let mut state = analysing(1);
    work(&mut state, done(1, report));
    assert_eq!(state.announcement, told);
}

#[test]
fn what_a_worker_says_of_a_song_that_it_does_not_have_is_no_verdict() {
    let mut state = analysing(2);
    work(&mut state, said(judged(2, &report())));
    let other = WorkerId(9);
    let message = judged(1, &report());
    work(&mut state, Event::Said(other, message, Vec::new()));
    assert!(state.songs.iter().all(|song| song.verdict().is_none()));
    assert!(!matches!(
        state.announcement,
        Some(Announcement::Judged { .. })
    ));
}

#[test]
fn a_verdict_goes_with_its_song() {
    let ends = [
        Event::CancelPressed(1),
        failed(1, AnalysisError::Cancelled),
        failed(1, AnalysisError::Empty),
        Event::Lost(first(), "unreachable".into()),
        said(FromWorker::Unread { job: 1 }),
    ];
    for end in ends {
        let mut state = analysing(1);
        work(&mut state, said(judged(1, &report())));
        assert!(state.songs[0].verdict().is_some());
        work(&mut state, end.clone());
        assert_eq!(state.songs[0].verdict(), None, "{end:?}");
    }
    // One that comes too late is not told.
    let mut state = analysing(1);
    work(&mut state, Event::CancelPressed(1));
    state.announcement = None;
    work(&mut state, said(judged(1, &report())));
    assert_eq!(
        (state.songs[0].verdict(), &state.announcement),
        (None, &None)
    );
}

#[test]
fn refused_models_are_named_and_can_be_tried_again() {
    let mut state = State::default();
    let error = ModelError::Missing {
        name: "mood.onnx".into(),
        detail: "status 404".into(),
    };
    work(&mut state, said(FromWorker::Refused { error }));
    let Judge::Broken(error) = &state.judge else {
        panic!("{:?}", state.judge);
    };
    for language in Language::ALL {
        let text = crate::page::words::judge_broken(language, error);
        assert!(text.contains("mood.onnx") && text.contains("404"), "{text}");
    }
    assert_eq!(work(&mut state, Event::RetryPressed), [Effect::ChangeStaff]);
}

#[test]
fn the_first_new_song_is_looked_at() {
    let (mut state, _) = with_songs(2);
    assert_eq!(state.selected, Some(1));
    work(&mut state, Event::Added(vec![new_song(3)], 0));
    assert_eq!(state.selected, Some(3));
    work(&mut state, Event::Selected(9));
    assert_eq!(state.selected, Some(3));
}

/// A song of 30 s in the worker, with moments of 1 s from 2 s on.
fn with_moments(moods: &[[f32; 4]]) -> State {
    let mut state = analysing(1);
    let moments = moods.iter().enumerate().map(|(index, weights)| Moment {
        t_s: 2.0 + index as f64,
        kind: Kind::Music,
        moods: MoodProbabilities::from_weights(*weights),
        affect: Affect::default(),
    });
    state.songs[0].moments = moments.collect();
    state
}

const EVEN: [f32; 4] = [1.0; 4];

#[test]
fn pointing_shows_the_moment_that_lies_there_and_picking_goes_to_it() {
    let mut state = with_moments(&[EVEN; 3]);
    for (seconds, picked) in [(0.0, 0), (2.5, 0), (3.5, 1), (30.0, 2)] {
        let spot = Spot::Song(seconds / 30.0);
        assert_eq!(state.update(Event::Pointed(Some(spot))), []);
        assert_eq!((state.shown_moment(), state.moment), (picked, 0));
        state.update(Event::Pointed(None));
        assert_eq!(state.shown_moment(), 0);
    }
    state.update(Event::SpotPicked(Spot::Song(3.5 / 30.0)));
    assert_eq!(state.moment, 1);
    assert!((state.player.at_s - 3.5).abs() < 1e-9);
}

#[test]
fn a_stretched_spectrogram_shows_the_part_around_the_player() {
    let mut state = with_moments(&[EVEN; 3]);
    state.update(Event::ZoomPressed { closer: true });
    state.update(Event::Player(Playing::Sought(20.0)));
    let window = state.window();
    assert!((window.start_s - 15.0).abs() < 1e-9 && (window.span_s - 15.0).abs() < 1e-9);
    state.update(Event::SpotPicked(Spot::Spectrogram(0.5)));
    assert!((state.player.at_s - 22.5).abs() < 1e-9);
    for _ in 0..9 {
        state.update(Event::ZoomPressed { closer: false });
    }
    assert_eq!(state.zoom, 1);
}

#[test]
fn a_song_plays_pauses_and_is_sought() {
    let mut state = with_moments(&[EVEN; 3]);
    let toggled = || Event::Player(Playing::Toggled);
    assert_eq!(state.update(Event::Player(Playing::Sought(3.0))), []);
    assert_eq!(state.update(toggled()), [Effect::Play(1)]);
    state.update(Event::Player(Playing::Started));
    assert_eq!(state.update(Event::MomentPicked(2)), [Effect::Seek]);
    assert!((state.player.at_s - 4.0).abs() < 1e-9);
    let moved = Event::Player(Playing::Moved(-99.0));
    assert_eq!(state.update(moved), [Effect::Seek]);
    assert!(state.player.at_s.abs() < 1e-9);
    assert_eq!(state.update(toggled()), [Effect::Pause]);
    state.update(Event::Player(Playing::Stopped));
    // From the end it begins anew.
    state.update(Event::Player(Playing::At(30.0)));
    state.update(toggled());
    assert!(state.player.at_s.abs() < 1e-9);
}

#[test]
fn another_song_silences_the_one_that_plays() {
    let mut state = with_moments(&[EVEN; 3]);
    state.update(Event::Player(Playing::Toggled));
    state.update(Event::Player(Playing::Started));
    let effects = state.update(Event::Added(vec![new_song(2)], 0));
    assert!(effects.contains(&Effect::Pause), "{effects:?}");
    state.update(Event::Player(Playing::At(3.0)));
    assert!(state.player.at_s.abs() < 1e-9, "the other song's time");
    state.update(Event::Player(Playing::Failed(Silence::NoFile)));
    assert_eq!(state.player.silence, Some(Silence::NoFile));
    state.update(Event::Selected(1));
    assert_eq!(state.player.silence, None);
}

#[test]
fn moods_are_announced_when_they_change_but_not_all_the_time() {
    let (sad, calm) = ([9.0, 1.0, 0.0, 0.0], [1.0, 9.0, 0.0, 0.0]);
    let moods: Vec<_> = (0..20)
        .map(|i| if i % 2 == 0 { sad } else { calm })
        .collect();
    let mut state = with_moments(&moods);
    state.update(Event::Player(Playing::Toggled));
    let mut heard = Vec::new();
    for second in 2..20 {
        state.update(Event::Player(Playing::At(f64::from(second))));
        if heard.last() != Some(&state.announcement) {
            heard.push(state.announcement.clone());
        }
    }
    let moment = |mood, at_s| Some(Announcement::Moment { mood, at_s });
    assert_eq!(heard, [moment(Mood::Sad, 2.0), moment(Mood::Calm, 13.0)]);
}

#[test]
fn what_was_announced_is_old_news_in_another_language() {
    let mut state = State::default();
    state.update(Event::Added(vec![new_song(1)], 3));
    let added = Announcement::Added {
        songs: 1,
        skipped: 3,
    };
    assert_eq!(state.announcement, Some(added));
    state.update(Event::CancelPressed(1));
    let cancelled = Announcement::Cancelled("1.mp3".to_owned());
    assert_eq!(state.announcement, Some(cancelled));
    state.update(Event::LanguageChosen(Language::Chinese));
    assert_eq!(state.announcement, None);
}

use super::*;
use crate::kind::Kind;
use crate::mood::{Mood, MoodProbabilities};
use crate::page::state::live::PATH_SECONDS;
use crate::page::state::update::shelf::tests::cards;
use crate::page::state::update::tests::with_songs;
use crate::page::state::{Event, Phase};

const MICROPHONE: LiveSource = LiveSource::Microphone;

fn live(state: &mut State, event: LiveEvent) -> Vec<Effect> {
    state.update(Event::Live(event))
}

/// A page that asks for the microphone, and the worker that will judge.
fn asking() -> (State, WorkerId) {
    let mut state = State::default();
    live(&mut state, LiveEvent::Toggled);
    let effects = live(&mut state, LiveEvent::Chosen(MICROPHONE));
    assert_eq!(
        effects,
        [Effect::Listen(MICROPHONE, 1), Effect::ChangeStaff]
    );
    let worker = state.live.worker.unwrap();
    (state, worker)
}

/// A page that listens to the microphone.
fn listening() -> (State, WorkerId) {
    let (mut state, worker) = asking();
    live(&mut state, LiveEvent::Opened(1));
    state.update(said(worker, FromWorker::Ready { cards: cards() }));
    (state, worker)
}

fn said(worker: WorkerId, message: FromWorker) -> Event {
    Event::Said(worker, message, Vec::new())
}

fn heard(seconds: f64) -> LiveEvent {
    let level = 0.5;
    LiveEvent::Heard { seconds, level }
}

fn judged(worker: WorkerId, judgement: Result<Judgement, AnalysisError>) -> Event {
    let took_ms = 400.0;
    said(worker, FromWorker::Live { judgement, took_ms })
}

fn music(mood: Mood) -> Judgement {
    let mut weights = [0.1; Mood::COUNT];
    weights[mood.index()] = 0.7;
    Judgement {
        kind: Kind::Music,
        moods: MoodProbabilities::from_weights(weights),
        unsure: false,
    }
}

#[test]
fn live_sound_has_a_worker_of_its_own() {
    let (mut state, worker) = asking();
    assert!(!state.staff.has(worker));
    let workers: Vec<_> = state.workers().collect();
    assert_eq!(workers.len(), 2);
    assert!(workers.contains(&worker));
    // Its models are loaded before the visitor has answered.
    state.update(said(worker, FromWorker::Ready { cards: cards() }));
    assert_eq!(state.live.listener(), None);
    live(&mut state, LiveEvent::Opened(1));
    assert_eq!(state.live.listener(), Some(worker));
    // Those of the songs are another matter.
    assert_eq!(state.judge, crate::page::state::Judge::Loading);
}

#[test]
fn what_comes_before_the_worker_is_ready_does_not_count() {
    let (mut state, worker) = asking();
    live(&mut state, heard(1.0));
    live(&mut state, LiveEvent::Opened(1));
    live(&mut state, heard(2.0));
    state.update(said(worker, FromWorker::Ready { cards: cards() }));
    live(&mut state, heard(4.0));
    assert_eq!((state.live.heard_s, state.live.sent_s), (6.0, 4.0));
}

#[test]
fn a_mood_is_said_when_it_changes_only() {
    let (mut state, worker) = listening();
    let mut said = Vec::new();
    for mood in [Mood::Sad, Mood::Sad, Mood::Calm] {
        state.announcement = None;
        live(&mut state, heard(2.0));
        state.update(judged(worker, Ok(music(mood))));
        said.push(state.announcement.is_some());
        assert_eq!(state.live.judgement, Some(music(mood)));
    }
    assert_eq!(said, [true, false, true]);
    let times: Vec<_> = state.live.path.iter().map(|moment| moment.t_s).collect();
    assert_eq!(times, [2.0, 4.0, 6.0]);
}

#[test]
fn the_path_goes_some_minutes_back() {
    let (mut state, worker) = listening();
    for _ in 0..1_000 {
        live(&mut state, heard(2.0));
        state.update(judged(worker, Ok(music(Mood::Happy))));
    }
    let path = &state.live.path;
    let length = path.last().unwrap().t_s - path[0].t_s;
    assert!((length - PATH_SECONDS).abs() < 1e-6, "{length}");
}

#[test]
fn too_little_sound_is_silence() {
    let (mut state, worker) = listening();
    let short = AnalysisError::TooShort {
        seconds: 1.0,
        minimum: 3.0,
    };
    let silent = AnalysisError::Silent {
        level_dbfs: -120.0,
        minimum_dbfs: -90.0,
    };
    for error in [short, silent] {
        state.live.judgement = None;
        state.update(judged(worker, Err(error)));
        assert_eq!(state.live.judgement, Some(SILENCE));
        assert_eq!(state.live.phase, LivePhase::Listening);
    }
}

#[test]
fn stopping_forgets_all_and_ends_the_worker() {
    let (mut state, worker) = listening();
    live(&mut state, heard(12.0));
    state.update(judged(worker, Ok(music(Mood::Sad))));
    let effects = live(&mut state, LiveEvent::StopPressed);
    assert_eq!(effects, [Effect::StopListening, Effect::ChangeStaff]);
    let left = Live {
        phase: LivePhase::Choosing(None),
        source: Some(MICROPHONE),
        attempt: 1,
        ..Live::default()
    };
    assert_eq!(state.live, left);
    assert!(!state.workers().any(|id| id == worker));
    // What is still under way changes nothing.
    live(&mut state, heard(1.0));
    live(
        &mut state,
        LiveEvent::Failed(1, LiveFault::Lost(MICROPHONE)),
    );
    state.update(judged(worker, Ok(music(Mood::Sad))));
    assert_eq!(state.live, left);
}

#[test]
fn closing_the_panel_stops_too() {
    let (mut state, _) = listening();
    let effects = live(&mut state, LiveEvent::Toggled);
    assert_eq!(effects, [Effect::StopListening, Effect::ChangeStaff]);
    assert_eq!(state.live.phase, LivePhase::Closed);
    assert_eq!(live(&mut state, LiveEvent::Toggled), []);
    assert_eq!(state.live.phase, LivePhase::Choosing(None));
}

#[test]
fn whoever_refuses_may_choose_again() {
    let (mut state, _) = asking();
    let denied = LiveFault::Denied(MICROPHONE);
    let effects = live(&mut state, LiveEvent::Failed(1, denied.clone()));
    assert_eq!(effects, [Effect::StopListening, Effect::ChangeStaff]);
    assert_eq!(state.live.phase, LivePhase::Choosing(Some(denied.clone())));
    assert_eq!(state.announcement, Some(Announcement::LiveFailed(denied)));
    let effects = live(&mut state, LiveEvent::Chosen(LiveSource::Tab));
    assert_eq!(effects[0], Effect::Listen(LiveSource::Tab, 2));
    // The first prompt is answered late.
    live(&mut state, LiveEvent::Opened(1));
    assert_eq!(state.live.phase, LivePhase::Asking);
    assert!(state.live.awaits(2) && !state.live.awaits(1));
}

#[test]
fn a_lost_worker_ends_live_sound_and_no_song() {
    let (mut state, _) = with_songs(1);
    live(&mut state, LiveEvent::Toggled);
    live(&mut state, LiveEvent::Chosen(MICROPHONE));
    live(&mut state, LiveEvent::Opened(1));
    let worker = state.live.worker.unwrap();
    let before = state.staff.clone();
    state.update(Event::Lost(worker, "trapped".to_owned()));
    let LivePhase::Choosing(Some(LiveFault::Unjudged(error))) = &state.live.phase else {
        panic!("{:?}", state.live.phase);
    };
    assert_eq!(error.kind(), "internal");
    assert_eq!(state.staff, before);
    assert!(matches!(
        state.songs[0].phase,
        Phase::Queued | Phase::Decoding
    ));
}

#[test]
fn judges_that_can_not_be_had_end_live_sound() {
    let (mut state, _) = asking();
    let effects = state.update(Event::Broken(AnalysisError::Empty));
    assert!(effects.contains(&Effect::StopListening), "{effects:?}");
    let fault = LiveFault::Unjudged(AnalysisError::Empty);
    assert_eq!(state.live.phase, LivePhase::Choosing(Some(fault)));
}

#[test]
fn a_newer_version_waits_for_who_listens() {
    let (mut state, _) = listening();
    let effects = state.update(Event::UpdatePressed);
    assert!(!effects.contains(&Effect::Renew), "{effects:?}");
    let effects = live(&mut state, LiveEvent::StopPressed);
    assert!(effects.contains(&Effect::Renew), "{effects:?}");
}

#[test]
fn the_meter_goes_by_the_root_mean_square() {
    use crate::page::state::live::level;
    let of = |amplitude: f32| level(&[vec![amplitude; 100], vec![-amplitude; 100]]);
    assert!((of(1.0) - 1.0).abs() < 1e-6);
    assert!((of(0.1) - 2.0 / 3.0).abs() < 1e-4);
    assert!(
        [of(0.0), of(1e-4), level(&[])]
            .iter()
            .all(|level| *level < 1e-6)
    );
}

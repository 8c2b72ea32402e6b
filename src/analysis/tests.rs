//! One voice: what the report, its plane and its timeline say, with stand-ins for the judges.

use std::cell::Cell;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use ndarray::ArrayView2;

use super::*;
use crate::audio::{Loudness, Pcm, Ring, Silence};
use crate::card::{NetworkCard, Unfamiliar};
use crate::error::ModelError;
use crate::explain::Factor;
use crate::features::Descriptors;
use crate::judges::FeatureJudge;
use crate::kind::Kind;
use crate::network::made_up::MadeUp;
use crate::network::{MoodNetwork, OUTPUTS, STEP};
use crate::regressor::{Estimate, FeatureEstimator, Target};

/// Hears loud seconds as happy and quiet ones as sad, and calls what it is told by a tone at
/// 5 kHz speech.
fn ear() -> impl MoodNetwork {
    let answer = |mel_db: ArrayView2<f32>, second: usize| {
        let heard = mel_db.column(second * 100 + 50);
        let [low, high] = [heard[20], heard[52]];
        let mut row = [0.0; OUTPUTS];
        row[Mood::Happy.index()] = low / 10.0;
        row[Mood::Sad.index()] = -low / 20.0;
        let kind = usize::from(high > low);
        row[Mood::COUNT + 2 + kind] = 4.0;
        row
    };
    let mut network = MadeUp::of(answer);
    network.card.temperature = 1.7;
    network.card.most_windows = Some(2);
    network.card.verdict = VerdictRule {
        network_weight: 0.4,
        temperature: 0.8,
        unsure_below: 0.5,
        music_at_least: 0.3,
        unfamiliar: Some(Unfamiliar {
            distance: 2.0,
            network_weight: 0.9,
            temperature: 1.1,
        }),
    };
    network
}

/// Always of the same mind.
struct Fixed;

impl FeatureJudge for Fixed {
    fn judge(&self, _: &Descriptors) -> Result<MoodProbabilities, ModelError> {
        Ok(MoodProbabilities::from_weights([0.1, 0.7, 0.15, 0.05]))
    }

    fn distance(&self, _: &Descriptors) -> Result<f32, ModelError> {
        Ok(1.5)
    }

    fn n_background(&self) -> usize {
        1
    }

    fn compare(
        &self,
        _: &Descriptors,
        _: usize,
    ) -> Result<Vec<(Factor, [f64; Mood::COUNT])>, ModelError> {
        Ok(vec![(Factor::Tempo, [0.1, -0.1, 0.0, 0.0])])
    }

    fn id(&self) -> &'static str {
        "fixed"
    }
}

impl FeatureEstimator for Fixed {
    fn estimate(&self, _: &Descriptors) -> Result<Vec<Estimate>, ModelError> {
        Ok(Vec::new())
    }

    fn targets(&self) -> &[Target] {
        &[]
    }

    fn id(&self) -> &'static str {
        "fixed"
    }
}

fn judges() -> Judges {
    Judges {
        network: Box::new(ear()),
        ensemble: Box::new(Fixed),
        regressor: Box::new(Fixed),
    }
}

/// A tone a second of that frequency and level in dB.
fn signal(seconds: &[(f32, f32)]) -> Signal {
    let samples: Vec<f32> = seconds
        .iter()
        .flat_map(|(hz, level)| {
            let gain = 10_f32.powf(level / 20.0);
            let turn = std::f32::consts::TAU * hz / STEP as f32;
            (0..STEP).map(move |n| gain * (turn * n as f32).sin())
        })
        .collect();
    let duration_s = seconds.len() as f64;
    let silent = seconds
        .iter()
        .enumerate()
        .filter(|(_, (_, level))| *level < -60.0);
    let silent = silent.map(|(second, _)| second * STEP..(second + 1) * STEP);
    Signal {
        samples,
        start_s: 0.25,
        loudness: Loudness {
            integrated_lufs: Some(-14.0),
            range_lu: 0.0,
            peak_dbfs: -1.0,
            true_peak_dbtp: -1.0,
        },
        duration_s,
        listed_s: Some(duration_s + 0.5),
        sounding_s: duration_s,
        silence: Silence::at(silent.collect()),
        range_lu: 0.0,
        clipped: 0,
    }
}

/// What is said of such tones.
fn report(seconds: &[(f32, f32)]) -> Report {
    let mut last = 0.0;
    let report = analyse(signal(seconds), &judges(), |progress| {
        assert!(progress.fraction >= last, "{progress:?} after {last}");
        last = progress.fraction;
        true
    });
    assert!((last - 1.0).abs() < 1e-6, "{last}");
    report.unwrap()
}

/// 40 s with a silent gap: loud, then quiet.
fn with_a_gap() -> [(f32, f32); 40] {
    let mut seconds = [(880.0, -14.0); 40];
    seconds[5..8].fill((880.0, -90.0));
    seconds[30..].fill((880.0, -24.0));
    seconds
}

/// What is said of that; two windows of it are heard.
fn song() -> Report {
    report(&with_a_gap())
}

#[test]
fn whoever_runs_the_network_the_report_is_the_same() {
    let judges = judges();
    for seconds in [&with_a_gap()[..], &[(5_000.0, -14.0); 12]] {
        let alone = report(seconds);
        // So many others, each of whom has one run at a time; the last is done first.
        for others in 1..=3 {
            let mut analysis = Analysis::new(signal(seconds), &judges);
            let mut last = 0.0;
            while !analysis.is_done() {
                let asked: Vec<_> = (0..others).map(|_| analysis.question().unwrap()).collect();
                if !analysis.waits() {
                    analysis.step().unwrap();
                }
                for question in asked.into_iter().flatten().rev() {
                    let answer = judges.network.run(question.mel_db.view()).unwrap();
                    let progress = analysis.answer(question.number, &answer).unwrap();
                    assert!(progress.fraction >= last, "{progress:?} after {last}");
                    last = progress.fraction;
                }
            }
            assert_eq!(analysis.finish().unwrap(), alone, "{others}");
        }
    }
}

#[test]
fn on_however_many_threads_the_report_is_the_same() {
    let judges = judges();
    for seconds in [&with_a_gap()[..], &[(5_000.0, -14.0); 12]] {
        let alone = report(seconds);
        for threads in 0..=3 {
            let shared = analyse_shared(signal(seconds), &judges, || threads);
            assert_eq!(shared.unwrap(), alone, "{threads}");
        }
        // They come and go.
        let asked = Cell::new(0);
        let spare = || asked.replace(asked.get() + 1) % 3;
        assert_eq!(
            analyse_shared(signal(seconds), &judges, spare).unwrap(),
            alone
        );
    }
}

/// Counts the threads that ask it, and can't answer the last of so many questions.
struct Counting<N>(Mutex<(HashSet<ThreadId>, usize)>, N);

impl<N: MoodNetwork> MoodNetwork for Arc<Counting<N>> {
    fn run(&self, mel_db: ArrayView2<f32>) -> Result<Array2<f32>, ModelError> {
        let mut seen = self.0.lock().unwrap();
        seen.0.insert(thread::current().id());
        seen.1 = seen.1.checked_sub(1).ok_or(ModelError::Run {
            name: "counting".to_owned(),
            detail: "too many questions".to_owned(),
        })?;
        drop(seen);
        self.1.run(mel_db)
    }

    fn card(&self) -> &NetworkCard {
        self.1.card()
    }
}

#[test]
fn spare_threads_run_the_network_and_tell_what_went_wrong() {
    let shared = |threads, questions| {
        let network = MadeUp::of(|_: ArrayView2<f32>, _: usize| [0.0; OUTPUTS]);
        let network = Arc::new(Counting(Mutex::new((HashSet::new(), questions)), network));
        let judges = Judges {
            network: Box::new(Arc::clone(&network)),
            ..judges()
        };
        let report = analyse_shared(signal(&[(440.0, -14.0); 95]), &judges, || threads);
        let threads = network.0.lock().unwrap().0.len();
        (report.map(drop), threads)
    };
    let many = 1_000;
    assert_eq!(shared(0, many), (Ok(()), 1));
    let (report, threads) = shared(2, many);
    assert!(report == Ok(()) && threads > 2, "{report:?}, {threads}");
    for threads in 0..=2 {
        let error = shared(threads, 4).0.unwrap_err();
        assert!(error.to_string().contains("too many questions"), "{error}");
    }
}

#[test]
fn the_judgement_before_the_reasons_is_the_reports() {
    let judges = judges();
    for seconds in [&with_a_gap()[..], &[(5_000.0, -14.0); 12]] {
        let report = report(seconds);
        let mut analysis = Analysis::new(signal(seconds), &judges);
        assert_eq!(analysis.judgement(), None);
        while analysis.judgement().is_none() {
            analysis.step().unwrap();
        }
        assert_eq!(analysis.judgement(), Some(Judgement::of(&report)));
        assert_eq!(analysis.timeline(), report.timeline);
        let is_music = report.kind == Kind::Music;
        assert_eq!(analysis.is_done(), !is_music, "only music has reasons");
    }
}

/// Judges, but can't say why.
struct Speechless;

impl FeatureJudge for Speechless {
    fn judge(&self, descriptors: &Descriptors) -> Result<MoodProbabilities, ModelError> {
        Fixed.judge(descriptors)
    }

    fn distance(&self, descriptors: &Descriptors) -> Result<f32, ModelError> {
        Fixed.distance(descriptors)
    }

    fn n_background(&self) -> usize {
        1
    }

    fn compare(
        &self,
        _: &Descriptors,
        _: usize,
    ) -> Result<Vec<(Factor, [f64; Mood::COUNT])>, ModelError> {
        Err(ModelError::Run {
            name: "speechless".into(),
            detail: "no reasons".into(),
        })
    }

    fn id(&self) -> &'static str {
        "speechless"
    }
}

#[test]
fn a_judgement_does_not_wait_for_what_only_the_reasons_need() {
    let judges = Judges {
        ensemble: Box::new(Speechless),
        ..judges()
    };
    let mut analysis = Analysis::new(signal(&with_a_gap()), &judges);
    while analysis.judgement().is_none() {
        analysis.step().unwrap();
    }
    analysis.step().unwrap_err();
}

/// A whole song, and the last 30 s of it as they are heard live and as a file.
#[test]
fn what_is_heard_live_is_judged_as_the_same_of_a_file() {
    const RATE: u32 = 44_100;
    const LAST_S: u32 = 30;
    let sound: Vec<f32> = (0..37 * RATE)
        .map(|n| {
            let second = n as f32 / RATE as f32;
            let loudness = if second < 20.0 { 0.3 } else { 0.1 };
            loudness * (std::f32::consts::TAU * 880.0 * second).sin()
        })
        .collect();
    let mut ring = Ring::new(RATE, 2, LAST_S).unwrap();
    for block in sound.chunks(6_144) {
        ring.push(&[block, block]).unwrap();
    }
    let last = sound[7 * RATE as usize..].to_vec();
    let file = Pcm::new(vec![last.clone(), last], RATE).unwrap();
    let judged = |signal| analyse(signal, &judges(), |_| true).unwrap();
    let live = judged(ring.signal().unwrap());
    assert_eq!(live, judged(Signal::from_pcm(&file).unwrap()));
    assert_eq!(live.kind, Kind::Music);
}

#[test]
fn an_analysis_waits_for_what_others_were_asked() {
    let judges = judges();
    let mut analysis = Analysis::new(signal(&with_a_gap()), &judges);
    let mut asked = Vec::new();
    while let Some(question) = analysis.question().unwrap() {
        asked.push(question);
    }
    assert_eq!(asked.len(), 2);
    while !analysis.waits() {
        analysis.step().unwrap();
    }
    // Nothing to do is no mistake.
    let progress = analysis.step().unwrap();
    assert_eq!((progress.stage, progress.done), (Stage::Network, 0));
    assert!(!analysis.is_done());
    for question in asked {
        let answer = judges.network.run(question.mel_db.view()).unwrap();
        analysis.answer(question.number, &answer).unwrap();
    }
    assert!(analysis.questions() > 0 && !analysis.waits());
}

#[test]
fn the_timeline_has_the_songs_verdict_as_its_mean() {
    let report = song();
    assert_eq!(report.timeline.len(), 40);
    assert_eq!(report.listed_s, None, "half a second is padding");
    let sounding = report
        .timeline
        .iter()
        .filter(|moment| moment.kind != Kind::Silence);
    let logs = sounding.map(|moment| moment.moods.to_array().map(f32::ln));
    let mean = MoodProbabilities::from_logits(mean(logs).unwrap());
    assert!(
        mean.distance(report.moods) < 1e-4,
        "{mean:?} {:?}",
        report.moods
    );
    // It is the joint verdict, of which the network's is only a part.
    assert!(mean.distance(report.judges.network.moods) > 0.05);
}

#[test]
fn arousal_and_valence_are_those_of_the_moods() {
    let report = song();
    assert_eq!(report.affect, report.moods.affect());
    assert!(
        report
            .timeline
            .iter()
            .all(|moment| moment.affect == moment.moods.affect())
    );
}

#[test]
fn the_rule_joins_both_judges_at_the_songs_distance() {
    let report = song();
    let (network, ensemble) = (report.judges.network.moods, report.judges.ensemble.moods);
    assert_eq!(
        report.moods,
        ear().card().verdict.join(network, ensemble, 1.5)
    );
    let novelty = ear()
        .card()
        .verdict
        .unfamiliar
        .map_or(0.0, |far| far.novelty(1.5));
    assert!((report.novelty.unwrap() - novelty).abs() < 1e-6);
}

#[test]
fn silent_moments_have_no_mood_and_move_nothing() {
    let with_gap = song();
    let silent = &with_gap.timeline[5..8];
    for moment in silent {
        assert_eq!(
            (moment.kind, moment.moods),
            (Kind::Silence, MoodProbabilities::UNIFORM)
        );
    }
    assert_eq!(with_gap.evidence.moments[6].to_bits(), 0.0_f32.to_bits());
    let mut seconds = [(880.0, -14.0); 40];
    seconds[30..].fill((880.0, -24.0));
    let without = report(&seconds);
    // Seven loud seconds of ten were heard in the first window, or all ten of them.
    assert!(with_gap.moods.distance(without.moods) < 0.08);
    assert_eq!(with_gap.kind, Kind::Music);
}

#[test]
fn what_is_no_music_has_no_reasons_but_that() {
    let speech = report(&[(5_000.0, -14.0); 12]);
    assert_eq!((speech.kind, speech.unsure), (Kind::Speech, true));
    assert_eq!(speech.sure_mood(), None);
    assert!(speech.contributions.is_empty() && speech.evidence.moments.is_empty());
    assert_eq!(speech.reasons.len(), 1);
    assert!(
        speech
            .timeline
            .iter()
            .all(|moment| moment.kind == Kind::Speech)
    );
}

#[test]
fn a_song_with_a_spoken_intro_is_a_song() {
    let mut seconds = [(880.0, -14.0); 20];
    seconds[..6].fill((5_000.0, -14.0));
    let report = report(&seconds);
    assert_eq!(report.kind, Kind::Music);
    assert_eq!(report.timeline[2].kind, Kind::Speech);
    assert_eq!(report.timeline[9].kind, Kind::Music);
    assert!(!report.contributions.is_empty());
}

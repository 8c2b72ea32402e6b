//! The bundled judges on real music: both in
//! WebAssembly against the native ones, and what a volume knob or an encoder's delay
//! may change.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde::{Deserialize, Serialize};
use undertone::analysis::analyse;
use undertone::explain::BANDS;
use undertone::features::TrackFeatures;
use undertone::network::STEP_SECONDS;
use undertone::report::ModelIds;
use undertone::{
    Analysis, AnalysisError, Judges, Kind, ModelError, MoodProbabilities, Pcm, Report, Signal,
    Stage,
};

use crate::bundled::{ENSEMBLE, FILES, NETWORK, NETWORK_CARD};
use crate::references::samples;

/// 12 s of a song at 16 kHz.
pub const SONG: &[u8] = include_bytes!("../data/song_signal.npy");
/// Written by the native run with `UNDERTONE_UPDATE=1`.
const GOLDEN: &str = include_str!("../data/song_golden.json");

/// Most that a probability may move where nothing a listener hears has changed.
const BOUND: f32 = 0.02;

pub fn judges() -> Judges {
    Judges::from_files(FILES).unwrap()
}

#[test]
fn the_program_knows_which_judges_came_with_it() {
    assert_eq!(judges().ids(), ModelIds::bundled());
}

fn report(samples: Vec<f32>, judges: &Judges) -> Report {
    let signal = Signal::from_pcm(&Pcm::new(vec![samples], 16_000).unwrap()).unwrap();
    analyse(signal, judges, |_| true).unwrap()
}

/// Blend and every judge.
fn probabilities(report: &Report) -> impl Iterator<Item = MoodProbabilities> {
    let judges = &report.judges;
    [report.moods, judges.network.moods, judges.ensemble.moods].into_iter()
}

/// Greatest difference of any probability of any judge.
fn moved(a: &Report, b: &Report) -> f32 {
    let pairs = probabilities(a).zip(probabilities(b));
    pairs
        .flat_map(|(a, b)| a.to_array().into_iter().zip(b.to_array()))
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

#[test]
fn verdict_plane_and_timeline_say_the_same() {
    let report = report(samples(SONG), &judges());
    assert_eq!(report.affect, report.moods.affect());
    let mut mean = [0.0; 4];
    for moment in &report.timeline {
        assert_eq!(moment.affect, moment.moods.affect());
        for (sum, share) in mean.iter_mut().zip(moment.moods.to_array()) {
            *sum += share.ln() / report.timeline.len() as f32;
        }
    }
    let joint = MoodProbabilities::from_logits(mean).to_array();
    for (mean, said) in joint.into_iter().zip(report.moods.to_array()) {
        assert!((mean - said).abs() < 1e-4, "{joint:?}, {:?}", report.moods);
    }
}

#[derive(Serialize, Deserialize)]
struct Golden {
    models: undertone::report::ModelIds,
    judges: undertone::report::JudgeVerdicts,
    features: TrackFeatures,
}

/// Native and WebAssembly are both held to the same numbers. The song's features
/// differ in the last bits, as sines and logarithms do.
#[test]
fn both_judges_answer_as_they_did_natively() {
    let report = report(samples(SONG), &judges());
    let now = Golden {
        models: report.models.clone(),
        judges: report.judges.clone(),
        features: report.features,
    };
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UNDERTONE_UPDATE").is_some() {
        let json = serde_json::to_string_pretty(&now).unwrap() + "\n";
        std::fs::write("tests/data/song_golden.json", json).unwrap();
        return;
    }
    let golden: Golden = serde_json::from_str(GOLDEN).unwrap();
    assert_eq!(
        now.models, golden.models,
        "run again with UNDERTONE_UPDATE=1"
    );
    let pairs = [
        (now.judges.network.moods, golden.judges.network.moods, 1e-4),
        (
            now.judges.ensemble.moods,
            golden.judges.ensemble.moods,
            1e-4,
        ),
    ];
    for (ours, native, bound) in pairs {
        let distance = ours.distance(native);
        assert!(distance <= bound, "{distance}");
    }
    let features = now.features.to_array().into_iter();
    for (ours, native) in features.zip(golden.features.to_array()) {
        let change = ours.unwrap_or(-1.0) - native.unwrap_or(-1.0);
        assert!(change.abs() <= 1e-4, "{ours:?} {native:?}");
    }
}

#[test]
fn a_volume_knob_moves_nothing() {
    let judges = judges();
    let song = samples(SONG);
    let reference = report(song.clone(), &judges);
    for gain in [0.05, 0.5, 4.0] {
        let scaled = song.iter().map(|s| gain * s).collect();
        let change = moved(&reference, &report(scaled, &judges));
        assert!(change <= BOUND, "gain {gain}: {change}");
    }
}

#[test]
fn an_encoders_delay_moves_nothing() {
    let judges = judges();
    let song = samples(SONG);
    let reference = report(song.clone(), &judges);
    for milliseconds in [7, 25, 50] {
        let mut delayed = vec![0.0; 16 * milliseconds];
        delayed.extend(&song);
        let change = moved(&reference, &report(delayed, &judges));
        assert!(change <= BOUND, "{milliseconds} ms: {change}");
    }
}

#[test]
fn a_later_start_moves_nothing() {
    let judges = judges();
    let song = samples(SONG);
    let reference = report(song.clone(), &judges);
    for milliseconds in [7, 25, 50] {
        let change = moved(
            &reference,
            &report(song[16 * milliseconds..].to_vec(), &judges),
        );
        assert!(change <= BOUND, "{milliseconds} ms: {change}");
    }
}

#[test]
fn the_timeline_covers_the_song() {
    let report = report(samples(SONG), &judges());
    // 12 s, less at most a step at either end.
    assert!((10..=11).contains(&report.timeline.len()));
    assert!(report.timeline.windows(2).all(|w| w[0].t_s < w[1].t_s));
    let sum: f32 = report.moods.to_array().iter().sum();
    assert!((sum - 1.0).abs() < 1e-5);
}

#[test]
fn the_report_speaks_with_one_voice() {
    let judges = judges();
    let report = report(samples(SONG), &judges);
    assert_eq!(report.kind, Kind::Music);
    assert_eq!(report.affect, report.moods.affect());
    let count = report.timeline.len() as f32;
    let mean: [f32; 4] = std::array::from_fn(|mood| {
        let logs = report
            .timeline
            .iter()
            .map(|moment| moment.moods.to_array()[mood].ln());
        logs.sum::<f32>() / count
    });
    let mean = MoodProbabilities::from_logits(mean);
    assert!(
        mean.distance(report.moods) < 1e-4,
        "{mean:?} {:?}",
        report.moods
    );
}

#[test]
fn the_factors_add_up_to_what_the_ensemble_says() {
    let judges = judges();
    let report = report(samples(SONG), &judges);
    let values = || report.contributions.iter().map(|c| c.shapley);
    assert!(report.contributions.len() >= 6);
    assert!(
        values()
            .zip(values().skip(1))
            .all(|(a, b)| a.abs() >= b.abs())
    );
    assert!(report.contributions.iter().all(|c| !c.heard.is_empty()));
    // The average song's probability is what is left.
    let own = f64::from(report.judges.ensemble.moods.get(report.mood));
    let average = own - values().sum::<f64>();
    assert!((0.1..0.5).contains(&average), "{average}");
    assert!(!report.reasons.is_empty());
    assert!(report.reasons.iter().all(|reason| reason.ends_with('.')));
}

#[test]
fn the_evidence_is_that_of_the_timeline() {
    let judges = judges();
    let report = report(samples(SONG), &judges);
    let evidence = &report.evidence;
    assert_eq!(evidence.moments.len(), report.timeline.len());
    // The margin of the mean logits, from the probabilities' logarithms.
    let count = evidence.moments.len() as f32;
    let mean = evidence.moments.iter().sum::<f32>() / count;
    let logs = report.judges.network.moods.to_array().map(f32::ln);
    let own = logs[report.mood.index()];
    let margin = own - (logs.iter().sum::<f32>() - own) / 3.0;
    let decided = margin * judges.network.card().temperature;
    assert!((mean - decided).abs() < 1e-4, "{mean} {decided}");
    let [start, end] = evidence.strongest_s;
    assert!(start >= report.timeline[0].t_s && end <= report.duration_s + 1e-9);
    assert!((end - start - 7.0 * STEP_SECONDS).abs() < 1e-9);
    assert_eq!(evidence.bands.len(), BANDS);
    assert!(evidence.bands.iter().any(|band| band.drop != 0.0));
}

#[test]
fn every_step_moves_the_progress_on() {
    let judges = judges();
    let pcm = Pcm::new(vec![samples(SONG)], 16_000).unwrap();
    let mut analysis = Analysis::new(Signal::from_pcm(&pcm).unwrap(), &judges);
    let mut last = 0.0;
    let mut stages = Vec::new();
    while !analysis.is_done() {
        let progress = analysis.step().unwrap();
        assert!(progress.fraction > last && progress.done <= progress.total);
        last = progress.fraction;
        if stages.last() != Some(&progress.stage) {
            stages.push(progress.stage);
        }
    }
    assert!((last - 1.0).abs() < 1e-6);
    let expected = [
        Stage::Spectrum,
        Stage::Features,
        Stage::Network,
        Stage::Reasons,
    ];
    assert_eq!(stages, expected);
    let stopped = |allowed: usize| {
        let mut left = allowed;
        let signal = Signal::from_pcm(&pcm).unwrap();
        analyse(signal, &judges, |progress| {
            left -= usize::from(progress.stage == Stage::Reasons);
            left > 0
        })
    };
    assert!(matches!(stopped(3), Err(AnalysisError::Cancelled)));
}

#[test]
fn damaged_and_foreign_model_files_are_named() {
    let name = |network_card: &[u8], network: &[u8], ensemble: &[u8]| {
        let mut files = FILES;
        [files[0], files[1], files[3]] = [network_card, network, ensemble];
        let result = Judges::from_files(files);
        let error = result.map(|_| ()).unwrap_err();
        (error.to_string(), error)
    };
    let half = &NETWORK[..NETWORK.len() / 2];
    let mut flipped = NETWORK.to_vec();
    flipped[NETWORK.len() / 2] ^= 1;
    let (text, error) = name(NETWORK_CARD, half, ENSEMBLE);
    assert!(matches!(error, ModelError::Size { .. }) && text.contains("mood.onnx"));
    let (text, error) = name(NETWORK_CARD, &flipped, ENSEMBLE);
    assert!(matches!(error, ModelError::Hash { .. }) && text.contains("mood.onnx"));
    let (text, error) = name(NETWORK_CARD, NETWORK, &ENSEMBLE[1..]);
    assert!(matches!(error, ModelError::Size { .. }) && text.contains("ensemble.bin"));
    let (text, error) = name(b"{", NETWORK, ENSEMBLE);
    assert!(matches!(error, ModelError::Invalid { .. }) && text.contains("mood.json"));
    let mut daring: serde_json::Value = serde_json::from_slice(NETWORK_CARD).unwrap();
    daring["verdict"]["unsure_below"] = 0.4.into();
    let (text, error) = name(daring.to_string().as_bytes(), NETWORK, ENSEMBLE);
    assert!(matches!(error, ModelError::Invalid { .. }) && text.contains("unsure_below"));
    let foreign = String::from_utf8_lossy(NETWORK_CARD).replace("\"n_mels\": 64", "\"n_mels\": 96");
    let (text, error) = name(foreign.as_bytes(), NETWORK, ENSEMBLE);
    assert!(matches!(error, ModelError::FrontEnd { .. }) && text.contains("n_mels"));
}

//! The third judge, large and small: its front end against torchaudio's, its answer against
//! onnxruntime's, and what it adds to a report.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use ndarray::{Ix1, Ix2};
use undertone::ModelError;
use undertone::Stage;
use undertone::analysis::analyse;
use undertone::card::{TaggerCard, VerdictRule, parse};
use undertone::judges::Tagger;
use undertone::tagger::{BANDS, FRAMES, MelDb, WINDOW};
use undertone::{Judges, Pcm, Signal};

use crate::judges::{SONG, judges};
use crate::references::{floats, samples};

const MODEL: &[u8] = include_bytes!("../../static/models/tagger.onnx");
const CARD: &[u8] = include_bytes!("../../static/models/tagger.json");
const SMALL_MODEL: &[u8] = include_bytes!("../../static/models/tagger-small.onnx");
const SMALL_CARD: &[u8] = include_bytes!("../../static/models/tagger-small.json");

fn large() -> Tagger {
    Tagger::from_files("tagger.json", CARD, MODEL).unwrap()
}

fn small() -> Tagger {
    Tagger::from_files("tagger-small.json", SMALL_CARD, SMALL_MODEL).unwrap()
}

/// The judges as the page has them.
pub fn with_small() -> Judges {
    Judges {
        tagger: Some(small()),
        ..judges()
    }
}

#[test]
fn the_front_end_is_torchaudios() {
    let expected = floats::<Ix2>(include_bytes!("../data/tagger_mel_db.npy"));
    let mel = MelDb::default().of(&samples(SONG)[..WINDOW]).unwrap();
    assert_eq!((mel.len(), expected.nrows()), (BANDS * FRAMES, BANDS));
    for ((band, column), expected) in expected.indexed_iter() {
        let got = mel[band * FRAMES + column * 50];
        // In decibels; the reference is of double precision.
        assert!(
            (got - expected).abs() < 0.01,
            "{band} {column}: {got} {expected}"
        );
    }
}

#[test]
fn it_answers_like_onnxruntime() {
    let both = [
        (large(), &include_bytes!("../data/tagger_logits.npy")[..]),
        (
            small(),
            &include_bytes!("../data/tagger_small_logits.npy")[..],
        ),
    ];
    for (tagger, expected) in both {
        let expected = floats::<Ix1>(expected);
        let logits = tagger.judge.listen(&samples(SONG)[..WINDOW]).unwrap();
        for (got, expected) in logits.iter().zip(&expected) {
            // Twelve layers of attention carry rounding far: onnxruntime's own answers with
            // and without its optimisations lie 0.018 apart.
            assert!((got - expected).abs() < 0.05, "{logits:?} {expected:?}");
        }
    }
}

#[test]
fn where_it_is_asked_its_rule_joins_all_three() {
    let song = Pcm::new(vec![samples(SONG)], 16_000).unwrap();
    let signal = Signal::from_pcm(&song).unwrap();
    let alone = analyse(signal.clone(), &judges(), |_| true).unwrap();
    assert!(alone.judges.tagger.is_none() && alone.models.tagger.is_none());

    let three = with_small();
    let mut last = 0.0;
    let mut asked = 0;
    let report = analyse(signal, &three, |progress| {
        assert!(progress.fraction >= last, "{progress:?} after {last}");
        last = progress.fraction;
        asked += usize::from(progress.stage == Stage::Tagger);
        true
    })
    .unwrap();
    assert_eq!(asked, 2, "12 s are two windows");
    let heard = report.judges.tagger.as_ref().map(|tagger| tagger.moods);
    let (network, ensemble) = (report.judges.network.moods, report.judges.ensemble.moods);
    assert_eq!(network, alone.judges.network.moods);
    let (rule, novelty) = (three.rule(), report.novelty.unwrap());
    let far = rule.unfamiliar.unwrap();
    let between = |near, far| near + novelty * (far - near);
    let there = VerdictRule {
        tagger_weight: between(rule.tagger_weight, far.tagger_weight),
        temperature: between(rule.temperature, far.temperature),
        unfamiliar: None,
        ..rule
    };
    assert!((0.0..1.0).contains(&novelty) && alone.novelty.is_none());
    assert_eq!(report.moods, there.join(network, ensemble, heard, 0.0));
    assert_ne!(report.moods, alone.moods);
    assert_eq!(report.models, three.ids());
}

#[test]
fn the_small_one_hears_parts_of_a_song_and_knows_the_large_one() {
    let (small, large) = (small().judge, large().judge);
    assert!(small.most_windows() < 24, "of a song of 4 minutes");
    assert_eq!(large.most_windows(), usize::MAX);
    let card: TaggerCard = parse("tagger-small.json", SMALL_CARD).unwrap();
    assert_eq!(card.larger.as_deref(), Some(large.id()));
}

#[test]
fn another_file_is_refused_by_name() {
    let error = Tagger::from_files("tagger.json", CARD, &MODEL[1..])
        .map(|_| ())
        .unwrap_err();
    let is_size = matches!(&error, ModelError::Size { name, .. } if name == "tagger.onnx");
    assert!(is_size, "{error}");
}

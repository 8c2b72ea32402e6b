//! Measures of any number of classes against scikit-learn and statsmodels, whose figures
//! `tests/data/make_report_references.py` wrote.

use anyhow::Result;
use serde::Deserialize;

use super::interval::wilson;
use super::metrics::{Answers, ClassScores, Confusion, Scores, argmax, macro_f1};
use super::paired::{Paired, mcnemar};
use super::precision_recall::PrecisionRecall;

/// Both sides sum in double precision, in another order.
const TOLERANCE: f64 = 1e-12;

#[derive(Deserialize)]
struct Reference {
    scores: Vec<Case>,
    wilson: Vec<(usize, usize, f64, f64)>,
    mcnemar: Vec<(usize, usize, f64)>,
}

#[derive(Deserialize)]
struct Case {
    classes: usize,
    truth: Vec<usize>,
    said: Vec<usize>,
    probs: Vec<Vec<f64>>,
    accuracy: f64,
    balanced_accuracy: f64,
    log_loss: f64,
    confusion: Confusion,
    per_class: Vec<[f64; 4]>,
    #[serde(rename = "macro")]
    macro_average: [f64; 4],
    weighted: [f64; 4],
    curves: Vec<Option<Curve>>,
}

#[derive(Deserialize)]
struct Curve {
    precision: Vec<f64>,
    recall: Vec<f64>,
    thresholds: Vec<f64>,
    average: f64,
}

fn reference() -> Result<Reference> {
    let text = include_str!("../../tests/data/report.json");
    Ok(serde_json::from_str(text)?)
}

#[track_caller]
fn close(got: f64, expected: f64) {
    assert!((got - expected).abs() < TOLERANCE, "{got} {expected}");
}

#[track_caller]
fn all_close(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (&got, &expected) in got.iter().zip(expected) {
        close(got, expected);
    }
}

fn line(scores: ClassScores) -> [f64; 4] {
    let support = scores.support as f64;
    [scores.precision, scores.recall, scores.f1, support]
}

#[test]
fn any_number_of_classes_is_measured_as_by_scikit_learn() -> Result<()> {
    for case in reference()?.scores {
        let names = &["a", "b", "c", "d"][..case.classes];
        let groups: Vec<String> = (0..case.truth.len()).map(|i| i.to_string()).collect();
        let answers = Answers {
            truth: case.truth.clone(),
            said: case.said.clone(),
            probabilities: case.probs.iter().map(Vec::as_slice).collect(),
            groups: groups.iter().map(String::as_str).collect(),
        };
        let scores = Scores::of_answers("", names, &answers);
        close(scores.accuracy, case.accuracy);
        close(scores.balanced_accuracy, case.balanced_accuracy);
        close(scores.log_loss, case.log_loss);
        close(scores.macro_f1, case.macro_average[2]);
        close(macro_f1(&case.truth, &case.said), case.macro_average[2]);
        all_close(&line(scores.macro_average), &case.macro_average);
        all_close(&line(scores.weighted_average), &case.weighted);
        for (got, expected) in scores.per_class.iter().zip(&case.per_class) {
            all_close(&line(*got), expected);
        }
        assert_eq!(scores.confusion, case.confusion);
        assert!(scores.to_string().contains("| a "));
    }
    Ok(())
}

#[test]
fn curves_are_those_of_scikit_learn() -> Result<()> {
    for case in reference()?.scores {
        for (class, expected) in case.curves.iter().enumerate() {
            let positive: Vec<bool> = case.truth.iter().map(|&truth| truth == class).collect();
            let shares: Vec<f64> = case.probs.iter().map(|row| row[class]).collect();
            let got = PrecisionRecall::of(&positive, &shares);
            assert_eq!(got.is_some(), expected.is_some());
            if let (Some(got), Some(expected)) = (got, expected) {
                all_close(&got.precision, &expected.precision);
                all_close(&got.recall, &expected.recall);
                all_close(&got.thresholds, &expected.thresholds);
                close(got.average_precision(), expected.average);
            }
        }
    }
    Ok(())
}

#[test]
fn intervals_and_tests_are_those_of_statsmodels() -> Result<()> {
    let reference = reference()?;
    for (right, n, low, high) in reference.wilson {
        all_close(&wilson(right, n), &[low, high]);
    }
    for (b, c, p) in reference.mcnemar {
        let got = mcnemar(b, c);
        // The sum runs over logarithms, which cost a few digits of the largest n.
        assert!((got - p).abs() < 1e-10, "{b} {c}: {got} {p}");
    }
    all_close(&wilson(0, 0), &[0.0, 1.0]);
    Ok(())
}

#[test]
fn a_pair_is_compared_song_by_song() {
    let truth: Vec<usize> = (0..60).map(|i| i % 3).collect();
    let groups: Vec<String> = (0..60).map(|i| (i / 2).to_string()).collect();
    let said = |said: &[usize]| Answers {
        truth: truth.clone(),
        said: said.to_vec(),
        groups: groups.iter().map(String::as_str).collect(),
        ..Answers::default()
    };
    // Wrong in every second song that is even; and right throughout.
    let first: Vec<usize> = (0..60).map(|i| (i + usize::from(i % 4 == 0)) % 3).collect();
    let pair = Paired::of(3, &said(&first), &said(&truth));
    assert_eq!((pair.only_first, pair.only_second), (0, 15));
    assert_eq!((pair.n, pair.groups), (60, 30));
    close(pair.mcnemar_p, 2.0_f64.powi(-14));
    close(pair.macro_f1[1], 1.0);
    // Five of the twenty songs of each class are wrong.
    assert_eq!(pair.recall, [[0.75, 1.0]; 3]);
    close(pair.difference, 1.0 - pair.macro_f1[0]);
    let [low, high] = pair.difference_interval;
    assert!(0.0 < low && low < pair.difference && pair.difference < high);

    let turned = Paired::of(3, &said(&truth), &said(&first));
    close(turned.difference, -pair.difference);
    close(turned.difference_interval[0], -high);
    let same = Paired::of(3, &said(&first), &said(&first));
    all_close(&same.difference_interval, &[0.0, 0.0]);
    close(same.mcnemar_p, 1.0);
}

#[test]
fn the_first_of_equal_classes_is_taken() {
    assert_eq!(argmax(&[0.2, 0.4, 0.4]), 1);
    assert_eq!(argmax(&[0.5, 0.5][..]), 0);
    assert_eq!(
        [[0.1, 0.9], [0.9, 0.1]].iter().map(argmax).sum::<usize>(),
        1
    );
}

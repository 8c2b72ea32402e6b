//! Against scikit-learn's figures, and by property.

use anyhow::Result;
use serde::Deserialize;
use undertone::Mood;
use undertone::card::VerdictRule;

use super::bootstrap::percentile;
use super::calibrate::{Songs, fit_music_threshold, fit_temperature, fit_verdict_rule, join};
use super::metrics::{Scores, argmax};
use super::*;
use crate::measured::example::{Example, Split};

/// Answers that name the right mood with this probability.
fn sure(mood: usize, probability: f64) -> [f64; 4] {
    let mut shares = [(1.0 - probability) / 3.0; 4];
    shares[mood] = probability;
    shares
}

fn example(mood: usize, corpus: &str, group: &str) -> Example {
    Example {
        id: String::new(),
        corpus: corpus.to_owned(),
        label_kind: "listeners".to_owned(),
        group: group.to_owned(),
        split: Split::Validation,
        mood: Mood::ALL[mood],
        weight: 1.0,
        descriptors: Vec::new(),
    }
}

/// Songs of which none is unfamiliar.
fn songs<'a>(truth: &'a [usize], corpora: &'a [&'a str]) -> Songs<'a> {
    Songs {
        truth,
        corpora,
        distances: &[f32::INFINITY; 100][..truth.len()],
    }
}

#[test]
fn scores_are_those_of_scikit_learn() -> Result<()> {
    #[derive(Deserialize)]
    struct Reference {
        truth: Vec<usize>,
        probs: Vec<[f64; 4]>,
        macro_f1: f64,
        accuracy: f64,
        balanced_accuracy: f64,
        log_loss: f64,
        calibration_error: f64,
        precision: [f64; 4],
        recall: [f64; 4],
        f1: [f64; 4],
        support: [usize; 4],
        confusion: metrics::Confusion,
    }
    let cases: Vec<Reference> = serde_json::from_str(include_str!("../../tests/data/scores.json"))?;
    for case in cases {
        let groups: Vec<String> = (0..case.truth.len()).map(|i| i.to_string()).collect();
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        let scores = Scores::of("test", &case.truth, &case.probs, &groups);
        let pairs = [
            (scores.macro_f1, case.macro_f1),
            (scores.accuracy, case.accuracy),
            (scores.balanced_accuracy, case.balanced_accuracy),
            (scores.log_loss, case.log_loss),
            (scores.calibration_error, case.calibration_error),
        ];
        for (got, expected) in pairs {
            assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        }
        for (mood, got) in scores.per_class.iter().enumerate() {
            assert!((got.precision - case.precision[mood]).abs() < 1e-12);
            assert!((got.recall - case.recall[mood]).abs() < 1e-12);
            assert!((got.f1 - case.f1[mood]).abs() < 1e-12);
            assert_eq!(got.support, case.support[mood]);
        }
        assert_eq!(scores.confusion, case.confusion);
        let [low, high] = scores.macro_f1_interval;
        assert!(low < scores.macro_f1 && scores.macro_f1 < high);
        assert!(scores.to_string().starts_with("test: macro-F1 0."));
        assert_eq!(scores.to_metric().groups, case.truth.len());
    }
    Ok(())
}

#[test]
fn larger_groups_widen_the_interval() {
    let truth: Vec<usize> = (0..120).map(|i| i % 4).collect();
    let answers: Vec<[f64; 4]> = (0..120).map(|i| sure((i + i / 80) % 4, 0.7)).collect();
    let width = |size: usize| {
        let groups: Vec<String> = (0..120).map(|i| (i / size).to_string()).collect();
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        let scores = Scores::of("test", &truth, &answers, &groups);
        assert_eq!(scores.groups, 120 / size);
        scores.macro_f1_interval[1] - scores.macro_f1_interval[0]
    };
    assert!(width(20) > 1.5 * width(1));
    assert!(width(120).abs() < 1e-12);
}

#[test]
fn percentiles_are_those_of_numpy() {
    let values = [1.0, 2.0, 4.0, 8.0];
    for (percent, expected) in [(0.0, 1.0), (50.0, 3.0), (97.5, 7.7), (100.0, 8.0)] {
        assert!((percentile(&values, percent) - expected).abs() < 1e-12);
    }
}

#[test]
fn nothing_measured_is_not_a_panic() {
    let scores = Scores::of("empty", &[], &[[0.0; 4]; 0], &[]);
    assert_eq!((scores.n, scores.groups), (0, 0));
    assert!(scores.macro_f1.abs() < 1e-12 && scores.log_loss.abs() < 1e-12);
}

#[test]
fn the_temperature_is_found_again() -> Result<()> {
    // Of 100 songs 70 are what the logits say. Softmax([x, 0, 0, 0]) gives 0.7 at
    // x = ln 7, so that logits of 3 ln 7 want a temperature of 3.
    let truth: Vec<usize> = (0..100)
        .map(|i| usize::from(i >= 70) * (1 + i % 3))
        .collect();
    let logits = vec![[3.0 * 7_f32.ln(), 0.0, 0.0, 0.0]; 100];
    let fitted = fit_temperature(&truth, &logits)?;
    assert!((fitted.value - 3.0).abs() < 1e-3, "{}", fitted.value);
    assert!(fitted.log_loss_after < fitted.log_loss_before);
    assert!(fit_temperature(&[], &[]).is_err());
    assert!(fit_temperature(&[0], &[[f32::NAN; 4]]).is_err());
    Ok(())
}

#[test]
fn the_better_judge_gets_the_say() -> Result<()> {
    let truth: Vec<usize> = (0..40).map(|i| i % 4).collect();
    // Right about nine songs of ten: where a judge never errs, any share above a half will do.
    let good: Vec<_> = truth
        .iter()
        .enumerate()
        .map(|(song, &mood)| sure(if song < 36 { mood } else { (mood + 2) % 4 }, 0.8))
        .collect();
    let bad: Vec<_> = truth
        .iter()
        .map(|&mood| sure((mood + 1) % 4, 0.8))
        .collect();
    let songs = songs(&truth, &["one"; 40]);
    let with = |network: &[[f64; 4]], ensemble: &[[f64; 4]]| {
        let fitted = fit_verdict_rule(songs, network, ensemble, 0.5);
        fitted.map(|fitted| fitted.rule.network_weight)
    };
    assert!((with(&good, &bad)? - 1.0).abs() < 1e-6);
    assert!(with(&bad, &good)?.abs() < 1e-6);
    assert!(fit_verdict_rule(songs, &good, &bad[1..], 0.5).is_err());
    let network_alone = VerdictRule {
        network_weight: 1.0,
        temperature: 1.0,
        unsure_below: 0.5,
        music_at_least: 0.5,
        unfamiliar: None,
    };
    let same = join(&good, &bad, songs.distances, network_alone);
    assert!(
        same.iter()
            .zip(&good)
            .all(|(a, b)| (a[0] - b[0]).abs() < 1e-6)
    );
    Ok(())
}

#[test]
fn the_share_does_not_follow_the_largest_corpus() -> Result<()> {
    // The ensemble knows 36 songs of one corpus, the network 4 of another.
    let truth: Vec<usize> = (0..40).map(|i| i % 4).collect();
    let knows = |known: fn(usize) -> bool| -> Vec<[f64; 4]> {
        let songs = truth.iter().enumerate();
        let answer = |(i, &mood)| sure(if known(i) { mood } else { (mood + 1) % 4 }, 0.8);
        songs.map(answer).collect()
    };
    let (ensemble, network) = (knows(|i| i < 36), knows(|i| i >= 36));
    let apart: Vec<&str> = (0..40)
        .map(|i| if i < 36 { "large" } else { "small" })
        .collect();
    let share = |corpora: &[&str]| -> Result<f32> {
        let fitted = fit_verdict_rule(songs(&truth, corpora), &network, &ensemble, 0.5)?;
        Ok(fitted.rule.network_weight)
    };
    let (together, balanced) = (share(&["one"; 40])?, share(&apart)?);
    // A temperature below 1 does the rest: every share below a half follows the ensemble.
    assert!(together < 0.475, "{together}");
    assert!((balanced - 0.5).abs() < 0.025, "{balanced}");
    Ok(())
}

#[test]
fn one_song_of_two_hundred_may_be_called_no_music() {
    let music: Vec<f32> = (0..400_u16).map(|i| f32::from(i) / 400.0).collect();
    assert!((fit_music_threshold(&music) - 2.0 / 400.0).abs() < 1e-6);
    assert!((fit_music_threshold(&[0.9; 10]) - 0.5).abs() < 1e-6);
    assert!((fit_music_threshold(&[]) - 0.5).abs() < 1e-6);
}

#[test]
fn few_songs_of_the_largest_corpus_are_unfamiliar() {
    let corpora: Vec<&str> = (0..30)
        .map(|i| if i < 20 { "large" } else { "small" })
        .collect();
    // Those of the large corpus are 1 to 20 away, all others farther.
    let distances: Vec<f32> = (1..=30_u8).map(f32::from).collect();
    let songs = Songs {
        truth: &[],
        corpora: &corpora,
        distances: &distances,
    };
    assert_eq!(songs.unfamiliar_from(), Some(19.0));
}

#[test]
fn the_threshold_follows_its_rule() -> Result<()> {
    // 100 songs, the surer the oftener right: the 30 least sure are never right.
    let truth = vec![0; 100];
    let answers: Vec<_> = (0..100)
        .map(|i| sure(usize::from(i < 30), 0.5 + f64::from(i) * 0.004))
        .collect();
    let fitted = fit_verdict_rule(songs(&truth, &["one"; 100]), &answers, &answers, 0.5)?;
    assert!((fitted.accuracy - 0.7).abs() < 1e-12);
    // 70 right of 87 are the first 0.1 above 0.7: the 13 least sure fall.
    assert!(
        (fitted.coverage - 0.87).abs() < 1e-12,
        "{}",
        fitted.coverage
    );
    assert!((fitted.sure_accuracy - 70.0 / 87.0).abs() < 1e-12);
    // Between the 13th song and the 14th.
    let tops = join(&answers[12..14], &answers[12..14], &[0.0; 2], fitted.rule);
    let [least, most] = [tops[0], tops[1]].map(|shares| shares[argmax(&shares)] as f32);
    assert!((least..=most).contains(&fitted.rule.unsure_below));

    // Where the gain is out of reach, the best accuracy at 60 % coverage or more.
    let right: Vec<_> = (0..100)
        .map(|i| sure(usize::from(i == 0), 0.6 + f64::from(i) * 0.002))
        .collect();
    let fitted = fit_verdict_rule(songs(&truth, &["one"; 100]), &right, &right, 0.5)?;
    assert!((fitted.sure_accuracy - 1.0).abs() < 1e-12);
    assert!((fitted.coverage - 0.99).abs() < 1e-12);
    Ok(())
}

#[test]
fn systems_stand_side_by_side() -> Result<()> {
    let examples = [
        example(0, "emopia", "song 1"),
        example(1, "music", "kevinmacleod:almostnew"),
        example(2, "music", "Some One"),
        example(3, "emopia", "song 2"),
    ];
    let mut right = Predictions::new("right");
    let mut wrong = Predictions::new("wrong");
    for (i, example) in examples.iter().enumerate() {
        right.rows.push((i, sure(example.mood.index(), 0.9)));
        wrong
            .rows
            .insert(0, (i, sure((example.mood.index() + 1) % 4, 0.9)));
    }
    let table = compare(&examples, &[right.clone(), wrong])?;
    let names: Vec<&str> = table
        .slices
        .iter()
        .map(|slice| slice.name.as_str())
        .collect();
    let expected = [
        "all",
        "emopia",
        "music",
        "music/kevin macleod",
        "music/others",
    ];
    assert_eq!(names, expected);
    let counts: Vec<usize> = table
        .slices
        .iter()
        .map(|slice| slice.systems[0].1.n)
        .collect();
    assert_eq!(counts, [4, 2, 2, 1, 1]);
    for slice in &table.slices {
        assert!((slice.systems[0].1.accuracy - 1.0).abs() < 1e-12);
        assert!(slice.systems[1].1.accuracy.abs() < 1e-12);
    }
    assert_eq!(table.table().to_string().lines().count(), 2 + 2 * 5);

    let mut fewer = Predictions::new("fewer");
    fewer.rows.push((0, sure(0, 0.9)));
    assert!(compare(&examples, &[right, fewer]).is_err());
    assert!(compare(&examples, &[]).is_err());
    Ok(())
}

#[test]
fn the_most_wrong_songs_are_listed_first() {
    let examples: Vec<Example> = (0..3)
        .map(|i| Example {
            id: format!("song {i}"),
            ..example(0, "music", "g")
        })
        .collect();
    let answers = |shares: [f64; 3]| shares.map(|share| sure(0, share));
    let mut both = Predictions::new("both");
    both.rows = answers([0.9, 0.05, 0.2]).into_iter().enumerate().collect();
    let mut ear = Predictions::new("network");
    ear.rows = answers([0.9, 0.4, 0.6]).into_iter().enumerate().collect();
    let text = missed::table(&examples, &both, &[&ear], 2).to_string();
    let rows: Vec<&str> = text.lines().skip(2).collect();
    assert_eq!(rows.len(), 2, "{text}");
    assert!(rows[0].starts_with("| song 1 (music) | sad   | calm 0.32 | sad 0.40 |"));
    assert!(rows[1].starts_with("| song 2 (music) | sad   | calm 0.27 | sad 0.60 |"));
    let sentence = missed::to_sentence(&examples, &both, 2);
    assert_eq!(
        sentence,
        "song 1 (sad, called calm); song 2 (sad, called calm)"
    );
}

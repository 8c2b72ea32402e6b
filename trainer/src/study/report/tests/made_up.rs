//! A made-up study of three tasks and ten systems.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use undertone::card::LabelSpace;

use super::super::about::{About, ClassCount, DataSet};
use super::super::held::SongRef;
use crate::evaluate::metrics::argmax;
use crate::songs::task::Task;
use crate::study::run::{Answer, EpochRun, Facts, Family, Fit, FoldRun, SystemRun};

/// Songs of a made-up study; three make a group.
pub const SONGS: usize = 120;

/// Its folds.
pub const FOLDS: usize = 5;

/// What is said about it; the title tries to be more than text.
pub fn about() -> About {
    let count = |class: &str, hours| ClassCount {
        class: class.to_owned(),
        songs: SONGS / 4,
        groups: 12,
        hours,
    };
    About {
        title: "Mood of songs: <script>alert(1)</script>".to_owned(),
        command: "trainer study --songs table.csv --seed 1".to_owned(),
        seed: 1,
        versions: vec![
            ("undertone".to_owned(), "0.1.0".to_owned()),
            ("burn".to_owned(), "0.22.1".to_owned()),
        ],
        data: vec![DataSet {
            name: "Made-up songs".to_owned(),
            licence: "CC0".to_owned(),
            label_space: LabelSpace::PerceivedQuadrant,
            classes: vec![
                count("sad", Some(0.25)),
                count("calm", Some(0.25)),
                count("happy", Some(0.5)),
                count("energetic", Some(0.25)),
            ],
        }],
        protocol: vec![
            "Five folds, drawn by group, so that songs of one artist are on one side.".to_owned(),
            "Networks stop early on one further fold; nothing is chosen on held-out songs."
                .to_owned(),
        ],
    }
}

/// Its songs; their names try to be more than text, too.
pub fn songs() -> Vec<SongRef> {
    let song = |i: usize| SongRef {
        id: format!("<script>song {i}</script>"),
        group: format!("artist {} & Co | x", i / 3),
    };
    (0..SONGS).map(song).collect()
}

/// A system that is right about as often as `skill` says, the same way every time.
pub fn run(task: Task, system: &str, family: Family, skill: f64, folds: &[usize]) -> SystemRun {
    let mut rng = StdRng::seed_from_u64(system.len() as u64 + task.classes().len() as u64);
    let folds = folds.iter().map(|&fold| FoldRun {
        fit: Fit {
            fold,
            n_train: 72,
            n_validation: if family == Family::Neural { 24 } else { 0 },
            chosen: "C 3, gamma 0.2".to_owned(),
            seconds: 12.5 + fold as f64,
            epochs: Vec::new(),
            best_epoch: None,
        },
        answers: (0..SONGS)
            .filter(|song| song / 3 % FOLDS == fold)
            .map(|song| answer(task, song, skill, &mut rng))
            .collect(),
    });
    SystemRun {
        task,
        system: system.to_owned(),
        facts: Facts {
            family,
            input: "12 features".to_owned(),
            settings: "RBF kernel, C and gamma by cross-validation".to_owned(),
            parameters: (family == Family::Neural).then_some(710_233),
            model_bytes: Some(31_000),
        },
        folds: folds.collect(),
    }
}

fn answer(task: Task, song: usize, skill: f64, rng: &mut StdRng) -> Answer {
    let classes = task.classes().len();
    let truth = song % classes;
    let weights: Vec<f64> = (0..classes)
        .map(|class| rng.random::<f64>() + if class == truth { skill } else { 0.0 })
        .collect();
    let sum: f64 = weights.iter().sum();
    let probabilities: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();
    Answer {
        song,
        truth,
        answer: argmax(&probabilities),
        probabilities,
    }
}

/// With a training curve in every fold.
pub fn with_epochs(mut run: SystemRun) -> SystemRun {
    for fold in &mut run.folds {
        fold.fit.epochs = (1..=24)
            .map(|number| {
                let t = number as f64;
                EpochRun {
                    number,
                    train_loss: 1.4 * (-t / 9.0).exp() + 0.02,
                    train_accuracy: 1.0 - 0.7 * (-t / 8.0).exp(),
                    val_loss: 1.4 * (-t / 7.0).exp() + 0.4 + 0.012 * t,
                    val_accuracy: 0.66 - 0.4 * (-t / 5.0).exp() + 0.01 * (t * 1.7).sin(),
                    val_macro_f1: 0.0,
                    learning_rate: 1e-3,
                    seconds: 31.5,
                }
            })
            .collect();
        fold.fit.best_epoch = Some(12);
    }
    run
}

/// Three tasks; a network that ran two folds only.
pub fn study() -> Vec<SystemRun> {
    let all: Vec<usize> = (0..FOLDS).collect();
    let mut runs = Vec::new();
    for task in Task::ALL {
        let classic = |name: &str, skill| run(task, name, Family::Classic, skill, &all);
        runs.extend([
            run(task, "majority", Family::Baseline, 0.0, &all),
            classic("SVM (first)", 0.3),
            classic("SVM (SMOTE)", 0.35),
            classic("SVM (grid)", 0.6),
            classic("SVM (grid, SMOTE)", 0.5),
            classic("decision tree (first)", 0.2),
            classic("decision tree (grid, SMOTE)", 0.3),
            classic("stack", 0.6),
            classic("stack (SMOTE)", 0.65),
            with_epochs(run(task, "Conv + BiLSTM", Family::Neural, 0.8, &[0, 3])),
        ]);
    }
    runs
}

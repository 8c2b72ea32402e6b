//! The section of one system.

use super::super::document::{Block, Table, figures, words};
use super::super::format::{NONE, or_none, score, seconds};
use super::super::system::{FoldReport, SystemReport};
use super::{heading, plots, text};
use crate::evaluate::metrics::{ClassScores, Scores};

/// All blocks of a system; `id` is unique in the document.
pub fn blocks(system: &SystemReport, id: &str) -> Vec<Block> {
    let mut blocks = vec![heading(4, id, &system.name)];
    if system.scores.n == 0 {
        blocks.push(text("It answered no song."));
        return blocks;
    }
    blocks.push(text(summary(system)));
    blocks.push(Block::Table(report(&system.name, &system.scores)));
    blocks.push(Block::Figures(vec![
        plots::confusion(system, id),
        plots::precision_recall(system, id),
    ]));
    blocks.push(Block::Table(folds(system)));
    let curves = plots::training(system, id);
    if !curves.is_empty() {
        blocks.push(Block::Figures(curves));
    }
    blocks
}

fn summary(system: &SystemReport) -> String {
    let over_folds = system
        .macro_f1_over_folds
        .map_or_else(String::new, |[mean, deviation]| {
            format!(
                " Over its {} folds the macro-F1 is {mean:.3} ± {deviation:.3} (mean and standard \
             deviation).",
                system.folds.len()
            )
        });
    format!(
        "{} held-out songs in {} groups.{over_folds}",
        system.scores.n, system.scores.groups
    )
}

/// scikit-learn's `classification_report`.
fn report(name: &str, scores: &Scores) -> Table {
    let line = |name: &str, line: &ClassScores| {
        let shares = [line.precision, line.recall, line.f1];
        let mut row = vec![name.to_owned()];
        row.extend(shares.map(score));
        row.push(line.support.to_string());
        row
    };
    let classes = scores.classes.iter().zip(&scores.per_class);
    let mut rows: Vec<_> = classes.map(|(name, scores)| line(name, scores)).collect();
    rows.push(vec![
        "accuracy".to_owned(),
        String::new(),
        String::new(),
        score(scores.accuracy),
        scores.n.to_string(),
    ]);
    rows.push(line("macro average", &scores.macro_average));
    rows.push(line("weighted average", &scores.weighted_average));
    Table {
        caption: format!("Classes, {name}"),
        columns: vec![
            words("class"),
            figures("precision"),
            figures("recall"),
            figures("F1"),
            figures("support"),
        ],
        rows,
    }
}

fn folds(system: &SystemReport) -> Table {
    let row = |fold: &FoldReport| {
        let chosen = if fold.chosen.is_empty() {
            NONE
        } else {
            &fold.chosen
        };
        vec![
            fold.fold.to_string(),
            fold.n_train.to_string(),
            fold.n_validation.to_string(),
            fold.n_test.to_string(),
            score(fold.macro_f1),
            score(fold.accuracy),
            or_none(fold.best_epoch, |epoch| epoch.to_string()),
            seconds(fold.seconds),
            chosen.to_owned(),
        ]
    };
    Table {
        caption: format!("Fold by fold, {}", system.name),
        columns: vec![
            words("fold"),
            figures("training"),
            figures("validation"),
            figures("held out"),
            figures("macro-F1"),
            figures("accuracy"),
            figures("best epoch"),
            figures("time"),
            words("chosen"),
        ],
        rows: system.folds.iter().map(row).collect(),
    }
}

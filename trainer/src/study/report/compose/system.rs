//! The section of one system.

use anyhow::Result;

use super::super::document::{Document, Plot};
use super::super::plot::{self, Axis};
use super::super::system::{FoldReport, SystemReport};
use crate::evaluate::format::{finite, or_none, score, seconds};
use crate::evaluate::table::Table;
use crate::study::run::EpochRun;

/// A mean over epochs, or a share of songs: what a training curve shows of an epoch.
type Curve = fn(&EpochRun) -> f64;

/// Adds a system: its classes, what it took for what, its curves and its folds.
pub fn write(document: &mut Document, system: &SystemReport) -> Result<()> {
    let (name, scores) = (&system.name, &system.scores);
    document.heading(4, name);
    if scores.n == 0 {
        document.text("It answered no song.");
        return Ok(());
    }
    document.text(summary(system));
    document.table(&format!("Classes, {name}"), &scores.classification_report());
    document.plots(&[confusion(system)?, precision_recall(system)?]);
    document.folded(&format!("Confusion, {name}"), &scores.confusion_table());
    let rows = system.curves.iter().map(|curve| {
        let average = or_none(curve.average_precision, score);
        vec![curve.class.clone(), average, score(curve.prevalence)]
    });
    document.table(
        &format!("Average precision, {name}"),
        &Table::new("class", "average precision | of guessing", rows),
    );
    document.table(&format!("Fold by fold, {name}"), &folds(system));
    let trained = || {
        system
            .folds
            .iter()
            .filter(|fold| !fold.fit.epochs.is_empty())
    };
    let mut curves = Vec::new();
    for fold in trained() {
        curves.push(curve(
            system,
            fold,
            "Loss",
            [|e| e.train_loss, |e| e.val_loss],
        )?);
        let accuracy: [Curve; 2] = [|e| e.train_accuracy, |e| e.val_accuracy];
        curves.push(curve(system, fold, "Accuracy", accuracy)?);
    }
    if !curves.is_empty() {
        document.plots(&curves);
    }
    for fold in trained() {
        let caption = format!("Epochs, {name}, fold {}", fold.fit.fold);
        document.folded_in_page(&caption, &epochs(fold));
    }
    Ok(())
}

fn summary(system: &SystemReport) -> String {
    let (scores, folds) = (&system.scores, system.folds.len());
    let mut text = format!("{} held-out songs in {} groups.", scores.n, scores.groups);
    if let Some([mean, deviation]) = system.macro_f1_over_folds {
        text.extend([format!(
            " Over its {folds} folds the macro-F1 is {mean:.3} ± {deviation:.3} (mean and standard \
             deviation)."
        )]);
    }
    text
}

fn confusion(system: &SystemReport) -> Result<Plot> {
    plot::matrix(
        &format!("Confusion, {}", system.name),
        "One row for each true class, one column for each answer; each cell holds the number of \
         songs and its share of the row, and is the darker the larger the share.",
        &system.scores.classes,
        &system.scores.confusion,
    )
}

fn precision_recall(system: &SystemReport) -> Result<Plot> {
    let curves = system.curves.iter();
    let lines: Vec<_> = curves
        .map(|curve| (curve.class.as_str(), stairs(&curve.points)))
        .collect();
    plot::lines(
        &format!("Precision and recall, {}", system.name),
        "Precision (upwards) against recall (to the right) of each class against the rest, both \
         from 0 to 1.",
        [Axis::share("recall"), Axis::share("precision")],
        &lines,
        None,
    )
}

/// A step for every point: between two thresholds nothing is to be had.
fn stairs(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut stairs: Vec<[f64; 2]> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        stairs.extend([[pair[0][0], pair[1][1]], pair[1]]);
    }
    stairs
}

fn curve(system: &SystemReport, fold: &FoldReport, what: &str, of: [Curve; 2]) -> Result<Plot> {
    let epochs = &fold.fit.epochs;
    let points = |of: Curve| -> Vec<[f64; 2]> {
        let points = epochs.iter().map(|epoch| [epoch.number as f64, of(epoch)]);
        points.collect()
    };
    let number = |epoch: Option<&EpochRun>| epoch.map_or(1.0, |epoch| epoch.number as f64);
    let across = Axis {
        name: "epoch",
        range: [number(epochs.first()), number(epochs.last())],
        // Between whole numbers there is nothing to name.
        labels: epochs.len().min(6),
        decimals: 0,
    };
    let mut up = Axis::share(what);
    if what != "Accuracy" {
        let losses = epochs.iter().flat_map(|epoch| of.map(|of| of(epoch)));
        let finite = losses.filter(|loss| loss.is_finite());
        // A loss of which no epoch is finite still has a scale.
        up.range[1] = finite.fold(1e-3, f64::max);
        up.decimals = 2;
    }
    let [train, validation] = of.map(points);
    let best = fold.fit.best_epoch.map(|epoch| format!("best: {epoch}"));
    let best = best.unwrap_or_default();
    plot::lines(
        &format!("{what}, {}, fold {}", system.name, fold.fit.fold),
        &format!(
            "{what} on the training songs and on the validation songs after each of {} \
             epochs. {best}",
            epochs.len(),
        ),
        [across, up],
        &[("training", train), ("validation", validation)],
        fold.fit
            .best_epoch
            .map(|epoch| (epoch as f64, best.as_str())),
    )
}

fn epochs(fold: &FoldReport) -> Table {
    let figures = "training loss | validation loss | training accuracy | validation accuracy | \
                   learning rate | time";
    let rows = fold.fit.epochs.iter().map(|epoch| {
        let time = epoch.seconds.is_finite().then_some(epoch.seconds);
        vec![
            epoch.number.to_string(),
            finite(epoch.train_loss),
            finite(epoch.val_loss),
            finite(epoch.train_accuracy),
            finite(epoch.val_accuracy),
            format!("{:.1e}", epoch.learning_rate),
            or_none(time, seconds),
        ]
    });
    Table::new("epoch", figures, rows)
}

fn folds(system: &SystemReport) -> Table {
    let figures = "training | validation | held out | macro-F1 | accuracy | best epoch | time";
    let rows = system.folds.iter().map(|fold| {
        let chosen = (!fold.fit.chosen.is_empty()).then(|| fold.fit.chosen.clone());
        vec![
            fold.fit.fold.to_string(),
            or_none(chosen, |chosen| chosen),
            fold.fit.n_train.to_string(),
            fold.fit.n_validation.to_string(),
            fold.n_test.to_string(),
            score(fold.macro_f1),
            score(fold.accuracy),
            or_none(fold.fit.best_epoch, |epoch| epoch.to_string()),
            seconds(fold.fit.seconds),
        ]
    });
    Table::new("fold | chosen", figures, rows)
}

//! The plots of one system, each with its numbers.

use super::super::document::{Figure, Numbers, Place, Table, figures, words};
use super::super::format::{finite, or_none, score, seconds};
use super::super::svg::heat;
use super::super::svg::lines::{Axis, Chart, Line};
use super::super::system::{FoldReport, SystemReport};
use crate::study::run::EpochRun;

/// A mean over epochs, or a share of songs: what a training curve shows of an epoch.
type Curve = fn(&EpochRun) -> f64;

/// What was taken for what.
pub fn confusion(system: &SystemReport, id: &str) -> Figure {
    let scores = &system.scores;
    let caption = format!("Confusion, {}", system.name);
    let description = "One row for each true class, one column for each answer; each cell holds \
                       the number of songs and its share of the row, and is the darker the larger \
                       the share.";
    let classes = &scores.classes;
    let rows = classes
        .iter()
        .zip(&scores.confusion)
        .map(|(class, counts)| {
            let counts = counts.iter().map(usize::to_string);
            std::iter::once(class.clone()).chain(counts).collect()
        });
    let mut columns = vec![words("true \\ answered")];
    columns.extend(classes.iter().map(figures));
    Figure {
        svg: heat::draw(
            &format!("{id}-confusion"),
            &caption,
            description,
            classes,
            &scores.confusion,
        ),
        numbers: Some(Numbers {
            table: Table {
                caption: caption.clone(),
                columns,
                rows: rows.collect(),
            },
            place: Place::Folded,
        }),
        caption,
    }
}

/// Precision against recall of every class.
pub fn precision_recall(system: &SystemReport, id: &str) -> Figure {
    let caption = format!("Precision and recall, {}", system.name);
    let lines = system.curves.iter().map(|curve| Line {
        name: &curve.class,
        points: stairs(&curve.points),
    });
    let share = |name| Axis {
        name,
        range: [0.0, 1.0],
        whole: false,
    };
    let chart = Chart {
        id: &format!("{id}-precision"),
        title: &caption,
        description: "Precision (upwards) against recall (to the right) of each class against the \
                      rest, both from 0 to 1.",
        x: share("recall"),
        y: share("precision"),
        lines: lines.collect(),
        mark: None,
    };
    let rows = system.curves.iter().map(|curve| {
        vec![
            curve.class.clone(),
            or_none(curve.average_precision, score),
            score(curve.prevalence),
        ]
    });
    Figure {
        svg: chart.draw(),
        numbers: Some(Numbers {
            table: Table {
                caption: format!("Average precision, {}", system.name),
                columns: vec![
                    words("class"),
                    figures("average precision"),
                    figures("of guessing"),
                ],
                rows: rows.collect(),
            },
            place: Place::Open,
        }),
        caption,
    }
}

/// A step for every point: between two thresholds nothing is to be had.
fn stairs(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut stairs: Vec<[f64; 2]> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        stairs.extend([[pair[0][0], pair[1][1]], pair[1]]);
    }
    stairs
}

/// Loss and accuracy over the epochs, fold by fold; none without epochs.
pub fn training(system: &SystemReport, id: &str) -> Vec<Figure> {
    let folds = system.folds.iter().filter(|fold| !fold.epochs.is_empty());
    folds
        .flat_map(|fold| {
            let loss: [Curve; 2] = [|epoch| epoch.train_loss, |epoch| epoch.val_loss];
            let accuracy: [Curve; 2] = [|epoch| epoch.train_accuracy, |epoch| epoch.val_accuracy];
            let mut figures = [
                curve(system, fold, "Loss", loss, id),
                curve(system, fold, "Accuracy", accuracy, id),
            ];
            figures[1].numbers = Some(Numbers {
                table: epochs(system, fold),
                place: Place::WithPlotOnly,
            });
            figures
        })
        .collect()
}

fn curve(
    system: &SystemReport,
    fold: &FoldReport,
    what: &str,
    curves: [Curve; 2],
    id: &str,
) -> Figure {
    let caption = format!("{what}, {}, fold {}", system.name, fold.fold);
    let points = |of: Curve| -> Vec<[f64; 2]> {
        let epochs = fold.epochs.iter();
        epochs
            .map(|epoch| [epoch.number as f64, of(epoch)])
            .collect()
    };
    let [train, validation] = curves.map(points);
    let range = |axis: usize| -> [f64; 2] {
        let both = train.iter().chain(&validation).map(|point| point[axis]);
        let finite = both.filter(|value| value.is_finite());
        finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
            [low.min(value), high.max(value)]
        })
    };
    let y = if what == "Accuracy" {
        [0.0, 1.0]
    } else {
        // A loss of which no epoch is finite still has a scale.
        [0.0, range(1)[1].max(1e-3)]
    };
    let best = or_none(fold.best_epoch, |epoch| format!("best: {epoch}"));
    let mark = fold.best_epoch.map(|epoch| (epoch as f64, best.as_str()));
    let description = format!(
        "{what} on the training songs and on the validation songs after each of {} epochs{}.",
        fold.epochs.len(),
        fold.best_epoch
            .map_or_else(String::new, |epoch| format!("; the best is epoch {epoch}"))
    );
    let chart = Chart {
        id: &format!("{id}-{}-{}", what.to_lowercase(), fold.fold),
        title: &caption,
        description: &description,
        x: Axis {
            name: "epoch",
            range: range(0),
            whole: true,
        },
        y: Axis {
            name: what,
            range: y,
            whole: false,
        },
        lines: vec![
            Line {
                name: "training",
                points: train,
            },
            Line {
                name: "validation",
                points: validation,
            },
        ],
        mark,
    };
    Figure {
        svg: chart.draw(),
        caption,
        numbers: None,
    }
}

fn epochs(system: &SystemReport, fold: &FoldReport) -> Table {
    let rows = fold.epochs.iter().map(|epoch| {
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
    Table {
        caption: format!("Epochs, {}, fold {}", system.name, fold.fold),
        columns: vec![
            words("epoch"),
            figures("training loss"),
            figures("validation loss"),
            figures("training accuracy"),
            figures("validation accuracy"),
            figures("learning rate"),
            figures("time"),
        ],
        rows: rows.collect(),
    }
}

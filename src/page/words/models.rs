//! What the cards of the models say.

use super::figures::{number, percent, size};
use crate::card::{About, DataSource, FileStamp, Metric};
use crate::regressor::{Fit, TargetCard};
use crate::text::{Language, Text, song as say};

/// Who may use a model, and how large it is.
#[must_use]
pub fn licence(language: Language, about: &About, stamp: &FileStamp) -> String {
    let values = [
        ("file", stamp.file.as_str()),
        ("size", &size(stamp.bytes)),
        ("licence", &about.licence),
    ];
    say::MODEL_LICENCE.fill(language, &values)
}

/// Heads of the columns of [`metric`].
pub const METRIC_HEADS: [Text; 4] = [
    say::HEAD_SPLIT,
    say::HEAD_SONGS,
    say::HEAD_F1,
    say::HEAD_ACCURACY,
];
/// Heads of the columns of [`target`].
pub const TARGET_HEADS: [Text; 4] = [
    say::HEAD_TARGET,
    say::HEAD_SONGS,
    say::HEAD_R2,
    say::HEAD_HELD_OUT,
];

/// How well a feature is estimated: its name, then the number of songs, R² with its
/// interval, and R² on songs that had no part in it.
#[must_use]
pub fn target(language: Language, target: &TargetCard) -> (&'static str, Vec<String>) {
    let fit = target.fit;
    let held_out = |fit: Fit| {
        let values = [
            ("value", &*number(fit.r2, 2)),
            ("count", &fit.n.to_string()),
        ];
        say::OF_SONGS.fill(language, &values)
    };
    let cells = vec![
        fit.n.to_string(),
        interval(language, fit.r2, fit.r2_interval),
        target.held_out.map_or_else(|| "–".to_owned(), held_out),
    ];
    (target.name.name(), cells)
}

/// A measured result: number of songs, macro F1 with its interval, accuracy.
#[must_use]
pub fn metric(language: Language, metric: &Metric) -> Vec<String> {
    vec![
        metric.n.to_string(),
        interval(language, metric.macro_f1, metric.macro_f1_interval),
        percent(language, metric.accuracy as f32),
    ]
}

/// A figure with its interval.
fn interval(language: Language, value: f64, interval: [f64; 2]) -> String {
    let [value, low, high] = [value, interval[0], interval[1]].map(|value| number(value, 2));
    let values = [("value", &*value), ("low", &low), ("high", &high)];
    say::INTERVAL.fill(language, &values)
}

/// One corpus of a model in a sentence.
#[must_use]
pub fn data_source(language: Language, data: &DataSource) -> String {
    let values = [
        ("name", data.name.as_str()),
        ("train", &data.train.to_string()),
        ("check", &data.validation.to_string()),
        ("labels", &data.labels),
        ("licence", &data.licence),
    ];
    say::DATA_SOURCE.fill(language, &values)
}

//! Systems in pairs: what one step brings.

use super::super::document::{Block, Table, figures, words};
use super::super::format::{NONE, difference, p_value, score};
use super::super::task::{Contrast, TaskReport};
use super::heading;

/// The tables of a task that compare systems song by song; none where there are no pairs.
pub fn blocks(task: &TaskReport, id: &str) -> Vec<Block> {
    let mut blocks = section(
        &format!("{id}-oversampling"),
        "Before and after oversampling",
        "From a system without SMOTE to the same with it",
        &task.oversampling,
    );
    if !blocks.is_empty() {
        blocks.push(Block::Table(recalls(&task.classes, &task.oversampling)));
    }
    blocks.extend(section(
        &format!("{id}-first"),
        "First against last",
        "From a learner as first tried to its last and to its best form",
        &task.first_and_last,
    ));
    blocks.extend(section(
        &format!("{id}-neighbours"),
        "Neighbours in the ranking",
        "From each system to the next better one",
        &task.neighbours,
    ));
    blocks
}

fn section(id: &str, title: &str, caption: &str, contrasts: &[Contrast]) -> Vec<Block> {
    if contrasts.is_empty() {
        return Vec::new();
    }
    let table = Block::Table(contrast_table(caption, contrasts));
    vec![heading(3, id, title), table]
}

fn contrast_table(caption: &str, contrasts: &[Contrast]) -> Table {
    let row = |contrast: &Contrast| {
        let mut row = vec![contrast.first.clone(), contrast.second.clone()];
        row.extend(contrast.paired.as_ref().map_or_else(
            || [NONE; 7].map(str::to_owned),
            |paired| {
                let both = |values: [f64; 2]| values.map(score).join(" → ");
                [
                    both(paired.macro_f1),
                    difference(paired.difference, paired.difference_interval),
                    both(paired.balanced_accuracy),
                    both(paired.accuracy),
                    format!("{} : {}", paired.only_first, paired.only_second),
                    p_value(paired.mcnemar_p),
                    paired.n.to_string(),
                ]
            },
        ));
        row
    };
    Table {
        caption: caption.to_owned(),
        columns: vec![
            words("from"),
            words("to"),
            figures("macro-F1"),
            figures("difference [95 %]"),
            figures("balanced accuracy"),
            figures("accuracy"),
            figures("right alone"),
            figures("McNemar's p"),
            figures("songs"),
        ],
        rows: contrasts.iter().map(row).collect(),
    }
}

/// What oversampling is for: the recall of each class, rare ones above all.
fn recalls(classes: &[String], contrasts: &[Contrast]) -> Table {
    let rows = contrasts.iter().filter_map(|contrast| {
        let recall = contrast.paired.as_ref()?.recall.iter();
        let recall = recall.map(|both| both.map(score).join(" → "));
        Some(
            std::iter::once(contrast.second.clone())
                .chain(recall)
                .collect(),
        )
    });
    let mut columns = vec![words("system")];
    columns.extend(classes.iter().map(figures));
    Table {
        caption: "Recall of each class without → with SMOTE".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

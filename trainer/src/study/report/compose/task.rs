//! The chapter of one task.

use super::super::document::{Block, Figure, Numbers, Place, Table, figures, words};
use super::super::format::{
    NONE, bytes, count, difference, or_none, p_value, range, score, seconds, with_interval,
};
use super::super::svg::bars::{self, Bar};
use super::super::system::SystemReport;
use super::super::task::{Contrast, TaskReport};
use super::{heading, system, text, title};
use crate::evaluate::metrics::Scores;

/// All blocks of a task.
pub fn blocks(task: &TaskReport) -> Vec<Block> {
    let id = format!("task-{}", task.task);
    let mut blocks = vec![
        heading(2, &id, title(task.task)),
        text(format!("The classes are {}.", task.classes.join(", "))),
    ];
    blocks.extend(same_songs(task, &id));
    if !task.all_alike() {
        blocks.extend(all_folds(task, &id));
    }
    blocks.push(heading(3, &format!("{id}-costs"), "Input, size and time"));
    blocks.push(text(
        "No validation songs means that choices were made by cross-validation inside the \
         training songs.",
    ));
    blocks.push(Block::Table(inputs(&task.systems)));
    blocks.push(Block::Table(costs(&task.systems)));
    blocks.extend(contrasts(task, &id));
    blocks.extend(hardest(task, &id));
    blocks.push(heading(3, &format!("{id}-systems"), "System by system"));
    for (i, one) in task.systems.iter().enumerate() {
        blocks.extend(system::blocks(one, &format!("{id}-{}", i + 1)));
    }
    blocks
}

/// The table that leads: every system on the songs that all answered.
fn same_songs(task: &TaskReport, id: &str) -> Vec<Block> {
    let mut blocks = vec![heading(
        3,
        &format!("{id}-common"),
        "On the same held-out songs",
    )];
    let scored = || {
        task.systems
            .iter()
            .filter_map(|system| Some((system, system.common.as_ref()?)))
    };
    if scored().next().is_none() {
        blocks.push(text(
            "There is no fold that every system ran with songs that all answered, so there is no \
             table of all systems on the same songs. The ranking below is over different songs.",
        ));
        return blocks;
    }
    blocks.push(text(format!(
        "{} folds ({}), {} songs: those that every system was asked about.",
        task.common_folds.len(),
        list(&task.common_folds),
        task.common_songs
    )));
    let caption = "Scores on the same held-out songs, best macro-F1 first";
    let rows: Vec<_> = scored().map(|(system, scores)| (system, scores)).collect();
    blocks.push(ranking(&format!("{id}-common-plot"), caption, &rows));
    blocks
}

/// Every system over all the folds that it ran.
fn all_folds(task: &TaskReport, id: &str) -> Vec<Block> {
    let mut systems: Vec<_> = task.systems.iter().map(|s| (s, &s.scores)).collect();
    systems.sort_by(|(_, a), (_, b)| b.macro_f1.total_cmp(&a.macro_f1));
    vec![
        heading(
            3,
            &format!("{id}-all"),
            "Over all folds that each system ran",
        ),
        text(
            "Systems that ran fewer folds were asked about fewer songs: lines with different \
             numbers of songs can't be set against each other.",
        ),
        ranking(
            &format!("{id}-all-plot"),
            "Scores over all folds that each system ran, best macro-F1 first",
            &systems,
        ),
    ]
}

/// Bars, and the table of their numbers.
fn ranking(id: &str, caption: &str, systems: &[(&SystemReport, &Scores)]) -> Block {
    let bars: Vec<Bar> = systems
        .iter()
        .map(|(system, scores)| Bar {
            name: &system.name,
            family: system.family,
            value: scores.macro_f1,
            interval: scores.macro_f1_interval,
            label: with_interval(scores.macro_f1, scores.macro_f1_interval),
        })
        .collect();
    let description = "Macro-F1 of every system as a bar from 0 to 1, with its 95 % interval as a \
                       line; the numbers stand beside the names and in the table.";
    Block::Figures(vec![Figure {
        caption: "Macro-F1 of every system".to_owned(),
        svg: bars::draw(id, caption, description, &bars),
        numbers: Some(Numbers {
            table: scores_table(caption, systems),
            place: Place::Open,
        }),
    }])
}

fn scores_table(caption: &str, systems: &[(&SystemReport, &Scores)]) -> Table {
    let row = |(system, scores): &(&SystemReport, &Scores)| {
        vec![
            system.name.clone(),
            with_interval(scores.macro_f1, scores.macro_f1_interval),
            score(scores.balanced_accuracy),
            with_interval(scores.accuracy, scores.accuracy_interval),
            score(scores.log_loss),
            score(scores.calibration_error),
            scores.n.to_string(),
            scores.groups.to_string(),
        ]
    };
    Table {
        caption: caption.to_owned(),
        columns: vec![
            words("system"),
            figures("macro-F1 [95 %]"),
            figures("balanced accuracy"),
            figures("accuracy [95 %]"),
            figures("log loss"),
            figures("calibration error"),
            figures("songs"),
            figures("groups"),
        ],
        rows: systems.iter().map(row).collect(),
    }
}

fn inputs(systems: &[SystemReport]) -> Table {
    let row = |system: &SystemReport| {
        let (name, input) = (system.name.clone(), system.input.clone());
        vec![name, input, system.settings.clone()]
    };
    Table {
        caption: "What each system looks at, and its settings".to_owned(),
        columns: vec![words("system"), words("input"), words("settings")],
        rows: systems.iter().map(row).collect(),
    }
}

fn costs(systems: &[SystemReport]) -> Table {
    let row = |system: &SystemReport| {
        let folds = &system.folds;
        vec![
            system.name.clone(),
            or_none(system.parameters, count),
            or_none(system.model_bytes, bytes),
            folds.len().to_string(),
            range(folds.iter().map(|fold| fold.n_train)),
            range(folds.iter().map(|fold| fold.n_validation)),
            or_none(system.seconds_per_fold, seconds),
            or_none(system.seconds_per_epoch, seconds),
        ]
    };
    Table {
        caption: "What each system was trained on in a fold, and what it costs".to_owned(),
        columns: vec![
            words("system"),
            figures("parameters"),
            figures("model file"),
            figures("folds"),
            figures("training songs"),
            figures("validation songs"),
            figures("search and fit, a fold"),
            figures("an epoch"),
        ],
        rows: systems.iter().map(row).collect(),
    }
}

fn contrasts(task: &TaskReport, id: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (name, heading_text, caption, contrasts) in [
        (
            "oversampling",
            "Before and after oversampling",
            "The same system without (first) and with SMOTE (second)",
            &task.oversampling,
        ),
        (
            "first",
            "First against last",
            "A learner as first tried (first) against its last and its best form (second)",
            &task.first_and_last,
        ),
        (
            "neighbours",
            "Neighbours in the ranking",
            "Each system (first) against the next better one (second)",
            &task.neighbours,
        ),
    ] {
        if !contrasts.is_empty() {
            blocks.push(heading(3, &format!("{id}-{name}"), heading_text));
            blocks.push(Block::Table(contrast_table(caption, contrasts)));
        }
    }
    blocks
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
            words("first"),
            words("second"),
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

fn hardest(task: &TaskReport, id: &str) -> Vec<Block> {
    if task.hardest.is_empty() {
        return Vec::new();
    }
    let songs = task.hardest.iter();
    let rows = songs.map(|song| {
        vec![
            song.song.clone(),
            song.group.clone(),
            song.class.clone(),
            format!("{} of {}", song.wrong, song.systems),
            score(song.mean_probability),
        ]
    });
    vec![
        heading(3, &format!("{id}-hardest"), "Songs that most got wrong"),
        Block::Table(Table {
            caption: "Hardest songs, baselines not asked".to_owned(),
            columns: vec![
                words("song"),
                words("group"),
                words("class"),
                figures("wrong"),
                figures("mean probability of its class"),
            ],
            rows: rows.collect(),
        }),
    ]
}

fn list(folds: &[usize]) -> String {
    let folds: Vec<String> = folds.iter().map(usize::to_string).collect();
    folds.join(", ")
}

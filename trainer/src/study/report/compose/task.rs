//! The chapter of one task.

use anyhow::Result;

use super::super::document::Document;
use super::super::plot::{self, Bar};
use super::super::system::SystemReport;
use super::super::task::{Contrast, TaskReport};
use super::system;
use crate::evaluate::format::{
    NONE, bytes, count, difference, list, or_none, p_value, range, score, seconds, with_interval,
};
use crate::evaluate::metrics::Scores;
use crate::evaluate::table::Table;
use crate::songs::task::Task;

/// What a task is called in a heading.
pub const fn title(task: Task) -> &'static str {
    match task {
        Task::Moods => "Four moods",
        Task::ThreeClass => "Three classes",
        Task::Binary => "Two classes",
    }
}

/// Adds a task: all systems side by side, in pairs, and one by one.
pub fn write(document: &mut Document, task: &TaskReport) -> Result<()> {
    document.heading(2, title(task.task));
    document.text(format!("The classes are {}.", list(&task.classes)));
    same_songs(document, task)?;
    if !task.all_alike() {
        all_folds(document, task)?;
    }
    document.heading(3, "Input, size and time");
    document.text(
        "No validation songs means that choices were made by cross-validation inside the \
         training songs.",
    );
    let caption = "What each system looks at, and its settings";
    document.table(caption, &inputs(&task.systems));
    let caption = "What each system was trained on in a fold, and what it costs";
    document.table(caption, &costs(&task.systems));
    contrasts(document, task);
    if !task.hardest.is_empty() {
        document.heading(3, "Songs that most got wrong");
        document.table("Hardest songs, baselines not asked", &hardest(task));
    }
    document.heading(3, "System by system");
    task.systems
        .iter()
        .try_for_each(|one| system::write(document, one))
}

/// The ranking that leads: every system on the songs that all answered.
fn same_songs(document: &mut Document, task: &TaskReport) -> Result<()> {
    document.heading(3, "On the same held-out songs");
    let scored = task.systems.iter();
    let scored: Vec<_> = scored
        .filter_map(|s| Some((s, s.common.as_ref()?)))
        .collect();
    if scored.is_empty() {
        document.text(
            "There is no fold that every system ran with songs that all answered, so there is no \
             table of all systems on the same songs. The ranking below is over different songs.",
        );
        return Ok(());
    }
    document.text(format!(
        "Held out: folds {} (counted from 0), {} songs, which every system was asked about.",
        list(&task.common_folds),
        task.common_songs
    ));
    let caption = "Scores on the same held-out songs, best macro-F1 first";
    ranking(document, caption, &scored)
}

/// Every system over all the folds that it ran.
fn all_folds(document: &mut Document, task: &TaskReport) -> Result<()> {
    let mut systems: Vec<_> = task.systems.iter().map(|s| (s, &s.scores)).collect();
    systems.sort_by(|(_, a), (_, b)| b.macro_f1.total_cmp(&a.macro_f1));
    document.heading(3, "Over all folds that each system ran");
    document.text(
        "Systems that ran fewer folds were asked about fewer songs: lines with different \
         numbers of songs can't be set against each other.",
    );
    let caption = "Scores over all folds that each system ran, best macro-F1 first";
    ranking(document, caption, &systems)
}

/// Bars, and the table of their numbers.
fn ranking(
    document: &mut Document,
    caption: &str,
    systems: &[(&SystemReport, &Scores)],
) -> Result<()> {
    let bar = |&(system, scores): &(&'_ SystemReport, &Scores)| Bar {
        name: system.name.clone(),
        family: system.facts.family,
        value: scores.macro_f1,
        interval: scores.macro_f1_interval,
        label: with_interval(scores.macro_f1, scores.macro_f1_interval),
    };
    let bars: Vec<Bar> = systems.iter().map(bar).collect();
    let description = "Macro-F1 of every system as a bar from 0 to 1, with its 95 % interval as a \
                       line; the numbers stand beside the names and in the table.";
    document.plots(&[plot::bars("Macro-F1 of every system", description, &bars)?]);
    let figures = "macro-F1 [95 %] | balanced accuracy | accuracy [95 %] | log loss | \
                   calibration error | songs | groups";
    let rows = systems.iter().map(|(system, scores)| {
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
    });
    document.table(caption, &Table::new("system", figures, rows));
    Ok(())
}

fn inputs(systems: &[SystemReport]) -> Table {
    let rows = systems.iter().map(|system| {
        let (name, input) = (system.name.clone(), system.facts.input.clone());
        vec![name, input, system.facts.settings.clone()]
    });
    Table::new("system | input | settings", "", rows)
}

fn costs(systems: &[SystemReport]) -> Table {
    let figures = "parameters | model file | folds | training songs | validation songs | \
                   search and fit, a fold | an epoch";
    let rows = systems.iter().map(|system| {
        let folds = &system.folds;
        vec![
            system.name.clone(),
            or_none(system.facts.parameters, count),
            or_none(system.facts.model_bytes, bytes),
            folds.len().to_string(),
            range(folds.iter().map(|fold| fold.fit.n_train)),
            range(folds.iter().map(|fold| fold.fit.n_validation)),
            or_none(system.seconds_per_fold, seconds),
            or_none(system.seconds_per_epoch, seconds),
        ]
    });
    Table::new("system", figures, rows)
}

/// Systems in pairs: what one step brings.
fn contrasts(document: &mut Document, task: &TaskReport) {
    let sections = [
        (
            "Before and after oversampling",
            "From a system without SMOTE to the same with it",
            &task.oversampling,
        ),
        (
            "First against last",
            "From a learner as first tried to its last and to its best form",
            &task.first_and_last,
        ),
        (
            "Neighbours in the ranking",
            "From each system to the next better one",
            &task.neighbours,
        ),
    ];
    for (number, (title, caption, contrasts)) in sections.into_iter().enumerate() {
        if contrasts.is_empty() {
            continue;
        }
        document.heading(3, title);
        document.table(caption, &pairs(contrasts));
        if number == 0 {
            let caption = "Recall of each class without → with SMOTE";
            document.table(caption, &recalls(task));
        }
    }
}

fn both(values: [f64; 2]) -> String {
    values.map(score).join(" → ")
}

fn pairs(contrasts: &[Contrast]) -> Table {
    let figures = "macro-F1 | difference [95 %] | balanced accuracy | accuracy | right alone | \
                   McNemar's p | songs";
    let rows = contrasts.iter().map(|contrast| {
        let mut row = vec![contrast.first.clone(), contrast.second.clone()];
        row.extend(contrast.paired.as_ref().map_or_else(
            || [NONE; 7].map(str::to_owned),
            |paired| {
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
    });
    Table::new("from | to", figures, rows)
}

/// What oversampling is for: the recall of each class, rare ones above all.
fn recalls(task: &TaskReport) -> Table {
    let rows = task.oversampling.iter().filter_map(|contrast| {
        let recall = contrast.paired.as_ref()?.recall.iter().map(|&of| both(of));
        let name = std::iter::once(contrast.second.clone());
        Some(name.chain(recall).collect())
    });
    Table::new("system", &task.classes.join(" | "), rows)
}

fn hardest(task: &TaskReport) -> Table {
    let rows = task.hardest.iter().map(|song| {
        vec![
            song.song.clone(),
            song.group.clone(),
            song.class.clone(),
            format!("{} of {}", song.wrong, song.systems),
            score(song.mean_probability),
        ]
    });
    let figures = "wrong | mean probability of its class";
    Table::new("song | group | class", figures, rows)
}

//! Puts the figures of a study into words, tables and plots.

mod contrast;
mod plots;
mod system;
mod task;

use undertone::card::LabelSpace;

use super::about::DataSet;
use super::document::{Block, Document, Table, figures, words};
use super::format::{NONE, count, or_none, score, with_interval};
use super::task::TaskReport;
use super::{StudyReport, earlier::EarlierResult};
use crate::evaluate::bootstrap::DRAWS;
use crate::songs::task::Task;
use crate::study::run::Family;

/// The report as blocks: results in brief, data, protocol, each task, measures, the
/// earlier study, how to make it again.
pub fn document(report: &StudyReport) -> Document {
    let mut blocks = brief(report);
    blocks.extend(data(&report.about.data));
    blocks.push(heading(2, "protocol", "Protocol"));
    blocks.extend(report.about.protocol.iter().cloned().map(Block::Text));
    for task in &report.tasks {
        blocks.extend(task::blocks(task));
    }
    blocks.extend(measures());
    blocks.extend(earlier(&report.earlier));
    blocks.extend(making(report));
    Document {
        title: report.about.title.clone(),
        blocks,
    }
}

/// A heading; `id` is unique in the document.
fn heading(level: u8, id: &str, text: &str) -> Block {
    Block::Heading {
        level,
        id: id.to_owned(),
        text: text.to_owned(),
    }
}

fn text(text: impl Into<String>) -> Block {
    Block::Text(text.into())
}

/// What a task is called in a heading.
const fn title(task: Task) -> &'static str {
    match task {
        Task::Moods => "Four moods",
        Task::ThreeClass => "Three classes",
        Task::Binary => "Two classes",
    }
}

fn brief(report: &StudyReport) -> Vec<Block> {
    let mut blocks = vec![heading(2, "results", "Results in brief")];
    if report.tasks.is_empty() {
        blocks.push(text("No system was run."));
    } else {
        let points = report.tasks.iter().filter_map(best_of);
        blocks.push(Block::List(points.collect()));
        blocks.push(text(
            "All figures are of held-out songs. Brackets hold 95 % intervals; how each figure \
             is made stands under Measures. The best of many systems was found on these very \
             songs, so that it looks a little better than it is.",
        ));
    }
    blocks
}

fn best_of(task: &TaskReport) -> Option<String> {
    let best = task.systems.first()?;
    let scores = best.ranked();
    let mut point = format!(
        "{} ({}): {} has the highest macro-F1, {}, with a balanced accuracy of {}, on {} songs \
         in {} groups.",
        title(task.task),
        task.classes.join(", "),
        best.name,
        with_interval(scores.macro_f1, scores.macro_f1_interval),
        score(scores.balanced_accuracy),
        scores.n,
        scores.groups
    );
    let baselines = task.systems.iter();
    let mut baselines = baselines.filter(|system| system.family == Family::Baseline);
    if let Some(baseline) = baselines
        .next()
        .filter(|baseline| baseline.name != best.name)
    {
        let macro_f1 = score(baseline.ranked().macro_f1);
        point.extend([
            " The best baseline, ",
            &baseline.name,
            ", has ",
            &macro_f1,
            ".",
        ]);
    }
    Some(point)
}

fn data(sets: &[DataSet]) -> Vec<Block> {
    let mut blocks = vec![heading(2, "data", "Data")];
    if sets.is_empty() {
        blocks.push(text("Nothing was said about the data."));
    }
    for set in sets {
        let labels = match set.label_space {
            LabelSpace::PerceivedQuadrant => {
                "quadrants of perceived emotion, as the data set gives them"
            }
            LabelSpace::PlaylistMood => "moods of playlists, as the data set gives them",
            LabelSpace::TeacherScores => "another model's scores, as the data set gives them",
            LabelSpace::PerceivedAffect | LabelSpace::MoodCluster | LabelSpace::InducedFeeling => {
                "as the data set gives them"
            }
        };
        blocks.push(text(format!(
            "{}. Licence: {}. The labels are {labels}.",
            set.name, set.licence
        )));
        blocks.push(Block::Table(counts(set)));
    }
    blocks
}

fn counts(set: &DataSet) -> Table {
    let row = |name: &str, songs: usize, groups: String, hours: Option<f64>| {
        let hours = or_none(hours, |hours| format!("{hours:.1}"));
        vec![name.to_owned(), count(songs as u64), groups, hours]
    };
    let classes = set.classes.iter();
    let mut rows: Vec<Vec<String>> = classes
        .map(|class| {
            let groups = count(class.groups as u64);
            row(&class.class, class.songs, groups, class.hours)
        })
        .collect();
    let songs = set.classes.iter().map(|class| class.songs).sum();
    let hours = set.classes.iter().map(|class| class.hours).sum();
    // A group may hold songs of several classes: its number is no sum.
    rows.push(row("all", songs, NONE.to_owned(), hours));
    Table {
        caption: format!("Songs of {}", set.name),
        columns: vec![
            words("class"),
            figures("songs"),
            figures("groups"),
            figures("hours"),
        ],
        rows,
    }
}

fn measures() -> Vec<Block> {
    let points = [
        "Macro-F1 is the mean of the F1 of all classes that occur among labels or answers; \
         balanced accuracy is the mean of the recall of all classes that occur among the \
         labels. Both count a rare class as much as a common one; accuracy does not."
            .to_owned(),
        format!(
            "The interval of the macro-F1 is the 2.5th to the 97.5th percentile over {} draws of \
             groups with replacement: songs of one group are drawn as one. The interval of the \
             accuracy is Wilson's, which takes the songs for independent, and is too narrow where \
             groups are large.",
            count(DRAWS as u64)
        ),
        "A difference is the macro-F1 of the system under \u{201c}to\u{201d} less that of the one \
         under \u{201c}from\u{201d}, with the percentiles over the same draws of groups for both. McNemar's test is exact and \
         two-sided, over the songs that only one of the two got right. The p values are not \
         corrected for the number of comparisons, and neighbours are chosen by the same songs: \
         read them as a guide."
            .to_owned(),
        "Precision, recall, F1 and their averages are those of scikit-learn's \
         classification_report with zero_division=0; log loss, precision-recall curves and \
         average precision are its too. The calibration error is taken over 15 bins of equal \
         width (Guo et al. 2017)."
            .to_owned(),
        "Scores are of all held-out songs together, not means over folds; the mean over folds \
         stands with each system."
            .to_owned(),
    ];
    vec![
        heading(2, "measures", "Measures"),
        Block::List(points.into()),
    ]
}

fn earlier(results: &[EarlierResult]) -> Vec<Block> {
    let row = |result: &EarlierResult| {
        vec![
            result.system.to_owned(),
            result.task.to_owned(),
            result.measure.to_owned(),
            format!("{:.*}", result.decimals, result.value),
            or_none(result.n, |n| n.to_string()),
        ]
    };
    vec![
        heading(2, "earlier", "The earlier study: another data set"),
        text(
            "The study that this one starts from gives the figures below. They are from another \
             data set: they are not comparable with anything above, and stand here for the record \
             only.",
        ),
        Block::Table(Table {
            caption: "Figures of the earlier study, not comparable".to_owned(),
            columns: vec![
                words("system"),
                words("task"),
                words("measure"),
                figures("value"),
                figures("songs"),
            ],
            rows: results.iter().map(row).collect(),
        }),
    ]
}

fn making(report: &StudyReport) -> Vec<Block> {
    let versions = &report.about.versions;
    let rows = versions
        .iter()
        .map(|(name, version)| vec![name.clone(), version.clone()]);
    vec![
        heading(2, "making", "How to make this again"),
        Block::Code(report.about.command.clone()),
        text(format!("The seed is {}.", report.about.seed)),
        Block::Table(Table {
            caption: "Versions".to_owned(),
            columns: vec![words("program"), words("version")],
            rows: rows.collect(),
        }),
    ]
}

//! Puts the figures of a study into words, tables and plots.

mod system;
mod task;

use anyhow::Result;
use undertone::card::LabelSpace;

use super::about::DataSet;
use super::document::Document;
use super::earlier::EarlierResult;
use super::study::StudyReport;
use super::task::TaskReport;
use crate::evaluate::bootstrap::DRAWS;
use crate::evaluate::format::{NONE, count, list, or_none, score, with_interval};
use crate::evaluate::table::Table;
use crate::study::run::Family;

/// The report as a text: results in brief, data, protocol, each task, measures, the
/// earlier study, how to make it again.
///
/// # Errors
/// Where a plot can't be drawn.
pub fn document(report: &StudyReport) -> Result<Document> {
    let mut document = Document::new(&report.about.title);
    brief(&mut document, report);
    data(&mut document, &report.about.data);
    document.heading(2, "Protocol");
    for text in &report.about.protocol {
        document.text(text);
    }
    for one in &report.tasks {
        task::write(&mut document, one)?;
    }
    document.heading(2, "Measures");
    document.list(measures());
    earlier(&mut document, &report.earlier);
    making(&mut document, report);
    Ok(document)
}

fn brief(document: &mut Document, report: &StudyReport) {
    document.heading(2, "Results in brief");
    if report.tasks.is_empty() {
        document.text("No system was run.");
        return;
    }
    document.list(report.tasks.iter().filter_map(best_of));
    document.text(
        "All figures are of held-out songs. Brackets hold 95 % intervals; how each figure \
         is made stands under Measures. The best of many systems was found on these very \
         songs, so that it looks a little better than it is.",
    );
}

fn best_of(task: &TaskReport) -> Option<String> {
    let best = task.systems.first()?;
    let scores = best.ranked();
    let mut point = format!(
        "{} ({}): {} has the highest macro-F1, {}, with a balanced accuracy of {}, on {} songs \
         in {} groups.",
        task::title(task.task),
        list(&task.classes),
        best.name,
        with_interval(scores.macro_f1, scores.macro_f1_interval),
        score(scores.balanced_accuracy),
        scores.n,
        scores.groups
    );
    let mut systems = task.systems.iter();
    let baseline = systems.find(|system| system.facts.family == Family::Baseline);
    if let Some(baseline) = baseline.filter(|baseline| baseline.name != best.name) {
        let (name, macro_f1) = (&baseline.name, score(baseline.ranked().macro_f1));
        point.extend([format!(" The best baseline, {name}, has {macro_f1}.")]);
    }
    Some(point)
}

fn data(document: &mut Document, sets: &[DataSet]) {
    document.heading(2, "Data");
    if sets.is_empty() {
        document.text("Nothing was said about the data.");
    }
    for set in sets {
        let labels = match set.label_space {
            LabelSpace::PerceivedQuadrant => "quadrants of perceived emotion",
            LabelSpace::PlaylistMood => "moods of playlists",
            LabelSpace::TeacherScores => "another model's scores",
            LabelSpace::PerceivedAffect => "listeners' arousal and valence",
            LabelSpace::MoodCluster => "clusters of mood words",
            LabelSpace::InducedFeeling => "what listeners felt",
            LabelSpace::SoundKind => "kinds of sound",
        };
        document.text(format!(
            "{}. Licence: {}. The labels are {labels}, as the data set gives them.",
            set.name, set.licence
        ));
        document.table(&format!("Songs of {}", set.name), &counts(set));
    }
}

fn counts(set: &DataSet) -> Table {
    let row = |name: &str, songs: usize, groups: String, hours: Option<f64>| {
        let hours = or_none(hours, |hours| format!("{hours:.1}"));
        vec![name.to_owned(), count(songs as u64), groups, hours]
    };
    let classes = set.classes.iter().map(|class| {
        let groups = count(class.groups as u64);
        row(&class.class, class.songs, groups, class.hours)
    });
    let songs = set.classes.iter().map(|class| class.songs).sum();
    let hours = set.classes.iter().map(|class| class.hours).sum();
    // A group may hold songs of several classes: its number is no sum.
    let all = row("all", songs, NONE.to_owned(), hours);
    let rows = classes.chain(std::iter::once(all));
    Table::new("class", "songs | groups | hours", rows)
}

fn measures() -> [String; 5] {
    [
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
         under \u{201c}from\u{201d}, with the percentiles over the same draws of groups for both. \
         McNemar's test is exact and two-sided, over the songs that only one of the two got right. The p values are not \
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
    ]
}

fn earlier(document: &mut Document, results: &[EarlierResult]) {
    document.heading(2, "The earlier study: another data set");
    document.text(
        "The study that this one starts from gives the figures below. They are from another \
         data set: they are not comparable with anything above, and stand here for the record \
         only.",
    );
    let rows = results.iter().map(|result| {
        let words = [result.system, result.task, result.measure];
        let mut row = words.map(str::to_owned).to_vec();
        row.push(format!("{:.*}", result.decimals, result.value));
        row.push(or_none(result.n, |n| n.to_string()));
        row
    });
    document.table(
        "Figures of the earlier study, not comparable",
        &Table::new("system | task | measure", "value | songs", rows),
    );
}

fn making(document: &mut Document, report: &StudyReport) {
    document.heading(2, "How to make this again");
    document.code(&report.about.command);
    document.text(format!("The seed is {}.", report.about.seed));
    let versions = report.about.versions.iter();
    let rows = versions.map(|(name, version)| vec![name.clone(), version.clone()]);
    document.table("Versions", &Table::new("program | version", "", rows));
}

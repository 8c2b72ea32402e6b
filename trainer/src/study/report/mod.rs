//! The report of the study: what a paper needs, as `report.json`, `report.md` and
//! `report.html`. The same runs give the same bytes.

pub mod about;
mod compose;
mod document;
mod earlier;
mod held;
mod plot;
pub mod system;
pub mod task;
#[cfg(test)]
mod tests;
mod variant;

use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use self::about::About;
use self::earlier::{EARLIER, EarlierResult};
use self::task::TaskReport;
use super::run::SystemRun;
use crate::files::write_whole;
use crate::songs::task::Task;

/// Everything that was measured. As JSON: each struct an object with these fields, each
/// list an array in the order that is given there; shares and scores in [0, 1], intervals
/// as `[low, high]` of 95 %, times in seconds, sizes in bytes. A number that does not
/// exist is `null`; there is no NaN. What each system said of each song stands in the
/// runs, not here.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudyReport {
    /// What the caller says about the study.
    pub about: About,
    /// The tasks that a system was run on, finest first.
    pub tasks: Vec<TaskReport>,
    /// Figures of the study that this one starts from, on another data set: for the
    /// record, not for comparison.
    pub earlier: Vec<EarlierResult>,
}

/// A song of the study's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SongRef {
    /// Its name, for people.
    pub id: String,
    /// Its group: songs of one never stand on both sides of a split, and the bootstrap
    /// draws them as one.
    pub group: String,
}

impl StudyReport {
    /// Measures and compares all runs; [`super::run::Answer::song`] counts in `songs`.
    ///
    /// # Errors
    /// Where an answer is impossible (no such song or class, probabilities that are not
    /// finite), two systems of a task have one name, or they disagree on the truth.
    pub fn new(about: About, runs: &[SystemRun], songs: &[SongRef]) -> Result<Self> {
        about.check()?;
        let mut tasks = Vec::new();
        for task in Task::ALL {
            let of_task: Vec<&SystemRun> = runs.iter().filter(|run| run.task == task).collect();
            if !of_task.is_empty() {
                tasks.push(TaskReport::of(task, &of_task, songs)?);
            }
        }
        Ok(Self {
            about,
            tasks,
            earlier: EARLIER.to_vec(),
        })
    }
}

/// Writes `report.json`, `report.md` and `report.html` into a folder, each whole or not
/// at all.
///
/// # Errors
/// Where a plot can't be drawn or the folder can't be written to.
pub fn write(report: &StudyReport, dir: &Path) -> Result<()> {
    let document = compose::document(report)?;
    let json = serde_json::to_string_pretty(report).context("the report is no JSON")? + "\n";
    for (name, text) in [
        ("report.json", json),
        ("report.md", document.to_markdown().to_owned()),
        ("report.html", document.to_html()),
    ] {
        write_whole(&dir.join(name), |file| Ok(file.write_all(text.as_bytes())?))?;
    }
    Ok(())
}

//! The whole report as numbers.

use anyhow::Result;
use serde::Serialize;

use super::about::About;
use super::earlier::{EARLIER, EarlierResult};
use super::held::SongRef;
use super::task::TaskReport;
use crate::songs::task::Task;
use crate::study::run::SystemRun;

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

impl StudyReport {
    /// Measures and compares all runs; [`crate::study::run::Answer::song`] counts in `songs`.
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

//! Finished folds on disk: what a study has done is never done twice.

use std::path::{Path, PathBuf};

use anyhow::Result;
use itertools::Itertools;
use serde::{Deserialize, Serialize};

use super::run::FoldRun;
use crate::songs::task::Task;
use collections::files;

/// A folder with `<task>/<system>/fold-<n>.json`, one file a finished fold.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// What a file holds.
#[derive(Serialize, Deserialize)]
struct Finished {
    /// The settings that the fold was run with.
    settings: String,
    run: FoldRun,
}

impl Store {
    /// The store in a folder, which is made when something is kept.
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder of one system in one task.
    pub fn folder(&self, task: Task, system: &str) -> PathBuf {
        self.folder.join(task.to_string()).join(slug(system))
    }

    /// A fold that was run with these settings; `None` where there is none, or its file
    /// is damaged, so that it is run again.
    pub fn load(&self, task: Task, system: &str, settings: &str, fold: usize) -> Option<FoldRun> {
        let file = std::fs::File::open(self.path(task, system, fold)).ok()?;
        let finished: Finished = serde_json::from_reader(std::io::BufReader::new(file)).ok()?;
        (finished.settings == settings).then_some(finished.run)
    }

    /// Keeps a fold and gives it back as [`Self::load`] will: a number that was read may
    /// differ from the written one in its last bit, and a report must not.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn save(&self, task: Task, system: &str, settings: &str, run: FoldRun) -> Result<FoldRun> {
        let finished = Finished {
            settings: settings.to_owned(),
            run,
        };
        let run = &finished.run;
        files::write_whole(&self.path(task, system, run.fit.fold), |out| {
            Ok(serde_json::to_writer(out, &finished)?)
        })?;
        let read = self.load(task, system, settings, run.fit.fold);
        Ok(read.unwrap_or(finished.run))
    }

    fn path(&self, task: Task, system: &str, fold: usize) -> PathBuf {
        self.folder(task, system)
            .join(Path::new(&format!("fold-{fold}.json")))
    }
}

/// A name as a folder: lower-case letters, digits and single hyphens.
pub fn slug(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    let mut parts = parts.filter(|part| !part.is_empty());
    parts.join("-").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::run::{Answer, Fit};

    #[test]
    fn a_fold_is_found_again_under_the_same_settings_only() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let store = Store::new(folder.path().join("runs"));
        let run = FoldRun {
            fit: Fit {
                fold: 2,
                n_train: 10,
                n_validation: 0,
                chosen: String::new(),
                seconds: 0.1,
                epochs: Vec::new(),
                best_epoch: None,
            },
            answers: vec![Answer {
                song: 0,
                truth: 0,
                answer: 0,
                // Some of them are read as their neighbours.
                probabilities: (1_i32..2_000)
                    .map(|n| f64::from(n).sqrt().recip())
                    .collect(),
            }],
        };
        let system = "SVM (grid, SMOTE)";
        let run = store.save(Task::Moods, system, "a", run)?;
        assert_eq!(store.load(Task::Moods, system, "a", 2), Some(run));
        assert_eq!(store.load(Task::Moods, system, "b", 2), None);
        assert_eq!(store.load(Task::Binary, system, "a", 2), None);
        std::fs::write(
            folder.path().join("runs/moods/svm-grid-smote/fold-2.json"),
            "{",
        )?;
        assert_eq!(store.load(Task::Moods, system, "a", 2), None);
        Ok(())
    }

    #[test]
    fn names_become_folders() {
        assert_eq!(slug("Conv+FC, early stopping"), "conv-fc-early-stopping");
        assert_eq!(slug("8-node net"), "8-node-net");
    }
}

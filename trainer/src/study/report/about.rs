//! What the caller says about a study: none of it can be read off the answers.

use anyhow::{Result, ensure};
use serde::Serialize;
use undertone::card::LabelSpace;

/// Where the songs come from, what was run, and how. It bears no date, so that the same
/// study gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct About {
    /// Heading of the report.
    pub title: String,
    /// The command line that makes it again.
    pub command: String,
    /// Draws folds, first weights, trees and oversampling.
    pub seed: u64,
    /// Name and version of each program and library whose numbers these are.
    pub versions: Vec<(String, String)>,
    /// The data sets, each by itself.
    pub data: Vec<DataSet>,
    /// How it was measured (folds, grouping, validation), a paragraph each.
    pub protocol: Vec<String>,
}

/// One data set as it was used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataSet {
    /// Its name.
    pub name: String,
    /// Licence of labels and sound.
    pub licence: String,
    /// What its labels mean.
    pub label_space: LabelSpace,
    /// How much there is of each class, in the order of the finest task.
    pub classes: Vec<ClassCount>,
}

/// How much there is of one class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassCount {
    /// Name of the class.
    pub class: String,
    /// Songs.
    pub songs: usize,
    /// Groups that they fall into.
    pub groups: usize,
    /// Hours of sound, where it was listened to.
    pub hours: Option<f64>,
}

impl About {
    /// Checks what can't be written as JSON.
    ///
    /// # Errors
    /// Where hours are no number.
    pub(super) fn check(&self) -> Result<()> {
        for data in &self.data {
            for count in &data.classes {
                ensure!(
                    count.hours.is_none_or(f64::is_finite),
                    "the hours of {} in {} are no number",
                    count.class,
                    data.name
                );
            }
        }
        Ok(())
    }
}

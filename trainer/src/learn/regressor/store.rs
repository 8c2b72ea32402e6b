//! The fitted regressor in the work folder.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use undertone::card::DataSource;
use undertone::features::Descriptors;
use undertone::regressor::{RegressorModel, Target, TargetCard};

use collections::console::Hint;
use collections::files;
use collections::models::FEATURES;

/// Folder within the work folder.
const FOLDER: &str = "features";
/// How the run went.
const SUMMARY: &str = "summary.json";
/// The fits of the folds (postcard).
const FOLDS: &str = "folds.bin";
/// Which fold left out which song.
const SONGS: &str = "songs.csv";

/// What to do about files that do not fit.
const AGAIN: &str = "fit it again with `trainer train features`";

/// What the card says of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The command that repeats the run.
    pub made_by: String,
    /// [`Descriptors::NAMES`] of the run.
    pub inputs: Vec<String>,
    /// Every target that there were scores of.
    pub targets: Vec<TargetCard>,
    /// The tables.
    pub data: Vec<DataSource>,
    /// What is known of the music.
    pub limits: Vec<String>,
}

/// A song of the fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FittedSong {
    /// SHA-256 of the file's contents.
    pub content: String,
    /// Name of its group, as in the corpus.
    pub group: String,
    /// Number of the fold whose fit left it out.
    pub fold: usize,
}

/// A fitted regressor.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// Bytes of `features.bin`.
    pub bytes: Vec<u8>,
    /// How it came about.
    pub summary: Summary,
    /// The fit that left out each fold.
    pub folds: Vec<RegressorModel>,
    /// The songs of the fit.
    pub songs: Vec<FittedSong>,
}

impl Trained {
    /// The targets that are estimated.
    pub fn measured(&self) -> Vec<Target> {
        let measured = self.summary.targets.iter().filter(|target| target.measured);
        measured.map(|target| target.name).collect()
    }

    /// Every target's fit as a table for people.
    pub fn to_text(&self) -> String {
        let mut text = String::from(
            "target            measured  songs  groups  R²     95 %            Spearman  MAE    held out R²  rival\n",
        );
        for target in &self.summary.targets {
            let fit = &target.fit;
            let held_out = target.held_out;
            let held_out = held_out.map(|fit| format!("{:.3} (n = {})", fit.r2, fit.n));
            let held_out = held_out.unwrap_or_else(|| "-".to_owned());
            let rival = target.rival.as_ref();
            let rival = rival.map(|rival| format!("{:.3} {}", rival.r2, rival.descriptor));
            let rival = rival.unwrap_or_else(|| "-".to_owned());
            text.extend([format!(
                "{:<17} {:<9} {:<6} {:<7} {:<6.3} [{:.3}, {:.3}]  {:<9.3} {:<6.3} {held_out:<12} {rival}\n",
                target.name.name(),
                if target.measured { "yes" } else { "no" },
                fit.n,
                fit.groups,
                fit.r2,
                fit.r2_interval[0],
                fit.r2_interval[1],
                fit.spearman,
                fit.mae,
            )]);
        }
        text
    }

    /// Writes everything into the folder `work`.
    ///
    /// # Errors
    /// Where a file can't be written.
    pub fn save(&self, work: &Path) -> Result<()> {
        let folder = work.join(FOLDER);
        // First what stands for the whole is taken away, last it is put back.
        let summary = folder.join(SUMMARY);
        if summary.exists() {
            fs::remove_file(&summary).with_context(|| format!("removing {}", summary.display()))?;
        }
        files::write(&folder.join(FEATURES), &self.bytes)?;
        let folds = postcard::to_stdvec(&self.folds)?;
        files::write(&folder.join(FOLDS), &folds)?;
        files::write_rows(&folder.join(SONGS), &self.songs)?;
        files::write_json(&summary, &self.summary)
    }
}

/// The regressor that `trainer train features` left in the folder `work`; none where it
/// was not fitted.
///
/// # Errors
/// Where a file is damaged, or the descriptors were others.
pub fn load(work: &Path) -> Result<Option<Trained>> {
    let folder = work.join(FOLDER);
    if !folder.join(SUMMARY).is_file() {
        return Ok(None);
    }
    read(&folder).hint(AGAIN).map(Some)
}

fn read(folder: &Path) -> Result<Trained> {
    let summary: Summary = files::read_json(&folder.join(SUMMARY))?;
    ensure!(
        summary.inputs == Descriptors::NAMES,
        "the regressor in {} was fitted on {} descriptors, this version measures {} of other names",
        folder.display(),
        summary.inputs.len(),
        Descriptors::NAMES.len()
    );
    let folds = folder.join(FOLDS);
    Ok(Trained {
        bytes: files::read(&folder.join(FEATURES))?,
        folds: postcard::from_bytes(&files::read(&folds)?)
            .with_context(|| format!("{} is damaged", folds.display()))?,
        summary,
        songs: files::read_rows(&folder.join(SONGS))?,
    })
}

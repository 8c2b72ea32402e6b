//! Estimates for labelled songs, none by a fit that knew the song.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use undertone::regressor::{Estimate, FeatureRegressor, fill};

use super::card::features_card;
use super::store::{self, Trained};
use crate::measured::cache::{self, Heard};
use crate::songs::song::Song;
use crate::songs::table::write_songs;
use collections::console::Hint;
use collections::models::FEATURES;

/// Gives each song the estimates of a fit without its group.
pub struct Estimator {
    whole: FeatureRegressor,
    folds: Vec<FeatureRegressor>,
    by_content: HashMap<String, usize>,
    by_group: HashMap<String, usize>,
}

impl Estimator {
    /// Of a fitted regressor.
    ///
    /// # Errors
    /// Where its parts do not fit each other.
    pub fn of(trained: &Trained) -> Result<Self> {
        let card = features_card(trained);
        let names: Vec<&str> = card.inputs.iter().map(String::as_str).collect();
        let folds = trained.folds.iter().map(|model| {
            let fold = FeatureRegressor::new(model.clone(), trained.measured(), FEATURES);
            fold.context("the fits of the folds")
        });
        let songs = trained.songs.iter();
        Ok(Self {
            whole: FeatureRegressor::from_bytes(&trained.bytes, &card, &names)?,
            folds: folds.collect::<Result<_>>()?,
            by_content: songs.clone().map(|s| (s.content.clone(), s.fold)).collect(),
            by_group: songs.map(|s| (s.group.clone(), s.fold)).collect(),
        })
    }

    /// Estimates for a song of that group and, where known, with that content: by the
    /// fit that left its fold out, or by the whole one where it was not fitted on.
    ///
    /// # Errors
    /// Where the descriptors are others than those of the fit.
    pub fn estimate(
        &self,
        group: &str,
        content: Option<&str>,
        descriptors: &[f64],
    ) -> Result<Vec<Estimate>> {
        let by_content = content.and_then(|content| self.by_content.get(content));
        let fold = by_content.or_else(|| self.by_group.get(group));
        let regressor = match fold {
            None => &self.whole,
            Some(&fold) => self.folds.get(fold).context("a fold has no fit")?,
        };
        Ok(regressor.predict(descriptors)?)
    }
}

/// Writes the labelled songs of the folder `work` with their 13 track features as a table
/// of the study, for models of another kind or of another source's features; gives their
/// number. Sounds are not named, so that the features alone are judged.
///
/// # Errors
/// Where the recordings are not measured, no regressor was fitted in the folder `work`,
/// or the table can't be written.
pub fn write_table(work: &Path, songs: &[Song], path: &Path) -> Result<usize> {
    let trained = store::load(work)?
        .ok_or_else(|| anyhow!("there is no regressor in {}", work.display()))
        .hint("fit it with `trainer train features`")?;
    let estimator = Estimator::of(&trained)?;
    let songs = cache::heard(work, songs)?
        .into_iter()
        .map(|(song, heard)| estimated(song, heard, &estimator))
        .collect::<Result<Vec<Song>>>()?;
    write_songs(path, &songs)?;
    Ok(songs.len())
}

fn estimated(song: &Song, heard: Heard, estimator: &Estimator) -> Result<Song> {
    let mut features = heard.features;
    let estimates = estimator
        .estimate(&song.group, Some(&heard.content), &heard.descriptors)
        .with_context(|| song.id.clone())?;
    fill(&mut features, &estimates);
    Ok(Song {
        features,
        path: None,
        ..song.clone()
    })
}

//! Estimates for the ensemble's examples, none by a fit that knew the song.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use undertone::regressor::{EnsembleInputs, Estimate, FeatureRegressor, Target};

use super::FILE;
use super::store::{self, Trained};
use crate::cache;
use crate::cli::console::Hint;
use crate::example::Example;

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
        let card = super::features_card(trained);
        let names: Vec<&str> = card.inputs.iter().map(String::as_str).collect();
        let folds = trained.folds.iter().map(|model| {
            let fold = FeatureRegressor::new(model.clone(), trained.measured(), FILE);
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

    /// The targets that it estimates.
    pub fn targets(&self) -> &[Target] {
        self.whole.targets()
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

/// Puts the estimates behind the descriptors of every example, and says what the rows
/// hold now and which regressor (by SHA-256) the page must have.
///
/// # Errors
/// Where no regressor was fitted in the folder `work`, or it does not fit the examples.
pub fn add_estimates(work: &Path, examples: &mut [Example]) -> Result<(EnsembleInputs, String)> {
    let trained = store::load(work)?
        .ok_or_else(|| anyhow!("there is no regressor in {}", work.display()))
        .hint("fit it with `trainer train features`, or use `--estimates without`")?;
    let estimator = Estimator::of(&trained)?;
    let contents = cache::contents(work)?;
    let inputs = EnsembleInputs::new(estimator.targets().to_vec());
    for example in examples {
        let content = contents.get(&example.id).map(String::as_str);
        let estimates = estimator
            .estimate(&example.group, content, &example.descriptors)
            .with_context(|| example.id.clone())?;
        example.descriptors = inputs.row(&example.descriptors, &estimates)?;
    }
    Ok((inputs, trained.id()))
}

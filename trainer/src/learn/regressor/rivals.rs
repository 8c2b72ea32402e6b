//! Single descriptors that a target must beat, to be learnt at all.

use std::str::FromStr;

use undertone::features::Descriptors;
use undertone::regressor::{Rival, Target};

use super::fit::r2;
use super::songs::Columns;

/// `danceability=danceability_dfa`: a target and the descriptor that it must beat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// What is learnt.
    pub target: Target,
    /// Place of the descriptor in [`Descriptors::NAMES`].
    pub at: usize,
}

impl FromStr for Against {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("{text:?} is not of the form TARGET=DESCRIPTOR");
        let (target, descriptor) = text.split_once('=').ok_or_else(form)?;
        let none_of = |word, names: &[&str]| format!("{word:?} is none of {}", names.join(", "));
        let target = Target::from_name(target)
            .ok_or_else(|| none_of(target, &Target::ALL.map(Target::name)))?;
        let at = Descriptors::NAMES
            .iter()
            .position(|name| *name == descriptor);
        let at = at.ok_or_else(|| none_of(descriptor, &Descriptors::NAMES))?;
        Ok(Self { target, at })
    }
}

impl Against {
    /// Name of the descriptor.
    pub fn descriptor(&self) -> &'static str {
        Descriptors::NAMES[self.at]
    }

    /// What the descriptor reaches on these songs and folds: a straight line from it to
    /// the scores, fitted on the other folds. `scores` are those of the target.
    pub fn measure(&self, songs: &Columns, scores: &[f64], fold_of: &[usize]) -> Rival {
        let values: Vec<f64> = songs.x.iter().map(|row| row[self.at]).collect();
        let estimates = by_line(&values, scores, fold_of);
        Rival {
            descriptor: self.descriptor().to_owned(),
            r2: r2(scores, &estimates),
        }
    }
}

/// Estimates by least squares over the songs of the other folds.
fn by_line(values: &[f64], scores: &[f64], fold_of: &[usize]) -> Vec<f64> {
    let n_folds = fold_of.iter().max().map_or(0, |last| last + 1);
    let lines: Vec<(f64, f64)> = (0..n_folds)
        .map(|fold| {
            let rest = || (0..values.len()).filter(|&i| fold_of[i] != fold);
            let n = rest().count().max(1) as f64;
            let mean_x = rest().map(|i| values[i]).sum::<f64>() / n;
            let mean_y = rest().map(|i| scores[i]).sum::<f64>() / n;
            let xx: f64 = rest().map(|i| (values[i] - mean_x).powi(2)).sum();
            let xy: f64 = rest()
                .map(|i| (values[i] - mean_x) * (scores[i] - mean_y))
                .sum();
            let slope = if xx > 0.0 { xy / xx } else { 0.0 };
            (slope, mean_y - slope * mean_x)
        })
        .collect();
    let of_song = values.iter().zip(fold_of);
    of_song
        .map(|(value, &fold)| (lines[fold].0 * value + lines[fold].1).clamp(0.0, 1.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_fitted_without_the_fold_it_is_asked_about() {
        let values = [0.0, 1.0, 2.0, 3.0, 4.0];
        let scores = [0.1, 0.2, 0.3, 0.4, 0.9];
        let estimates = by_line(&values, &scores, &[0, 0, 0, 0, 1]);
        assert!((estimates[4] - 0.5).abs() < 1e-12, "{estimates:?}");
    }

    #[test]
    fn the_option_is_a_target_and_a_name() {
        let parsed: Result<Against, _> = "danceability=danceability_dfa".parse();
        assert_eq!(
            parsed.map(|against| (against.target, against.descriptor())),
            Ok((Target::Danceability, "danceability_dfa"))
        );
        assert!("danceability=danceability_daf".parse::<Against>().is_err());
        assert!("tempo=x".parse::<Against>().is_err());
        assert!("energy".parse::<Against>().is_err());
    }
}

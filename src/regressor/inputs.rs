//! What the ensemble looks at: descriptors, then estimates.

use super::{Estimate, Target};
use crate::error::ModelError;
use crate::features::Descriptors;

/// The ensemble's inputs: all descriptors in the order of [`Descriptors::NAMES`], then
/// the estimates of these targets (none, where the ensemble was fitted without). Page
/// and trainer both build their rows here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EnsembleInputs {
    targets: Vec<Target>,
}

impl EnsembleInputs {
    /// The descriptors and the estimates of these targets.
    #[must_use]
    pub const fn new(targets: Vec<Target>) -> Self {
        Self { targets }
    }

    /// The inputs that a card lists; those after the descriptors must be among
    /// `measured`, the targets that the regressor estimates.
    ///
    /// # Errors
    /// [`ModelError::Invalid`] with the ensemble's `file`, and the input that is not to
    /// be had. What precedes is compared when the ensemble is read.
    pub fn of_card(file: &str, inputs: &[String], measured: &[Target]) -> Result<Self, ModelError> {
        let further = inputs.iter().skip(Descriptors::NAMES.len());
        let targets = further.map(|name| {
            let target = Target::from_name(name).filter(|target| measured.contains(target));
            target.ok_or_else(|| ModelError::Invalid {
                name: file.to_owned(),
                detail: format!(
                    "its card names the input {name:?}, which features.json does not list as measured"
                ),
            })
        });
        Ok(Self::new(targets.collect::<Result<_, _>>()?))
    }

    /// The targets after the descriptors.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// Names of all inputs.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let estimated = self.targets.iter().map(|target| target.name());
        Descriptors::NAMES.into_iter().chain(estimated).collect()
    }

    /// The row of one song: its descriptors (natural units, in the order of
    /// [`Descriptors::NAMES`]), then the estimates in the order of [`Self::targets`].
    ///
    /// # Errors
    /// [`ModelError::Run`] where an estimate is missing.
    pub fn row(&self, descriptors: &[f64], estimates: &[Estimate]) -> Result<Vec<f64>, ModelError> {
        let mut row = descriptors.to_vec();
        for target in &self.targets {
            let found = estimates.iter().find(|estimate| estimate.target == *target);
            let Some(estimate) = found else {
                return Err(ModelError::Run {
                    name: "ensemble".to_owned(),
                    detail: format!("there is no estimate of {}", target.name()),
                });
            };
            row.push(estimate.value);
        }
        Ok(row)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "in a test a panic is the message")]
mod tests {
    use super::*;

    fn names(further: &[&str]) -> Vec<String> {
        let all = Descriptors::NAMES.iter().chain(further);
        all.map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn estimates_follow_the_descriptors_in_the_cards_order() {
        let measured = [Target::Energy, Target::Valence];
        let card = names(&["valence", "energy"]);
        let inputs = EnsembleInputs::of_card("ensemble.bin", &card, &measured).unwrap();
        assert_eq!(inputs.names(), card);
        let estimates = [(Target::Energy, 0.25), (Target::Valence, 0.75)]
            .map(|(target, value)| Estimate { target, value });
        assert_eq!(
            inputs.row(&[7.0], &estimates).unwrap(),
            vec![7.0, 0.75, 0.25]
        );
        let text = inputs.row(&[7.0], &estimates[..1]).unwrap_err().to_string();
        assert!(text.contains("no estimate of valence"), "{text}");
    }

    #[test]
    fn what_is_not_measured_is_refused() {
        for name in ["liveness", "tempo"] {
            let card = names(&[name]);
            let refused = EnsembleInputs::of_card("ensemble.bin", &card, &[Target::Energy]);
            let text = refused.unwrap_err().to_string();
            assert!(text.contains(name) && text.contains("ensemble.bin"), "{text}");
        }
        let plain = EnsembleInputs::of_card("ensemble.bin", &names(&[]), &[]).unwrap();
        assert_eq!(plain, EnsembleInputs::default());
    }
}

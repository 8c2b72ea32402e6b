//! What the ensemble says of all mixtures of two songs at once.
//!
//! Explaining a song asks the stack 2^k questions for each background song. One by one
//! they would take half a second; here each tree is walked once for all coalitions
//! (Lundberg et al. 2020, "From local explanations to global understanding with
//! explainable AI for trees", the interventional walk), and each support vector's
//! distance is put together from one part a player ([`super::svm::Svc::mixtures`]).

use super::Ensemble;
use super::forest::Forest;
use super::part::{Defect, Shares};
use super::tree::{Node, Tree};
use crate::error::ModelError;
use crate::explain::{Players, shapley_values};
use crate::mood::Mood;

impl Ensemble {
    /// Number of background songs, at least one.
    #[must_use]
    pub const fn n_background(&self) -> usize {
        self.background.len()
    }

    /// Shapley values `[player][mood]` of the combiner's shares for one song against one
    /// background song ([`crate::explain::shapley_values`]): they add up to the song's
    /// shares less the background song's. The mean over all background songs explains
    /// the song against an average one.
    ///
    /// `descriptors` as for [`Self::predict_proba`]; `players` groups them; `song` is
    /// less than [`Self::n_background`].
    ///
    /// # Errors
    /// [`ModelError::Run`] where `descriptors` or `players` are for another number of
    /// inputs, a value is not finite, or there is no such background song.
    pub fn compare(
        &self,
        descriptors: &[f64],
        players: &Players,
        song: usize,
    ) -> Result<Vec<[f64; Mood::COUNT]>, ModelError> {
        self.shapley(descriptors, players, song)
            .map_err(|defect| self.refused(&defect))
    }

    fn shapley(
        &self,
        descriptors: &[f64],
        players: &Players,
        song: usize,
    ) -> Result<Vec<[f64; Mood::COUNT]>, Defect> {
        let row = self.model.scaler.transform(descriptors)?;
        let (got, expected) = (players.of_input().len(), row.len());
        if got != expected {
            let detail = format!("{got} inputs are grouped, expected {expected}");
            return Err(Defect::new("players", detail));
        }
        let Some(other) = self.background.get(song) else {
            return Err(Defect::new("background", format!("no song {song}")));
        };
        let pays: Vec<[f64; Mood::COUNT]> = self
            .mixed(&row, other, players)?
            .iter()
            .map(|shares| std::array::from_fn(|mood| shares[mood]))
            .collect();
        Ok(shapley_values(&pays))
    }

    /// The combiner's shares for every mixture of two standardised rows, `[coalition]`.
    /// The rows are as long as the model's inputs.
    fn mixed(&self, row: &[f64], other: &[f64], players: &Players) -> Result<Vec<Shares>, Defect> {
        let mut tree = vec![vec![0.0; self.tree.n_classes()]; players.coalitions()];
        add_leaves(&self.tree, row, other, players, &mut tree)?;
        let forest = forest_mixtures(&self.forest, row, other, players)?;
        let svm = self.svm.mixtures(row, other, players);
        let base = svm.into_iter().zip(tree).zip(forest);
        Ok(base
            .map(|((svm, tree), forest)| {
                let inputs = [svm, tree, forest].concat();
                self.model.stack.predict_proba(&inputs)
            })
            .collect())
    }
}

fn forest_mixtures(
    forest: &Forest,
    row: &[f64],
    other: &[f64],
    players: &Players,
) -> Result<Vec<Shares>, Defect> {
    let mut sums = vec![vec![0.0; forest.n_classes()]; players.coalitions()];
    for tree in forest.trees() {
        add_leaves(tree, row, other, players, &mut sums)?;
    }
    for value in sums.iter_mut().flatten() {
        *value /= forest.trees().len() as f64;
    }
    Ok(sums)
}

/// Adds to `sums` (`[coalition][class]`) the shares of the leaf that each coalition's
/// mixture falls into.
///
/// Where the two rows part at a split, the coalitions with the split's player go with
/// `row` and the others with `other`. The ways are kept on a stack: a damaged file may
/// hold a chain of any depth.
fn add_leaves(
    tree: &Tree,
    row: &[f64],
    other: &[f64],
    players: &Players,
    sums: &mut [Shares],
) -> Result<(), Defect> {
    let everyone = players.coalitions() - 1;
    // (node, players who are in, players who are out).
    let mut ways = vec![(0, 0, 0)];
    while let Some((at, inside, outside)) = ways.pop() {
        let Some(node) = tree.nodes().get(at) else {
            return Err(Defect::new("tree", format!("no node {at}")));
        };
        match *node {
            Node::Leaf(leaf) => {
                let shares = tree.shares(leaf)?;
                let free = everyone & !inside & !outside;
                for coalition in subsets(free).map(|some| some | inside) {
                    for (sum, share) in sums[coalition].iter_mut().zip(shares) {
                        *sum += share;
                    }
                }
            }
            Node::Split {
                input,
                threshold,
                below,
            } => {
                // As smartcore: what is at most the threshold goes below.
                let next = |row: &[f64]| below + usize::from(row[input] > threshold);
                let (own, others) = (next(row), next(other));
                let player = 1 << players.of_input()[input];
                if own == others {
                    ways.push((own, inside, outside));
                    continue;
                }
                if outside & player == 0 {
                    ways.push((own, inside | player, outside));
                }
                if inside & player == 0 {
                    ways.push((others, inside, outside | player));
                }
            }
        }
    }
    Ok(())
}

/// All subsets of a bit mask, itself first and the empty one last.
fn subsets(mask: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(mask), move |&subset| {
        (subset > 0).then(|| (subset - 1) & mask)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ensemble::EnsembleModel;

    /// Layout and model, as the trainer's test writes them.
    const BYTES: &[u8] = include_bytes!("../../tests/data/ensemble/synthetic.bin");

    #[test]
    fn mixtures_are_answered_as_if_asked_one_by_one() {
        let (_, model): (u32, EnsembleModel) = postcard::from_bytes(BYTES).unwrap();
        let ensemble = Ensemble::new(model, "synthetic.bin").unwrap();
        let players = Players::new(vec![0, 1, 2, 1, 3, 0]).unwrap();
        let row = vec![0.9, -1.2, 0.3, 2.0, -0.4, 0.0];
        assert!(ensemble.n_background() > 1);
        let mut parted = 0.0_f64;
        for other in &ensemble.background {
            let together = ensemble.mixed(&row, other, &players).unwrap();
            assert_eq!(together.len(), 16);
            for (coalition, got) in together.iter().enumerate() {
                let mixture = players.mixture(coalition, &row, other);
                let base = ensemble.base(&mixture).unwrap();
                let alone = ensemble.model.stack.predict_proba(&base.concat());
                for (got, alone) in got.iter().zip(&alone) {
                    assert!((got - alone).abs() < 1e-12, "{got} {alone}");
                }
                parted = parted.max((got[0] - together[0][0]).abs());
            }
        }
        assert!(parted > 0.1, "{parted}");
    }

    #[test]
    fn every_subset_comes_once() {
        let all: Vec<usize> = subsets(0b1011).collect();
        assert_eq!(all, [11, 10, 9, 8, 3, 2, 1, 0]);
        assert_eq!(subsets(0).collect::<Vec<_>>(), [0]);
    }
}

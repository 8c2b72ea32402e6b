//! Exact Shapley values of groups of inputs.
//!
//! The game is the interventional one of Lundberg & Lee 2017 ("A unified approach to
//! interpreting model predictions"; Janzing et al. 2020 on why interventional): a
//! coalition pays what the model answers where the coalition's inputs are the song's and
//! all others those of a background song. Players are groups of inputs (Owen 1977 calls
//! them unions; within a group nothing is shared out). A mean over background songs is
//! taken by averaging the values, as Shapley values are linear in the game. With at most
//! [`MAX_PLAYERS`] players every coalition is asked, so nothing is sampled.

/// Most players: 2⁸ coalitions are asked.
pub const MAX_PLAYERS: usize = 8;

/// Inputs of a model, grouped into players.
///
/// A coalition is a bit mask: player `p` is in it where bit `p` is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Players {
    of_input: Vec<usize>,
    count: usize,
}

impl Players {
    /// `of_input[i]` is the player that input `i` belongs to. `None` without inputs, with
    /// more than [`MAX_PLAYERS`] players, or where a player has no input.
    #[must_use]
    pub fn new(of_input: Vec<usize>) -> Option<Self> {
        let count = of_input.iter().max()?.checked_add(1)?;
        let complete = count <= MAX_PLAYERS && (0..count).all(|p| of_input.contains(&p));
        complete.then_some(Self { of_input, count })
    }

    /// The player of each input.
    #[must_use]
    pub fn of_input(&self) -> &[usize] {
        &self.of_input
    }

    /// Number of players.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Number of coalitions, the empty and the full one included.
    #[must_use]
    pub const fn coalitions(&self) -> usize {
        1 << self.count
    }

    /// The inputs of a coalition: those of its players from `row`, all others from
    /// `background`. Both are as long as [`Self::of_input`].
    #[must_use]
    pub fn mixture(&self, coalition: usize, row: &[f64], background: &[f64]) -> Vec<f64> {
        let pairs = row.iter().zip(background).zip(&self.of_input);
        pairs
            .map(|((own, other), player)| {
                if coalition >> player & 1 == 1 {
                    *own
                } else {
                    *other
                }
            })
            .collect()
    }
}

/// Shapley values `[player]` of a game that pays `N` things at once; `pays[coalition]`
/// for each of the 2^n coalitions. They add up to what the full coalition pays beyond
/// the empty one (Shapley 1953, "A value for n-person games").
///
/// Coalitions beyond a power of two are not looked at.
#[must_use]
pub fn shapley_values<const N: usize>(pays: &[[f64; N]]) -> Vec<[f64; N]> {
    let n_players = pays.len().checked_ilog2().unwrap_or(0) as usize;
    let weights = weights(n_players);
    (0..n_players)
        .map(|player| {
            let bit = 1 << player;
            let mut value = [0.0; N];
            for without in (0..1_usize << n_players).filter(|c| c & bit == 0) {
                let weight = weights[without.count_ones() as usize];
                for (sum, (with, without)) in value
                    .iter_mut()
                    .zip(pays[without | bit].iter().zip(&pays[without]))
                {
                    *sum += weight * (with - without);
                }
            }
            value
        })
        .collect()
}

/// Share of the orders of `n` players in which a player comes right after a given
/// coalition of size `s`: s! (n - 1 - s)! / n!, for s from 0.
fn weights(n: usize) -> Vec<f64> {
    // 1 / (n * binomial(n - 1, s)).
    let mut binomial = 1.0;
    (0..n)
        .map(|s| {
            let weight = 1.0 / (n as f64 * binomial);
            binomial *= (n - 1 - s) as f64 / (s + 1) as f64;
            weight
        })
        .collect()
}

#[cfg(test)]
mod tests;

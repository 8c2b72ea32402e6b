//! What each factor added to the ensemble's answer.

use super::Factor;
use crate::mood::Mood;

/// Mean of the Shapley values against the background songs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attribution {
    sums: Vec<(Factor, [f64; Mood::COUNT])>,
    songs: usize,
}

impl Attribution {
    /// Adds the values against one more background song: every song brings the same
    /// factors in the same order.
    pub fn add(&mut self, values: Vec<(Factor, [f64; Mood::COUNT])>) {
        self.songs += 1;
        if self.sums.is_empty() {
            self.sums = values;
            return;
        }
        for (sum, value) in self.sums.iter_mut().zip(values) {
            for (sum, value) in sum.1.iter_mut().zip(value.1) {
                *sum += value;
            }
        }
    }

    /// Number of background songs so far.
    #[must_use]
    pub const fn songs(&self) -> usize {
        self.songs
    }

    /// What each factor added to the probability of `mood`, the strongest first,
    /// whichever way it pulled.
    #[must_use]
    pub fn of(&self, mood: Mood) -> Vec<(Factor, f64)> {
        self.strongest(|values| values[mood.index()])
    }

    /// How far each factor pulled from mood `b` to mood `a`, the strongest first.
    #[must_use]
    pub fn between(&self, a: Mood, b: Mood) -> Vec<(Factor, f64)> {
        self.strongest(|values| values[a.index()] - values[b.index()])
    }

    fn strongest(&self, value: impl Fn(&[f64; Mood::COUNT]) -> f64) -> Vec<(Factor, f64)> {
        let songs = self.songs.max(1) as f64;
        let sums = self.sums.iter();
        let mut values: Vec<_> = sums.map(|(f, sum)| (*f, value(sum) / songs)).collect();
        values.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn songs_are_averaged_and_the_strongest_comes_first() {
        let mut attribution = Attribution::default();
        let (tempo, mode) = (Factor::Tempo, Factor::Mode);
        attribution.add(vec![
            (tempo, [0.1, 0.0, 0.0, -0.1]),
            (mode, [-0.4, 0.4, 0.0, 0.0]),
        ]);
        attribution.add(vec![
            (tempo, [0.3, 0.0, 0.0, -0.3]),
            (mode, [-0.2, 0.2, 0.0, 0.0]),
        ]);
        assert_eq!(attribution.songs(), 2);
        let sad = attribution.of(Mood::Sad);
        assert_eq!(sad.iter().map(|v| v.0).collect::<Vec<_>>(), [mode, tempo]);
        assert!((sad[0].1 + 0.3).abs() < 1e-12 && (sad[1].1 - 0.2).abs() < 1e-12);
        let pull = attribution.between(Mood::Sad, Mood::Energetic);
        assert_eq!(pull[0].0, tempo);
        assert!((pull[0].1 - 0.4).abs() < 1e-12);
        assert!(Attribution::default().of(Mood::Sad).is_empty());
    }
}

//! The four moods, the plane they lie in, and the views derived from them.
//!
//! This is the one place where the four probabilities become a verdict, the
//! 3-class and binary views of the study, or a point of Russell's circumplex
//! (Russell 1980, "A circumplex model of affect").

use serde::{Deserialize, Serialize};

/// A mood of the four-class study; also a quadrant of the arousal-valence plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// Valence -, arousal - (EMOPIA's Q3).
    Sad,
    /// Valence +, arousal - (Q4).
    Calm,
    /// Valence +, arousal + (Q1).
    Happy,
    /// Valence -, arousal +: tense, angry or driving (Q2).
    Energetic,
}

impl Mood {
    /// Number of moods.
    pub const COUNT: usize = 4;
    /// All moods, in the order of every array that is indexed by mood.
    pub const ALL: [Self; Self::COUNT] = [Self::Sad, Self::Calm, Self::Happy, Self::Energetic];

    /// Position in [`Mood::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The lower-case English name, as in files and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sad => "sad",
            Self::Calm => "calm",
            Self::Happy => "happy",
            Self::Energetic => "energetic",
        }
    }

    /// The mood of that [`Mood::name`], in any case; `None` for another word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|mood| mood.name().eq_ignore_ascii_case(name.trim()))
    }

    /// The quadrant's corner: arousal and valence, each -1 or 1.
    #[must_use]
    pub const fn affect(self) -> Affect {
        let (arousal, valence) = match self {
            Self::Sad => (-1.0, -1.0),
            Self::Calm => (-1.0, 1.0),
            Self::Happy => (1.0, 1.0),
            Self::Energetic => (1.0, -1.0),
        };
        Affect { arousal, valence }
    }
}

impl std::fmt::Display for Mood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// A point of the arousal-valence plane, both in [-1, 1].
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Affect {
    /// From drowsy (-1) to excited (1).
    pub arousal: f32,
    /// From unpleasant (-1) to pleasant (1).
    pub valence: f32,
}

/// One probability per mood; they add up to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MoodProbabilities {
    /// Probability of [`Mood::Sad`], in [0, 1].
    pub sad: f32,
    /// Probability of [`Mood::Calm`], in [0, 1].
    pub calm: f32,
    /// Probability of [`Mood::Happy`], in [0, 1].
    pub happy: f32,
    /// Probability of [`Mood::Energetic`], in [0, 1].
    pub energetic: f32,
}

impl MoodProbabilities {
    /// Every mood as likely as the next.
    pub const UNIFORM: Self = Self {
        sad: 0.25,
        calm: 0.25,
        happy: 0.25,
        energetic: 0.25,
    };

    /// Probabilities from non-negative weights in the order of [`Mood::ALL`].
    ///
    /// The weights are divided by their sum; without any (or with one that is not
    /// finite) the answer is [`Self::UNIFORM`].
    #[must_use]
    pub fn from_weights(weights: [f32; Mood::COUNT]) -> Self {
        let sum: f32 = weights.iter().sum();
        if !sum.is_finite() || sum <= 0.0 {
            return Self::UNIFORM;
        }
        let [sad, calm, happy, energetic] = weights.map(|w| w / sum);
        Self {
            sad,
            calm,
            happy,
            energetic,
        }
    }

    /// Softmax of logits in the order of [`Mood::ALL`] (natural logarithms).
    #[must_use]
    pub fn from_logits(logits: [f32; Mood::COUNT]) -> Self {
        let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        Self::from_weights(logits.map(|logit| (logit - max).exp()))
    }

    /// The probabilities in the order of [`Mood::ALL`].
    #[must_use]
    pub const fn to_array(self) -> [f32; Mood::COUNT] {
        [self.sad, self.calm, self.happy, self.energetic]
    }

    /// The probability of one mood.
    #[must_use]
    pub const fn get(self, mood: Mood) -> f32 {
        self.to_array()[mood.index()]
    }

    /// The likeliest mood (the first in order on a tie) and its probability.
    #[must_use]
    pub fn top(self) -> (Mood, f32) {
        Mood::ALL
            .into_iter()
            .map(|mood| (mood, self.get(mood)))
            .fold((Mood::Sad, self.sad), |best, next| {
                if next.1 > best.1 { next } else { best }
            })
    }

    /// The likeliest mood as [`Self::top`], and the likeliest of the others, each with
    /// its probability.
    #[must_use]
    pub fn top_two(self) -> [(Mood, f32); 2] {
        let first = self.top();
        let mut weights = self.to_array();
        weights[first.0.index()] = f32::NEG_INFINITY;
        let second = Mood::ALL
            .into_iter()
            .map(|mood| (mood, weights[mood.index()]))
            .fold((first.0, f32::NEG_INFINITY), |best, next| {
                if next.1 > best.1 { next } else { best }
            });
        [first, second]
    }

    /// Weighted mean of two judges' probabilities; `weight` in [0, 1] is `self`'s share.
    #[must_use]
    pub fn blend(self, other: Self, weight: f32) -> Self {
        let (a, b) = (self.to_array(), other.to_array());
        Self::from_weights(std::array::from_fn(|i| {
            weight * a[i] + (1.0 - weight) * b[i]
        }))
    }

    /// Each probability to the power of `1 / temperature`, then scaled to a sum of 1: surer
    /// below a temperature of 1, more cautious above (Guo et al. 2017).
    #[must_use]
    pub fn tempered(self, temperature: f32) -> Self {
        let exponent = temperature.recip();
        Self::from_weights(self.to_array().map(|share| share.powf(exponent)))
    }

    /// Half the sum of absolute differences: 0 where two judges say the same, 1
    /// where they share nothing (total variation distance).
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        let (a, b) = (self.to_array(), other.to_array());
        a.iter().zip(b).map(|(p, q)| (p - q).abs()).sum::<f32>() / 2.0
    }

    /// The expected point of the arousal-valence plane: the corners of the four
    /// quadrants weighted by their probabilities. A mood of more than one half has it in its
    /// quadrant.
    #[must_use]
    pub fn affect(self) -> Affect {
        Affect {
            arousal: 2.0 * (self.happy + self.energetic) - 1.0,
            valence: 2.0 * (self.happy + self.calm) - 1.0,
        }
    }

    /// The binary view: positive is happy or energetic, negative is sad or calm.
    #[must_use]
    pub fn binary(self) -> Binary {
        Binary {
            positive: self.happy + self.energetic,
            negative: self.sad + self.calm,
        }
    }

    /// The 3-class view: calm is called healing, happy and energetic are joyful.
    #[must_use]
    pub fn three_class(self) -> ThreeClass {
        ThreeClass {
            sad: self.sad,
            healing: self.calm,
            joyful: self.happy + self.energetic,
        }
    }
}

/// The study's binary label.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Binary {
    /// Happy or energetic.
    pub positive: f32,
    /// Sad or calm.
    pub negative: f32,
}

/// The study's 3-class label.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ThreeClass {
    /// Sad.
    pub sad: f32,
    /// Calm.
    pub healing: f32,
    /// Happy or energetic.
    pub joyful: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_in_any_case() {
        for mood in Mood::ALL {
            assert_eq!(Mood::from_name(&mood.name().to_uppercase()), Some(mood));
            assert_eq!(Mood::ALL[mood.index()], mood);
        }
        assert_eq!(Mood::from_name("angry"), None);
    }

    #[test]
    fn a_certain_mood_sits_in_its_corner() {
        for mood in Mood::ALL {
            let mut weights = [0.0; Mood::COUNT];
            weights[mood.index()] = 3.0;
            let certain = MoodProbabilities::from_weights(weights);
            assert_eq!(certain.top(), (mood, 1.0));
            assert_eq!(certain.affect(), mood.affect());
        }
    }

    #[test]
    fn a_low_temperature_makes_surer() {
        let moods = MoodProbabilities::from_weights([0.4, 0.3, 0.2, 0.1]);
        let same = moods.tempered(1.0).to_array();
        for (a, b) in same.iter().zip(moods.to_array()) {
            assert!((a - b).abs() < 1e-6);
        }
        // Squares, scaled: 16, 9, 4 and 1 of 30.
        let surer = moods.tempered(0.5).to_array();
        for (share, expected) in surer.iter().zip([16.0, 9.0, 4.0, 1.0]) {
            assert!((share - expected / 30.0).abs() < 1e-6, "{surer:?}");
        }
        let certain = MoodProbabilities::from_weights([1.0, 0.0, 0.0, 0.0]);
        assert_eq!(certain.tempered(0.05), certain);
    }

    #[test]
    fn the_second_mood_is_another() {
        let top_two = |weights| {
            let moods = MoodProbabilities::from_weights(weights).top_two();
            moods.map(|(mood, _)| mood)
        };
        assert_eq!(top_two([0.1, 0.2, 0.6, 0.1]), [Mood::Happy, Mood::Calm]);
        assert_eq!(top_two([1.0, 0.0, 0.0, 0.0]), [Mood::Sad, Mood::Calm]);
        assert_eq!(top_two([1.0; 4]), [Mood::Sad, Mood::Calm]);
    }

    #[test]
    fn views_add_up_to_one() {
        let p = MoodProbabilities::from_logits([0.3, -2.0, 1.5, 0.0]);
        let (b, t) = (p.binary(), p.three_class());
        assert!((b.positive + b.negative - 1.0).abs() < 1e-6);
        assert!((t.sad + t.healing + t.joyful - 1.0).abs() < 1e-6);
        assert!((p.distance(MoodProbabilities::UNIFORM)) > 0.0);
    }

    #[test]
    fn weights_that_say_nothing_give_the_uniform() {
        for weights in [[0.0; 4], [f32::NAN, 1.0, 1.0, 1.0]] {
            assert_eq!(
                MoodProbabilities::from_weights(weights),
                MoodProbabilities::UNIFORM
            );
        }
    }
}

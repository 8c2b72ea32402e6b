//! Learning from the visitor: a small head on what the judges and the features say, fitted on
//! her machine to what she said.
//!
//! Songs that the judges give one mood have a multinomial logistic regression of their own over
//! the numbers that songs are compared by. The judges' verdict is its prior: half of their
//! log-probabilities is added, the weights are held near nothing (ridge), and songs of which she
//! said nothing weigh in a little as the judges judged them, so that one correction does not
//! turn the library over.

use super::similar::{DIMENSIONS, Place, deviations, place};
use super::song::LibrarySong;
use crate::mood::Mood;

/// Fewest songs of one verdict that anything is learnt from.
const LEAST: usize = 4;
/// Penalty on the squares of the weights, for numbers in standard deviations.
const RIDGE: f64 = 3.0;
/// Weight of a song of which nothing was said, against one of which something was.
const UNSAID_WEIGHT: f64 = 0.2;
/// Most songs of one verdict of which nothing was said that weigh in: more change little and
/// take long.
const MOST_UNSAID: usize = 150;
/// Steps of a fit.
const STEPS: usize = 150;
/// Share of the judges' log-probabilities.
const PRIOR_SHARE: f64 = 0.5;
/// Probabilities are not taken for smaller than that.
const LEAST_PROBABILITY: f64 = 1e-3;
/// Times that a part of what was said is left out, to see what is right.
const TURNS: usize = 10;
/// Inputs: the numbers, and one for the bias.
const INPUTS: usize = DIMENSIONS + 1;

/// Weights of a head, by mood.
type Weights = [[f64; INPUTS]; Mood::COUNT];

/// What was learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct Ear {
    /// By the judges' verdict.
    heads: [Option<Box<Weights>>; Mood::COUNT],
    means: [f64; DIMENSIONS],
    scales: [f64; DIMENSIONS],
    /// How many songs the visitor spoke of.
    pub said: usize,
    /// How many of these the judges are right about.
    pub judges_right: usize,
    /// How many this is right about when the song has no part in the fit.
    pub right: usize,
}

/// A song as a fit sees it.
struct Lesson {
    inputs: [f64; INPUTS],
    prior: [f64; Mood::COUNT],
    /// What is to be answered.
    mood: Mood,
    /// Whether the visitor said it.
    said: bool,
}

impl Ear {
    /// Learns from what the visitor said of these songs; `None` where that is too little.
    #[must_use]
    pub fn learn<'a>(songs: impl IntoIterator<Item = &'a LibrarySong>) -> Option<Self> {
        let music = songs.into_iter().filter(|song| song.kept.kind.is_music());
        let placed: Vec<_> = music.map(|song| (song, place(&song.kept))).collect();
        let said: Vec<_> = placed
            .iter()
            .filter(|(song, _)| song.said.is_some())
            .collect();
        if said.len() < LEAST {
            return None;
        }
        let mut ear = Self {
            heads: [const { None }; Mood::COUNT],
            means: means(&placed),
            scales: deviations(&placed),
            said: said.len(),
            judges_right: 0,
            right: 0,
        };
        for mood in Mood::ALL {
            let lessons = ear.lessons(&placed, mood);
            let said = lessons.iter().filter(|lesson| lesson.said);
            let judges_right = said.clone().filter(|lesson| lesson.mood == mood).count();
            let said = said.count();
            ear.judges_right += judges_right;
            if said < LEAST {
                ear.right += judges_right;
                continue;
            }
            ear.right += right(&lessons, said);
            ear.heads[mood.index()] = Some(Box::new(fit(&lessons, |_| true)));
        }
        let any = ear.heads.iter().any(Option::is_some);
        any.then_some(ear)
    }

    /// The mood that she would hear.
    #[must_use]
    pub fn hear(&self, song: &LibrarySong) -> Option<Mood> {
        let judged = song.kept.kind.is_music().then_some(song.kept.mood)?;
        let weights = self.heads[judged.index()].as_deref()?;
        let inputs = self.inputs(&place(&song.kept));
        Some(top(&answer(weights, &inputs, &prior(song))))
    }

    /// The songs of that verdict: first those of which something was said, then some others.
    fn lessons(&self, placed: &[(&LibrarySong, Place)], mood: Mood) -> Vec<Lesson> {
        let judged = placed.iter().filter(|(song, _)| song.kept.mood == mood);
        let (said, unsaid): (Vec<_>, Vec<_>) = judged.partition(|(song, _)| song.said.is_some());
        let every = unsaid.len().div_ceil(MOST_UNSAID).max(1);
        let songs = said.iter().chain(unsaid.iter().step_by(every));
        let lessons = songs.map(|(song, place)| Lesson {
            inputs: self.inputs(place),
            prior: prior(song),
            mood: song.said.unwrap_or(mood),
            said: song.said.is_some(),
        });
        lessons.collect()
    }

    /// A song's numbers in standard deviations; what was not measured is the mean.
    fn inputs(&self, place: &Place) -> [f64; INPUTS] {
        let mut inputs = [1.0; INPUTS];
        for (at, value) in place.iter().enumerate() {
            let scale = self.scales[at];
            let value = value.filter(|_| scale > 0.0);
            inputs[at] = value.map_or(0.0, |value| (value - self.means[at]) / scale);
        }
        inputs
    }
}

/// How many of the first songs, of which something was said, a fit without them gets right.
fn right(lessons: &[Lesson], said: usize) -> usize {
    let turns = said.min(TURNS);
    let answers = (0..turns).map(|turn| {
        let is_out = |index: usize| index < said && index % turns == turn;
        let weights = fit(lessons, |index| !is_out(index));
        let out = lessons
            .iter()
            .enumerate()
            .filter(|(index, _)| is_out(*index));
        out.filter(|(_, lesson)| {
            top(&answer(&weights, &lesson.inputs, &lesson.prior)) == lesson.mood
        })
        .count()
    });
    answers.sum()
}

fn top(shares: &[f64; Mood::COUNT]) -> Mood {
    let most = |a: &Mood, b: &Mood| shares[a.index()].total_cmp(&shares[b.index()]);
    Mood::ALL.into_iter().max_by(most).unwrap_or(Mood::Calm)
}

/// What is added of the judges' log-probabilities.
fn prior(song: &LibrarySong) -> [f64; Mood::COUNT] {
    let shares = song.kept.moods.to_array();
    shares.map(|share| PRIOR_SHARE * f64::from(share).max(LEAST_PROBABILITY).ln())
}

fn means(songs: &[(&LibrarySong, Place)]) -> [f64; DIMENSIONS] {
    std::array::from_fn(|at| {
        let values: Vec<f64> = songs.iter().filter_map(|(_, place)| place[at]).collect();
        values.iter().sum::<f64>() / values.len().max(1) as f64
    })
}

/// The probabilities of a song.
fn answer(
    weights: &Weights,
    inputs: &[f64; INPUTS],
    prior: &[f64; Mood::COUNT],
) -> [f64; Mood::COUNT] {
    let logits: [f64; Mood::COUNT] = std::array::from_fn(|mood| {
        let moved: f64 = weights[mood].iter().zip(inputs).map(|(w, x)| w * x).sum();
        prior[mood] + moved
    });
    let most = logits.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let shares = logits.map(|logit| (logit - most).exp());
    let sum: f64 = shares.iter().sum();
    shares.map(|share| share / sum)
}

/// Gradient descent on the penalised cross-entropy, which has one minimum, over those lessons
/// that take part. A step is as long as the curvature allows: that is at most half the sum of
/// the squares of the inputs.
fn fit(lessons: &[Lesson], takes_part: impl Fn(usize) -> bool) -> Weights {
    let lessons = lessons.iter().enumerate();
    let lessons: Vec<_> = lessons
        .filter(|(index, _)| takes_part(*index))
        .map(|(_, lesson)| (lesson, if lesson.said { 1.0 } else { UNSAID_WEIGHT }))
        .collect();
    let squares: f64 = lessons
        .iter()
        .map(|(lesson, weight)| weight * lesson.inputs.iter().map(|x| x * x).sum::<f64>())
        .sum();
    let step = 1.0 / (squares / 2.0 + RIDGE);
    let mut weights = [[0.0; INPUTS]; Mood::COUNT];
    // Nesterov's momentum: plain descent would take many times the steps.
    let mut before = weights;
    for round in 0..STEPS {
        let momentum = round as f64 / (round as f64 + 3.0);
        let ahead: Weights = std::array::from_fn(|mood| {
            std::array::from_fn(|at| {
                weights[mood][at] + momentum * (weights[mood][at] - before[mood][at])
            })
        });
        let mut slopes = ahead.map(|row| row.map(|weight| RIDGE * weight));
        for (lesson, weight) in &lessons {
            let now = answer(&ahead, &lesson.inputs, &lesson.prior);
            for mood in Mood::ALL {
                let wanted = f64::from(u8::from(mood == lesson.mood));
                let off = weight * (now[mood.index()] - wanted);
                let slopes = slopes[mood.index()].iter_mut();
                for (slope, input) in slopes.zip(&lesson.inputs) {
                    *slope += off * input;
                }
            }
        }
        before = weights;
        weights = std::array::from_fn(|mood| {
            std::array::from_fn(|at| ahead[mood][at] - step * slopes[mood][at])
        });
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::super::tests::kept;
    use super::*;

    /// Songs of all kinds: their moods follow arousal and valence, and what is measured follows
    /// both or neither.
    fn library(count: usize) -> Vec<LibrarySong> {
        let mut seed = 7_u64;
        let mut noise = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as f64 / f64::from(1_u32 << 31) - 0.5
        };
        let songs = (0..count).map(|index| {
            let (arousal, valence) = (2.0 * noise(), 2.0 * noise());
            let weight = |a: f64, v: f64| (3.0 * (a * arousal + v * valence)).exp() as f32;
            let weights = [(-1.0, -1.0), (-1.0, 1.0), (1.0, 1.0), (1.0, -1.0)];
            let weights = weights.map(|(a, v)| weight(a, v));
            let tempo = Some(90.0 + 40.0 * noise());
            let mut kept = kept(&index.to_string(), weights, tempo);
            kept.features.energy = Some(0.5 + arousal / 3.0 + noise() / 4.0);
            kept.features.acousticness = Some(0.5 + noise());
            kept.centroid_hz = 600.0 * (1.0 + noise() / 2.0);
            kept.onset_rate_hz = 3.0 + noise();
            LibrarySong::new(kept, None)
        });
        songs.collect()
    }

    /// A listener who hears as the judges do, but calls every third calm song sad: the dullest.
    fn hears(song: &LibrarySong) -> Mood {
        match song.kept.mood {
            Mood::Calm if song.kept.centroid_hz < 550.0 => Mood::Sad,
            mood => mood,
        }
    }

    /// How many of the songs of which nothing was said the judges and the ear are right about.
    fn right_on_others(songs: &[LibrarySong], ear: &Ear) -> [usize; 2] {
        let others = songs.iter().filter(|song| song.said.is_none());
        others.fold([0; 2], |[judges, learnt], song| {
            let mood = hears(song);
            let heard = ear.hear(song).unwrap_or(song.kept.mood);
            [
                judges + usize::from(song.kept.mood == mood),
                learnt + usize::from(heard == mood),
            ]
        })
    }

    #[test]
    fn twenty_corrections_make_it_right_more_often_on_other_songs() {
        let mut songs = library(600);
        let wrong = songs
            .iter_mut()
            .filter(|song| hears(song) != song.kept.mood);
        for song in wrong.take(20) {
            song.said = Some(hears(song));
        }
        let ear = Ear::learn(&songs).unwrap();
        assert_eq!((ear.said, ear.judges_right), (20, 0));
        let [judges, learnt] = right_on_others(&songs, &ear);
        // 27 of 580 songs are the listener's own third; most of them are found.
        assert!(
            judges + 10 < learnt,
            "{judges} of the judges, {learnt} learnt"
        );
        assert!(ear.right > 12, "{ear:?}");
    }

    #[test]
    fn little_is_learnt_from_little() {
        let mut songs = library(60);
        let calm = songs.iter_mut().filter(|song| song.kept.mood == Mood::Calm);
        for song in calm.take(LEAST - 1) {
            song.said = Some(Mood::Happy);
        }
        assert_eq!(Ear::learn(&songs), None);
        assert_eq!(Ear::learn(&[]), None);
    }

    #[test]
    fn who_agrees_changes_nothing() {
        let mut songs = library(200);
        for song in songs.iter_mut().take(60) {
            song.said = Some(song.kept.mood);
        }
        let ear = Ear::learn(&songs).unwrap();
        assert_eq!(ear.judges_right, 60);
        let changed = songs
            .iter()
            .filter(|song| ear.hear(song).is_some_and(|mood| mood != song.kept.mood));
        assert_eq!(changed.count(), 0);
    }
}

//! Plain sentences made of what spoke for and against the verdict.

use super::{Contribution, Factor};
use crate::mood::Mood;

/// A factor is named as a reason when it holds at least this share of all that the
/// factors did, whichever way; below it, it is one of many.
pub const LEAST_SHARE: f64 = 0.12;
/// A factor is named as speaking against only from this share on.
pub const LEAST_SHARE_AGAINST: f64 = 0.2;
/// A factor that moves a probability by less than this is never named.
pub const LEAST_PROBABILITY: f64 = 0.02;
/// Most factors of one sentence.
const MOST: usize = 3;

/// What was decided, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The verdict's mood.
    pub mood: Mood,
    /// The mood that comes second.
    pub second: Mood,
    /// Whether the verdict is to be relied on.
    pub unsure: bool,
    /// The mood that the ensemble alone would say.
    pub by_features: Mood,
    /// The mood that the network alone would say.
    pub by_ear: Mood,
}

/// The reasons of a decision.
///
/// `contributions` are for the verdict's mood, `pulls` tell how far each factor pulled
/// from the second mood to the verdict's; both the strongest first.
#[must_use]
pub fn sentences(
    decision: Decision,
    contributions: &[Contribution],
    pulls: &[(Factor, f64)],
) -> Vec<String> {
    let mut sentences = if decision.unsure {
        torn(decision, contributions, pulls)
    } else {
        plain(decision.mood, contributions)
    };
    sentences.extend(dissent(decision));
    sentences
}

/// What spoke for the mood, and clearly against it.
fn plain(mood: Mood, contributions: &[Contribution]) -> Vec<String> {
    let values: Vec<(&str, f64)> = contributions
        .iter()
        .map(|c| (c.heard.as_str(), c.shapley))
        .collect();
    let reasons = speaking(&values, LEAST_SHARE);
    let against: Vec<_> = values
        .iter()
        .map(|(heard, value)| (*heard, -value))
        .collect();
    let against = speaking(&against, LEAST_SHARE_AGAINST);
    let reasons = match reasons {
        None => format!("No measured feature clearly speaks for {mood}."),
        Some(heard) => capital(&format!("{heard}: that speaks for {mood}.")),
    };
    let against = against.map(|heard| format!("Against it: {heard}."));
    std::iter::once(reasons).chain(against).collect()
}

/// What pulls which way.
fn torn(
    decision: Decision,
    contributions: &[Contribution],
    pulls: &[(Factor, f64)],
) -> Vec<String> {
    let Decision { mood, second, .. } = decision;
    let values = |sign: f64| -> Vec<(&str, f64)> {
        let named = pulls.iter().filter_map(|(factor, pull)| {
            let heard = contributions.iter().find(|c| c.factor == *factor)?;
            Some((heard.heard.as_str(), sign * pull))
        });
        named.collect()
    };
    let towards = [(mood, 1.0), (second, -1.0)]
        .into_iter()
        .filter_map(|(mood, sign)| {
            let heard = speaking(&values(sign), LEAST_SHARE)?;
            Some(capital(&format!("{heard}: that pulls towards {mood}.")))
        });
    std::iter::once(format!("It may be {mood}, it may be {second}."))
        .chain(towards)
        .collect()
}

/// Who was outvoted, where the judges differ.
fn dissent(decision: Decision) -> Option<String> {
    let Decision {
        mood,
        by_features,
        by_ear,
        ..
    } = decision;
    match (by_features == mood, by_ear == mood) {
        (true, true) => None,
        (false, true) => Some(format!(
            "By its features alone the song would be {by_features}; the network's ear decided."
        )),
        (true, false) => Some(format!(
            "The network's ear alone would say {by_ear}; the features decided."
        )),
        (false, false) => Some(format!(
            "By its features alone the song would be {by_features}, by the network's ear \
             {by_ear}; {mood} is what both can agree on."
        )),
    }
}

/// The words of the largest values, joined; `None` where none is above the least share.
fn speaking(values: &[(&str, f64)], least_share: f64) -> Option<String> {
    let all: f64 = values.iter().map(|value| value.1.abs()).sum();
    let least = (least_share * all).max(LEAST_PROBABILITY);
    let named: Vec<&str> = values
        .iter()
        .filter(|value| value.1 >= least)
        .map(|value| value.0)
        .take(MOST)
        .collect();
    (!named.is_empty()).then(|| named.join(", "))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAD: Decision = Decision {
        mood: Mood::Sad,
        second: Mood::Calm,
        unsure: false,
        by_features: Mood::Sad,
        by_ear: Mood::Sad,
    };

    fn contribution(factor: Factor, heard: &str, shapley: f64) -> Contribution {
        Contribution {
            factor,
            heard: heard.to_owned(),
            shapley,
        }
    }

    fn heard() -> [Contribution; 4] {
        [
            contribution(Factor::Tempo, "slow (72 BPM)", 0.2),
            contribution(Factor::Timbre, "bright sound", -0.12),
            contribution(Factor::Mode, "minor key (A minor)", 0.1),
            contribution(Factor::Dynamics, "wide dynamics (20 dB)", 0.01),
        ]
    }

    #[test]
    fn only_what_spoke_for_the_verdict_is_a_reason() {
        let expected = [
            "Slow (72 BPM), minor key (A minor): that speaks for sad.",
            "Against it: bright sound.",
        ];
        assert_eq!(sentences(SAD, &heard(), &[]), expected);
        let mut less = heard();
        less[1].shapley = -0.05;
        assert_eq!(sentences(SAD, &less, &[]), expected[..1]);
    }

    #[test]
    fn nothing_is_said_where_nothing_speaks() {
        let faint = heard().map(|c| Contribution {
            shapley: c.shapley / 20.0,
            ..c
        });
        let expected = ["No measured feature clearly speaks for sad."];
        assert_eq!(sentences(SAD, &faint, &[]), expected);
        assert_eq!(sentences(SAD, &[], &[]), expected);
    }

    #[test]
    fn an_unsure_verdict_says_what_pulls_which_way() {
        let unsure = Decision {
            unsure: true,
            ..SAD
        };
        let pulls = [
            (Factor::Tempo, 0.3),
            (Factor::Mode, -0.25),
            (Factor::Timbre, 0.01),
        ];
        let expected = [
            "It may be sad, it may be calm.",
            "Slow (72 BPM): that pulls towards sad.",
            "Minor key (A minor): that pulls towards calm.",
        ];
        assert_eq!(sentences(unsure, &heard(), &pulls), expected);
    }

    #[test]
    fn an_outvoted_judge_is_named() {
        let last = |by_features, by_ear| {
            let decision = Decision {
                by_features,
                by_ear,
                ..SAD
            };
            sentences(decision, &heard(), &[]).pop().unwrap()
        };
        assert_eq!(
            last(Mood::Calm, Mood::Sad),
            "By its features alone the song would be calm; the network's ear decided."
        );
        assert_eq!(
            last(Mood::Sad, Mood::Calm),
            "The network's ear alone would say calm; the features decided."
        );
        assert!(last(Mood::Happy, Mood::Calm).contains("happy, by the network's ear calm"));
    }
}

//! Plain sentences made of what spoke for and against the verdict.

use super::Contribution;
use crate::kind::Kind;
use crate::mood::Mood;
use crate::text::{Language, capital, kind_name, mood_name, reasons};

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
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// What it is; only music has a mood.
    pub kind: Kind,
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
    /// How unlike the training songs the song is, as [`crate::Report::novelty`].
    pub novelty: Option<f32>,
}

/// The reasons of a decision in that language; `contributions` are the strongest first.
#[must_use]
pub fn sentences(
    language: Language,
    decision: Decision,
    contributions: &[Contribution],
) -> Vec<String> {
    if !decision.kind.is_music() {
        let kind = kind_name(decision.kind).of(language);
        return vec![reasons::NO_MUSIC.fill(language, &[("kind", kind)])];
    }
    let mut sentences = if decision.unsure {
        torn(language, decision, contributions)
    } else {
        plain(language, decision.mood, contributions)
    };
    let unfamiliar = decision.novelty.is_some_and(|novelty| novelty > 0.5);
    sentences.extend(unfamiliar.then(|| reasons::UNFAMILIAR.of(language).to_owned()));
    sentences.extend(dissent(language, decision));
    sentences
}

/// What spoke for the mood, and clearly against it.
fn plain(language: Language, mood: Mood, contributions: &[Contribution]) -> Vec<String> {
    let mood = mood_name(mood).of(language);
    let values = |sign: f64| contributions.iter().map(move |c| (c, sign * c.shapley));
    let reasons = match speaking(language, values(1.0), LEAST_SHARE) {
        None => reasons::NOTHING_SPEAKS.fill(language, &[("mood", mood)]),
        Some(heard) => {
            let values = [("heard", heard.as_str()), ("mood", mood)];
            capital(&reasons::SPEAKS_FOR.fill(language, &values))
        }
    };
    let against = speaking(language, values(-1.0), LEAST_SHARE_AGAINST);
    let against = against.map(|heard| reasons::SPEAKS_AGAINST.fill(language, &[("heard", &heard)]));
    std::iter::once(reasons).chain(against).collect()
}

/// What pulls which way.
fn torn(language: Language, decision: Decision, contributions: &[Contribution]) -> Vec<String> {
    let [mood, second] = [decision.mood, decision.second].map(|mood| mood_name(mood).of(language));
    let mut pulling: Vec<_> = contributions.iter().collect();
    pulling.sort_by(|a, b| b.pull.abs().total_cmp(&a.pull.abs()));
    let towards = [(mood, 1.0), (second, -1.0)]
        .into_iter()
        .filter_map(|(mood, sign)| {
            let values = pulling.iter().map(|c| (*c, sign * c.pull));
            let heard = speaking(language, values, LEAST_SHARE)?;
            let values = [("heard", heard.as_str()), ("mood", mood)];
            Some(capital(&reasons::PULLS.fill(language, &values)))
        });
    let torn = reasons::TORN.fill(language, &[("mood", mood), ("second", second)]);
    std::iter::once(torn).chain(towards).collect()
}

/// Who was outvoted, where the judges differ.
fn dissent(language: Language, decision: Decision) -> Option<String> {
    let Decision {
        mood,
        by_features,
        by_ear,
        ..
    } = decision;
    let text = match (by_features == mood, by_ear == mood) {
        (true, true) => return None,
        (false, true) => reasons::EAR_DECIDED,
        (true, false) => reasons::FEATURES_DECIDED,
        (false, false) => reasons::BOTH_AGREE,
    };
    let name = |mood| mood_name(mood).of(language);
    let values = [
        ("mood", name(mood)),
        ("features", name(by_features)),
        ("ear", name(by_ear)),
    ];
    Some(text.fill(language, &values))
}

/// The words of the largest values, joined; `None` where none is above the least share.
fn speaking<'a>(
    language: Language,
    values: impl Iterator<Item = (&'a Contribution, f64)>,
    least_share: f64,
) -> Option<String> {
    let values: Vec<_> = values.collect();
    let all: f64 = values.iter().map(|value| value.1.abs()).sum();
    let least = (least_share * all).max(LEAST_PROBABILITY);
    let named: Vec<_> = values
        .iter()
        .filter(|value| value.1 >= least)
        .map(|(contribution, _)| contribution.impression.say(language))
        .take(MOST)
        .collect();
    (!named.is_empty()).then(|| named.join(language.list_separator()))
}

#[cfg(test)]
impl Decision {
    /// All judges call it sad.
    pub(super) const SAD: Self = Self {
        kind: Kind::Music,
        mood: Mood::Sad,
        second: Mood::Calm,
        unsure: false,
        by_features: Mood::Sad,
        by_ear: Mood::Sad,
        novelty: None,
    };
}

#[cfg(test)]
mod tests {
    use super::super::{Factor, Impression, Word};
    use super::*;

    fn contribution(factor: Factor, word: Word, figure: &str, values: [f64; 2]) -> Contribution {
        let impression = Impression {
            word,
            figure: figure.to_owned(),
        };
        Contribution {
            factor,
            heard: impression.say(Language::English),
            impression,
            shapley: values[0],
            pull: values[1],
        }
    }

    fn english(decision: Decision, contributions: &[Contribution]) -> Vec<String> {
        sentences(Language::English, decision, contributions)
    }

    fn heard() -> [Contribution; 4] {
        [
            contribution(Factor::Tempo, Word::Slow, "72", [0.2, 0.3]),
            contribution(Factor::Timbre, Word::BrightSound, "", [-0.12, 0.01]),
            contribution(Factor::Mode, Word::MinorKey, "A", [0.1, -0.25]),
            contribution(Factor::Dynamics, Word::WideDynamics, "20", [0.01, 0.0]),
        ]
    }

    #[test]
    fn only_what_spoke_for_the_verdict_is_a_reason() {
        let expected = [
            "Slow (72 BPM), minor key (A minor): that speaks for sad.",
            "Against it: bright sound.",
        ];
        assert_eq!(english(Decision::SAD, &heard()), expected);
        let mut less = heard();
        less[1].shapley = -0.05;
        assert_eq!(english(Decision::SAD, &less), expected[..1]);
    }

    #[test]
    fn nothing_is_said_where_nothing_speaks() {
        let faint = heard().map(|c| Contribution {
            shapley: c.shapley / 20.0,
            ..c
        });
        let expected = ["No measured feature clearly speaks for sad."];
        assert_eq!(english(Decision::SAD, &faint), expected);
        assert_eq!(english(Decision::SAD, &[]), expected);
    }

    #[test]
    fn an_unsure_verdict_says_what_pulls_which_way() {
        let unsure = Decision {
            unsure: true,
            ..Decision::SAD
        };
        let expected = [
            "It may be sad, it may be calm.",
            "Slow (72 BPM): that pulls towards sad.",
            "Minor key (A minor): that pulls towards calm.",
        ];
        assert_eq!(english(unsure, &heard()), expected);
    }

    #[test]
    fn reasons_are_told_in_chinese_too() {
        let decision = Decision {
            by_ear: Mood::Calm,
            ..Decision::SAD
        };
        let expected = [
            "速度慢（72 BPM）、小调（A 小调）：这些支持悲伤。",
            "与之相反：音色明亮。",
            "只凭神经网络的听觉会是平静；特征作了决定。",
        ];
        assert_eq!(sentences(Language::Chinese, decision, &heard()), expected);
    }

    #[test]
    fn an_outvoted_judge_is_named() {
        let last = |by_features, by_ear| {
            let decision = Decision {
                by_features,
                by_ear,
                ..Decision::SAD
            };
            english(decision, &heard()).pop().unwrap()
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
        let unfamiliar = |novelty| {
            let decision = Decision {
                novelty: Some(novelty),
                ..Decision::SAD
            };
            let said = english(decision, &heard());
            said.iter().any(|sentence| sentence.starts_with("Not much"))
        };
        assert_eq!([0.4, 0.6].map(unfamiliar), [false, true]);
    }

    #[test]
    fn what_is_no_music_has_no_mood() {
        let speech = Decision {
            kind: Kind::Speech,
            ..Decision::SAD
        };
        let expected = ["What sounds here is speech, not music: it has no mood."];
        assert_eq!(english(speech, &heard()), expected);
        let chinese = sentences(Language::Chinese, speech, &[]);
        assert!(chinese[0].contains("人声讲话"), "{chinese:?}");
    }
}

//! The verdict and why, in one short sentence of a listener's words.

use super::heard::Word;
use super::sentences::{Decision, LEAST_PROBABILITY, LEAST_SHARE};
use super::{Contribution, Impression};
use crate::text::{Language, Text, capital, kind_name, mood_name, reasons as say};

/// Most words of the sentence.
const MOST: usize = 3;

/// `"Slow, minor, soft: sad"`; `contributions` are the strongest first.
#[must_use]
pub fn in_short(language: Language, decision: Decision, contributions: &[Contribution]) -> String {
    if !decision.kind.is_music() {
        let kind = kind_name(decision.kind).of(language);
        return say::NO_MUSIC.fill(language, &[("kind", kind)]);
    }
    let [mood, second] = [decision.mood, decision.second].map(|mood| mood_name(mood).of(language));
    if decision.unsure {
        let pulls = |sign: f64| words(language, contributions, |one| sign * one.pull);
        let (towards, away) = (pulls(1.0), pulls(-1.0));
        return match (towards.first(), away.first()) {
            (Some(heard), Some(against)) => {
                let values = [
                    ("heard", *heard),
                    ("mood", mood),
                    ("against", *against),
                    ("second", second),
                ];
                capital(&say::SHORT_TORN.fill(language, &values))
            }
            _ => say::SHORT_OPEN.fill(language, &[("mood", mood), ("second", second)]),
        };
    }
    let heard = words(language, contributions, |one| one.shapley);
    if heard.is_empty() {
        return say::SHORT_WHOLE.fill(language, &[("mood", mood)]);
    }
    let heard = heard.join(language.list_separator());
    let values = [("heard", heard.as_str()), ("mood", mood)];
    capital(&say::SHORT_BECAUSE.fill(language, &values))
}

/// Short words for what speaks loudest, as far as it stands out to a listener.
fn words(
    language: Language,
    contributions: &[Contribution],
    value: impl Fn(&Contribution) -> f64,
) -> Vec<&'static str> {
    let all: f64 = contributions.iter().map(|one| value(one).abs()).sum();
    let least = (LEAST_SHARE * all).max(LEAST_PROBABILITY);
    let mut speaking: Vec<_> = contributions
        .iter()
        .filter(|one| value(one) >= least)
        .collect();
    speaking.sort_by(|a, b| value(b).total_cmp(&value(a)));
    let words = speaking.iter().filter_map(|one| short(&one.impression));
    words.take(MOST).map(|text| text.of(language)).collect()
}

/// A word without its figure; `None` for what is neither one nor the other.
const fn short(impression: &Impression) -> Option<Text> {
    Some(match impression.word {
        Word::Slow => say::SHORT_SLOW,
        Word::Fast => say::SHORT_FAST,
        Word::MajorKey => say::SHORT_MAJOR,
        Word::MinorKey => say::SHORT_MINOR,
        Word::NoClearKey => say::NO_CLEAR_KEY,
        Word::FewNotes => say::SHORT_FEW_NOTES,
        Word::ManyNotes => say::SHORT_MANY_NOTES,
        Word::SoftAttack => say::SHORT_SOFT,
        Word::StrongAttack => say::SHORT_STRONG,
        Word::FreePulse => say::FREE_PULSE,
        Word::RegularPulse => say::REGULAR_PULSE,
        Word::FewPitches => say::FEW_PITCHES,
        Word::ManyPitches => say::MANY_PITCHES,
        Word::SlowPitches => say::SLOW_PITCHES,
        Word::QuickPitches => say::QUICK_PITCHES,
        Word::DarkSound => say::SHORT_DARK,
        Word::BrightSound => say::SHORT_BRIGHT,
        Word::GentleSound => say::SHORT_GENTLE,
        Word::PowerfulSound => say::SHORT_POWERFUL,
        Word::ElectricSound => say::SHORT_ELECTRIC,
        Word::AcousticSound => say::SHORT_ACOUSTIC,
        Word::EvenDynamics => say::SHORT_EVEN,
        Word::WideDynamics => say::SHORT_WIDE,
        // Whoever hears no beat speaks of the pulse.
        Word::NoClearBeat
        | Word::ModeratePace
        | Word::NearMajor
        | Word::NearMinor
        | Word::MediumNotes
        | Word::MediumAttack
        | Word::ModeratePulse
        | Word::UsualPitches
        | Word::SteadyPitches
        | Word::NeutralSound
        | Word::MediumSound
        | Word::HalfAcousticSound
        | Word::ModerateDynamics
        | Word::NotMeasured => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Factor;
    use super::*;
    use crate::kind::Kind;

    fn heard(word: Word, values: [f64; 2]) -> Contribution {
        let impression = Impression {
            word,
            figure: "72".to_owned(),
        };
        Contribution {
            factor: Factor::Tempo,
            heard: String::new(),
            impression,
            shapley: values[0],
            pull: values[1],
        }
    }

    #[test]
    fn the_loudest_reasons_are_named_without_figures() {
        let song = [
            heard(Word::Slow, [0.2, 0.3]),
            heard(Word::BrightSound, [-0.12, 0.0]),
            heard(Word::MinorKey, [0.1, -0.2]),
            heard(Word::ModeratePulse, [0.1, 0.0]),
            heard(Word::SoftAttack, [0.09, 0.0]),
        ];
        let said = |language| in_short(language, Decision::SAD, &song);
        assert_eq!(said(Language::English), "Slow, minor, soft: sad");
        assert_eq!(said(Language::Chinese), "速度慢、小调、柔和：悲伤");
        let unsure = Decision {
            unsure: true,
            ..Decision::SAD
        };
        let said = |song: &[Contribution]| in_short(Language::English, unsure, song);
        assert_eq!(said(&song), "Unsure: slow says sad, minor says calm");
        assert_eq!(said(&song[..1]), "Unsure: it may be sad, it may be calm");
    }

    #[test]
    fn where_nothing_stands_out_the_whole_sound_decided() {
        assert_eq!(
            in_short(Language::English, Decision::SAD, &[]),
            "By its sound as a whole: sad"
        );
        let speech = Decision {
            kind: Kind::Speech,
            ..Decision::SAD
        };
        assert!(in_short(Language::English, speech, &[]).contains("speech"));
    }
}

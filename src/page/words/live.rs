//! Live sound in words.

use super::verdict::judged;
use crate::page::state::{Live, LiveFault, LivePhase, LiveSource};
use crate::text::{Language, live as say, trouble};
use crate::worker::protocol::{LIVE_LEAST_SECONDS, LIVE_SECONDS};

/// The mood of now, as the verdict on a song is said; empty before there is one.
#[must_use]
pub fn verdict(language: Language, live: &Live) -> String {
    let judgement = live.judgement.as_ref();
    let judged = |judgement| judged(language, judgement);
    judgement.map(judged).unwrap_or_default()
}

/// What goes on, or why nothing does.
#[must_use]
pub fn note(language: Language, live: &Live) -> String {
    let text = match (&live.phase, live.source) {
        (LivePhase::Choosing(Some(fault)), _) => return self::fault(language, fault),
        (LivePhase::Choosing(None) | LivePhase::Closed, _) => say::LIVE_CHOOSE,
        (LivePhase::Asking, Some(LiveSource::Tab)) => say::LIVE_ASKING_TAB,
        (LivePhase::Asking, _) => say::LIVE_ASKING_MICROPHONE,
        (LivePhase::Listening, source) => return listening(language, live, source),
    };
    text.of(language).to_owned()
}

fn listening(language: Language, live: &Live, source: Option<LiveSource>) -> String {
    let count = |count: f64| (count.floor() as u32).to_string();
    let Some(judgement) = live.judgement else {
        let least = f64::from(LIVE_LEAST_SECONDS);
        let values = [
            ("least", &*count(least)),
            ("heard", &count(live.sent_s.min(least))),
        ];
        return say::LIVE_FIRST.fill(language, &values);
    };
    if judgement.kind == crate::kind::Kind::Silence {
        let text = match source {
            Some(LiveSource::Tab) => say::LIVE_SILENT_TAB,
            _ => say::LIVE_SILENT,
        };
        return text.of(language).to_owned();
    }
    let seconds = count(live.sent_s.min(f64::from(LIVE_SECONDS)));
    say::LIVE_LAST.fill(language, &[("seconds", &seconds)])
}

/// Why nothing is heard live.
#[must_use]
pub fn fault(language: Language, fault: &LiveFault) -> String {
    use LiveSource::{Microphone, Tab};
    let text = match fault {
        LiveFault::Denied(Microphone) => say::LIVE_DENIED,
        LiveFault::Denied(Tab) => say::LIVE_NOT_SHARED,
        LiveFault::NoMicrophone => say::LIVE_NO_MICROPHONE,
        LiveFault::Busy => say::LIVE_BUSY,
        LiveFault::NoSound => say::LIVE_NO_SOUND,
        LiveFault::Insecure => say::LIVE_INSECURE,
        LiveFault::Unsupported(Microphone) => say::LIVE_NO_MICROPHONE_API,
        LiveFault::Unsupported(Tab) => say::LIVE_NO_TAB_API,
        LiveFault::Lost(Microphone) => say::LIVE_MICROPHONE_LOST,
        LiveFault::Lost(Tab) => say::LIVE_TAB_LOST,
        LiveFault::Unjudged(error) => {
            return say::LIVE_UNJUDGED.fill(language, &[("error", &error.say(language))]);
        }
        LiveFault::Other(detail) => {
            let detail = trouble::detail(language, detail);
            return say::LIVE_OTHER.fill(language, &[("detail", &detail)]);
        }
    };
    text.of(language).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Judgement;
    use crate::error::AnalysisError;
    use crate::kind::Kind;
    use crate::mood::MoodProbabilities;

    const ENGLISH: Language = Language::English;

    #[test]
    fn each_fault_has_words_of_its_own() {
        let faults = [
            LiveFault::Denied(LiveSource::Microphone),
            LiveFault::Denied(LiveSource::Tab),
            LiveFault::NoMicrophone,
            LiveFault::Busy,
            LiveFault::NoSound,
            LiveFault::Insecure,
            LiveFault::Unsupported(LiveSource::Microphone),
            LiveFault::Unsupported(LiveSource::Tab),
            LiveFault::Lost(LiveSource::Microphone),
            LiveFault::Lost(LiveSource::Tab),
            LiveFault::Unjudged(AnalysisError::Empty),
            LiveFault::Other("gone".to_owned()),
        ];
        for language in Language::ALL {
            let said: std::collections::HashSet<_> = faults
                .iter()
                .map(|fault| self::fault(language, fault))
                .collect();
            assert_eq!(said.len(), faults.len());
        }
    }

    #[test]
    fn what_is_heard_is_told_as_a_song_is() {
        let mut live = Live {
            phase: LivePhase::Listening,
            source: Some(LiveSource::Microphone),
            sent_s: 4.7,
            ..Live::default()
        };
        assert_eq!(verdict(ENGLISH, &live), "");
        assert_eq!(
            note(ENGLISH, &live),
            "Listening: 10 seconds are needed, 4 are there."
        );
        let mut judge = |kind, weights, unsure| {
            live.sent_s = 31.0;
            let moods = MoodProbabilities::from_weights(weights);
            live.judgement = Some(Judgement {
                kind,
                moods,
                unsure,
            });
            (verdict(ENGLISH, &live), note(ENGLISH, &live))
        };
        let (said, of) = judge(Kind::Music, [0.7, 0.1, 0.1, 0.1], false);
        assert_eq!(said, "Sad");
        assert!(of.starts_with("By the last 30 seconds."), "{of}");
        let (said, _) = judge(Kind::Music, [0.4, 0.3, 0.2, 0.1], true);
        assert_eq!(said, "Unsure: between sad and calm");
        let (said, _) = judge(Kind::Speech, [0.4, 0.3, 0.2, 0.1], true);
        assert_eq!(said, "No music: speech");
        let (said, of) = judge(Kind::Silence, [1.0; 4], true);
        assert_eq!(said, "No music: silence");
        assert!(of.starts_with("Nothing can be heard."), "{of}");
    }
}

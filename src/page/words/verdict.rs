//! A song's verdict in words, and its moments.

use super::figures::{clock, number, percent};
use crate::analysis::Judgement;
use crate::kind::Kind;
use crate::mood::{Affect, Mood, MoodProbabilities};
use crate::page::state::{Phase, Song, Verdict};
use crate::report::{Moment, Report};
use crate::text::{
    Language, Text, capital, kind_name, library as say_library, mood_name, mood_title, song as say,
};
use crate::worker::protocol::{Step, Timing};

/// `"Calm"`, `"Unsure: between calm and sad"`, or `"No music: speech"`.
#[must_use]
pub fn verdict(language: Language, report: &Report) -> String {
    let moods = report.moods.top_two().map(|(mood, _)| mood);
    told(language, report.kind, moods, report.unsure)
}

/// The same of what is known before the reasons.
#[must_use]
pub fn judged(language: Language, judgement: &Judgement) -> String {
    let moods = judgement.moods.top_two().map(|(mood, _)| mood);
    told(language, judgement.kind, moods, judgement.unsure)
}

/// The same of the likeliest moods.
#[must_use]
pub fn told(language: Language, kind: Kind, moods: [Mood; 2], unsure: bool) -> String {
    if !kind.is_music() || !unsure {
        let mood = moods[0];
        return short_verdict(language, Verdict { kind, mood, unsure });
    }
    let [first, second] = moods.map(|mood| mood_name(mood).of(language));
    say::UNSURE_BETWEEN.fill(language, &[("first", first), ("second", second)])
}

/// The verdict as it fits beside a song's name.
#[must_use]
pub fn short_verdict(language: Language, verdict: Verdict) -> String {
    let Verdict { kind, mood, unsure } = verdict;
    if !kind.is_music() {
        no_music(language, kind)
    } else if unsure {
        of_mood(language, say::UNSURE_PERHAPS, mood)
    } else {
        mood_title(mood).of(language).to_owned()
    }
}

/// That it is no music, and what it is.
fn no_music(language: Language, kind: Kind) -> String {
    say::NO_MUSIC.fill(language, &[("kind", kind_name(kind).of(language))])
}

/// What stands beside a song's name in the list.
#[must_use]
pub fn song_note(language: Language, song: &Song) -> String {
    match &song.phase {
        Phase::Analysing {
            judgement: Some(judgement),
            fraction,
            cancelling: false,
            ..
        } => {
            let verdict = short_verdict(language, Verdict::of_judgement(judgement));
            let share = percent(language, *fraction);
            say::JUDGED_PROGRESS.fill(language, &[("verdict", &verdict), ("share", &share)])
        }
        Phase::Queued => say::WAITING.of(language).to_owned(),
        Phase::Decoding => say::DECODING.of(language).to_owned(),
        Phase::Decoded => say::DECODED.of(language).to_owned(),
        Phase::Analysing {
            cancelling: true, ..
        } => say::STOPPING.of(language).to_owned(),
        Phase::Analysing {
            stage, fraction, ..
        } => {
            let stage = stage.map_or(say::HANDING_OVER, step).of(language);
            let share = percent(language, *fraction);
            say::STAGE_PROGRESS.fill(language, &[("stage", stage), ("share", &share)])
        }
        Phase::Done(report) => short_verdict(language, Verdict::of_report(report)),
        Phase::Kept(verdict) => short_verdict(language, *verdict),
        Phase::Missing => say_library::MISSING.of(language).to_owned(),
        Phase::Failed(error) => {
            let error = error.say(language);
            say::NO_VERDICT_FOR.fill(language, &[("error", &error)])
        }
        Phase::Cancelled => say::CANCELLED.of(language).to_owned(),
    }
}

/// A part of the work, as a person reads it beside a progress bar.
const fn step(step: Step) -> Text {
    match step {
        Step::Intake => say::STEP_INTAKE,
        Step::Spectrum => say::STEP_SPECTRUM,
        Step::Network => say::STEP_NETWORK,
        Step::Features => say::STEP_FEATURES,
        Step::Reasons => say::STEP_REASONS,
    }
}

/// What the result is of: `"Artist - Title"` where the file says so, else the file's name.
#[must_use]
pub fn named(song: &Song) -> String {
    song.tags.line().unwrap_or_else(|| song.name.clone())
}

/// The heading of a song's result.
#[must_use]
pub fn headline(language: Language, song: &Song) -> String {
    let text = match &song.phase {
        Phase::Done(report) => return verdict(language, report),
        Phase::Kept(_) => say_library::OPENING_NOW,
        Phase::Failed(_) => say::NO_VERDICT,
        Phase::Cancelled => say::CANCELLED,
        Phase::Analysing { .. } => match song.judgement() {
            Some(judgement) => return judged(language, judgement),
            None => say::LISTENING_NOW,
        },
        Phase::Missing | Phase::Queued | Phase::Decoding | Phase::Decoded => say::WAITING_NOW,
    };
    text.of(language).to_owned()
}

/// The line below [`headline`].
#[must_use]
pub fn headline_note(language: Language, song: &Song) -> String {
    match &song.phase {
        Phase::Done(report) if song.timing == Timing::default() => {
            let duration = duration(language, report);
            say_library::LONG_HEARD_BEFORE.fill(language, &[("duration", &duration)])
        }
        Phase::Done(report) => {
            let seconds = number(song.timing.total_ms / 1000.0, 1);
            let duration = duration(language, report);
            say::JUDGED_IN.fill(language, &[("duration", &duration), ("seconds", &seconds)])
        }
        Phase::Failed(error) => error.sentence(language),
        Phase::Cancelled => String::new(),
        Phase::Analysing { fraction, .. } => match song.judgement() {
            Some(judgement) if judgement.kind.is_music() => {
                before_reasons(language, judgement, *fraction)
            }
            _ => song_note(language, song),
        },
        _ => song_note(language, song),
    }
}

/// How likely each mood is, and that the reasons come.
fn before_reasons(language: Language, judgement: &Judgement, fraction: f32) -> String {
    let share = percent(language, fraction);
    let moods = capital(&shares(language, judgement.moods));
    say::REASONS_COME.fill(language, &[("moods", &moods), ("share", &share)])
}

/// How long the song is, and how long its file says that it is, where that is another.
fn duration(language: Language, report: &Report) -> String {
    let heard = clock(report.duration_s);
    let Some(listed) = report.listed_s.map(clock) else {
        return heard;
    };
    say::LISTED.fill(language, &[("heard", &heard), ("listed", &listed)])
}

/// What arousal and valence mean: `"rather excited, slightly pleasant"`.
#[must_use]
pub fn affect(language: Language, affect: Affect) -> String {
    let arousal = degree(language, affect.arousal, [say::DROWSY, say::EXCITED]);
    let valence = degree(language, affect.valence, [say::UNPLEASANT, say::PLEASANT]);
    say::AFFECT.fill(language, &[("arousal", &arousal), ("valence", &valence)])
}

/// A value in [-1, 1] between two words.
fn degree(language: Language, value: f32, words: [Text; 2]) -> String {
    let [low, high] = words.map(|word| word.of(language));
    let text = match value.abs() {
        size if size < 0.1 => say::NEITHER,
        size if size < 0.35 => say::SLIGHTLY,
        size if size < 0.65 => say::RATHER,
        _ => say::VERY,
    };
    let word = if value < 0.0 { low } else { high };
    text.fill(language, &[("low", low), ("high", high), ("word", word)])
}

/// Where the player stands: `"0:12 of 3:25"`.
#[must_use]
pub fn position(language: Language, at_s: f64, duration_s: f64) -> String {
    let values = [("at", &*clock(at_s)), ("duration", &*clock(duration_s))];
    say::POSITION.fill(language, &values)
}

/// One moment in a sentence: `"1:02: calm 64 %, sad 20 %, happy 10 %, energetic 6 %"`, or
/// `"1:02: No music: speech"`.
#[must_use]
pub fn moment(language: Language, moment: &Moment) -> String {
    let at = clock(moment.t_s);
    let told = |text: &str| say::SONG_SAYS.fill(language, &[("name", &at), ("text", text)]);
    if !moment.kind.is_music() {
        return told(&no_music(language, moment.kind));
    }
    told(&shares(language, moment.moods))
}

/// How likely each mood is, the likeliest first.
fn shares(language: Language, moods: MoodProbabilities) -> String {
    let mut order = Mood::ALL;
    order.sort_by(|a, b| moods.get(*b).total_cmp(&moods.get(*a)));
    let shares = order.map(|mood| {
        let share = percent(language, moods.get(mood));
        let values = [("mood", mood_name(mood).of(language)), ("share", &share)];
        say::MOMENT_SHARE.fill(language, &values)
    });
    shares.join(language.list_separator())
}

/// A text that names a mood.
pub(super) fn of_mood(language: Language, text: Text, mood: Mood) -> String {
    text.fill(language, &[("mood", mood_name(mood).of(language))])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Language = Language::English;
    const CHINESE: Language = Language::Chinese;

    #[test]
    fn a_file_that_breaks_off_is_said_to() {
        let mut report = crate::report::tests::report();
        assert_eq!(duration(Language::English, &report), "3:33");
        report.listed_s = Some(480.0);
        let text = duration(Language::English, &report);
        assert_eq!(text, "3:33 (its file says 8:00)");
    }

    #[test]
    fn affect_is_told_by_degrees() {
        let given = Affect {
            arousal: -0.5,
            valence: 0.05,
        };
        let words = affect(ENGLISH, given);
        assert_eq!(words, "rather drowsy, neither unpleasant nor pleasant");
        assert_eq!(affect(CHINESE, given), "比较困倦，介于不悦与愉悦之间");
    }

    #[test]
    fn a_verdict_is_told_before_its_reasons_as_it_is_with_them() {
        let report = crate::report::tests::report();
        let analysing = |judgement| {
            let mut song = Song::new(crate::page::state::NewSong::default(), 0);
            song.phase = Phase::Analysing {
                worker: crate::page::state::Staff::default().ids().next().unwrap(),
                stage: Some(Step::Reasons),
                fraction: 0.72,
                judgement: Some(judgement),
                cancelling: false,
            };
            song
        };
        let judgement = Judgement {
            kind: Kind::Music,
            moods: MoodProbabilities::from_weights([2.0, 6.0, 1.0, 1.0]),
            unsure: false,
        };
        let song = analysing(judgement);
        let told = |language| {
            let said = [
                headline(language, &song),
                song_note(language, &song),
                headline_note(language, &song),
            ];
            said.map(|text| text.replace('\u{a0}', " "))
        };
        assert_eq!(
            told(ENGLISH),
            [
                "Calm",
                "Calm; finding the reasons, 72 %",
                "Calm 60 %, sad 20 %, happy 10 %, energetic 10 %. The reasons are being worked out: 72 %.",
            ]
        );
        assert_eq!(
            told(CHINESE),
            [
                "平静",
                "平静；正在寻找理由，72%",
                "平静 60%、悲伤 20%、快乐 10%、激昂 10%。正在推求理由：72%。",
            ]
        );
        for language in Language::ALL {
            let song = analysing(Judgement::of(&report));
            assert_eq!(headline(language, &song), verdict(language, &report));
        }
    }

    #[test]
    fn moments_name_the_likeliest_mood_first() {
        let given = Moment {
            t_s: 62.0,
            kind: Kind::Music,
            moods: MoodProbabilities::from_weights([2.0, 6.0, 1.0, 1.0]),
            affect: Affect::default(),
        };
        let text = moment(ENGLISH, &given);
        let plain = text.replace('\u{a0}', " ");
        assert_eq!(
            plain,
            "1:02: calm 60 %, sad 20 %, happy 10 %, energetic 10 %"
        );
        let text = moment(CHINESE, &given);
        assert_eq!(text, "1:02：平静 60%、悲伤 20%、快乐 10%、激昂 10%");
        let spoken = Moment {
            kind: Kind::Speech,
            ..given
        };
        assert_eq!(moment(ENGLISH, &spoken), "1:02: No music: speech");
    }
}

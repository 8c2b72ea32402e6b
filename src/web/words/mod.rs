//! Results in words and figures, as a listener reads them.

pub mod backup;
pub mod evidence;
pub mod features;
pub mod library;
pub mod reasons;
pub mod share;

use crate::card::{About, DataSource, FileStamp, Metric, VerdictRule};
use crate::error::AnalysisError;
use crate::kind::Kind;
use crate::mood::{Affect, Mood};
use crate::regressor::{Fit, TargetCard};
use crate::report::{Moment, Report};
use crate::text::{
    Language, Text, kind_name, library as say_library, mood_name, mood_title, song as say, trouble,
};
use crate::web::inventory::Inventory;
use crate::web::protocol::{Step, Timing};
use crate::web::state::{Notice, Phase, Shared, Silence, Song, Verdict};

/// `"Calm"`, `"Unsure: between calm and sad"`, or `"No music: speech"`.
#[must_use]
pub fn verdict(language: Language, report: &Report) -> String {
    if !report.kind.is_music() || !report.unsure {
        return short_verdict(language, Verdict::of_report(report));
    }
    let [first, second] = report
        .moods
        .top_two()
        .map(|(mood, _)| mood_name(mood).of(language));
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

/// A text that names a mood.
pub(super) fn of_mood(language: Language, text: Text, mood: Mood) -> String {
    text.fill(language, &[("mood", mood_name(mood).of(language))])
}

/// What stands beside a song's name in the list.
#[must_use]
pub fn song_note(language: Language, song: &Song) -> String {
    match &song.phase {
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

/// Why no song can be judged.
#[must_use]
pub fn judge_broken(language: Language, error: &AnalysisError) -> String {
    match error {
        AnalysisError::Internal { detail, .. } => {
            let detail = trouble::detail(language, detail);
            trouble::JUDGES_LOST.fill(language, &[("detail", &detail)])
        }
        other => other.sentence(language),
    }
}

/// Something to read that belongs to no song.
#[must_use]
pub fn notice(language: Language, notice: &Notice) -> String {
    match notice {
        Notice::SampleLost { title, detail } => {
            let detail = trouble::detail(language, detail);
            trouble::SAMPLE_LOST.fill(language, &[("title", title), ("detail", &detail)])
        }
        Notice::NotSaved { detail } => trouble::NOT_SAVED.fill(language, &[("detail", detail)]),
        Notice::NoSongs(files) => library::no_songs(language, *files),
        Notice::StillMissing => say_library::STILL_MISSING.of(language).to_owned(),
        Notice::Storage(fault) => library::storage_fault(*fault).of(language).to_owned(),
        Notice::ReportGone(name) => library::named(language, say_library::REPORT_GONE, name),
    }
}

/// The heading of a song's result.
#[must_use]
pub fn headline(language: Language, song: &Song) -> String {
    let text = match &song.phase {
        Phase::Done(report) => return verdict(language, report),
        Phase::Kept(_) => say_library::OPENING_NOW,
        Phase::Failed(_) => say::NO_VERDICT,
        Phase::Cancelled => say::CANCELLED,
        Phase::Analysing { .. } => say::LISTENING_NOW,
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
        _ => song_note(language, song),
    }
}

/// How long the song is, and how long its file says that it is, where that is another.
fn duration(language: Language, report: &Report) -> String {
    let heard = clock(report.duration_s);
    let Some(listed) = report.listed_s.map(clock) else {
        return heard;
    };
    say::LISTED.fill(language, &[("heard", &heard), ("listed", &listed)])
}

/// Who may use a model, and how large it is.
#[must_use]
pub fn licence(language: Language, about: &About, stamp: &FileStamp) -> String {
    let values = [
        ("file", stamp.file.as_str()),
        ("size", &size(stamp.bytes)),
        ("licence", &about.licence),
    ];
    say::MODEL_LICENCE.fill(language, &values)
}

/// What the first visit downloads, and for what.
#[must_use]
pub fn download(language: Language, inventory: &Inventory) -> String {
    let values = [
        ("total", &*size(inventory.total())),
        ("judges", &size(inventory.judges)),
        ("samples", &size(inventory.samples)),
        ("page", &size(inventory.page)),
    ];
    say::DOWNLOAD_SIZE.fill(language, &values)
}

/// A number of bytes as `"582 kB"` or `"1.4 MB"`, rounded up.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes < 1_000_000 => format!("{}\u{a0}kB", bytes.div_ceil(1_000)),
        bytes => format!("{:.1}\u{a0}MB", bytes as f64 / 1e6),
    }
}

/// Heads of the columns of [`metric`].
pub const METRIC_HEADS: [Text; 4] = [
    say::HEAD_SPLIT,
    say::HEAD_SONGS,
    say::HEAD_F1,
    say::HEAD_ACCURACY,
];
/// Heads of the columns of [`target`].
pub const TARGET_HEADS: [Text; 4] = [
    say::HEAD_TARGET,
    say::HEAD_SONGS,
    say::HEAD_R2,
    say::HEAD_HELD_OUT,
];

/// How well a feature is estimated: its name, then the number of songs, R² with its
/// interval, and R² on songs that had no part in it.
#[must_use]
pub fn target(language: Language, target: &TargetCard) -> (&'static str, Vec<String>) {
    let fit = target.fit;
    let held_out = |fit: Fit| {
        let values = [
            ("value", &*number(fit.r2, 2)),
            ("count", &fit.n.to_string()),
        ];
        say::OF_SONGS.fill(language, &values)
    };
    let cells = vec![
        fit.n.to_string(),
        interval(language, fit.r2, fit.r2_interval),
        target.held_out.map_or_else(|| "–".to_owned(), held_out),
    ];
    (target.name.name(), cells)
}

/// A measured result: number of songs, macro F1 with its interval, accuracy.
#[must_use]
pub fn metric(language: Language, metric: &Metric) -> Vec<String> {
    vec![
        metric.n.to_string(),
        interval(language, metric.macro_f1, metric.macro_f1_interval),
        percent(language, metric.accuracy as f32),
    ]
}

/// A figure with its interval.
fn interval(language: Language, value: f64, interval: [f64; 2]) -> String {
    let [value, low, high] = [value, interval[0], interval[1]].map(|value| number(value, 2));
    let values = [("value", &*value), ("low", &low), ("high", &high)];
    say::INTERVAL.fill(language, &values)
}

/// One corpus of a model in a sentence.
#[must_use]
pub fn data_source(language: Language, data: &DataSource) -> String {
    let values = [
        ("name", data.name.as_str()),
        ("train", &data.train.to_string()),
        ("check", &data.validation.to_string()),
        ("labels", &data.labels),
        ("licence", &data.licence),
    ];
    say::DATA_SOURCE.fill(language, &values)
}

/// A share as `"72 %"` that no line break parts; small but not nothing is `"<1 %"`.
#[must_use]
pub fn percent(language: Language, share: f32) -> String {
    let figure = if share > 0.0 && share < 0.005 {
        "<1".to_owned()
    } else {
        format!("{:.0}", share * 100.0)
    };
    say::PERCENT.fill(language, &[("share", &figure)])
}

/// A time or duration as `"3:25"` or `"1:02:03"`.
#[must_use]
pub fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0) as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A signed number with two decimals and a real minus sign.
#[must_use]
pub fn signed(value: f32) -> String {
    format!("{value:+.2}").replace('-', "−")
}

/// A number with that many decimals and a real minus sign.
#[must_use]
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    // What rounds to nothing has no sign.
    let text = match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| matches!(c, '0' | '.')) => digits.to_owned(),
        _ => text,
    };
    text.replace('-', "−")
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

/// How far the judges agree, in a sentence with the figure.
#[must_use]
pub fn agreement(language: Language, report: &Report) -> String {
    let network = report.judges.network.moods.top().0;
    let ensemble = report.judges.ensemble.moods.top().0;
    let text = if network == ensemble {
        say::AGREE
    } else {
        say::DIFFER
    };
    let values = [
        ("mood", mood_name(network).of(language)),
        ("network", mood_name(network).of(language)),
        ("ensemble", mood_name(ensemble).of(language)),
        ("share", &percent(language, report.agreement)),
    ];
    text.fill(language, &values)
}

/// On which mood the judges differ most, and what each says of it.
#[must_use]
pub fn apart(language: Language, report: &Report) -> String {
    let judges = &report.judges;
    let both = |mood| {
        [
            judges.network.moods.get(mood),
            judges.ensemble.moods.get(mood),
        ]
    };
    let gap = |mood: &Mood| {
        let [network, ensemble] = both(*mood);
        (network - ensemble).abs()
    };
    let widest = Mood::ALL
        .into_iter()
        .max_by(|a, b| gap(a).total_cmp(&gap(b)));
    widest.map_or_else(String::new, |mood| {
        let [network, ensemble] = both(mood).map(|share| percent(language, share));
        let values = [
            ("mood", mood_name(mood).of(language)),
            ("network", &network),
            ("ensemble", &ensemble),
        ];
        say::APART.fill(language, &values)
    })
}

/// What "unsure" means, for this song.
#[must_use]
pub fn unsure_note(language: Language, report: &Report, rule: Option<VerdictRule>) -> String {
    let [first, second] = report.moods.top_two();
    let values = [
        ("first", mood_name(first.0).of(language)),
        ("likely", &*percent(language, first.1)),
        ("second", mood_name(second.0).of(language)),
        ("less", &*percent(language, second.1)),
    ];
    let note = say::UNSURE_NOTE.fill(language, &values);
    let Some(rule) = rule else {
        return note;
    };
    let least = percent(language, rule.unsure_below);
    say::UNSURE_BELOW.fill(language, &[("note", &note), ("least", &least)])
}

/// What came of giving a result to others.
#[must_use]
pub fn shared(language: Language, shared: &Shared) -> String {
    match shared {
        Shared::Copied => say::COPIED.of(language).to_owned(),
        Shared::Failed(detail) => say::NOT_SHARED.fill(language, &[("detail", detail)]),
    }
}

/// Why a song can't be heard.
#[must_use]
pub fn silence(language: Language, silence: Silence, name: &str) -> String {
    let text = match silence {
        Silence::NoFile => say::NO_FILE,
        Silence::Unreadable => say::UNREADABLE,
        Silence::Unplayable => say::UNPLAYABLE,
    };
    text.fill(language, &[("name", name)])
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
    let mut order = Mood::ALL;
    order.sort_by(|a, b| moment.moods.get(*b).total_cmp(&moment.moods.get(*a)));
    let shares = order.map(|mood| {
        let share = percent(language, moment.moods.get(mood));
        let values = [("mood", mood_name(mood).of(language)), ("share", &share)];
        say::MOMENT_SHARE.fill(language, &values)
    });
    told(&shares.join(language.list_separator()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mood::MoodProbabilities;

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
    fn figures_read_well() {
        assert_eq!(percent(ENGLISH, 0.004), "<1\u{a0}%");
        assert_eq!(percent(ENGLISH, 0.0), "0\u{a0}%");
        assert_eq!(percent(ENGLISH, 0.725), "72\u{a0}%");
        assert_eq!(percent(CHINESE, 0.725), "72%");
        assert_eq!(clock(59.9), "0:59");
        assert_eq!(clock(3723.0), "1:02:03");
        assert_eq!(signed(-0.4), "−0.40");
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

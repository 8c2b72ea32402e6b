//! Results in words and figures, as a listener reads them.

pub mod evidence;
pub mod features;
pub mod library;
pub mod reasons;

use crate::card::{About, DataSource, FileStamp, Metric};
use crate::error::AnalysisError;
use crate::mood::{Affect, Mood, MoodProbabilities};
use crate::regressor::{Fit, TargetCard};
use crate::report::{Moment, Report};
use crate::web::protocol::{Step, Timing};
use crate::web::state::{Phase, Song};

/// The mood with a capital letter.
#[must_use]
pub const fn mood_title(mood: Mood) -> &'static str {
    match mood {
        Mood::Sad => "Sad",
        Mood::Calm => "Calm",
        Mood::Happy => "Happy",
        Mood::Energetic => "Energetic",
    }
}

/// `"Calm"`, or `"Unsure: between calm and sad"`.
#[must_use]
pub fn verdict(report: &Report) -> String {
    if !report.unsure {
        return mood_title(report.mood).to_owned();
    }
    let [first, second] = top_two(report.moods);
    format!("Unsure: between {first} and {second}")
}

/// The verdict as it fits beside a song's name.
#[must_use]
pub fn short_verdict(mood: Mood, unsure: bool) -> String {
    if unsure {
        format!("Unsure, perhaps {mood}")
    } else {
        mood_title(mood).to_owned()
    }
}

/// The two likeliest moods, the likelier first.
fn top_two(moods: MoodProbabilities) -> [Mood; 2] {
    let mut order = Mood::ALL;
    order.sort_by(|a, b| moods.get(*b).total_cmp(&moods.get(*a)));
    [order[0], order[1]]
}

/// What stands beside a song's name in the list.
#[must_use]
pub fn song_note(song: &Song) -> String {
    match &song.phase {
        Phase::Queued => "Waiting".to_owned(),
        Phase::Decoding => "Decoding".to_owned(),
        Phase::Decoded => "Decoded, waiting for the judges".to_owned(),
        Phase::Analysing {
            cancelling: true, ..
        } => "Stopping".to_owned(),
        Phase::Analysing {
            stage, fraction, ..
        } => {
            let stage = stage.map_or("Handing over", Step::words);
            format!("{stage}, {}", percent(*fraction))
        }
        Phase::Done(report) => short_verdict(report.mood, report.unsure),
        Phase::Kept(verdict) => short_verdict(verdict.mood, verdict.unsure),
        Phase::Missing => "Waiting for its file".to_owned(),
        Phase::Failed(error) => format!("No verdict: {error}"),
        Phase::Cancelled => "Cancelled".to_owned(),
    }
}

/// Why no song can be judged, where the worker ended by itself.
#[must_use]
pub fn judge_lost(error: &AnalysisError) -> String {
    match error {
        AnalysisError::Internal { detail, .. } => {
            format!("The judges can't be started ({detail}). Check the connection, then try again.")
        }
        other => sentence(&other.to_string()),
    }
}

/// The heading of a song's result.
#[must_use]
pub fn headline(song: &Song) -> String {
    match &song.phase {
        Phase::Done(report) => verdict(report),
        Phase::Failed(_) => "No verdict".to_owned(),
        Phase::Cancelled => "Cancelled".to_owned(),
        Phase::Analysing { .. } => "Listening …".to_owned(),
        Phase::Kept(_) => "Opening …".to_owned(),
        Phase::Missing | Phase::Queued | Phase::Decoding | Phase::Decoded => "Waiting …".to_owned(),
    }
}

/// The line below [`headline`].
#[must_use]
pub fn headline_note(song: &Song) -> String {
    match &song.phase {
        Phase::Done(report) if song.timing == Timing::default() => {
            format!("{} long, heard before", clock(report.duration_s))
        }
        Phase::Done(report) => format!(
            "{} long, judged in {:.1} s",
            clock(report.duration_s),
            song.timing.total_ms / 1000.0
        ),
        Phase::Failed(error) => sentence(&error.to_string()),
        Phase::Cancelled => String::new(),
        _ => song_note(song),
    }
}

/// The text with a capital letter and a full stop, as a sentence of its own.
#[must_use]
pub fn sentence(text: &str) -> String {
    format!("{}.", capital(text))
}

/// The text with a capital letter.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Who may use a model, and how large it is.
#[must_use]
pub fn licence(about: &About, stamp: &FileStamp) -> String {
    let size = match stamp.bytes {
        bytes if bytes < 1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        bytes => format!("{:.1} MB", bytes as f64 / 1e6),
    };
    format!("{}, {size}, licence {}", stamp.file, about.licence)
}

/// Heads of the columns of [`metric`].
pub const METRIC_HEADS: [&str; 4] = [
    "Measured on",
    "Songs",
    "Macro F1 (95 % interval)",
    "Accuracy",
];
/// Heads of the columns of [`target`].
pub const TARGET_HEADS: [&str; 4] = [
    "Estimate of",
    "Songs",
    "R² (95 % interval)",
    "R² on held-out songs",
];

/// How well a feature is estimated: its name, then the number of songs, R² with its
/// interval, and R² on songs that had no part in it.
#[must_use]
pub fn target(target: &TargetCard) -> (&'static str, Vec<String>) {
    let fit = target.fit;
    let [low, high] = fit.r2_interval.map(|r2| number(r2, 2));
    let held_out = |fit: Fit| format!("{} ({} songs)", number(fit.r2, 2), fit.n);
    let cells = vec![
        fit.n.to_string(),
        format!("{} ({low} to {high})", number(fit.r2, 2)),
        target.held_out.map_or_else(|| "–".to_owned(), held_out),
    ];
    (target.name.name(), cells)
}

/// A measured result: number of songs, macro F1 with its interval, accuracy.
#[must_use]
pub fn metric(metric: &Metric) -> Vec<String> {
    let [low, high] = metric.macro_f1_interval;
    vec![
        metric.n.to_string(),
        format!("{:.2} ({low:.2} to {high:.2})", metric.macro_f1),
        percent(metric.accuracy as f32),
    ]
}

/// One corpus of a model in a sentence.
#[must_use]
pub fn data_source(data: &DataSource) -> String {
    format!(
        "{}: {} songs or clips to learn from, {} to check; {}; licence {}",
        data.name, data.train, data.validation, data.labels, data.licence
    )
}

/// A share as `"72 %"` that no line break parts; small but not nothing is `"<1 %"`.
#[must_use]
pub fn percent(share: f32) -> String {
    if share > 0.0 && share < 0.005 {
        return "<1\u{a0}%".to_owned();
    }
    format!("{:.0}\u{a0}%", share * 100.0)
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
pub fn affect(affect: Affect) -> String {
    format!(
        "{}, {}",
        degree(affect.arousal, "drowsy", "excited"),
        degree(affect.valence, "unpleasant", "pleasant")
    )
}

/// A value in [-1, 1] between two words.
fn degree(value: f32, low: &str, high: &str) -> String {
    let word = if value < 0.0 { low } else { high };
    match value.abs() {
        size if size < 0.1 => format!("neither {low} nor {high}"),
        size if size < 0.35 => format!("slightly {word}"),
        size if size < 0.65 => format!("rather {word}"),
        _ => format!("very {word}"),
    }
}

/// How far the judges agree, in a sentence with the figure.
#[must_use]
pub fn agreement(report: &Report) -> String {
    let network = report.judges.network.moods.top().0;
    let ensemble = report.judges.ensemble.moods.top().0;
    let share = percent(report.agreement);
    if network == ensemble {
        format!("Both hear {network} first; their answers overlap by {share}.")
    } else {
        format!(
            "They differ: the network hears {network} first, the ensemble {ensemble}; their answers overlap by {share}."
        )
    }
}

/// One moment in a sentence: `"1:02: calm 64 %, sad 20 %, happy 10 %, energetic 6 %"`.
#[must_use]
pub fn moment(moment: &Moment) -> String {
    let mut order = Mood::ALL;
    order.sort_by(|a, b| moment.moods.get(*b).total_cmp(&moment.moods.get(*a)));
    let shares = order.map(|mood| format!("{mood} {}", percent(moment.moods.get(mood))));
    format!("{}: {}", clock(moment.t_s), shares.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        assert_eq!(percent(0.004), "<1\u{a0}%");
        assert_eq!(percent(0.0), "0\u{a0}%");
        assert_eq!(percent(0.725), "72\u{a0}%");
        assert_eq!(clock(59.9), "0:59");
        assert_eq!(clock(3723.0), "1:02:03");
        assert_eq!(signed(-0.4), "−0.40");
    }

    #[test]
    fn affect_is_told_by_degrees() {
        let words = affect(Affect {
            arousal: -0.5,
            valence: 0.05,
        });
        assert_eq!(words, "rather drowsy, neither unpleasant nor pleasant");
    }

    #[test]
    fn moments_name_the_likeliest_mood_first() {
        let text = moment(&Moment {
            t_s: 62.0,
            moods: MoodProbabilities::from_weights([2.0, 6.0, 1.0, 1.0]),
            affect: Affect::default(),
        });
        let plain = text.replace('\u{a0}', " ");
        assert_eq!(
            plain,
            "1:02: calm 60 %, sad 20 %, happy 10 %, energetic 10 %"
        );
    }
}

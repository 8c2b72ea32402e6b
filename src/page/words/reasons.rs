//! What the ensemble's inputs did to its answer, in words and percentage points.

use super::figures::percent;
use super::verdict::of_mood;
use crate::explain::{self, Contribution, Factor, sentences};
use crate::mood::Mood;
use crate::report::Report;
use crate::text::{Language, Text, mood_name, reasons as say};

/// A factor's name on the page.
#[must_use]
pub const fn factor_title(factor: Factor) -> Text {
    match factor {
        Factor::Tempo => say::FACTOR_TEMPO,
        Factor::Rhythm => say::FACTOR_RHYTHM,
        Factor::Mode => say::FACTOR_MODE,
        Factor::Harmony => say::FACTOR_HARMONY,
        Factor::Timbre => say::FACTOR_TIMBRE,
        Factor::Dynamics => say::FACTOR_DYNAMICS,
    }
}

/// The reasons of a report in sentences.
#[must_use]
pub fn why(language: Language, report: &Report) -> Vec<String> {
    sentences(language, report.decision(), &report.contributions)
}

/// The verdict and why in one sentence: `"Slow, minor, soft: sad"`.
#[must_use]
pub fn in_short(language: Language, report: &Report) -> String {
    explain::in_short(language, report.decision(), &report.contributions)
}

/// The heading of the bars.
#[must_use]
pub fn contributions_heading(language: Language, mood: Mood) -> String {
    of_mood(language, say::CONTRIBUTIONS_HEADING, mood)
}

/// `"+12 points for calm"`, `"−5 points against calm"`, `"<1 point for calm"`.
#[must_use]
pub fn contribution(language: Language, contribution: &Contribution, mood: Mood) -> String {
    let points = (100.0 * contribution.shapley).round();
    let text = match (contribution.shapley < 0.0, points.abs() <= 1.0) {
        (false, true) => say::POINT_FOR,
        (false, false) => say::POINTS_FOR,
        (true, true) => say::POINT_AGAINST,
        (true, false) => say::POINTS_AGAINST,
    };
    let figure = if points == 0.0 {
        "<1".to_owned()
    } else {
        format!("{points:+.0}").replace('-', "−")
    };
    let values = [
        ("points", figure.as_str()),
        ("mood", mood_name(mood).of(language)),
    ];
    text.fill(language, &values)
}

/// What the bars mean, and what they add up to.
#[must_use]
pub fn contributions_note(language: Language, report: &Report) -> String {
    let ensemble = report.judges.ensemble.moods.get(report.mood);
    let moved: f64 = report.contributions.iter().map(|c| c.shapley).sum();
    let average = (ensemble - moved as f32).clamp(0.0, 1.0);
    let values = [
        ("mood", mood_name(report.mood).of(language)),
        ("average", &percent(language, average)),
        ("ensemble", &percent(language, ensemble)),
    ];
    say::CONTRIBUTIONS_NOTE.fill(language, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{Impression, Word};

    fn points(shapley: f64) -> String {
        let given = Contribution {
            factor: Factor::Tempo,
            heard: String::new(),
            impression: Impression {
                word: Word::Slow,
                figure: "72".to_owned(),
            },
            shapley,
            pull: 0.0,
        };
        contribution(Language::English, &given, Mood::Calm)
    }

    #[test]
    fn points_name_their_side() {
        assert_eq!(points(0.124), "+12 points for calm");
        assert_eq!(points(-0.05), "−5 points against calm");
        assert_eq!(points(0.01), "+1 point for calm");
        assert_eq!(points(-0.01), "−1 point against calm");
        assert_eq!(points(0.004), "<1 point for calm");
        assert_eq!(points(-0.004), "<1 point against calm");
    }
}

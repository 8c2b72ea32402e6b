//! What the ensemble's inputs did to its answer, in words and percentage points.

use super::percent;
use crate::explain::{Contribution, Factor};
use crate::mood::Mood;
use crate::report::Report;

/// A factor's name on the page.
#[must_use]
pub const fn factor_title(factor: Factor) -> &'static str {
    match factor {
        Factor::Tempo => "Tempo",
        Factor::Rhythm => "Rhythm",
        Factor::Mode => "Major or minor",
        Factor::Harmony => "Harmony",
        Factor::Timbre => "Sound colour",
        Factor::Dynamics => "Dynamics",
    }
}

/// The heading of the bars.
#[must_use]
pub fn contributions_heading(mood: Mood) -> String {
    format!("What the features said for {mood}")
}

/// `"+12 points for calm"`, `"−5 points against calm"`, `"<1 point for calm"`.
#[must_use]
pub fn contribution(contribution: &Contribution, mood: Mood) -> String {
    let points = (100.0 * contribution.shapley).round();
    let unit = if points.abs() <= 1.0 {
        "point"
    } else {
        "points"
    };
    if points == 0.0 {
        let side = if contribution.shapley < 0.0 {
            "against"
        } else {
            "for"
        };
        format!("<1 {unit} {side} {mood}")
    } else if points > 0.0 {
        format!("+{points:.0} {unit} for {mood}")
    } else {
        format!("−{:.0} {unit} against {mood}", -points)
    }
}

/// What the bars mean, and what they add up to.
#[must_use]
pub fn contributions_note(report: &Report) -> String {
    let mood = report.mood;
    let ensemble = report.judges.ensemble.moods.get(mood);
    let moved: f64 = report.contributions.iter().map(|c| c.shapley).sum();
    let average = (ensemble - moved as f32).clamp(0.0, 1.0);
    format!(
        "How many percentage points each feature moved the ensemble against an average \
         song. That song stands at {} for {mood}; with the bars it adds up to {}.",
        percent(average),
        percent(ensemble)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(shapley: f64) -> String {
        let given = Contribution {
            factor: Factor::Tempo,
            heard: "slow (72 BPM)".to_owned(),
            shapley,
        };
        contribution(&given, Mood::Calm)
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

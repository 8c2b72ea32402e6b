//! A result as text, to be pasted or sent.

use super::{affect, percent, reasons, verdict};
use crate::mood::Mood;
use crate::report::Report;
use crate::text::{Language, mood_name, song as say};

/// Name, verdict, probabilities, place on the plane, and reasons; one line each. What is no
/// music has neither probabilities nor a place.
#[must_use]
pub fn text(language: Language, name: &str, report: &Report) -> String {
    let verdict = verdict(language, report);
    let head = say::SONG_SAYS.fill(language, &[("name", name), ("text", &verdict)]);
    let mut lines = vec![head];
    if report.kind.is_music() {
        lines.push(shares(language, report));
    }
    lines.push(place(language, report));
    lines.extend(reasons::why(language, report));
    lines.push("Undertone".to_owned());
    lines.join("\n")
}

/// All probabilities, the likeliest first.
fn shares(language: Language, report: &Report) -> String {
    let mut order = Mood::ALL;
    order.sort_by(|a, b| report.moods.get(*b).total_cmp(&report.moods.get(*a)));
    let shares = order.map(|mood| {
        let share = percent(language, report.moods.get(mood));
        let values = [("mood", mood_name(mood).of(language)), ("share", &share)];
        say::MOMENT_SHARE.fill(language, &values)
    });
    shares.join(language.list_separator())
}

/// How long the song is, and where music lies on the plane of arousal and valence.
#[must_use]
pub fn place(language: Language, report: &Report) -> String {
    let duration = super::clock(report.duration_s);
    if !report.kind.is_music() {
        return duration;
    }
    let affect = affect(language, report.affect);
    let values = [("affect", &*affect), ("duration", &duration)];
    say::SHARED_PLACE.fill(language, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn a_result_is_told_line_by_line() {
        let text = text(Language::English, "a.mp3", &report()).replace('\u{a0}', " ");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "a.mp3: Calm");
        assert_eq!(lines[1], "calm 70 %, happy 15 %, sad 10 %, energetic 5 %");
        assert_eq!(lines[2], "3:33, rather drowsy, slightly pleasant");
        assert_eq!(lines.last(), Some(&"Undertone"));
        let text = super::text(Language::Chinese, "a.mp3", &report());
        assert!(
            text.starts_with("a.mp3：平静\n平静 70%、快乐 15%"),
            "{text}"
        );
        let speech = Report {
            kind: crate::kind::Kind::Speech,
            ..report()
        };
        let text = super::text(Language::English, "a.mp3", &speech);
        let lines: Vec<_> = text.lines().collect();
        let reason = "What sounds here is speech, not music: it has no mood.";
        let expected = ["a.mp3: No music: speech", "3:33", reason, "Undertone"];
        assert_eq!(lines, expected);
    }
}

//! A result as a picture to be shared: an SVG of its own, without anything from outside.
//!
//! Colours are those of the page in daylight (`style.css`); a picture does not know where
//! it will be looked at.

use std::fmt::Write;

use crate::mood::Mood;
use crate::network::STEP_SECONDS;
use crate::page::plot::strip;
use crate::page::words::{self, share};
use crate::report::{Moment, Report};
use crate::text::{Language, mood_title};

/// Width and height in pixels: the 1.91 : 1 that most services show in full.
pub const SIZE: [u32; 2] = [1200, 630];
/// Margin on all sides.
const MARGIN: f64 = 60.0;
/// Where the bars and the curve begin, and how high a row of theirs is.
const ROWS_TOP: f64 = 250.0;
const ROW: f64 = 66.0;
/// The bars' left edge and greatest length; the curve's left edge and width.
const BAR: [f64; 2] = [210.0, 230.0];
const CURVE: [f64; 2] = [560.0, 580.0];
/// Longest name in units of [`width`]: what fits into one line.
const NAME_WIDTH: usize = 66;

/// The picture of a song's report.
#[must_use]
pub fn svg(language: Language, name: &str, report: &Report) -> String {
    let [width, height] = SIZE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, 'Noto Sans', \
         'Noto Sans CJK SC', sans-serif\" fill=\"#1d2026\">\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#f6f4ef\"/>"
    );
    let short = shortened(name, NAME_WIDTH);
    svg.push_str(&text([MARGIN, 100.0], 32, "#5a5f6b", &short));
    let verdict = words::verdict(language, report);
    let music = report.kind.is_music();
    let (ink, moods) = if music {
        (colour(report.mood), &Mood::ALL[..])
    } else {
        ("#5a5f6b", &[][..])
    };
    svg.push_str(&text([MARGIN, 185.0], 68, ink, &verdict));
    for (row, &mood) in moods.iter().enumerate() {
        let middle = ROWS_TOP + ROW * (row as f64 + 0.5);
        svg.push_str(&mood_row(language, report, mood, middle));
    }
    let place = share::place(language, report);
    svg.push_str(&text([MARGIN, 570.0], 26, "#5a5f6b", &place));
    let brand = "<text x=\"1140\" y=\"570\" font-size=\"26\" font-weight=\"650\" \
                 fill=\"#3f4fb8\" text-anchor=\"end\">Undertone</text></svg>";
    svg.push_str(brand);
    svg
}

/// A mood's name, bar, share and curve.
fn mood_row(language: Language, report: &Report, mood: Mood, middle: f64) -> String {
    let [bar_x, bar_width] = BAR;
    let share = report.moods.get(mood);
    let name = mood_title(mood).of(language);
    let mut row = text([MARGIN, middle + 10.0], 28, "#1d2026", name);
    let length = bar_width * f64::from(share);
    let bar = |length: f64, fill: &str| {
        let top = middle - 12.0;
        format!(
            "<rect x=\"{bar_x}\" y=\"{top}\" width=\"{length:.1}\" height=\"24\" rx=\"6\" \
             fill=\"{fill}\"/>"
        )
    };
    row.push_str(&bar(bar_width, "#e4e0d6"));
    row.push_str(&bar(length, colour(mood)));
    let percent = words::percent(language, share);
    let place = [bar_x + bar_width + 14.0, middle + 10.0];
    row.push_str(&text(place, 26, "#1d2026", &percent));
    row.push_str(&curve(report, mood, middle));
    row
}

/// The mood along the song, as on the page: one lane a mood.
fn curve(report: &Report, mood: Mood, middle: f64) -> String {
    let [left, width] = CURVE;
    let x = |seconds: f64| left + width * strip::x_of(seconds, report.duration_s) / strip::WIDTH;
    let base = middle + 0.42 * ROW;
    let Some(first) = report.timeline.first() else {
        return String::new();
    };
    let mut path = format!("M{:.1} {base:.1}", x(first.t_s));
    let mut end = x(first.t_s);
    for moment in &report.timeline {
        let Moment {
            t_s, kind, moods, ..
        } = moment;
        let share = if kind.is_music() {
            moods.get(mood)
        } else {
            0.0
        };
        let top = base - 0.84 * ROW * f64::from(share);
        end = x(t_s + STEP_SECONDS);
        // Writing into a string does not fail.
        let _ = write!(path, "L{:.1} {top:.1}H{end:.1}", x(*t_s));
    }
    let _ = write!(path, "L{end:.1} {base:.1}Z");
    let line = format!("M{left} {base:.1}H{:.1}", left + width);
    format!(
        "<path d=\"{path}\" fill=\"{}\"/><path d=\"{line}\" stroke=\"#dcd8ce\" \
         stroke-width=\"2\"/>",
        colour(mood)
    )
}

const fn colour(mood: Mood) -> &'static str {
    match mood {
        Mood::Sad => "#4a67c4",
        Mood::Calm => "#1b8577",
        Mood::Happy => "#c08400",
        Mood::Energetic => "#cf4a3a",
    }
}

fn text([x, y]: [f64; 2], size: u32, fill: &str, text: &str) -> String {
    let text = escaped(text);
    format!("<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\">{text}</text>")
}

/// The text as XML holds it; what XML can't hold at all is left out (XML 1.0, 2.2).
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => safe.push(other),
        }
    }
    safe
}

/// The beginning of a name that is too long for its line.
fn shortened(name: &str, most: usize) -> String {
    let mut room = most;
    let mut short = String::new();
    for letter in name.chars() {
        let Some(left) = room.checked_sub(width(letter)) else {
            short.push('…');
            break;
        };
        room = left;
        short.push(letter);
    }
    short
}

/// Widths of letters, about: those of East Asia and emoji take two of the others.
const fn width(letter: char) -> usize {
    if (letter as u32) < 0x1100 { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn names_can_not_break_out_of_the_picture() {
        let name = "</text><script>alert('1')</script>&\u{1}\"😀.mp3";
        let svg = svg(Language::English, name, &report());
        assert!(!svg.contains("<script"), "{svg}");
        assert!(svg.contains("&lt;/text&gt;&lt;script&gt;alert(&#39;1&#39;)"));
        assert!(svg.contains("&amp;&quot;😀.mp3") && !svg.contains('\u{1}'));
    }

    #[test]
    fn long_names_end_in_dots() {
        assert_eq!(shortened("short.mp3", 20), "short.mp3");
        assert_eq!(shortened("abcdef", 3), "abc…");
        assert_eq!(shortened("很长的名字", 4), "很长…");
    }

    #[test]
    fn the_picture_tells_name_verdict_shares_and_curve() {
        for language in Language::ALL {
            let report = report();
            let svg = svg(language, "a.mp3", &report);
            assert!(svg.contains("a.mp3") && svg.contains(&words::verdict(language, &report)));
            for mood in Mood::ALL {
                let share = words::percent(language, report.moods.get(mood));
                assert!(svg.contains(mood_title(mood).of(language)) && svg.contains(&share));
            }
            assert_eq!(svg.matches("<path d=\"M560.0 ").count(), Mood::COUNT);
            assert_eq!(svg.matches('<').count(), svg.matches('>').count());
        }
    }

    #[test]
    fn what_is_no_music_has_no_bars() {
        let noise = Report {
            kind: crate::kind::Kind::Noise,
            ..report()
        };
        let svg = svg(Language::English, "rain.mp3", &noise);
        assert!(
            svg.contains("No music: noise") && !svg.contains("Calm"),
            "{svg}"
        );
        assert!(!svg.contains("<path"), "{svg}");
    }
}

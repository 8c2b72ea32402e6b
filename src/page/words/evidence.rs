//! Where the network's evidence lies, in words.

use super::figures::{clock, signed};
use super::verdict::of_mood;
use crate::explain::BandEvidence;
use crate::mood::Mood;
use crate::report::Report;
use crate::text::{Language, Text, mood_name, song as say};

/// Names of bands by their middle, each up to that many Hz.
const BAND_NAMES: [(f64, Text); 3] = [
    (250.0, say::BAND_BASS),
    (1_000.0, say::BAND_LOW_MIDS),
    (4_000.0, say::BAND_HIGH_MIDS),
];
/// What lies above them.
const TOP_BAND: Text = say::BAND_TREBLE;
/// Below this lower edge a band begins where hearing does.
const FIRST_HZ: f64 = 40.0;

/// The head of what speaks for the mood: `"For calm"`.
#[must_use]
pub fn for_mood(language: Language, mood: Mood) -> String {
    of_mood(language, say::FOR_MOOD, mood)
}

/// The heading of the bands.
#[must_use]
pub fn bands_heading(language: Language, mood: Mood) -> String {
    of_mood(language, say::BANDS_HEADING, mood)
}

/// `"Most calm from 0:41 to 0:49 (the marked stretch)"`.
#[must_use]
pub fn strongest(language: Language, report: &Report) -> String {
    let [start, end] = report.evidence.strongest_s.map(clock);
    let values = [
        ("mood", mood_name(report.mood).of(language)),
        ("start", &start),
        ("end", &end),
    ];
    let strongest = say::STRONGEST.fill(language, &values);
    say::MARKED_STRETCH.fill(language, &[("strongest", &strongest)])
}

/// What a moment says: `"speaks for calm (+1.30)"`.
#[must_use]
pub fn moment(language: Language, value: f32, mood: Mood) -> String {
    let texts = [say::SPEAKS_FOR, say::SPEAKS_AGAINST];
    of_value(language, texts, value, mood)
}

/// A band's name: `"bass"`.
#[must_use]
pub fn band_name(language: Language, band: &BandEvidence) -> &'static str {
    let middle = f64::midpoint(band.low_hz, band.high_hz);
    let mut names = BAND_NAMES.into_iter();
    let name = names.find(|(upper, _)| middle < *upper);
    name.map_or(TOP_BAND, |(_, name)| name).of(language)
}

/// A band's edges: `"below 200 Hz"`, `"200 to 400 Hz"`.
#[must_use]
pub fn band_edges(language: Language, band: &BandEvidence) -> String {
    let (low, high) = (hertz(band.low_hz), hertz(band.high_hz));
    if band.low_hz < FIRST_HZ {
        return say::BELOW.fill(language, &[("high", &high)]);
    }
    // One unit is enough where both have it.
    let same = |unit| low.ends_with(unit) && high.ends_with(unit);
    let short = match low.split_once('\u{a0}') {
        Some((figures, _)) if same("\u{a0}Hz") || same("\u{a0}kHz") => figures,
        _ => &low,
    };
    say::BETWEEN.fill(language, &[("low", short), ("high", &high)])
}

/// What a band adds: `"+0.42 for calm"`.
#[must_use]
pub fn band(language: Language, drop: f32, mood: Mood) -> String {
    let texts = [say::VALUE_FOR, say::VALUE_AGAINST];
    of_value(language, texts, drop, mood)
}

/// A value with its side: the text for the mood, or that against it.
fn of_value(language: Language, texts: [Text; 2], value: f32, mood: Mood) -> String {
    let text = if value < 0.0 { texts[1] } else { texts[0] };
    let values = [
        ("mood", mood_name(mood).of(language)),
        ("value", &signed(value)),
    ];
    text.fill(language, &values)
}

/// A frequency to two figures, as `"200 Hz"` or `"1.6 kHz"`.
fn hertz(hz: f64) -> String {
    if hz < 995.0 {
        return format!("{:.0}\u{a0}Hz", (hz / 10.0).round() * 10.0);
    }
    let text = format!("{:.1}", hz / 1000.0);
    format!("{}\u{a0}kHz", text.trim_end_matches(".0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(low_hz: f64, high_hz: f64) -> String {
        let band = BandEvidence {
            low_hz,
            high_hz,
            drop: 0.0,
        };
        let edges = band_edges(Language::English, &band).replace('\u{a0}', " ");
        format!("{} {edges}", band_name(Language::English, &band))
    }

    #[test]
    fn bands_have_names_and_edges() {
        assert_eq!(title(0.0, 200.0), "bass below 200 Hz");
        assert_eq!(title(250.0, 1001.3), "low mids 250 Hz to 1 kHz");
        assert_eq!(title(1000.0, 3000.0), "high mids 1 to 3 kHz");
        assert_eq!(title(3000.0, 8000.0), "treble 3 to 8 kHz");
    }

    #[test]
    fn evidence_names_its_side() {
        let (english, chinese) = (Language::English, Language::Chinese);
        assert_eq!(moment(english, 1.3, Mood::Calm), "speaks for calm (+1.30)");
        assert_eq!(
            moment(english, -0.2, Mood::Sad),
            "speaks against sad (−0.20)"
        );
        assert_eq!(moment(chinese, -0.2, Mood::Sad), "反对悲伤（−0.20）");
        assert_eq!(band(english, 0.416, Mood::Sad), "+0.42 for sad");
        assert_eq!(band(chinese, 0.416, Mood::Sad), "+0.42，支持悲伤");
    }
}

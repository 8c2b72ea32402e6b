//! Where the network's evidence lies, in words.

use super::{clock, signed};
use crate::explain::BandEvidence;
use crate::mood::Mood;

/// Names of bands by their middle, each up to that many Hz.
const BAND_NAMES: [(f64, &str); 5] = [
    (250.0, "bass"),
    (500.0, "low mids"),
    (1_000.0, "mids"),
    (2_000.0, "high mids"),
    (4_000.0, "presence"),
];
/// What lies above them.
const TOP_BAND: &str = "treble";
/// Below this lower edge a band begins where hearing does.
const FIRST_HZ: f64 = 40.0;

/// `"Most calm from 0:41 to 0:49"`.
#[must_use]
pub fn strongest(mood: Mood, [start, end]: [f64; 2]) -> String {
    format!("Most {mood} from {} to {}", clock(start), clock(end))
}

/// What a moment says: `"speaks for calm (+1.30)"`.
#[must_use]
pub fn moment(value: f32, mood: Mood) -> String {
    format!("speaks {} {mood} ({})", side(value), signed(value))
}

/// A band's name: `"bass"`.
#[must_use]
pub fn band_name(band: &BandEvidence) -> &'static str {
    let middle = f64::midpoint(band.low_hz, band.high_hz);
    BAND_NAMES
        .into_iter()
        .find(|(upper, _)| middle < *upper)
        .map_or(TOP_BAND, |(_, name)| name)
}

/// A band's edges: `"below 200 Hz"`, `"200 to 400 Hz"`.
#[must_use]
pub fn band_edges(band: &BandEvidence) -> String {
    let (low, high) = (hertz(band.low_hz), hertz(band.high_hz));
    if band.low_hz < FIRST_HZ {
        return format!("below {high}");
    }
    // One unit is enough where both have it.
    let same = |unit| low.ends_with(unit) && high.ends_with(unit);
    let short = match low.split_once('\u{a0}') {
        Some((figures, _)) if same("\u{a0}Hz") || same("\u{a0}kHz") => figures,
        _ => &low,
    };
    format!("{short} to {high}")
}

/// What a band adds: `"+0.42 for calm"`.
#[must_use]
pub fn band(drop: f32, mood: Mood) -> String {
    format!("{} {} {mood}", signed(drop), side(drop))
}

const fn side(value: f32) -> &'static str {
    if value < 0.0 { "against" } else { "for" }
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
        let edges = band_edges(&band).replace('\u{a0}', " ");
        format!("{} {edges}", band_name(&band))
    }

    #[test]
    fn bands_have_names_and_edges() {
        assert_eq!(title(0.0, 200.0), "bass below 200 Hz");
        assert_eq!(title(200.0, 401.3), "low mids 200 to 400 Hz");
        assert_eq!(title(800.0, 1600.0), "high mids 800 Hz to 1.6 kHz");
        assert_eq!(title(4000.0, 8000.0), "treble 4 to 8 kHz");
    }

    #[test]
    fn evidence_names_its_side() {
        assert_eq!(
            strongest(Mood::Calm, [41.2, 49.9]),
            "Most calm from 0:41 to 0:49"
        );
        assert_eq!(moment(1.3, Mood::Calm), "speaks for calm (+1.30)");
        assert_eq!(moment(-0.2, Mood::Sad), "speaks against sad (−0.20)");
        assert_eq!(band(0.416, Mood::Sad), "+0.42 for sad");
    }
}

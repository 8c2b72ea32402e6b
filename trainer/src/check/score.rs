//! The scores that the field counts in.

use std::collections::BTreeMap;

use undertone::features::TrackFeatures;

use super::truth::Truth;

/// Head of the table of scores.
pub(super) const HEADER: &str = "\
| songs | n | tempo accuracy 1 | accuracy 2 | key, MIREX | key exact | time signature |
|---|---|---|---|---|---|---|
";

/// A tempo is right within this share (MIREX audio tempo estimation).
const TEMPO_TOLERANCE: f64 = 0.04;

/// Scores of some songs; each list holds the songs of which the truth is known.
#[derive(Default)]
pub(super) struct Tally {
    songs: usize,
    accuracy_1: Vec<f64>,
    accuracy_2: Vec<f64>,
    keys: Vec<f64>,
    metres: Vec<f64>,
    tempo_errors: Counts<&'static str>,
    key_errors: Counts<&'static str>,
    metre_errors: Counts<(u8, String)>,
}

/// How often each came.
type Counts<T> = BTreeMap<T, usize>;

impl Tally {
    pub(super) fn of<'a>(songs: impl IntoIterator<Item = &'a (&'a Truth, TrackFeatures)>) -> Self {
        let mut tally = Self::default();
        for (truth, heard) in songs {
            tally.songs += 1;
            if let Some(bpm) = truth.tempo {
                tally.tempo(bpm, heard.tempo);
            }
            if let Some(key) = truth.key {
                tally.key(key, heard);
            }
            if let Some(metre) = truth.metre.and_then(beats) {
                tally.metre(metre, heard.time_signature);
            }
        }
        tally
    }

    /// One line of the table.
    pub(super) fn line(&self, name: &str) -> String {
        let exact: Vec<f64> = self.keys.iter().map(|key| share(*key >= 1.0)).collect();
        let [first, second] = [&self.accuracy_1, &self.accuracy_2];
        let columns = [first, second, &self.keys, &exact, &self.metres];
        let means = columns.map(|scores| mean(scores));
        format!("| {name} | {} | {} |\n", self.songs, means.join(" | "))
    }

    /// What was taken for what.
    pub(super) fn confusions(&self) -> String {
        let counted = |counts: &Counts<&str>| -> Vec<String> {
            let counts = counts.iter();
            counts.map(|(name, n)| format!("{name} {n}")).collect()
        };
        let metres = self.metre_errors.iter();
        let metres = metres.map(|((is, heard), n)| format!("{heard} for {is}: {n}"));
        let lines = [
            ("for the tempo", counted(&self.tempo_errors)),
            ("for the key", counted(&self.key_errors)),
            ("beats a bar", metres.collect()),
        ];
        let mut text = String::new();
        for (what, counts) in lines.iter().filter(|(_, counts)| !counts.is_empty()) {
            text.extend([format!("\nHeard {what}: {}.\n", counts.join(", "))]);
        }
        text
    }

    fn tempo(&mut self, bpm: f64, heard: Option<f64>) {
        const RELATIONS: [(f64, &str); 5] = [
            (1.0, "right"),
            (2.0, "double"),
            (0.5, "half"),
            (3.0, "triple"),
            (1.0 / 3.0, "third"),
        ];
        let near = |(factor, _): &&(f64, &str)| {
            heard.is_some_and(|heard| (heard / (bpm * factor) - 1.0).abs() <= TEMPO_TOLERANCE)
        };
        let name = RELATIONS
            .iter()
            .find(near)
            .map_or("other", |(_, name)| name);
        self.accuracy_1.push(share(name == "right"));
        self.accuracy_2.push(share(name != "other"));
        *self.tempo_errors.entry(name).or_default() += 1;
    }

    /// The weights of MIREX audio key detection, as `mir_eval`'s `weighted_score` takes them.
    fn key(&mut self, (key, major): (usize, bool), heard: &TrackFeatures) {
        let heard = heard.key.filter(|key| *key >= 0.0).zip(heard.mode);
        let (score, name) = heard.map_or((0.0, "none"), |(tonic, mode)| {
            let up = (tonic as usize + 12 - key) % 12;
            match (up, (mode > 0.5) == major) {
                (0, true) => (1.0, "right"),
                (7, true) => (0.5, "a fifth up"),
                (5, true) => (0.0, "a fifth down"),
                (0, false) => (0.2, "parallel"),
                (9, false) if major => (0.3, "relative"),
                (3, false) if !major => (0.3, "relative"),
                _ => (0.0, "other"),
            }
        });
        self.keys.push(score);
        *self.key_errors.entry(name).or_default() += 1;
    }

    fn metre(&mut self, is: u8, heard: Option<f64>) {
        let right = heard.is_some_and(|heard| heard.to_bits() == f64::from(is).to_bits());
        self.metres.push(share(right));
        let heard = heard.map_or_else(|| "none".to_owned(), |heard| heard.to_string());
        *self.metre_errors.entry((is, heard)).or_default() += 1;
    }
}

/// Beats a bar as `time_signature` counts them: two beats are half of four, and two
/// beats of three parts each are six.
fn beats((over, under): (u32, u32)) -> Option<u8> {
    match (over, under) {
        (6 | 12, 8) => Some(6),
        (9, 8) | (3, 2 | 4 | 8) => Some(3),
        (2 | 4, 2 | 4) => Some(4),
        (5 | 7, _) => u8::try_from(over).ok(),
        _ => None,
    }
}

fn share(right: bool) -> f64 {
    f64::from(u8::from(right))
}

fn mean(scores: &[f64]) -> String {
    if scores.is_empty() {
        return "–".to_owned();
    }
    format!("{:.3}", scores.iter().sum::<f64>() / scores.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(tempo: f64, key: f64, mode: f64, time_signature: f64) -> TrackFeatures {
        TrackFeatures {
            tempo: Some(tempo),
            key: Some(key),
            mode: Some(mode),
            time_signature: Some(time_signature),
            ..TrackFeatures::default()
        }
    }

    #[test]
    fn songs_are_scored_as_mirex_does() {
        let truth = Truth {
            path: "a.ogg".into(),
            tempo: Some(100.0),
            key: Some((0, true)),
            metre: Some((3, 4)),
            set: None,
            collection: None,
        };
        let song = |heard| (&truth, heard);
        let songs = [
            song(heard(103.0, 0.0, 1.0, 3.0)),
            song(heard(50.0, 7.0, 1.0, 4.0)),
            song(heard(297.0, 9.0, 0.0, 3.0)),
            song(heard(70.0, 0.0, 0.0, 3.0)),
            song(heard(70.0, 5.0, 1.0, 3.0)),
            song(TrackFeatures::default()),
        ];
        let line = Tally::of(&songs).line("all");
        assert_eq!(
            line,
            "| all | 6 | 0.167 | 0.500 | 0.333 | 0.167 | 0.667 |\n"
        );
        let text = Tally::of(&songs).confusions();
        assert!(
            text.contains("half 1, other 3, right 1, triple 1"),
            "{text}"
        );
        assert!(
            text.contains("a fifth down 1, a fifth up 1, none 1, parallel 1, relative 1, right 1"),
            "{text}"
        );
    }

    #[test]
    fn metres_are_counted_in_beats() {
        assert_eq!(beats((2, 2)), Some(4));
        assert_eq!(beats((6, 8)), Some(6));
        assert_eq!(beats((9, 8)), Some(3));
        assert_eq!(beats((5, 4)), Some(5));
        assert_eq!(beats((11, 8)), None);
    }
}

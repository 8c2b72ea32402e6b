//! What was heard of each factor, in words that are true to the numbers.
//!
//! Words are relative: but for tempo and mode the borders are the terciles of the descriptors over the 1 231
//! recordings that the bundled models know (EMOPIA and full mixes), so that the lowest
//! third is called by the first word and the highest by the last (`tools/terciles.py`).
//! Where a factor has several measurements, the one furthest on the way from the middle
//! third to the rarest songs is named, as a listener names what stands out. For the
//! vocabulary cf. Gabrielsson & Lindström 2010, "The role of structure in the musical
//! expression of emotions".

use serde::{Deserialize, Serialize};

use super::Factor;
use crate::features::{Heard, KEY_NAMES, TrackFeatures};
use crate::text::{Language, Text, reasons};

/// Makes the words: each has a text in every language.
macro_rules! words {
    ($($word:ident = $text:ident;)*) => {
        /// A word for what was heard.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "each says itself what was heard")]
        pub enum Word {
            $($word,)*
        }

        impl Word {
            /// Its text.
            const fn text(self) -> Text {
                match self {
                    $(Self::$word => reasons::$text,)*
                }
            }
        }
    };
}

words! {
    Slow = SLOW;
    ModeratePace = MODERATE_PACE;
    Fast = FAST;
    NoClearBeat = NO_CLEAR_BEAT;
    MajorKey = MAJOR_KEY;
    MinorKey = MINOR_KEY;
    NearMajor = NEAR_MAJOR;
    NearMinor = NEAR_MINOR;
    NoClearKey = NO_CLEAR_KEY;
    FewNotes = FEW_NOTES;
    MediumNotes = MEDIUM_NOTES;
    ManyNotes = MANY_NOTES;
    SoftAttack = SOFT_ATTACK;
    MediumAttack = MEDIUM_ATTACK;
    StrongAttack = STRONG_ATTACK;
    FreePulse = FREE_PULSE;
    ModeratePulse = MODERATE_PULSE;
    RegularPulse = REGULAR_PULSE;
    FewPitches = FEW_PITCHES;
    UsualPitches = USUAL_PITCHES;
    ManyPitches = MANY_PITCHES;
    SlowPitches = SLOW_PITCHES;
    SteadyPitches = STEADY_PITCHES;
    QuickPitches = QUICK_PITCHES;
    DarkSound = DARK_SOUND;
    NeutralSound = NEUTRAL_SOUND;
    BrightSound = BRIGHT_SOUND;
    GentleSound = GENTLE_SOUND;
    MediumSound = MEDIUM_SOUND;
    PowerfulSound = POWERFUL_SOUND;
    ElectricSound = ELECTRIC_SOUND;
    HalfAcousticSound = HALF_ACOUSTIC_SOUND;
    AcousticSound = ACOUSTIC_SOUND;
    EvenDynamics = EVEN_DYNAMICS;
    ModerateDynamics = MODERATE_DYNAMICS;
    WideDynamics = WIDE_DYNAMICS;
    NotMeasured = NOT_MEASURED;
}

/// What was heard of one factor: a word, and the figure that it stands for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Impression {
    /// The word.
    pub word: Word,
    /// The figure as it is shown, without its unit: beats a minute, notes a second, dB, or
    /// the name of a tonic. Empty where the word stands alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub figure: String,
}

impl Impression {
    /// In words: "slow (72 BPM)".
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        let values = [("value", self.figure.as_str())];
        self.word.text().fill(language, &values)
    }

    /// A word that stands alone.
    const fn plain(word: Word) -> Self {
        Self {
            word,
            figure: String::new(),
        }
    }
}

/// A measurement and its three words.
struct Scale {
    /// Name of the descriptor or of the track feature.
    name: &'static str,
    /// Terciles over the corpus.
    borders: [f64; 2],
    /// 5th and 95th percentile over the corpus.
    ends: [f64; 2],
    /// For the lowest, the middle and the highest third.
    words: [Word; 3],
    /// Digits of the figure behind the word, if it has one.
    digits: Option<usize>,
}

/// Slow ends in the middle of andante, before the corpus' lowest third does (110 BPM): a
/// listener calls 100 BPM moderate. Fast begins where both allegro (120 BPM) and the highest
/// third have begun.
const TEMPO_BPM: [f64; 2] = [90.0, 135.0];

const RHYTHM: [Scale; 3] = [
    Scale {
        name: "onset_rate_hz",
        borders: [3.1, 4.3],
        ends: [1.6, 6.8],
        words: [Word::FewNotes, Word::MediumNotes, Word::ManyNotes],
        digits: Some(1),
    },
    Scale {
        name: "onset_strength_mean",
        borders: [0.075, 0.089],
        ends: [0.058, 0.181],
        words: [Word::SoftAttack, Word::MediumAttack, Word::StrongAttack],
        digits: None,
    },
    Scale {
        name: "pulse_clarity",
        borders: [0.20, 0.37],
        ends: [0.066, 0.63],
        words: [Word::FreePulse, Word::ModeratePulse, Word::RegularPulse],
        digits: None,
    },
];

const HARMONY: [Scale; 2] = [
    Scale {
        name: "chroma_entropy",
        borders: [0.953, 0.969],
        ends: [0.923, 0.993],
        words: [Word::FewPitches, Word::UsualPitches, Word::ManyPitches],
        digits: None,
    },
    Scale {
        name: "chroma_flux",
        borders: [0.095, 0.109],
        ends: [0.070, 0.167],
        words: [Word::SlowPitches, Word::SteadyPitches, Word::QuickPitches],
        digits: None,
    },
];

/// Brightness, and the two estimates that name a colour, whose scale has fixed ends. Against
/// a corpus of much piano every full mix stands out as noisy, which tells a listener nothing.
const TIMBRE: [Scale; 3] = [
    Scale {
        name: "spectral_centroid_mean_hz",
        borders: [520.0, 604.0],
        ends: [379.0, 824.0],
        words: [Word::DarkSound, Word::NeutralSound, Word::BrightSound],
        digits: None,
    },
    Scale {
        name: "energy",
        borders: THIRDS,
        ends: [0.0, 1.0],
        words: [Word::GentleSound, Word::MediumSound, Word::PowerfulSound],
        digits: None,
    },
    Scale {
        name: "acousticness",
        borders: THIRDS,
        ends: [0.0, 1.0],
        words: [
            Word::ElectricSound,
            Word::HalfAcousticSound,
            Word::AcousticSound,
        ],
        digits: None,
    },
];

const THIRDS: [f64; 2] = [1.0 / 3.0, 2.0 / 3.0];

const DYNAMICS: [Scale; 1] = [Scale {
    name: "dynamic_range_db",
    borders: [4.7, 8.3],
    ends: [2.2, 16.6],
    words: [
        Word::EvenDynamics,
        Word::ModerateDynamics,
        Word::WideDynamics,
    ],
    digits: Some(0),
}];

/// What was heard of one factor.
#[must_use]
pub fn impression(factor: Factor, heard: &Heard) -> Impression {
    match factor {
        Factor::Tempo => tempo(&heard.features),
        Factor::Mode => mode(heard),
        Factor::Rhythm => outstanding(&RHYTHM, heard),
        Factor::Harmony => outstanding(&HARMONY, heard),
        Factor::Timbre => outstanding(&TIMBRE, heard),
        Factor::Dynamics => outstanding(&DYNAMICS, heard),
    }
}

fn tempo(features: &TrackFeatures) -> Impression {
    let Some(bpm) = features.tempo else {
        return Impression::plain(Word::NoClearBeat);
    };
    let words = [Word::Slow, Word::ModeratePace, Word::Fast];
    Impression {
        word: word(bpm, TEMPO_BPM, words),
        figure: format!("{bpm:.0}"),
    }
}

fn mode(heard: &Heard) -> Impression {
    let features = &heard.features;
    let name = features.key.and_then(|key| KEY_NAMES.get(key as usize));
    let (Some(name), Some(mode)) = (name, features.mode) else {
        return Impression::plain(Word::NoClearKey);
    };
    let word = match (heard.sound.mode_open, mode > 0.5) {
        (false, true) => Word::MajorKey,
        (false, false) => Word::MinorKey,
        (true, true) => Word::NearMajor,
        (true, false) => Word::NearMinor,
    };
    Impression {
        word,
        figure: (*name).to_owned(),
    }
}

/// The words for the measurement that lies furthest out: 0 at a tercile, 1 at the 5th or
/// 95th percentile, below 0 in the middle third.
fn outstanding(scales: &[Scale], heard: &Heard) -> Impression {
    let values = scales
        .iter()
        .filter_map(|scale| Some((scale, measured(scale.name, heard)?)));
    let out = |(scale, value): &(&Scale, f64)| {
        let ([low, high], [least, most]) = (scale.borders, scale.ends);
        ((low - value) / (low - least)).max((value - high) / (most - high))
    };
    let furthest = values.max_by(|a, b| out(a).total_cmp(&out(b)));
    let Some((scale, value)) = furthest else {
        return Impression::plain(Word::NotMeasured);
    };
    let digits = scale.digits.map(|digits| format!("{value:.digits$}"));
    Impression {
        word: word(value, scale.borders, scale.words),
        figure: digits.unwrap_or_default(),
    }
}

/// The descriptor of that name, or else the track feature.
fn measured(name: &str, heard: &Heard) -> Option<f64> {
    let features = heard.features.to_array().into_iter();
    let mut features = TrackFeatures::NAMES.into_iter().zip(features);
    let feature = || features.find(|(known, _)| *known == name)?.1;
    heard.descriptors.get(name).or_else(feature)
}

/// A word for a value between two borders.
fn word(value: f64, borders: [f64; 2], words: [Word; 3]) -> Word {
    match value {
        v if v < borders[0] => words[0],
        v if v < borders[1] => words[1],
        _ => words[2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{Descriptors, Sound};

    fn words(factor: Factor, heard: &Heard) -> String {
        impression(factor, heard).say(Language::English)
    }

    /// A song in the middle of everything but for these descriptors.
    fn heard(changed: &[(&str, f64)]) -> Heard {
        let mut values = [0.0; Descriptors::COUNT];
        let scales = RHYTHM
            .iter()
            .chain(&HARMONY)
            .chain(&TIMBRE[..1])
            .chain(&DYNAMICS);
        let middle = scales.map(|s| (s.name, f64::midpoint(s.borders[0], s.borders[1])));
        for (name, value) in middle.chain(changed.iter().copied()) {
            let at = Descriptors::NAMES.iter().position(|n| *n == name).unwrap();
            values[at] = value;
        }
        Heard {
            descriptors: Descriptors { values },
            features: TrackFeatures::default(),
            sound: Sound::default(),
        }
    }

    #[test]
    fn the_measurement_that_stands_out_is_named() {
        let song = heard(&[("onset_strength_mean", 0.02), ("onset_rate_hz", 4.0)]);
        assert_eq!(words(Factor::Rhythm, &song), "soft attack");
        let song = heard(&[("onset_rate_hz", 8.04)]);
        assert_eq!(words(Factor::Rhythm, &song), "many notes (8.0 a second)");
        let song = heard(&[("spectral_centroid_mean_hz", 300.0)]);
        assert_eq!(words(Factor::Timbre, &song), "dark sound");
        let mut song = heard(&[]);
        song.features.energy = Some(0.1);
        song.features.acousticness = Some(0.7);
        assert_eq!(words(Factor::Timbre, &song), "gentle sound");
        song.features.acousticness = Some(0.99);
        assert_eq!(words(Factor::Timbre, &song), "acoustic sound");
        let song = heard(&[("dynamic_range_db", 25.2)]);
        assert_eq!(words(Factor::Dynamics, &song), "wide dynamics (25 dB)");
        let song = heard(&[("chroma_entropy", 0.90)]);
        assert_eq!(words(Factor::Harmony, &song), "few different pitches");
    }

    #[test]
    fn what_was_not_measured_is_not_made_up() {
        let song = heard(&[]);
        assert_eq!(words(Factor::Tempo, &song), "no clear beat");
        assert_eq!(words(Factor::Mode, &song), "no clear key");
    }

    #[test]
    fn tempo_and_key_have_their_words() {
        let mut song = heard(&[]);
        song.features.tempo = Some(72.4);
        song.features.key = Some(9.0);
        song.features.mode = Some(0.0);
        assert_eq!(words(Factor::Tempo, &song), "slow (72 BPM)");
        assert_eq!(words(Factor::Mode, &song), "minor key (A minor)");
        song.features.tempo = Some(135.0);
        assert_eq!(words(Factor::Tempo, &song), "fast (135 BPM)");
        song.sound.mode_open = true;
        assert_eq!(
            words(Factor::Mode, &song),
            "key between major and minor (nearest A minor)"
        );
    }
}

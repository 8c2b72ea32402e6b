//! What a table of songs holds, in figures.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use itertools::Itertools;
use rayon::prelude::*;
use serde::Serialize;
use undertone::Mood;
use undertone::features::TrackFeatures;

use super::song::{Song, Split};
use super::table;
use collections::decode;

/// Figures of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// Number of songs.
    pub songs: usize,
    /// Number of groups that a split keeps together.
    pub groups: usize,
    /// Songs by corpus.
    pub corpora: BTreeMap<String, usize>,
    /// Labelled songs by what their labels mean, as `perceived-quadrant`.
    pub label_spaces: BTreeMap<&'static str, usize>,
    /// Songs whose arousal and valence listeners have rated.
    pub rated: usize,
    /// Songs without any label.
    pub unlabelled: usize,
    /// Each side of each corpus.
    pub sides: Vec<Side>,
    /// The four moods in their order.
    pub classes: Vec<Class>,
    /// The 13 features in the order of [`TrackFeatures::NAMES`].
    pub features: Vec<Feature>,
    /// The first song as an example: what the table says of it, by column.
    pub sample: Option<BTreeMap<&'static str, String>>,
}

/// One side of the split of one corpus.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// The corpus.
    pub corpus: String,
    /// `train` or `validation`; empty where the table is not split.
    pub split: &'static str,
    /// Songs of each mood, and those without one.
    pub songs: [usize; Mood::COUNT + 1],
    /// Number of groups.
    pub groups: usize,
}

/// The songs of one mood.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Class {
    /// The mood.
    pub mood: Mood,
    /// Number of songs.
    pub songs: usize,
    /// How many of them have a sound file that is there.
    pub with_audio: usize,
    /// How many have none.
    pub without_audio: usize,
    /// Hours of the songs whose length is known, from `duration_ms` or else from the sound.
    pub hours: f64,
    /// Number of songs whose length is not known.
    pub unknown_length: usize,
}

/// Range of one track feature over the songs that have it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Feature {
    /// Name as in the table.
    pub name: &'static str,
    /// Number of songs without it.
    pub missing: usize,
    /// Least value; `None` where no song has it.
    pub min: Option<f64>,
    /// Mean; `None` where no song has it.
    pub mean: Option<f64>,
    /// Greatest value; `None` where no song has it.
    pub max: Option<f64>,
}

impl Overview {
    /// Counts the songs. Looks at the headers of sound files only where the table does not
    /// give a length; a file that can't be read counts as one of unknown length.
    pub fn of(songs: &[Song]) -> Self {
        let seconds: Vec<Option<f64>> = songs.par_iter().map(seconds).collect();
        let groups: HashSet<&str> = songs.iter().map(|song| &*song.group).collect();
        let mut corpora: BTreeMap<&str, usize> = BTreeMap::new();
        let mut label_spaces = BTreeMap::new();
        for song in songs {
            *corpora.entry(&song.corpus).or_default() += 1;
            if song.is_labelled() {
                *label_spaces.entry(song.label_space.name()).or_default() += 1;
            }
        }
        let names = TrackFeatures::NAMES.into_iter().enumerate();
        Self {
            songs: songs.len(),
            groups: groups.len(),
            corpora: corpora
                .into_iter()
                .map(|(name, n)| (name.to_owned(), n))
                .collect(),
            label_spaces,
            rated: songs.iter().filter(|song| song.affect.is_some()).count(),
            unlabelled: songs.iter().filter(|song| !song.is_labelled()).count(),
            sides: sides(songs),
            classes: Mood::ALL
                .map(|mood| Class::of(mood, songs, &seconds))
                .into(),
            features: names
                .map(|(place, name)| Feature::of(name, place, songs))
                .collect(),
            sample: songs.first().and_then(|song| table::fields(song).ok()),
        }
    }

    fn total(&self, count: impl Fn(&Class) -> usize) -> usize {
        self.classes.iter().map(count).sum()
    }
}

impl Class {
    fn of(mood: Mood, songs: &[Song], seconds: &[Option<f64>]) -> Self {
        let mut class = Self {
            mood,
            songs: 0,
            with_audio: 0,
            without_audio: 0,
            hours: 0.0,
            unknown_length: 0,
        };
        for (song, seconds) in songs
            .iter()
            .zip(seconds)
            .filter(|(song, _)| song.mood == Some(mood))
        {
            class.songs += 1;
            match song.path.as_deref() {
                Some(path) if path.is_file() => class.with_audio += 1,
                _ => class.without_audio += 1,
            }
            match seconds {
                Some(seconds) => class.hours += seconds / 3_600.0,
                None => class.unknown_length += 1,
            }
        }
        class
    }
}

impl Feature {
    fn of(name: &'static str, place: usize, songs: &[Song]) -> Self {
        let values: Vec<f64> = songs
            .iter()
            .filter_map(|song| song.features.to_array()[place])
            .filter(|value| value.is_finite())
            .collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        Self {
            name,
            missing: songs.len() - values.len(),
            min: values.iter().copied().reduce(f64::min),
            mean: (!values.is_empty()).then_some(mean),
            max: values.iter().copied().reduce(f64::max),
        }
    }
}

/// The songs of each corpus and side, by mood.
fn sides(songs: &[Song]) -> Vec<Side> {
    let mut sides: BTreeMap<(&str, &'static str), Side> = BTreeMap::new();
    let mut groups: HashSet<(&str, &str)> = HashSet::new();
    for song in songs {
        let split = song.split.map_or("", Split::name);
        let side = sides.entry((&song.corpus, split)).or_insert_with(|| Side {
            corpus: song.corpus.to_string(),
            split,
            songs: Default::default(),
            groups: 0,
        });
        side.songs[song.mood.map_or(Mood::COUNT, Mood::index)] += 1;
        side.groups += usize::from(groups.insert((&song.corpus, &song.group)));
    }
    sides.into_values().collect()
}

/// Length of a song in seconds, from the table or else from its sound.
fn seconds(song: &Song) -> Option<f64> {
    let listed = song.features.duration_ms.filter(|ms| ms.is_finite());
    listed.map(|ms| ms / 1_000.0).or_else(|| {
        let path = song.path.as_deref()?;
        decode::seconds_of(path).ok()
    })
}

impl fmt::Display for Overview {
    /// Tables for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "mood        songs  with audio  without   hours  length unknown"
        )?;
        for class in &self.classes {
            writeln!(
                f,
                "{:<10} {:>6} {:>11} {:>8} {:>7.2} {:>15}",
                class.mood.name(),
                class.songs,
                class.with_audio,
                class.without_audio,
                class.hours,
                class.unknown_length
            )?;
        }
        writeln!(
            f,
            "{:<10} {:>6} {:>11} {:>8} {:>7.2} {:>15}\n",
            "all",
            self.songs,
            self.total(|class| class.with_audio),
            self.total(|class| class.without_audio),
            self.classes.iter().map(|class| class.hours).sum::<f64>(),
            self.total(|class| class.unknown_length)
        )?;
        writeln!(
            f,
            "corpus        split        sad  calm  happy  energetic  no mood    all  groups"
        )?;
        for side in &self.sides {
            let [sad, calm, happy, energetic, other] = side.songs;
            writeln!(
                f,
                "{:<13} {:<10} {sad:>5} {calm:>5} {happy:>6} {energetic:>10} {other:>8} {:>6} {:>7}",
                side.corpus,
                side.split,
                side.songs.iter().sum::<usize>(),
                side.groups
            )?;
        }
        writeln!(f, "\ngroups: {}", self.groups)?;
        writeln!(f, "corpora: {}", counts(self.corpora.iter()))?;
        writeln!(f, "labels: {}", counts(self.label_spaces.iter()))?;
        writeln!(f, "rated by arousal and valence: {}", self.rated)?;
        writeln!(f, "without a label: {}\n", self.unlabelled)?;
        writeln!(
            f,
            "feature            missing        min       mean        max"
        )?;
        for feature in &self.features {
            let [min, mean, max] = [feature.min, feature.mean, feature.max]
                .map(|value| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}")));
            let Feature { name, missing, .. } = feature;
            writeln!(f, "{name:<18} {missing:>7} {min:>10} {mean:>10} {max:>10}")?;
        }
        if let Some(sample) = &self.sample {
            let record = serde_json::to_string_pretty(sample).map_err(|_| fmt::Error)?;
            writeln!(f, "\na song of the table: {record}")?;
        }
        Ok(())
    }
}

/// `emopia 845, music 241`.
fn counts<'a, K: fmt::Display + 'a>(counts: impl Iterator<Item = (K, &'a usize)>) -> String {
    counts
        .map(|(name, count)| format!("{name} {count}"))
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use undertone::card::LabelSpace;

    fn song(mood: Mood, path: Option<&str>, tempo: Option<f64>) -> Song {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data");
        Song {
            id: "a".to_owned(),
            features: TrackFeatures {
                tempo,
                ..TrackFeatures::default()
            },
            path: path.map(|path| data.join(path)),
            mood: Some(mood),
            label_space: LabelSpace::PlaylistMood,
            corpus: "invented".into(),
            group: mood.name().into(),
            ..Song::default()
        }
    }

    #[test]
    fn everything_is_counted() {
        let mut listed = song(Mood::Calm, Some("audio/gone.ogg"), Some(f64::NAN));
        listed.features.duration_ms = Some(3_600_000.0);
        let songs = [
            song(Mood::Sad, Some("audio/sweep.wav"), Some(100.0)),
            song(Mood::Sad, Some("audio/sweep.mp3"), Some(140.0)),
            song(Mood::Sad, Some("bad/text.mp3"), None),
            listed,
        ];
        let overview = Overview::of(&songs);
        let sad = &overview.classes[0];
        assert_eq!((sad.songs, sad.with_audio, sad.unknown_length), (3, 3, 1));
        assert!((sad.hours * 3_600.0 - 8.0).abs() < 0.1, "{}", sad.hours);
        let calm = &overview.classes[1];
        assert_eq!((calm.songs, calm.without_audio, calm.hours), (1, 1, 1.0));
        let tempo = &overview.features[10];
        assert_eq!((tempo.missing, tempo.mean), (2, Some(120.0)));
        assert_eq!(overview.features[0].mean, None);
        assert_eq!(overview.groups, 2);
        let text = overview.to_string();
        assert!(text.contains("labels: playlist-mood 4"), "{text}");
        let json = serde_json::to_value(&overview).unwrap();
        assert_eq!(json["classes"][0]["mood"], "sad");
        assert_eq!(json["sample"]["tempo"], "100");
    }

    #[test]
    fn an_empty_table_has_an_overview() {
        let overview = Overview::of(&[]);
        assert_eq!((overview.songs, overview.sample), (0, None));
    }
}

//! From any table of songs to [`Song`]s: columns by name, numbers by range.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow};
use clap::Args;
use undertone::card::LabelSpace;
use undertone::features::TrackFeatures;
use undertone::{Affect, Mood};

use super::artist::group_of;
use super::columns::{
    ARTIST, BINARY, CORPUS, Column, FOLD, GROUP, ID, LABEL_KIND, LABEL_SPACE, LICENCE, PATH,
    PREVIEW_URL, SPLIT, TITLE, WEIGHT,
};
use super::corpora::{self, Known};
use super::dialect::Dialect;
use super::labels::{Labels, MOODS_HINT, mood};
use super::numbers::{Numbers, check_range, spot};
use super::ranges::{RANGES, features_of};
use super::scale::{self, Scale, ScaleOf};
use super::sheet::{Line, Sheet, beside};
use super::song::{Song, Split, UNKNOWN};
use super::task::Task;
use collections::console::Hint;

/// What a table can't say of itself.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Folder that the tables' paths start from [default: that of the table]
    #[arg(long, value_name = "DIR")]
    pub audio: Option<PathBuf>,
    /// Scale of valence and arousal where it is not -1 to 1: 1-9, 0-1, or rank where only
    /// the order means something; of one corpus as CORPUS=1-9; may be repeated
    #[arg(long = "scale", value_name = "SCALE")]
    pub scales: Vec<ScaleOf>,
}

/// What a table holds.
#[derive(Debug)]
pub struct Reading {
    /// The songs, in the table's order.
    pub songs: Vec<Song>,
    /// The line of each song in the file.
    pub lines: Vec<u64>,
    /// Whose table it is.
    pub dialect: Dialect,
    /// Which of id, artist and title the table has no column for.
    pub unnamed: Vec<&'static str>,
    /// Features of which no song has a value, in the order of [`TrackFeatures::NAMES`].
    pub lacking: Vec<&'static str>,
}

/// Reads a table of songs.
///
/// # Errors
/// When the file is no such table, with file, line and column of what is wrong.
pub fn read(path: &Path, options: &Options) -> Result<Reading> {
    let sheet = Sheet::read(path)?;
    let places = Places::of(&sheet, options)?;
    let mut songs = Vec::with_capacity(sheet.most_lines());
    let mut lines = Vec::with_capacity(sheet.most_lines());
    let mut sides = Sides::default();
    sheet.for_each(|line| {
        let song = places.song(line)?;
        sides.check(&song, line)?;
        songs.push(song);
        lines.push(line.number());
        Ok(ControlFlow::Continue(()))
    })?;
    if !songs.iter().any(Song::is_labelled) {
        return Err(places.dialect.unlabelled(path));
    }
    places.dialect.end(&mut songs);
    scale::rank(&mut songs, |song| places.scale(&song.corpus) == Scale::Rank);
    Ok(Reading {
        lacking: lacking(&songs),
        unnamed: [ID, ARTIST, TITLE]
            .iter()
            .filter(|column| sheet.place(column).is_none())
            .map(|column| column.name)
            .collect(),
        dialect: places.dialect,
        songs,
        lines,
    })
}

/// Features of which no song has a value.
fn lacking(songs: &[Song]) -> Vec<&'static str> {
    let mut absent = [true; TrackFeatures::NAMES.len()];
    for song in songs {
        for (absent, value) in absent.iter_mut().zip(song.features.to_array()) {
            *absent &= value.is_none();
        }
    }
    let names = TrackFeatures::NAMES.into_iter().zip(absent);
    names
        .filter_map(|(name, absent)| absent.then_some(name))
        .collect()
}

/// Where the columns of one table stand.
struct Places<'a> {
    options: &'a Options,
    folder: PathBuf,
    /// The table's name, which a corpus has that has none.
    stem: String,
    dialect: Dialect,
    labels: Labels,
    id: Option<usize>,
    artist: Option<usize>,
    title: Option<usize>,
    preview_url: Option<usize>,
    path: Option<usize>,
    group: Option<usize>,
    split: Option<usize>,
    fold: Option<usize>,
    corpus: Option<usize>,
    licence: Option<usize>,
    label_space: Option<usize>,
    label_kind: Option<usize>,
    weight: Option<usize>,
    binary: Option<usize>,
    features: [Option<usize>; 13],
    /// What many songs have in common.
    names: RefCell<HashSet<Arc<str>>>,
    numbers: Numbers,
}

impl<'a> Places<'a> {
    fn of(sheet: &Sheet, options: &'a Options) -> Result<Self> {
        let table = sheet.path();
        let labels = Labels::of(sheet)?;
        let mut features = std::array::from_fn(|feature| sheet.place(&Column::feature(feature)));
        if let Some(valence) = TrackFeatures::NAMES
            .iter()
            .position(|name| *name == "valence")
        {
            features[valence] = labels.feature_valence;
        }
        let folder = table.parent().unwrap_or(Path::new("."));
        let places = Self {
            options,
            folder: options.audio.as_deref().unwrap_or(folder).to_owned(),
            stem: table
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            dialect: Dialect::of(sheet),
            labels,
            id: sheet.place(&ID),
            artist: sheet.place(&ARTIST),
            title: sheet.place(&TITLE),
            preview_url: sheet.place(&PREVIEW_URL),
            path: sheet.place(&PATH),
            group: sheet.place(&GROUP),
            split: sheet.place(&SPLIT),
            fold: sheet.place(&FOLD),
            corpus: sheet.place(&CORPUS),
            licence: sheet.place(&LICENCE),
            label_space: sheet.place(&LABEL_SPACE),
            label_kind: sheet.place(&LABEL_KIND),
            weight: sheet.place(&WEIGHT),
            binary: sheet.place(&BINARY),
            features,
            names: RefCell::default(),
            numbers: Numbers::default(),
        };
        if places.path.is_none() && places.features.iter().all(Option::is_none) {
            return Err(anyhow!(
                "{} has neither sound nor features; it has: {}",
                table.display(),
                sheet.names().join(", ")
            ))
            .hint(format!(
                "add a column path, or some of: {}",
                TrackFeatures::NAMES.join(", ")
            ));
        }
        Ok(places)
    }

    fn song(&self, line: Line<'_, '_>) -> Result<Song> {
        let corpus = filled(line.at(self.corpus)).unwrap_or(&self.stem);
        let known = corpora::known(corpus);
        let artist = line.at(self.artist);
        let file = self.dialect.file(line.at(self.path));
        let id = filled(line.at(self.id))
            .map(bare_id)
            .or_else(|| filled(file));
        let id = id.map_or_else(|| format!("{corpus}/line {}", line.number()), str::to_owned);
        let group =
            filled(line.at(self.group)).map_or_else(|| group_of(artist, &id), str::to_owned);
        let licence = known.map_or(UNKNOWN, |known| known.licence);
        let mut song = Song {
            path: filled(file).map(|file| beside(&self.folder, file)),
            label_space: self.label_space(line, known)?,
            label_kind: self.label_kind(line, known),
            weight: self.weight(line)?,
            corpus: self.shared(corpus),
            artist: self.shared(artist),
            title: line.at(self.title).to_owned(),
            group: self.shared(&group),
            split: self.dialect.split(line, line.at(self.split))?,
            fold: self.fold(line)?,
            licence: self.shared(filled(line.at(self.licence)).unwrap_or(licence)),
            preview_url: filled(line.at(self.preview_url)).map(str::to_owned),
            features: self.features(line)?,
            id,
            ..Song::default()
        };
        self.label(line, &mut song)?;
        self.dialect
            .complete(line, &mut song, |name| self.shared(name))?;
        Ok(song)
    }

    /// Puts the label into the song. What a visitor said is one; a verdict is none.
    fn label(&self, line: Line<'_, '_>, song: &mut Song) -> Result<()> {
        if let Some(said) = mood(line, self.labels.said)? {
            song.hear(said);
        }
        if self.dialect == Dialect::Page {
            return Ok(());
        }
        if song.label_space.has_moods() || song.label_space == LabelSpace::PerceivedAffect {
            let label = mood(line, self.labels.mood)?;
            self.check_binary(line, label)?;
            song.mood = song.said.or(label);
        } else {
            let words = [self.labels.label, self.labels.mood];
            let word = words.iter().find_map(|place| filled(line.at(*place)));
            song.label = self.shared(word.unwrap_or_default());
        }
        song.affect = self.affect(line, &song.corpus)?;
        let is_affect = song.affect.is_some() && song.mood.is_none();
        if is_affect && self.label_space.is_none() && song.label_space.has_moods() {
            song.label_space = LabelSpace::PerceivedAffect;
        }
        Ok(())
    }

    /// Listeners' arousal and valence: both or none.
    fn affect(&self, line: Line<'_, '_>, corpus: &str) -> Result<Option<Affect>> {
        let Some(places) = self.labels.affect else {
            return Ok(None);
        };
        let scale = self.scale(corpus);
        let rating = |place: usize, name: &str| -> Result<Option<f32>> {
            let Some(value) = self.numbers.read(line, Some(place), name)? else {
                return Ok(None);
            };
            let signed = scale.signed(value).map(|value| Some(value as f32));
            let spot = || spot(line, Some(place), name);
            signed
                .ok_or_else(|| anyhow!("{}: {value} is beyond the scale", spot()))
                .hint(
                    "valence and arousal are in -1 to 1; other scales are named: --scale 1-9, \
                       --scale 0-1, or --scale rank where only the order means something",
                )
        };
        match (rating(places[0], "valence")?, rating(places[1], "arousal")?) {
            (Some(valence), Some(arousal)) => Ok(Some(Affect { arousal, valence })),
            (None, None) => Ok(None),
            _ => Err(anyhow!(
                "{}: one of valence and arousal is missing",
                line.place()
            ))
            .hint("give both of a song, or neither"),
        }
    }

    /// The scale of a corpus: as asked for, as published, or that of the table of songs.
    fn scale(&self, corpus: &str) -> Scale {
        let scales = &self.options.scales;
        let of = |name: Option<&str>| {
            let mut all = scales.iter();
            all.find(|of| of.corpus.as_deref() == name)
                .map(|of| of.scale)
        };
        let published = || match self.dialect {
            Dialect::Own => Some(Scale::Signed),
            _ => corpora::known(corpus).map(|known| known.scale),
        };
        let scale = of(Some(corpus)).or_else(published);
        scale.or_else(|| of(None)).unwrap_or(Scale::Signed)
    }

    fn features(&self, line: Line<'_, '_>) -> Result<TrackFeatures> {
        let mut values = [None; 13];
        for (feature, value) in values.iter_mut().enumerate() {
            let place = self.features[feature];
            let (name, range) = (TrackFeatures::NAMES[feature], RANGES[feature]);
            let word = line.at(place);
            *value = match name {
                "mode" if word.eq_ignore_ascii_case("major") => Some(1.0),
                "mode" if word.eq_ignore_ascii_case("minor") => Some(0.0),
                _ => self.numbers.read(line, place, name)?,
            };
            check_range(line, place, name, range, *value)?;
        }
        Ok(features_of(values))
    }

    /// As the table says or the corpus is known for; else a list of sounds was sorted by ear,
    /// and a table of features by playlists, as Spotify's are.
    fn label_space(&self, line: Line<'_, '_>, known: Option<&Known>) -> Result<LabelSpace> {
        match line.at(self.label_space) {
            "" => Ok(known.map_or_else(
                || match self.path {
                    Some(_) => LabelSpace::PerceivedQuadrant,
                    None => LabelSpace::PlaylistMood,
                },
                |known| known.label_space,
            )),
            word => LabelSpace::from_name(word)
                .ok_or_else(|| anyhow!("{}: unknown label_space {word:?}", line.place()))
                .hint(format!(
                    "label spaces are {}",
                    LabelSpace::ALL.map(LabelSpace::name).join(", ")
                )),
        }
    }

    fn label_kind(&self, line: Line<'_, '_>, known: Option<&Known>) -> Arc<str> {
        let kind = filled(line.at(self.label_kind));
        let known = known.map(|known| known.label_kind);
        let usual = if self.path.is_some() {
            "list"
        } else {
            "playlist"
        };
        self.shared(kind.or(known).unwrap_or(usual))
    }

    fn weight(&self, line: Line<'_, '_>) -> Result<f32> {
        let weight = self
            .numbers
            .read(line, self.weight, "weight")?
            .unwrap_or(1.0) as f32;
        if weight > 0.0 && weight <= 1.0 {
            return Ok(weight);
        }
        let spot = spot(line, self.weight, "weight");
        Err(anyhow!("{spot}: {weight} is out of range"))
            .hint("a weight is above 0 and at most 1; leave out songs that do not count")
    }

    fn fold(&self, line: Line<'_, '_>) -> Result<Option<usize>> {
        let Some(value) = self.numbers.read(line, self.fold, "fold")? else {
            return Ok(None);
        };
        if value >= 0.0 && value <= f64::from(u16::MAX) && value.fract() == 0.0 {
            return Ok(Some(value as usize));
        }
        let spot = spot(line, self.fold, "fold");
        Err(anyhow!("{spot}: {value} is no fold")).hint("folds are counted from 0")
    }

    /// The binary label follows from the mood; one that says otherwise is a mistake.
    fn check_binary(&self, line: Line<'_, '_>, mood: Option<Mood>) -> Result<()> {
        let word = line.at(self.binary).to_lowercase();
        let classes = Task::Binary.classes();
        let Some(mood) = mood.filter(|_| classes.contains(&word.as_str())) else {
            return Ok(());
        };
        let expected = classes[Task::Binary.class_of(mood)];
        if word != expected {
            return Err(anyhow!(
                "{}: {mood} is {expected}, not {word}",
                line.place()
            ))
            .hint(MOODS_HINT);
        }
        Ok(())
    }

    /// One copy of a text for all songs that have it.
    fn shared(&self, text: &str) -> Arc<str> {
        let mut names = self.names.borrow_mut();
        if let Some(name) = names.get(text) {
            return name.clone();
        }
        let name: Arc<str> = text.into();
        names.insert(name.clone());
        name
    }
}

/// The side and the fold of every group of a table that says so, and where it does.
#[derive(Default)]
struct Sides {
    split: HashMap<Arc<str>, (Split, u64)>,
    fold: HashMap<Arc<str>, (usize, u64)>,
}

impl Sides {
    /// Refuses a group with two splits or two folds.
    fn check(&mut self, song: &Song, line: Line<'_, '_>) -> Result<()> {
        let refuse = |what: &str, here: String, there: String, first: u64| {
            let (place, group) = (line.place(), &song.group);
            Err(anyhow!(
                "{place}: the group {group} is in {here} here, in {there} in line {first}"
            ))
            .hint(format!(
                "put the whole group into one {what}, or leave the column out"
            ))
        };
        if let Some(split) = song.split {
            let known = self.split.entry(song.group.clone());
            let (first, number) = *known.or_insert((split, line.number()));
            if first != split {
                return refuse("split", split.name().into(), first.name().into(), number);
            }
        }
        if let Some(fold) = song.fold {
            let known = self.fold.entry(song.group.clone());
            let (first, number) = *known.or_insert((fold, line.number()));
            if first != fold {
                return refuse(
                    "fold",
                    format!("fold {fold}"),
                    format!("fold {first}"),
                    number,
                );
            }
        }
        Ok(())
    }
}

/// `ID` of `spotify:track:ID` and of `https://open.spotify.com/track/ID?si=…`, where a
/// language may stand before `track`; any other word as it is.
fn bare_id(word: &str) -> &str {
    let of_address = || {
        let place = word.strip_prefix("https://open.spotify.com")?;
        let (_, id) = place.split_once("/track/")?;
        id.split('?').next()
    };
    word.strip_prefix("spotify:track:")
        .or_else(of_address)
        .unwrap_or(word)
}

fn filled(word: &str) -> Option<&str> {
    Some(word).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_spotifys_ids_are_cut_out() {
        for word in [
            "spotify:track:a1",
            "https://open.spotify.com/track/a1?si=0",
            "https://open.spotify.com/intl-de/track/a1",
            "a1",
        ] {
            assert_eq!(bare_id(word), "a1");
        }
        for word in ["why?", "album/track/01", "https://x.org/track/1?a", "a:b"] {
            assert_eq!(bare_id(word), word);
        }
    }
}

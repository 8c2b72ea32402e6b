//! Which fold every song is in: the same for all systems and tasks.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use itertools::Itertools;
use serde::{Deserialize, Serialize};
use undertone::Mood;

use crate::learn::classic::folds::{folds_of_groups, stratified_group_folds};
use crate::learn::classic::rows::Classes;
use crate::songs::song::Song;
use collections::console::Hint;
use collections::files;

/// The fold of every song.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folds {
    of_song: Vec<usize>,
    count: usize,
}

/// One round of the study: positions of songs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Number of the fold that is held out.
    pub fold: usize,
    /// Songs to fit on.
    pub train: Vec<usize>,
    /// Songs to choose on (early stopping): those of the next fold. Systems that choose
    /// by cross-validation fit on these too.
    pub validation: Vec<usize>,
    /// Songs of the held-out fold.
    pub test: Vec<usize>,
}

impl Split {
    /// Songs of all folds but the one held out, in the order of the table.
    pub fn fitted(&self) -> Vec<usize> {
        let mut songs = [self.train.as_slice(), &self.validation].concat();
        songs.sort_unstable();
        songs
    }
}

/// A line of a file of folds.
#[derive(Serialize, Deserialize)]
struct Place {
    row: usize,
    id: String,
    label: String,
    fold: usize,
}

impl Folds {
    /// Splits songs so that the moods are in proportion and no group is torn apart.
    ///
    /// # Errors
    /// With a hint, where there are fewer groups than folds, one mood only, or a mood in
    /// one group only.
    pub fn grouped(moods: &[Mood], group: &[String], count: usize, seed: u64) -> Result<Self> {
        Self::of_groups(moods, &numbered(group), "group", count, seed)
    }

    /// Splits songs so that the moods are in proportion, whatever their groups.
    ///
    /// # Errors
    /// As [`Folds::grouped`], of songs.
    pub fn by_rows(moods: &[Mood], count: usize, seed: u64) -> Result<Self> {
        let group: Vec<usize> = (0..moods.len()).collect();
        Self::of_groups(moods, &group, "song", count, seed)
    }

    fn of_groups(
        moods: &[Mood],
        group: &[usize],
        what: &str,
        count: usize,
        seed: u64,
    ) -> Result<Self> {
        ensure!(
            moods.len() == group.len(),
            "{} labels and {} groups, expected as many of both",
            moods.len(),
            group.len()
        );
        check_groups(moods, group, what, count)?;
        let y: Vec<usize> = moods.iter().map(|mood| mood.index()).collect();
        let classes = Classes {
            y: &y,
            n: Mood::COUNT,
        };
        let of_song = stratified_group_folds(classes, group, count, seed)
            .context("splitting the songs into folds")
            .hint(format!("label more {what}s, or ask for fewer folds"))?;
        Ok(Self { of_song, count })
    }

    /// Reads a CSV with the columns `row,id,label,fold`: one line a song, in the order of
    /// `ids`, which are compared with the file's as the labels are.
    ///
    /// # Errors
    /// With a hint, where the file is for other songs or has a fold without songs.
    pub fn read(path: &Path, ids: &[String], moods: &[Mood]) -> Result<Self> {
        let read = || -> Result<Vec<Place>> {
            let mut reader = csv::Reader::from_path(path)?;
            Ok(reader.deserialize().collect::<Result<_, _>>()?)
        };
        let places = read()
            .with_context(|| format!("reading {}", path.display()))
            .hint("a file of folds has the columns row,id,label,fold")?;
        check_places(&places, ids, moods)
            .with_context(|| format!("{} is for other songs", path.display()))
            .hint("give the file of folds that was made for this table")?;
        let of_song = places.iter().map(|place| place.fold).collect();
        Self::checked(of_song).with_context(|| path.display().to_string())
    }

    /// The folds that the table of songs names; groups that it puts into none are spread
    /// over them. `None` where it names no fold.
    ///
    /// # Errors
    /// With a hint, where there are too few groups to spread, or a fold without songs.
    pub fn of_table(songs: &[Song], seed: u64) -> Result<Option<Self>> {
        if songs.iter().all(|song| song.fold.is_none()) {
            return Ok(None);
        }
        let of_group = folds_of_groups(songs, seed)
            .hint("give every song a fold, or ask for other folds with --folds")?;
        let of_song = songs.iter().map(|song| of_group[&*song.group]).collect();
        Self::checked(of_song)
            .context("the column fold")
            .hint("number the folds from 0, or ask for other folds with --folds")
            .map(Some)
    }

    /// Refuses one fold, and folds without songs.
    fn checked(of_song: Vec<usize>) -> Result<Self> {
        let last = of_song.iter().max().copied().unwrap_or_default();
        let songs = of_song.len();
        ensure!(last < songs, "fold {last} of {songs} songs");
        ensure!(last > 0, "one fold, expected more");
        for fold in 0..last {
            ensure!(of_song.contains(&fold), "no song in fold {fold}");
        }
        let count = last + 1;
        Ok(Self { of_song, count })
    }

    /// Writes what [`Self::read`] reads.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn write(&self, path: &Path, ids: &[String], moods: &[Mood]) -> Result<()> {
        files::write_whole(path, |out| {
            let mut writer = csv::Writer::from_writer(out);
            let songs = ids.iter().zip(moods).zip(&self.of_song);
            for (row, ((id, mood), &fold)) in songs.enumerate() {
                writer.serialize(Place {
                    row,
                    id: id.clone(),
                    label: mood.name().to_owned(),
                    fold,
                })?;
            }
            Ok(writer.flush()?)
        })
    }

    /// Number of folds.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Fold of every song.
    pub fn of_song(&self) -> &[usize] {
        &self.of_song
    }

    /// The round that holds out `fold`.
    pub fn split(&self, fold: usize) -> Split {
        let next = (fold + 1) % self.count;
        let songs = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
            let all = 0..self.of_song.len();
            all.filter(|&song| wanted(self.of_song[song])).collect()
        };
        Split {
            fold,
            train: songs(&|of| of != fold && of != next),
            validation: songs(&|of| of == next && of != fold),
            test: songs(&|of| of == fold),
        }
    }

    /// Whether no group stands in two folds.
    pub fn keep_together(&self, group: &[String]) -> bool {
        let mut fold_of = HashMap::new();
        let mut places = group.iter().zip(&self.of_song);
        places.all(|(group, fold)| fold_of.entry(group).or_insert(fold) == &fold)
    }
}

/// The number of every name in the order in which they first occur.
pub fn numbered<'a>(names: impl IntoIterator<Item = &'a String>) -> Vec<usize> {
    let mut numbers = HashMap::new();
    let mut number = |name| {
        let next = numbers.len();
        *numbers.entry(name).or_insert(next)
    };
    names.into_iter().map(&mut number).collect()
}

fn check_groups(moods: &[Mood], group: &[usize], what: &str, count: usize) -> Result<()> {
    if count < 2 {
        return Err(anyhow!("{count} folds, expected at least 2"))
            .hint("ask for 3 folds or more: networks need three");
    }
    let groups_of = |mood: Option<Mood>| {
        let songs = moods.iter().zip(group);
        let wanted = songs.filter(|(is, _)| mood.is_none_or(|mood| **is == mood));
        wanted.map(|(_, group)| group).unique().count()
    };
    let all = groups_of(None);
    if all < count {
        let error = anyhow!("{all} {what}s, expected at least {count}: one for each fold");
        return Err(error).hint(format!("label more {what}s, or ask for fewer folds"));
    }
    let present: Vec<(Mood, usize)> = Mood::ALL
        .map(|mood| (mood, groups_of(Some(mood))))
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .collect();
    if let [(mood, _)] = present[..] {
        let error = anyhow!("all songs are labelled {mood}");
        return Err(error).hint("give songs of two moods at least");
    }
    match present.iter().find(|(_, n)| *n == 1) {
        None => Ok(()),
        Some((mood, _)) => {
            let error = anyhow!("only one {what} is labelled {mood}");
            Err(error).hint(format!("label more {what}s {mood}, or leave that one out"))
        }
    }
}

fn check_places(places: &[Place], ids: &[String], moods: &[Mood]) -> Result<()> {
    let (got, expected) = (places.len(), ids.len());
    ensure!(got == expected, "{got} lines, the table has {expected}");
    for ((line, place), (id, mood)) in places.iter().enumerate().zip(ids.iter().zip(moods)) {
        let Place { row, label, .. } = place;
        ensure!(*row == line, "line {line} is for row {row}");
        ensure!(
            place.id == *id,
            "row {row} is {}, in the table {id}",
            place.id
        );
        ensure!(
            Mood::from_name(label) == Some(*mood),
            "row {row} is labelled {label}, in the table {mood}"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// 60 songs by 20 artists: every artist has three songs of one mood.
    fn songs() -> (Vec<Mood>, Vec<String>) {
        let mood = |song: usize| Mood::ALL[[0, 1, 2, 3, 0][song / 3 % 5]];
        let artist = |song: usize| format!("artist {}", song / 3);
        ((0..60).map(mood).collect(), (0..60).map(artist).collect())
    }

    fn refusal(moods: &[Mood], group: &[&str], count: usize) -> String {
        let group: Vec<String> = group.iter().map(|&name| name.to_owned()).collect();
        Folds::grouped(moods, &group, count, 0).map_or_else(
            |error| format!("{error:#}"),
            |folds| format!("no refusal: {folds:?}"),
        )
    }

    #[test]
    fn every_song_is_asked_once_and_never_fitted_on_then() -> Result<()> {
        let (moods, artists) = songs();
        let folds = Folds::grouped(&moods, &artists, 4, 3)?;
        assert!(folds.keep_together(&artists));
        let mut asked = [0; 60];
        for fold in 0..folds.count() {
            let split = folds.split(fold);
            for &song in &split.test {
                asked[song] += 1;
                assert!(!split.fitted().contains(&song));
            }
            assert_eq!(split.validation, folds.split((fold + 1) % 4).test);
            assert_eq!(split.fitted().len() + split.test.len(), 60);
            let sad = split.test.iter().filter(|&&song| moods[song] == Mood::Sad);
            assert_eq!((split.test.len(), sad.count()), (15, 6));
        }
        assert_eq!(asked, [1; 60]);
        let by_rows = Folds::by_rows(&moods, 4, 3)?;
        assert!(!by_rows.keep_together(&artists));
        assert_ne!(by_rows, Folds::by_rows(&moods, 4, 4)?);
        Ok(())
    }

    #[test]
    fn of_two_folds_all_other_songs_validate() -> Result<()> {
        let (moods, _) = songs();
        let split = Folds::by_rows(&moods, 2, 0)?.split(1);
        assert!(split.train.is_empty());
        assert_eq!(split.fitted(), split.validation);
        Ok(())
    }

    #[test]
    fn what_cannot_be_split_is_refused() {
        use Mood::{Calm, Happy, Sad};
        let text = refusal(&[Sad, Calm, Sad, Calm], &["a", "b", "a", "b"], 3);
        assert!(text.contains("2 groups, expected at least 3"), "{text}");
        let text = refusal(&[Sad; 4], &["a", "b", "c", "d"], 2);
        assert!(text.contains("all songs are labelled sad"), "{text}");
        let moods = [Sad, Sad, Happy, Happy, Sad];
        let text = refusal(&moods, &["a", "b", "c", "c", "d"], 2);
        assert!(text.contains("only one group is labelled happy"), "{text}");
        let text = refusal(&moods, &["a", "b", "c", "d", "e"], 1);
        assert!(text.contains("1 folds"), "{text}");
        assert!(Folds::by_rows(&moods, 6, 0).is_err());
    }

    #[test]
    fn a_file_of_folds_must_be_for_the_same_songs() -> Result<()> {
        let moods = [Mood::Sad, Mood::Calm, Mood::Calm];
        let ids = ["x", "y", "z"].map(str::to_owned);
        let read = |text: &str| -> Result<Folds> {
            let mut file = tempfile::NamedTempFile::new()?;
            write!(file, "row,id,label,fold\n{text}")?;
            Folds::read(file.path(), &ids, &moods)
        };
        let folds = read("0,x,Sad,1\n1,y,Calm,0\n2,z,Calm,1\n")?;
        assert_eq!((folds.of_song(), folds.count()), ([1, 0, 1].as_slice(), 2));
        for bad in [
            "0,x,Sad,1\n1,y,Calm,0\n",
            "0,x,Sad,1\n1,z,Calm,0\n2,y,Calm,1\n",
            "0,x,Sad,1\n1,y,Happy,0\n2,z,Calm,1\n",
            "1,x,Sad,1\n0,y,Calm,0\n2,z,Calm,1\n",
            "0,x,Sad,2\n1,y,Calm,0\n2,z,Calm,2\n",
            "0,x,Sad,0\n1,y,Calm,0\n2,z,Calm,0\n",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        Ok(())
    }

    #[test]
    fn the_table_of_songs_may_name_its_folds() -> Result<()> {
        let (moods, artists) = songs();
        let song = |(at, artist): (usize, &String), fold| Song {
            mood: Some(moods[at]),
            group: artist.as_str().into(),
            fold,
            ..Song::default()
        };
        let table = |fold: &dyn Fn(usize) -> Option<usize>| -> Vec<Song> {
            let songs = artists.iter().enumerate();
            songs
                .map(|song_at| song(song_at, fold(song_at.0)))
                .collect()
        };
        assert_eq!(Folds::of_table(&table(&|_| None), 1)?, None);
        // The artists 0 to 9 are published in seven folds.
        let published = |at: usize| (at < 30).then_some(at / 3 % 7);
        let folds = Folds::of_table(&table(&published), 1)?.unwrap();
        assert_eq!(folds.count(), 7);
        assert!(folds.keep_together(&artists));
        for at in 0..30 {
            assert_eq!(Some(folds.of_song()[at]), published(at));
        }
        for bad in [
            |at: usize| Some(1 + at / 30),
            |_: usize| Some(0),
            |_: usize| Some(60),
        ] {
            assert!(Folds::of_table(&table(&bad), 1).is_err());
        }
        Ok(())
    }
}

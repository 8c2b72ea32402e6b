//! Cleaning of the study's table: duplicates, contradictions and gaps, each taken out
//! with its reason on record.

mod evidence;
mod fingerprint;
mod links;
mod need;
#[cfg(test)]
mod tests;
mod title;
mod write;

use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;
use itertools::Itertools;
use undertone::Mood;

use self::evidence::Heard;
use self::links::Link;
use self::need::Given;
use crate::songs::song::Song;

pub use need::Need;
pub use write::refuse_input;

/// A table after cleaning, with everything that was taken out.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// The table as it came.
    pub all: Vec<Song>,
    /// For every song why it was taken out; `None` where it is kept.
    fates: Vec<Option<(Step, String)>>,
    /// Groups of songs that are thought to be the same and have different moods; all of
    /// them are among the dropped.
    pub conflicts: Vec<Vec<Conflicting>>,
    /// Ids of kept songs whose sound can't be read, and why; empty where sound is needed.
    pub unheard: Vec<(String, String)>,
}

/// A song that was taken out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropped<'a> {
    /// The song.
    pub song: &'a Song,
    /// At which step.
    pub step: Step,
    /// Why, in words.
    pub reason: &'a str,
}

/// One song of a conflict.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflicting {
    /// Its place in the table.
    pub song: usize,
    /// Which others it is thought to be, and why.
    pub reason: String,
}

impl Cleaned {
    /// What is left, in the table's order: with songs that lack what the study needs, and
    /// without them.
    fn left(&self, with_gaps: bool) -> impl Iterator<Item = &Song> {
        let all = self.all.iter().zip(&self.fates);
        let left = all.filter(move |(_, fate)| match fate {
            None => true,
            Some((step, _)) => with_gaps && *step == Step::Gap,
        });
        left.map(|(song, _)| song)
    }

    /// The songs without duplicates and conflicts.
    pub fn distinct(&self) -> impl Iterator<Item = &Song> {
        self.left(true)
    }

    /// The songs that are neither, and lack nothing that the study needs.
    pub fn kept(&self) -> impl Iterator<Item = &Song> {
        self.left(false)
    }

    /// The same as [`Self::kept`], without the rest.
    pub fn into_kept(self) -> Vec<Song> {
        let all = self.all.into_iter().zip(self.fates);
        let kept = all.filter(|(_, fate)| fate.is_none());
        kept.map(|(song, _)| song).collect()
    }

    /// What was taken out.
    pub fn dropped(&self) -> impl Iterator<Item = Dropped<'_>> {
        let all = self.all.iter().zip(&self.fates);
        all.filter_map(|(song, fate)| {
            let (step, reason) = fate.as_ref()?;
            Some(Dropped {
                song,
                step: *step,
                reason,
            })
        })
    }
}

/// Steps of the cleaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Another row of the same song stays.
    Duplicate,
    /// Rows of the same song contradict each other.
    Conflict,
    /// Something that the study needs is missing.
    Gap,
}

impl Step {
    /// The lower-case name, as in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Conflict => "conflict",
            Self::Gap => "gap",
        }
    }
}

/// Cleans a table.
///
/// Songs are the same by id, by artist and title (rows that lack one of them never), by
/// the file's contents, or by the fingerprint of the sound (MIDI: by contents only). Of
/// those one row stays: one that the study can use before one that it can't, then the
/// earliest of the table. Where their moods differ, none stays.
///
/// A sound that can't be read is no evidence; it stops nothing. Hashes and fingerprints are
/// kept in the folder `cache`.
pub fn clean(songs: Vec<Song>, need: Need, cache: &Path) -> Result<Cleaned> {
    let sounds = evidence::sounds(&songs, cache)?;
    let links = links::find(&songs, &sounds);
    let given = Given::of(&songs);
    let objections: Vec<Option<String>> = songs
        .iter()
        .zip(&sounds)
        .map(|(song, sound)| need::objection(need, song, sound, &given))
        .collect();
    let of_song = by_song(&links);
    let fates = verdicts(&songs, &links, &of_song, &objections);
    Ok(Cleaned {
        conflicts: conflicts(&songs, &links, &of_song),
        unheard: unheard(&songs, &sounds, &fates),
        fates,
        all: songs,
    })
}

/// The links of every song that has some.
type BySong<'a> = HashMap<usize, Vec<&'a Link>>;

fn by_song(links: &[Link]) -> BySong<'_> {
    let songs = links
        .iter()
        .flat_map(|link| link.songs.map(|song| (song, link)));
    songs.into_group_map()
}

/// Step and reason for every song that is taken out.
fn verdicts(
    songs: &[Song],
    links: &[Link],
    of_song: &BySong<'_>,
    objections: &[Option<String>],
) -> Vec<Option<(Step, String)>> {
    let gap = |song: usize| objections[song].clone().map(|why| (Step::Gap, why));
    let mut verdicts = vec![None; songs.len()];
    for group in links::groups(songs.len(), links) {
        if is_conflict(songs, &group) {
            for song in group {
                verdicts[song] = Some((Step::Conflict, reason(song, songs, of_song)));
            }
            continue;
        }
        // Of usable songs the labelled one: what a label says must not be lost.
        let usable = |song: &&usize| objections[**song].is_none();
        let labelled = |song: &&usize| songs[**song].is_labelled();
        let mut ranked = group.iter().filter(usable);
        let stays = ranked.clone().find(labelled).or_else(|| ranked.next());
        let stays = stays.copied().unwrap_or(group[0]);
        for song in group {
            verdicts[song] = if song == stays {
                gap(song)
            } else {
                let why = reason(song, songs, of_song);
                Some((Step::Duplicate, format!("{} stays: {why}", songs[stays].id)))
            };
        }
    }
    verdicts
}

fn is_conflict(songs: &[Song], group: &[usize]) -> bool {
    let mut moods = group.iter().filter_map(|song| songs[*song].mood);
    !moods.all_equal()
}

/// All links of a song, in words.
fn reason(song: usize, songs: &[Song], of_song: &BySong<'_>) -> String {
    let links = of_song.get(&song).into_iter().flatten();
    let mut reasons = links.map(|link| {
        let other = link.songs[usize::from(link.songs[0] == song)];
        let Song { id, mood, .. } = &songs[other];
        let mood = mood.map_or("no mood", Mood::name);
        format!("{} as {id} ({mood})", link.why)
    });
    reasons.join("; ")
}

fn conflicts(songs: &[Song], links: &[Link], of_song: &BySong<'_>) -> Vec<Vec<Conflicting>> {
    let conflicting = |song: usize| Conflicting {
        song,
        reason: reason(song, songs, of_song),
    };
    links::groups(songs.len(), links)
        .into_iter()
        .filter(|group| is_conflict(songs, group))
        .map(|group| group.into_iter().map(conflicting).collect())
        .collect()
}

/// Kept songs that name a sound which can't be read.
fn unheard(
    songs: &[Song],
    sounds: &[Heard],
    verdicts: &[Option<(Step, String)>],
) -> Vec<(String, String)> {
    let songs = songs.iter().zip(sounds).zip(verdicts);
    let kept = songs.filter(|((song, _), verdict)| song.path.is_some() && verdict.is_none());
    kept.filter_map(|((song, sound), _)| Some((song.id.clone(), sound.clone().err()?)))
        .collect()
}

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

use std::path::PathBuf;

use anyhow::Result;

use self::evidence::Sound;
use self::links::Link;
use self::need::Given;
use crate::songs::song::Song;

pub use need::Need;
pub use write::refuse_input;

/// How to clean.
#[derive(Debug, Clone)]
pub struct Options {
    /// What a song must have to be kept.
    pub need: Need,
    /// Folder that keeps hashes and fingerprints of sounds.
    pub cache: PathBuf,
}

/// A table after cleaning, with everything that was taken out. All in the table's order.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// The table as it came.
    pub all: Vec<Song>,
    /// Without duplicates and conflicts.
    pub distinct: Vec<Song>,
    /// Without songs that lack what the study needs, too.
    pub kept: Vec<Song>,
    /// What was taken out.
    pub dropped: Vec<Dropped>,
    /// Groups of songs that are thought to be the same and have different moods; all of
    /// them are among the dropped.
    pub conflicts: Vec<Vec<Conflicting>>,
    /// Ids of kept songs whose sound can't be read, and why; empty where sound is needed.
    pub unheard: Vec<(String, String)>,
}

/// A song that was taken out.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropped {
    /// The song.
    pub song: Song,
    /// At which step.
    pub step: Step,
    /// Why, in words.
    pub reason: String,
}

/// One song of a conflict.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflicting {
    /// The song.
    pub song: Song,
    /// Which others it is thought to be, and why.
    pub reason: String,
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
    #[must_use]
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
/// A sound that can't be read is no evidence; it stops nothing.
///
/// # Errors
/// When the cache can't be written to.
pub fn clean(songs: Vec<Song>, options: &Options) -> Result<Cleaned> {
    let sounds = evidence::sounds(&songs, &options.cache)?;
    let links = links::find(&songs, &sounds);
    let given = Given::of(&songs);
    let objections: Vec<Option<String>> = songs
        .iter()
        .zip(&sounds)
        .map(|(song, sound)| need::objection(options.need, song, sound, &given))
        .collect();
    let verdicts = verdicts(&songs, &links, &objections);
    let mut cleaned = Cleaned {
        all: Vec::new(),
        distinct: Vec::new(),
        kept: Vec::new(),
        dropped: Vec::new(),
        conflicts: conflicts(&songs, &links),
        unheard: unheard(&songs, &sounds, &verdicts),
    };
    for (song, verdict) in songs.iter().zip(verdicts) {
        if verdict.as_ref().is_none_or(|(step, _)| *step == Step::Gap) {
            cleaned.distinct.push(song.clone());
        }
        match verdict {
            None => cleaned.kept.push(song.clone()),
            Some((step, reason)) => cleaned.dropped.push(Dropped {
                song: song.clone(),
                step,
                reason,
            }),
        }
    }
    cleaned.all = songs;
    Ok(cleaned)
}

/// Step and reason for every song that is taken out.
fn verdicts(
    songs: &[Song],
    links: &[Link],
    objections: &[Option<String>],
) -> Vec<Option<(Step, String)>> {
    let gap = |song: usize| objections[song].clone().map(|why| (Step::Gap, why));
    let mut verdicts = vec![None; songs.len()];
    for group in links::groups(songs.len(), links) {
        if is_conflict(songs, &group) {
            for song in group {
                verdicts[song] = Some((Step::Conflict, reason(song, songs, links)));
            }
            continue;
        }
        let usable = group
            .iter()
            .copied()
            .find(|song| objections[*song].is_none());
        let stays = usable.unwrap_or(group[0]);
        for song in group {
            verdicts[song] = if song == stays {
                gap(song)
            } else {
                let why = reason(song, songs, links);
                Some((Step::Duplicate, format!("{} stays: {why}", songs[stays].id)))
            };
        }
    }
    verdicts
}

fn is_conflict(songs: &[Song], group: &[usize]) -> bool {
    group
        .iter()
        .any(|song| songs[*song].mood != songs[group[0]].mood)
}

/// All links of a song, in words.
fn reason(song: usize, songs: &[Song], links: &[Link]) -> String {
    let reasons: Vec<_> = links
        .iter()
        .filter_map(|link| {
            let other = match link.songs {
                [a, b] if a == song => b,
                [a, b] if b == song => a,
                _ => return None,
            };
            let Song { id, mood, .. } = &songs[other];
            Some(format!("{} as {id} ({})", link.why, mood.name()))
        })
        .collect();
    reasons.join("; ")
}

fn conflicts(songs: &[Song], links: &[Link]) -> Vec<Vec<Conflicting>> {
    let conflicting = |song: usize| Conflicting {
        song: songs[song].clone(),
        reason: reason(song, songs, links),
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
    sounds: &[Result<Sound>],
    verdicts: &[Option<(Step, String)>],
) -> Vec<(String, String)> {
    songs
        .iter()
        .zip(sounds)
        .zip(verdicts)
        .filter(|((song, _), verdict)| song.path.is_some() && verdict.is_none())
        .filter_map(|((song, sound), _)| {
            let error = sound.as_ref().err()?;
            Some((song.id.clone(), format!("{error:#}")))
        })
        .collect()
}

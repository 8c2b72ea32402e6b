//! The steps of a cleaning.

use std::path::PathBuf;

use anyhow::Result;
use itertools::Itertools;

use super::cleaned::{Cleaned, Step, Verdict};
use super::evidence;
use super::links::Links;
use super::need::{self, Given, Need};
use crate::songs::song::Song;

/// How to clean.
#[derive(Debug, Clone)]
pub struct Options {
    /// What a song must have to be kept.
    pub need: Need,
    /// Folder that keeps hashes and fingerprints of sounds.
    pub cache: PathBuf,
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
    let links = Links::find(&songs, &sounds);
    let given = Given::of(&songs);
    let mut verdicts: Vec<Option<Verdict>> = songs
        .iter()
        .zip(&sounds)
        .map(|(song, sound)| {
            let reason = need::objection(options.need, song, sound, &given)?;
            let step = Step::Gap;
            Some(Verdict { step, reason })
        })
        .collect();
    let mut conflicts = Vec::new();
    for group in links.groups() {
        // Of usable songs the labelled one: what a label says must not be lost.
        let mut usable = group
            .iter()
            .copied()
            .filter(|song| verdicts[*song].is_none());
        let labelled = usable.clone().find(|song| songs[*song].is_labelled());
        let stays = labelled.or_else(|| usable.next()).unwrap_or(group[0]);
        let mut moods = group.iter().filter_map(|song| songs[*song].mood);
        let conflict = !moods.all_equal();
        for &song in group.iter().filter(|song| conflict || **song != stays) {
            let why = links.reason(song, &songs);
            let (step, reason) = if conflict {
                (Step::Conflict, why)
            } else {
                let stays = &songs[stays].id;
                (Step::Duplicate, format!("{stays} stays: {why}"))
            };
            verdicts[song] = Some(Verdict { step, reason });
        }
        if conflict {
            conflicts.push(group);
        }
    }
    let heard = songs.iter().zip(&sounds).zip(&verdicts);
    let unheard = heard
        .filter(|((song, _), verdict)| song.path.is_some() && verdict.is_none())
        .filter_map(|((song, sound), _)| {
            let error = sound.as_ref().err()?;
            Some((song.id.clone(), format!("{error:#}")))
        })
        .collect();
    Ok(Cleaned {
        songs,
        verdicts,
        conflicts,
        unheard,
    })
}

//! A whole crawl: playlists, features, previews, and the table of it all.

use std::path::Path;

use anyhow::Result;
use undertone::Mood;

use super::answers::Track;
use super::assemble::{self, Labelled};
use super::client::Client;
use super::features::Known;
use super::http::Refusal;
use super::playlist::PlaylistRequest;
use super::previews::Sounds;
use super::{features, playlist, previews};
use crate::cli::Outcome;
use crate::cli::console;
use crate::songs::import::census;
use crate::songs::song::Song;
use crate::songs::table::{SONGS, write_songs};

/// What an app can do when it doesn't get a playlist.
const PLAYLIST_HINT: &str = "Spotify gives newer apps neither its own playlists (since November \
    2024) nor, in development mode, those of other people (since February 2026); use a \
    playlist of the app's owner";

/// The way that works without Spotify's features and previews.
const OWN_SOUND_HINT: &str = "use sound of your own: sort it into folders sad, calm, happy and \
    energetic and run `trainer study --data FOLDER`, or name the files after the track's id or \
    \"Artist - Title\", put them into previews/ and run this command again; features are then \
    measured from the sound";

/// Fetches what is missing in `folder` and writes `songs.csv` there.
///
/// # Errors
/// When there is no answer, credentials are refused, or the folder can't be used.
pub fn crawl(client: &mut Client, playlists: &[PlaylistRequest], folder: &Path) -> Result<Outcome> {
    let (entries, refused) = read_playlists(client, playlists, folder)?;
    let labelled = assemble::label(entries);
    if labelled.tracks.is_empty() {
        console::note("no songs were found");
        return Ok(Outcome::Nothing);
    }
    let tracks: Vec<&Track> = labelled.tracks.iter().map(|(_, track)| track).collect();
    let ids: Vec<&str> = tracks.iter().map(|track| track.id()).collect();
    let known = features::fetch(client, &ids, folder)?;
    // Written before the previews, which take longest, and once more after them.
    let mut songs = songs(&labelled, &known);
    write_songs(&folder.join(SONGS), &songs)?;
    let mut sounds = previews::fetch(client, &tracks, folder)?;
    for song in &mut songs {
        song.path = sounds.by_id.remove(&song.id);
    }
    write_songs(&folder.join(SONGS), &songs)?;
    say(&labelled, &known, &sounds, &songs, folder);
    let garbled = known.refusal.iter().filter(|r| !is_policy(r)).count();
    let failed = refused + garbled + sounds.failed.len();
    Ok(Outcome::of(songs.len(), failed))
}

/// The tracks of all playlists with their moods, and how many playlists were refused.
fn read_playlists(
    client: &mut Client,
    playlists: &[PlaylistRequest],
    folder: &Path,
) -> Result<(Vec<(Mood, Track)>, usize)> {
    let (mut entries, mut refused) = (Vec::new(), 0);
    for PlaylistRequest { mood, id } in playlists {
        match playlist::tracks(client, id, folder) {
            Ok(tracks) => {
                console::note(&format!("playlist {id} ({mood}): {} tracks", tracks.len()));
                entries.extend(tracks.into_iter().map(|track| (*mood, track)));
            }
            Err(error) => {
                let refusal = error.downcast::<Refusal>()?;
                console::note(&format!("failed: playlist {id} ({mood}): {refusal}"));
                refused += 1;
            }
        }
    }
    if refused > 0 {
        console::advise(PLAYLIST_HINT);
    }
    Ok((entries, refused))
}

fn songs(labelled: &Labelled, known: &Known) -> Vec<Song> {
    let tracks = labelled.tracks.iter();
    tracks
        .map(|(mood, track)| {
            let features = known.by_id.get(track.id()).copied().flatten();
            assemble::song(*mood, track, features)
        })
        .collect()
}

/// Whether Spotify means it: forbidden, not found or gone. Any other refusal is a failure.
fn is_policy(refusal: &Refusal) -> bool {
    matches!(refusal.status, 403 | 404 | 410)
}

/// Says what was fetched, what was not, and why.
fn say(labelled: &Labelled, known: &Known, sounds: &Sounds, songs: &[Song], folder: &Path) {
    for (id, reason) in &sounds.failed {
        console::note(&format!("failed: preview of {id}: {reason}"));
    }
    if labelled.contradictory > 0 {
        console::note(&format!(
            "{} songs stand in playlists of several moods and are left out",
            labelled.contradictory
        ));
    }
    let silent = songs.iter().filter(|song| song.path.is_none()).count();
    let bare = songs
        .iter()
        .filter(|song| song.features.valence.is_none())
        .count();
    match &known.refusal {
        Some(refusal) if is_policy(refusal) => console::note(&format!(
            "Spotify refuses track features ({refusal}): apps registered since 27 November \
             2024 get none"
        )),
        Some(refusal) => console::note(&format!("failed: track features: {refusal}")),
        None if bare > 0 => console::note(&format!("Spotify has no features of {bare} songs")),
        None => {}
    }
    if silent > 0 {
        console::note(&format!(
            "{silent} of {} songs have no sound: apps registered since 27 November 2024 get \
             no previews",
            songs.len()
        ));
    }
    if silent > 0 || known.refusal.is_some() {
        console::advise(OWN_SOUND_HINT);
    }
    console::note(&format!(
        "{}; wrote {}",
        census(songs),
        folder.join(SONGS).display()
    ));
}

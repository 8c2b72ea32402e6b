//! A whole crawl: playlists, features, previews, and the table of it all.

use std::path::Path;

use anyhow::Result;
use undertone::Mood;

use super::answers::Track;
use super::client::{Addresses, Client};
use super::credentials::Credentials;
use super::features::Known;
use super::http::{Http, Refusal};
use super::pace::Pace;
use super::playlist::PlaylistRequest;
use super::previews::Sounds;
use super::{assemble, features, playlist};
use crate::songs::import::census;
use crate::songs::song::Song;
use crate::songs::table::{SONGS, write_songs};
use collections::console::{self, Outcome};

/// What an app can do when it doesn't get a playlist.
const PLAYLIST_HINT: &str = "Spotify gives newer apps neither its own playlists (since November \
    2024) nor, in development mode, those of other people (since February 2026); use a \
    playlist of the app's owner";

/// The way that works without Spotify's features and previews.
const OWN_SOUND_HINT: &str = "use sound of your own: sort it into folders sad, calm, happy and \
    energetic and run `trainer import --data FOLDER`, or name the files after the track's id or \
    \"Artist - Title\", put them into previews/ and run this command again; features are then \
    measured from the sound";

/// Fetches the playlists into `folder` and writes `folder/songs.csv`.
///
/// # Errors
/// When credentials are missing or refused, the services can't be reached, or the
/// folder can't be written to. A playlist that is refused is named and left out.
pub fn run(playlists: &[PlaylistRequest], folder: &Path, addresses: Addresses) -> Result<Outcome> {
    let http = Http::new(Pace::polite());
    let mut client = Client::new(http, addresses, Credentials::from_environment()?);
    crawl(&mut client, playlists, folder)
}

/// Fetches what is missing in `folder` and writes `songs.csv` there.
///
/// # Errors
/// When there is no answer, credentials are refused, or the folder can't be used.
pub fn crawl(client: &mut Client, playlists: &[PlaylistRequest], folder: &Path) -> Result<Outcome> {
    let (entries, refused) = read_playlists(client, playlists, folder)?;
    let labelled = assemble::label(entries);
    if labelled.is_empty() {
        note!("no songs were found");
        console::advise(OWN_SOUND_HINT);
        return Ok(Outcome::Nothing);
    }
    let contradictory = assemble::contradictory(&labelled);
    if contradictory > 0 {
        note!(
            "{contradictory} songs stand in playlists of several moods; `trainer clean` lists \
             them and takes them out"
        );
    }
    let tracks = assemble::distinct(&labelled);
    let ids: Vec<&str> = tracks.iter().map(|track| track.id()).collect();
    let known = features::fetch(client, &ids, folder)?;
    let mut sounds = Sounds::of(&tracks, folder)?;
    // Written before the previews, which take longest, and once more after them.
    write_songs(&folder.join(SONGS), &songs(&labelled, &known, &sounds))?;
    let fetched = sounds.fetch(client, &tracks, folder);
    let songs = songs(&labelled, &known, &sounds);
    write_songs(&folder.join(SONGS), &songs)?;
    for failure in &sounds.failed {
        note!("failed: {failure}");
    }
    fetched?;
    say(&known, &songs);
    note!("{}; wrote {}", census(&songs), folder.join(SONGS).display());
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
    let (mut entries, mut refused, mut forbidden) = (Vec::new(), 0, false);
    for PlaylistRequest { mood, id } in playlists {
        match playlist::tracks(client, id, folder) {
            Ok(tracks) => {
                note!("playlist {id} ({mood}): {} tracks", tracks.len());
                entries.extend(tracks.into_iter().map(|track| (*mood, track)));
            }
            Err(error) => {
                let refusal = error.downcast::<Refusal>()?;
                note!("failed: playlist {id} ({mood}): {refusal}");
                refused += 1;
                forbidden |= matches!(refusal.status, 403 | 410);
            }
        }
    }
    if forbidden {
        console::advise(PLAYLIST_HINT);
    }
    Ok((entries, refused))
}

/// The rows of the table.
fn songs(labelled: &[(Mood, Track)], known: &Known, sounds: &Sounds) -> Vec<Song> {
    let tracks = labelled.iter();
    tracks
        .map(|(mood, track)| {
            let features = known.by_id.get(track.id()).copied().flatten();
            Song {
                path: sounds.by_id.get(track.id()).cloned(),
                ..assemble::song(*mood, track, features)
            }
        })
        .collect()
}

/// Whether Spotify means it when it refuses features: forbidden, not found or gone. Any
/// other refusal is a failure.
fn is_policy(refusal: &Refusal) -> bool {
    matches!(refusal.status, 403 | 404 | 410)
}

/// Says what Spotify did not give, and why.
fn say(known: &Known, songs: &[Song]) {
    const NEW_APPS: &str = "apps registered since 27 November 2024 get";
    let count = |is: &dyn Fn(&Song) -> bool| songs.iter().filter(|song| is(song)).count();
    let bare = count(&|song| song.features.valence.is_none());
    match &known.refusal {
        Some(refusal) if is_policy(refusal) => {
            note!("Spotify refuses track features ({refusal}): {NEW_APPS} none");
        }
        Some(refusal) => note!("failed: track features: {refusal}"),
        None if bare > 0 => note!("Spotify has no features of {bare} songs"),
        None => {}
    }
    let silent = count(&|song| song.path.is_none());
    if silent > 0 {
        let previews = count(&|song| song.preview_url.is_some());
        let why = if previews == 0 {
            format!(": {NEW_APPS} no previews")
        } else {
            String::new()
        };
        let all = songs.len();
        note!("{silent} of {all} songs have no sound{why}");
    }
    if silent > 0 || known.refusal.is_some() {
        console::advise(OWN_SOUND_HINT);
    }
}

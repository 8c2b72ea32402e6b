//! From what was fetched to the study's songs.

use std::collections::{BTreeMap, HashSet};

use undertone::Mood;
use undertone::card::LabelSpace;
use undertone::features::TrackFeatures;

use super::answers::Track;
use crate::songs::artist::group_of;
use crate::songs::ranges::{RANGES, features_of};
use crate::songs::song::Song;

/// The corpus of all crawled songs.
const CORPUS: &str = "spotify";

/// Tracks with the mood of their playlist, each once.
pub struct Labelled {
    /// In the order of the playlists.
    pub tracks: Vec<(Mood, Track)>,
    /// How many stand in playlists of several moods, and are left out: such a label
    /// says nothing.
    pub contradictory: usize,
}

/// Each track once, with its mood.
pub fn label(entries: Vec<(Mood, Track)>) -> Labelled {
    let mut moods: BTreeMap<String, HashSet<Mood>> = BTreeMap::new();
    for (mood, track) in &entries {
        moods
            .entry(track.id().to_owned())
            .or_default()
            .insert(*mood);
    }
    let contradictory = moods.values().filter(|moods| moods.len() > 1).count();
    let mut seen = HashSet::new();
    let tracks = entries
        .into_iter()
        .filter(|(_, track)| moods.get(track.id()).is_some_and(|moods| moods.len() == 1))
        .filter(|(_, track)| seen.insert(track.id().to_owned()))
        .collect();
    Labelled {
        tracks,
        contradictory,
    }
}

/// A song with whatever is known; its sound is not.
pub fn song(mood: Mood, track: &Track, features: Option<TrackFeatures>) -> Song {
    let artist = track.artists().join(", ");
    Song {
        id: track.id().to_owned(),
        features: within(TrackFeatures {
            duration_ms: track.duration_ms,
            ..features.unwrap_or_default()
        }),
        group: group_of(&artist, track.id()),
        artist,
        track: track.title().to_owned(),
        preview_url: track.preview_url.clone(),
        path: None,
        mood,
        label_space: LabelSpace::PlaylistMood,
        corpus: CORPUS.to_owned(),
    }
}

/// The features without values that no song has: better missing than wrong.
fn within(features: TrackFeatures) -> TrackFeatures {
    let mut values = features.to_array();
    for (value, range) in values.iter_mut().zip(RANGES) {
        *value = value.filter(|value| range.holds(*value));
    }
    features_of(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(id: &str) -> Track {
        let json = format!(
            r#"{{"id":"{id}","name":"T","artists":[{{"name":"Ann"}},{{"name":"Bob"}}],"duration_ms":9e4}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn a_track_in_playlists_of_two_moods_is_left_out() {
        let entries = vec![
            (Mood::Sad, track("a")),
            (Mood::Sad, track("b")),
            (Mood::Happy, track("b")),
            (Mood::Sad, track("a")),
        ];
        let labelled = label(entries);
        assert_eq!(labelled.contradictory, 1);
        assert_eq!(labelled.tracks, [(Mood::Sad, track("a"))]);
    }

    #[test]
    fn a_song_has_no_key_where_none_was_found_and_nothing_out_of_range() {
        let features = TrackFeatures {
            key: Some(-1.0),
            energy: Some(1.5),
            valence: Some(0.5),
            ..TrackFeatures::default()
        };
        let song = song(Mood::Calm, &track("a"), Some(features));
        assert_eq!((song.features.key, song.features.energy), (None, None));
        assert_eq!(song.features.valence, Some(0.5));
        assert_eq!(song.features.duration_ms, Some(90_000.0));
        assert_eq!(
            (song.artist.as_str(), song.group.as_str()),
            ("Ann, Bob", "ann")
        );
    }
}

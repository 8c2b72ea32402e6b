//! From what was fetched to the study's songs.

use itertools::Itertools;
use undertone::Mood;
use undertone::card::LabelSpace;
use undertone::features::TrackFeatures;

use super::answers::Track;
use crate::songs::artist::group_of;
use crate::songs::ranges::{RANGES, features_of};
use crate::songs::song::Song;

/// The corpus of all crawled songs.
const CORPUS: &str = "spotify";

/// Each track once for every mood that it has, in the order of the playlists.
pub fn label(tracks: Vec<(Mood, Track)>) -> Vec<(Mood, Track)> {
    let tracks = tracks.into_iter();
    let unique = tracks.unique_by(|(mood, track)| (*mood, track.id().to_owned()));
    unique.collect()
}

/// How many of the labelled tracks have several moods. Such a label says nothing, but to
/// take it out is for the cleaning, which lists it.
pub fn contradictory(labelled: &[(Mood, Track)]) -> usize {
    let ids = labelled.iter().map(|(_, track)| track.id());
    ids.duplicates().count()
}

/// Each of the labelled tracks once.
pub fn distinct(labelled: &[(Mood, Track)]) -> Vec<&Track> {
    let tracks = labelled.iter().map(|(_, track)| track);
    tracks.unique_by(|track| track.id()).collect()
}

/// A song with whatever is known; its sound is not.
pub fn song(mood: Mood, track: &Track, features: Option<TrackFeatures>) -> Song {
    let artist = track.artists().join(", ");
    let features = features.unwrap_or_default();
    Song {
        id: track.id().to_owned(),
        features: within(TrackFeatures {
            duration_ms: track.duration_ms.or(features.duration_ms),
            ..features
        }),
        group: group_of(&artist, track.id()).into(),
        artist: artist.into(),
        title: track.title().to_owned(),
        preview_url: track.preview_url.clone(),
        mood: Some(mood),
        label_kind: "playlist".into(),
        label_space: LabelSpace::PlaylistMood,
        corpus: CORPUS.into(),
        ..Song::default()
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
    fn a_track_in_playlists_of_two_moods_has_a_row_of_each() {
        let entries = vec![
            (Mood::Sad, track("a")),
            (Mood::Sad, track("b")),
            (Mood::Happy, track("b")),
            (Mood::Sad, track("a")),
        ];
        let labelled = label(entries);
        assert_eq!(contradictory(&labelled), 1);
        let expected = [
            (Mood::Sad, track("a")),
            (Mood::Sad, track("b")),
            (Mood::Happy, track("b")),
        ];
        assert_eq!(labelled, expected);
        assert_eq!(distinct(&labelled), [&track("a"), &track("b")]);
    }

    #[test]
    fn a_duration_is_taken_from_where_it_is() {
        let track = serde_json::from_str(r#"{"id":"a","name":"T"}"#).unwrap();
        let features = TrackFeatures {
            duration_ms: Some(90_000.0),
            ..TrackFeatures::default()
        };
        let song = song(Mood::Calm, &track, Some(features));
        assert_eq!(song.features.duration_ms, Some(90_000.0));
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
        assert_eq!((&*song.artist, &*song.group), ("Ann, Bob", "ann"));
    }
}

use std::path::{Path, PathBuf};

use undertone::Mood;
use undertone::card::LabelSpace;
use undertone::features::TrackFeatures;

use super::*;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/data")
        .join(name)
}

fn song(id: &str, mood: Mood) -> Song {
    Song {
        id: id.to_owned(),
        features: TrackFeatures {
            energy: Some(0.5),
            ..TrackFeatures::default()
        },
        mood: Some(mood),
        label_space: LabelSpace::PlaylistMood,
        corpus: "test".into(),
        group: id.into(),
        ..Song::default()
    }
}

fn heard(id: &str, mood: Mood, file: &str) -> Song {
    Song {
        path: Some(data(file)),
        ..song(id, mood)
    }
}

fn named(id: &str, mood: Mood, artist: &str, track: &str) -> Song {
    Song {
        artist: artist.into(),
        title: track.to_owned(),
        ..song(id, mood)
    }
}

fn cleaned(songs: &[Song], need: Need) -> Cleaned {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let first = clean(songs.to_vec(), need, &cache).unwrap();
    // From the cache: the same. As text, in which NaN is NaN.
    let second = clean(songs.to_vec(), need, &cache).unwrap();
    assert_eq!(format!("{second:?}"), format!("{first:?}"));
    first
}

fn ids<'a>(songs: impl Iterator<Item = &'a Song>) -> Vec<&'a str> {
    songs.map(|song| song.id.as_str()).collect()
}

fn dropped(cleaned: &Cleaned) -> Vec<Dropped<'_>> {
    cleaned.dropped().collect()
}

#[test]
fn one_recording_in_any_encoding_is_one_song() {
    let songs = [
        heard("gone", Mood::Sad, "audio/gone.mp3"),
        heard("wav", Mood::Sad, "audio/sweep.wav"),
        heard("mp3", Mood::Sad, "audio/sweep.mp3"),
        heard("ogg", Mood::Sad, "audio/sweep.ogg"),
        heard("m4a", Mood::Sad, "audio/sweep.m4a"),
        heard("other", Mood::Sad, "song/song.flac"),
        heard("text", Mood::Sad, "bad/text.mp3"),
    ];
    let cleaned = cleaned(&songs, Need::Audio);
    assert_eq!(ids(cleaned.distinct()), ["gone", "wav", "other", "text"]);
    assert_eq!(ids(cleaned.kept()), ["wav", "other"]);
    let ogg = cleaned
        .dropped()
        .find(|dropped| dropped.song.id == "ogg")
        .unwrap();
    assert_eq!(ogg.step, Step::Duplicate);
    assert!(
        ogg.reason.starts_with("wav stays: same sound"),
        "{}",
        ogg.reason
    );
    let text = cleaned.dropped().last().unwrap();
    assert_eq!(text.step, Step::Gap);
    assert!(text.reason.contains("can't be decoded"), "{}", text.reason);
}

#[test]
fn of_duplicates_the_first_usable_stays() {
    let silent = named("silent", Mood::Happy, "Ann", "Stay");
    let mut sounding = named("sounding", Mood::Happy, "ann", "Stay (Remastered)");
    sounding.path = Some(data("audio/sweep.wav"));
    let songs = [silent, sounding.clone(), sounding];
    let with_audio = cleaned(&songs, Need::Audio);
    assert!(with_audio.kept().eq(&songs[1..2]));
    assert!(
        dropped(&with_audio)[1]
            .reason
            .contains("same id as sounding")
    );
    assert_eq!(ids(cleaned(&songs, Need::Features).kept()), ["silent"]);
}

#[test]
fn a_song_under_two_moods_is_listed_and_taken_out() {
    let songs = [
        named("a", Mood::Happy, "Ann", "Stay"),
        named("b", Mood::Sad, "Ann", "Stay"),
        named("c", Mood::Sad, "Ann", "Go"),
    ];
    let cleaned = cleaned(&songs, Need::Features);
    assert_eq!(ids(cleaned.kept()), ["c"]);
    assert!(cleaned.distinct().eq(cleaned.kept()));
    assert_eq!(cleaned.conflicts.len(), 1);
    assert_eq!(
        cleaned.conflicts[0][0].reason,
        "same artist and title as b (sad)"
    );
    let steps: Vec<_> = cleaned.dropped().map(|dropped| dropped.step).collect();
    assert_eq!(steps, [Step::Conflict; 2]);
}

#[test]
fn rows_without_a_name_are_no_duplicates() {
    let mut songs = vec![song("a", Mood::Calm), song("b", Mood::Sad)];
    songs.push(named("c", Mood::Calm, "Ann", ""));
    songs.push(named("d", Mood::Calm, "Ann", ""));
    assert_eq!(cleaned(&songs, Need::Features).kept().count(), 4);
}

#[test]
fn midi_is_known_by_its_contents() {
    let folder = tempfile::tempdir().unwrap();
    let midi = |name: &str, contents: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, contents).unwrap();
        Song {
            path: Some(path),
            ..song(name, Mood::Calm)
        }
    };
    let songs = [
        midi("a.mid", "MThd 1"),
        midi("b.mid", "MThd 2"),
        midi("c.mid", "MThd 1"),
        midi("d.mid", "RIFF"),
    ];
    let cleaned = cleaned(&songs, Need::Audio);
    assert_eq!(ids(cleaned.kept()), ["a.mid", "b.mid"]);
    assert_eq!(
        dropped(&cleaned)[0].reason,
        "a.mid stays: same file as a.mid (calm)"
    );
    assert!(dropped(&cleaned)[1].reason.contains("no MIDI file"));
}

#[test]
fn only_a_feature_that_the_corpus_gives_can_be_missing() {
    let mut songs = vec![song("a", Mood::Calm), song("b", Mood::Calm)];
    songs[1].features.energy = Some(f64::NAN);
    let mut other = song("c", Mood::Calm);
    other.corpus = "without".into();
    other.features.energy = None;
    songs.push(other);
    let cleaned = cleaned(&songs, Need::Features);
    assert_eq!(ids(cleaned.kept()), ["a"]);
    assert_eq!(dropped(&cleaned)[0].reason, "missing: energy");
    assert_eq!(dropped(&cleaned)[1].reason, "no track features");
}

#[test]
fn a_duration_alone_is_no_feature() {
    let mut only = song("a", Mood::Calm);
    only.features = TrackFeatures {
        duration_ms: Some(200_000.0),
        ..TrackFeatures::default()
    };
    let cleaned = cleaned(&[only], Need::Features);
    assert_eq!(dropped(&cleaned)[0].reason, "no track features");
}

#[test]
fn files_of_ones_own_are_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let calm = cleaned(&[song("a", Mood::Calm)], Need::Features);
    for (name, contents) in [("sad.csv", "mine"), ("dropped.csv", "path\n")] {
        std::fs::write(path(name), contents).unwrap();
        let error = calm.write(folder.path()).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        assert_eq!(std::fs::read_to_string(path(name)).unwrap(), contents);
        std::fs::remove_file(path(name)).unwrap();
    }
    assert!(!path("calm.csv").exists());

    // What a cleaning wrote goes with its songs.
    calm.write(folder.path()).unwrap();
    let sad = cleaned(&[song("b", Mood::Sad)], Need::Features);
    sad.write(folder.path()).unwrap();
    assert!(path("sad.csv").is_file() && !path("calm.csv").exists());
    for name in ["sad.csv", "songs_clean.csv"] {
        assert!(refuse_input(&path(name), folder.path()).is_err(), "{name}");
    }
    assert!(refuse_input(&path("sad.csv"), &path("other")).is_ok());
}

#[test]
fn every_step_is_a_file() {
    let songs = [
        named("a", Mood::Happy, "Ann", "Stay"),
        named("b", Mood::Happy, "Ann", "Stay"),
        song("c", Mood::Calm),
    ];
    let folder = tempfile::tempdir().unwrap();
    let cleaned = cleaned(&songs, Need::Features);
    cleaned.write(folder.path()).unwrap();
    let lines = |name: &str| {
        let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
        text.lines().count() - 1
    };
    assert_eq!(lines("happy.csv"), 2);
    assert_eq!(lines("happy_no_duplicates.csv"), 1);
    assert_eq!(lines("calm_no_duplicates_no_nan.csv"), 1);
    assert_eq!(lines("songs_clean.csv"), 2);
    assert_eq!(lines("dropped.csv"), 1);
    assert_eq!(lines("conflicts.csv"), 0);
    assert!(!folder.path().join("sad.csv").exists());
    assert!(
        cleaned
            .to_text()
            .contains("= kept               0      1      1          0      2")
    );
}

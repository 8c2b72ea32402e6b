//! A network learns made-up songs of every kind of label, and the same from the same seed.

use anyhow::Result;
use ndarray::Array2;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use undertone::card::LabelSpace;
use undertone::network::WINDOW_STEPS;
use undertone::{Affect, Mood};

use super::*;
use crate::learn::body::WIDTH;

/// Songs of `windows` windows: each label is a column that is loud.
fn songs(count: usize, seed: u64) -> Vec<(Song, Array2<f32>)> {
    let mut rng = StdRng::seed_from_u64(seed);
    let song = |number: usize| {
        let kind = number % 6;
        let mut song = Song {
            id: format!("{seed}/{number}"),
            corpus: "made up".into(),
            ..Song::default()
        };
        match kind {
            mood if mood < Mood::COUNT => song.mood = Some(Mood::ALL[mood]),
            4 => {
                song.label_space = LabelSpace::SoundKind;
                song.label = "speech".into();
            }
            _ => {
                song.label_space = LabelSpace::PerceivedAffect;
                let (arousal, valence) = (0.5, -0.5);
                song.affect = Some(Affect { arousal, valence });
            }
        }
        let rows = (1 + number % 2) * WINDOW_STEPS;
        let tokens = Array2::from_shape_fn((rows, WIDTH), |(_, column)| {
            let level = if column % 6 == kind { 1.5 } else { 0.0 };
            level + rng.random_range(-1.0..1.0)
        });
        (song, tokens)
    };
    (0..count).map(song).collect()
}

fn recordings(songs: &[(Song, Array2<f32>)]) -> Vec<Recording<'_>> {
    let recording = |(song, tokens)| Recording { song, tokens };
    songs
        .iter()
        .map(|(song, tokens)| recording((song, tokens)))
        .collect()
}

fn options(folder: &std::path::Path, epochs: usize) -> Options {
    let mut options = Options::new(folder.to_owned());
    options.training.epochs = epochs;
    options.spec.batch_size = 16;
    options
}

#[test]
fn moods_ratings_and_kinds_are_learnt() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (fitted, asked) = (songs(120, 1), songs(60, 2));
    let (fitted, asked) = (recordings(&fitted), recordings(&asked));
    let trained = train(&fitted, &asked, &options(folder.path(), 40))?;
    let answers = answers(&trained.net, &asked)?;
    let mut right = [0; 2];
    for (recording, answer) in asked.iter().zip(answers) {
        let top = |from: usize, to: usize| {
            (from..to)
                .max_by(|a, b| answer[*a].total_cmp(&answer[*b]))
                .unwrap_or(from)
                - from
        };
        match recording.song.mood {
            Some(mood) => right[0] += usize::from(top(0, Mood::COUNT) == mood.index()),
            None if &*recording.song.label == "speech" => {
                right[1] += usize::from(top(Mood::COUNT + 2, OUTPUTS) == 1);
            }
            None => assert!((answer[Mood::COUNT] - 0.5).abs() < 0.3, "{answer:?}"),
        }
    }
    assert!(right[0] >= 36 && right[1] >= 9, "{right:?} of 40 and 10");
    Ok(())
}

#[test]
fn the_same_seed_gives_the_same_network_and_others_are_refused() -> Result<()> {
    let [once, twice] = [tempfile::tempdir()?, tempfile::tempdir()?];
    let fitted = songs(48, 1);
    let fitted = recordings(&fitted);
    let first = train(&fitted, &[], &options(once.path(), 2))?;
    let second = train(&fitted, &[], &options(twice.path(), 2))?;
    assert_eq!(
        answers(&first.net, &fitted)?,
        answers(&second.net, &fitted)?
    );
    let fewer = train(&fitted[1..], &[], &options(once.path(), 2));
    assert!(
        fewer.is_err_and(|error| error.to_string().contains("another run")
            || error.to_string().contains("other options or songs"))
    );
    Ok(())
}

#[test]
fn what_can_not_be_learnt_is_named() {
    let folder = std::path::Path::new("unused");
    let all = songs(24, 1);
    let all = recordings(&all);
    let moods: Vec<Recording> = all
        .iter()
        .filter(|r| r.song.mood != Some(Mood::Sad))
        .copied()
        .collect();
    let error = train(&moods, &[], &options(folder, 1)).map_err(|error| error.to_string());
    assert!(error.is_err_and(|text| text.contains("sad")));
    let short = Array2::zeros((WINDOW_STEPS - 1, WIDTH));
    let song = all[0].song;
    let short = [Recording {
        song,
        tokens: &short,
    }];
    let error = train(&short, &[], &options(folder, 1)).map_err(|error| error.to_string());
    assert!(error.is_err_and(|text| text.contains("9 steps")));
}

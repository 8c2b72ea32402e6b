use std::path::{Path, PathBuf};

use ndarray::{Array1, Array2};
use ndarray_npy::read_npy;
use undertone::{Mood, Pcm};

use super::build::{Built, read};
use super::recipe::Kind;
use super::vector::{of_samples, vector};
use super::*;
use crate::songs::song::Song;

/// A file of the repository.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// 16-bit samples of `tests/data` as floats of full scale ±1.
fn signal(name: &str) -> Vec<f32> {
    let samples: Array1<i16> = read_npy(file(&format!("tests/data/{name}_signal.npy"))).unwrap();
    samples.iter().map(|&s| f32::from(s) / 32_768.0).collect()
}

/// Values of librosa (see `make_references.py`).
fn reference(name: &str) -> Array2<f32> {
    read_npy(file(&format!("trainer/tests/data/vector_{name}.npy"))).unwrap()
}

/// Greatest difference from the reference where its values count.
fn worst(ours: &Array2<f32>, name: &str, counts: impl Fn(f32) -> bool) -> f32 {
    worst_at(ours, name, |_, value| counts(value))
}

/// The same, where `counts` at that bin and frame.
fn worst_at(ours: &Array2<f32>, name: &str, counts: impl Fn([usize; 2], f32) -> bool) -> f32 {
    let librosa = reference(name);
    assert_eq!(ours.dim(), librosa.dim());
    librosa
        .indexed_iter()
        .filter(|((bin, frame), value)| counts([*bin, *frame], **value))
        .map(|(at, value)| (ours[at] - value).abs())
        .fold(0.0, f32::max)
}

fn recipe(kind: Kind) -> Recipe {
    Recipe {
        kind,
        ..Recipe::default()
    }
}

#[test]
fn mel_is_librosas() {
    for name in ["mel_real", "mel_synthetic"] {
        let ours = of_samples(&signal(name), &recipe(Kind::Mel)).unwrap();
        // Measured 6e-5 dB; lower down, 4e-4: the last bits of 32-bit powers.
        assert!(worst(&ours, name, |db| db > -60.0) < 0.001);
        assert!(worst(&ours, name, |_| true) < 0.01);
    }
}

#[test]
fn linear_is_librosas() {
    let recipe = Recipe {
        n_fft: 256,
        ..recipe(Kind::Linear)
    };
    let ours = of_samples(&signal("mel_real"), &recipe).unwrap();
    // Measured 2e-4 and 4e-3 dB.
    assert!(worst(&ours, "linear", |db| db > -60.0) < 0.002);
    assert!(worst(&ours, "linear", |_| true) < 0.02);
}

#[test]
fn mfcc_is_librosas() {
    let ours = of_samples(&signal("mel_real"), &recipe(Kind::Mfcc)).unwrap();
    // Coefficients go up to some hundreds; measured 1e-4.
    assert!(worst(&ours, "mfcc", |_| true) < 0.001);
}

#[test]
fn chroma_is_librosas() {
    let ours = of_samples(&signal("mel_real"), &recipe(Kind::Chroma)).unwrap();
    // Measured 1.3e-6.
    assert!(worst(&ours, "chroma", |_| true) < 1e-5);
}

#[test]
fn constant_q_is_librosas() {
    let ours = of_samples(&signal("mel_real"), &recipe(Kind::Cqt)).unwrap();
    // librosa goes from octave to octave by resampling, which shows in weak bins and at
    // the ends; measured 0.49 dB, and a correlation of 0.99994 over all amplitudes.
    assert!(worst(&ours, "cqt", |db| db > -20.0) < 0.6);
    let amplitude = |db: f32| 10_f64.powf(f64::from(db) / 20.0);
    let pairs = reference("cqt");
    let pairs = ours
        .iter()
        .zip(&pairs)
        .map(|(o, l)| [amplitude(*o), amplitude(*l)]);
    assert!(correlation(&pairs.collect::<Vec<_>>()) > 0.9999);
}

/// Pearson's correlation.
fn correlation(pairs: &[[f64; 2]]) -> f64 {
    let mean = |f: &dyn Fn(&[f64; 2]) -> f64| pairs.iter().map(f).sum::<f64>() / pairs.len() as f64;
    let (a, b) = (mean(&|p| p[0]), mean(&|p| p[1]));
    let product = mean(&|p| (p[0] - a) * (p[1] - b));
    let deviations = mean(&|p| (p[0] - a).powi(2)) * mean(&|p| (p[1] - b).powi(2));
    product / deviations.sqrt()
}

#[test]
fn a_resampled_and_padded_song_is_librosas() {
    let pcm = Pcm::new(vec![signal("resample_44100"); 2], 44_100).unwrap();
    let recipe = Recipe {
        duration_s: 3.0,
        ..recipe(Kind::Mel)
    };
    let ours = vector(&pcm, &recipe).unwrap();
    // Two resamplers: they roll off differently from 10.3 kHz on (the last three bands),
    // and ring differently where the song begins and breaks off.
    let agreed = worst_at(&ours, "resampled", |[band, frame], db| {
        band < 125 && (2..86).contains(&frame) && db > -60.0
    });
    assert!(agreed < 0.05, "{agreed}");
    let padding = worst_at(&ours, "resampled", |[_, frame], _| frame > 88);
    assert!(padding < f32::EPSILON, "{padding}");
}

#[test]
fn a_vector_needs_sound_in_the_part() {
    // A single click would be no sound.
    let tone = |n: usize| 0.5 * (0.35 * n as f32).sin();
    let samples = (0..16_000).map(|n| if n < 12_000 { 0.0 } else { tone(n) });
    let samples = samples.collect();
    let pcm = Pcm::new(vec![samples], 8_000).unwrap();
    let at = |start_s: f64| {
        let recipe = Recipe {
            start_s,
            duration_s: 1.0,
            ..Recipe::default()
        };
        vector(&pcm, &recipe).map_err(|error| format!("{error:#}"))
    };
    assert!(at(0.0).unwrap_err().contains("silent"));
    assert!(at(3.0).unwrap_err().contains("ends at 2.0 s"));
    // The loudness is relative: 0 dB at the loudest, the floor at -80 dB.
    let values = at(1.0).unwrap();
    let greatest = values.iter().copied().fold(f32::MIN, f32::max);
    let least = values.iter().copied().fold(f32::MAX, f32::min);
    assert_eq!((greatest, least), (0.0, -80.0));
}

fn song(id: &str, path: Option<PathBuf>) -> Song {
    Song {
        id: id.to_owned(),
        path,
        mood: Some(Mood::Calm),
        corpus: "test".into(),
        group: id.into(),
        ..Song::default()
    }
}

/// Vectors of 1 s in a new folder.
struct Bench {
    folder: tempfile::TempDir,
    recipe: Recipe,
}

impl Bench {
    fn new() -> Self {
        let recipe = Recipe {
            duration_s: 1.0,
            ..Recipe::default()
        };
        let folder = tempfile::tempdir().unwrap();
        Self { folder, recipe }
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("vectors")
    }

    fn build(&self, songs: &[Song]) -> anyhow::Result<Built> {
        let work = self.folder.path().join("work");
        build(songs, &self.recipe, &self.out(), &work, Path::new(""))
    }
}

#[test]
fn a_second_run_makes_nothing_and_a_damaged_file_again() {
    let mut bench = Bench::new();
    let sweep = |name: &str| Some(file("tests/data/audio").join(name));
    let songs = [
        song("a/1", sweep("sweep.mp3")),
        song("none", None),
        song("b", sweep("sweep.ogg")),
        song("bad", Some(file("tests/data/bad/text.mp3"))),
        song("gone", sweep("gone.mp3")),
    ];
    let first = bench.build(&songs).unwrap();
    assert_eq!(
        (first.batch.done, first.batch.kept, first.batch.failed.len()),
        (2, 0, 3)
    );
    let second = bench.build(&songs).unwrap();
    assert_eq!((second.batch.done, second.batch.kept), (0, 2));
    assert_eq!(second.paths, first.paths);

    let path = second.paths[0].clone().unwrap();
    assert!(path.starts_with(bench.out().join("calm_vectors")));
    let whole = read(&path, &bench.recipe).unwrap();
    assert_eq!(whole.dim(), (128, 44));
    std::fs::write(&path, "half").unwrap();
    assert!(read(&path, &bench.recipe).is_err());
    assert_eq!(bench.build(&songs).unwrap().batch.done, 1);
    assert_eq!(read(&path, &bench.recipe).unwrap(), whole);

    // Another recipe, of the same shape, is made anew.
    bench.recipe.start_s = 1.0;
    assert_eq!(bench.build(&songs).unwrap().batch.done, 2);
    assert_ne!(read(&path, &bench.recipe).unwrap(), whole);
}

#[test]
fn a_song_under_a_new_mood_leaves_the_old_one_and_other_tables_stay() {
    let mut bench = Bench::new();
    let sweep = |name: &str| Some(file("tests/data/audio").join(name));
    let (mut moved, other) = (song("a", sweep("sweep.wav")), song("b", sweep("sweep.ogg")));
    let old = bench.build(std::slice::from_ref(&moved)).unwrap();
    let old = old.paths[0].clone().unwrap();
    let built = bench.build(std::slice::from_ref(&other)).unwrap();
    assert_eq!((built.batch.done, built.others), (1, 1));

    moved.mood = Some(Mood::Happy);
    std::fs::write(old.with_extension("png"), "drawn").unwrap();
    let built = bench.build(std::slice::from_ref(&moved)).unwrap();
    assert_eq!((built.batch.done, built.others), (1, 1));
    assert!(!old.exists() && !old.with_extension("png").exists());
    let kept = bench.build(&[moved.clone(), other]).unwrap();
    assert_eq!((kept.batch.kept, kept.others), (2, 0));

    // A song that can't be read for now keeps its vector; another recipe drops all.
    let gone = song("b", sweep("gone.ogg"));
    let built = bench.build(&[moved.clone(), gone]).unwrap();
    assert_eq!((built.batch.kept, built.others), (1, 0));
    let other = kept.paths[1].clone().unwrap();
    assert!(other.exists());
    bench.recipe.start_s = 1.0;
    assert_eq!(bench.build(&[moved]).unwrap().others, 0);
    assert!(!other.exists());
}

#[test]
fn a_short_song_is_padded_and_counted() {
    let mut bench = Bench::new();
    bench.recipe.duration_s = 5.0;
    let songs = [song("a", Some(file("tests/data/audio/sweep.wav")))];
    for _ in 0..2 {
        let built = bench.build(&songs).unwrap();
        assert_eq!(built.padded, [("a".to_owned(), 1.0)]);
    }
}

#[test]
fn an_id_that_comes_twice_is_refused() {
    let songs = [song("a", None), song("a", None)];
    let error = Bench::new().build(&songs).unwrap_err();
    assert!(format!("{error:#}").contains("id a"), "{error:#}");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_one_error() {
    let bench = Bench::new();
    std::fs::create_dir(bench.out()).unwrap();
    std::fs::write(bench.out().join("calm_vectors"), "in the way").unwrap();
    let songs = [song("a", Some(file("tests/data/audio/sweep.wav")))];
    let error = bench.build(&songs).unwrap_err();
    assert!(format!("{error:#}").contains("calm_vectors"), "{error:#}");
}

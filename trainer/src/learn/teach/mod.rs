//! What a teacher, a network trained on far more sound than there is here, says of every
//! recording, labelled or not: kept on disk, for the network to learn from.

mod ced;

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ndarray::Array2;
use ndarray_npy::{ReadNpyExt, WriteNpyExt};
use rayon::prelude::*;
use undertone::Signal;
use undertone::network::STEP_FRAMES;
use undertone::spectrum::HOP_LENGTH;

use self::ced::Ced;
use crate::console::{self, Hint};
use crate::files;
use crate::measured::cache::{self, Found};
use crate::songs::song::Song;

pub use ced::{
    FIRST_LAYERS, LEAST_SHARE, LEVEL_DB, MOODS, TAUGHT, WIDTH as TOKEN_WIDTH, after_layers,
};

/// The classes that speak for each mood in the order of [`undertone::Mood::ALL`], as places
/// in [`MOODS`]: sad; tender; happy and funny; exciting, angry and scary.
pub const SPEAK_FOR: [&[usize]; undertone::Mood::COUNT] = [&[2], &[3], &[0, 1], &[4, 5, 6]];

/// To be raised when what is kept of a recording changes.
const VERSION: &str = "lesson 3";
/// List of what the teacher has heard.
const LIST: &str = "lessons.csv";

/// What came of it.
#[derive(Debug, Default)]
pub struct Summary {
    /// Recordings heard now.
    pub heard: usize,
    /// Recordings that were heard before.
    pub kept: usize,
    /// Recordings that could not be heard, and why.
    pub failed: Vec<(PathBuf, String)>,
}

/// Folder of the lessons in the work directory.
fn folder(work: &Path) -> PathBuf {
    work.join("teacher")
}

/// Lets the teacher hear every song of the table that it has not heard yet, labelled or not.
///
/// A recording that can't be heard is listed and does not stop the others.
///
/// # Errors
/// When the teacher can't be loaded, a song has no sound, or the work folder can't be written
/// to.
pub fn run(
    work: &Path,
    songs: &[Song],
    teacher: &Path,
    options: &cache::Options,
) -> Result<Summary> {
    let ced = Ced::open(teacher)?;
    let folder = folder(work);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("the folder {} can't be made", folder.display()))?;
    let (sounds, found) = cache::find(work, songs, options)?;
    let bar = console::progress(found.len(), "lessons");
    let one = |song: &Found| -> Result<(String, bool)> {
        let input = song.input()?;
        let key = files::sha256_of_parts(&[VERSION, &input.sha256, &input.synth, ced.id()]);
        let path = folder.join(format!("{key}.npy"));
        if path.is_file() {
            return Ok((key, false));
        }
        let signal = Signal::from_pcm(&sounds.decode(&song.path, &input.sha256, None)?)?;
        let steps = (1 + signal.samples.len() / HOP_LENGTH).div_ceil(STEP_FRAMES);
        let lesson = ced.hear(&signal.samples, steps)?;
        files::write_whole(&path, |out| Ok(lesson.write_npy(out)?))?;
        Ok((key, true))
    };
    let outcomes: Vec<Result<(String, bool)>> = options.pool()?.install(|| {
        found
            .par_iter()
            .map(|song| {
                let outcome = one(song);
                bar.inc(1);
                outcome
            })
            .collect()
    });
    bar.finish_and_clear();
    let mut summary = Summary::default();
    let mut keys = Vec::new();
    for (song, outcome) in found.iter().zip(outcomes) {
        match outcome {
            Ok((key, true)) => {
                summary.heard += 1;
                keys.push((song, key));
            }
            Ok((key, false)) => {
                summary.kept += 1;
                keys.push((song, key));
            }
            Err(error) => summary
                .failed
                .push((song.path.clone(), format!("{error:#}"))),
        }
    }
    files::write_whole(&folder.join(LIST), |out| {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(["id", "key"])?;
        for (song, key) in &keys {
            writer.write_record([&song.input()?.id, key])?;
        }
        Ok(writer.flush()?)
    })?;
    Ok(summary)
}

/// Whether a teacher has heard the recordings of that work directory.
pub fn is_there(work: &Path) -> bool {
    folder(work).join(LIST).is_file()
}

/// What the teacher said of each recording, by the recording's name:
/// `[steps, TAUGHT + TOKEN_WIDTH]`, see [`Ced::hear`].
///
/// # Errors
/// When [`run`] was not called yet, or a kept file is damaged.
pub fn lessons(work: &Path) -> Result<HashMap<String, Array2<f32>>> {
    let folder = folder(work);
    let list = folder.join(LIST);
    let mut reader = csv::Reader::from_path(&list)
        .with_context(|| format!("the list {} can't be read", list.display()))
        .hint("let the teacher hear the recordings with `trainer teach`")?;
    let keys: Vec<(String, String)> = reader
        .deserialize()
        .collect::<csv::Result<_>>()
        .with_context(|| format!("the list {} is damaged", list.display()))?;
    keys.into_par_iter()
        .map(|(id, key)| {
            let path = folder.join(format!("{key}.npy"));
            let damaged = || {
                format!(
                    "{} can't be read; run `trainer teach` again",
                    path.display()
                )
            };
            let file = File::open(&path).with_context(damaged)?;
            let lesson = Array2::<f32>::read_npy(BufReader::new(file)).with_context(damaged)?;
            Ok((id, lesson))
        })
        .collect()
}

//! What a teacher, a network trained on far more sound than there is here, says of every
//! recording, labelled or not: kept on disk, for the network to learn from.

mod ced;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use undertone::Signal;
use undertone::network::STEP_FRAMES;
use undertone::spectrum::HOP_LENGTH;

use self::ced::Ced;
use crate::console::{Batch, Hint};
use crate::files;
use crate::measured::cache;
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

/// What the teacher has heard, and the name of its lesson's file.
#[derive(Serialize, Deserialize)]
struct Heard {
    id: String,
    key: String,
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
pub fn run(work: &Path, songs: &[Song], teacher: &Path, options: &cache::Options) -> Result<Batch> {
    let ced = Ced::open(teacher)?;
    let folder = folder(work);
    files::make_folder(&folder)?;
    let (sounds, found) = cache::find(work, songs, options)?;
    let outcomes = options.map("lessons", &found, |song| -> Result<(Heard, bool)> {
        let input = song.input()?;
        let key = files::sha256_of_parts(&[VERSION, &input.sha256, &input.synth, ced.id()]);
        let path = lesson_file(&folder, &key);
        let is_new = !path.is_file();
        if is_new {
            let signal = Signal::from_pcm(&sounds.decode(&song.path, &input.sha256, None)?)?;
            let steps = (1 + signal.samples.len() / HOP_LENGTH).div_ceil(STEP_FRAMES);
            files::write_npy(&path, &ced.hear(&signal.samples, steps)?)?;
        }
        let id = input.id.clone();
        Ok((Heard { id, key }, is_new))
    })?;
    let heard = outcomes.iter().flatten().map(|(heard, _)| heard);
    files::write_rows(&folder.join(LIST), heard)?;
    let outcomes = outcomes
        .into_iter()
        .map(|one| one.map(|(_, is_new)| is_new));
    let paths = found.iter().map(|song| song.path.display());
    Ok(Batch::of(paths.zip(outcomes)))
}

fn lesson_file(folder: &Path, key: &str) -> PathBuf {
    folder.join(format!("{key}.npy"))
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
    const AGAIN: &str = "let the teacher hear the recordings with `trainer teach`";
    let folder = folder(work);
    let heard: Vec<Heard> = files::read_rows(&folder.join(LIST)).hint(AGAIN)?;
    heard
        .into_par_iter()
        .map(|Heard { id, key }| {
            let lesson = files::read_npy(&lesson_file(&folder, &key)).hint(AGAIN)?;
            Ok((id, lesson))
        })
        .collect()
}

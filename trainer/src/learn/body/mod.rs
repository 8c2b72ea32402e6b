//! The body of the network: CED-tiny's convolution and layers, which have heard two million
//! sounds. What they hear of every recording is kept on disk, for the layers behind them to be
//! trained on.

mod ced;
mod graph;
mod grid;
mod kept;
mod proto;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use undertone::Signal;

use self::ced::Ced;
use self::kept::{AGAIN, folder};
use crate::measured::cache;
use crate::npy;
use crate::songs::song::Song;
use collections::console::{Batch, Hint};
use collections::files;

pub use ced::WIDTH;
pub use graph::write;
pub use kept::read;

/// To be raised when what is kept of a recording changes.
const VERSION: &str = "tokens 3";
/// List of what was heard.
const LIST: &str = "heard.csv";

/// What was heard, and the name of its file.
#[derive(Serialize, Deserialize)]
struct Heard {
    id: String,
    key: String,
}

fn tokens_file(folder: &Path, key: &str) -> PathBuf {
    folder.join(format!("{key}.npy"))
}

/// Lets the body hear every recording of the table that it has not heard yet.
///
/// A recording that can't be heard is listed and does not stop the others.
///
/// # Errors
/// When the body can't be loaded, or the work folder can't be written to.
pub fn run(work: &Path, songs: &[Song], body: &Path, options: &cache::Options) -> Result<Batch> {
    let folder = folder(work);
    files::make_folder(&folder)?;
    let (sounds, found) = cache::find(work, songs, options)?;
    let with_sound: Vec<&Song> = songs.iter().filter(|song| song.path.is_some()).collect();
    let body = kept::make(work, body, &with_sound, &found, &sounds, options)?;
    let ced = Ced::new(&body)?;
    let outcomes = options.map("recordings", &found, |song| -> Result<(Heard, bool)> {
        let input = song.input()?;
        let key = files::sha256_of_parts(&[VERSION, &input.sha256, &input.synth, ced.id()]);
        let path = tokens_file(&folder, &key);
        let is_new = !path.is_file();
        if is_new {
            let signal = Signal::from_pcm(&sounds.decode(&song.path, &input.sha256, None)?)?;
            npy::write(&path, &ced.hear(&signal.samples)?)?;
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

/// What the body hears of each recording, by the recording's name:
/// `[windows · WINDOW_STEPS, WIDTH]`.
///
/// # Errors
/// When [`run`] was not called yet, or a kept file is damaged.
pub fn tokens(work: &Path) -> Result<HashMap<String, Array2<f32>>> {
    let folder = folder(work);
    let heard: Vec<Heard> = files::read_rows(&folder.join(LIST)).hint(AGAIN)?;
    heard
        .into_par_iter()
        .map(|Heard { id, key }| {
            let tokens: Array2<f32> = npy::read(&tokens_file(&folder, &key)).hint(AGAIN)?;
            Ok((id, tokens))
        })
        .collect()
}

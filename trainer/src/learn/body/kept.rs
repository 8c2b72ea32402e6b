//! The body in the work folder: what heard the recordings is what the network stands on.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ndarray::Array2;
use tract_onnx::pb::StringStringEntryProto;
use undertone::Signal;
use undertone::card::{LabelSpace, sha256_hex};

use super::ced::{Body, middle};
use crate::measured::cache::{self, Found, Sounds};
use crate::songs::song::Song;
use collections::console::Hint;
use collections::{files, note};

/// What to do where nothing is kept.
pub(super) const AGAIN: &str = "let the body hear the recordings with `trainer hear`";
/// The body.
const FILE: &str = "body.onnx";
/// Name of a property of the file: the SHA-256 of the file that it was made from.
const SOURCE: &str = "source";
/// Recordings that a body which is not rounded yet is rounded for.
const EXAMPLES: usize = 64;

/// Folder of what was heard, within the work folder.
pub(super) fn folder(work: &Path) -> PathBuf {
    work.join("tokens")
}

/// The body that heard the recordings.
///
/// # Errors
/// When there was none, or its file is damaged.
pub fn read(work: &Path) -> Result<Body> {
    let path = folder(work).join(FILE);
    let body = Body::decode(&files::read(&path).hint(AGAIN)?);
    body.with_context(|| format!("{} is damaged", path.display()))
        .hint(AGAIN)
}

/// The body of the file `from`, and keeps it; as it is there, where it was made from that file.
///
/// # Errors
/// When the file is missing or is another model, or no recording can be heard.
pub(super) fn make(
    work: &Path,
    from: &Path,
    songs: &[&Song],
    found: &[Found],
    sounds: &Sounds,
    options: &cache::Options,
) -> Result<Body> {
    let bytes =
        files::read(from).hint("name the ONNX file of a network, or of CED-tiny, with --body")?;
    let source = sha256_hex(&bytes);
    if let Some(body) = read(work)
        .ok()
        .filter(|body| source_of(body) == Some(&source))
    {
        return Ok(body);
    }
    let heard = || {
        let examples = examples(songs, found);
        note!("the weights are rounded, for {} recordings", examples.len());
        let heard = options.map("examples", &examples, |song| -> Result<Array2<f32>> {
            let sound = sounds.decode(&song.path, &song.input()?.sha256, None)?;
            middle(&Signal::from_pcm(&sound)?.samples)
        })?;
        // Those that can't be heard are named when all are.
        let heard: Vec<_> = heard.into_iter().flatten().collect();
        ensure!(!heard.is_empty(), "no recording can be heard");
        Ok(heard)
    };
    let mut body = Body::of(&bytes, heard)
        .with_context(|| format!("{} has no body of the network", from.display()))
        .hint("the file must have the input mel_db [1, 64, 1001] and twelve layers")?;
    body.model.metadata_props = vec![StringStringEntryProto {
        key: SOURCE.to_owned(),
        value: source,
    }];
    files::write(&folder(work).join(FILE), &body.encode())?;
    Ok(body)
}

fn source_of(body: &Body) -> Option<&String> {
    let mut properties = body.model.metadata_props.iter();
    let source = properties.find(|property| property.key == SOURCE);
    source.map(|property| &property.value)
}

/// Recordings from the whole of the table; of music without a label that anything is measured
/// by, where there is enough.
fn examples<'a>(songs: &[&Song], found: &'a [Found]) -> Vec<&'a Found> {
    let is_unlabelled = |song: &Song| {
        song.mood.is_none() && song.affect.is_none() && song.label_space != LabelSpace::SoundKind
    };
    let pairs = songs.iter().zip(found);
    let unlabelled = pairs.filter(|(song, _)| is_unlabelled(song));
    let mut of: Vec<&Found> = unlabelled.map(|(_, found)| found).collect();
    if of.len() < EXAMPLES {
        of = found.iter().collect();
    }
    let count = of.len().min(EXAMPLES);
    (0..count)
        .map(|number| of[number * of.len() / count])
        .collect()
}

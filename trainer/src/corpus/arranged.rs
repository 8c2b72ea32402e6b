//! Further training recordings: MIDI files of the manifest, arranged anew.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;

use super::arrangement::arrange;
use super::manifest::Row;
use crate::decode::is_midi;
use crate::example::{ARRANGED, Split};
use crate::files;

/// Folder of the arranged files in the work directory.
const FOLDER: &str = "arranged";
/// How much an arrangement's label counts beside the original's: its instruments were
/// not what the listeners heard.
const WEIGHT: f32 = 0.5;

/// Writes `count` arrangements of every MIDI file that is trained on into `work`, and
/// gives their rows: the original's, under a name, a path and a weight of their own.
/// Validation songs are never arranged.
///
/// # Errors
/// When a MIDI file can't be read or an arrangement can't be written.
pub(super) fn rows(originals: &[Row], count: u32, work: &Path) -> Result<Vec<Row>> {
    let folder = work.join(FOLDER);
    if count > 0 {
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("the folder {} can't be made", folder.display()))?;
    }
    let arranged: Vec<Vec<Row>> = originals
        .par_iter()
        .filter(|row| row.split == Split::Train && is_midi(&row.path))
        .map(|row| (1..=count).map(|number| one(row, number, work)).collect())
        .collect::<Result<_>>()?;
    Ok(arranged.into_iter().flatten().collect())
}

fn one(original: &Row, number: u32, work: &Path) -> Result<Row> {
    let failed = || format!("arranging {}", original.path.display());
    let digest = files::sha256_of_parts(&[&original.id, &number.to_string()]);
    let path = PathBuf::from(FOLDER).join(format!("{}.mid", &digest[..16]));
    let midi = std::fs::read(&original.path).with_context(failed)?;
    let seed = digest
        .bytes()
        .take(16)
        .fold(0, |seed: u64, digit| seed * 31 + u64::from(digit));
    let arranged = arrange(&midi, seed).with_context(failed)?;
    files::write_whole(&work.join(&path), |out| Ok(out.write_all(&arranged)?))
        .with_context(failed)?;
    Ok(Row {
        id: format!("{}~{number}", original.id),
        path,
        label_kind: format!("{}{ARRANGED}", original.label_kind),
        weight: WEIGHT * original.weight,
        ..original.clone()
    })
}

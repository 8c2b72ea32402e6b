//! Further training recordings: MIDI files of the manifest, arranged anew.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;

use super::manifest::Row;
use crate::console;
use crate::files;
use crate::measured::example::{ARRANGED, Split};
use crate::sound::arrange;
use crate::sound::decode::is_midi;

/// Folder of the arranged files in the work directory.
const FOLDER: &str = "arranged";
/// How much an arrangement's label counts beside the original's: its instruments were
/// not what the listeners heard.
const WEIGHT: f32 = 0.5;

/// Writes `count` arrangements of every MIDI file that is trained on into `work`, and
/// gives their rows: the original's, under a name, a path and a weight of their own.
/// Validation songs are never arranged. A file that can't be arranged is noted, and stays
/// in the corpus as it is.
///
/// # Errors
/// When an arrangement can't be written.
pub(super) fn rows(originals: &[Row], count: u32, work: &Path) -> Result<Vec<Row>> {
    let folder = work.join(FOLDER);
    if count > 0 {
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("the folder {} can't be made", folder.display()))?;
    }
    let arranged: Vec<Option<Row>> = originals
        .par_iter()
        .filter(|row| row.split == Split::Train && is_midi(&row.path))
        .flat_map_iter(|row| (1..=count).map(move |number| one(row, number, work)))
        .collect::<Result<_>>()?;
    Ok(arranged.into_iter().flatten().collect())
}

fn one(original: &Row, number: u32, work: &Path) -> Result<Option<Row>> {
    let digest = files::sha256_of_parts(&[&original.id, &number.to_string()]);
    let path = PathBuf::from(FOLDER).join(format!("{}.mid", &digest[..16]));
    let seed = digest
        .bytes()
        .take(16)
        .fold(0, |seed: u64, digit| seed * 31 + u64::from(digit));
    let midi = std::fs::read(&original.path).map_err(anyhow::Error::from);
    let arranged = match midi.and_then(|midi| arrange(&midi, seed)) {
        Ok(arranged) => arranged,
        Err(error) => {
            let path = original.path.display();
            console::note(&format!("not arranged: {path}: {error:#}"));
            return Ok(None);
        }
    };
    files::write_whole(&work.join(&path), |out| Ok(out.write_all(&arranged)?))
        .with_context(|| format!("writing an arrangement of {}", original.path.display()))?;
    Ok(Some(Row {
        id: format!("{}~{number}", original.id),
        path,
        label_kind: format!("{}{ARRANGED}", original.label_kind),
        weight: WEIGHT * original.weight,
        ..original.clone()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use undertone::Mood;
    use undertone::card::LabelSpace;

    /// One note of a quarter, at 120 BPM, as a file of format 0.
    const NOTE: &[u8] = b"MThd\0\0\0\x06\0\0\0\x01\0\x60\
        MTrk\0\0\0\x0c\0\x90\x3c\x40\x60\x80\x3c\x40\0\xff\x2f\0";

    fn row(path: PathBuf, split: Split) -> Row {
        Row {
            id: path.display().to_string(),
            path,
            corpus: "emopia".to_owned(),
            label_space: LabelSpace::PerceivedQuadrant,
            label: Mood::Calm,
            label_kind: "listeners".to_owned(),
            artist: String::new(),
            group: "g".to_owned(),
            split,
            weight: 1.0,
            licence: "CC0-1.0".to_owned(),
        }
    }

    #[test]
    fn a_broken_file_does_not_stop_the_others() -> Result<()> {
        let work = tempfile::tempdir()?;
        let at = |name: &str| work.path().join(name);
        std::fs::write(at("good.mid"), NOTE)?;
        std::fs::write(at("held out.mid"), NOTE)?;
        std::fs::write(at("broken.mid"), b"MThd")?;
        let originals = [
            row(at("broken.mid"), Split::Train),
            row(at("lost.mid"), Split::Train),
            row(at("good.mid"), Split::Train),
            row(at("held out.mid"), Split::Validation),
        ];
        let arranged = rows(&originals, 2, work.path())?;
        assert_eq!(arranged.len(), 2);
        for (row, number) in arranged.iter().zip(1..) {
            assert_eq!(row.id, format!("{}~{number}", at("good.mid").display()));
            assert_eq!(row.label_kind, "listeners, arranged");
            assert!((row.weight - 0.5).abs() < f32::EPSILON);
            assert!(work.path().join(&row.path).is_file());
        }
        Ok(())
    }
}

//! Further training recordings: MIDI files of the table, arranged anew.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;

use super::song::{ARRANGED, Song, Split};
use crate::sound::arrange;
use collections::decode::is_midi;
use collections::files;

/// Folder of the arranged files, beside the table.
const FOLDER: &str = "arranged";
/// How much an arrangement's label counts beside the original's: its instruments were
/// not what the listeners heard.
const WEIGHT: f32 = 0.5;

/// Writes `count` arrangements of every labelled MIDI file that is trained on into `folder`,
/// and gives their songs: the original's, under an id, a path and a weight of their own.
/// Validation songs are never arranged. A file that can't be arranged is noted, and stays
/// in the table as it is.
///
/// # Errors
/// When an arrangement can't be written.
pub fn songs(originals: &[Song], count: u32, folder: &Path) -> Result<Vec<Song>> {
    let is_original = |song: &Song| !song.label_kind.ends_with(ARRANGED);
    let arranged: Vec<Option<Song>> = originals
        .par_iter()
        .filter(|song| song.split == Some(Split::Train) && song.is_labelled() && is_original(song))
        .filter_map(|song| Some((song, song.path.as_deref().filter(|path| is_midi(path))?)))
        .flat_map_iter(|(song, path)| (1..=count).map(move |n| one(song, path, n, folder)))
        .collect::<Result<_>>()?;
    Ok(arranged.into_iter().flatten().collect())
}

fn one(original: &Song, path: &Path, number: u32, folder: &Path) -> Result<Option<Song>> {
    let digest = files::sha256_of_parts(&[&original.id, &number.to_string()]);
    let file = PathBuf::from(FOLDER).join(format!("{}.mid", &digest[..16]));
    let seed = digest
        .bytes()
        .take(16)
        .fold(0, |seed: u64, digit| seed * 31 + u64::from(digit));
    let midi = std::fs::read(path).map_err(anyhow::Error::from);
    let arranged = match midi.and_then(|midi| arrange(&midi, seed)) {
        Ok(arranged) => arranged,
        Err(error) => {
            note!("not arranged: {}: {error:#}", path.display());
            return Ok(None);
        }
    };
    let file = folder.join(file);
    files::write(&file, &arranged)
        .with_context(|| format!("writing an arrangement of {}", path.display()))?;
    let title = &original.title;
    Ok(Some(Song {
        id: format!("{}~{number}", original.id),
        path: Some(file),
        // By artist and title, the cleaning knows one song again.
        title: if title.is_empty() {
            String::new()
        } else {
            format!("{title} ~{number}")
        },
        label_kind: format!("{}{ARRANGED}", original.label_kind).into(),
        weight: WEIGHT * original.weight,
        ..original.clone()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use undertone::Mood;

    /// One note of a quarter, at 120 BPM, as a file of format 0.
    const NOTE: &[u8] = b"MThd\0\0\0\x06\0\0\0\x01\0\x60\
        MTrk\0\0\0\x0c\0\x90\x3c\x40\x60\x80\x3c\x40\0\xff\x2f\0";

    fn song(path: PathBuf, split: Split) -> Song {
        Song {
            id: path.display().to_string(),
            path: Some(path),
            mood: Some(Mood::Calm),
            label_kind: "listeners".into(),
            split: Some(split),
            ..Song::default()
        }
    }

    #[test]
    fn a_broken_file_does_not_stop_the_others() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("good.mid"), NOTE)?;
        std::fs::write(at("held out.mid"), NOTE)?;
        std::fs::write(at("broken.mid"), b"MThd")?;
        let originals = [
            song(at("broken.mid"), Split::Train),
            song(at("lost.mid"), Split::Train),
            song(at("good.mid"), Split::Train),
            song(at("held out.mid"), Split::Validation),
        ];
        let arranged = songs(&originals, 2, folder.path())?;
        assert_eq!(arranged.len(), 2);
        for (song, number) in arranged.iter().zip(1..) {
            assert_eq!(song.id, format!("{}~{number}", at("good.mid").display()));
            assert_eq!(&*song.label_kind, "listeners, arranged");
            assert!((song.weight - 0.5).abs() < f32::EPSILON);
            assert!(song.path.as_deref().is_some_and(Path::is_file));
        }
        assert_eq!(songs(&arranged, 2, folder.path())?, [], "arranged twice");
        Ok(())
    }
}

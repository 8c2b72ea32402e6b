//! Tables of songs whose tempo, key or metre is known.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

use collections::console::Hint;
use collections::decode::AUDIO_EXTENSIONS;

/// What is known of one song.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Truth {
    /// The sound.
    pub(super) path: PathBuf,
    /// Tempo of the beat in BPM.
    pub(super) tempo: Option<f64>,
    /// Tonic, 0 = C to 11 = B, and whether the mode is major.
    pub(super) key: Option<(usize, bool)>,
    /// Time signature as it is written: 3 over 4 is (3, 4).
    pub(super) metre: Option<(u32, u32)>,
    /// Half of a benchmark, as dev and test.
    pub(super) set: Option<String>,
    /// Where the song comes from.
    pub(super) collection: Option<String>,
}

/// One line of the table; other columns are ignored.
#[derive(Deserialize)]
struct Line {
    file: String,
    tempo_bpm: Option<f64>,
    key: Option<u8>,
    mode: Option<u8>,
    time_signature: Option<String>,
    set: Option<String>,
    collection: Option<String>,
}

/// Reads a CSV table with the column `file` and any of `tempo_bpm`, `key` (0 = C to 11),
/// `mode` (1 major, 0 minor), `time_signature` (as `3/4`), `set` and `collection`. Files
/// lie in the folder `audio`; their names may leave out the ending.
pub(super) fn read(table: &Path, audio: &Path) -> Result<Vec<Truth>> {
    let mut reader = csv::Reader::from_path(table)
        .with_context(|| format!("{} can't be read", table.display()))?;
    let known = ["tempo_bpm", "key", "mode", "time_signature"];
    let header = reader
        .headers()
        .with_context(|| format!("{} has no header", table.display()))?;
    let has = |name: &str| header.iter().any(|column| column == name);
    if !has("file") || !known.iter().any(|name| has(name)) {
        return Err(anyhow!(
            "{} needs the column `file` and at least one of {}",
            table.display(),
            known.join(", ")
        ))
        .hint("trainer/benches/make_pieces.py makes such a table");
    }
    reader
        .deserialize()
        .map(|line| truth(line?, audio))
        .collect::<Result<_>>()
        .with_context(|| format!("{} is damaged", table.display()))
}

fn truth(line: Line, audio: &Path) -> Result<Truth> {
    let key = match (line.key, line.mode) {
        (Some(key @ 0..=11), Some(mode @ 0..=1)) => Some((usize::from(key), mode == 1)),
        (None, _) | (_, None) => None,
        (Some(key), Some(mode)) => bail!(
            "{}: key {key}, mode {mode}, expected 0 to 11 and 0 or 1",
            line.file
        ),
    };
    if let Some(bpm) = line.tempo_bpm.filter(|bpm| !(1.0..1_000.0).contains(bpm)) {
        bail!("{}: tempo_bpm {bpm}, expected 1 to 1000", line.file);
    }
    let metre = line.time_signature.as_deref().map(|text| {
        let metre = text.split_once('/').and_then(|(beats, unit)| {
            Some((beats.trim().parse().ok()?, unit.trim().parse().ok()?))
        });
        metre.with_context(|| format!("{}: time_signature is not of the form 3/4", line.file))
    });
    Ok(Truth {
        path: sound(audio.join(&line.file)),
        tempo: line.tempo_bpm,
        key,
        metre: metre.transpose()?,
        set: line.set,
        collection: line.collection,
    })
}

/// The file itself, or the one with an ending that names a sound.
fn sound(path: PathBuf) -> PathBuf {
    let endings = AUDIO_EXTENSIONS.iter();
    let mut files = endings.map(|ending| path.with_added_extension(ending));
    let found = files.find(|file| !path.is_file() && file.is_file());
    found.unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<Truth>> {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("truth.csv");
        std::fs::write(&table, text).unwrap();
        read(&table, folder.path())
    }

    #[test]
    fn what_is_not_known_may_be_left_out() {
        let truths = read_text("file,tempo_bpm,key,mode,time_signature\na,,,,\nb,90,9,0,6/8\n");
        let truths = truths.unwrap();
        assert_eq!(
            (truths[0].tempo, truths[0].key, truths[0].metre),
            (None, None, None)
        );
        assert_eq!(truths[1].tempo, Some(90.0));
        assert_eq!(truths[1].key, Some((9, false)));
        assert_eq!(truths[1].metre, Some((6, 8)));
    }

    #[test]
    fn wrong_tables_are_refused() {
        for (text, part) in [
            ("name,key\na,1\n", "column `file`"),
            ("file,mood\na,sad\n", "at least one of"),
            ("file,key,mode\na,12,1\n", "expected 0 to 11"),
            ("file,tempo_bpm\na,0\n", "expected 1 to 1000"),
            ("file,time_signature\na,waltz\n", "form 3/4"),
        ] {
            let error = format!("{:#}", read_text(text).unwrap_err());
            assert!(error.contains(part), "{error}");
        }
    }
}

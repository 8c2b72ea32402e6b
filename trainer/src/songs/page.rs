//! The page's export as JSON, and what `trainer predict --format json` prints.

use std::path::Path;

use anyhow::{Context, Result};
use undertone::features::TrackFeatures;
use undertone::report::{Entry, Outcome};

use super::artist::group_of;
use super::dialect::Dialect;
use super::sheet::beside;
use super::song::Song;
use collections::console::Hint;

/// Whether the file holds JSON.
///
/// # Errors
/// When it can't be read.
pub fn is_json(path: &Path) -> Result<bool> {
    use std::io::Read as _;
    let unread = || format!("the table {} can't be read", path.display());
    let mut start = [0; 1];
    let mut file = std::fs::File::open(path).with_context(unread)?;
    Ok(file.read(&mut start).with_context(unread)? == 1 && start[0] == b'[')
}

/// The songs of an export, paths from `folder`. What a visitor said is the label; a verdict
/// is none.
///
/// # Errors
/// When it is no export, or nobody has said anything.
pub fn read(path: &Path, folder: &Path) -> Result<Vec<Song>> {
    let text = std::fs::read(path)
        .with_context(|| format!("the table {} can't be read", path.display()))?;
    let entries: Vec<Entry> = serde_json::from_slice(&text)
        .with_context(|| format!("{} is no export of the page", path.display()))
        .hint("give a CSV table, or the JSON that the page exports")?;
    let corpus = path.file_stem().unwrap_or_default().to_string_lossy();
    let songs: Vec<Song> = entries
        .into_iter()
        .map(|entry| song(entry, &corpus, folder))
        .collect();
    if songs.iter().any(Song::is_labelled) {
        return Ok(songs);
    }
    Err(Dialect::Page.unlabelled(path))
}

fn song(entry: Entry, corpus: &str, folder: &Path) -> Song {
    let tags = &entry.tags;
    let title = if tags.title.is_empty() {
        let stem = Path::new(&entry.file).file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    } else {
        tags.title.clone()
    };
    let mut song = Song {
        path: Some(beside(folder, &entry.file)),
        title,
        corpus: corpus.into(),
        artist: tags.artist.as_str().into(),
        group: group_of(&tags.artist, &entry.file).into(),
        label_kind: "list".into(),
        features: match &entry.outcome {
            Outcome::Ok { report } => report.features,
            Outcome::Error { .. } => TrackFeatures::default(),
        },
        id: entry.file,
        ..Song::default()
    };
    if let Some(said) = entry.said {
        song.hear(said);
    }
    song
}

//! Labelled music, from wherever it lies, in one manifest with one fixed split.

mod arranged;
mod emopia;
mod folder;
mod manifest;
mod music;
mod overview;
mod split;
pub mod table;
pub mod unlabelled;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use undertone::Mood;

use crate::console::{self, Hint};
use crate::measured::example::Split;

pub use manifest::{Manifest, Row};
pub use music::group as music_group;

/// File name of the manifest in the work directory.
pub const MANIFEST: &str = "corpus.csv";

/// Where the labelled music lies.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// A table of full-mix music, one row a track.
    pub music: Option<PathBuf>,
    /// EMOPIA's table of clips.
    pub emopia: Option<PathBuf>,
    /// Folders with one sub-folder a mood.
    pub folders: Vec<PathBuf>,
    /// Arrangements of every MIDI file that is trained on.
    pub arrangements: u32,
}

/// A recording with its label, before the split.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// Unique name.
    pub id: String,
    /// The file, absolute.
    pub path: PathBuf,
    /// Corpus that it comes from.
    pub corpus: String,
    /// The label.
    pub label: Mood,
    label_kind: String,
    artist: String,
    /// Recordings of one group stand on one side of a split.
    pub group: String,
    /// Side of the split where the source publishes one.
    published: Option<Split>,
    weight: f32,
    /// Licence of the recording or of its corpus.
    pub licence: String,
}

/// Reads the sources, splits them, writes `work/corpus.csv` (and `work/unlabelled.csv`, without
/// the groups that are held out) and returns the overview.
///
/// # Errors
/// When a table, a label or a file is not as expected, or a mood has no songs.
pub fn build(sources: &Sources, seed: u64, work: &Path) -> Result<String> {
    let (mut labelled, mut unlabelled) = (Vec::new(), Vec::new());
    if let Some(table) = &sources.music {
        (labelled, unlabelled) = music::read(table)?;
    }
    if let Some(table) = &sources.emopia {
        labelled.extend(emopia::read(table)?);
    }
    for root in &sources.folders {
        labelled.extend(folder::read(root)?);
    }
    if labelled.is_empty() {
        return Err(anyhow::anyhow!("there are no labelled songs to read"))
            .hint("name at least one of --music, --emopia and --folder");
    }
    let paths = labelled.iter().map(|song| song.path.as_path());
    let paths = paths.chain(unlabelled.iter().map(|song| song.path.as_path()));
    refuse_missing(&paths.collect::<Vec<_>>())?;
    refuse_empty_moods(&labelled)?;
    let mut rows = split::assign(labelled, seed);
    let held_out: HashSet<&str> = rows
        .iter()
        .filter(|row| row.split == Split::Validation)
        .map(|row| row.group.as_str())
        .collect();
    unlabelled.retain(|song| !held_out.contains(song.group.as_str()));
    rows.extend(arranged::rows(&rows, sources.arrangements, work)?);
    unlabelled::write(&unlabelled, work)?;
    let manifest = Manifest::new(rows)?;
    let path = work.join(MANIFEST);
    manifest.write(&path)?;
    console::note(&format!("wrote {}", path.display()));
    if !unlabelled.is_empty() {
        console::note(&format!(
            "{} tracks have no label: only a teacher has something to say of them",
            unlabelled.len()
        ));
    }
    for (corpus, mood) in overview::without_validation(&manifest) {
        console::note(&format!(
            "{corpus} has no {mood} songs for validation: too few groups"
        ));
    }
    Ok(overview::table(&manifest))
}

/// Reads a folder whose sub-folders are named after the moods.
///
/// # Errors
/// When it can't be read, has another sub-folder, or holds no songs.
pub fn read_folder(root: &Path) -> Result<Vec<Labelled>> {
    folder::read(root)
}

/// Lists files that a table names but that are not there.
///
/// # Errors
/// When there is such a file.
pub fn refuse_missing(files: &[&Path]) -> Result<()> {
    const SHOWN: usize = 10;
    let missing: Vec<_> = files
        .iter()
        .filter(|path| !path.is_file())
        .map(|path| format!("  {}", path.display()))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let more = match missing.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    Err(anyhow!(
        "{} of {} files are missing:\n{}{more}",
        missing.len(),
        files.len(),
        missing[..missing.len().min(SHOWN)].join("\n"),
    ))
    .hint("put them back, or take their lines out of the table; paths start at its folder")
}

/// A model can't learn a mood that it never hears.
fn refuse_empty_moods(labelled: &[Labelled]) -> Result<()> {
    let absent: Vec<_> = Mood::ALL
        .into_iter()
        .filter(|mood| labelled.iter().all(|song| song.label != *mood))
        .map(Mood::name)
        .collect();
    if absent.is_empty() {
        return Ok(());
    }
    Err(anyhow::anyhow!(
        "no song is labelled {}",
        absent.join(" or ")
    ))
    .hint("all four moods need songs: sad, calm, happy, energetic")
}

/// The text before the extension, with `/` between folders.
fn stem(relative: &Path) -> String {
    relative
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

//! Writes tags into many files, and takes them back.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use itertools::Itertools;
use undertone::tagging::{self, Tag, Told};

use super::change::{self, Change, Journal};
use super::file;
use crate::console::{self, Batch, Outcome};
use crate::decode::seconds_of;
use crate::files;
use crate::predict::Store;
use crate::results::{self, Record};

/// Files of one name whose durations in seconds are as near are taken for one song, whatever
/// has been written into it since.
const SAME_S: f64 = 1.0;

/// How to write tags.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder that the names in the results start from.
    pub root: PathBuf,
    /// Where the changes are noted; `None` to tell and not make them.
    pub journal: Option<PathBuf>,
    /// Whether mood, tempo and key that are there are replaced.
    pub overwrite: bool,
    /// The store whose verdicts go over to the new contents.
    pub store: Option<PathBuf>,
}

/// Writes what the results say into the files, and every change as a line on stdout.
///
/// # Errors
/// When the results can't be read, or the journal can't be written to. A file that can't be
/// tagged is listed and stops no other.
pub fn write(input: &Path, options: &Options) -> Result<Outcome> {
    let journal = options.journal.as_deref().map(Journal::open);
    let mut journal = journal.transpose()?;
    let open = |path: &PathBuf| Store::open(path, String::new());
    let store = options.store.as_ref().map(open).transpose()?;
    let mut batch = Batch::default();
    let mut header = true;
    for record in results::read(input)? {
        let record = record?;
        let path = options.root.join(&record.entry.file);
        match tag_one(&path, &record, options, journal.as_mut(), store.as_ref()) {
            Ok(changes) => {
                batch.kept += usize::from(changes.is_empty());
                batch.done += usize::from(!changes.is_empty());
                console::data(&change::lines(&changes, header && !changes.is_empty())?)?;
                header &= changes.is_empty();
            }
            Err(error) => {
                let failed = (path.display().to_string(), format!("{error:#}"));
                batch.failed.push(failed);
            }
        }
    }
    let is_dry = options.journal.is_none();
    Ok(told(
        &batch,
        if is_dry { "would be tagged" } else { "tagged" },
    ))
}

/// Lists what failed, and tells the numbers.
fn told(batch: &Batch, done: &str) -> Outcome {
    let outcome = batch.end();
    console::note(&format!(
        "{} {done}, {} as they are, {} failed",
        batch.done,
        batch.kept,
        batch.failed.len()
    ));
    outcome
}

fn tag_one(
    path: &Path,
    record: &Record,
    options: &Options,
    journal: Option<&mut Journal>,
    store: Option<&Store>,
) -> Result<Vec<Change>> {
    let Some(report) = record.report() else {
        bail!("it has no verdict");
    };
    let mut tag = file::read(path)?;
    let told = Told::of(report, record.entry.said);
    let changes = tagging::changes(&tagging::texts(&tag), told, options.overwrite);
    let changes: Vec<_> = changes
        .into_iter()
        .map(|change| Change::of(path, change))
        .collect();
    let Some(journal) = journal.filter(|_| !changes.is_empty()) else {
        return Ok(changes);
    };
    if record.sha256.as_deref() != Some(&files::sha256_of(path)?)
        && (seconds_of(path)? - report.listed_s.unwrap_or(report.duration_s)).abs() > SAME_S
    {
        bail!("it is not as long as the song that was judged; judge it again");
    }
    journal.note(&changes)?;
    for change in &changes {
        change.field.write(&mut tag, change.after.as_deref());
    }
    rewrite(path, &tag, store)?;
    Ok(changes)
}

/// Writes tags; the verdict stays that of the sound.
fn rewrite(path: &Path, tag: &Tag, store: Option<&Store>) -> Result<()> {
    let Some(store) = store else {
        return file::write(path, tag);
    };
    let before = files::sha256_of(path)?;
    file::write(path, tag)?;
    store.carry(&before, &files::sha256_of(path)?)
}

/// Takes back what a journal says was written. What has been changed since is left.
///
/// # Errors
/// When the journal can't be read. A file that can't be restored is listed and stops no
/// other.
pub fn restore(journal: &Path, store: Option<&Path>) -> Result<Outcome> {
    let store = store
        .map(|path| Store::open(path, String::new()))
        .transpose()?;
    let changes = change::read(journal)?;
    let by_file = changes
        .into_iter()
        .into_group_map_by(|change| change.file.clone());
    let outcomes = by_file
        .into_iter()
        .sorted_by(|one, other| one.0.cmp(&other.0));
    let outcomes = outcomes.map(|(path, changes)| {
        let restored = restore_one(&path, &changes, store.as_ref());
        (path.display().to_string(), restored)
    });
    Ok(told(&Batch::of(outcomes), "restored"))
}

/// Whether anything was to be taken back; the last change comes first.
fn restore_one(path: &Path, changes: &[Change], store: Option<&Store>) -> Result<bool> {
    let mut tag = file::read(path).context("its tags can't be read")?;
    let mut is_changed = false;
    for change in changes {
        if change.field.read(&tag) == change.after {
            change.field.write(&mut tag, change.before.as_deref());
            is_changed = true;
        }
    }
    if is_changed {
        rewrite(path, &tag, store)?;
    }
    Ok(is_changed)
}

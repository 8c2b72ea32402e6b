//! What a teacher says of the songs of the table.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow};
use undertone::regressor::Target;

use crate::songs::sheet::{Line, Sheet, above, beside};
use crate::songs::song::{Song, Split};
use collections::console::Hint;

/// A song with scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// The sound, absolute.
    pub path: PathBuf,
    /// Name of its group.
    pub group: Arc<str>,
    /// Side of the split.
    pub split: Split,
    /// Scores in [0, 1], one a target.
    pub scores: Vec<f64>,
}

/// What the two tables hold together.
#[derive(Debug, Clone, PartialEq)]
pub struct Tables {
    /// What there are scores of.
    pub targets: Vec<Target>,
    /// The songs with scores.
    pub tracks: Vec<Track>,
    /// Their corpora.
    pub corpora: BTreeSet<Arc<str>>,
    /// Their licences.
    pub licences: BTreeSet<Arc<str>>,
}

/// Joins songs with their scores by file. `scores` has the column `file`, from its own folder
/// or the one above, and any of the targets, with or without the prefix `vibenet_`.
///
/// # Errors
/// Where a column or a matching song is missing, a score is not in [0, 1], or a file comes
/// twice; the message names the line.
pub fn read(songs: &[Song], scores: &Path) -> Result<Tables> {
    let (targets, mut by_file) = read_scores(scores)?;
    let all = by_file.len();
    let mut tables = Tables {
        targets,
        tracks: Vec::new(),
        corpora: BTreeSet::new(),
        licences: BTreeSet::new(),
    };
    for song in songs {
        let path = song.path.as_deref();
        let Some((path, scores)) = path.and_then(|path| by_file.remove_entry(path)) else {
            continue;
        };
        tables.corpora.insert(song.corpus.clone());
        tables.licences.insert(song.licence.clone());
        tables.tracks.push(Track {
            path,
            group: song.group.clone(),
            split: song.split.unwrap_or(Split::Train),
            scores,
        });
    }
    if tables.tracks.is_empty() {
        return Err(anyhow!(
            "no file of {} stands in the table of songs",
            scores.display()
        ))
        .hint("the column file must name the sounds of the songs, from its folder");
    }
    if !by_file.is_empty() {
        note!(
            "{} of {all} files with scores are not in the table of songs and are left out",
            by_file.len()
        );
    }
    Ok(tables)
}

/// Targets, and the scores of every file.
type Scores = (Vec<Target>, HashMap<PathBuf, Vec<f64>>);

fn read_scores(path: &Path) -> Result<Scores> {
    let sheet = Sheet::with_columns(path, &["file"])?;
    let found = Target::ALL.into_iter().filter_map(|target| {
        let names = [
            target.name().to_owned(),
            format!("vibenet_{}", target.name()),
        ];
        let place = names.iter().find_map(|name| sheet.place_of(name))?;
        Some((target, place))
    });
    let (targets, places): (Vec<Target>, Vec<usize>) = found.unzip();
    if targets.is_empty() {
        return Err(anyhow!("the table {} has no scores", path.display())).hint(format!(
            "its header must hold file and at least one of {}, with or without the prefix vibenet_",
            Target::ALL.map(Target::name).join(", ")
        ));
    }
    let mut scores: HashMap<PathBuf, (u64, Vec<f64>)> = HashMap::new();
    sheet.for_each(|line| {
        let file = line.field("file");
        let values = targets.iter().zip(&places);
        let values = values.map(|(target, place)| score(line, *place, target.name()));
        let values: Vec<f64> = values.collect::<Result<_>>()?;
        let near = beside(path.parent().unwrap_or(Path::new("")), file);
        let sound = if near.is_file() {
            near
        } else {
            above(&near, path).unwrap_or(near)
        };
        match scores.insert(sound, (line.number(), values)) {
            None => Ok(ControlFlow::Continue(())),
            Some((first, _)) => Err(anyhow!(
                "{}: {file:?} stands in line {first}, too",
                line.place()
            ))
            .hint("a file may come once in a table"),
        }
    })?;
    let scores = scores.into_iter().map(|(file, (_, values))| (file, values));
    Ok((targets, scores.collect()))
}

fn score(line: Line<'_, '_>, place: usize, name: &str) -> Result<f64> {
    let text = line.at(Some(place));
    let value = text
        .parse()
        .ok()
        .filter(|value| (0.0..=1.0).contains(value));
    value
        .ok_or_else(|| anyhow!("{}: {name} is {text:?}", line.place()))
        .hint("scores are numbers from 0 to 1; take lines without one out of the table")
}

//! The two tables: where the tracks lie, and what a teacher says of them.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use undertone::regressor::Target;

use crate::console::{self, Hint};
use crate::corpus::table::{Line, Table};
use crate::corpus::{Manifest, music_group};
use crate::measured::example::Split;

/// A track of both tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// The sound, absolute.
    pub path: PathBuf,
    /// Name of its group, as in the corpus.
    pub group: String,
    /// Side of the split.
    pub split: Split,
    /// Scores in [0, 1], one a target.
    pub scores: Vec<f64>,
}

/// What both tables hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Tables {
    /// What there are scores of.
    pub targets: Vec<Target>,
    /// The tracks with scores.
    pub tracks: Vec<Track>,
    /// Licences of the tracks, where the table has such a column.
    pub licences: BTreeSet<String>,
}

/// Reads both tables. `music` has the columns `file` and `group` (songs of one group
/// stand or fall together), and may have `artist` (then groups are those of `trainer
/// corpus`), `licence` and `split` (`train` or `validation`); `scores` has the column
/// `file`, as in `music`, and any of the targets, with or without the prefix `vibenet_`.
///
/// # Errors
/// Where a column or a matching song is missing, a score is not in [0, 1], a file comes
/// twice, or a group would stand on both sides of the split; the message names the line.
pub fn read(music: &Path, scores: &Path, manifest: Option<&Manifest>) -> Result<Tables> {
    let (targets, by_file) = read_scores(scores)?;
    let table = Table::read(music, &["file", "group"])?;
    let mut sides = Sides::of(manifest);
    let groups = Groups::of(manifest, &table);
    let mut seen: HashMap<&str, String> = HashMap::new();
    let mut tracks = Vec::new();
    let mut licences = BTreeSet::new();
    for line in table.lines() {
        let file = line.field("file");
        refuse_twice(&mut seen, line)?;
        let Some(values) = by_file.get(file) else {
            continue;
        };
        let path = table.resolve(file);
        let group = groups.of_song(&path, line)?;
        let split = sides.side(line, &group)?;
        let licence = line.field("licence");
        if !licence.is_empty() {
            licences.insert(licence.to_owned());
        }
        tracks.push(Track {
            path,
            group,
            split,
            scores: values.clone(),
        });
    }
    if tracks.is_empty() {
        return Err(anyhow!(
            "no file of {} stands in {}",
            scores.display(),
            music.display()
        ))
        .hint("the column file must hold the same names in both tables");
    }
    if tracks.len() < by_file.len() {
        console::note(&format!(
            "{} of {} files with scores are not in {} and are left out",
            by_file.len() - tracks.len(),
            by_file.len(),
            music.display()
        ));
    }
    Ok(Tables {
        targets,
        tracks,
        licences,
    })
}

/// Targets, and the scores of every file.
type Scores = (Vec<Target>, HashMap<String, Vec<f64>>);

fn read_scores(path: &Path) -> Result<Scores> {
    let table = Table::read(path, &["file"])?;
    let found = Target::ALL.into_iter().filter_map(|target| {
        let names = [
            target.name().to_owned(),
            format!("vibenet_{}", target.name()),
        ];
        let column = names.into_iter().find(|name| table.has(name))?;
        Some((target, column))
    });
    let (targets, columns): (Vec<Target>, Vec<String>) = found.unzip();
    if targets.is_empty() {
        return Err(anyhow!("the table {} has no scores", path.display())).hint(format!(
            "its header must hold file and at least one of {}, with or without the prefix vibenet_",
            Target::ALL.map(Target::name).join(", ")
        ));
    }
    let mut seen = HashMap::new();
    let mut scores = HashMap::new();
    for line in table.lines() {
        refuse_twice(&mut seen, line)?;
        let values: Vec<f64> = columns
            .iter()
            .map(|column| score(line, column))
            .collect::<Result<_>>()?;
        scores.insert(line.field("file").to_owned(), values);
    }
    Ok((targets, scores))
}

fn score(line: Line<'_>, column: &str) -> Result<f64> {
    let text = line.field(column);
    let value = text
        .parse()
        .ok()
        .filter(|value| (0.0..=1.0).contains(value));
    value
        .ok_or_else(|| anyhow!("{}: {column} is {text:?}", line.place()))
        .hint("scores are numbers from 0 to 1; take lines without one out of the table")
}

fn refuse_twice<'a>(seen: &mut HashMap<&'a str, String>, line: Line<'a>) -> Result<()> {
    let file = line.field("file");
    if let Some(first) = seen.insert(file, line.place()) {
        return Err(anyhow!("{}: {file:?} stands in {first}, too", line.place()))
            .hint("a file may come once in a table");
    }
    Ok(())
}

/// The groups of the corpus, where it knows a song or another one of its group.
struct Groups {
    by_path: HashMap<PathBuf, String>,
    /// By the table's own name of the group.
    by_group: HashMap<String, String>,
}

impl Groups {
    fn of(manifest: Option<&Manifest>, table: &Table) -> Self {
        let rows = manifest.iter().flat_map(|manifest| manifest.rows());
        let by_path: HashMap<PathBuf, String> = rows
            .map(|row| (row.path.clone(), row.group.clone()))
            .collect();
        let known = table.lines().filter_map(|line| {
            let corpus = by_path.get(&table.resolve(line.field("file")))?;
            Some((own_group(line)?, corpus.clone()))
        });
        let by_group = known.collect();
        Self { by_path, by_group }
    }

    /// The group of the song in that file and line.
    fn of_song(&self, path: &Path, line: Line<'_>) -> Result<String> {
        let own = own_group(line)
            .ok_or_else(|| anyhow!("{}: the group is missing", line.place()))
            .hint("songs of one group must stay on one side of every split")?;
        let known = self.by_path.get(path).or_else(|| self.by_group.get(&own));
        Ok(known.cloned().unwrap_or(own))
    }
}

fn own_group(line: Line<'_>) -> Option<String> {
    music_group(line.field("artist"), line.field("group"))
}

/// Which side each group is on, and who says so.
struct Sides(HashMap<String, (Split, String)>);

impl Sides {
    fn of(manifest: Option<&Manifest>) -> Self {
        let rows = manifest.iter().flat_map(|manifest| manifest.rows());
        let sides = rows.map(|row| (row.group.clone(), (row.split, "the corpus".to_owned())));
        Self(sides.collect())
    }

    /// The side of a line's group: what the corpus or an earlier line says, else its own
    /// column `split`, else training.
    fn side(&mut self, line: Line<'_>, group: &str) -> Result<Split> {
        let own = match line.field("split") {
            "" => None,
            "train" => Some(Split::Train),
            "validation" => Some(Split::Validation),
            other => {
                return Err(anyhow!("{}: unknown split {other:?}", line.place()))
                    .hint("the column split holds train, validation or nothing");
            }
        };
        match (self.0.get(group), own) {
            (Some((known, source)), Some(own)) if *known != own => Err(anyhow!(
                "{}: the group {group} is in both splits: {} here, {} in {source}",
                line.place(),
                name(own),
                name(*known)
            ))
            .hint("put the whole group on one side, or leave the column split out"),
            (Some((known, _)), _) => Ok(*known),
            (None, own) => {
                let own = own.unwrap_or(Split::Train);
                self.0.insert(group.to_owned(), (own, line.place()));
                Ok(own)
            }
        }
    }
}

const fn name(split: Split) -> &'static str {
    match split {
        Split::Train => "train",
        Split::Validation => "validation",
    }
}

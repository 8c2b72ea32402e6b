//! `corpus.csv`: one row a recording, with label, group and side of the split.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use undertone::Mood;
use undertone::card::LabelSpace;

use super::Labelled;
use super::table::beside;
use crate::console::Hint;
use crate::files;
use crate::measured::example::Split;

/// One labelled recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Unique name.
    pub id: String,
    /// The file: absolute, or relative to the manifest.
    pub path: PathBuf,
    /// Corpus that it comes from.
    pub corpus: String,
    /// What the label means.
    pub label_space: LabelSpace,
    /// The label.
    pub label: Mood,
    /// Where the label comes from (`composer`, `game role`, `listeners`, `folder`).
    pub label_kind: String,
    /// Artist in lower case; empty where unknown.
    pub artist: String,
    /// Recordings of one group stand on one side of the split.
    pub group: String,
    /// Side of the split.
    pub split: Split,
    /// How much the label counts in a loss, in (0, 1].
    pub weight: f32,
    /// Licence of the recording or of its corpus.
    pub licence: String,
}

impl Row {
    /// The row of a recording on that side.
    pub(super) fn new(song: Labelled, split: Split) -> Self {
        Self {
            id: song.id,
            path: song.path,
            corpus: song.corpus,
            label_space: LabelSpace::PerceivedQuadrant,
            label: song.label,
            label_kind: song.label_kind,
            artist: song.artist,
            group: song.group,
            split,
            weight: song.weight,
            licence: song.licence,
        }
    }
}

/// All recordings; ids are unique and no group stands on both sides of the split.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    rows: Vec<Row>,
}

impl Manifest {
    /// Checks the rows.
    ///
    /// # Errors
    /// When an id comes twice, a group stands on both sides of the split, or a
    /// weight is not in (0, 1].
    pub fn new(rows: Vec<Row>) -> Result<Self> {
        let mut ids = HashSet::new();
        let mut sides: HashMap<&str, Split> = HashMap::new();
        for row in &rows {
            if !ids.insert(row.id.as_str()) {
                bail!("the id {} comes twice", row.id);
            }
            if *sides.entry(&row.group).or_insert(row.split) != row.split {
                bail!("the group {} is in train and in validation", row.group);
            }
            if !(row.weight > 0.0 && row.weight <= 1.0) {
                bail!(
                    "the weight of {} is {}; expected (0, 1]",
                    row.id,
                    row.weight
                );
            }
        }
        Ok(Self { rows })
    }

    /// Reads and checks a manifest; paths come out absolute.
    ///
    /// # Errors
    /// When the file is missing, is damaged, or fails [`Manifest::new`].
    pub fn read(path: &Path) -> Result<Self> {
        let mut reader = csv::Reader::from_path(path)
            .with_context(|| format!("the manifest {} can't be read", path.display()))
            .hint("make it with `trainer corpus`")?;
        let mut rows = Vec::new();
        for row in reader.deserialize() {
            let mut row: Row =
                row.with_context(|| format!("the manifest {} is damaged", path.display()))?;
            row.path = beside(path, &row.path.to_string_lossy());
            rows.push(row);
        }
        Self::new(rows).with_context(|| format!("the manifest {} is refused", path.display()))
    }

    /// Writes the manifest, whole or not at all.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        files::write_whole(path, |out| {
            let mut writer = csv::Writer::from_writer(out);
            for row in &self.rows {
                writer.serialize(row)?;
            }
            Ok(writer.flush()?)
        })
    }

    /// The recordings.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, group: &str, split: Split) -> Row {
        Row {
            id: id.to_owned(),
            path: PathBuf::from("songs/a, \"b\".ogg"),
            corpus: "music".to_owned(),
            label_space: LabelSpace::PerceivedQuadrant,
            label: Mood::Calm,
            label_kind: "game role".to_owned(),
            artist: "ann".to_owned(),
            group: group.to_owned(),
            split,
            weight: 0.5,
            licence: "CC0-1.0".to_owned(),
        }
    }

    #[test]
    fn a_manifest_reads_back_with_paths_from_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corpus.csv");
        let written = Manifest::new(vec![row("a", "g", Split::Validation)]).unwrap();
        written.write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("perceived-quadrant,calm,game role,ann,g,validation,0.5"));
        let read = Manifest::read(&path).unwrap();
        assert_eq!(
            read.rows()[0].path,
            folder.path().join("songs/a, \"b\".ogg")
        );
        assert_eq!(read.rows()[0].label, Mood::Calm);
    }

    #[test]
    fn a_group_on_both_sides_is_refused() {
        let rows = vec![
            row("a", "g", Split::Train),
            row("b", "g", Split::Validation),
        ];
        assert!(
            Manifest::new(rows)
                .unwrap_err()
                .to_string()
                .contains("group g")
        );
    }

    #[test]
    fn an_id_that_comes_twice_is_refused() {
        let rows = vec![row("a", "g", Split::Train), row("a", "h", Split::Train)];
        assert!(
            Manifest::new(rows)
                .unwrap_err()
                .to_string()
                .contains("id a")
        );
    }
}

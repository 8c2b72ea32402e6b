//! The classic systems' table: one row of features a song.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use undertone::Mood;

use super::folds::numbered;
use crate::learn::classic::rows::Rows;
use crate::songs::task::Task;
use collections::console::Hint;

/// Songs with their features; all vectors but `names` have one entry a song.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeatureTable {
    /// Names of the columns.
    pub names: Vec<String>,
    /// Values `[song][column]` in the features' units; NaN where one is missing.
    pub x: Vec<Vec<f64>>,
    /// Labels.
    pub y: Vec<Mood>,
    /// What never stands on both sides of a split: an artist, or the song's own name.
    pub group: Vec<String>,
}

impl FeatureTable {
    /// Number of songs.
    pub const fn len(&self) -> usize {
        self.y.len()
    }

    /// Checks that the table is complete: as many rows, labels and groups, and in every
    /// row one value a column, finite or NaN.
    ///
    /// # Errors
    /// With the first song at fault.
    pub fn check(&self) -> Result<()> {
        let (n, x, group) = (self.len(), self.x.len(), self.group.len());
        ensure!(
            n == x && n == group,
            "{n} labels, {x} rows and {group} groups, expected as many of all"
        );
        ensure!(!self.names.is_empty(), "a table without columns");
        for (song, row) in self.x.iter().enumerate() {
            let (got, expected) = (row.len(), self.names.len());
            ensure!(
                got == expected,
                "song {song}: {got} values, expected {expected}"
            );
            if let Some(column) = row.iter().position(|value| value.is_infinite()) {
                let name = &self.names[column];
                anyhow::bail!("song {song}: {name} is {}", row[column]);
            }
        }
        Ok(())
    }

    /// The table without the columns that are missing from every song, and their names.
    ///
    /// # Errors
    /// Where no column is left.
    pub fn without_empty_columns(&self) -> Result<(Self, Vec<String>)> {
        let is_empty = |column: &usize| self.x.iter().all(|row| row[*column].is_nan());
        let (empty, kept): (Vec<usize>, Vec<usize>) = (0..self.names.len()).partition(is_empty);
        let empty: Vec<String> = empty.into_iter().map(|j| self.names[j].clone()).collect();
        if kept.is_empty() {
            return Err(anyhow::anyhow!("no song has a value in any column"))
                .hint("measure the songs or give a table of features first");
        }
        Ok((self.with_columns(&kept), empty))
    }

    /// Both tables with the columns that they share, in this one's order.
    ///
    /// # Errors
    /// Where they share none.
    pub fn shared(&self, other: &Self) -> Result<(Self, Self)> {
        let places: HashMap<&str, usize> = other
            .names
            .iter()
            .enumerate()
            .map(|(j, name)| (name.as_str(), j))
            .collect();
        let (here, there): (Vec<usize>, Vec<usize>) = self
            .names
            .iter()
            .enumerate()
            .filter_map(|(j, name)| Some((j, *places.get(name.as_str())?)))
            .unzip();
        if here.is_empty() {
            let (a, b) = (self.names.join(", "), other.names.join(", "));
            return Err(anyhow::anyhow!("the tables share no column: {a}; {b}"))
                .hint("both tables need features of the same names");
        }
        Ok((self.with_columns(&here), other.with_columns(&there)))
    }

    fn with_columns(&self, columns: &[usize]) -> Self {
        let pick = |row: &Vec<f64>| columns.iter().map(|&j| row[j]).collect();
        Self {
            names: columns.iter().map(|&j| self.names[j].clone()).collect(),
            x: self.x.iter().map(pick).collect(),
            ..self.clone()
        }
    }

    /// The songs at these positions as the learners' rows, in the classes of a task, all
    /// of one weight. Without `grouped` every song is a group of its own.
    pub fn rows(&self, songs: &[usize], task: Task, grouped: bool) -> Rows {
        let group = if grouped {
            numbered(songs.iter().map(|&song| &self.group[song]))
        } else {
            (0..songs.len()).collect()
        };
        Rows {
            x: songs.iter().map(|&song| self.x[song].clone()).collect(),
            y: songs.iter().map(|&s| task.class_of(self.y[s])).collect(),
            n_classes: task.classes().len(),
            weight: vec![1.0; songs.len()],
            group,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str], x: Vec<Vec<f64>>) -> FeatureTable {
        FeatureTable {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            y: vec![Mood::Sad; x.len()],
            group: (0..x.len()).map(|i| format!("artist {}", i / 2)).collect(),
            x,
        }
    }

    #[test]
    fn shared_columns_are_matched_by_name() -> Result<()> {
        let a = table(&["tempo", "energy", "mode"], vec![vec![1.0, 2.0, 3.0]]);
        let b = table(
            &["length", "mode", "tempo"],
            vec![vec![7.0, 8.0, 9.0], vec![4.0, 5.0, 6.0]],
        );
        let (a, b) = a.shared(&b)?;
        assert_eq!(a.names, ["tempo", "mode"]);
        assert_eq!((a.names, a.x), (b.names, vec![vec![1.0, 3.0]]));
        assert_eq!(b.x, [[9.0, 8.0], [6.0, 5.0]]);
        let c = table(&["valence"], vec![vec![0.5]]);
        assert!(c.shared(&table(&["energy"], Vec::new())).is_err());
        Ok(())
    }

    #[test]
    fn empty_columns_are_dropped_and_named() -> Result<()> {
        let nan = f64::NAN;
        let given = table(
            &["a", "b", "c"],
            vec![vec![1.0, nan, nan], vec![nan, nan, 2.0]],
        );
        let (kept, empty) = given.without_empty_columns()?;
        assert_eq!(
            (kept.names, empty),
            (vec!["a".into(), "c".into()], vec!["b".into()])
        );
        assert_eq!(kept.x[0].len(), 2);
        assert!(
            table(&["a"], vec![vec![nan]])
                .without_empty_columns()
                .is_err()
        );
        assert!(table(&["a"], vec![vec![f64::INFINITY]]).check().is_err());
        assert!(table(&["a"], vec![vec![1.0, 2.0]]).check().is_err());
        Ok(())
    }

    #[test]
    fn rows_know_their_groups_only_where_asked() {
        let given = table(&["a"], vec![vec![0.0]; 6]);
        let songs = [1, 4, 5, 0];
        assert_eq!(given.rows(&songs, Task::Binary, true).group, [0, 1, 1, 0]);
        assert_eq!(given.rows(&songs, Task::Binary, false).group, [0, 1, 2, 3]);
    }
}

//! In which order the songs of the library stand.

use std::cmp::Ordering;

use super::column::Column;
use super::entry::Entry;

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// What to sort by.
    pub column: Column,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Default for Sort {
    /// The newest first.
    fn default() -> Self {
        Self {
            column: Column::Judged,
            descending: true,
        }
    }
}

impl Sort {
    /// As after a press on that column's heading: the same column turns around.
    #[must_use]
    pub fn pressed(self, column: Column) -> Self {
        Self {
            column,
            descending: self.column == column && !self.descending,
        }
    }

    /// The order of two songs. What has no value comes last both ways, equals go by name.
    pub(super) fn compare(self, a: &Entry, b: &Entry) -> Ordering {
        let turned = |order: Ordering| {
            if self.descending {
                order.reverse()
            } else {
                order
            }
        };
        let texts = |a: &str, b: &str| match [a, b].map(str::is_empty) {
            [false, false] => turned(a.cmp(b)),
            [a, b] => a.cmp(&b),
        };
        let order = match self.column {
            Column::Name => turned(a.title.cmp(&b.title)),
            Column::Artist => texts(&a.artist, &b.artist),
            Column::Album => texts(&a.album, &b.album),
            Column::Folder => texts(&a.folder, &b.folder),
            column => match (column.value(&a.song), column.value(&b.song)) {
                (Some(a), Some(b)) => turned(a.total_cmp(&b)),
                (a, b) => b.is_some().cmp(&a.is_some()),
            },
        };
        order
            .then_with(|| a.title.cmp(&b.title))
            .then_with(|| a.song.hash().cmp(b.song.hash()))
    }
}

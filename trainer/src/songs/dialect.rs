//! Tables that are known by their columns, and what is special about each.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};

use super::labels::MOODS_HINT;
use super::sheet::{Line, Sheet};
use super::song::{Song, Split};
use super::{emopia, music};
use collections::console::Hint;

/// Whose table it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The table of songs that this program writes.
    Own,
    /// `corpus.csv`, which earlier versions wrote.
    Manifest,
    /// `music.csv`: full-mix music with licences.
    Music,
    /// EMOPIA's clips.
    Emopia,
    /// What the page or `trainer predict` writes: moods there are verdicts, no labels.
    Page,
    /// Anybody's.
    Other,
}

impl Dialect {
    /// The dialect of a table, by its columns.
    pub fn of(sheet: &Sheet) -> Self {
        let known = [
            (
                Self::Own,
                &["label_kind", "label_space", "track_valence"][..],
            ),
            (
                Self::Manifest,
                &[
                    "path",
                    "label",
                    "label_kind",
                    "label_space",
                    "split",
                    "weight",
                ],
            ),
            (
                Self::Music,
                &["file", "artist", "licence", "label", "label_kind", "group"],
            ),
            (
                Self::Emopia,
                &["file", "quadrant", "label", "song", "split"],
            ),
            // Also where columns were taken out: only the page asks what was said.
            (Self::Page, &["said"]),
            (Self::Page, &["file", "unsure", "mood"]),
        ];
        let found = known.into_iter().find(|(_, columns)| sheet.has(columns));
        found.map_or(Self::Other, |(dialect, _)| dialect)
    }

    /// The file that a field names. The page writes an apostrophe before what spreadsheets
    /// would take for a formula.
    pub fn file(self, word: &str) -> &str {
        const FORMULAS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
        match word.strip_prefix('\'') {
            Some(file) if self == Self::Page && file.starts_with(FORMULAS) => file,
            _ => word,
        }
    }

    /// The published side of a line's split.
    ///
    /// # Errors
    /// When there is no such split, or it is the one that nothing is chosen on.
    pub fn split(self, line: Line<'_, '_>, word: &str) -> Result<Option<Split>> {
        match word.to_lowercase().as_str() {
            "" => Ok(None),
            "train" | "training" => Ok(Some(Split::Train)),
            "validation" | "val" | "valid" | "dev" => Ok(Some(Split::Validation)),
            // Clips that EMOPIA publishes in no split.
            "extra" if self == Self::Emopia => Ok(None),
            "test" => Err(anyhow!("{}: a song of the test split", line.place()))
                .hint("nothing is trained or chosen on it: take its lines out of the table"),
            _ => Err(anyhow!("{}: unknown split {word:?}", line.place()))
                .hint("the column split holds train, validation or nothing"),
        }
    }

    /// Adds to a song what its table says in its own way.
    ///
    /// # Errors
    /// When that is not as published.
    pub fn complete(
        self,
        line: Line<'_, '_>,
        song: &mut Song,
        shared: impl Fn(&str) -> Arc<str>,
    ) -> Result<()> {
        match self {
            Self::Music => music::complete(line, song, shared),
            Self::Emopia => emopia::complete(line, song, shared),
            Self::Page => {
                let stem = song.path.as_deref().and_then(Path::file_stem);
                song.title = stem.unwrap_or_default().to_string_lossy().into_owned();
                Ok(())
            }
            Self::Own | Self::Manifest | Self::Other => Ok(()),
        }
    }

    /// Gives the songs that are published in no split the side of their group, and else
    /// that of training: where a corpus is split already, nothing is drawn.
    pub fn end(self, songs: &mut [Song]) {
        if self != Self::Emopia {
            return;
        }
        let sides: HashMap<Arc<str>, Split> = songs
            .iter()
            .filter_map(|song| Some((song.group.clone(), song.split?)))
            .collect();
        for song in songs {
            let side = sides.get(&song.group).copied();
            song.split = side.or(Some(Split::Train));
        }
    }

    /// Why a table in which no song has a label can't be used.
    pub fn unlabelled(self, path: &Path) -> anyhow::Error {
        let path = path.display();
        let (error, hint) = match self {
            Self::Page => (
                anyhow!("{path}: nobody has said a mood; those in it are verdicts of ours"),
                "correct some songs on the page and export them again",
            ),
            _ => (
                anyhow!("{path} has no labels: the columns are empty"),
                MOODS_HINT,
            ),
        };
        let refused: Result<()> = Err(error).hint(hint);
        refused.err().unwrap_or_else(|| anyhow!("no labels"))
    }
}

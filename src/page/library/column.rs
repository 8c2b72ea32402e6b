//! What the list of songs can show, and what it can be sorted by.

use super::song::LibrarySong;

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Title, or else the file's name, as people count: 2 before 10.
    Name,
    /// Artist, then album, track and title.
    Artist,
    /// Album, then track and title.
    Album,
    /// Mood, in the order of [`crate::Mood::ALL`].
    Mood,
    /// Probability of the mood.
    Certainty,
    /// Beats per minute.
    Tempo,
    /// Key, in the order of the wheel that DJs mix by.
    Key,
    /// Duration.
    Duration,
    /// Intensity.
    Energy,
    /// From drowsy to excited.
    Arousal,
    /// From unpleasant to pleasant.
    Valence,
    /// Year.
    Year,
    /// Folder.
    Folder,
    /// When it was judged.
    Judged,
}

impl Column {
    /// All columns, from left to right.
    pub const ALL: [Self; 14] = [
        Self::Name,
        Self::Artist,
        Self::Album,
        Self::Mood,
        Self::Certainty,
        Self::Tempo,
        Self::Key,
        Self::Duration,
        Self::Energy,
        Self::Arousal,
        Self::Valence,
        Self::Year,
        Self::Folder,
        Self::Judged,
    ];

    /// The name in `data-column`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Artist => "artist",
            Self::Album => "album",
            Self::Mood => "mood",
            Self::Certainty => "certainty",
            Self::Tempo => "tempo",
            Self::Key => "key",
            Self::Duration => "duration",
            Self::Energy => "energy",
            Self::Arousal => "arousal",
            Self::Valence => "valence",
            Self::Year => "year",
            Self::Folder => "folder",
            Self::Judged => "judged",
        }
    }

    /// The column of that [`Column::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// The number that the column shows; `None` for texts, for what was not measured and
    /// for the mood of what is no music.
    pub(super) fn value(self, song: &LibrarySong) -> Option<f64> {
        let kept = &song.kept;
        let judged = |value: f32| kept.kind.is_music().then_some(f64::from(value));
        match self {
            Self::Name | Self::Artist | Self::Album | Self::Folder => None,
            Self::Mood => Some(song.mood()?.index() as f64),
            Self::Certainty => judged(kept.certainty()),
            Self::Tempo => song.bpm(),
            Self::Key => Some(f64::from(song.key()?.place())),
            Self::Duration => Some(kept.duration_s),
            Self::Energy => kept.features.energy,
            Self::Arousal => judged(kept.affect.arousal),
            Self::Valence => judged(kept.affect.valence),
            Self::Year => Some(f64::from(kept.tags.year?)),
            Self::Judged => Some(kept.judged_ms),
        }
    }
}

/// The columns that the visitor has chosen; the name always stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<Column>);

impl Default for Columns {
    fn default() -> Self {
        Self(Column::ALL[..8].to_vec())
    }
}

impl Columns {
    /// The columns of these names with commas between them, as [`Self::names`] writes them.
    #[must_use]
    pub fn from_names(names: &str) -> Self {
        let columns: Vec<_> = names.split(',').filter_map(Column::from_name).collect();
        Self::of(&columns)
    }

    /// Their names with commas between them.
    #[must_use]
    pub fn names(&self) -> String {
        let names: Vec<_> = self.0.iter().map(|column| column.name()).collect();
        names.join(",")
    }

    /// The columns, from left to right.
    pub fn iter(&self) -> impl Iterator<Item = Column> {
        self.0.iter().copied()
    }

    /// Whether that one is among them.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.0.contains(&column)
    }

    /// The same with that column, or without it if it was among them.
    #[must_use]
    pub fn toggled(&self, column: Column) -> Self {
        let mut columns = self.0.clone();
        if self.has(column) {
            columns.retain(|one| *one != column);
        } else {
            columns.push(column);
        }
        Self::of(&columns)
    }

    fn of(columns: &[Column]) -> Self {
        let all = Column::ALL.into_iter();
        Self(
            all.filter(|column| *column == Column::Name || columns.contains(column))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_columns_keep_their_order_and_the_name() {
        let columns = Columns::from_names("judged,mood,shoe-size");
        assert_eq!(columns.names(), "name,mood,judged");
        let columns = columns.toggled(Column::Key).toggled(Column::Mood);
        assert_eq!(columns.names(), "name,key,judged");
        assert_eq!(columns.toggled(Column::Name), columns);
        assert_eq!(Columns::from_names(&columns.names()), columns);
    }
}

//! What the visitor does with the list of all songs.

use crate::mood::Mood;
use crate::page::library::{Column, Columns, Draft, Filter, Grouping, Pick, SmartLists, Step};

/// A place on the map: shares of its width, from the left, and height, from the top.
pub type MapPlace = [f64; 2];

/// Something that happened to the list.
#[derive(Debug, Clone, PartialEq)]
pub enum ListEvent {
    /// The visitor looks for songs.
    Filtered(Filter),
    /// The visitor pressed the heading of a column.
    SortPressed(Column),
    /// The visitor puts songs together.
    Grouped(Grouping),
    /// The visitor wants to see a column, or no longer.
    ColumnToggled(Column),
    /// The columns that she chose on an earlier visit.
    ColumnsChosen(Columns),
    /// The visitor wants to see the songs as a map, or as a list.
    AsMap(bool),
    /// The visitor selects a song, by the SHA-256 of its file.
    Picked(String, Pick),
    /// The visitor selects the songs below the heading of that line, beside those of now or
    /// alone.
    PickedBelow(usize, bool),
    /// The visitor moves the cursor.
    Stepped(Step, Pick),
    /// The visitor selects all that is shown.
    AllPicked,
    /// The visitor selects nothing.
    NonePicked,
    /// The visitor draws a rectangle of these corners on the map, to add what lies in it or to
    /// select that alone.
    Boxed([MapPlace; 2], bool),
    /// The visitor points there on the map, with such a slack to both sides, or no longer.
    MapPointed(Option<(MapPlace, MapPlace)>),
    /// The visitor presses there.
    MapPressed(MapPlace, MapPlace),
    /// The visitor wants to see the song that the cursor is on.
    CursorOpened,
    /// The visitor says what she hears in the selected songs, or takes it back.
    SaidOfPicked(Option<Mood>),
    /// The visitor wants the selected songs forgotten, and has confirmed it.
    PickedForgotten,
    /// The visitor wants to hear the selected songs; where it is one alone, those after it too.
    PlayPicked,
    /// The visitor wants the judges alone, or that they learn from her, too.
    EarToggled,
    /// What she wanted on an earlier visit: the judges alone.
    EarChosen(bool),
    /// The smart lists were read from storage.
    ListsRead(SmartLists),
    /// The visitor looks at the smart list of that name, or at all songs.
    ListShown(Option<String>),
    /// The visitor makes a smart list, or changes it.
    ListFilled(Box<Draft>),
    /// The visitor does not want the smart list of that name any more.
    ListForgotten(String),
}

//! The report as a row of blocks that know nothing of Markdown or HTML.

/// A text with headings, tables and figures. All texts are plain: whoever renders them
/// escapes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The only heading of the first level.
    pub title: String,
    /// What follows, in order.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading of level 2 to 4; none skips a level.
    Heading {
        /// Its level.
        level: u8,
        /// A name that is unique in the document, of letters, digits and hyphens.
        id: String,
        /// What it says.
        text: String,
    },
    /// A paragraph.
    Text(String),
    /// Points, in any order.
    List(Vec<String>),
    /// Lines to be typed.
    Code(String),
    /// A table.
    Table(Table),
    /// Plots that belong side by side.
    Figures(Vec<Figure>),
}

/// A table; the first column names the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// As many cells in each row as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether it holds figures, which stand under each other to the right.
    pub figures: bool,
}

/// A plot with the numbers that it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it shows.
    pub caption: String,
    /// A whole `<svg>` element.
    pub svg: String,
    /// The numbers; none where another figure beside it has them.
    pub numbers: Option<Numbers>,
}

/// The numbers of a plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// The numbers.
    pub table: Table,
    /// Where they stand.
    pub place: Place,
}

/// Where the numbers of a plot stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Open under the plot, as they say more than it.
    Open,
    /// Folded away under the plot, which shows them all.
    Folded,
    /// Folded away under the plot, and left out where there are no plots: they are long.
    WithPlotOnly,
}

/// A column of words.
pub fn words(name: impl Into<String>) -> Column {
    Column {
        name: name.into(),
        figures: false,
    }
}

/// A column of figures.
pub fn figures(name: impl Into<String>) -> Column {
    Column {
        name: name.into(),
        figures: true,
    }
}

//! All songs that were judged, in this visit or before: sorted, filtered, grouped, selected,
//! counted and compared without a browser.

pub mod backup;
mod column;
mod draft;
mod ear;
mod entry;
mod filter;
mod kept;
mod line;
mod natural;
mod order;
mod selection;
mod shelf;
mod similar;
mod smart;
mod song;

pub use column::{Column, Columns};
pub use draft::{Draft, RANGES, TEXTS};
pub use ear::Ear;
pub use filter::{Certainty, Filter, Group};
pub use kept::{Kept, Origin};
pub use line::{Grouping, Line, Shared};
pub use natural::{natural, natural_key};
pub use order::Sort;
pub use selection::{Pick, Selection, Step};
pub use shelf::{Library, Totals};
pub use similar::nearest;
pub use smart::{SmartList, SmartLists};
pub use song::LibrarySong;

#[cfg(test)]
pub(crate) mod tests;

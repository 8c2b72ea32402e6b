//! Results as Parquet: one row a song, the report's fields side by side.

mod open;
mod read;
mod row;
mod schema;
mod write;

pub use open::{batches, open};
pub use read::read;
pub use write::Rows;

//! Results as Parquet: one row a song, the report's fields side by side.

mod read;
mod row;
mod schema;
mod write;

pub use read::read;
pub use write::Rows;

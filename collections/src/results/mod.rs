//! Results of songs: one record each, the forms in which they are written and read, and how
//! parts of a collection become one.

mod form;
mod format;
mod merge;
pub mod parquet;
mod read;
pub mod record;
mod shard;
mod sink;
mod table;
mod text;

pub use form::sink;
pub use format::Format;
pub use merge::merge;
pub use read::read;
pub use record::Record;
pub use shard::Shard;
pub use sink::{Sink, is_left};

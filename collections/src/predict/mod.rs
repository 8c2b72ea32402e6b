//! `trainer predict`: the mood of songs, as the page would tell it.

mod clips;
mod count;
mod court;
mod judge;
mod midi;
mod models;
mod pool;
mod protocol;
mod run;
mod song;
mod songs;
mod stamp;
mod store;

pub use court::Options;
pub use judge::judge_file;
pub use run::{Output, Source, run, run_found, to};
pub use songs::{Found, find};
pub use store::Store;

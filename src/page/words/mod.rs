//! Results in words and figures, as a listener reads them.

pub mod backup;
pub mod evidence;
pub mod features;
mod figures;
mod judges;
pub mod library;
pub mod list;
pub mod live;
mod models;
mod notices;
pub mod picture;
pub mod reasons;
pub mod share;
pub mod tagging;
mod verdict;

pub use figures::{clock, number, percent, signed, size};
pub use judges::{agreement, apart, unsure_note};
pub use models::{METRIC_HEADS, TARGET_HEADS, data_source, licence, metric, target};
pub use notices::{announcement, download, judge_broken, notice, shared, silence};
pub use verdict::{
    affect, headline, headline_note, moment, named, position, short_verdict, song_note, verdict,
};

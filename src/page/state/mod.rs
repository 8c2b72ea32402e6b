//! All that the page knows, and what follows from an event.
//!
//! [`State::update`] takes an [`Event`] and answers with the [`Effect`]s to carry out;
//! it touches no browser, and what happened it says as data. At most one song is being
//! decoded or waits decoded, and one is in each worker; see [`Staff`].

mod announcement;
mod backup;
mod covers;
mod effect;
mod event;
pub mod inventory;
pub mod keyboard;
mod list;
pub mod live;
mod model;
mod persistence;
mod player;
mod queue;
mod shelf;
mod song;
mod staff;
mod tagging;
mod update;

pub use announcement::Announcement;
pub use backup::{BackupNews, Restored};
pub use covers::Covers;
pub use effect::Effect;
pub use event::{Event, Notice, Offline, Shared, Spot};
pub use list::{ListEvent, MapPlace};
pub use live::{Live, LiveEvent, LiveFault, LivePhase, LiveSource};
pub use model::{Judge, State};
pub use persistence::Persistence;
pub use player::{Player, Playing, Silence};
pub use queue::{Progress, Queue, QueueEvent};
pub use shelf::{LibraryEvent, Shown, Storage, StorageFault};
pub use song::{Decoders, NewSong, Phase, Picture, Song, Ticket, Verdict};
pub use staff::{Staff, WorkerId};
pub use tagging::{
    Obstacle, Seen, TagCount, TagEvent, TagOutcome, TagSong, TagStep, TagTask, Tagging, Wrote,
};

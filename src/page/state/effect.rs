//! What follows from an event.

use super::live::LiveSource;
use super::tagging::TagTask;
use crate::mood::Mood;
use crate::page::library::{Columns, SmartList};
use crate::worker::protocol::Job;

/// Something to carry out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Read through that song's file, for its hash.
    Identify(Job),
    /// Read and decode that song's file.
    Decode(Job),
    /// Send that song's samples to its worker.
    Analyse(Job),
    /// Ask its worker to stop that song.
    Cancel(Job),
    /// Drop that song's samples.
    Forget(Job),
    /// Play that song from where the state's player stands.
    Play(Job),
    /// Let the player pause.
    Pause,
    /// Go to where the state's player stands.
    Seek,
    /// End the workers that the state does not list, and start those it does.
    ChangeStaff,
    /// Ask for that sound, as the attempt of that number, and listen to it.
    Listen(LiveSource, u32),
    /// Let go of it.
    StopListening,
    /// Put that song's report into storage.
    Keep(Job),
    /// Fetch that song's report from storage.
    Open(Job),
    /// Note for the next visit that these songs are in the queue.
    List(Vec<Job>),
    /// They are not any more; by [`super::Ticket::key`].
    Unlist(Vec<String>),
    /// Note what the visitor hears in the songs with these hashes.
    Say(Vec<String>, Option<Mood>),
    /// Read one song from storage, or all.
    ReadStore(Option<String>),
    /// Find out whether the browser will clear nothing by itself; ask it not to where it may.
    Persist {
        /// Whether to ask.
        ask: bool,
    },
    /// Take the songs with these hashes out of storage.
    ForgetSongs(Vec<String>),
    /// Empty the storage.
    ForgetAll,
    /// Note which columns the list shows.
    KeepColumns(Columns),
    /// Note whether the visitor wants the judges alone.
    KeepDeaf(bool),
    /// Put a smart list into storage.
    KeepList(SmartList),
    /// Take the smart list of that name out of it.
    ForgetList(String),
    /// Read or write tags in files.
    Tag(TagTask),
    /// Put what is kept of a song under another hash of its file.
    Carry {
        /// As it is kept.
        from: String,
        /// As it is to be.
        to: String,
    },
    /// Let the newer version of the page take over.
    Renew,
}

//! What came of putting a backup back.

use crate::page::library::backup::BackupFault;

/// Songs that came out of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Restored {
    /// The library did not know them.
    pub new: usize,
    /// It did.
    pub known: usize,
}

/// What is to be said of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackupNews {
    /// It is being read.
    Reading,
    /// It is put back.
    Restored(Restored),
    /// A part of it is: the storage took no more.
    Interrupted,
    /// It is not, and nothing was changed.
    Refused(BackupFault),
}

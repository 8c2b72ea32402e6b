//! What came of putting a backup back.

use super::{Effect, State};
use crate::web::library::backup::BackupFault;

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

impl State {
    pub(super) fn backup_news(&mut self, news: BackupNews, effects: &mut Vec<Effect>) {
        if matches!(news, BackupNews::Restored(_) | BackupNews::Interrupted) {
            effects.push(Effect::ReadStore(None));
        }
        self.backup = Some(news);
    }
}

//! The songs' covers, as far as they were looked for.

use std::collections::HashMap;

/// Addresses of small pictures, by the SHA-256 of the songs' files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Covers {
    found: HashMap<String, Option<String>>,
    revision: u64,
}

impl Covers {
    /// Grows with every change.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The address of a song's cover.
    #[must_use]
    pub fn get(&self, hash: &str) -> Option<&str> {
        self.found.get(hash)?.as_deref()
    }

    /// Whether it is known if that song has one.
    #[must_use]
    pub fn knows(&self, hash: &str) -> bool {
        self.found.contains_key(hash)
    }

    /// Whether any song has one.
    #[must_use]
    pub fn has_any(&self) -> bool {
        self.found.values().any(Option::is_some)
    }

    /// Takes in which songs have covers, and which have none.
    pub fn take(&mut self, found: Vec<(String, Option<String>)>) {
        self.found.extend(found);
        self.revision += 1;
    }

    /// What was a cover of that file is one of another now.
    pub fn carry(&mut self, from: &str, to: &str) {
        if let Some(cover) = self.found.remove(from) {
            self.found.insert(to.to_owned(), cover);
            self.revision += 1;
        }
    }
}

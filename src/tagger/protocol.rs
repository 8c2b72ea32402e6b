//! What page and tagger say to each other: one question, one answer.
//!
//! A message is a JavaScript array: first the JSON text of a [`ToTagger`] or [`FromTagger`],
//! then the file, or the bytes of a new one.

use serde::{Deserialize, Serialize};

use crate::tagging::{Change, Texts};

/// Largest file that gets tags, in bytes: it is in memory twice.
pub const MOST_BYTES: u64 = 1 << 30;

/// From the page to the tagger; the `File` follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ToTagger {
    /// Read the tags.
    Look {
        /// The file's name.
        name: String,
    },
    /// Make a copy with these changes.
    Rewrite {
        /// The file's name.
        name: String,
        /// SHA-256 of the file that was judged.
        hash: String,
        /// What to change.
        changes: Vec<Change>,
    },
}

/// From the tagger to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FromTagger {
    /// Questions may come.
    Ready,
    /// What stands in the tags.
    Seen {
        /// By field.
        texts: Texts,
    },
    /// A copy is made, and sounds the same; its bytes follow as a `Uint8Array`.
    Rewritten {
        /// SHA-256 of the copy.
        hash: String,
    },
    /// It can't be done.
    Failed {
        /// Why not.
        fault: Fault,
    },
}

/// Why a file has no tags, or gets none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// It can't be read, as the text says.
    Unreadable(String),
    /// It is larger than [`MOST_BYTES`].
    TooLarge,
    /// It is not the file that was judged.
    Changed,
    /// Its format has no tags, or they can't be read or written.
    NoTags(String),
    /// Whether it sounds the same can't be told.
    Unheard(String),
    /// With the tags it would sound otherwise.
    SoundsOtherwise,
}

//! Reads and writes tags in the visitor's files.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, File, FileSystemDirectoryHandle};

use crate::dom;
use crate::page::browser::download::Download;
use crate::page::browser::lent::{self, LentFile};
use crate::page::browser::tagger_client::TaggerClient;
use crate::page::library::Origin;
use crate::page::state::{Obstacle, Seen};
use crate::tagger::protocol::{Fault, FromTagger, ToTagger};
use crate::tagging::Change;

/// The tagger while it is needed, and the folders that the browser lends.
#[derive(Clone, Default)]
pub struct TagDesk {
    tagger: Rc<RefCell<Option<Rc<TaggerClient>>>>,
    folders: Rc<RefCell<Vec<FileSystemDirectoryHandle>>>,
    /// Whether the visitor was asked whether files may be written, since the tagger began.
    asked: Rc<Cell<bool>>,
}

/// A song's file.
pub struct Target {
    /// The file that was judged.
    pub origin: Origin,
    /// The file, where it is one of this visit.
    pub at_hand: Option<File>,
}

/// What was written.
pub enum Done {
    /// The file itself.
    Written {
        /// SHA-256 of what it holds now.
        hash: String,
        /// The file as it is now.
        file: File,
    },
    /// A copy, which is offered.
    Copied(Download),
}

impl TagDesk {
    /// Takes folders that the browser lends; the last is looked through first.
    pub fn lend(&self, folders: &[FileSystemDirectoryHandle]) {
        let mut known = self.folders.borrow_mut();
        known.splice(0..0, folders.iter().cloned());
    }

    /// Lets go of the tagger, and with it of its memory.
    pub fn end(&self) {
        self.tagger.replace(None);
        self.asked.set(false);
    }

    /// What stands in the tags of a song's file.
    ///
    /// # Errors
    /// Why that can't be said.
    pub async fn look(&self, target: &Target) -> Result<Seen, Obstacle> {
        let (file, lent) = match (self.find(target).await, &target.at_hand) {
            (Ok(found), _) => (found.file, true),
            (Err(_), Some(file)) => (file.clone(), false),
            (Err(obstacle), None) => return Err(obstacle),
        };
        let name = target.origin.name.clone();
        match self.ask(&ToTagger::Look { name }, &file).await? {
            (FromTagger::Seen { texts }, _) => Ok(Seen { texts, lent }),
            (FromTagger::Failed { fault }, _) => Err(Obstacle::Fault(fault)),
            _ => Err(Obstacle::Lost(String::new())),
        }
    }

    /// Writes into a song's file, or offers a copy of it.
    ///
    /// # Errors
    /// Why the file is as it was.
    pub async fn write(
        &self,
        target: &Target,
        changes: Vec<Change>,
        copy: bool,
    ) -> Result<Done, Obstacle> {
        if copy {
            let file = target.at_hand.as_ref().ok_or(Obstacle::NotFound)?;
            let (_, bytes) = self.rewrite(target, file, changes).await?;
            let download = offer(&target.origin.name, file, &bytes);
            let download = download.map_err(|e| Obstacle::Unwritten(dom::message_of(&e)))?;
            return Ok(Done::Copied(download));
        }
        let found = self.find(target).await.map_err(|obstacle| match obstacle {
            Obstacle::NotFound => Obstacle::Gone,
            other => other,
        })?;
        if !found.may_be_written().await {
            // Once for all files; a second question would only be in the way.
            if self.asked.replace(true) || !found.ask_to_write().await {
                return Err(Obstacle::Refused);
            }
        }
        let (hash, bytes) = self.rewrite(target, &found.file, changes).await?;
        let file = found.write(&bytes).await?;
        Ok(Done::Written { hash, file })
    }

    async fn find(&self, target: &Target) -> Result<LentFile, Obstacle> {
        let folders = self.folders.borrow().clone();
        lent::find(&folders, &target.origin.path, target.origin.bytes).await
    }

    /// The hash and the bytes of a copy with these changes.
    async fn rewrite(
        &self,
        target: &Target,
        file: &File,
        changes: Vec<Change>,
    ) -> Result<(String, Uint8Array), Obstacle> {
        let question = ToTagger::Rewrite {
            name: target.origin.name.clone(),
            hash: target.origin.hash.clone(),
            changes,
        };
        match self.ask(&question, file).await? {
            (FromTagger::Rewritten { hash }, Some(bytes)) => Ok((hash, bytes)),
            (FromTagger::Failed { fault }, _) => Err(Obstacle::Fault(fault)),
            _ => Err(Obstacle::Fault(Fault::Unreadable(String::new()))),
        }
    }

    /// Asks the tagger; one that failed is let go of, and the next question starts another.
    async fn ask(
        &self,
        question: &ToTagger,
        file: &File,
    ) -> Result<(FromTagger, Option<Uint8Array>), Obstacle> {
        let lost = |error: JsValue| Obstacle::Lost(dom::message_of(&error));
        let running = self.tagger.borrow().clone();
        let tagger = if let Some(tagger) = running {
            tagger
        } else {
            let tagger = Rc::new(TaggerClient::start().await.map_err(lost)?);
            self.tagger.replace(Some(Rc::clone(&tagger)));
            tagger
        };
        let answer = tagger.ask(question, file).await;
        if answer.is_err() {
            self.tagger.replace(None);
        }
        answer.map_err(lost)
    }
}

/// Offers bytes as a file of the name and type of another.
fn offer(name: &str, file: &File, bytes: &Uint8Array) -> Result<Download, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(&file.type_());
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &options)?;
    Download::blob(name, &blob)
}

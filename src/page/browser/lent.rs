//! Folders that the browser lends in this visit: files in them are found again, and written.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, File, FileSystemDirectoryHandle, FileSystemFileHandle,
    FileSystemWritableFileStream,
};

use crate::dom;
use crate::page::state::Obstacle;
use crate::tagger::protocol::Fault;

/// A file in a lent folder.
pub struct LentFile {
    folder: FileSystemDirectoryHandle,
    handle: FileSystemFileHandle,
    /// As it was found.
    pub file: File,
}

/// Looks for a file, by where it lay in whatever was given: what one calls its folder may be
/// a part of what is lent now, or the other way round.
///
/// # Errors
/// [`Obstacle::NotFound`], or [`Obstacle::Refused`] where a folder was withdrawn.
pub async fn find(
    folders: &[FileSystemDirectoryHandle],
    path: &str,
    bytes: u64,
) -> Result<LentFile, Obstacle> {
    let names: Vec<&str> = path.split('/').collect();
    let mut obstacle = Obstacle::NotFound;
    for folder in folders {
        for start in 0..names.len() {
            match below(folder, &names[start..]).await {
                Ok(found) if found.file.size() as u64 == bytes => return Ok(found),
                Ok(_) => obstacle = Obstacle::Fault(Fault::Changed),
                Err(error) if name_of(&error) == "NotAllowedError" => obstacle = Obstacle::Refused,
                Err(_) => {}
            }
        }
    }
    Err(obstacle)
}

/// The file of those folders and that name.
async fn below(folder: &FileSystemDirectoryHandle, names: &[&str]) -> Result<LentFile, JsValue> {
    let (name, above) = names.split_last().ok_or(JsValue::NULL)?;
    let mut inner = folder.clone();
    for name in above {
        let handle = JsFuture::from(inner.get_directory_handle(name)).await?;
        inner = handle.unchecked_into();
    }
    let handle = JsFuture::from(inner.get_file_handle(name)).await?;
    let handle: FileSystemFileHandle = handle.unchecked_into();
    let file = JsFuture::from(handle.get_file()).await?;
    Ok(LentFile {
        folder: folder.clone(),
        file: file.unchecked_into(),
        handle,
    })
}

impl LentFile {
    /// Whether it may be written, as far as is known without asking.
    pub async fn may_be_written(&self) -> bool {
        permission(&self.folder, "queryPermission").await.as_deref() == Some("granted")
    }

    /// Asks the visitor whether files of its folder may be written.
    pub async fn ask_to_write(&self) -> bool {
        permission(&self.folder, "requestPermission")
            .await
            .as_deref()
            == Some("granted")
    }

    /// Puts other contents into it: all of them, or none, since the browser writes beside the
    /// file and swaps them at the end.
    ///
    /// # Errors
    /// Why it is as it was.
    pub async fn write(&self, bytes: &Uint8Array) -> Result<File, Obstacle> {
        let now = self.read().await?;
        let stamp = |file: &File| (file.last_modified() as u64, file.size() as u64);
        if stamp(&now) != stamp(&self.file) {
            return Err(Obstacle::Fault(Fault::Changed));
        }
        let stream = JsFuture::from(self.handle.create_writable()).await;
        let stream: FileSystemWritableFileStream =
            stream.map_err(|error| obstacle(&error))?.unchecked_into();
        let written = async {
            JsFuture::from(stream.write_with_js_u8_array(bytes)?).await?;
            JsFuture::from(stream.close()).await
        };
        if let Err(error) = written.await {
            // What was not closed changes nothing; aborting only frees its room.
            let _ = JsFuture::from(stream.abort()).await;
            return Err(obstacle(&error));
        }
        self.read().await
    }

    async fn read(&self) -> Result<File, Obstacle> {
        let file = JsFuture::from(self.handle.get_file()).await;
        let file = file.map_err(|error| obstacle(&error))?;
        Ok(file.unchecked_into())
    }
}

/// Asks for the permission to write into a folder; `"granted"` where the browser knows no such
/// question.
async fn permission(folder: &FileSystemDirectoryHandle, question: &str) -> Option<String> {
    let ask: Option<Function> = Reflect::get(folder, &question.into()).ok()?.dyn_into().ok();
    let Some(ask) = ask else {
        return Some("granted".to_owned());
    };
    let mode = js_sys::Object::new();
    Reflect::set(&mode, &"mode".into(), &"readwrite".into()).ok()?;
    let answer: Promise = ask.call1(folder, &mode).ok()?.dyn_into().ok()?;
    JsFuture::from(answer).await.ok()?.as_string()
}

fn name_of(error: &JsValue) -> String {
    let exception = error.dyn_ref::<DomException>();
    exception.map(DomException::name).unwrap_or_default()
}

/// What the browser's refusal means.
fn obstacle(error: &JsValue) -> Obstacle {
    match name_of(error).as_str() {
        "NotAllowedError" | "SecurityError" => Obstacle::Refused,
        "NotFoundError" => Obstacle::Gone,
        "QuotaExceededError" => Obstacle::Full,
        "NoModificationAllowedError" | "InvalidModificationError" => Obstacle::ReadOnly,
        _ => Obstacle::Unwritten(dom::message_of(error)),
    }
}

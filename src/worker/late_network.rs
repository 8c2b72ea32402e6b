//! The network as a file that was checked, and loaded when it is first run: a song is decoded
//! meanwhile, or another worker has loaded its own.

use std::sync::{Arc, OnceLock};

use js_sys::{ArrayBuffer, Uint8Array};
use ndarray::{Array2, ArrayView2};
use send_wrapper::SendWrapper;

use crate::card::{FileStamp, NetworkCard};
use crate::dom::digest;
use crate::error::ModelError;
use crate::network::{MoodNetwork, OnnxNetwork};

/// A network that is loaded once it is needed.
pub struct LateNetwork {
    card: NetworkCard,
    /// Outside of the WebAssembly memory, which never shrinks. A worker has one thread.
    file: SendWrapper<ArrayBuffer>,
    loaded: OnceLock<OnnxNetwork>,
}

impl LateNetwork {
    /// Checks the file against its card and the card itself.
    ///
    /// # Errors
    /// As [`OnnxNetwork::check`].
    pub async fn new(card: NetworkCard, file: ArrayBuffer) -> Result<Self, ModelError> {
        let stamp = match digest::sha256(&file).await {
            Some(sha256) => FileStamp {
                file: card.stamp.file.clone(),
                sha256,
                bytes: file.byte_length().into(),
            },
            None => FileStamp::of(&card.stamp.file, &Uint8Array::new(&file).to_vec()),
        };
        OnnxNetwork::check(&card, stamp)?;
        Ok(Self {
            card,
            file: SendWrapper::new(file),
            loaded: OnceLock::new(),
        })
    }

    /// The file.
    pub fn file(&self) -> &ArrayBuffer {
        &self.file
    }

    /// The loaded network.
    ///
    /// # Errors
    /// As [`OnnxNetwork::of_checked`].
    pub fn load(&self) -> Result<&OnnxNetwork, ModelError> {
        if let Some(loaded) = self.loaded.get() {
            return Ok(loaded);
        }
        let bytes = Uint8Array::new(self.file()).to_vec();
        let loaded = OnnxNetwork::of_checked(self.card.clone(), &bytes)?;
        Ok(self.loaded.get_or_init(|| loaded))
    }
}

impl MoodNetwork for Arc<LateNetwork> {
    fn run(&self, mel_db: ArrayView2<f32>) -> Result<Array2<f32>, ModelError> {
        self.load()?.run(mel_db)
    }

    fn card(&self) -> &NetworkCard {
        &self.card
    }
}

//! The network as a file that was checked, and loaded when it is first run: a song is decoded
//! meanwhile, or another worker has loaded its own.

use std::cell::OnceCell;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Uint8Array};
use ndarray::{Array2, ArrayView2};

use crate::card::NetworkCard;
use crate::error::ModelError;
use crate::network::{MoodNetwork, OnnxNetwork};

/// A network that is loaded once it is needed.
pub struct LateNetwork {
    card: NetworkCard,
    /// Outside of the WebAssembly memory, which never shrinks.
    file: ArrayBuffer,
    loaded: OnceCell<OnnxNetwork>,
}

impl LateNetwork {
    /// Checks the file against its card and the card itself.
    ///
    /// # Errors
    /// As [`OnnxNetwork::check`].
    pub fn new(card: NetworkCard, file: ArrayBuffer) -> Result<Self, ModelError> {
        OnnxNetwork::check(&card, &Uint8Array::new(&file).to_vec())?;
        Ok(Self {
            card,
            file,
            loaded: OnceCell::new(),
        })
    }

    /// The file.
    pub const fn file(&self) -> &ArrayBuffer {
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
        let bytes = Uint8Array::new(&self.file).to_vec();
        let loaded = OnnxNetwork::of_checked(self.card.clone(), &bytes)?;
        Ok(self.loaded.get_or_init(|| loaded))
    }
}

impl MoodNetwork for Rc<LateNetwork> {
    fn run(&self, mel_db: ArrayView2<f32>) -> Result<Array2<f32>, ModelError> {
        self.load()?.run(mel_db)
    }

    fn card(&self) -> &NetworkCard {
        &self.card
    }
}

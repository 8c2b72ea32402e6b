//! MIDI files: rendered first, since judges hear sound.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};

use crate::console;
use crate::decode::{Synth, begins_as_midi};

/// What a full disk means.
const NO_PLACE: &str = "no place for the rendered sound";

/// Renders what holds notes, by a synthesizer that is looked for when the first such file comes.
pub struct Rendering {
    soundfont: PathBuf,
    synth: OnceLock<Result<Synth, String>>,
}

/// Why a MIDI file is not rendered.
#[derive(Debug, PartialEq, Eq)]
pub enum Unrendered {
    /// No file can be: something is missing on this machine.
    NoSynth(String),
    /// This one can't.
    Refused(String),
}

impl Rendering {
    /// With the instruments of that soundfont.
    pub fn new(soundfont: &Path) -> Self {
        Self {
            soundfont: soundfont.to_owned(),
            synth: OnceLock::new(),
        }
    }

    /// A file as FLAC, if it is a MIDI file by its contents; `None` for all others, and for
    /// what can't be read.
    ///
    /// # Errors
    /// Why it can't be rendered.
    pub fn of_file(&self, path: &Path) -> Option<Result<Vec<u8>, Unrendered>> {
        let mut head = Vec::new();
        let file = File::open(path).ok().filter(|_| path.is_file())?;
        file.take(4).read_to_end(&mut head).ok()?;
        begins_as_midi(&head).then(|| self.rendered(|synth| flac(synth, path)))
    }

    /// The same of a file's contents.
    ///
    /// # Errors
    /// As [`Self::of_file`].
    pub fn of_bytes(&self, bytes: &[u8]) -> Option<Result<Vec<u8>, Unrendered>> {
        let head = bytes.get(..4).unwrap_or_default();
        begins_as_midi(head).then(|| {
            self.rendered(|synth| {
                let folder = tempfile::tempdir().context(NO_PLACE)?;
                let midi = folder.path().join("song.mid");
                fs::write(&midi, bytes).context(NO_PLACE)?;
                flac(synth, &midi)
            })
        })
    }

    fn rendered(
        &self,
        render: impl FnOnce(&Synth) -> Result<Vec<u8>>,
    ) -> Result<Vec<u8>, Unrendered> {
        let open = || Synth::open(&self.soundfont).map_err(|error| console::line(&error));
        let synth = self.synth.get_or_init(open).as_ref();
        let synth = synth.map_err(|error| Unrendered::NoSynth(error.clone()))?;
        render(synth).map_err(|error| Unrendered::Refused(console::line(&error)))
    }
}

fn flac(synth: &Synth, midi: &Path) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir().context(NO_PLACE)?;
    let flac = folder.path().join("song.flac");
    synth.render(midi, &flac)?;
    fs::read(&flac).context("the rendered sound can't be read")
}

//! MIDI files: rendered first, since judges hear sound.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};

use super::song::Sound;
use crate::console;
use crate::decode::{Synth, begins_as_midi};
use crate::files;

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

    /// The song as FLAC, if it is a MIDI file by its contents; `None` for all others, and for
    /// what can't be read.
    ///
    /// # Errors
    /// Why it can't be rendered.
    pub fn of(&self, sound: &Sound) -> Option<Result<Vec<u8>, Unrendered>> {
        let mut head = Vec::new();
        match sound {
            Sound::File(path) => {
                let file = File::open(path).ok().filter(|_| path.is_file())?;
                file.take(4).read_to_end(&mut head).ok()?;
            }
            Sound::Bytes(bytes) => head.extend(bytes.iter().take(4)),
        }
        begins_as_midi(&head).then(|| {
            let open = || Synth::open(&self.soundfont).map_err(|error| console::line(&error));
            let synth = self.synth.get_or_init(open).as_ref();
            let synth = synth.map_err(|error| Unrendered::NoSynth(error.clone()))?;
            render(synth, sound).map_err(|error| Unrendered::Refused(console::line(&error)))
        })
    }
}

fn render(synth: &Synth, sound: &Sound) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir().context("no place for the rendered sound")?;
    let (given, flac) = (
        folder.path().join("song.mid"),
        folder.path().join("song.flac"),
    );
    let midi = match sound {
        Sound::File(path) => path,
        Sound::Bytes(bytes) => {
            files::write_whole(&given, |out| Ok(out.write_all(bytes)?))?;
            &given
        }
    };
    synth.render(midi, &flac)?;
    fs::read(&flac).context("the rendered sound can't be read")
}

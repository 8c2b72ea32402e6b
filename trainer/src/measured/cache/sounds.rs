//! The sound of any file; rendered MIDI is kept, since rendering takes ten times as long
//! as decoding the result again.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use undertone::Pcm;

use super::key;
use collections::decode::{self, Synth};
use collections::files;

/// Decodes audio files and, through the cache of renderings, MIDI files.
#[derive(Debug)]
pub struct Sounds {
    folder: PathBuf,
    synth: Option<Synth>,
}

impl Sounds {
    /// For those files, with renderings in the cache of the folder `work`. The
    /// synthesizer is asked for only where a MIDI file is among them.
    ///
    /// # Errors
    /// When the folder can't be made, or there are MIDI files and no synthesizer.
    pub fn open<'a>(
        work: &Path,
        mut paths: impl Iterator<Item = &'a Path>,
        soundfont: &Path,
    ) -> Result<Self> {
        let folder = key::folder(work);
        files::make_folder(&folder)?;
        let any_midi = paths.any(decode::is_midi);
        let synth = any_midi.then(|| Synth::open(soundfont)).transpose()?;
        Ok(Self { folder, synth })
    }

    /// The folder that the index of their hashes ([`crate::sound::hashes`]) is kept in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Fingerprint of the synthesizer that the file's sound depends on; empty for audio.
    pub fn synth_of(&self, path: &Path) -> &str {
        match &self.synth {
            Some(synth) if decode::is_midi(path) => synth.fingerprint(),
            _ => "",
        }
    }

    /// The sound of the file at `path`, whose contents have the hash `sha256`; with
    /// `seconds`, at least that much of its beginning and not much more.
    ///
    /// # Errors
    /// When the file can't be decoded or rendered.
    pub fn decode(&self, path: &Path, sha256: &str, seconds: Option<f64>) -> Result<Pcm> {
        if !decode::is_midi(path) {
            return Ok(decode::decode_beginning(path, seconds)?);
        }
        let synth = self.synth.as_ref().context("there is no synthesizer")?;
        let name = format!("{}.flac", key::rendering(sha256, synth.fingerprint()));
        let rendering = self.folder.join(name);
        if !rendering.is_file() {
            synth.render(path, &rendering)?;
        }
        Ok(decode::decode_beginning(&rendering, seconds)?)
    }
}

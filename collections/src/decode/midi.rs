//! MIDI files, rendered by the `fluidsynth` program.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::console::Hint;
use crate::files;

/// Where Debian's package `timgm6mb-soundfont` puts its instruments.
pub const DEFAULT_SOUNDFONT: &str = "/usr/share/sounds/sf2/TimGM6mb.sf2";

/// Rate of the rendering in Hz: that of the page's decoder.
const RENDER_RATE: &str = "44100";
/// Gain of the synthesizer, below clipping for dense piano; the loudness is
/// normalised afterwards.
const RENDER_GAIN: &str = "0.6";

/// A synthesizer and its instruments.
#[derive(Debug, Clone)]
pub struct Synth {
    soundfont: PathBuf,
    fingerprint: String,
}

impl Synth {
    /// Checks that the program and the instruments are there.
    ///
    /// # Errors
    /// When one of the two is missing, with a hint on how to get it.
    pub fn open(soundfont: &Path) -> Result<Self> {
        Command::new("fluidsynth")
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("the synthesizer `fluidsynth` can't be started; MIDI files need it")
            .hint("install it, on Debian: apt-get install fluidsynth timgm6mb-soundfont")?;
        let hash = files::sha256_of(soundfont)
            .with_context(|| format!("the soundfont {} can't be read", soundfont.display()))
            .hint("on Debian: apt-get install timgm6mb-soundfont; or name one with --soundfont")?;
        Ok(Self {
            soundfont: soundfont.to_owned(),
            fingerprint: format!("rate {RENDER_RATE} gain {RENDER_GAIN} soundfont {hash}"),
        })
    }

    /// Everything that the sound depends on besides the MIDI file.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Renders `midi` into the 16-bit stereo FLAC file `out`, which appears whole or
    /// not at all.
    ///
    /// # Errors
    /// When the file is no MIDI file, or the program fails or writes nothing.
    pub fn render(&self, midi: &Path, out: &Path) -> Result<()> {
        check_midi(midi)?;
        let folder = out.parent().unwrap_or(Path::new("."));
        let scratch = files::scratch_file(folder, ".flac")?;
        // Absolute paths can't be taken for options; no shell asks for quotes.
        let paths = [scratch.path(), &self.soundfont, midi];
        let paths = paths.map(|path| std::path::absolute(path).unwrap_or(path.to_owned()));
        let run = Command::new("fluidsynth")
            .args(["-ni", "-q", "-r", RENDER_RATE, "-g", RENDER_GAIN])
            .args(["-T", "flac", "-F"])
            .args(paths)
            .stdin(Stdio::null())
            .output()
            .context("`fluidsynth` can't be started")?;
        let written = scratch.as_file().metadata().map_or(0, |meta| meta.len());
        if !run.status.success() || written == 0 {
            let said = String::from_utf8_lossy(&run.stderr);
            let last = said.lines().rfind(|line| !line.trim().is_empty());
            bail!(
                "fluidsynth gave no sound ({}): {}",
                run.status,
                last.unwrap_or("it said nothing")
            );
        }
        scratch
            .persist(out)
            .with_context(|| format!("{} can't be written", out.display()))?;
        Ok(())
    }
}

/// Whether the file starts as MIDI files do: fluidsynth renders silence from what it
/// can't read.
///
/// # Errors
/// When it is empty, something else, or can't be read.
pub fn check_midi(midi: &Path) -> Result<()> {
    let mut magic = [0; 4];
    let read = File::open(midi)
        .and_then(|mut file| std::io::Read::read(&mut file, &mut magic))
        .context("the MIDI file can't be read")?;
    match &magic[..read] {
        [] => bail!("the MIDI file is empty"),
        head if begins_as_midi(head) => Ok(()),
        _ => bail!("the file is no MIDI file (it does not start with MThd)"),
    }
}

/// Whether a file with these first four bytes is a MIDI file.
#[must_use]
pub fn begins_as_midi(head: &[u8]) -> bool {
    head == b"MThd"
}

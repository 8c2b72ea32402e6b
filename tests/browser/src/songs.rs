//! Songs that the tests make themselves: the real one as samples, and WAV files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use claxon::FlacReader;
use tempfile::TempDir;

use crate::paths;

/// Interleaved samples.
#[derive(Debug, Clone)]
pub struct Sound {
    /// Sample rate in Hz.
    pub rate: u32,
    /// Number of channels.
    pub channels: u16,
    /// All channels' first samples, then all second ones; 16 bits.
    pub samples: Vec<i16>,
}

impl Sound {
    /// The committed song (see `tests/data/CREDITS.md`): 10 s, 44.1 kHz, stereo.
    ///
    /// # Errors
    /// When the file is not there or damaged.
    pub fn song() -> Result<Self> {
        Self::of("song/song.flac")
    }

    /// A FLAC file of `tests/data`.
    ///
    /// # Errors
    /// When the file is not there or damaged.
    pub fn of(flac: &str) -> Result<Self> {
        let mut flac = FlacReader::open(paths::data(flac)?)?;
        let info = flac.streaminfo();
        let samples = flac
            .samples()
            .map(|sample| Ok(i16::try_from(sample?)?))
            .collect::<Result<_>>()?;
        Ok(Self {
            rate: info.sample_rate,
            channels: u16::try_from(info.channels)?,
            samples,
        })
    }

    /// Silence in mono.
    #[must_use]
    pub fn silence(rate: u32, seconds: u32) -> Self {
        Self {
            rate,
            channels: 1,
            samples: vec![0; (rate * seconds) as usize],
        }
    }

    /// White noise in mono, always the same (the generator of Numerical Recipes).
    #[must_use]
    pub fn noise(rate: u32, seconds: u32) -> Self {
        let mut state = 1_u32;
        let samples = (0..rate * seconds).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // A quarter of full scale.
            ((state >> 16) as u16).cast_signed() / 4
        });
        Self {
            rate,
            channels: 1,
            samples: samples.collect(),
        }
    }

    /// The first so many milliseconds.
    #[must_use]
    pub fn first_ms(mut self, milliseconds: u32) -> Self {
        let frames = u64::from(self.rate) * u64::from(milliseconds) / 1000;
        self.samples
            .truncate(frames as usize * usize::from(self.channels));
        self
    }

    /// So many milliseconds from a later start on.
    #[must_use]
    pub fn part_ms(mut self, start: u32, milliseconds: u32) -> Self {
        let frames = u64::from(self.rate) * u64::from(start) / 1000;
        let skipped = frames as usize * usize::from(self.channels);
        self.samples.drain(..skipped.min(self.samples.len()));
        self.first_ms(milliseconds)
    }

    /// The sound so many times in a row.
    #[must_use]
    pub fn repeated(mut self, times: usize) -> Self {
        self.samples = self.samples.repeat(times);
        self
    }

    /// Each channel so many times side by side.
    #[must_use]
    pub fn with_channels_times(mut self, times: u16) -> Self {
        let frames = self.samples.chunks(usize::from(self.channels));
        self.samples = frames
            .flat_map(|frame| frame.repeat(usize::from(times)))
            .collect();
        self.channels *= times;
        self
    }

    /// Each frame so many times in a row, at a rate as many times as high.
    #[must_use]
    pub fn with_rate_times(mut self, times: u32) -> Self {
        let frames = self.samples.chunks(usize::from(self.channels));
        self.samples = frames
            .flat_map(|frame| frame.repeat(times as usize))
            .collect();
        self.rate *= times;
        self
    }

    /// The same samples under another rate.
    #[must_use]
    pub const fn declared_at(mut self, rate: u32) -> Self {
        self.rate = rate;
        self
    }

    /// The sound as 16-bit samples.
    #[must_use]
    pub fn to_wav(&self) -> Vec<u8> {
        let data: Vec<_> = self.samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        wav(Format::Pcm16, self.channels, self.rate, &data)
    }

    /// The sound as floats, with a value of the caller's in the middle.
    #[must_use]
    pub fn to_float_wav(&self, middle: f32) -> Vec<u8> {
        let mut samples: Vec<_> = self
            .samples
            .iter()
            .map(|s| f32::from(*s) / 32768.0)
            .collect();
        let index = samples.len() / 2;
        samples[index] = middle;
        let data: Vec<_> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        wav(Format::Float32, self.channels, self.rate, &data)
    }
}

/// How a sample is written.
#[derive(Debug, Clone, Copy)]
enum Format {
    Pcm8,
    Pcm16,
    Float32,
}

/// A whole WAV file.
fn wav(format: Format, channels: u16, rate: u32, data: &[u8]) -> Vec<u8> {
    let mut file = header(format, channels, rate, data.len() as u32).to_vec();
    file.extend_from_slice(data);
    file
}

/// The first 44 bytes of a WAV file (Multimedia Programming Interface and Data
/// Specifications 1.0, "Waveform Audio File Format").
fn header(format: Format, channels: u16, rate: u32, data_bytes: u32) -> [u8; 44] {
    let (tag, bytes): (u16, u16) = match format {
        Format::Pcm8 => (1, 1),
        Format::Pcm16 => (1, 2),
        Format::Float32 => (3, 4),
    };
    let frame = channels * bytes;
    let mut header = [0; 44];
    let mut put = |at: usize, field: &[u8]| header[at..at + field.len()].copy_from_slice(field);
    put(0, b"RIFF");
    put(4, &(data_bytes + 36).to_le_bytes());
    put(8, b"WAVEfmt ");
    put(16, &16u32.to_le_bytes());
    put(20, &tag.to_le_bytes());
    put(22, &channels.to_le_bytes());
    put(24, &rate.to_le_bytes());
    put(28, &(rate * u32::from(frame)).to_le_bytes());
    put(32, &frame.to_le_bytes());
    put(34, &(bytes * 8).to_le_bytes());
    put(36, b"data");
    put(40, &data_bytes.to_le_bytes());
    header
}

/// A folder for the files of one test; dropping it deletes them.
#[derive(Debug)]
pub struct Shelf {
    folder: TempDir,
}

impl Shelf {
    /// An empty folder.
    ///
    /// # Errors
    /// When there is no room for one.
    pub fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        Ok(Self { folder })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders in its name.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let file = self.path(name);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&file, bytes).with_context(|| format!("{name} can't be written"))?;
        Ok(file)
    }

    /// Writes the first part of a file, in thousandths.
    ///
    /// # Errors
    /// When either file can't be used.
    pub fn put_part(&self, name: &str, whole: &Path, thousandths: usize) -> Result<PathBuf> {
        let bytes = std::fs::read(whole)?;
        self.put(name, &bytes[..bytes.len() * thousandths / 1000])
    }

    /// Writes a hum of so many hours, at 8 kHz and 8 bits in mono.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn put_hours(&self, name: &str, hours: u32) -> Result<PathBuf> {
        const RATE: u32 = 8_000;
        let file = self.path(name);
        let mut out = BufWriter::new(File::create(&file)?);
        let second: Vec<u8> = (0..RATE).map(|i| 96 + (i % 64) as u8).collect();
        let seconds = hours * 3_600;
        out.write_all(&header(Format::Pcm8, 1, RATE, seconds * RATE))?;
        for _ in 0..seconds {
            out.write_all(&second)?;
        }
        out.flush()?;
        Ok(file)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

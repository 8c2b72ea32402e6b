//! From the bytes of a file to its sound, packet by packet, by symphonia: the same samples in
//! trainer and page. What symphonia lacks and browsers have, the feature `codecs` adds for the
//! trainer.

#[cfg(feature = "codecs")]
mod aac;
mod codec;
mod cover;
mod fit;
mod mpeg;
#[cfg(feature = "codecs")]
mod opus;
mod packets;
mod signal;
mod sound_hash;
pub mod tags;
mod wave;
mod window;

use std::io::ErrorKind;

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known::FORMAT_ID_WAVE;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

pub use signal::SignalReader;
pub use sound_hash::SoundHash;
pub use symphonia::core::io::MediaSource;

use crate::audio;
use crate::error::AnalysisError;
use crate::text::Language;
use crate::text::trouble::details;
use codec::Codec;
use fit::Fit;
use packets::Packets;
use tags::Head;

/// Least share of the packets that must be whole.
const LEAST_READ: f64 = 0.5;
/// Below this share the file is something else that looks like packets here and there.
const LEAST_LIKE: f64 = 0.2;

/// A file that is being decoded: its first sound track, and those that are joined to it, at
/// the rate and channel count of the first.
///
/// What decodes before a broken place is used: a truncated download still has a
/// mood. Nothing after it is guessed. Where most of the packets are broken, the file is
/// refused in the end.
pub struct Decoder {
    packets: Packets,
    codec: Codec,
    /// Whether the next packet is to be left out: AAC encoders put one frame before the music
    /// (ISO/IEC 14496-3), which browsers and ffmpeg drop.
    is_priming: bool,
    fit: Fit,
    /// What a packet was refused for.
    complaint: Option<Error>,
    /// Bytes of the file.
    bytes: Option<u64>,
    /// Packets that were decoded.
    read: u64,
    /// Packets that could not be.
    broken: u64,
    has_ended: bool,
    planes: Vec<Vec<f32>>,
}

/// What one packet holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chunk<'a> {
    /// Sample rate in Hz, the same for all of a file.
    pub sample_rate: u32,
    /// `[channel][sample]`, full scale ±1; as many channels in all of a file, of one length.
    pub channels: &'a [Vec<f32>],
}

impl Decoder {
    /// Reads the file's head. The extension, where the name has one, is a hint only.
    ///
    /// # Errors
    /// [`AnalysisError::Empty`], [`AnalysisError::NoAudio`] or
    /// [`AnalysisError::Undecodable`].
    pub fn open(
        source: Box<dyn MediaSource>,
        extension: Option<&str>,
    ) -> Result<Self, AnalysisError> {
        Self::of(open(source, extension)?)
    }

    /// Of a file that was opened.
    fn of(file: Opened) -> Result<Self, AnalysisError> {
        let (track, parameters) = sound_track(file.format.as_ref())?;
        Ok(Self {
            packets: Packets::new(file.format, track, parameters.codec),
            codec: codec_of(&parameters)?,
            is_priming: parameters.codec == CODEC_ID_AAC,
            fit: Fit::default(),
            complaint: None,
            bytes: file.bytes,
            read: 0,
            broken: 0,
            has_ended: false,
            planes: Vec::new(),
        })
    }

    /// Duration in seconds, where the file's head says it and it can be true of so many bytes.
    #[must_use]
    pub fn listed_seconds(&self) -> Option<f64> {
        let Packets { format, track, .. } = &self.packets;
        let track = format.tracks().iter().find(|listed| listed.id == *track)?;
        let time = track.time_base?.calc_duration(track.duration?)?;
        let seconds = time.as_secs_f64();
        audio::is_credible(seconds, self.bytes? as f64).then_some(seconds)
    }

    /// What the file says and shows of its song, as far as its head was read.
    pub fn head(&mut self) -> Head {
        tags::of(self.packets.format.metadata())
    }

    /// The next sound, never an empty chunk; `None` at the end, or at the first place that
    /// can't be read.
    ///
    /// # Errors
    /// [`AnalysisError::Undecodable`] where nothing of the file can be decoded or the source
    /// itself fails, [`AnalysisError::Damaged`] at the end where most could not be.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk<'_>>, AnalysisError> {
        while !self.has_ended {
            let packet = match self.packets.next() {
                Ok(Some(packet)) => packet,
                Ok(None) => return self.end(),
                // Another stream begins, as where files were joined.
                Err(Error::ResetRequired) => {
                    self.restart()?;
                    continue;
                }
                Err(Error::IoError(error)) if error.kind() != ErrorKind::UnexpectedEof => {
                    return Err(undecodable(&error));
                }
                Err(error) => {
                    self.complaint = Some(error);
                    return self.end();
                }
            };
            match self.codec.decode(&packet, &mut self.planes) {
                Ok(rate) => {
                    if self.read == 0 {
                        // What lies before the song, as the rest of a tag, is no part of it.
                        self.broken = 0;
                    }
                    self.read += 1;
                    if self.keep(rate)? {
                        return Ok(Some(self.chunk()));
                    }
                }
                // A damaged packet: the next one may be whole.
                Err(error @ (Error::DecodeError(_) | Error::IoError(_))) => {
                    self.broken += 1;
                    self.complaint = Some(error);
                }
                Err(error) => return Err(undecodable(&error)),
            }
        }
        self.end()
    }

    fn restart(&mut self) -> Result<(), AnalysisError> {
        let (track, parameters) = sound_track(self.packets.format.as_ref())?;
        self.packets.track = track;
        self.codec = codec_of(&parameters)?;
        Ok(())
    }

    /// The last of the sound, and whether there was enough of it.
    fn end(&mut self) -> Result<Option<Chunk<'_>>, AnalysisError> {
        self.has_ended = true;
        self.fit.end(&mut self.planes)?;
        if self.planes.first().is_some_and(|plane| !plane.is_empty()) {
            return Ok(Some(self.chunk()));
        }
        if let Some(error) = self.complaint.as_ref().filter(|_| !self.fit.has_begun()) {
            return Err(undecodable(error));
        }
        let lost = self.broken + self.packets.strays;
        let share = self.read as f64 / (self.read + lost).max(1) as f64;
        if lost == 0 || share >= LEAST_READ {
            return Ok(None);
        }
        Err(if share < LEAST_LIKE {
            unknown()
        } else {
            AnalysisError::Damaged { share }
        })
    }

    fn chunk(&self) -> Chunk<'_> {
        Chunk {
            sample_rate: self.fit.rate(),
            channels: &self.planes,
        }
    }

    /// Leaves out what is before the music and fits the rest; whether anything is left.
    fn keep(&mut self, rate: u32) -> Result<bool, AnalysisError> {
        let is_empty = |planes: &[Vec<f32>]| planes.first().is_none_or(Vec::is_empty);
        if std::mem::take(&mut self.is_priming) || is_empty(&self.planes) {
            return Ok(false);
        }
        self.fit.take(rate, &mut self.planes)?;
        Ok(!is_empty(&self.planes))
    }
}

/// A file whose container was found.
struct Opened {
    format: Box<dyn FormatReader>,
    bytes: Option<u64>,
}

/// Finds out what container a file is.
fn open(source: Box<dyn MediaSource>, extension: Option<&str>) -> Result<Opened, AnalysisError> {
    if source.byte_len() == Some(0) {
        return Err(AnalysisError::Empty);
    }
    let bytes = source.byte_len();
    let (source, holds) = wave::mend(source).map_err(|error| undecodable(&error))?;
    let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    if let Some(extension) = holds.or(extension) {
        hint.with_extension(extension);
    }
    let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
    let format = symphonia::default::get_probe()
        .probe(&hint, stream, format, metadata)
        .map_err(|error| match error {
            Error::Unsupported(_) => unknown(),
            error => undecodable(&error),
        })?;
    // A WAV file begins as one; WavPack keeps the head of another within.
    if holds.is_none() && format.format_info().format == FORMAT_ID_WAVE {
        return Err(unknown());
    }
    Ok(Opened { format, bytes })
}

fn codec_of(parameters: &AudioCodecParameters) -> Result<Codec, AnalysisError> {
    Codec::new(parameters).map_err(|error| undecodable(&error))
}

/// Id and parameters of the track to play.
fn sound_track(format: &dyn FormatReader) -> Result<(u32, AudioCodecParameters), AnalysisError> {
    let track = format
        .default_track(TrackType::Audio)
        .or_else(|| format.first_track(TrackType::Audio))
        .ok_or(AnalysisError::NoAudio)?;
    let parameters = track
        .codec_params
        .as_ref()
        .and_then(|parameters| parameters.audio())
        .ok_or(AnalysisError::NoAudio)?;
    Ok((track.id, parameters.clone()))
}

/// The refusal of what is no sound file.
fn unknown() -> AnalysisError {
    undecodable(&details::UNKNOWN_FORMAT.of(Language::English))
}

/// An [`AnalysisError::Undecodable`] with what the decoder said.
fn undecodable(detail: &impl ToString) -> AnalysisError {
    AnalysisError::Undecodable {
        detail: detail.to_string(),
    }
}

#[cfg(test)]
mod tests;

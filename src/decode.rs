//! From the bytes of a file to its sound, packet by packet, by symphonia: for all songs of the
//! trainer, and on the page for those that the browser's own decoders would hand over in one
//! piece of hundreds of megabytes.

use std::collections::VecDeque;
use std::io::ErrorKind;

use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_MP3, CODEC_ID_VORBIS};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::Duration;

pub use symphonia::core::io::MediaSource;

use crate::error::AnalysisError;

/// Samples that an AAC encoder puts before the music and that symphonia 0.6 keeps:
/// one frame (ISO/IEC 14496-3); browsers and ffmpeg drop them.
const AAC_PRIMING: usize = 1024;

/// Packets at the end of an MP3 file that its encoder may have filled up: at most 2,304 samples.
const MP3_PADDED: usize = 2;

/// A file that is being decoded: its first sound track, at its own rate and channel count.
///
/// What decodes before a broken place is used: a truncated download still has a
/// mood. Nothing after it is guessed.
pub struct Decoder {
    packets: Packets,
    codec: Box<dyn AudioDecoder>,
    /// Samples of every channel that are still to be left out.
    priming: usize,
    /// Rate and channels of what came so far.
    shape: Option<(u32, usize)>,
    /// What a packet was refused for.
    complaint: Option<Error>,
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
        if source.byte_len() == Some(0) {
            return Err(AnalysisError::Empty);
        }
        let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
        let mut hint = Hint::new();
        if let Some(extension) = extension {
            hint.with_extension(extension);
        }
        let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
        let format = symphonia::default::get_probe()
            .probe(&hint, stream, format, metadata)
            .map_err(|error| undecodable(&error))?;
        let (track, parameters) = sound_track(format.as_ref())?;
        Ok(Self {
            packets: Packets {
                format,
                track,
                cut_last: match parameters.codec {
                    CODEC_ID_VORBIS => Some(1),
                    CODEC_ID_MP3 => Some(MP3_PADDED),
                    _ => None,
                },
                ahead: VecDeque::new(),
                failed: None,
            },
            codec: codec_of(&parameters)?,
            priming: if parameters.codec == CODEC_ID_AAC {
                AAC_PRIMING
            } else {
                0
            },
            shape: None,
            complaint: None,
            planes: Vec::new(),
        })
    }

    /// Duration in seconds, where the file's head says it.
    #[must_use]
    pub fn listed_seconds(&self) -> Option<f64> {
        let Packets { format, track, .. } = &self.packets;
        let track = format.tracks().iter().find(|listed| listed.id == *track)?;
        let time = track.time_base?.calc_duration(track.duration?)?;
        Some(time.as_secs_f64())
    }

    /// The next sound, never an empty chunk; `None` at the end, or at the first place that
    /// can't be read.
    ///
    /// # Errors
    /// [`AnalysisError::Undecodable`] where nothing of the file can be decoded, its rate or
    /// number of channels changes on the way, or the source itself fails.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk<'_>>, AnalysisError> {
        loop {
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
            match self.codec.decode(&packet) {
                Ok(buffer) => {
                    buffer.copy_to_vecs_planar(&mut self.planes);
                    let sample_rate = buffer.spec().rate();
                    if self.keep(sample_rate)? {
                        return Ok(Some(Chunk {
                            sample_rate,
                            channels: &self.planes,
                        }));
                    }
                }
                // A damaged packet: the next one may be whole.
                Err(error @ (Error::DecodeError(_) | Error::IoError(_))) => {
                    self.complaint = Some(error);
                }
                Err(error) => return Err(undecodable(&error)),
            }
        }
    }

    fn restart(&mut self) -> Result<(), AnalysisError> {
        let (track, parameters) = sound_track(self.packets.format.as_ref())?;
        self.packets.track = track;
        self.codec = codec_of(&parameters)?;
        Ok(())
    }

    fn end(&self) -> Result<Option<Chunk<'_>>, AnalysisError> {
        match &self.complaint {
            Some(error) if self.shape.is_none() => Err(undecodable(error)),
            _ => Ok(None),
        }
    }

    /// Leaves out what is before the music; whether anything is left of the packet.
    fn keep(&mut self, rate: u32) -> Result<bool, AnalysisError> {
        let length = self.planes.first().map_or(0, Vec::len);
        if length == 0 {
            return Ok(false);
        }
        check_shape(&mut self.shape, (rate, self.planes.len()))?;
        let skipped = self.priming.min(length);
        self.priming -= skipped;
        for plane in &mut self.planes {
            plane.drain(..skipped);
        }
        Ok(length > skipped)
    }
}

/// Refuses another rate or number of channels than before.
fn check_shape(known: &mut Option<(u32, usize)>, got: (u32, usize)) -> Result<(), AnalysisError> {
    let (rate, channels) = *known.get_or_insert(got);
    if (rate, channels) == got {
        return Ok(());
    }
    Err(undecodable(&format!(
        "it changes from {channels} channels at {rate} Hz to {} at {} Hz on the way",
        got.1, got.0,
    )))
}

fn codec_of(parameters: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, AnalysisError> {
    symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|error| undecodable(&error))
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

/// The packets of one track.
struct Packets {
    format: Box<dyn FormatReader>,
    track: u32,
    /// How many packets at the end alone may be cut; `None` for any. Symphonia 0.6.1 cuts some
    /// 10 ms off the last packet of any Ogg page whose position lies before what it has
    /// counted, several times a minute in Vorbis at 16 kHz, and all of an MP3 file that lies
    /// behind what its first header counts or its first frames let expect.
    cut_last: Option<usize>,
    /// Read ahead, where that is needed to know the last ones.
    ahead: VecDeque<Packet>,
    /// What came instead of a packet behind those.
    failed: Option<Error>,
}

impl Packets {
    /// The next packet; `None` at the end.
    fn next(&mut self) -> Result<Option<Packet>, Error> {
        let Some(cut_last) = self.cut_last else {
            return self.read();
        };
        while self.failed.is_none() && self.ahead.len() <= cut_last {
            match self.read() {
                Ok(Some(packet)) => self.ahead.push_back(packet),
                Ok(None) => break,
                Err(error) => self.failed = Some(error),
            }
        }
        let is_cut = self.ahead.len() <= cut_last;
        let Some(mut packet) = self.ahead.pop_front() else {
            return self.failed.take().map_or(Ok(None), Err);
        };
        if !is_cut {
            packet.trim_end = Duration::ZERO;
        }
        Ok(Some(packet))
    }

    fn read(&mut self) -> Result<Option<Packet>, Error> {
        loop {
            match self.format.next_packet()? {
                Some(packet) if packet.track_id != self.track => {}
                packet => return Ok(packet),
            }
        }
    }
}

/// An [`AnalysisError::Undecodable`] with what the decoder said.
fn undecodable(detail: &impl ToString) -> AnalysisError {
    AnalysisError::Undecodable {
        detail: detail.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Written by `tests/data/make_audio.py`.
    const SWEEP: &[u8] = include_bytes!("../tests/data/audio/sweep.mp3");

    #[test]
    fn chunks_are_never_empty_and_make_up_the_song() {
        let mut decoder = Decoder::open(Box::new(Cursor::new(SWEEP)), None).unwrap();
        let listed = decoder.listed_seconds().unwrap();
        let mut frames = 0;
        while let Some(chunk) = decoder.next_chunk().unwrap() {
            assert_eq!((chunk.sample_rate, chunk.channels.len()), (22_050, 1));
            assert!(!chunk.channels[0].is_empty());
            frames += chunk.channels[0].len();
        }
        assert_eq!(frames, 4 * 22_050);
        assert!((listed - 4.0).abs() < 0.1, "{listed} s");
    }

    #[test]
    fn what_lies_behind_the_first_header_is_heard() {
        let frames = |bytes: Vec<u8>| {
            let mut decoder = Decoder::open(Box::new(Cursor::new(bytes)), None).unwrap();
            let mut frames = 0;
            while let Some(chunk) = decoder.next_chunk().unwrap() {
                frames += chunk.channels[0].len();
            }
            frames
        };
        let once = frames(SWEEP.to_vec());
        let thrice = frames(SWEEP.repeat(3));
        assert!(thrice >= 3 * once, "{thrice} of three times {once}");
    }

    #[test]
    fn nothing_and_nonsense_are_refused_by_name() {
        let kind = |bytes: &'static [u8]| {
            let opened = Decoder::open(Box::new(Cursor::new(bytes)), Some("mp3"));
            opened.err().map(|error| error.kind())
        };
        assert_eq!(kind(b""), Some("empty"));
        assert_eq!(kind(&[b'a'; 5_000]), Some("undecodable"));
    }

    #[test]
    fn sound_that_changes_its_shape_is_refused() {
        let mut shape = None;
        check_shape(&mut shape, (44_100, 2)).unwrap();
        check_shape(&mut shape, (44_100, 2)).unwrap();
        let error = check_shape(&mut shape, (44_100, 1)).unwrap_err();
        assert_eq!(error.kind(), "undecodable");
    }
}

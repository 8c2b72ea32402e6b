//! Audio files, by symphonia.

use std::fs::File;
use std::path::Path;

use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_VORBIS};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::Duration;
use undertone::{AnalysisError, Pcm};

/// Samples that an AAC encoder puts before the music and that symphonia 0.6 keeps:
/// one frame (ISO/IEC 14496-3); browsers and ffmpeg drop them.
const AAC_PRIMING: usize = 1024;

/// Decodes all of the file's first sound track at its own rate and channel count.
///
/// What decodes before a broken place is used: a truncated download still has a
/// mood. Nothing after it is guessed.
///
/// # Errors
/// [`AnalysisError::Empty`], [`AnalysisError::NoAudio`],
/// [`AnalysisError::Undecodable`], and those of [`Pcm::new`].
pub fn decode_audio(path: &Path) -> Result<Pcm, AnalysisError> {
    decode_beginning(path, None)
}

/// As [`decode_audio`], but stops at the end of the packet in which `seconds` have been
/// reached.
///
/// # Errors
/// As [`decode_audio`].
pub fn decode_beginning(path: &Path, seconds: Option<f64>) -> Result<Pcm, AnalysisError> {
    let mut format = open(path)?;
    let (track, parameters) = sound_track(format.as_ref())?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(&parameters, &AudioDecoderOptions::default())
        .map_err(|error| undecodable(&error))?;
    let priming = match parameters.codec {
        CODEC_ID_AAC => AAC_PRIMING,
        _ => 0,
    };
    let mut packets = Packets {
        format: format.as_mut(),
        track,
        ends_once: parameters.codec == CODEC_ID_VORBIS,
        next: None,
    };
    let mut sound = drain(&mut packets, decoder.as_mut(), |sound| {
        seconds.is_some_and(|seconds| sound.seconds(priming) >= seconds)
    })?;
    sound.trim_start(priming);
    sound.into_pcm()
}

/// Duration of the file's first sound track in seconds: as its header says, or where that
/// says nothing, as it decodes.
///
/// # Errors
/// As [`decode_audio`].
pub fn seconds_of(path: &Path) -> Result<f64, AnalysisError> {
    let format = open(path)?;
    let (id, _) = sound_track(format.as_ref())?;
    let track = format.tracks().iter().find(|track| track.id == id);
    let listed = track.and_then(|track| {
        let time = track.time_base?.calc_duration(track.duration?)?;
        Some(time.as_secs_f64())
    });
    listed.map_or_else(|| Ok(decode_audio(path)?.seconds()), Ok)
}

/// The file's container.
fn open(path: &Path) -> Result<Box<dyn FormatReader>, AnalysisError> {
    let file = File::open(path).map_err(|error| undecodable(&error))?;
    let bytes = file.metadata().map_err(|error| undecodable(&error))?.len();
    if bytes == 0 {
        return Err(AnalysisError::Empty);
    }
    let stream = MediaSourceStream::new(Box::new(file), MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    if let Some(extension) = super::extension(path) {
        hint.with_extension(&extension);
    }
    symphonia::default::get_probe()
        .probe(
            &hint,
            stream,
            FormatOptions::default(),
            MetadataOptions::default(),
        )
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
struct Packets<'a> {
    format: &'a mut dyn FormatReader,
    track: u32,
    /// Whether only the last packet may be cut at its end. Symphonia 0.6.1 cuts some 10 ms off
    /// the last packet of any Ogg page whose position lies before what it has counted, several
    /// times a minute in Vorbis at 16 kHz; libvorbis cuts the end of the stream alone.
    ends_once: bool,
    /// Read ahead, where that is needed to know the last one.
    next: Option<Packet>,
}

impl Packets<'_> {
    /// The next packet; `None` at the end.
    fn next(&mut self) -> Result<Option<Packet>, Error> {
        let packet = match self.next.take() {
            Some(packet) => Some(packet),
            None => self.read()?,
        };
        let Some(mut packet) = packet else {
            return Ok(None);
        };
        if self.ends_once && packet.trim_end > Duration::ZERO {
            // What can't be read behind it is the end, too.
            self.next = self.read().unwrap_or_default();
            if self.next.is_some() {
                packet.trim_end = Duration::ZERO;
            }
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

/// Decodes packet after packet until it is enough, the end, or the first place that can't
/// be read.
fn drain(
    packets: &mut Packets,
    decoder: &mut dyn AudioDecoder,
    is_enough: impl Fn(&Sound) -> bool,
) -> Result<Sound, AnalysisError> {
    let mut sound = Sound::default();
    let mut planes: Vec<Vec<f32>> = Vec::new();
    let mut complaint = None;
    while !is_enough(&sound) {
        let packet = match packets.next() {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            Err(error) => {
                complaint = Some(error);
                break;
            }
        };
        match decoder.decode(&packet) {
            Ok(buffer) => {
                buffer.copy_to_vecs_planar(&mut planes);
                sound.append(buffer.spec().rate(), &planes)?;
            }
            // A damaged packet: the next one may be whole.
            Err(error @ (Error::DecodeError(_) | Error::IoError(_))) => complaint = Some(error),
            Err(error) => return Err(undecodable(&error)),
        }
    }
    match complaint {
        Some(error) if sound.is_empty() => Err(undecodable(&error)),
        _ => Ok(sound),
    }
}

/// Decoded sound while it grows.
#[derive(Default)]
struct Sound {
    rate: u32,
    channels: Vec<Vec<f32>>,
}

impl Sound {
    /// Adds one packet's `[channel][sample]`.
    fn append(&mut self, rate: u32, planes: &[Vec<f32>]) -> Result<(), AnalysisError> {
        if planes.first().is_none_or(Vec::is_empty) {
            return Ok(());
        }
        if self.channels.is_empty() {
            self.rate = rate;
            self.channels = vec![Vec::new(); planes.len()];
        }
        if (self.rate, self.channels.len()) != (rate, planes.len()) {
            return Err(undecodable(&format!(
                "it changes from {} channels at {} Hz to {} at {rate} Hz on the way",
                self.channels.len(),
                self.rate,
                planes.len(),
            )));
        }
        for (channel, plane) in self.channels.iter_mut().zip(planes) {
            channel.extend_from_slice(plane);
        }
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.channels.is_empty()
    }

    /// Duration without the first `priming` samples.
    fn seconds(&self, priming: usize) -> f64 {
        let samples = self.channels.first().map_or(0, Vec::len);
        samples.saturating_sub(priming) as f64 / f64::from(self.rate.max(1))
    }

    /// Drops `count` samples from the start of every channel.
    fn trim_start(&mut self, count: usize) {
        for channel in &mut self.channels {
            channel.drain(..count.min(channel.len()));
        }
    }

    fn into_pcm(self) -> Result<Pcm, AnalysisError> {
        if self.is_empty() {
            return Err(AnalysisError::Empty);
        }
        Pcm::new(self.channels, self.rate)
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
    use std::path::PathBuf;

    use super::*;

    /// Written by `tests/data/make_audio.py`.
    fn data(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../tests/data")
            .join(name)
    }

    fn kind(name: &str) -> &'static str {
        decode_audio(&data(name)).unwrap_err().kind()
    }

    /// Ratio of signal to difference in dB, with `sound` moved right by `lag` samples.
    fn agreement(sound: &[f32], reference: &[f32], lag: usize) -> f64 {
        let pairs = || sound.iter().skip(lag).zip(reference);
        let signal: f64 = pairs().map(|(_, r)| f64::from(*r).powi(2)).sum();
        let noise: f64 = pairs().map(|(s, r)| f64::from(s - r).powi(2)).sum();
        10.0 * (signal / noise.max(1e-30)).log10()
    }

    /// Vorbis at 16 kHz, whose pages often end before what symphonia has counted.
    #[test]
    fn only_the_end_of_vorbis_is_cut() {
        let sound = decode_audio(&data("../../static/samples/taiko-1.ogg")).unwrap();
        assert_eq!(sound.channels()[0].len(), 25 * 16_000, "libvorbis's count");
    }

    #[test]
    fn every_format_decodes_to_the_same_sound_at_the_same_place() {
        let reference = decode_audio(&data("audio/sweep.wav")).unwrap();
        let reference = &reference.channels()[0];
        assert_eq!(reference.len(), 4 * 22_050);
        // Against ffmpeg 5.1 the decoded samples agree to 116 dB (mp3), 130 dB (AAC)
        // and 139 dB (Vorbis); what is left here is the codecs' own loss.
        for (name, least_db) in [
            ("audio/sweep.flac", 100.0),
            ("audio/sweep.mp3", 20.0),
            ("audio/sweep.ogg", 15.0),
            ("audio/sweep.m4a", 20.0),
            ("audio/sweep.aac", 20.0),
        ] {
            let sound = decode_audio(&data(name)).unwrap();
            let sound = &sound.channels()[0];
            // The last AAC frame is filled up.
            assert!(
                (0..1024).contains(&(sound.len() - reference.len())),
                "{name}"
            );
            let db = agreement(sound, reference, 0);
            assert!(db > least_db, "{name}: {db:.1} dB");
            assert!(
                agreement(sound, reference, 20) < 10.0,
                "{name}: the lag hides"
            );
        }
    }

    #[test]
    fn the_beginning_is_that_of_the_whole() {
        for name in [
            "sweep.wav",
            "sweep.mp3",
            "sweep.ogg",
            "sweep.m4a",
            "sweep.flac",
        ] {
            let path = data("audio").join(name);
            let (whole, part) = (
                decode_audio(&path).unwrap(),
                decode_beginning(&path, Some(1.5)),
            );
            let part = part.unwrap();
            assert!(
                (1.5..2.5).contains(&part.seconds()),
                "{name}: {} s",
                part.seconds()
            );
            let part = &part.channels()[0];
            assert_eq!(part[..], whole.channels()[0][..part.len()], "{name}");
        }
    }

    #[test]
    fn what_decodes_of_a_truncated_file_is_used() {
        for name in ["bad/truncated-sweep.mp3", "bad/truncated-sweep.ogg"] {
            let seconds = decode_audio(&data(name)).unwrap().seconds();
            assert!((3.0..4.0).contains(&seconds), "{name}: {seconds} s");
        }
    }

    #[test]
    fn what_holds_no_sound_is_refused_by_name() {
        assert_eq!(kind("bad/empty.mp3"), "empty");
        assert_eq!(kind("bad/text.mp3"), "undecodable");
        assert_eq!(kind("bad/headless.ogg"), "undecodable");
        assert_eq!(kind("bad/opus.ogg"), "undecodable");
        assert_eq!(kind("bad/video-without-sound.mp4"), "no-audio");
        assert_eq!(kind("bad/not-there.mp3"), "undecodable");
    }

    #[test]
    fn sound_that_changes_its_shape_is_refused() {
        let mut sound = Sound::default();
        sound.append(44_100, &[vec![0.0; 4], vec![0.0; 4]]).unwrap();
        let error = sound.append(44_100, &[vec![0.0; 4]]).unwrap_err();
        assert_eq!(error.kind(), "undecodable");
    }
}

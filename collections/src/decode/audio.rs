//! Audio files, by the library's decoder.

use std::fs::File;
use std::path::Path;

use undertone::decode::{Decoder, MediaSource, SignalReader};
use undertone::{AnalysisError, Pcm, Signal};

use super::kind::extension;

/// Decodes all of the file's first sound track at its own rate and channel count, as
/// [`Decoder`] does.
///
/// # Errors
/// Those of [`Decoder::open`], [`Decoder::next_chunk`] and [`Pcm::new`].
pub fn decode_audio(path: &Path) -> Result<Pcm, AnalysisError> {
    decode_beginning(path, None)
}

/// As [`decode_audio`], but stops at the end of the packet in which `seconds` have been
/// reached.
///
/// # Errors
/// As [`decode_audio`].
pub fn decode_beginning(path: &Path, seconds: Option<f64>) -> Result<Pcm, AnalysisError> {
    let mut decoder = open(path)?;
    let (mut rate, mut channels) = (0, Vec::<Vec<f32>>::new());
    let is_enough = |rate: u32, channels: &[Vec<f32>]| {
        let samples = channels.first().map_or(0, Vec::len) as f64;
        seconds.is_some_and(|seconds| samples / f64::from(rate.max(1)) >= seconds)
    };
    while !is_enough(rate, &channels)
        && let Some(chunk) = decoder.next_chunk()?
    {
        rate = chunk.sample_rate;
        channels.resize_with(chunk.channels.len(), Vec::new);
        for (channel, plane) in channels.iter_mut().zip(chunk.channels) {
            channel.extend_from_slice(plane);
        }
    }
    if channels.is_empty() {
        return Err(AnalysisError::Empty);
    }
    let pcm = Pcm::new(channels, rate)?;
    // Of the beginning nothing is missing.
    let listed_s = decoder.listed_seconds().filter(|_| seconds.is_none());
    Ok(pcm.listed(listed_s))
}

/// What the judges hear of a sound, by [`SignalReader`]. The extension is a hint.
///
/// # Errors
/// Those of [`SignalReader`].
pub fn decode_signal(
    source: Box<dyn MediaSource>,
    extension: Option<&str>,
) -> Result<Signal, AnalysisError> {
    let mut reader = SignalReader::open(source, extension)?;
    reader.read(usize::MAX)?;
    reader.finish()
}

/// Duration of the file's first sound track in seconds: as its header says, or where that
/// says nothing, as it decodes.
///
/// # Errors
/// As [`decode_audio`].
pub fn seconds_of(path: &Path) -> Result<f64, AnalysisError> {
    let listed = open(path)?.listed_seconds();
    listed.map_or_else(|| Ok(decode_audio(path)?.seconds()), Ok)
}

fn open(path: &Path) -> Result<Decoder, AnalysisError> {
    let file = File::open(path).map_err(|error| AnalysisError::Undecodable {
        detail: error.to_string(),
    })?;
    Decoder::open(Box::new(file), extension(path).as_deref())
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
    fn piece_by_piece_the_signal_is_that_of_the_whole() {
        for name in [
            "audio/sweep.wav",
            "audio/sweep.mp3",
            "audio/sweep.m4a",
            "beat/beat.mp3",
        ] {
            let whole = Signal::from_pcm(&decode_audio(&data(name)).unwrap());
            let file = File::open(data(name)).unwrap();
            let pieces = decode_signal(Box::new(file), None);
            assert_eq!(pieces.unwrap(), whole.unwrap(), "{name}");
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
    fn a_file_that_breaks_off_still_says_how_long_it_was() {
        let whole = std::fs::read(data("audio/sweep.flac")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("half.flac");
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let half = decode_audio(&path).unwrap();
        assert_eq!(half.listed_s(), Some(4.0));
        assert!((1.0..3.5).contains(&half.seconds()), "{}", half.seconds());
        assert_eq!(decode_beginning(&path, Some(1.0)).unwrap().listed_s(), None);
    }

    #[test]
    fn what_holds_no_sound_is_refused_by_name() {
        assert_eq!(kind("bad/empty.mp3"), "empty");
        assert_eq!(kind("bad/text.mp3"), "undecodable");
        assert_eq!(kind("bad/headless.ogg"), "undecodable");
        assert_eq!(kind("bad/video-without-sound.mp4"), "no-audio");
        assert_eq!(kind("bad/not-there.mp3"), "undecodable");
    }
}

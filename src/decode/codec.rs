//! The codecs: symphonia's, and where the feature `codecs` is on, those that it lacks.

use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::packet::Packet;

#[cfg(feature = "codecs")]
use super::{aac::Aac, opus::Opus};

/// What decodes the packets of one stream.
pub(super) enum Codec {
    Symphonia(Box<dyn AudioDecoder>),
    #[cfg(feature = "codecs")]
    Aac(Box<Aac>),
    #[cfg(feature = "codecs")]
    Opus(Box<Opus>),
}

impl Codec {
    /// For a stream with these parameters.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for what none knows.
    pub(super) fn new(parameters: &AudioCodecParameters) -> Result<Self, Error> {
        #[cfg(feature = "codecs")]
        {
            use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_OPUS};
            match parameters.codec {
                CODEC_ID_AAC => return Ok(Self::Aac(Box::new(Aac::new(parameters)?))),
                CODEC_ID_OPUS => return Ok(Self::Opus(Box::new(Opus::new(parameters)?))),
                _ => {}
            }
        }
        symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map(Self::Symphonia)
    }

    /// Puts a packet's sound into `planes`, `[channel][sample]`, full scale ±1, and tells its
    /// rate in Hz.
    ///
    /// # Errors
    /// [`Error::DecodeError`] for a damaged packet, after which the next may be whole.
    pub(super) fn decode(
        &mut self,
        packet: &Packet,
        planes: &mut Vec<Vec<f32>>,
    ) -> Result<u32, Error> {
        match self {
            Self::Symphonia(codec) => {
                let buffer = codec.decode(packet)?;
                buffer.copy_to_vecs_planar(planes);
                Ok(buffer.spec().rate())
            }
            #[cfg(feature = "codecs")]
            Self::Aac(codec) => codec.decode(packet, planes),
            #[cfg(feature = "codecs")]
            Self::Opus(codec) => codec.decode(packet, planes),
        }
    }
}

#[cfg(test)]
#[cfg(feature = "codecs")]
mod tests {
    use std::fs::{self, File};
    use std::path::{Path, PathBuf};

    use crate::audio::Resample;
    use crate::decode::Decoder;

    /// Rate in Hz and samples of the part of `audio/sweep.wav` that the files hold.
    const RATE: u32 = 22_050;
    const SAMPLES: usize = 33_075;

    /// Written by `tests/data/make_audio.py`.
    fn data(name: &str) -> PathBuf {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        data.join(name)
    }

    /// The mean of all channels that sound, at [`RATE`], and the number of channels.
    fn decoded(path: &Path) -> (Vec<f32>, usize) {
        let source = Box::new(File::open(path).unwrap());
        let name = path.display();
        let mut decoder =
            Decoder::open(source, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (mut sound, mut rate, mut count) = (Vec::new(), 0, 0);
        while let Some(chunk) = decoder.next_chunk().unwrap() {
            (rate, count) = (chunk.sample_rate, chunk.channels.len());
            let length = chunk.channels[0].len();
            let sum = |n: usize| chunk.channels.iter().map(|channel| channel[n]).sum::<f32>();
            sound.extend((0..length).map(|n| sum(n) / count as f32));
        }
        if rate != RATE {
            let mut resample = Resample::new(rate, RATE).unwrap();
            resample.push(&sound).unwrap();
            sound = resample.finish().unwrap();
        }
        (sound, count)
    }

    /// Ratio of signal to difference in dB.
    fn agreement(sound: &[f32], reference: &[f32]) -> f64 {
        let pairs = || sound.iter().zip(reference);
        let signal: f64 = pairs().map(|(_, r)| f64::from(*r).powi(2)).sum();
        let noise: f64 = pairs().map(|(s, r)| f64::from(s - r).powi(2)).sum();
        10.0 * (signal / noise.max(1e-30)).log10()
    }

    #[test]
    fn rarer_formats_hold_the_same_sound_at_the_same_place() {
        let (reference, _) = decoded(&data("audio/sweep.wav"));
        let reference = &reference[..SAMPLES];
        let files = fs::read_dir(data("formats")).unwrap();
        let mut heard = 0;
        for path in files.map(|file| file.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy();
            let (sound, channels) = decoded(&path);
            assert_eq!(channels, if name.contains("5.1") { 6 } else { 1 }, "{name}");
            // Blocks and frames are filled up.
            assert!((SAMPLES..SAMPLES + 1_700).contains(&sound.len()), "{name}");
            let least_db = match name.split(['.', '-']).next() {
                Some("adpcm" | "a" | "vorbis") => 28.0,
                // The fourth channel has the lowest tones only.
                Some("aac" | "opus") if channels > 1 => 13.0,
                Some("opus") => 15.0,
                Some("aac") => 30.0,
                _ => 100.0,
            };
            let db = agreement(&sound, reference);
            assert!(db > least_db, "{name}: {db:.1} dB");
            heard += 1;
        }
        assert_eq!(heard, 18);
    }
}

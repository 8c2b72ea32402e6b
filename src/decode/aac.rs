//! AAC by syom: symphonia 0.6.1 knows neither more than two channels nor HE-AAC, whose upper
//! half of the spectrum is described by parameters.

use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::errors::Error;
use symphonia::core::packet::Packet;
use syom::{DecodeOptions, Decoder};

/// Rates in Hz by their index (ISO/IEC 14496-3, table 1.18).
const RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];
/// Object type of AAC-LC.
const LOW_COMPLEXITY: u16 = 2;

/// A stream of AAC frames.
pub(super) struct Aac {
    decoder: Decoder,
    /// The `AudioSpecificConfig` (ISO/IEC 14496-3 §1.6.2.1).
    config: Vec<u8>,
}

impl Aac {
    /// For a stream with these parameters.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for profiles that syom does not know.
    pub(super) fn new(parameters: &AudioCodecParameters) -> Result<Self, Error> {
        let config = match &parameters.extra_data {
            Some(config) => config.to_vec(),
            None => low_complexity(parameters)?,
        };
        let decoder = Decoder::from_asc(&config, DecodeOptions::unbounded())
            .map_err(|_| Error::Unsupported("aac: this profile"))?;
        Ok(Self { decoder, config })
    }

    /// As [`super::codec::Codec::decode`].
    pub(super) fn decode(
        &mut self,
        packet: &Packet,
        planes: &mut Vec<Vec<f32>>,
    ) -> Result<u32, Error> {
        let mut rate = 0;
        planes.clear();
        let decoded = self.decoder.decode_au(&packet.data, |frame| {
            rate = frame.sample_rate;
            planes.extend(frame.planar.iter().map(|plane| plane.to_vec()));
            Ok(())
        });
        if decoded.is_err() {
            self.decoder.reset();
            // What was accepted once is again.
            drop(self.decoder.set_asc(&self.config));
            return Err(Error::DecodeError("aac: a damaged frame"));
        }
        Ok(rate)
    }
}

/// The configuration of AAC-LC at that rate with so many channels, as ADTS means it.
fn low_complexity(parameters: &AudioCodecParameters) -> Result<Vec<u8>, Error> {
    let rate = RATES
        .iter()
        .position(|rate| Some(*rate) == parameters.sample_rate);
    let channels = parameters.channels.as_ref().map(Channels::count);
    let channels = match channels {
        Some(count @ 1..=6) => Some(count),
        Some(8) => Some(7),
        _ => None,
    };
    let (Some(rate), Some(channels)) = (rate, channels) else {
        return Err(Error::Unsupported("aac: this rate or number of channels"));
    };
    // Five bits of object type, four of the rate's index, four of the channels, three of 0.
    let config = LOW_COMPLEXITY << 11 | (rate as u16) << 7 | (channels as u16) << 3;
    Ok(config.to_be_bytes().to_vec())
}

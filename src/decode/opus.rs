//! Opus, which symphonia 0.6.1 only unpacks.

use opus_decoder::OpusDecoder;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::errors::Error;
use symphonia::core::packet::Packet;

/// Opus is decoded to this rate, in Hz, whatever it was made from.
const RATE: u32 = 48_000;
/// Samples of the longest packet, 120 ms.
const LONGEST: usize = 5_760;

/// A stream of Opus packets.
pub(super) struct Opus {
    decoder: OpusDecoder,
    channels: usize,
    /// What all samples are multiplied by.
    gain: f32,
    /// Samples of every channel before the song that are still to be left out.
    skip: usize,
    interleaved: Vec<f32>,
}

impl Opus {
    /// For a stream with these parameters, whose extra data is the identification header of
    /// RFC 7845 §5.1.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for more than two channels, or without a header.
    pub(super) fn new(parameters: &AudioCodecParameters) -> Result<Self, Error> {
        let head = parameters.extra_data.as_deref().unwrap_or_default();
        let head = head.get(8..18).and_then(|head| head.first_chunk());
        let Some(
            &[
                version,
                channels @ 1..=2,
                skip_0,
                skip_1,
                _,
                _,
                _,
                _,
                gain_0,
                gain_1,
            ],
        ) = head
        else {
            // opus-decoder 0.1.1 reads the lengths within packets of more streams at the wrong
            // place (RFC 6716, appendix B).
            return Err(Error::Unsupported("opus: more than two channels"));
        };
        // The header of MP4 is version 0 and has the highest byte first; symphonia 0.6.1 passes
        // it on as it is.
        let word = |bytes: [u8; 2]| match version {
            0 => u16::from_be_bytes(bytes),
            _ => u16::from_le_bytes(bytes),
        };
        let channels = usize::from(channels);
        let decoder = OpusDecoder::new(RATE, channels)
            .map_err(|_| Error::Unsupported("opus: this number of channels"))?;
        // In 1/256 dB.
        let gain = f32::from(word([gain_0, gain_1]).cast_signed()) / 256.0;
        Ok(Self {
            decoder,
            channels,
            gain: 10_f32.powf(gain / 20.0),
            skip: word([skip_0, skip_1]).into(),
            interleaved: vec![0.0; LONGEST * channels],
        })
    }

    /// As [`super::codec::Codec::decode`].
    pub(super) fn decode(
        &mut self,
        packet: &Packet,
        planes: &mut Vec<Vec<f32>>,
    ) -> Result<u32, Error> {
        let count = self
            .decoder
            .decode_float(&packet.data, &mut self.interleaved, false)
            .map_err(|_| Error::DecodeError("opus: a damaged packet"))?;
        let end = count.saturating_sub(packet.trim_end.get() as usize);
        let start = self.skip.min(end);
        self.skip -= self.skip.min(count);
        planes.resize_with(self.channels, Vec::new);
        for (channel, plane) in planes.iter_mut().enumerate() {
            let samples = self.interleaved.iter().skip(channel).step_by(self.channels);
            plane.clear();
            plane.extend(
                samples
                    .take(end)
                    .skip(start)
                    .map(|sample| self.gain * sample),
            );
        }
        Ok(RATE)
    }
}

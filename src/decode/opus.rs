//! Opus, which symphonia 0.6.1 only unpacks.

mod packet;

use opus_decoder::OpusDecoder;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::errors::Error;
use symphonia::core::packet::Packet;

/// Opus is decoded to this rate, in Hz, whatever it was made from.
const RATE: u32 = 48_000;
/// Samples of the longest packet, 120 ms.
const LONGEST: usize = 5_760;
/// A channel that no stream holds (RFC 7845 §5.1.1).
const SILENT: u8 = 255;

/// Opus packets, which hold a packet of each of their streams. Not by the crate's own decoder of
/// many streams: in 0.1.1 it reads the lengths within at the wrong place.
pub(super) struct Opus {
    streams: Vec<Stream>,
    /// Stream and channel of it for each channel of the song; `None` for silence.
    mapping: Vec<Option<(usize, usize)>>,
    /// What all samples are multiplied by.
    gain: f32,
    /// Samples of every channel before the song that are still to be left out.
    skip: usize,
}

/// One stream, of one channel or two.
struct Stream {
    decoder: OpusDecoder,
    channels: usize,
    interleaved: Vec<f32>,
}

impl Stream {
    fn new(channels: usize) -> Result<Self, Error> {
        let decoder = OpusDecoder::new(RATE, channels);
        Ok(Self {
            decoder: decoder.map_err(|_| Error::Unsupported("opus: this number of channels"))?,
            channels,
            interleaved: vec![0.0; LONGEST * channels],
        })
    }

    /// Decodes a packet; its samples of each channel.
    fn decode(&mut self, packet: &[u8]) -> Result<usize, Error> {
        self.decoder
            .decode_float(packet, &mut self.interleaved, false)
            .map_err(|_| damaged())
    }
}

impl Opus {
    /// For a stream with these parameters, whose extra data is the identification header of
    /// RFC 7845 §5.1.
    ///
    /// # Errors
    /// [`Error::Unsupported`] without such a header, [`Error::DecodeError`] where it is wrong.
    pub(super) fn new(parameters: &AudioCodecParameters) -> Result<Self, Error> {
        let head = parameters.extra_data.as_deref().unwrap_or_default();
        let head = head.get(8..).unwrap_or_default();
        let Some((
            &[
                version,
                channels,
                skip_0,
                skip_1,
                _,
                _,
                _,
                _,
                gain_0,
                gain_1,
            ],
            table,
        )) = head.split_first_chunk()
        else {
            return Err(Error::Unsupported("opus: no header"));
        };
        // The header of MP4 is version 0 and has the highest byte first; symphonia 0.6.1 passes
        // it on as it is.
        let word = |bytes: [u8; 2]| match version {
            0 => u16::from_be_bytes(bytes),
            _ => u16::from_le_bytes(bytes),
        };
        let (counts, mapping) = layout(channels, table)?;
        let streams = counts.into_iter().map(Stream::new);
        // In 1/256 dB.
        let gain = f32::from(word([gain_0, gain_1]).cast_signed()) / 256.0;
        Ok(Self {
            streams: streams.collect::<Result<_, _>>()?,
            mapping,
            gain: 10_f32.powf(gain / 20.0),
            skip: word([skip_0, skip_1]).into(),
        })
    }

    /// As [`super::codec::Codec::decode`].
    pub(super) fn decode(
        &mut self,
        packet: &Packet,
        planes: &mut Vec<Vec<f32>>,
    ) -> Result<u32, Error> {
        let mut rest = &packet.data[..];
        let mut count = LONGEST;
        if let Some((last, others)) = self.streams.split_last_mut() {
            for stream in others {
                let (first, after) = packet::split_first(rest).ok_or_else(damaged)?;
                count = count.min(stream.decode(&first)?);
                rest = after;
            }
            count = count.min(last.decode(rest)?);
        }
        let end = count.saturating_sub(packet.trim_end.get() as usize);
        let start = self.skip.min(end);
        self.skip -= self.skip.min(count);
        planes.resize_with(self.mapping.len(), Vec::new);
        for (plane, source) in planes.iter_mut().zip(&self.mapping) {
            plane.clear();
            let Some((stream, channel)) = *source else {
                plane.resize(end - start, 0.0);
                continue;
            };
            let Stream {
                channels,
                interleaved,
                ..
            } = &self.streams[stream];
            let samples = interleaved.iter().skip(channel).step_by(*channels);
            let samples = samples.take(end).skip(start);
            plane.extend(samples.map(|sample| self.gain * sample));
        }
        Ok(RATE)
    }
}

/// The channels of each stream, and where each channel of the song is found.
type Layout = (Vec<usize>, Vec<Option<(usize, usize)>>);

/// What the mapping table of a header says (RFC 7845 §5.1.1).
fn layout(channels: u8, table: &[u8]) -> Result<Layout, Error> {
    let wrong = || Error::DecodeError("opus: a wrong channel mapping");
    let [family, ref table @ ..] = *table else {
        return Err(wrong());
    };
    if family == 0 {
        let channels = usize::from(channels);
        if !(1..=2).contains(&channels) {
            return Err(wrong());
        }
        let mapping = (0..channels).map(|channel| Some((0, channel)));
        return Ok((vec![channels], mapping.collect()));
    }
    let [streams, coupled, ref mapping @ ..] = *table else {
        return Err(wrong());
    };
    let mapping = mapping.get(..channels.into()).ok_or_else(wrong)?;
    if streams == 0 || coupled > streams || channels == 0 {
        return Err(wrong());
    }
    let place = |&channel: &u8| match channel {
        SILENT => Ok(None),
        pair if pair / 2 < coupled => Ok(Some((usize::from(pair / 2), usize::from(pair % 2)))),
        single if single - coupled < streams => Ok(Some((usize::from(single - coupled), 0))),
        _ => Err(wrong()),
    };
    let mapping = mapping.iter().map(place).collect::<Result<_, _>>()?;
    let counts = (0..streams).map(|stream| if stream < coupled { 2 } else { 1 });
    Ok((counts.collect(), mapping))
}

fn damaged() -> Error {
    Error::DecodeError("opus: a damaged packet")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mapping_of_surround_sound_finds_each_channel() {
        // RFC 7845 §5.1.1.2: 5.1 as ffmpeg and opusenc write it.
        let (counts, mapping) = layout(6, &[1, 4, 2, 0, 4, 1, 2, 3, 5]).unwrap();
        assert_eq!(counts, [2, 2, 1, 1]);
        let expected = [(0, 0), (2, 0), (0, 1), (1, 0), (1, 1), (3, 0)];
        assert_eq!(mapping, expected.map(Some));
        assert_eq!(layout(2, &[0]).unwrap().1, [Some((0, 0)), Some((0, 1))]);
        assert_eq!(
            layout(2, &[255, 1, 0, 0, 255]).unwrap().1,
            [Some((0, 0)), None]
        );
        let wrong: [(u8, &[u8]); 7] = [
            (3, &[0]),
            (1, &[]),
            (2, &[1, 1, 1, 0]),
            (2, &[1, 0, 0, 0, 1]),
            (2, &[1, 1, 2, 0, 1]),
            (2, &[1, 1, 1, 0, 2]),
            (0, &[1, 1, 1]),
        ];
        for (channels, table) in wrong {
            assert!(layout(channels, table).is_err(), "{channels} {table:?}");
        }
    }
}

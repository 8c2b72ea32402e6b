//! What a file sounds like, as a hash: files that differ in their tags alone have the same.

use sha2::{Digest, Sha256};
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::errors::Error;
use symphonia::core::formats::FormatReader;
use symphonia::core::io::MediaSource;

use super::{Decoder, codec, sound_track, undecodable};
use crate::error::AnalysisError;

/// SHA-256 of the sound of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SoundHash {
    /// Of the decoded samples.
    Samples([u8; 32]),
    /// Of the coded packets, where no decoder is here for them.
    Packets([u8; 32]),
}

impl SoundHash {
    /// Of all that the file holds of its first sound track. The extension is a hint.
    ///
    /// # Errors
    /// Those of [`Decoder::open`] and [`Decoder::next_chunk`].
    pub fn of(
        source: Box<dyn MediaSource>,
        extension: Option<&str>,
    ) -> Result<Self, AnalysisError> {
        let head = super::open(source, extension)?;
        let (track, parameters) = sound_track(head.format.as_ref())?;
        if codec::Codec::new(&parameters).is_err() {
            return of_packets(head.format, track, &parameters);
        }
        let mut decoder = Decoder::of(head)?;
        let mut hash = Sha256::new();
        while let Some(chunk) = decoder.next_chunk()? {
            hash.update(chunk.sample_rate.to_le_bytes());
            for samples in chunk.channels {
                let bytes: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
                hash.update(bytes);
            }
        }
        Ok(Self::Samples(hash.finalize().into()))
    }
}

fn of_packets(
    mut format: Box<dyn FormatReader>,
    track: u32,
    parameters: &AudioCodecParameters,
) -> Result<SoundHash, AnalysisError> {
    let mut hash = Sha256::new();
    // How the packets are to be decoded is a part of the sound.
    hash.update(parameters.extra_data.as_deref().unwrap_or_default());
    let mut packets = 0_u64;
    loop {
        match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == track => {
                hash.update((packet.data.len() as u64).to_le_bytes());
                hash.update(&packet.data);
                packets += 1;
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(Error::ResetRequired) => break,
            Err(error) => return Err(undecodable(&error)),
        }
    }
    if packets == 0 {
        return Err(AnalysisError::Empty);
    }
    Ok(SoundHash::Packets(hash.finalize().into()))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Written by `tests/data/make_audio.py`.
    const M4A: &[u8] = include_bytes!("../../tests/data/audio/sweep.m4a");

    #[test]
    fn packets_tell_sounds_apart_as_samples_do() {
        let of = |bytes: &[u8]| {
            let source: Box<dyn MediaSource> = Box::new(Cursor::new(bytes.to_vec()));
            let head = super::super::open(source, None).unwrap();
            let (track, parameters) = sound_track(head.format.as_ref()).unwrap();
            of_packets(head.format, track, &parameters).unwrap()
        };
        assert_eq!(of(M4A), of(M4A));
        let media = M4A.windows(4).position(|window| window == b"mdat").unwrap();
        let mut other = M4A.to_vec();
        other[media + 1_000] ^= 1;
        assert_ne!(of(&other), of(M4A));
    }
}

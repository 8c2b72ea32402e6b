//! The packets of one track.

use std::collections::VecDeque;

use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_MP3, CODEC_ID_VORBIS};
use symphonia::core::errors::Error;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;
use symphonia::core::units::Duration;

use super::mpeg::FrameKind;

/// Packets at the end of an MP3 file that its encoder may have filled up: at most 2,304 samples.
const MP3_PADDED: usize = 2;

/// The packets of one track, in order.
pub(super) struct Packets {
    pub(super) format: Box<dyn FormatReader>,
    pub(super) track: u32,
    /// How many packets at the end alone may be cut; `None` for any. Symphonia 0.6.1 cuts some
    /// 10 ms off the last packet of any Ogg page whose position lies before what it has
    /// counted, several times a minute in Vorbis at 16 kHz, and all of an MP3 file that lies
    /// behind what its first header counts or its first frames let expect.
    cut_last: Option<usize>,
    /// Whether the packets are MPEG frames. Symphonia 0.6.1 takes any eleven bits in a row for
    /// the beginning of one.
    is_mpeg: bool,
    kind: Option<FrameKind>,
    /// MPEG frames that no other is like, behind the first that another is like.
    pub(super) strays: u64,
    /// Read ahead, where that is needed to know the last ones.
    ahead: VecDeque<Packet>,
    /// What came instead of a packet behind those.
    failed: Option<Error>,
}

impl Packets {
    /// Those of that track.
    pub(super) fn new(format: Box<dyn FormatReader>, track: u32, codec: AudioCodecId) -> Self {
        let is_mpeg = codec == CODEC_ID_MP3;
        Self {
            format,
            track,
            cut_last: match codec {
                CODEC_ID_VORBIS => Some(1),
                _ => is_mpeg.then_some(MP3_PADDED),
            },
            is_mpeg,
            kind: None,
            strays: 0,
            ahead: VecDeque::new(),
            failed: None,
        }
    }

    /// The next packet; `None` at the end.
    ///
    /// # Errors
    /// [`Error::ResetRequired`] where another stream begins, those of the format.
    pub(super) fn next(&mut self) -> Result<Option<Packet>, Error> {
        let Some(cut_last) = self.cut_last else {
            return self.read();
        };
        loop {
            while self.failed.is_none() && self.ahead.len() <= cut_last {
                match self.read() {
                    Ok(Some(packet)) => self.ahead.push_back(packet),
                    Ok(None) => break,
                    Err(error) => self.failed = Some(error),
                }
            }
            let Some(first) = self.ahead.front() else {
                return self.failed.take().map_or(Ok(None), Err);
            };
            let kind = FrameKind::of(&first.data);
            if !self.is_mpeg || self.kind == kind {
                break;
            }
            // The frames of one song are alike, so those of another are, too.
            let mut ahead = self.ahead.iter().skip(1);
            let is_alone = self.ahead.len() == 1 && self.kind.is_some();
            if is_alone || !ahead.all(|packet| FrameKind::of(&packet.data) == kind) {
                self.strays += 1;
                self.ahead.pop_front();
                continue;
            }
            let is_first = self.kind.is_none();
            self.kind = kind;
            if !is_first {
                return Err(Error::ResetRequired);
            }
            // What lies before the song, as the rest of a tag, is no part of it.
            self.strays = 0;
        }
        let is_cut = self.ahead.len() <= cut_last;
        Ok(self.ahead.pop_front().map(|mut packet| {
            if !is_cut {
                packet.trim_end = Duration::ZERO;
            }
            packet
        }))
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

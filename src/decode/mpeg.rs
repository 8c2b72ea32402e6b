//! What the header of an MPEG frame says.

/// What is the same in all frames of a song (ISO/IEC 11172-3, 2.4.1.3), whatever their bit
/// rates: version, layer, checksum, rate, whether it has one channel, copyright, original and
/// emphasis. Frames of noise are alike once in some hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameKind {
    version_layer_and_checksum: u8,
    rate: u8,
    is_mono: bool,
    rights_and_emphasis: u8,
}

impl FrameKind {
    /// Of a frame that begins with its header.
    pub(super) fn of(frame: &[u8]) -> Option<Self> {
        let [_, second, third, fourth] = *frame.first_chunk()?;
        Some(Self {
            version_layer_and_checksum: second & 0x1f,
            rate: third & 0x0c,
            is_mono: fourth >> 6 == 3,
            rights_and_emphasis: fourth & 0x0f,
        })
    }
}

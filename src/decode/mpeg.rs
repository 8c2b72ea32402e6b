//! What the header of an MPEG frame says.

/// Version, layer, rate and whether it has one channel: what is the same in all frames of a
/// song (ISO/IEC 11172-3, 2.4.1.3), whatever their bit rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameKind {
    version_and_layer: u8,
    rate: u8,
    is_mono: bool,
}

impl FrameKind {
    /// Of a frame that begins with its header.
    pub(super) fn of(frame: &[u8]) -> Option<Self> {
        let [_, second, third, fourth] = *frame.first_chunk()?;
        Some(Self {
            version_and_layer: second & 0x1e,
            rate: third & 0x0c,
            is_mono: fourth >> 6 == 3,
        })
    }
}

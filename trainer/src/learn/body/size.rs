//! The two sizes of the network.

use crate::learn::models;

/// Numbers of a token.
pub const WIDTH: usize = 192;

/// How much of the body a network has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Nine of the twelve layers, for everybody.
    Small,
    /// All layers, for those who want it.
    Large,
}

impl Size {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Small, Self::Large];

    /// Layers of the transformer, counted from the input.
    pub const fn layers(self) -> usize {
        match self {
            Self::Small => 9,
            Self::Large => 12,
        }
    }

    /// As reports call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "network",
            Self::Large => "large network",
        }
    }

    /// What its card says that it is.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Small => {
                "Convolution and the first 9 of 12 transformer layers of CED-tiny, bidirectional \
                 LSTM and dense layer"
            }
            Self::Large => {
                "Convolution and the 12 transformer layers of CED-tiny, bidirectional LSTM and \
                 dense layer"
            }
        }
    }

    /// The file of its weights.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Small => models::NETWORK,
            Self::Large => models::LARGE_NETWORK,
        }
    }

    /// The file of its card.
    pub const fn card_file(self) -> &'static str {
        match self {
            Self::Small => models::NETWORK_CARD,
            Self::Large => models::LARGE_NETWORK_CARD,
        }
    }

    /// Most windows of one song that the page asks it about: 12 of the small size take the time
    /// that a visitor waits for a song of 4 minutes.
    pub const fn most_windows(self) -> Option<u32> {
        match self {
            Self::Small => Some(12),
            Self::Large => None,
        }
    }

    /// Its columns of what [`super::ced::Ced::hear`] gives.
    pub fn columns(self) -> std::ops::Range<usize> {
        let at = self as usize;
        at * WIDTH..(at + 1) * WIDTH
    }
}

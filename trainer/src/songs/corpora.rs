//! Published corpora that are known by name: what their labels mean. None is pooled with
//! another: each keeps its label space.

use undertone::card::LabelSpace::{
    self, InducedFeeling, MoodCluster, PerceivedAffect, PerceivedQuadrant,
};

use super::scale::Scale;

/// What is known of a corpus where its table does not say it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Name in the column `corpus`.
    name: &'static str,
    /// What its labels mean.
    pub label_space: LabelSpace,
    /// Who gave them.
    pub label_kind: &'static str,
    /// Licence of the recordings.
    pub licence: &'static str,
    /// Scale of its arousal and valence.
    pub scale: Scale,
}

/// The corpora: Panda et al. 2018 (4Q), Aljanaki et al. 2017 (DEAM), Panda et al. 2013 (the
/// five clusters of MIREX), Aljanaki et al. 2016 (Emotify: nine feelings, of which arousal
/// and valence follow only roughly).
const CORPORA: [Known; 4] = [
    Known {
        name: "4q",
        label_space: PerceivedQuadrant,
        label_kind: "editors",
        licence: "commercial recordings",
        scale: Scale::Signed,
    },
    Known {
        name: "deam",
        label_space: PerceivedAffect,
        label_kind: "listeners",
        licence: "Creative Commons (several)",
        scale: Scale::Signed,
    },
    Known {
        name: "mirex",
        label_space: MoodCluster,
        label_kind: "editors",
        licence: "commercial recordings",
        scale: Scale::Signed,
    },
    Known {
        name: "emotify",
        label_space: InducedFeeling,
        label_kind: "listeners",
        licence: "Creative Commons (several)",
        scale: Scale::Rank,
    },
];

/// The corpus of that name.
pub fn known(name: &str) -> Option<&'static Known> {
    CORPORA.iter().find(|corpus| corpus.name == name)
}

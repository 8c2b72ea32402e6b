//! Scales on which listeners rate arousal and valence.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use undertone::Affect;

use super::song::Song;

/// From the least to the greatest rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// -1 to 1, that of the table of songs.
    Signed,
    /// 1 to 9, as with the self-assessment manikin.
    OneToNine,
    /// 0 to 1.
    ZeroToOne,
    /// Any numbers of which only the order within their corpus means something.
    Rank,
}

impl Scale {
    /// The rating on the scale from -1 to 1; `None` where it is beyond the ends. Ranks come
    /// out as they are, for [`rank`].
    pub fn signed(self, value: f64) -> Option<f64> {
        let (least, most) = match self {
            Self::Signed => (-1.0, 1.0),
            Self::OneToNine => (1.0, 9.0),
            Self::ZeroToOne => (0.0, 1.0),
            Self::Rank => return value.is_finite().then_some(value),
        };
        if !(least..=most).contains(&value) {
            return None;
        }
        // As it is, to the last bit.
        if self == Self::Signed {
            return Some(value);
        }
        Some(2.0 * (value - least) / (most - least) - 1.0)
    }
}

/// A scale, of all tables or of one corpus: `1-9` or `mine=0-1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleOf {
    /// The corpus; `None` for all that name no scale themselves.
    pub corpus: Option<String>,
    /// Its scale.
    pub scale: Scale,
}

impl FromStr for ScaleOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (corpus, name) = match text.rsplit_once('=') {
            Some((corpus, name)) => (Some(corpus.to_owned()), name),
            None => (None, text),
        };
        let scale = match name {
            "1-9" => Scale::OneToNine,
            "0-1" => Scale::ZeroToOne,
            "rank" => Scale::Rank,
            _ => {
                return Err(format!(
                    "{name:?} is no scale; scales are 1-9, 0-1 and rank"
                ));
            }
        };
        Ok(Self { corpus, scale })
    }
}

/// Brings arousal and valence of these songs to their ranks within the corpus, from -1 to 1;
/// equal ratings get their mean rank.
pub fn rank(songs: &mut [Song], is_ranked: impl Fn(&Song) -> bool) {
    let mut corpora: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
    for (place, song) in songs.iter().enumerate() {
        if song.affect.is_some() && is_ranked(song) {
            corpora.entry(song.corpus.clone()).or_default().push(place);
        }
    }
    for places in corpora.values() {
        let rated: Vec<Affect> = places.iter().filter_map(|at| songs[*at].affect).collect();
        let arousal = ranks(rated.iter().map(|affect| affect.arousal));
        let valence = ranks(rated.iter().map(|affect| affect.valence));
        for ((place, arousal), valence) in places.iter().zip(arousal).zip(valence) {
            songs[*place].affect = Some(Affect { arousal, valence });
        }
    }
}

/// The mean rank of every value, from -1 to 1.
fn ranks(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let values: Vec<f32> = values.collect();
    let mut sorted = values.clone();
    sorted.sort_by(f32::total_cmp);
    let rank = |value: &f32| {
        let below = sorted.partition_point(|other| other < value);
        let to = sorted.partition_point(|other| other <= value);
        ((below + to) as f64 / sorted.len() as f64 - 1.0) as f32
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_meet_at_their_ends_and_refuse_what_is_beyond() {
        assert_eq!(Scale::OneToNine.signed(1.0), Some(-1.0));
        assert_eq!(Scale::OneToNine.signed(5.0), Some(0.0));
        assert_eq!(Scale::ZeroToOne.signed(1.0), Some(1.0));
        assert_eq!(Scale::Signed.signed(-0.475), Some(-0.475));
        for (scale, value) in [
            (Scale::OneToNine, 0.5),
            (Scale::ZeroToOne, -0.1),
            (Scale::Signed, 1.1),
            (Scale::Signed, f64::NAN),
            (Scale::Rank, f64::INFINITY),
        ] {
            assert_eq!(scale.signed(value), None, "{scale:?} {value}");
        }
    }

    #[test]
    fn ranks_keep_the_order_alone() {
        let values = [3.0, -7.0, 3.0, 100.0];
        assert_eq!(ranks(values.into_iter()), [0.0, -0.75, 0.0, 0.75]);
    }

    #[test]
    fn a_scale_is_named() {
        let of = ScaleOf::from_str("a=b=1-9").unwrap();
        assert_eq!(
            (of.corpus.as_deref(), of.scale),
            (Some("a=b"), Scale::OneToNine)
        );
        assert!(
            ScaleOf::from_str("5")
                .unwrap_err()
                .contains("1-9, 0-1 and rank")
        );
    }
}

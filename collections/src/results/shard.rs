//! One part of a collection.

use std::str::FromStr;

use sha2::{Digest, Sha256};

/// The `index`th of `count` parts, about as large as the others: a song's part depends on
/// its name alone, so that all machines agree and a new song moves no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    index: u32,
    /// At least `index`.
    count: u32,
}

impl Shard {
    /// The only part.
    pub const ALL: Self = Self { index: 1, count: 1 };

    /// Whether the song of that name lies in it.
    #[must_use]
    pub fn holds(self, name: &str) -> bool {
        let hash = Sha256::digest(name.as_bytes());
        let first = hash.iter().take(8);
        let number = first.fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        number % u64::from(self.count) == u64::from(self.index - 1)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let numbers = parts.and_then(|(index, count)| {
            let (index, count) = (index.parse().ok()?, count.parse().ok()?);
            (1 <= index && index <= count).then_some(Self { index, count })
        });
        numbers.ok_or_else(|| "expected a part and their number, such as 1/4".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_lies_in_one_part_and_the_parts_are_alike() {
        let parts: Vec<Shard> = (1..=4).map(|i| format!("{i}/4").parse().unwrap()).collect();
        let mut sizes = [0; 4];
        for song in 0..1_000 {
            let name = format!("album/{song}.mp3");
            let within: Vec<usize> = (0..4).filter(|&part| parts[part].holds(&name)).collect();
            assert_eq!(within.len(), 1, "{name}");
            sizes[within[0]] += 1;
            assert!(Shard::ALL.holds(&name));
        }
        assert!(
            sizes.iter().all(|size| (200..300).contains(size)),
            "{sizes:?}"
        );
    }

    #[test]
    fn the_part_of_a_name_never_changes() {
        // SHA-256 of "abc" begins with ba7816bf8f01cfea; modulo 7 that is 5.
        let held = |index| format!("{index}/7").parse::<Shard>().unwrap().holds("abc");
        let parts: Vec<u32> = (1..=7).filter(|&index| held(index)).collect();
        let expected = u64::from_str_radix("ba7816bf8f01cfea", 16).unwrap() % 7 + 1;
        assert_eq!(parts, [expected as u32]);
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["", "1", "0/4", "5/4", "1/0", "a/b", "1/2/3"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}

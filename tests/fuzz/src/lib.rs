//! Broken copies of files: what disks, downloads and other programs do to them, always the same
//! for one seed. The targets under `tests/` run with a seed in every test, and under
//! `cargo bolero test` with a fuzzer that looks for new paths. `BOLERO_RANDOM_ITERATIONS` and
//! `BOLERO_RANDOM_SEED` ask for more and for others.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use std::fs;
use std::panic::RefUnwindSafe;
use std::path::Path;

use bolero::TypeGenerator;
use bolero::generator::bolero_generator::driver::{Options, Rng};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// Bytes at the beginning that most formats keep their head in.
const HEAD: usize = 4_096;

/// One thing that happens to a file.
#[derive(Debug, Clone, Copy, TypeGenerator)]
pub enum Fault {
    /// One bit is turned.
    Flip(Place, u8),
    /// Some bytes have other values.
    Overwrite(Place, [u8; 4]),
    /// A stretch is zero, as where a disk was never written to.
    Zero(Place, u16),
    /// A stretch is noise.
    Noise(Place, u16),
    /// A stretch is missing.
    Remove(Place, u16),
    /// Foreign bytes stand between.
    Insert(Place, [u8; 3]),
    /// A stretch comes twice.
    Repeat(Place, u16),
    /// All from there on is missing.
    Cut(Place),
}

/// Where it happens.
#[derive(Debug, Clone, Copy, TypeGenerator)]
pub struct Place {
    /// Share of the length, in 65,536ths.
    share: u16,
    /// Whether of the file's head and not of all of it.
    in_head: bool,
}

impl Place {
    fn of(self, length: usize) -> usize {
        let within = if self.in_head {
            length.min(HEAD)
        } else {
            length
        };
        (within * usize::from(self.share)) >> 16
    }
}

impl Fault {
    fn happen(self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        let stretch = |place: Place, count: u16| {
            let from = place.of(length);
            from..(from + usize::from(count)).min(length)
        };
        match self {
            Self::Flip(place, bit) => {
                if let Some(byte) = bytes.get_mut(place.of(length)) {
                    *byte ^= 1 << (bit % 8);
                }
            }
            Self::Overwrite(place, values) => {
                let bytes = bytes.iter_mut().skip(place.of(length));
                bytes.zip(values).for_each(|(byte, value)| *byte = value);
            }
            Self::Zero(place, count) => bytes[stretch(place, count)].fill(0),
            Self::Noise(place, count) => {
                let mut state = u32::from(count);
                for byte in &mut bytes[stretch(place, count)] {
                    // The generator of Numerical Recipes.
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    *byte = (state >> 24) as u8;
                }
            }
            Self::Remove(place, count) => drop(bytes.drain(stretch(place, count))),
            Self::Insert(place, values) => {
                let at = place.of(length);
                drop(bytes.splice(at..at, values));
            }
            Self::Repeat(place, count) => {
                let range = stretch(place, count);
                let (end, copy) = (range.end, bytes[range].to_vec());
                drop(bytes.splice(end..end, copy));
            }
            Self::Cut(place) => bytes.truncate(place.of(length)),
        }
    }
}

/// All that happens to a file: one to three faults.
#[derive(Debug, Clone, Copy, TypeGenerator)]
pub struct Faults {
    first: Fault,
    others: [Option<Fault>; 2],
}

impl Faults {
    /// Those of a seed.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        let mut driver = Rng::new(StdRng::seed_from_u64(seed), &Options::default());
        Self::generate(&mut driver).unwrap_or(Self {
            first: Fault::Cut(Place {
                share: 0,
                in_head: false,
            }),
            others: [None, None],
        })
    }

    /// A copy to which they happened.
    #[must_use]
    pub fn broken(self, whole: &[u8]) -> Vec<u8> {
        let mut bytes = whole.to_vec();
        self.first.happen(&mut bytes);
        for fault in self.others.into_iter().flatten() {
            fault.happen(&mut bytes);
        }
        bytes
    }
}

/// Copies that a target sees in every test.
const COPIES: usize = 300;

/// Shows `check` broken copies of files, each with the file's place in the list.
pub fn copies(files: &[Vec<u8>], check: impl Fn(usize, Vec<u8>) + RefUnwindSafe) {
    bolero::check!()
        .with_iterations(COPIES)
        .with_type::<(u8, Faults)>()
        .cloned()
        .for_each(|(which, faults)| {
            let which = usize::from(which) % files.len();
            check(which, faults.broken(&files[which]));
        });
}

/// The same with the copies on disk, under the names that stand before the files. `read` gives
/// the texts of its errors.
///
/// # Panics
/// Where an error does not name its file, or a copy can't be written.
pub fn copies_on_disk(
    files: &[(&str, Vec<u8>)],
    read: impl Fn(&Path) -> Vec<String> + RefUnwindSafe,
) {
    let folder = tempfile::tempdir().unwrap();
    let (names, files): (Vec<&str>, Vec<Vec<u8>>) = files.iter().cloned().unzip();
    copies(&files, |which, broken| {
        let path = folder.path().join(names[which]);
        fs::write(&path, broken).unwrap();
        for error in read(&path) {
            assert!(error.contains(names[which]), "{error}");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_breaks_a_file_always_alike() {
        let whole: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let broken = |seed| Faults::of_seed(seed).broken(&whole);
        let changed = (0..200).filter(|&seed| broken(seed) != whole).count();
        assert!(changed > 150, "{changed}");
        assert!((0..200).all(|seed| broken(seed) == broken(seed)));
        assert_ne!(broken(1), broken(2));
    }

    #[test]
    fn nothing_happens_outside_of_a_file() {
        for length in [0, 1, 2, 3, 5_000] {
            let whole = vec![7; length];
            for seed in 0..500 {
                let faults = Faults::of_seed(seed);
                assert!(faults.broken(&whole).len() <= 4 * (length + 12));
            }
        }
    }
}

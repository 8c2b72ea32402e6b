//! File names of songs.

use undertone::Mood;

use collections::files;

/// Longest part of an id that is kept; file systems take 255 bytes with all endings.
const LONGEST: usize = 120;
/// Digits of the hash that tells two ids apart that look alike as files.
const DIGITS: usize = 12;

/// Path of a song's vector within the folder of vectors: `calm_vectors/ID.npy`.
///
/// An id of letters, digits, `-`, `_` and `.` stays as it is; in another one every other
/// character becomes `_`, and the start of its SHA-256 is added.
pub(super) fn file(mood: Option<Mood>, id: &str) -> String {
    let mood = mood.map_or("unlabelled", Mood::name);
    format!("{mood}_vectors/{}.npy", stem(id))
}

fn stem(id: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let safe: String = id
        .chars()
        .map(|c| if is_safe(c) { c } else { '_' })
        .take(LONGEST)
        .collect();
    if safe == id && !safe.is_empty() && !safe.starts_with('.') {
        return safe;
    }
    let hash = files::sha256_of_parts(&[id]);
    format!("{}-{}", safe.trim_start_matches('.'), &hash[..DIGITS])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_id_is_the_name() {
        assert_eq!(
            file(Some(Mood::Calm), "3Qm86XLflmIX_Vwq"),
            "calm_vectors/3Qm86XLflmIX_Vwq.npy"
        );
    }

    #[test]
    fn no_id_leaves_the_folder_or_meets_another() {
        let long = "x".repeat(400);
        let ids = [
            "a/b",
            "a_b",
            "a b",
            "../a",
            ".a",
            "",
            "é",
            "ü",
            &long,
            &long[..399],
        ];
        let stems: std::collections::HashSet<_> = ids.iter().map(|id| stem(id)).collect();
        assert_eq!(stems.len(), ids.len());
        for stem in stems {
            assert!(
                !stem.contains('/') && !stem.starts_with('.') && stem.len() < 160,
                "{stem}"
            );
        }
    }
}

//! Which songs must stay on one side of a split: those of one artist.

/// The group of a song: its first artist in lower case, or `id` where none is known.
pub fn group_of(artists: &str, id: &str) -> String {
    let artist = first(artists).trim().to_lowercase();
    if artist.is_empty() {
        return id.to_owned();
    }
    artist
}

/// The first of several artists, as tables join them: `A, B`, `A; B`, `A feat. B`,
/// or a Python list, `['A', 'B']`.
///
/// A comma may belong to one name ("Earth, Wind & Fire"). Cutting there still gives
/// all songs of that name one group, which is all that a split needs.
fn first(artists: &str) -> &str {
    const JOINTS: [&str; 6] = [";", ",", " feat. ", " feat ", " ft. ", " featuring "];
    let text = artists.trim().trim_start_matches('[').trim_end_matches(']');
    // ASCII only, so that positions stay those of the original.
    let lower = text.to_ascii_lowercase();
    let end = JOINTS
        .iter()
        .filter_map(|joint| lower.find(joint))
        .min()
        .unwrap_or(text.len());
    text[..end].trim().trim_matches(['\'', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_artist_is_one_group_however_others_are_joined() {
        for artists in [
            "Ann",
            " ann ",
            "Ann, Bob",
            "Ann;Bob",
            "ANN feat. Bob",
            "Ann Ft. Bob",
            "['Ann', 'Bob']",
            "[\"Ann\"]",
        ] {
            assert_eq!(group_of(artists, "x"), "ann", "{artists}");
        }
        assert_eq!(group_of("Étoile Feat. Bob", "x"), "étoile");
    }

    #[test]
    fn without_an_artist_a_song_stands_alone() {
        assert_eq!(group_of("  ", "x"), "x");
        assert_eq!(group_of("[]", "x"), "x");
    }
}

//! Full-mix music from a table with one row a track, with or without a label.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};

use super::sheet::Line;
use super::song::Song;
use collections::console::Hint;
use collections::files;

/// The composer's own word for the piece says how it is meant to sound.
const COMPOSER_WEIGHT: f32 = 1.0;
/// A role says when a game plays the piece, which only hints at how it sounds: a
/// menu theme is filed under calm, however it goes.
const GAME_ROLE_WEIGHT: f32 = 0.5;

/// An artist with so many pieces that they are split by song, not by artist: with
/// all of him on one side, that side would have nearly all composer labels.
const SPLIT_BY_SONG: &str = "kevin macleod";

/// Names a track by its file, and weighs its label by where it comes from.
///
/// # Errors
/// When a labelled track has no artist, or the label is of no known kind.
pub fn complete(
    line: Line<'_, '_>,
    song: &mut Song,
    shared: impl Fn(&str) -> Arc<str>,
) -> Result<()> {
    let artist = normalised(&song.artist);
    if song.mood.is_some() {
        if artist.is_empty() {
            return Err(anyhow!("{}: the artist is missing", line.place()))
                .hint("songs of one artist must stay on one side of the split");
        }
        song.weight = match line.field("label_kind") {
            "composer" => COMPOSER_WEIGHT,
            "game role" => GAME_ROLE_WEIGHT,
            other => {
                return Err(anyhow!("{}: unknown label_kind {other:?}", line.place()))
                    .hint("label_kind is composer or game role");
            }
        };
    }
    song.id = files::slashed(&Path::new(line.field("file")).with_extension(""));
    let group = group(&artist, line.field("group"));
    song.group = shared(&group.unwrap_or_else(|| song.id.clone()));
    song.artist = shared(&artist);
    Ok(())
}

/// The group of a track: the artist, or, where he is unknown or has a whole catalogue, the
/// song; `None` where both are empty.
fn group(artist: &str, song: &str) -> Option<String> {
    let by_song = artist.is_empty() || (artist == SPLIT_BY_SONG && !song.is_empty());
    let name = if by_song { song } else { artist };
    (!name.is_empty()).then(|| format!("music/{name}"))
}

/// One spelling an artist: without e-mail address, in lower case.
fn normalised(name: &str) -> String {
    let without_mail = match (name.find('<'), name.rfind('>')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", &name[..open], &name[close + 1..])
        }
        _ => name.to_owned(),
    };
    without_mail.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artist_has_one_spelling() {
        let plain = normalised("Nikola Whallon");
        assert_eq!(normalised(" Nikola Whallon <a@b.c> "), plain);
        assert_eq!(normalised("I <3 Noise"), "i <3 noise");
    }

    #[test]
    fn one_artist_is_one_group_but_the_catalogue_is_split_by_song() {
        let of = |artist, song| group(artist, song).unwrap_or_default();
        assert_eq!(of("kevin macleod", "kevin:a"), "music/kevin:a");
        assert_eq!(of("ann", "ann:b"), "music/ann");
        assert_eq!(of("", "b"), "music/b");
    }
}

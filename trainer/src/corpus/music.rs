//! Full-mix music from a table with one row a track.

use std::path::Path;

use anyhow::{Result, anyhow};

use super::table::{Line, Table};
use super::unlabelled::Unlabelled;
use super::{Labelled, stem};
use crate::console::Hint;

const COLUMNS: [&str; 6] = ["file", "artist", "licence", "label", "label_kind", "group"];

/// The composer's own word for the piece says how it is meant to sound.
const COMPOSER_WEIGHT: f32 = 1.0;
/// A role says when a game plays the piece, which only hints at how it sounds: a
/// menu theme is filed under calm, however it goes.
const GAME_ROLE_WEIGHT: f32 = 0.5;

/// An artist with so many pieces that they are split by song, not by artist: with
/// all of him on one side, that side would have nearly all composer labels.
const SPLIT_BY_SONG: &str = "kevin macleod";

/// Reads the rows: those with a label, and those without.
pub(super) fn read(path: &Path) -> Result<(Vec<Labelled>, Vec<Unlabelled>)> {
    let table = Table::read(path, &COLUMNS)?;
    let (mut labelled, mut unlabelled) = (Vec::new(), Vec::new());
    for line in table.lines() {
        let song = song(&table, line);
        if line.field("label").is_empty() {
            unlabelled.push(song);
        } else {
            labelled.push(with_label(song, line)?);
        }
    }
    Ok((labelled, unlabelled))
}

fn song(table: &Table, line: Line<'_>) -> Unlabelled {
    let file = line.field("file");
    Unlabelled {
        id: stem(Path::new(file)),
        path: table.resolve(file),
        corpus: "music".to_owned(),
        artist: normalised_artist(line.field("artist")),
        group: group(line.field("artist"), line.field("group")).unwrap_or_default(),
        licence: line.field("licence").to_owned(),
    }
}

fn with_label(song: Unlabelled, line: Line<'_>) -> Result<Labelled> {
    if song.artist.is_empty() {
        return Err(anyhow!("{}: the artist is missing", line.place()))
            .hint("songs of one artist must stay on one side of the split");
    }
    Ok(Labelled {
        id: song.id,
        path: song.path,
        corpus: song.corpus,
        label: line.mood()?,
        label_kind: line.field("label_kind").to_owned(),
        artist: song.artist,
        group: song.group,
        published: None,
        weight: weight(line)?,
        licence: song.licence,
    })
}

fn weight(line: Line<'_>) -> Result<f32> {
    match line.field("label_kind") {
        "composer" => Ok(COMPOSER_WEIGHT),
        "game role" => Ok(GAME_ROLE_WEIGHT),
        other => Err(anyhow!("{}: unknown label_kind {other:?}", line.place()))
            .hint("label_kind is composer or game role"),
    }
}

/// The group of a track by that artist in that group of songs: the artist, or, where he
/// is unknown or has a whole catalogue, the song; `None` where both are empty.
pub fn group(artist: &str, song: &str) -> Option<String> {
    let artist = normalised_artist(artist);
    let by_song = artist.is_empty() || (artist == SPLIT_BY_SONG && !song.is_empty());
    let name = if by_song { song } else { &artist };
    (!name.is_empty()).then(|| format!("music/{name}"))
}

/// One spelling an artist: without e-mail address, in lower case.
fn normalised_artist(name: &str) -> String {
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
        let plain = normalised_artist("Nikola Whallon");
        assert_eq!(normalised_artist(" Nikola Whallon <a@b.c> "), plain);
        assert_eq!(normalised_artist("I <3 Noise"), "i <3 noise");
    }

    fn parse(rows: &str) -> Result<(Vec<Labelled>, Vec<Unlabelled>)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("music.csv");
        let header = "file,title,artist,licence,label,label_kind,group\n";
        std::fs::write(&path, format!("{header}{rows}")).unwrap();
        read(&path)
    }

    #[test]
    fn one_artist_is_one_group_but_the_catalogue_is_split_by_song() {
        let (rows, unlabelled) = parse(
            "m/a.ogg,A,Kevin MacLeod,CC-BY-3.0,happy,composer,kevin:a\n\
             m/b.ogg,B,Ann <a@b>,CC0-1.0,calm,game role,ann:b\n\
             m/c.ogg,C,Ann,CC0-1.0,,,ann:c\n",
        )
        .unwrap();
        assert_eq!(unlabelled.len(), 1);
        assert_eq!(unlabelled[0].group, "music/ann");
        assert_eq!(rows[0].group, "music/kevin:a");
        assert_eq!(rows[1].group, "music/ann");
        assert_eq!((rows[0].weight, rows[1].weight), (1.0, 0.5));
        assert_eq!(rows[0].id, "m/a");
    }

    #[test]
    fn unknown_kinds_are_refused_by_line() {
        let error = parse("a.ogg,A,B,CC0,sad,guess,x\n").err().unwrap();
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}

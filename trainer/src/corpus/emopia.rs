//! EMOPIA (Hung et al. 2021): clips of pop piano, rated by listeners, as MIDI.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use undertone::Mood;

use super::Labelled;
use super::table::{Line, Table};
use crate::console::Hint;
use crate::measured::example::Split;

const COLUMNS: [&str; 5] = ["file", "quadrant", "label", "song", "split"];

/// Listeners heard the clip and rated it.
const WEIGHT: f32 = 1.0;
/// Licence of the data set as published.
const LICENCE: &str = "CC-BY-NC-SA-4.0";

/// Reads all clips; the published split stays, and a song's clips stay together.
pub(super) fn read(path: &Path) -> Result<Vec<Labelled>> {
    let table = Table::read(path, &COLUMNS)?;
    let sides = song_sides(&table)?;
    table
        .lines()
        .map(|line| {
            let (file, song) = (line.field("file"), line.field("song"));
            Ok(Labelled {
                id: format!("emopia/{}", clip_name(file)),
                path: table.resolve(file),
                corpus: "emopia".to_owned(),
                label: label(line)?,
                label_kind: "listeners".to_owned(),
                artist: String::new(),
                group: format!("emopia/{song}"),
                published: sides.get(song).copied(),
                weight: WEIGHT,
                licence: LICENCE.to_owned(),
            })
        })
        .collect()
}

/// The side of every song. Clips in no published split (`extra`) go with the other
/// clips of their song, and to training where there are none.
fn song_sides(table: &Table) -> Result<HashMap<&str, Split>> {
    let mut sides: HashMap<&str, Split> = HashMap::new();
    let mut extra = Vec::new();
    for line in table.lines() {
        let song = line.field("song");
        if song.is_empty() {
            bail!("{}: the song is missing", line.place());
        }
        let side = match line.field("split") {
            "train" => Split::Train,
            "val" => Split::Validation,
            "extra" => {
                extra.push(song);
                continue;
            }
            "test" => {
                return Err(anyhow!("{}: a clip of the test split", line.place()))
                    .hint("nothing is trained or chosen on it: take its lines out of the table");
            }
            other => {
                return Err(anyhow!("{}: unknown split {other:?}", line.place()))
                    .hint("splits are train, val and extra");
            }
        };
        if *sides.entry(song).or_insert(side) != side {
            bail!("{}: the song {song} is in train and in val", line.place());
        }
    }
    for song in extra {
        sides.entry(song).or_insert(Split::Train);
    }
    Ok(sides)
}

/// The label, which must be that of the quadrant.
fn label(line: Line<'_>) -> Result<Mood> {
    let of_quadrant = match line.field("quadrant") {
        "Q1" => Mood::Happy,
        "Q2" => Mood::Energetic,
        "Q3" => Mood::Sad,
        "Q4" => Mood::Calm,
        other => {
            return Err(anyhow!("{}: unknown quadrant {other:?}", line.place()))
                .hint("quadrants are Q1 to Q4");
        }
    };
    let label = line.mood()?;
    if label != of_quadrant {
        bail!(
            "{}: {} is {of_quadrant}, not {label}",
            line.place(),
            line.field("quadrant")
        );
    }
    Ok(label)
}

/// `Q1_abc_0` of `emopia/midi/Q1_abc_0.mid`.
fn clip_name(file: &str) -> String {
    Path::new(file).file_stem().map_or_else(
        || file.to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(rows: &str) -> Result<Vec<Labelled>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.csv");
        std::fs::write(&path, format!("file,quadrant,label,song,split\n{rows}")).unwrap();
        read(&path)
    }

    #[test]
    fn clips_in_no_split_go_with_their_song() {
        let clips = parse("a.mid,Q1,happy,s1,extra\nb.mid,Q3,sad,s1,val\nc.mid,Q4,calm,s2,extra\n")
            .unwrap();
        let sides: Vec<_> = clips.iter().map(|clip| clip.published).collect();
        let expected = [Split::Validation, Split::Validation, Split::Train];
        assert_eq!(sides, expected.map(Some));
    }

    #[test]
    fn a_song_on_both_sides_is_refused() {
        let error = parse("a.mid,Q1,happy,s1,train\nb.mid,Q1,happy,s1,val\n");
        assert!(error.err().unwrap().to_string().contains("s1"));
    }

    #[test]
    fn a_test_split_is_refused() {
        let error = parse("a.mid,Q1,happy,s1,test\n").err().unwrap();
        assert!(error.to_string().contains("test split"), "{error}");
    }

    #[test]
    fn a_label_that_contradicts_its_quadrant_is_refused() {
        let error = parse("a.mid,Q2,happy,s1,train\n").err().unwrap();
        assert!(error.to_string().contains("Q2 is energetic"), "{error}");
    }
}

//! The steps of a cleaning as files, so that each can be looked at.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use undertone::Mood;

use super::{Cleaned, Step};
use crate::files;
use crate::songs::song::Song;
use crate::songs::table::write_songs;

/// The cleaned table of all moods.
const CLEAN: &str = "songs_clean.csv";

/// Columns of `dropped.csv` and `conflicts.csv` after the first two.
const SONG: [&str; 5] = ["artist", "track", "corpus", "path", "reason"];

impl Cleaned {
    /// Writes into `folder`, for every mood that has songs, `MOOD.csv`,
    /// `MOOD_no_duplicates.csv` and `MOOD_no_duplicates_no_nan.csv`; for all of them
    /// `songs_clean.csv`, `dropped.csv` and `conflicts.csv`.
    ///
    /// # Errors
    /// When a file can't be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let stages = [
            (&self.all, ""),
            (&self.distinct, "_no_duplicates"),
            (&self.kept, "_no_duplicates_no_nan"),
        ];
        for mood in Mood::ALL {
            for (songs, ending) in stages {
                let of_mood = |song: &&Song| song.mood == mood;
                let songs: Vec<Song> = songs.iter().filter(of_mood).cloned().collect();
                write_songs(&folder.join(format!("{}{ending}.csv", mood.name())), &songs)?;
            }
        }
        write_songs(&folder.join(CLEAN), &self.kept)?;
        self.write_dropped(&folder.join("dropped.csv"))?;
        self.write_conflicts(&folder.join("conflicts.csv"))
    }

    fn write_dropped(&self, path: &Path) -> Result<()> {
        files::write_whole(path, |out| {
            let mut writer = csv::Writer::from_writer(out);
            writer.write_record(["id", "mood", "step"].iter().chain(&SONG))?;
            for dropped in &self.dropped {
                let first = [
                    &dropped.song.id,
                    dropped.song.mood.name(),
                    dropped.step.name(),
                ];
                let first = first.map(str::to_owned).into_iter();
                writer.write_record(first.chain(fields(&dropped.song, &dropped.reason)))?;
            }
            Ok(writer.flush()?)
        })
    }

    fn write_conflicts(&self, path: &Path) -> Result<()> {
        files::write_whole(path, |out| {
            let mut writer = csv::Writer::from_writer(out);
            writer.write_record(["conflict", "id", "mood"].iter().chain(&SONG))?;
            for (number, group) in self.conflicts.iter().enumerate() {
                for one in group {
                    let number = (number + 1).to_string();
                    let first = [number, one.song.id.clone(), one.song.mood.name().to_owned()];
                    writer.write_record(first.into_iter().chain(fields(&one.song, &one.reason)))?;
                }
            }
            Ok(writer.flush()?)
        })
    }

    /// Counts of every step by mood, for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::from("                   sad   calm  happy  energetic    all\n");
        let mut line = |name: &str, moods: &mut dyn Iterator<Item = Mood>| {
            let mut counts = [0_usize; Mood::COUNT];
            moods.for_each(|mood| counts[mood.index()] += 1);
            let [sad, calm, happy, energetic] = counts;
            let all: usize = counts.iter().sum();
            // Writing to a String can't fail.
            let _ = writeln!(
                text,
                "{name:<15} {sad:>6} {calm:>6} {happy:>6} {energetic:>10} {all:>6}"
            );
        };
        let at = |step: Step| {
            let dropped = self
                .dropped
                .iter()
                .filter(move |dropped| dropped.step == step);
            dropped.map(|dropped| dropped.song.mood)
        };
        line("songs", &mut self.all.iter().map(|song| song.mood));
        line("- duplicates", &mut at(Step::Duplicate));
        line("- in conflict", &mut at(Step::Conflict));
        line("- with gaps", &mut at(Step::Gap));
        line("= kept", &mut self.kept.iter().map(|song| song.mood));
        text
    }
}

/// The fields under [`SONG`].
fn fields(song: &Song, reason: &str) -> [String; SONG.len()] {
    let path = song
        .path
        .as_deref()
        .map_or_else(String::new, |path| path.display().to_string());
    [
        song.artist.clone(),
        song.track.clone(),
        song.corpus.clone(),
        path,
        reason.to_owned(),
    ]
}

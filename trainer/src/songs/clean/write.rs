//! The steps of a cleaning as files, so that each can be looked at.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use undertone::Mood;

use super::{Cleaned, Dropped, Step};
use crate::songs::song::Song;
use crate::songs::table::write_songs;
use collections::console::Hint;
use collections::files;

/// The cleaned table of all moods.
const CLEAN: &str = "songs_clean.csv";
/// What was taken out.
const DROPPED: &str = "dropped.csv";
/// What contradicts itself.
const CONFLICTS: &str = "conflicts.csv";
/// Endings of the tables of one mood: as it came, and after each step.
const STAGES: [&str; 3] = ["", "_no_duplicates", "_no_duplicates_no_nan"];
/// First columns of `dropped.csv`, by which a folder of this program's is known.
const DROPPED_FIRST: [&str; 3] = ["id", "mood", "step"];
/// What to do where files are in the way.
const FOLDER_HINT: &str = "name an empty folder, or one that was cleaned into before";

/// Columns of `dropped.csv` and `conflicts.csv` after the first two.
const SONG: [&str; 5] = ["artist", "title", "corpus", "path", "reason"];

impl Cleaned {
    /// Writes into `folder`, for every mood that has songs, `MOOD.csv`,
    /// `MOOD_no_duplicates.csv` and `MOOD_no_duplicates_no_nan.csv`; for all of them
    /// `songs_clean.csv`, `dropped.csv` and `conflicts.csv`. Tables that an earlier
    /// cleaning wrote of a mood that has no songs any more are removed.
    ///
    /// # Errors
    /// When files of those names lie there that no cleaning wrote, or a file can't be
    /// written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        refuse_foreign(folder)?;
        // First: the folder is known by it, even where the rest is interrupted.
        self.write_dropped(&folder.join(DROPPED))?;
        for mood in Mood::ALL {
            self.write_mood(mood, folder)?;
        }
        write_songs(&folder.join(CLEAN), self.kept())?;
        self.write_conflicts(&folder.join(CONFLICTS))
    }

    /// The tables of one mood, or none of them.
    fn write_mood(&self, mood: Mood, folder: &Path) -> Result<()> {
        let is_of = |song: &&Song| song.mood == Some(mood);
        let [all, distinct, kept] = stage_paths(mood, folder);
        if self.all.iter().any(|song| is_of(&song)) {
            write_songs(&all, self.all.iter().filter(is_of))?;
            write_songs(&distinct, self.distinct().filter(is_of))?;
            return write_songs(&kept, self.kept().filter(is_of));
        }
        for path in [all, distinct, kept].iter().filter(|path| path.exists()) {
            std::fs::remove_file(path)
                .with_context(|| format!("the old {} can't be removed", path.display()))?;
        }
        Ok(())
    }

    fn write_dropped(&self, path: &Path) -> Result<()> {
        files::write_whole(path, |out| {
            let mut writer = csv::Writer::from_writer(out);
            writer.write_record(DROPPED_FIRST.iter().chain(&SONG))?;
            for Dropped { song, step, reason } in self.dropped() {
                let first = [&song.id, mood_name(song.mood), step.name()];
                let first = first.map(str::to_owned).into_iter();
                writer.write_record(first.chain(fields(song, reason)))?;
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
                    let song = &self.all[one.song];
                    let number = (number + 1).to_string();
                    let first = [number, song.id.clone(), mood_name(song.mood).to_owned()];
                    writer.write_record(first.into_iter().chain(fields(song, &one.reason)))?;
                }
            }
            Ok(writer.flush()?)
        })
    }

    /// Counts of every step by mood, for people.
    pub fn to_text(&self) -> String {
        let mut text =
            String::from("                   sad   calm  happy  energetic    all  no mood\n");
        let mut line = |name: &str, moods: &mut dyn Iterator<Item = Option<Mood>>| {
            let mut counts = [0_usize; Mood::COUNT + 1];
            moods.for_each(|mood| counts[mood.map_or(Mood::COUNT, Mood::index)] += 1);
            let [sad, calm, happy, energetic, other] = counts;
            let all: usize = counts.iter().sum();
            text.extend([format!(
                "{name:<15} {sad:>6} {calm:>6} {happy:>6} {energetic:>10} {all:>6} {other:>8}\n"
            )]);
        };
        let at = |step: Step| {
            let dropped = self.dropped().filter(move |dropped| dropped.step == step);
            dropped.map(|dropped| dropped.song.mood)
        };
        line("songs", &mut self.all.iter().map(|song| song.mood));
        line("- duplicates", &mut at(Step::Duplicate));
        line("- in conflict", &mut at(Step::Conflict));
        line("- with gaps", &mut at(Step::Gap));
        line("= kept", &mut self.kept().map(|song| song.mood));
        text
    }
}

/// A mood in tables; empty where there is none.
fn mood_name(mood: Option<Mood>) -> &'static str {
    mood.map_or("", Mood::name)
}

/// The fields under [`SONG`].
fn fields(song: &Song, reason: &str) -> [String; SONG.len()] {
    let path = song
        .path
        .as_deref()
        .map_or_else(String::new, |path| path.display().to_string());
    [
        song.artist.to_string(),
        song.title.clone(),
        song.corpus.to_string(),
        path,
        reason.to_owned(),
    ]
}

/// Refuses to clean `table` into a folder where it would itself be written over.
///
/// # Errors
/// When `table` is one of the files that a cleaning into `folder` writes.
pub fn refuse_input(table: &Path, folder: &Path) -> Result<()> {
    let Ok(input) = table.canonicalize() else {
        // What is not there is refused by those who read it.
        return Ok(());
    };
    let is_input = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path == input);
    if outputs(folder).any(|path| is_input(&path)) {
        return Err(anyhow!("{} would be written over", table.display())).hint(FOLDER_HINT);
    }
    Ok(())
}

/// Refuses a folder that holds files of the names to be written, but that no cleaning
/// wrote.
fn refuse_foreign(folder: &Path) -> Result<()> {
    let dropped = folder.join(DROPPED);
    if is_own(&dropped) {
        return Ok(());
    }
    match outputs(folder).find(|path| path.exists()) {
        Some(path) => Err(anyhow!(
            "{} is there already, and no cleaning wrote it",
            path.display()
        ))
        .hint(FOLDER_HINT),
        None => Ok(()),
    }
}

/// Whether a cleaning wrote that `dropped.csv`.
fn is_own(dropped: &Path) -> bool {
    let header = DROPPED_FIRST.join(",");
    std::fs::read(dropped).is_ok_and(|bytes| bytes.starts_with(header.as_bytes()))
}

/// All files that a cleaning may write or remove.
fn outputs(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let whole = [CLEAN, DROPPED, CONFLICTS].map(|name| folder.join(name));
    Mood::ALL
        .into_iter()
        .flat_map(move |mood| stage_paths(mood, folder))
        .chain(whole)
}

/// The tables of one mood, in the order of [`STAGES`].
fn stage_paths(mood: Mood, folder: &Path) -> [PathBuf; 3] {
    STAGES.map(|ending| folder.join(format!("{}{ending}.csv", mood.name())))
}

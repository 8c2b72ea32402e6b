//! `trainer playlists`: songs by mood or by rules, as M3U8.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use undertone::Mood;
use undertone::report::listing::{Listed, Paths, playlist};
use undertone::rule::{ReportFacts, Rule};
use undertone::tags::Tags;

use crate::console::{self, Hint, Outcome};
use crate::files::{self, slashed};
use crate::results::{self, Record};

/// Name of the list of songs that are unsure.
const UNSURE: &str = "unsure";

/// Which lists, and where.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the lists.
    pub out: PathBuf,
    /// Folder that the paths in the lists start from, where a song lies in it.
    pub root: PathBuf,
    /// One list of this name instead of one for each mood.
    pub name: Option<String>,
    /// What its songs must meet, all of it.
    pub rules: Vec<Rule>,
}

/// Writes the lists, each whole or not at all.
///
/// # Errors
/// When the results can't be read, a list can't be written, or no song meets the rules.
pub fn write(input: &Path, options: &Options) -> Result<Outcome> {
    let songs: Vec<Song> = results::read(input)?
        .filter_map(|record| match record {
            Ok(record) => Song::of(&record, options).map(Ok),
            Err(error) => Some(Err(error)),
        })
        .collect::<Result<_>>()?;
    if songs.is_empty() {
        return Err(anyhow!("no song is to be listed"))
            .hint("name another file of results, or fewer --where");
    }
    let by_mood = Mood::ALL.map(|mood| (mood.name(), Some(mood)));
    let lists: Vec<(&str, Vec<&Song>)> = match &options.name {
        Some(name) => vec![(name, songs.iter().collect())],
        None => by_mood
            .into_iter()
            .chain([(UNSURE, None)])
            .map(|(name, mood)| {
                (
                    name,
                    songs.iter().filter(|song| song.mood == mood).collect(),
                )
            })
            .collect(),
    };
    for (name, songs) in lists {
        let path = options.out.join(format!("{name}.m3u8"));
        let listed: Vec<Listed> = songs.iter().map(|song| song.listed()).collect();
        files::write(&path, playlist(&listed, &Paths::default()).as_bytes())?;
        console::note(&format!("{} songs in {}", songs.len(), path.display()));
    }
    Ok(Outcome::All)
}

/// A song of a list.
struct Song {
    path: String,
    title: String,
    /// What the page's results know of it.
    tags: Tags,
    duration_s: f64,
    /// `None` where it is unsure.
    mood: Option<Mood>,
}

impl Song {
    /// The record's, where it has a verdict and meets the rules.
    fn of(record: &Record, options: &Options) -> Option<Self> {
        let report = record.report().filter(|report| report.kind.is_music())?;
        let facts = ReportFacts::from(report);
        if !options.rules.iter().all(|rule| rule.holds(&facts)) {
            return None;
        }
        let file = Path::new(&record.entry.file);
        let title = file.file_stem().unwrap_or_default();
        Some(Self {
            path: from_root(file, &options.root),
            title: title.to_string_lossy().into_owned(),
            tags: (*record.entry.tags).clone(),
            duration_s: report.duration_s,
            mood: report.sure_mood(),
        })
    }

    fn listed(&self) -> Listed<'_> {
        Listed {
            path: &self.path,
            title: self.title.clone(),
            duration_s: self.duration_s,
            bytes: 0,
            tags: &self.tags,
            bpm: None,
            key: String::new(),
            mood: self.mood,
        }
    }
}

/// The path from `root`; all of it where it lies elsewhere.
fn from_root(file: &Path, root: &Path) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (file, root) = (absolute(file), absolute(root));
    match file.strip_prefix(&root) {
        Ok(inside) => slashed(inside),
        Err(_) => file.to_string_lossy().into_owned(),
    }
}

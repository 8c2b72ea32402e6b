//! `trainer import`: music from wherever it lies, as one table with one split.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::Args;
use undertone::Mood;
use undertone::features::TrackFeatures;

use super::dialect::Dialect;
use super::folder::{self, LeftAside};
use super::reading::{self, Reading};
use super::sheet::above;
use super::song::Song;
use super::table::{SONGS, write_songs};
use super::{arranged, groups, page, split};
use collections::console::{self, Hint};

/// Missing sounds that are named one by one.
const SHOWN: usize = 10;

/// What to import, and how.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Folder with sub-folders sad, calm, happy and energetic, or a table (see below); may be
    /// repeated
    #[arg(long, value_name = "PATH", required = true)]
    pub data: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: reading::Options,
    /// Arrangements of every MIDI file that is trained on: other instruments, key, tempo, drums
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub arrangements: u32,
    /// Draws which groups are held out for validation, where the data do not say it
    #[arg(long, default_value_t = split::DEFAULT_SEED)]
    pub seed: u64,
}

/// Reads all data, joins groups over them, splits them and writes the table `out`.
///
/// # Errors
/// When a source can't be read, they contradict each other, or the table can't be written.
pub fn run(options: &Options, out: &Path) -> Result<()> {
    let tables = options.data.iter().map(|data| read(data, &options.reading));
    let mut songs = combine(tables.collect::<Result<_>>()?)?;
    split::assign(&mut songs, options.seed);
    if options.arrangements > 0 {
        let folder = out.parent().unwrap_or(Path::new(""));
        songs.extend(arranged::songs(&songs, options.arrangements, folder)?);
    }
    write_songs(out, &songs)?;
    let unlabelled = songs.iter().filter(|song| !song.is_labelled()).count();
    if unlabelled > 0 {
        note!("{unlabelled} songs have no label: they only teach what music is");
    }
    note!("{}; wrote {}", census(&songs), out.display());
    Ok(())
}

/// Reads songs: a folder with one sub-folder a mood or with a `songs.csv`, a table, or the
/// page's export as JSON. What is missing is said on stderr.
///
/// # Errors
/// When `data` is none of these, with file, line and column of what is wrong.
fn read(data: &Path, options: &reading::Options) -> Result<Vec<Song>> {
    let crawled = data.join(SONGS);
    if crawled.is_file() {
        return from_table(&crawled, options);
    }
    if data.is_dir() {
        let songs = folder::read(data)?;
        say_without_features(data);
        return Ok(songs);
    }
    if !data.exists() {
        return Err(anyhow!("there is nothing at {}", data.display()))
            .hint("name a folder with sub-folders sad, calm, happy and energetic, or a CSV table");
    }
    if page::is_json(data)? {
        let beside = data.parent().unwrap_or(Path::new("."));
        let mut songs = page::read(data, options.audio.as_deref().unwrap_or(beside))?;
        let lines = vec![0; songs.len()];
        find_sounds(&mut songs, &lines, Dialect::Page, data)?;
        return Ok(songs);
    }
    from_table(data, options)
}

fn from_table(path: &Path, options: &reading::Options) -> Result<Vec<Song>> {
    let mut reading = reading::read(path, options)?;
    find_sounds(&mut reading.songs, &reading.lines, reading.dialect, path)?;
    if reading.dialect == Dialect::Manifest {
        let name = path.display();
        console::advise(&format!(
            "{name} is of an earlier version; use what import writes"
        ));
    }
    say_lacking(&reading, path);
    Ok(reading.songs)
}

/// Looks for the sounds that a table names, from its folder or, as in EMOPIA's table, from
/// the one above. What is no song of anybody's is left aside, as are songs of the page's that
/// nobody has said anything of and whose sound is gone.
fn find_sounds(songs: &mut Vec<Song>, lines: &[u64], dialect: Dialect, table: &Path) -> Result<()> {
    let mut aside = LeftAside::default();
    let (mut missing, mut gone, mut sounds) = (Vec::new(), 0_usize, 0_usize);
    let mut lines = lines.iter();
    songs.retain_mut(|song| {
        let line = lines.next().copied().unwrap_or_default();
        let Some(path) = song.path.as_mut() else {
            return true;
        };
        sounds += 1;
        if !path.is_file()
            && let Some(other) = above(path, table)
        {
            *path = other;
        }
        if aside.is_aside(path) {
            return false;
        }
        if path.is_file() {
            return true;
        }
        if dialect == Dialect::Page && song.said.is_none() {
            gone += 1;
            return false;
        }
        if missing.len() < SHOWN {
            missing.push(format!("\n  line {line}: {}", path.display()));
        } else {
            missing.push(String::new());
        }
        true
    });
    aside.tell(table);
    if gone > 0 {
        let table = table.display();
        note!("{gone} songs of {table} have no sound here and are left out");
    }
    if missing.is_empty() {
        return Ok(());
    }
    let more = match missing.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    Err(anyhow!(
        "{}: {} of {sounds} sounds are missing:{}{more}",
        table.display(),
        missing.len(),
        missing.concat(),
    ))
    .hint(
        "a path is taken from the table's folder, or from the one that --audio names; correct \
         it, or take out its line",
    )
}

/// Says which columns are absent or empty. A duration alone makes no features.
fn say_lacking(reading: &Reading, path: &Path) {
    let given = TrackFeatures::NAMES.iter();
    let mut given = given.filter(|name| !reading.lacking.contains(name));
    let bare = given.all(|name| *name == "duration_ms");
    let mut lacking = reading.unnamed.clone();
    if bare {
        say_without_features(path);
    } else {
        lacking.extend(&reading.lacking);
    }
    if !lacking.is_empty() {
        let lacking = lacking.join(", ");
        note!("{} lacks: {lacking}", name(path));
    }
}

fn say_without_features(path: &Path) {
    note!(
        "{} gives no features; they are measured from the sound",
        name(path)
    );
}

/// The last part of a path.
fn name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// The songs of all tables as one: groups joined, a file that stands in several of them once,
/// every id once.
fn combine(mut tables: Vec<Vec<Song>>) -> Result<Vec<Song>> {
    groups::join(&mut tables)?;
    let mut tables = tables.into_iter();
    let mut songs = tables.next().unwrap_or_default();
    for (table, number) in tables.zip(2..) {
        let mut by_path = HashMap::new();
        let mut ids = HashSet::new();
        for (at, song) in songs.iter().enumerate() {
            ids.insert(song.id.clone());
            if let Some(path) = &song.path {
                by_path.insert(path.clone(), at);
            }
        }
        for mut song in table {
            let known = song.path.as_ref().and_then(|path| by_path.get(path));
            if let Some(first) = known.and_then(|at| songs.get_mut(*at))
                && agree(first, &song)
            {
                fill(first, song);
                continue;
            }
            if ids.contains(&song.id) {
                song.id = format!("{} ({number})", song.id);
            }
            songs.push(song);
        }
    }
    Ok(songs)
}

/// Whether two rows of one file can be one: what was said outweighs any other label, and
/// rows that contradict each other stay, for the cleaning to list.
fn agree(first: &Song, second: &Song) -> bool {
    let one_said = first.said.is_some() != second.said.is_some();
    let (a, b) = (first.mood, second.mood);
    one_said || a.is_none() || b.is_none() || a == b
}

/// Adds what another row of the same file knows.
fn fill(first: &mut Song, second: Song) {
    if !first.is_labelled() {
        first.mood = second.mood;
        first.affect = second.affect;
        first.label = second.label;
        first.label_kind = second.label_kind;
        first.label_space = second.label_space;
        first.weight = second.weight;
        first.corpus = second.corpus;
    }
    if let Some(said) = second.said {
        first.hear(said);
    }
    if first.artist.is_empty() {
        first.artist = second.artist;
    }
    if first.title.is_empty() {
        first.title = second.title;
    }
    first.preview_url = first.preview_url.take().or(second.preview_url);
    first.split = first.split.or(second.split);
    first.fold = first.fold.or(second.fold);
    if first.features == TrackFeatures::default() {
        first.features = second.features;
    }
}

/// `686 songs: sad 197, calm 195, happy 140, energetic 154`.
pub fn census(songs: &[Song]) -> String {
    let count = |mood| songs.iter().filter(|song| song.mood == mood).count();
    let mut moods = Mood::ALL
        .map(|mood| format!("{mood} {}", count(Some(mood))))
        .to_vec();
    let other = count(None);
    if other > 0 {
        moods.push(format!("no mood {other}"));
    }
    format!("{} songs: {}", songs.len(), moods.join(", "))
}

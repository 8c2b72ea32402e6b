//! The study from its songs to its report.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;

use super::classic::{self, System};
use super::data_sets::data_sets;
use super::features::FeatureTable;
use super::folds::Folds;
use super::gather::{self, Gathered};
use super::neural::{self, Material};
use super::report::about::About;
use super::report::{self, SongRef, StudyReport};
use super::run::SystemRun;
use super::store::Store;
use crate::learn::classic::folds::FOLDS;
use crate::learn::neural::{Spec, zoo};
use crate::songs::clean::{self, Need};
use crate::songs::song::Song;
use crate::songs::table::{read_songs, with_moods};
use crate::songs::task::Task;
use collections::console::Hint;
use collections::files;

/// What to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The table of songs.
    pub songs: PathBuf,
    /// Folder of caches and stages.
    pub work: PathBuf,
    /// Folder of the report.
    pub out: PathBuf,
    /// Heading of the report.
    pub title: String,
    /// The command as it was given.
    pub command: String,
    /// A second table that systems fitted on the whole first one are asked about.
    pub transfer: Option<PathBuf>,
    /// What to tell apart.
    pub tasks: Vec<Task>,
    /// What networks on spectrograms tell apart.
    pub net_tasks: Vec<Task>,
    /// Names of the networks on spectrograms; all of them where empty.
    pub nets: Vec<String>,
    /// How songs are split.
    pub split: SplitRule,
    /// How networks are trained.
    pub training: neural::Options,
    /// Instruments for MIDI files.
    pub soundfont: PathBuf,
}

/// How songs are split into folds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SplitRule {
    /// As the table of songs says, else into [`FOLDS`] as below.
    Table,
    /// Into so many, no group torn apart.
    Grouped(usize),
    /// Into so many, whatever the groups.
    Rows(usize),
    /// As a file says.
    File(PathBuf),
}

/// Runs the study, or what of it is not yet done.
///
/// # Errors
/// Where the data can't be used, a system can't be run, or a folder can't be written to.
pub fn conduct(options: &Options) -> Result<()> {
    // What can be refused at once is not found out after hours.
    let nets = wanted_nets(&options.nets)?;
    let songs = labelled(&options.songs)?;
    let asked = options.transfer.as_deref().map(labelled).transpose()?;
    let study = Study::prepare(songs, options)?;
    let asked = asked.map(|songs| study.strangers(songs)).transpose()?;
    let mut runs = Vec::new();
    for &task in &options.tasks {
        runs.extend(study.classic(task)?);
        runs.push(neural::run_on_features(
            &study.material(),
            task,
            options.training,
        )?);
    }
    if study.gathered.spectrograms.is_empty() {
        if !options.net_tasks.is_empty() {
            note!("without sound there are no networks on spectrograms");
        }
    } else {
        for spec in nets {
            for &task in &options.net_tasks {
                runs.push(neural::run_on_spectrograms(
                    spec.clone(),
                    &study.material(),
                    task,
                    options.training,
                )?);
            }
        }
    }
    let about = study.about();
    let report = StudyReport::new(about, &runs, &references(&study.gathered.songs))?;
    report::write(&report, &options.out)?;
    note!("wrote the report to {}", options.out.display());
    if let (Some(other), Some(asked)) = (&options.transfer, asked) {
        study.transfer(other, &asked)?;
    }
    Ok(())
}

/// The songs of a table that have a mood.
fn labelled(table: &Path) -> Result<Vec<Song>> {
    let songs = read_songs(table)?;
    let moods: Vec<Song> = with_moods(&songs)?.into_iter().cloned().collect();
    if moods.len() < songs.len() {
        let others = songs.len() - moods.len();
        let table = table.display();
        note!("{others} songs of {table} have no mood and are left out");
    }
    Ok(moods)
}

struct Study<'a> {
    options: &'a Options,
    gathered: Gathered,
    ids: Vec<String>,
    folds: Folds,
    /// Digest of the spectrograms.
    seen: String,
    store: Store,
}

impl<'a> Study<'a> {
    fn prepare(songs: Vec<Song>, options: &'a Options) -> Result<Self> {
        let name = options.songs.file_stem().unwrap_or_default();
        let folder = options.work.join("study").join(name);
        let wanted = gather::Options {
            work: options.work.clone(),
            folder: folder.clone(),
            soundfont: options.soundfont.clone(),
            spectrograms: !options.net_tasks.is_empty(),
        };
        let gathered = gather::gather(songs, &wanted)?;
        note!("{}", gathered.overview);
        let ids: Vec<String> = gathered.songs.iter().map(|song| song.id.clone()).collect();
        let folds = folds(&gathered, &ids, options)?;
        for &task in options.tasks.iter().chain(&options.net_tasks) {
            check_task(task, &gathered.table, &folds)?;
        }
        folds.write(&folder.join("folds.csv"), &ids, &gathered.table.y)?;
        let key = key(&gathered, &ids, &folds, options.training.seed)?;
        Ok(Self {
            store: Store::new(folder.join(format!("runs-{}", &key[..12]))),
            seen: digest(&gathered.spectrograms)?,
            options,
            gathered,
            ids,
            folds,
        })
    }

    fn material(&self) -> Material<'_> {
        Material {
            ids: &self.ids,
            table: &self.gathered.table,
            spectrograms: &self.gathered.spectrograms,
            seen: &self.seen,
            folds: &self.folds,
            store: &self.store,
        }
    }

    fn classic(&self, task: Task) -> Result<Vec<SystemRun>> {
        let known = |system: System, fold| {
            let name = system.to_string();
            self.store.load(task, &name, &system.recipe(), fold)
        };
        classic::run(
            &self.gathered.table,
            &self.folds,
            self.classic_options(task),
            known,
            |system, run| {
                let name = system.to_string();
                note!(
                    "{name}, {task}, fold {}: {:.1} s",
                    run.fit.fold,
                    run.fit.seconds
                );
                self.store.save(task, &name, &system.recipe(), run)
            },
        )
    }

    fn classic_options(&self, task: Task) -> classic::Options {
        classic::Options {
            task,
            seed: self.options.training.seed,
            jobs: std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
        }
    }

    /// The songs of another table that are fit to be asked about: clean, with columns that
    /// the study knows, and none of them among the study's own.
    fn strangers(&self, songs: Vec<Song>) -> Result<Vec<Song>> {
        let own = &self.gathered.songs;
        // A song of both tables stays where it stands first.
        let both = own.iter().chain(&songs).cloned().collect();
        let cache = self.options.work.join("fingerprints");
        let kept = clean::clean(both, Need::Features, &cache)?.into_kept();
        let strangers: Vec<Song> = songs
            .iter()
            .filter(|song| kept.contains(song) && !own.contains(song))
            .cloned()
            .collect();
        let gone = songs.len() - strangers.len();
        note!(
            "{gone} songs of the other table are left out: duplicates, contradictions, or \
             among the study's own"
        );
        if strangers.is_empty() {
            return Err(anyhow!("no song of the other table is left to ask about"))
                .hint("give a table of other songs");
        }
        self.gathered
            .table
            .shared(&gather::from_table(&strangers))?;
        Ok(strangers)
    }

    /// Fits the classic systems on all songs, asks them about another table, and reports
    /// that by itself.
    fn transfer(&self, other: &Path, songs: &[Song]) -> Result<()> {
        let asked = gather::from_table(songs);
        let mut runs = Vec::new();
        for &task in &self.options.tasks {
            let options = self.classic_options(task);
            runs.extend(classic::run_transfer(
                &self.gathered.table,
                &asked,
                options,
            )?);
        }
        let mut about = self.about();
        about.title = format!("{}: asked about {}", about.title, stem(other));
        about.data.extend(data_sets(songs));
        about.protocol = vec![format!(
            "Fitted on all songs of {}, asked about those of {} that are not among \
             them; columns that only one of the tables has are left out.",
            stem(&self.options.songs),
            stem(other)
        )];
        let report = StudyReport::new(about, &runs, &references(songs))?;
        let out = self.options.out.join("transfer");
        report::write(&report, &out)?;
        note!("wrote the report to {}", out.display());
        Ok(())
    }

    fn about(&self) -> About {
        let options = self.options;
        let is_published = self.gathered.songs.iter().any(|song| song.fold.is_some());
        let mut protocol = vec![match &options.split {
            SplitRule::Table if is_published => {
                "The folds that the table of songs names; groups that it puts into none are \
                 spread over them with the moods in proportion."
                    .to_owned()
            }
            SplitRule::Table | SplitRule::Grouped(_) => format!(
                "{} folds with the moods in proportion; songs of one group (artist, \
                 album or piece) stay in one fold.",
                self.folds.count()
            ),
            SplitRule::Rows(count) => format!(
                "{count} folds of songs with the moods in proportion. Songs of one artist \
                 may stand on both sides: the figures are kinder than new artists would be."
            ),
            SplitRule::File(path) => format!("The folds of {}.", stem(path)),
        }];
        protocol.push(
            "Each fold is held out in turn. Classic systems are fitted on all other songs; \
             imputation, scaling, oversampling, search and the stack's probabilities come \
             from inside these. Networks choose their epoch and learning rate on the fold \
             after the held-out one and learn from the rest. Held-out songs are asked once."
                .to_owned(),
        );
        if !self.gathered.spectrograms.is_empty() {
            let folds = options.training.folds.min(self.folds.count());
            protocol.push(format!(
                "Networks on spectrograms were run on {folds} of {} folds.",
                self.folds.count()
            ));
        }
        About {
            title: options.title.clone(),
            command: options.command.clone(),
            seed: options.training.seed,
            versions: versions(),
            data: data_sets(&self.gathered.songs),
            protocol,
        }
    }
}

/// The networks of these names; all of them where there is no name.
fn wanted_nets(names: &[String]) -> Result<Vec<Spec>> {
    let all = zoo::spectrogram_nets();
    let known: Vec<&str> = all.iter().map(|spec| spec.name).collect();
    for name in names {
        if !known.contains(&name.as_str()) {
            return Err(anyhow!("there is no network {name:?}"))
                .hint(format!("the networks are: {}", known.join("; ")));
        }
    }
    let wanted = |spec: &Spec| names.is_empty() || names.iter().any(|name| name == spec.name);
    Ok(all.into_iter().filter(wanted).collect())
}

/// Checks that every system of a task can be fitted in every fold.
fn check_task(task: Task, table: &FeatureTable, folds: &Folds) -> Result<()> {
    let count = folds.count();
    if count < 3 {
        let why = "one is held out, one chooses the epoch of networks, they learn from the rest";
        return Err(anyhow!("{count} folds, expected at least 3: {why}"))
            .hint("ask for 3 folds or more");
    }
    for (class, name) in task.classes().iter().enumerate() {
        let is_one = |song: &usize| task.class_of(table.y[*song]) == class;
        if !(0..table.len()).any(|song| is_one(&song)) {
            return Err(anyhow!("{task}: no song is {name}"))
                .hint("give songs of every class, or leave the task out of --tasks");
        }
        for fold in 0..count {
            if !folds.split(fold).fitted().iter().any(is_one) {
                return Err(anyhow!(
                    "{task}: all songs that are {name} are in fold {fold}"
                ))
                .hint("give more songs of that class, or other folds");
            }
        }
    }
    Ok(())
}

fn folds(gathered: &Gathered, ids: &[String], options: &Options) -> Result<Folds> {
    let (table, seed) = (&gathered.table, options.training.seed);
    let grouped = |count| Folds::grouped(&table.y, &table.group, count, seed);
    match &options.split {
        SplitRule::Table => {
            Folds::of_table(&gathered.songs, seed)?.map_or_else(|| grouped(FOLDS), Ok)
        }
        SplitRule::Grouped(count) => grouped(*count),
        SplitRule::Rows(count) => Folds::by_rows(&table.y, *count, seed),
        SplitRule::File(path) => Folds::read(path, ids, &table.y),
    }
}

/// Raised when the same settings give other numbers: folds that were finished before are
/// then run again.
const RESULTS: &str = "results 1";

/// Digest of what finished folds depend on, but for each system's own settings.
fn key(gathered: &Gathered, ids: &[String], folds: &Folds, seed: u64) -> Result<String> {
    let table = &gathered.table;
    let bits: Vec<Vec<u64>> = table
        .x
        .iter()
        .map(|row| row.iter().map(|value| value.to_bits()).collect())
        .collect();
    let moods: Vec<&str> = table.y.iter().map(|mood| mood.name()).collect();
    let parts = serde_json::to_string(&(
        ids,
        moods,
        &table.names,
        bits,
        &table.group,
        folds.of_song(),
        seed,
    ))
    .context("the study's key")?;
    Ok(files::sha256_of_parts(&[RESULTS, &parts]))
}

/// Digest of what networks on spectrograms see.
fn digest(spectrograms: &[PathBuf]) -> Result<String> {
    let seen: Vec<String> = spectrograms
        .par_iter()
        .map(|path| files::sha256_of(path))
        .collect::<Result<_, _>>()
        .context("the spectrograms can't be read")?;
    Ok(files::sha256_of_parts(&[&seen.concat()]))
}

fn references(songs: &[Song]) -> Vec<SongRef> {
    let reference = |song: &Song| SongRef {
        id: song.id.clone(),
        group: song.group.to_string(),
    };
    songs.iter().map(reference).collect()
}

/// Name of a file without folder and extension.
fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn versions() -> Vec<(String, String)> {
    [
        ("undertone", env!("CARGO_PKG_VERSION")),
        ("burn", "0.22.1"),
        ("smartcore", "0.7.0"),
    ]
    .map(|(name, version)| (name.to_owned(), version.to_owned()))
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_lock_file() {
        let lock = include_str!("../../../Cargo.lock");
        for (name, version) in versions() {
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"");
            assert!(lock.contains(&entry), "{name} {version}");
        }
    }
}

//! All that judges: the models, the verdicts from before, and the threads.

use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Result, anyhow};
use indicatif::ProgressBar;
use serde_json::Value;

use super::count::Count;
use super::judge::{Bench, Judged};
use super::midi::Rendering;
use super::models::Models;
use super::pool;
use super::song::Asked;
use super::store::Store;
use crate::console::{Hint, Outcome};
use crate::results::{Record, is_left};

/// How to judge.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the exported models.
    pub models: PathBuf,
    /// Threads; `None` for one a core.
    pub jobs: Option<NonZeroUsize>,
    /// File of the verdicts from before.
    pub store: Option<PathBuf>,
    /// Whether those are not asked for.
    pub fresh: bool,
    /// Instruments that MIDI files are rendered with.
    pub soundfont: PathBuf,
    /// Whether the first song without a verdict ends the run.
    pub strict: bool,
}

/// All that judges.
pub struct Court<'a> {
    options: &'a Options,
    models: Models,
    store: Option<Store>,
    midi: Rendering,
}

impl<'a> Court<'a> {
    /// Checks the models, and opens the store.
    ///
    /// # Errors
    /// When one of them is refused.
    pub fn open(options: &'a Options) -> Result<Self> {
        let models = Models::open(&options.models)?;
        let open = |path: &PathBuf| Store::open(path, models.id.clone());
        let store = options.store.as_ref().map(open).transpose()?;
        Ok(Self {
            options,
            models,
            store,
            midi: Rendering::new(&options.soundfont),
        })
    }

    /// Judges the songs and gives every record to `put`, in their order. Tells errors as
    /// they come, and the numbers at the end.
    ///
    /// # Errors
    /// When the judges, the store or `put` fail, or with `strict` a song gets no verdict.
    pub fn judge(
        &self,
        songs: impl Iterator<Item = Asked> + Send,
        bar: &ProgressBar,
        mut put: impl FnMut(Option<Value>, &Record) -> Result<()>,
    ) -> Result<Outcome> {
        let mut count = Count::default();
        let jobs = self
            .options
            .jobs
            .unwrap_or(thread::available_parallelism()?);
        let busy = AtomicUsize::new(0);
        // Shared among the songs under way.
        let spare = || {
            let busy = busy.load(Ordering::Relaxed).max(1);
            jobs.get().saturating_sub(busy) / busy
        };
        let bench = Bench {
            judges: &self.models.judges,
            store: self.store.as_ref(),
            midi: &self.midi,
            fresh: self.options.fresh,
            spare: &spare,
        };
        let judge = |Asked { id, song }| {
            busy.fetch_add(1, Ordering::Relaxed);
            let judged = song.map_or_else(|bad| Ok((bad, false)), |song| bench.judge(song));
            busy.fetch_sub(1, Ordering::Relaxed);
            (id, judged)
        };
        let shares_screen = io::stdout().is_terminal();
        let take = |(id, judged): (Option<Value>, Result<Judged>)| {
            let (record, kept) = judged?;
            count.add(&record, kept, bar);
            bar.inc(1);
            if self.options.strict
                && let Some(error) = record.error()
            {
                return Err(anyhow!("{}: {}", record.entry.file, error.message))
                    .hint("without --strict the other songs are judged all the same");
            }
            let put = || put(id, &record);
            let done = if shares_screen {
                bar.suspend(put)
            } else {
                put()
            };
            match done {
                Err(error) if is_left(&error) => Ok(ControlFlow::Break(())),
                done => done.map(ControlFlow::Continue),
            }
        };
        let done = pool::in_order(jobs, songs, judge, take);
        bar.finish_and_clear();
        done?;
        Ok(count.told(bar))
    }
}

//! What came of a run.

use indicatif::ProgressBar;

use crate::console::{self, Outcome};
use crate::results::Record;

/// What came of the songs.
#[derive(Default)]
pub struct Count {
    judged: usize,
    kept: usize,
    failed: usize,
    longest_s: f64,
}

impl Count {
    /// Counts a record; an error is told at once, above the bar.
    pub fn add(&mut self, record: &Record, kept: bool, bar: &ProgressBar) {
        if let Some(report) = record.report() {
            self.longest_s = self.longest_s.max(report.duration_s);
            self.judged += usize::from(!kept);
            self.kept += usize::from(kept);
        }
        if let Some(error) = record.error() {
            self.failed += 1;
            let line = format!("failed: {}: {}", record.entry.file, error.message);
            bar.suspend(|| console::note(&line));
        }
    }

    /// Tells the numbers, and how it ended, after the time of the bar.
    pub fn told(&self, bar: &ProgressBar) -> Outcome {
        let time = bar.elapsed();
        let all = self.judged + self.kept + self.failed;
        console::note(&format!(
            "{} judged, {} kept from before, {} failed, in {} ({:.1} songs/s; the longest {:.0} s)",
            self.judged,
            self.kept,
            self.failed,
            console::duration(time),
            all as f64 / time.as_secs_f64().max(1e-3),
            self.longest_s,
        ));
        Outcome::of(self.judged + self.kept, self.failed)
    }
}

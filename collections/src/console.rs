//! What a person sees: notes, progress and errors, all on stderr.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

/// Prints a line of news.
#[macro_export]
macro_rules! note {
    ($($text:tt)*) => { eprintln!($($text)*) };
}

/// An error with advice on what to do next.
#[derive(Debug)]
struct Hinted {
    error: anyhow::Error,
    hint: String,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The whole chain, as `{:#}` of the wrapped error.
        write!(f, "{:#}", self.error)
    }
}

impl std::error::Error for Hinted {}

/// Adds a `hint:` line to an error.
pub trait Hint<T> {
    /// Says what to do about the error, in one line.
    ///
    /// # Errors
    /// The same as before, with the hint.
    fn hint(self, hint: impl Into<String>) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> Hint<T> for Result<T, E> {
    fn hint(self, hint: impl Into<String>) -> anyhow::Result<T> {
        self.map_err(|error| {
            let (error, hint) = (error.into(), hint.into());
            anyhow::Error::new(Hinted { error, hint })
        })
    }
}

/// How a batch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    All,
    /// Nothing was done.
    Nothing,
    /// Some were done, some failed.
    Some,
}

impl Outcome {
    /// The outcome of a batch with so many good and bad files.
    #[must_use]
    pub const fn of(good: usize, bad: usize) -> Self {
        match (good, bad) {
            (_, 0) => Self::All,
            (0, _) => Self::Nothing,
            _ => Self::Some,
        }
    }
}

/// What came of a batch of files. One that fails stops no other.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Done now.
    pub done: usize,
    /// Done before.
    pub kept: usize,
    /// Names of what failed, and why.
    pub failed: Vec<(String, String)>,
}

impl Batch {
    /// Counts what came of each file, by its name: whether it was done now.
    pub fn of<N: ToString>(outcomes: impl IntoIterator<Item = (N, anyhow::Result<bool>)>) -> Self {
        let mut batch = Self::default();
        for (name, outcome) in outcomes {
            match outcome {
                Ok(true) => batch.done += 1,
                Ok(false) => batch.kept += 1,
                Err(error) => batch.failed.push((name.to_string(), format!("{error:#}"))),
            }
        }
        batch
    }

    /// How it ended; prints what failed.
    #[must_use]
    pub fn end(&self) -> Outcome {
        for (name, reason) in &self.failed {
            note!("failed: {name}: {reason}");
        }
        self.outcome()
    }

    /// How it ended.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        Outcome::of(self.done + self.kept, self.failed.len())
    }
}

/// Prints an error and, where there is one, its hint.
pub fn report(error: &anyhow::Error) {
    eprintln!("{} {error:#}", paint("error:", "1;31"));
    if let Some(hint) = hint(error) {
        advise(hint);
    }
}

/// An error and its hint in one line, as the message of a song.
pub fn line(error: &anyhow::Error) -> String {
    let advice = hint(error).map_or_else(String::new, |hint| format!("; {hint}"));
    format!("{error:#}{advice}")
}

fn hint(error: &anyhow::Error) -> Option<&str> {
    let mut hinted = error.chain().filter_map(|cause| cause.downcast_ref());
    hinted.next().map(|hinted: &Hinted| hinted.hint.as_str())
}

/// Prints what to do next, where nothing failed but something is missing.
pub fn advise(hint: &str) {
    eprintln!("{} {hint}", paint("hint:", "1;36"));
}

/// As `note!`, of a whole text.
pub fn note(text: &str) {
    eprintln!("{text}");
}

/// Writes data to stdout. A reader that has left (`| head`) is no error.
///
/// # Errors
/// When stdout can't be written to for another reason.
pub fn data(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// A bar for `total` steps, gone when it is dropped; invisible where stderr is no terminal.
#[must_use]
pub fn progress(total: usize, what: &'static str) -> ProgressBar {
    bar(total, what, "{prefix} [{bar:30}] {pos}/{len}, {eta} left")
}

/// The same with the number of steps a second.
#[must_use]
pub fn pace(total: usize, what: &'static str) -> ProgressBar {
    let template = "{prefix} [{bar:30}] {pos}/{len}, {per_sec}, {eta} left";
    bar(total, what, template)
}

fn bar(total: usize, what: &'static str, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr())
        .with_finish(ProgressFinish::AndClear);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(what);
    bar
}

/// `1.2 s`, `3 min 05 s`.
#[must_use]
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", time.as_secs_f64());
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

/// Colours a word for a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
fn paint(word: &str, code: &str) -> String {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if plain || !io::stderr().is_terminal() {
        return word.to_owned();
    }
    format!("\x1b[{code}m{word}\x1b[0m")
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn a_hint_survives_more_context() {
        let error = Err::<(), _>(anyhow::anyhow!("no file"))
            .hint("make one")
            .context("reading")
            .unwrap_err();
        assert_eq!(format!("{error:#}"), "reading: no file");
        assert_eq!(line(&error), "reading: no file; make one");
        assert_eq!(line(&anyhow::anyhow!("no file")), "no file");
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(Duration::from_millis(1230)), "1.2 s");
        assert_eq!(duration(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn a_batch_has_three_ends() {
        assert_eq!(Outcome::of(0, 0), Outcome::All);
        assert_eq!(Outcome::of(3, 0), Outcome::All);
        assert_eq!(Outcome::of(0, 2), Outcome::Nothing);
        assert_eq!(Outcome::of(1, 2), Outcome::Some);
    }
}

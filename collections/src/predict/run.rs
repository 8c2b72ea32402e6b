//! A run over many songs.

use std::io::{self, BufReader, Write};
use std::path::PathBuf;

use anyhow::Result;
use indicatif::ProgressBar;

use super::clips::Clips;
use super::court::{Court, Options};
use super::protocol::{self, Answer, PROTOCOL};
use super::song::Asked;
use super::songs::{Found, find};
use crate::console::{self, Outcome};
use crate::files;
use crate::results::{Format, Shard, Sink, is_left, sink};

/// Where the songs come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Files, and folders to search.
    Paths(Vec<PathBuf>),
    /// Parquet tables with the bytes of a song in each row, in that column.
    Tables(Vec<PathBuf>, String),
    /// Stdin: requests that end with this byte.
    Stream(u8),
}

/// Which results, and where they go.
#[derive(Debug, Clone)]
pub struct Output {
    /// The part of the songs that is judged.
    pub shard: Shard,
    /// A file that appears whole or not at all; `None` for stdout.
    pub file: Option<PathBuf>,
    /// Its form.
    pub format: Format,
}

/// Judges songs and writes each result as soon as those before it are there.
///
/// # Errors
/// When a source, a model or the store is refused, the result can't be written, or with
/// `strict` a song gets no verdict.
pub fn run(source: &Source, options: &Options, output: &Output) -> Result<Outcome> {
    let court = Court::open(options)?;
    match source {
        Source::Paths(inputs) => {
            let found = find(inputs, output.shard)?;
            let bar = console::pace(found.len(), "songs");
            write(&court, found.into_iter().map(Asked::from), &bar, output)
        }
        Source::Tables(files, column) => {
            let open = |file: &PathBuf| Clips::open(file, column);
            let tables: Vec<Clips> = files.iter().map(open).collect::<Result<_>>()?;
            let bar = console::pace(tables.iter().map(Clips::rows).sum(), "songs");
            let songs = tables.into_iter().map(|table| table.songs(output.shard));
            let songs: Vec<_> = songs.collect::<Result<_>>()?;
            write(
                &court,
                songs.into_iter().flatten().map(Asked::from),
                &bar,
                output,
            )
        }
        Source::Stream(end) => {
            let songs = protocol::requests(BufReader::new(io::stdin()), *end);
            if output.format == Format::Jsonl && output.file.is_none() {
                return answer(&court, songs);
            }
            write(&court, songs, &ProgressBar::hidden(), output)
        }
    }
}

/// Judges songs as they are found, onto stdout.
///
/// # Errors
/// As [`run`].
pub fn run_found(
    found: impl Iterator<Item = Found> + Send,
    options: &Options,
    format: Format,
) -> Result<Outcome> {
    let court = Court::open(options)?;
    let output = Output {
        shard: Shard::ALL,
        file: None,
        format,
    };
    write(
        &court,
        found.map(Asked::from),
        &ProgressBar::hidden(),
        &output,
    )
}

/// Answers each request on a line of its own.
fn answer(court: &Court, songs: impl Iterator<Item = Asked> + Send) -> Result<Outcome> {
    let mut out = io::stdout();
    court.judge(songs, &ProgressBar::hidden(), |id, record| {
        let protocol = PROTOCOL;
        let answer = Answer {
            protocol,
            id,
            record,
        };
        writeln!(out, "{}", serde_json::to_string(&answer)?)?;
        Ok(out.flush()?)
    })
}

/// Judges songs into a file or onto stdout.
fn write(
    court: &Court,
    songs: impl Iterator<Item = Asked> + Send,
    bar: &ProgressBar,
    output: &Output,
) -> Result<Outcome> {
    let mut judged = Outcome::Nothing;
    to(output, |sink| {
        judged = court.judge(songs, bar, |_, record| sink.push(record))?;
        Ok(())
    })?;
    Ok(judged)
}

/// Hands `fill` what writes results.
///
/// # Errors
/// When they can't be written, and those of `fill`.
pub fn to(output: &Output, fill: impl FnOnce(&mut dyn Sink) -> Result<()>) -> Result<()> {
    let write = |out: &mut (dyn Write + Send)| {
        let mut sink = sink(out, output.format)?;
        match fill(sink.as_mut()) {
            Ok(()) => sink.finish(),
            Err(error) => {
                sink.abandon()?;
                Err(error)
            }
        }
    };
    match &output.file {
        Some(path) => files::write_whole(path, write),
        None => match write(&mut io::stdout()) {
            Err(error) if is_left(&error) => Ok(()),
            written => written,
        },
    }
}

//! Judges broken copies of a song that is surely calm, in five formats, and counts what came of them:
//! `broken trainer|page [COPIES [FIRST SEED]]`, by the trainer or by the page in headless
//! Chromium, whose workers fail now and then. What got a sure mood that is not the song's is
//! listed with its seed; so is what took too long, or brought the program down.

use std::collections::{BTreeMap, HashSet};
use std::env;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use browser_tests::browser::{Browser, Options};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::server::Server;
use browser_tests::songs::{Shelf, Sound};
use browser_tests::waiting;
use fuzz::Faults;
use serde::Deserialize;
use serde_json::{Value, json};

/// What the song surely is.
const MOOD: &str = "calm";
/// Songs that the page is given at once.
const BATCH: u64 = 50;
/// Longest patience for them.
const PATIENCE: Duration = Duration::from_mins(10);
/// Longer than this for ten seconds of sound is told.
const SLOW: Duration = Duration::from_secs(10);

/// A format and the whole file.
type Whole = (&'static str, Vec<u8>);

/// How many copies of each format came to what.
#[derive(Default)]
struct Counts {
    outcomes: BTreeMap<(&'static str, String), usize>,
    told: Vec<String>,
}

impl Counts {
    fn add(&mut self, format: &'static str, seed: u64, outcome: String) {
        if outcome.starts_with("sure: ") && outcome != format!("sure: {MOOD}")
            || outcome == "internal"
        {
            self.told.push(format!("seed {seed} ({format}): {outcome}"));
        }
        *self.outcomes.entry((format, outcome)).or_default() += 1;
    }

    /// A line an outcome, a column a format.
    fn table(&self, formats: &[&str]) -> String {
        let mut text = format!("| outcome | {} | all |\n|---|", formats.join(" | "));
        text += &"---|".repeat(formats.len() + 1);
        let mut outcomes: Vec<&String> = self.outcomes.keys().map(|(_, outcome)| outcome).collect();
        outcomes.sort_unstable();
        outcomes.dedup();
        for outcome in outcomes {
            let count = |format: &&str| {
                let found = self
                    .outcomes
                    .iter()
                    .find(|((of, what), _)| of == format && what == outcome);
                found.map_or(0, |(_, count)| *count)
            };
            let counts: Vec<usize> = formats.iter().map(count).collect();
            let cells: Vec<String> = counts.iter().map(usize::to_string).collect();
            let all: usize = counts.iter().sum();
            // Writing to a String can't fail.
            let _ = write!(text, "\n| {outcome} | {} | {all} |", cells.join(" | "));
        }
        text
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[String]) -> Result<()> {
    let number = |n: usize, default: u64| {
        let given = arguments.get(n).map(|text| text.parse::<u64>());
        given.transpose().map(|given| given.unwrap_or(default))
    };
    let (copies, first) = (number(1, 1_000)?, number(2, 0)?);
    let songs = songs()?;
    let seeds = first..first + copies;
    let counts = match arguments.first().map(String::as_str) {
        Some("trainer") => by_trainer(&songs, seeds)?,
        Some("page") => by_page(&songs, seeds).await?,
        _ => bail!("say who judges: broken trainer|page [COPIES [FIRST SEED]]"),
    };
    println!(
        "{}",
        counts.table(&songs.each_ref().map(|(format, _)| *format))
    );
    counts.told.iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn songs() -> Result<[Whole; 5]> {
    let read = |format: &'static str| -> Result<Whole> {
        Ok((
            format,
            std::fs::read(paths::data(&format!("calm/calm.{format}"))?)?,
        ))
    };
    let wav = ("wav", Sound::of("calm/calm.flac")?.to_wav());
    Ok([read("mp3")?, read("ogg")?, read("flac")?, read("m4a")?, wav])
}

fn broken(songs: &[Whole], seed: u64) -> (&'static str, Vec<u8>) {
    let (format, whole) = &songs[seed as usize % songs.len()];
    (format, Faults::of_seed(seed).broken(whole))
}

/// Through `trainer predict -`, one after the other, so that each can be timed.
fn by_trainer(songs: &[Whole], seeds: Range<u64>) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut judge = Command::new(paths::trainer()?)
        .args(["predict", "--no-store", "--jobs", "1", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut ask = judge.stdin.take().context("no stdin")?;
    let mut answers = BufReader::new(judge.stdout.take().context("no stdout")?).lines();
    for seed in seeds {
        let (format, bytes) = broken(songs, seed);
        let start = Instant::now();
        writeln!(
            ask,
            "{}",
            json!({ "id": seed, "bytes": STANDARD.encode(bytes) })
        )?;
        let answer = answers
            .next()
            .with_context(|| format!("no answer to seed {seed}"))??;
        let answer: Value = serde_json::from_str(&answer)?;
        ensure!(
            answer["id"] == seed,
            "another answer to seed {seed}: {answer}"
        );
        if start.elapsed() > SLOW {
            let seconds = start.elapsed().as_secs();
            counts
                .told
                .push(format!("seed {seed} ({format}): {seconds} s"));
        }
        counts.add(format, seed, outcome(&answer));
    }
    drop(ask);
    ensure!(judge.wait()?.code().is_some(), "the program was killed");
    Ok(counts)
}

/// What stands in an answer.
fn outcome(answer: &Value) -> String {
    let (report, error) = (&answer["report"], &answer["error"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if error.is_object() {
        return text(&error["kind"]);
    }
    match text(&report["kind"]).as_str() {
        "music" if report["unsure"] == true => "unsure".to_owned(),
        "music" => format!("sure: {}", text(&report["mood"])),
        _ => "no music".to_owned(),
    }
}

/// A row of the page's list.
#[derive(Deserialize)]
struct Row {
    seed: u64,
    state: String,
    error: Option<String>,
    mood: Option<String>,
    unsure: Option<String>,
}

const ROWS: &str = "return Array.from(document.querySelectorAll('#queue > li'), ({ dataset }) => ({ \
    seed: Number(dataset.name.split('.')[0]), state: dataset.state, error: dataset.error ?? null, \
    mood: dataset.mood ?? null, unsure: dataset.unsure ?? null }))";
/// Keeps the workers that are started.
const NOTE_WORKERS: &str = "window.started = []; window.Worker = class extends Worker { \
    constructor(...given) { super(...given); window.started.push(this); } }";
/// Lets one of them fail.
const TRAP: &str = "const worker = window.started[arguments[0] % window.started.length]; \
    worker?.dispatchEvent(new ErrorEvent('error', { message: 'unreachable' }))";

async fn by_page(songs: &[Whole], seeds: Range<u64>) -> Result<Counts> {
    let mut counts = Counts::default();
    let server = Server::start(paths::dist()?)?;
    let browser = Browser::start(Options::default()).await?;
    let page = Page::open(&browser, &server).await?;
    page.wait_until_offline_ready().await?;
    browser.run(NOTE_WORKERS, &[]).await?;
    let mut from = seeds.start;
    while from < seeds.end {
        let until = (from + BATCH).min(seeds.end);
        judge_batch(&page, songs, from..until, &mut counts).await?;
        from = until;
    }
    // After all that, a song is still judged.
    let whole = page.judge(&paths::data("calm/calm.mp3")?).await?;
    ensure!(
        whole.mood.name() == MOOD,
        "the whole song is {}",
        whole.mood.name()
    );
    Ok(counts)
}

/// Judges a folder of copies; while it does, one worker fails.
async fn judge_batch(
    page: &Page<'_>,
    songs: &[Whole],
    seeds: Range<u64>,
    counts: &mut Counts,
) -> Result<()> {
    let shelf = Shelf::new()?;
    // The page leaves empty files aside, and shows two of the same contents once.
    let mut written = HashSet::from([Vec::new()]);
    for seed in seeds.clone() {
        let (format, bytes) = broken(songs, seed);
        if written.insert(bytes.clone()) {
            shelf.put(&format!("Broken/{seed}.{format}"), &bytes)?;
        }
    }
    let count = written.len() - 1;
    page.choose_folder(&shelf.folder().join("Broken")).await?;
    let has_ended = |row: &Row| ["done", "failed", "cancelled"].contains(&row.state.as_str());
    let when = seeds.start as usize / 7 % count;
    let mut traps = 0;
    let rows = waiting::until_within(PATIENCE, "broken songs end", async || {
        let rows: Vec<Row> = serde_json::from_value(page.browser.run(ROWS, &[]).await?)?;
        let ended = rows.iter().filter(|row| has_ended(row)).count();
        if traps == 0 && ended > when && ended < count {
            page.browser.run(TRAP, &[json!(when)]).await?;
            traps += 1;
        }
        Ok((rows.len() == count && ended == count).then_some(rows))
    })
    .await?;
    for row in rows {
        let (format, _) = songs[row.seed as usize % songs.len()];
        let outcome = match (row.error, row.mood, row.unsure.as_deref()) {
            (Some(error), ..) if error == "internal" && traps > 0 => {
                traps -= 1;
                "its worker was made to fail".to_owned()
            }
            (Some(error), ..) => error,
            (None, None, _) => "no music".to_owned(),
            (None, Some(_), Some("true")) => "unsure".to_owned(),
            (None, Some(mood), _) => format!("sure: {mood}"),
        };
        counts.add(format, row.seed, outcome);
    }
    page.forget_all().await
}

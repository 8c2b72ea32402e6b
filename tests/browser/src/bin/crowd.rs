//! Judges a folder of many songs in headless Chromium: `crowd [--cores N] [SONGS [FILE]]` prints
//! songs a minute, the memory of the page and of a worker as the count grows, and the tasks that
//! kept the page from answering. The songs are copies of that file, or 4 s long each; the page
//! believes that the machine has so many cores, by which it chooses the number of its workers.

use std::env;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use browser_tests::browser::{Browser, Options};
use browser_tests::page::{Page, Row};
use browser_tests::paths;
use browser_tests::server::Server;
use browser_tests::songs::{Shelf, Sound};
use browser_tests::waiting;
use serde_json::json;

/// Songs where nothing else is asked for.
const SONGS: usize = 300;
/// Times that the memory is read.
const READINGS: usize = 6;
/// Longest patience for a share of the songs.
const PATIENCE: Duration = Duration::from_mins(30);

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = env::args().skip(1).peekable();
    let is_told = arguments
        .next_if(|argument| argument == "--cores")
        .is_some();
    let mut number = || arguments.next()?.parse().ok();
    let cores = if is_told { number() } else { None };
    let songs = number().unwrap_or(SONGS);
    match run(cores, songs, arguments.next()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cores: Option<usize>, songs: usize, file: Option<String>) -> Result<()> {
    let shelf = Shelf::new()?;
    match file {
        Some(file) => put_copies(&shelf, songs, Path::new(&file))?,
        None => put_parts(&shelf, songs)?,
    }
    let server = Server::start(paths::dist()?)?;
    let browser = Browser::start(Options::default()).await?;
    if let Some(cores) = cores {
        browser.pretend_cores(cores)?;
    }
    let page = Page::open(&browser, &server).await?;
    page.wait_until_offline_ready().await?;
    browser.run(WATCH_TASKS, &[]).await?;
    let start = Instant::now();
    page.choose_folder(&shelf.folder().join("Crowd")).await?;
    for reading in 1..=READINGS {
        let count = (songs * reading / READINGS).max(1);
        report(&page, count, start).await?;
    }
    let tasks: Vec<f64> = serde_json::from_value(browser.run("return window.tasks", &[]).await?)?;
    println!(
        "{} tasks over 50 ms, the longest {:.0} ms, together {:.0} ms",
        tasks.len(),
        tasks.iter().copied().fold(0.0, f64::max),
        tasks.iter().sum::<f64>()
    );
    Ok(())
}

/// Notes how long each task was that took more than 50 ms.
const WATCH_TASKS: &str = "window.tasks = []; \
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration))) \
        .observe({ type: 'longtask' })";

/// Songs of other contents each: a later start, and another first sample.
fn put_parts(shelf: &Shelf, songs: usize) -> Result<()> {
    let song = Sound::song()?;
    for index in 0..songs {
        let mut part = song.clone().part_ms(index as u32 % 60 * 97, 4_000);
        if let Some(sample) = part.samples.first_mut() {
            *sample = i16::try_from(index / 60)?;
        }
        shelf.put(&format!("Crowd/{index}.wav"), &part.to_wav())?;
    }
    Ok(())
}

/// Copies of a file that differ in what follows its sound.
fn put_copies(shelf: &Shelf, songs: usize, file: &Path) -> Result<()> {
    let mut bytes = std::fs::read(file)?;
    let extension = file.extension().context("a file without an extension")?;
    for index in 0..songs {
        bytes.push(0);
        let name = format!("Crowd/{index}.{}", extension.display());
        shelf.put(&name, &bytes)?;
    }
    Ok(())
}

/// Waits until so many songs have ended, and prints where things stand.
async fn report(page: &Page<'_>, count: usize, start: Instant) -> Result<()> {
    let what = format!("{count} songs end");
    waiting::until_within(PATIENCE, &what, async || {
        // Only their number: every value that is read stays in the page's heap for a while.
        let ended = page.browser.run(ENDED, &[]).await?.as_u64();
        Ok((ended >= Some(count as u64)).then_some(()))
    })
    .await?;
    let minutes = start.elapsed().as_secs_f64() / 60.0;
    let heap = heap(page.browser)?;
    let wasm = wasm(page.browser)?;
    let rows = page.rows().await?;
    let worker = rows.iter().rev().find_map(worker_bytes).unwrap_or_default();
    println!(
        "{count:>5} songs  {:>6.1} a minute  page {:>6.2} MB of objects, {:>6.2} MB of WebAssembly  worker {:>6.1} MB",
        count as f64 / minutes,
        heap / 1e6,
        wasm / 1e6,
        worker / 1e6
    );
    Ok(())
}

const ENDED: &str = "return document.querySelectorAll('#queue > [data-state=done], \
    #queue > [data-state=failed], #queue > [data-state=cancelled]').length";

/// What the page's script and elements hold after a collection, in bytes.
fn heap(browser: &Browser) -> Result<f64> {
    // What the first finds is gone only after the second.
    for _ in 0..2 {
        browser.devtools("HeapProfiler.collectGarbage", &json!({}))?;
    }
    let usage = browser.devtools("Runtime.getHeapUsage", &json!({}))?;
    let parts = ["usedSize", "embedderHeapUsedSize", "backingStorageSize"];
    parts
        .map(|part| usage[part].as_f64())
        .into_iter()
        .sum::<Option<f64>>()
        .context("this browser tells no memory")
}

/// The page's WebAssembly memory in bytes; the worker has its own.
fn wasm(browser: &Browser) -> Result<f64> {
    let prototype = json!({ "expression": "WebAssembly.Memory.prototype" });
    let prototype = browser.devtools("Runtime.evaluate", &prototype)?;
    let all = json!({ "prototypeObjectId": prototype["result"]["objectId"] });
    let all = browser.devtools("Runtime.queryObjects", &all)?;
    let sum = json!({
        "objectId": all["objects"]["objectId"],
        "functionDeclaration": "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) }",
    });
    let sum = browser.devtools("Runtime.callFunctionOn", &sum)?;
    sum["result"]["value"].as_f64().context("no memory")
}

fn worker_bytes(row: &Row) -> Option<f64> {
    row.wasm_bytes.as_deref()?.parse().ok()
}

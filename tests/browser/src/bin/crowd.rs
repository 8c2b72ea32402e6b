//! Judges a folder of many songs in headless Chromium: `crowd [SONGS]` prints songs a
//! minute, and the memory of the page and of its worker as the count grows.

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use browser_tests::browser::{Browser, Options};
use browser_tests::page::{Page, Row};
use browser_tests::paths;
use browser_tests::server::Server;
use browser_tests::songs::{Shelf, Sound};
use browser_tests::waiting::{self, PATIENCE};
use serde_json::json;

/// Songs where nothing else is asked for.
const SONGS: usize = 300;
/// Times that the memory is read.
const READINGS: usize = 6;
/// Longest patience for a share of the songs.
const MINUTES: u32 = 30;

#[tokio::main]
async fn main() -> ExitCode {
    let songs = env::args().nth(1).and_then(|count| count.parse().ok());
    match run(songs.unwrap_or(SONGS)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(songs: usize) -> Result<()> {
    let shelf = Shelf::new()?;
    let song = Sound::song()?;
    for index in 0..songs {
        // Other contents each: a later start, and another first sample.
        let mut part = song.clone().part_ms(index as u32 % 60 * 97, 4_000);
        if let Some(sample) = part.samples.first_mut() {
            *sample = i16::try_from(index / 60)?;
        }
        shelf.put(&format!("Crowd/{index}.wav"), &part.to_wav())?;
    }
    let server = Server::start(paths::dist()?)?;
    let browser = Browser::start(Options {
        flags: vec!["--enable-precise-memory-info".to_owned()],
        ..Options::default()
    })
    .await?;
    let page = Page::open(&browser, &server).await?;
    page.wait_until_offline_ready().await?;
    let start = Instant::now();
    page.choose_folder(&shelf.folder().join("Crowd")).await?;
    for reading in 1..=READINGS {
        let count = (songs * reading / READINGS).max(1);
        report(&page, count, start).await?;
    }
    Ok(())
}

/// Waits until so many songs have ended, and prints where things stand.
async fn report(page: &Page<'_>, count: usize, start: Instant) -> Result<()> {
    let what = format!("{count} songs end");
    let rows = waiting::until_within(MINUTES * PATIENCE, &what, async || {
        let rows = page.rows().await?;
        let ended = rows.iter().filter(|row| row.has_ended()).count();
        Ok((ended >= count).then_some(rows))
    })
    .await?;
    let minutes = start.elapsed().as_secs_f64() / 60.0;
    page.browser
        .devtools("HeapProfiler.collectGarbage", &json!({}))?;
    let heap = "return performance.memory.usedJSHeapSize";
    let heap = page.browser.run(heap, &[]).await?;
    let heap = heap.as_f64().context("this browser tells no memory")?;
    let worker = rows.iter().rev().find_map(worker_bytes).unwrap_or_default();
    println!(
        "{count:>5} songs  {:>6.1} a minute  page {:>6.1} MB  worker {:>6.1} MB",
        count as f64 / minutes,
        heap / 1e6,
        worker / 1e6
    );
    Ok(())
}

fn worker_bytes(row: &Row) -> Option<f64> {
    row.wasm_bytes.as_deref()?.parse().ok()
}

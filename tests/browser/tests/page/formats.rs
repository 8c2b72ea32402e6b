//! One song in every format, judged by the page and natively.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use browser_tests::engine::Engine;
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::{Shelf, Sound};
use undertone::report::{Entry, Outcome};
use undertone::{Mood, Report};

use crate::stage::Stage;

/// How far a probability of the page may be from the native one. The decoders differ by
/// less than 16 bits resolve, and wasm's sums are not in the same order.
const TOLERANCE: f32 = 0.02;

#[tokio::test(flavor = "multi_thread")]
async fn every_format_gets_the_native_verdict() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let song = Sound::song()?;
    // Slower and higher: of other rates, the lowest and the highest that people have.
    let [low, middle] = [8_000, 11_025].map(|rate| song.clone().first_ms(2_000).declared_at(rate));
    let songs = [
        shelf.put("song.wav", &song.to_wav())?,
        shelf.put("8-khz.wav", &low.to_wav())?,
        shelf.put("11-khz.wav", &middle.to_wav())?,
        shelf.put("176-khz.wav", &song.with_rate_times(4).to_wav())?,
        paths::data("song/song.flac")?,
        paths::data("song/song.mp3")?,
        paths::data("song/song.ogg")?,
        paths::data("song/song.m4a")?,
    ];
    let native = judge_natively(&songs)?;
    for (song, native) in songs.iter().zip(native) {
        let report = page.judge(song).await?;
        let name = song.display();
        assert_eq!(report.mood, native.mood, "{name}: another mood than native");
        assert_close(&report, &native, song);
    }
    Ok(())
}

/// A browser that decodes nothing.
const DUMB: &str = "BaseAudioContext.prototype.decodeAudioData = () => Promise.reject()";

#[tokio::test(flavor = "multi_thread")]
async fn a_long_song_is_decoded_by_the_worker() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let sound = Sound::song()?.repeated(30);
    let song = shelf.put("five-minutes.wav", &sound.to_wav())?;
    judge_without_the_browser(&page, &song).await
}

/// Compares the verdict of a song of five minutes with the native one.
pub async fn judge_without_the_browser(page: &Page<'_>, song: &Path) -> Result<()> {
    page.browser.run(DUMB, &[]).await?;
    let native = judge_natively(&[song.to_owned()])?;
    let report = page.judge(song).await?;
    assert!(native[0].duration_s > 299.0, "{native:?}");
    assert!(
        (report.duration_s - native[0].duration_s).abs() < 1e-9,
        "{report:?}"
    );
    assert_close(&report, &native[0], song);
    Ok(())
}

/// A row of the table in `docs/formats.md`.
struct Format {
    page: String,
    trainer: String,
    files: Vec<PathBuf>,
}

/// The rows of that table that name files.
fn listed() -> Result<Vec<Format>> {
    let text = fs::read_to_string(paths::docs("formats.md")?)?;
    let rows = text
        .lines()
        .skip_while(|line| !line.contains("| tried with |"));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let file = |name: &str| {
        let folder = |folder| paths::data(&format!("{folder}/{name}"));
        folder("audio").or_else(|_| folder("formats"))
    };
    let mut formats = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, _, page, trainer, files, _] = cells[..] else {
            bail!("another table than expected: {row}")
        };
        let files = files.split(", ").filter(|name| !name.is_empty());
        formats.push(Format {
            page: page.to_owned(),
            trainer: trainer.to_owned(),
            files: files.map(file).collect::<Result<_>>()?,
        });
    }
    ensure!(
        formats.iter().any(|format| !format.files.is_empty()),
        "no files"
    );
    Ok(formats)
}

/// Whether the page can decode the file; most of them are too short for a verdict.
async fn page_hears(page: &Page<'_>, file: &Path) -> Result<bool> {
    let jobs = page.choose(&[file]).await?;
    let row = page.wait_for_end(jobs[0]).await?;
    Ok(matches!(row.error.as_deref(), None | Some("too-short")))
}

fn trainer_hears(file: &Path) -> Result<bool> {
    let output = Command::new(paths::trainer()?)
        .args(["predict", "--no-store", "--format", "json", "--models"])
        .arg(paths::dist()?.join("models"))
        .arg(file)
        .output()?;
    let entries: Vec<Entry> = serde_json::from_slice(&output.stdout)?;
    Ok(match &entries[0].outcome {
        Outcome::Ok { .. } => true,
        Outcome::Error { error } => error.kind == "too-short",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_of_formats_says_who_decodes_what() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let formats = listed()?;
    // The table is Chromium's: Firefox opens one file less, and WebKit ALAC.
    let differs: &[&str] = match Engine::chosen()? {
        Engine::Chromium => &[],
        Engine::Firefox => &["flac.mka"],
        Engine::WebKit => &["alac.m4a"],
    };
    let mut found = Vec::new();
    let files = || {
        formats
            .iter()
            .flat_map(|format| format.files.iter().map(move |file| (format, file)))
    };
    for (format, file) in files() {
        let name = file.display();
        assert_eq!(
            trainer_hears(file)?,
            format.trainer == "own",
            "trainer: {name}"
        );
        // ALAC is Safari's alone.
        let heard = ["own", "browser"].contains(&format.page.as_str());
        if page_hears(&page, file).await? != heard {
            found.extend(file.file_name().and_then(OsStr::to_str).map(str::to_owned));
        }
    }
    assert_eq!(found, differs, "page");
    // What is known would be answered without work.
    page.forget_all().await?;
    page.browser.run(DUMB, &[]).await?;
    for (format, file) in files() {
        let heard = page_hears(&page, file).await?;
        assert_eq!(
            heard,
            format.page == "own",
            "page's own: {}",
            file.display()
        );
    }
    Ok(())
}

/// The reports of `trainer predict` with the models that the page ships.
fn judge_natively(songs: &[PathBuf]) -> Result<Vec<Report>> {
    let output = Command::new(paths::trainer()?)
        .args(["predict", "--strict", "--format", "json", "--models"])
        .arg(paths::dist()?.join("models"))
        .args(songs)
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "trainer predict: {said}");
    let entries: Vec<Entry> =
        serde_json::from_slice(&output.stdout).context("trainer predict wrote no JSON")?;
    entries
        .into_iter()
        .map(|entry| match entry.outcome {
            Outcome::Ok { report } => Ok(*report),
            Outcome::Error { error } => bail!("{}: {}", entry.file, error.message),
        })
        .collect()
}

/// Compares the joined probabilities and those of both judges.
fn assert_close(page: &Report, native: &Report, song: &Path) {
    let sets = [
        ("joined", page.moods, native.moods),
        (
            "network",
            page.judges.network.moods,
            native.judges.network.moods,
        ),
        (
            "ensemble",
            page.judges.ensemble.moods,
            native.judges.ensemble.moods,
        ),
    ];
    for (set, page, native) in sets {
        for mood in Mood::ALL {
            let (page, native) = (page.get(mood), native.get(mood));
            assert!(
                (page - native).abs() <= TOLERANCE,
                "{}: {set}, {mood}: {page} on the page, {native} native",
                song.display()
            );
        }
    }
}

//! One song in every format, judged by the page and natively.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
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
    let songs = [
        shelf.put("song.wav", &Sound::song()?.to_wav())?,
        paths::data("song/song.flac")?,
        paths::data("song/song.mp3")?,
        paths::data("song/song.ogg")?,
        paths::data("song/song.m4a")?,
    ];
    let native = judge_natively(&songs)?;
    let first = native[0].mood;
    for (song, native) in songs.iter().zip(native) {
        let report = page.judge(song).await?;
        let name = song.display();
        assert_eq!(report.mood, first, "{name}: another mood than the WAV's");
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

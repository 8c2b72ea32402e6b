//! Several songs, one after another.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, ensure};
use browser_tests::paths;
use browser_tests::songs::{Shelf, Sound};
use serde_json::json;
use undertone::card::sha256_hex;

use crate::stage::Stage;

/// The song is 10 s long; this many make ten minutes.
const TIMES: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_song_is_cancelled_in_the_middle_and_the_next_is_judged() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let long = shelf.put("long.wav", &Sound::song()?.repeated(TIMES).to_wav())?;
    let next = paths::data("song/song.mp3")?;
    let jobs = page.choose(&[&long, &next]).await?;

    page.wait_for_state(jobs[0], "analysing").await?;
    page.click(&format!("[data-job='{}'] [data-action=cancel]", jobs[0]))
        .await?;

    assert_eq!(page.wait_for_end(jobs[0]).await?.state, "cancelled");
    assert_eq!(page.wait_for_end(jobs[1]).await?.state, "done");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_song_is_cancelled_and_the_others_are_judged() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let long = shelf.put("long.wav", &Sound::song()?.repeated(TIMES / 4).to_wav())?;
    let song = paths::data("song/song.ogg")?;
    let jobs = page.choose(&[&long, &song, &song]).await?;

    page.click(&format!("[data-job='{}'] [data-action=cancel]", jobs[2]))
        .await?;

    assert_eq!(page.wait_for_end(jobs[2]).await?.state, "cancelled");
    assert_eq!(page.wait_for_end(jobs[0]).await?.state, "done");
    assert_eq!(page.wait_for_end(jobs[1]).await?.state, "done");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_song_of_five_spoils_no_other() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let files = [
        paths::data("song/song.mp3")?,
        paths::data("song/song.ogg")?,
        paths::data("bad/text.mp3")?,
        paths::data("song/song.flac")?,
        paths::data("song/song.m4a")?,
    ];
    let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    let jobs = page.choose(&files).await?;

    let mut ends = Vec::new();
    for job in &jobs {
        let row = page.wait_for_end(*job).await?;
        ends.push((row.state, row.error));
    }
    let done = || ("done".to_owned(), None);
    let failed = ("failed".to_owned(), Some("undecodable".to_owned()));
    assert_eq!(ends, [done(), done(), failed, done(), done()]);

    page.judge(&paths::data("song/song.ogg")?).await?;
    Ok(())
}

/// Whatever hashes files beside the page is not there.
const NO_HASHER: &str = r#"
    const own = window.Worker;
    window.Worker = class extends own {
        constructor(url, ...more) {
            super(String(url).endsWith("hash.js") ? "missing.js" : url, ...more);
        }
    };
"#;

#[tokio::test(flavor = "multi_thread")]
async fn songs_are_known_by_their_contents_whoever_hashes_them() -> Result<()> {
    let stage = Stage::set().await?;
    let shelf = Shelf::new()?;
    // More than is hashed in one piece.
    let long = shelf.put("long.wav", &Sound::song()?.repeated(TIMES).to_wav())?;
    let files = [
        paths::data("song/song.mp3")?,
        paths::data("song/song.ogg")?,
        long,
    ];
    ensure!(std::fs::metadata(&files[2])?.len() > 64_000_000);
    let expected = files
        .iter()
        .map(|file| Ok(sha256_hex(&std::fs::read(file)?)));
    let expected = expected.collect::<Result<BTreeSet<_>>>()?;
    for script in ["", NO_HASHER] {
        let source = json!({ "source": script });
        let script = "Page.addScriptToEvaluateOnNewDocument";
        stage.browser.devtools(script, &source)?;
        let page = stage.page().await?;
        let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
        for job in page.choose(&files).await? {
            assert_eq!(page.wait_for_end(job).await?.state, "done");
        }
        page.show_library().await?;
        let library = page.library().await?;
        let hashes: BTreeSet<_> = library.into_iter().map(|row| row.hash).collect();
        assert_eq!(hashes, expected);
        page.forget_all().await?;
    }
    Ok(())
}

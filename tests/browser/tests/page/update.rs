//! A newer version of the page, which waits while a song is judged.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use browser_tests::browser::Options;
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::{Shelf, Sound};
use browser_tests::waiting;
use serde_json::{Value, json};

use crate::stage::Stage;

/// Makes a second folder with the same files.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Puts a service worker of another version into the folder.
fn publish(folder: &Path) -> Result<()> {
    change(folder, "{\"version\":\"", "{\"version\":\"newer-")
}

/// Changes the service worker in the folder where these words first stand.
fn change(folder: &Path, from: &str, to: &str) -> Result<()> {
    let script = folder.join("sw.js");
    let old = fs::read_to_string(&script)?;
    let new = old.replacen(from, to, 1);
    ensure!(old != new, "sw.js does not say {from}");
    Ok(fs::write(script, new)?)
}

async fn wait_until_anew(page: &Page<'_>) -> Result<()> {
    waiting::until_within(
        5 * waiting::PATIENCE,
        "the page is loaded anew",
        async || Ok((!is_old(page).await.unwrap_or(true)).then_some(())),
    )
    .await?;
    page.wait_until_loaded().await
}

/// Looks for a newer version, as browsers do once a day.
const LOOK: &str = "const registration = await navigator.serviceWorker.getRegistration(); \
    await registration.update(); return true";
const MARK: &str = "window.before = true";
const IS_MARKED: &str = "return window.before === true";

async fn is_old(page: &Page<'_>) -> Result<bool> {
    Ok(page.browser.run(IS_MARKED, &[]).await? == Value::Bool(true))
}

/// A stage that serves a copy of the page from the shelf, and the copy's folder.
async fn serving_a_copy(shelf: &Shelf) -> Result<(Stage, PathBuf)> {
    let dist = shelf.folder().join("dist");
    copy(&paths::dist()?, &dist)?;
    let stage = Stage::serving(dist.clone(), Options::default()).await?;
    Ok((stage, dist))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_version_waits_until_the_song_is_judged() -> Result<()> {
    let shelf = Shelf::new()?;
    let (stage, dist) = serving_a_copy(&shelf).await?;
    let page = stage.page().await?;
    page.wait_until_offline_ready().await?;
    page.browser.run(MARK, &[]).await?;
    publish(&dist)?;
    page.wait_for_script(LOOK, &[]).await?;
    page.wait_for("#update").await?;
    assert_eq!(page.texts("#update").await?, ["New version: reload"]);
    assert_eq!(page.text_of("status").await?, "New version: reload");

    // It is stored by now: the song need only be longer than a click takes.
    let long = shelf.put("long.wav", &Sound::song()?.repeated(60).to_wav())?;
    let jobs = page.choose(&[&long]).await?;
    page.wait_for_state(jobs[0], "analysing").await?;
    page.click("#update").await?;
    page.wait_for("#update[aria-pressed=true]").await?;
    assert_eq!(page.texts("#update").await?, ["Reloads when all is done"]);
    let rows = page.rows().await?;
    assert_eq!(rows[0].state, "analysing", "the song was too short");

    wait_until_anew(&page).await?;
    let rows = page.wait_for_library(1).await?;
    assert_eq!(rows[0].name, "long.wav", "the song was judged before");
    assert!(page.rows().await?.is_empty(), "nothing is left to judge");
    let caches = "const names = await caches.keys(); return names.filter((name) => name.includes('newer-')).length";
    assert_eq!(page.wait_for_script(caches, &[]).await?, json!(1));
    assert!(page.texts("#update").await?.is_empty());
    Ok(())
}

//! What survives a browser that clears its storage: the promise that it won't, and a backup.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::Shelf;
use browser_tests::waiting;
use fantoccini::Locator;
use serde_json::json;

use crate::stage::Stage;

/// Saves a backup into that folder.
async fn saved(page: &Page<'_>, folder: &Path) -> Result<PathBuf> {
    let behaviour = json!({ "behavior": "allow", "downloadPath": folder });
    page.browser
        .devtools("Browser.setDownloadBehavior", &behaviour)?;
    let open = "document.querySelector('.library-foot').open = true";
    page.browser.run(open, &[]).await?;
    page.click("#save-backup").await?;
    let close = "document.querySelector('.library-foot').open = false";
    page.browser.run(close, &[]).await?;
    waiting::until("a backup is saved", async || {
        let files = std::fs::read_dir(folder)?;
        let files: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
        let backup = files.into_iter().find(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("undertone-backup-") && name.ends_with(".json")
        });
        Ok(backup)
    })
    .await
}

/// Restores that file, and waits until the page says something with that word.
async fn restored(page: &Page<'_>, file: &Path, word: &str) -> Result<()> {
    let input = page.browser.client.find(Locator::Id("backup-input"));
    let path = file.to_str().context("a path that is not UTF-8")?;
    input.await?.send_keys(path).await?;
    waiting::until(&format!("the page says {word:?}"), async || {
        let text = page.text_of("backup-note").await?;
        Ok(text.contains(word).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_brings_back_what_was_forgotten_and_keeps_what_was_said() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let mp3 = page.judge(&paths::data("song/song.mp3")?).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.click("[data-said=sad]").await?;
    page.wait_for("[data-said=sad][aria-pressed=true]").await?;
    page.show_library().await?;
    let shelf = Shelf::new()?;
    let backup = saved(&page, shelf.folder()).await?;

    // Refused by name, and nothing is changed.
    let whole = std::fs::read_to_string(&backup)?;
    let newer = shelf.put("newer.json", whole.replacen(":1,", ":9,", 1).as_bytes())?;
    restored(&page, &newer, "newer version").await?;
    let cut = shelf.put("cut.json", &whole.as_bytes()[..whole.len() / 2])?;
    restored(&page, &cut, "damaged").await?;
    let foreign = shelf.put("foreign.json", b"[]")?;
    restored(&page, &foreign, "no backup").await?;
    assert_eq!(page.library().await?.len(), 2);

    page.forget_all().await?;
    restored(&page, &backup, "2 songs came out").await?;
    page.show_library().await?;
    let rows = page.wait_for_library(2).await?;
    let row = rows.iter().find(|row| row.name == "song.ogg");
    assert_eq!(row.map(|row| row.mood.as_str()), Some("sad"));
    let job = page.open_from_library("song.mp3").await?;
    assert_eq!(page.report(job).await?, mp3);

    // What is said here stays before what the backup says.
    page.show_library().await?;
    page.open_from_library("song.ogg").await?;
    page.click("[data-said=happy]").await?;
    page.wait_for("[data-said=happy][aria-pressed=true]")
        .await?;
    restored(&page, &backup, "were here already").await?;
    page.reload_once_written().await?;
    let rows = page.wait_for_library(2).await?;
    let row = rows.iter().find(|row| row.name == "song.ogg");
    assert_eq!(row.map(|row| row.mood.as_str()), Some("happy"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_is_asked_to_keep_the_first_song_and_its_answer_is_said() -> Result<()> {
    for (answer, said) in [("true", "promised not to"), ("false", "has not promised")] {
        let stage = Stage::set().await?;
        let answers = format!(
            "StorageManager.prototype.persisted = async () => false;
             StorageManager.prototype.persist = async () => {{ window.asked = (window.asked ?? 0) + 1; return {answer}; }};"
        );
        stage.browser.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            &json!({ "source": answers }),
        )?;
        let page = stage.page().await?;
        page.judge(&paths::data("song/song.mp3")?).await?;
        page.judge(&paths::data("song/song.ogg")?).await?;
        waiting::until("the answer is said", async || {
            let text = page.text_of("persistence").await?;
            Ok(text.contains(said).then_some(()))
        })
        .await?;
        let asked = page.browser.run("return window.asked", &[]).await?;
        assert_eq!(asked, json!(1));
    }
    Ok(())
}

/// A frame of `ID3v2.4` with a short text in UTF-8.
fn frame(id: &str, text: &str) -> Vec<u8> {
    let size = text.len() as u8 + 1;
    [id.as_bytes(), &[0, 0, 0, size, 0, 0, 3], text.as_bytes()].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn titles_and_artists_stand_in_the_library() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let frames = [("TIT2", "名前 🎵"), ("TPE1", "Björk"), ("TALB", "Debut")];
    let frames = frames.map(|(id, text)| frame(id, text)).concat();
    let head = [b'I', b'D', b'3', 4, 0, 0, 0, 0, 0, frames.len() as u8];
    let song = std::fs::read(paths::data("song/song.mp3")?)?;
    let shelf = Shelf::new()?;
    let song = shelf.put("file name.mp3", &[&head, &frames[..], &song].concat())?;
    page.judge(&song).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.show_library().await?;
    page.wait_for_library(2).await?;
    let row = |part: &str| {
        format!("return document.querySelector(\"[data-name='file name.mp3'] {part}\").textContent")
    };
    for (part, text) in [
        (".library-name", "名前 🎵"),
        ("[data-cell=artist]", "Björk"),
        ("[data-cell=album]", "Debut"),
    ] {
        assert_eq!(page.browser.run(&row(part), &[]).await?, json!(text));
    }
    let search = page.browser.client.find(Locator::Id("library-search"));
    search.await?.send_keys("björk").await?;
    page.wait_for_library(1).await?;
    Ok(())
}

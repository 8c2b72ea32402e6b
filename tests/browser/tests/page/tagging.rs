//! Tags that the page writes into files.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::Shelf;
use browser_tests::waiting;
use serde_json::{Value, json};

use crate::stage::Stage;

/// Writes files into the origin's own folder, which the page is lent when it asks.
const LEND: &str = r#"
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("Lent", { create: true });
    for (const [name, bytes] of Object.entries(arguments[0])) {
        const file = await folder.getFileHandle(name, { create: true });
        const out = await file.createWritable();
        await out.write(Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)));
        await out.close();
    }
    window.lent = folder;
    window.showDirectoryPicker = async () => folder;
    return true;
"#;

/// What a file of that folder holds.
const READ: &str = r#"
    const file = await (await window.lent.getFileHandle(arguments[0])).getFile();
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) {
        text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    }
    return btoa(text);
"#;

/// Songs of one sound in the forms that the page writes tags into.
const SONGS: [&str; 4] = ["song.mp3", "song.m4a", "song.ogg", "song.flac"];

async fn lend(page: &Page<'_>, songs: &[&str]) -> Result<()> {
    let mut files = BTreeMap::new();
    for name in songs {
        let bytes = std::fs::read(paths::data(&format!("song/{name}"))?)?;
        files.insert(*name, STANDARD.encode(bytes));
    }
    let lent = page.wait_for_script(LEND, &[json!(files)]).await?;
    assert_eq!(lent, json!(true));
    Ok(())
}

async fn read(page: &Page<'_>, name: &str) -> Result<Vec<u8>> {
    let bytes = page.wait_for_script(READ, &[json!(name)]).await?;
    Ok(STANDARD.decode(bytes.as_str().context("no file")?)?)
}

/// Judges the songs of a folder that is lent, says that they are calm and selects them all.
async fn judged(page: &Page<'_>, songs: &[&str]) -> Result<()> {
    lend(page, songs).await?;
    page.click("#choose-folder").await?;
    page.wait_for_rows(songs.len()).await?;
    let rows = page.wait_for_all().await?;
    assert!(rows.iter().all(|row| row.state == "done"), "{rows:?}");
    page.show_library().await?;
    page.wait_for_library(songs.len()).await?;
    select(page, songs).await?;
    page.click("[data-picked=calm]").await
}

/// Selects all songs.
async fn select(page: &Page<'_>, songs: &[&str]) -> Result<()> {
    for (index, name) in songs.iter().enumerate() {
        page.press_row(name, &json!({ "ctrlKey": index > 0 }))
            .await?;
    }
    page.wait_for_selected(songs.len()).await
}

/// Waits until the dialog says something with that text in it, and returns all of it.
async fn said(page: &Page<'_>, text: &str) -> Result<String> {
    let mut status = String::new();
    let what = format!("the page says {text:?}");
    let said = waiting::until(&what, async || {
        status = page.text_of("tags-status").await?;
        Ok(status.contains(text).then_some(()))
    });
    said.await.with_context(|| format!("it says {status:?}"))?;
    Ok(status)
}

/// The changes that are shown: file, field, before and after.
async fn changes(page: &Page<'_>) -> Result<Vec<[String; 4]>> {
    let rows = "return [...document.querySelectorAll('#tags-rows > tr')].map((row) => [...row.children].map((cell) => cell.textContent))";
    Ok(serde_json::from_value(page.browser.run(rows, &[]).await?)?)
}

async fn obstacles(page: &Page<'_>) -> Result<Vec<String>> {
    page.texts("#tags-obstacles li").await
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_previewed_written_read_again_and_replaced() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    judged(&page, &SONGS).await?;
    page.click("[data-picked=tag]").await?;
    assert_eq!(said(&page, "would").await?, "4 files would change.");
    let shown = changes(&page).await?;
    for name in SONGS {
        let path = format!("Lent/{name}");
        let of_file: Vec<_> = shown.iter().filter(|row| row[0] == path).collect();
        let mood = of_file.iter().find(|row| row[1] == "Mood");
        assert_eq!(mood.context("no mood")?[2..], ["–", "calm"], "{name}");
        let comment = of_file.iter().find(|row| row[1] == "Comment");
        assert_eq!(
            comment.context("no comment")?[3],
            "Undertone: calm (by ear)"
        );
        // Nothing is written yet.
        let original = std::fs::read(paths::data(&format!("song/{name}"))?)?;
        assert!(read(&page, name).await? == original, "{name}");
    }
    page.click("#tags-write").await?;
    assert_eq!(said(&page, "written").await?, "4 files were written.");
    for name in SONGS {
        let bytes = read(&page, name).await?;
        assert!(holds(&bytes, "Undertone: calm (by ear)"), "{name}");
    }
    page.click("#tags-close").await?;

    // The verdict goes with the sound, and what was written is read.
    page.reload_once_written().await?;
    page.wait_for_library(SONGS.len()).await?;
    page.count_decoded().await?;
    page.wait_for_script(LEND, &[json!({})]).await?;
    page.click("#choose-folder").await?;
    let rows = page.wait_for_rows(SONGS.len()).await?;
    assert_eq!(rows.len(), SONGS.len());
    page.wait_for_script("await new Promise((done) => setTimeout(done, 500))", &[])
        .await?;
    assert_eq!(page.decoded().await?, 0);
    page.show_library().await?;
    select(&page, &SONGS).await?;
    page.click("[data-picked=tag]").await?;
    let status = said(&page, "would").await?;
    assert_eq!(status, "0 files would change, 4 need no change.");
    page.click("#tags-close").await?;

    page.click("[data-picked=sad]").await?;
    page.click("[data-picked=tag]").await?;
    said(&page, "4 files would change").await?;
    assert!(changes(&page).await?.iter().all(|row| row[1] == "Comment"));
    page.click("#tags-overwrite").await?;
    waiting::until("moods are replaced", async || {
        let moods = changes(&page).await?.into_iter();
        let moods: Vec<_> = moods.filter(|row| row[1] == "Mood").collect();
        let replaced = moods.iter().all(|row| row[2..] == ["calm", "sad"]);
        Ok((moods.len() == SONGS.len() && replaced).then_some(()))
    })
    .await?;
    page.click("#tags-write").await?;
    said(&page, "4 files were written.").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_of_the_page_are_read_where_the_browser_decodes() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    // A library of one song has no list.
    judged(&page, &["song.m4a", "song.ogg"]).await?;
    page.click("[data-picked=tag]").await?;
    said(&page, "2 files would change.").await?;
    let shown = changes(&page).await?;
    let key = shown
        .iter()
        .find(|row| row[0] == "Lent/song.m4a" && row[1] == "Key")
        .context("no key")?;
    page.click("#tags-write").await?;
    said(&page, "2 files were written.").await?;
    page.click("#tags-close").await?;
    page.forget_all().await?;
    page.reload_once_written().await?;
    page.wait_for_script(LEND, &[json!({})]).await?;
    page.click("#choose-folder").await?;
    page.wait_for_rows(2).await?;
    page.wait_for_all().await?;
    let kept = "return new Promise((resolve) => {
        indexedDB.open('undertone:/').onsuccess = ({ target: { result } }) => {
            result.transaction('songs').objectStore('songs').getAll().onsuccess = ({ target }) => {
                resolve(target.result);
                result.close();
            };
        };
    })";
    let tags = waiting::until("the song is kept", async || {
        let kept = page.browser.run(kept, &[]).await?;
        let kept = kept.as_array().context("no songs")?.iter();
        let kept = kept.filter_map(|song| serde_json::from_str::<Value>(song.as_str()?).ok());
        let mut kept = kept.filter(|song| song["name"] == "song.m4a");
        Ok(kept.next().map(|song| song["tags"].clone()))
    })
    .await?;
    assert_eq!(tags["key"], key[3], "{tags}");
    Ok(())
}

/// Holds a file so that nobody else may write it.
const LOCK: &str = r#"
    const file = await window.lent.getFileHandle(arguments[0]);
    window.held = await file.createWritable({ mode: "exclusive" });
    return true;
"#;

/// Turns one bit of a file round; its size stays.
const CHANGE: &str = r"
    const handle = await window.lent.getFileHandle(arguments[0]);
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    bytes[bytes.length >> 1] ^= 1;
    const out = await handle.createWritable();
    await out.write(bytes);
    await out.close();
    return true;
";

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_written_is_said_and_stops_no_other() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    judged(&page, &SONGS).await?;
    page.click("[data-picked=tag]").await?;
    said(&page, "4 files would change.").await?;
    page.wait_for_script(CHANGE, &[json!("song.mp3")]).await?;
    let changed = read(&page, "song.mp3").await?;
    page.wait_for_script(
        "await window.lent.removeEntry('song.m4a'); return true",
        &[],
    )
    .await?;
    page.wait_for_script(LOCK, &[json!("song.ogg")]).await?;
    page.click("#tags-write").await?;
    let status = said(&page, "written").await?;
    assert_eq!(status, "1 file was written, 3 were left as they are.");
    let said = obstacles(&page).await?;
    for (reason, name) in [
        ("Changed since it was judged", "song.mp3"),
        ("not there any more", "song.m4a"),
        ("locked", "song.ogg"),
    ] {
        let line = said.iter().find(|line| line.contains(reason));
        let line = line.with_context(|| format!("{reason}: {said:?}"))?;
        assert!(line.ends_with(&format!(": Lent/{name}")), "{line}");
    }
    assert!(read(&page, "song.mp3").await? == changed);
    assert!(holds(&read(&page, "song.flac").await?, "Undertone: calm"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_withdrawn_is_said() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let songs = &SONGS[..2];
    judged(&page, songs).await?;
    page.click("[data-picked=tag]").await?;
    said(&page, "2 files would change.").await?;
    // Folders of the origin's own can't be withdrawn.
    let withdraw = "for (const ask of ['queryPermission', 'requestPermission']) {
            FileSystemHandle.prototype[ask] = async () => 'denied';
        }
        return true";
    page.wait_for_script(withdraw, &[]).await?;
    page.click("#tags-write").await?;
    said(&page, "0 files were written, 2 were left as they are.").await?;
    let said = obstacles(&page).await?;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("withdrawn"), "{said:?}");
    for name in songs {
        assert!(!holds(&read(&page, name).await?, "Undertone: "), "{name}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_leaves_the_file_whole() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    judged(&page, &["song.flac", "song.ogg"]).await?;
    page.wait_until_offline_ready().await?;
    page.click("[data-picked=tag]").await?;
    said(&page, "2 files would change.").await?;
    stage.browser.devtools(
        "Storage.overrideQuotaForOrigin",
        &json!({ "origin": stage.server.url(), "quotaSize": 1 }),
    )?;
    page.click("#tags-write").await?;
    said(&page, "0 files were written, 2 were left as they are.").await?;
    let said = obstacles(&page).await?;
    assert!(said[0].contains("disk is full"), "{said:?}");
    let original = std::fs::read(paths::data("song/song.flac")?)?;
    assert!(read(&page, "song.flac").await? == original);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_song_without_a_folder_is_saved_as_a_copy() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let original = std::fs::read(paths::data("song/song.mp3")?)?;
    let song = shelf.put("one/song.mp3", &original)?;
    page.judge(&song).await?;
    let behaviour = json!({ "behavior": "allow", "downloadPath": shelf.folder() });
    page.browser
        .devtools("Browser.setDownloadBehavior", &behaviour)?;
    page.click("#tag-shown").await?;
    said(&page, "1 file would change.").await?;
    page.wait_for("#tags-copy-note").await?;
    page.click("#tags-write").await?;
    said(&page, "A copy with the tags was saved").await?;
    let copy = shelf.folder().join("song.mp3");
    waiting::until("the copy is saved", async || {
        Ok(copy.is_file().then_some(()))
    })
    .await?;
    assert!(holds(&std::fs::read(&copy)?, "Undertone: "));
    assert!(std::fs::read(&song)? == original);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_songs_want_a_folder_or_the_program() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let songs = &SONGS[..2];
    lend(&page, songs).await?;
    for name in songs {
        page.judge(&paths::data(&format!("song/{name}"))?).await?;
    }
    page.show_library().await?;
    select(&page, songs).await?;
    page.click("[data-picked=tag]").await?;
    let status = said(&page, "would").await?;
    assert_eq!(status, "0 files would change, 2 can't be written.");
    page.wait_for("#tags-program code").await?;
    let program = page.text_of("tags-program").await?;
    assert!(program.contains("undertone tag"), "{program}");
    page.click("#tags-lend").await?;
    said(&page, "2 files would change.").await?;
    page.click("#tags-write").await?;
    said(&page, "2 files were written.").await?;
    for name in songs {
        assert!(holds(&read(&page, name).await?, "Undertone: "), "{name}");
    }
    Ok(())
}

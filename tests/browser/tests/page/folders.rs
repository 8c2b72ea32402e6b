//! Whole folders: walked, sorted out, queued, stopped, and gone on with.

use std::path::Path;

use anyhow::{Context, Result};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::{Shelf, Sound};
use browser_tests::waiting;
use serde_json::json;

use crate::stage::Stage;

/// Writes so many songs of other contents, each little longer than the shortest that is
/// judged.
fn put_songs(shelf: &Shelf, folder: &str, count: u32) -> Result<()> {
    let song = Sound::song()?;
    for index in 0..count {
        let part = song.clone().part_ms(index * 97, 3_200);
        shelf.put(&format!("{folder}/{index}.wav"), &part.to_wav())?;
    }
    Ok(())
}

/// Photos, playlists and what systems leave in folders.
fn put_others(shelf: &Shelf, folder: &str) -> Result<usize> {
    let others = [
        "cover.jpg",
        "photo 1.png",
        "list.m3u8",
        "notes.txt",
        ".DS_Store",
        "._1.wav",
    ];
    for name in others {
        shelf.put(&format!("{folder}/{name}"), b"no song")?;
    }
    Ok(others.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_folder_is_searched_to_the_bottom() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    put_songs(&shelf, "Music", 2)?;
    let odd = Sound::song()?.part_ms(5_000, 3_200).to_wav();
    shelf.put("Music/a/b/c/deep.wav", &odd)?;
    let others = put_others(&shelf, "Music/a")?;
    page.choose_folder(&shelf.folder().join("Music")).await?;

    let rows = page.wait_for_rows(3).await?;
    let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["0.wav", "1.wav", "deep.wav"]);
    let skipped = page.text_of("skipped").await?;
    assert!(skipped.starts_with(&others.to_string()), "{skipped}");
    let rows = page.wait_for_all().await?;
    assert!(rows.iter().all(|row| row.state == "done"), "{rows:?}");
    assert_eq!(page.alert().await?, "");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_folders_and_files_are_taken_together() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    put_songs(&shelf, "Music/Album", 2)?;
    let others = put_others(&shelf, "Music/Album")?;
    let song = paths::data("song/song.mp3")?;
    page.drop(&[&shelf.folder().join("Music"), &song])?;
    page.wait_for_rows(3).await?;
    let rows = page.wait_for_all().await?;
    assert!(rows.iter().all(|row| row.state == "done"), "{rows:?}");
    let skipped = page.text_of("skipped").await?;
    assert!(skipped.starts_with(&others.to_string()), "{skipped}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_photos_is_one_line_and_no_error_each() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    for index in 0..50 {
        shelf.put(&format!("Photos/{index}.jpg"), b"\xff\xd8\xff")?;
    }
    page.choose_folder(&shelf.folder().join("Photos")).await?;
    assert!(page.wait_for_alert().await?.contains("50"));
    assert!(page.rows().await?.is_empty());
    page.judge(&paths::data("song/song.mp3")?).await?;
    assert_eq!(page.alert().await?, "");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_any_kind_are_judged_kept_and_found() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let song = Sound::song()?;
    let long = format!("{}.wav", "長".repeat(83));
    assert_eq!(long.len(), 253);
    let names = [
        "שיר עברי.wav",
        "🎵🎶 👩‍🎤.wav",
        "=SUM(1).wav",
        "it's \"a\", b & <c>.wav",
        &long,
    ];
    for (index, name) in names.iter().enumerate() {
        let part = song.clone().part_ms(index as u32 * 131, 3_200);
        shelf.put(&format!("Odd/{name}"), &part.to_wav())?;
    }
    page.choose_folder(&shelf.folder().join("Odd")).await?;
    page.wait_for_rows(names.len()).await?;
    page.wait_for_all().await?;
    page.reload_once_written().await?;
    let rows = page.wait_for_library(names.len()).await?;
    for name in names {
        assert!(rows.iter().any(|row| row.name == name), "{name}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_songs_with_broken_ones_and_twins_come_to_their_ends() -> Result<()> {
    const SONGS: u32 = 30;
    const BROKEN: usize = 20;
    const TWINS: usize = 10;
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    put_songs(&shelf, "Crate", SONGS)?;
    for index in 0..BROKEN {
        let text = format!("this is no sound {index}");
        shelf.put(&format!("Crate/broken {index}.mp3"), text.as_bytes())?;
    }
    let twin = std::fs::read(shelf.folder().join("Crate/0.wav"))?;
    for index in 0..TWINS {
        shelf.put(&format!("Crate/twin {index}.wav"), &twin)?;
    }
    page.count_decoded().await?;
    page.choose_folder(&shelf.folder().join("Crate")).await?;
    let all = SONGS as usize + BROKEN + TWINS;
    page.wait_for_rows(all).await?;
    page.wait_for("#queue-bar").await?;
    let line = page.text_of("queue-line").await?;
    assert!(line.contains(&format!("of {all}")), "{line}");

    // A pause ends what has begun, and begins nothing.
    page.click("#pause").await?;
    waiting::until("nothing is under way", async || {
        let rows = page.rows().await?;
        let busy = rows.iter().any(|row| row.state == "analysing");
        Ok((!busy).then_some(()))
    })
    .await?;
    assert!(page.text_of("queue-line").await?.contains("paused"));
    page.click("#pause").await?;

    let rows = page.wait_for_all().await?;
    let count = |state: &str| rows.iter().filter(|row| row.state == state).count();
    assert_eq!(count("done"), SONGS as usize + TWINS);
    assert_eq!(count("failed"), BROKEN);
    // Broken files are looked at by both decoders, but the same song is decoded once.
    assert_eq!(page.decoded().await?, u64::from(SONGS) + 2 * BROKEN as u64);
    page.show_library().await?;
    assert_eq!(page.listed().await?, SONGS as usize);
    let retry = page.text_of("retry-failed").await?;
    assert!(retry.contains(&BROKEN.to_string()), "{retry}");
    page.click("#retry-failed").await?;
    let rows = page.wait_for_all().await?;
    assert_eq!(
        rows.iter().filter(|row| row.state == "failed").count(),
        BROKEN
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_songs_are_cancelled_and_one_is_tried_again() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let long = shelf.put("long.wav", &Sound::song()?.repeated(60).to_wav())?;
    let song = paths::data("song/song.mp3")?;
    let jobs = page.choose(&[&long, &song]).await?;
    page.wait_for_state(jobs[0], "analysing").await?;
    page.click("#cancel-all").await?;
    let rows = page.wait_for_all().await?;
    assert!(rows.iter().all(|row| row.state == "cancelled"), "{rows:?}");
    page.click(&format!("[data-job='{}'] [data-action=retry]", jobs[1]))
        .await?;
    page.report(jobs[1]).await?;
    Ok(())
}

/// Waits until so many songs are judged, and leaves in the middle.
async fn reload_in_the_middle(page: &Page<'_>, judged: usize) -> Result<()> {
    waiting::until("some songs are judged", async || {
        let rows = page.rows().await?;
        let done = rows.iter().filter(|row| row.state == "done").count();
        Ok((done >= judged).then_some(()))
    })
    .await?;
    page.reload().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_in_the_middle_goes_on_when_the_folder_comes_again() -> Result<()> {
    const SONGS: u32 = 12;
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    put_songs(&shelf, "Music", SONGS)?;
    let folder = shelf.folder().join("Music");
    page.choose_folder(&folder).await?;
    reload_in_the_middle(&page, 3).await?;

    page.wait_for("#left").await?;
    let left = page.rows().await?;
    assert!(left.iter().all(|row| row.state == "missing"), "{left:?}");
    assert!(!left.is_empty() && left.len() < SONGS as usize);
    // Another reload changes nothing.
    page.reload().await?;
    page.wait_for_rows(left.len()).await?;

    page.count_decoded().await?;
    page.choose_folder(&folder).await?;
    page.wait_for_rows(SONGS as usize).await?;
    let rows = page.wait_for_all().await?;
    assert!(rows.iter().all(|row| row.state == "done"), "{rows:?}");
    assert!(page.decoded().await? <= left.len() as u64);
    page.reload_once_written().await?;
    page.wait_for_library(SONGS as usize).await?;
    assert!(page.rows().await?.is_empty());
    Ok(())
}

/// Writes songs into the origin's own folder, and lets the page ask for that one.
const LEND: &str = r#"
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("Lent", { create: true });
    for (const [name, url] of arguments[0]) {
        const file = await folder.getFileHandle(name, { create: true });
        const out = await file.createWritable();
        await out.write(await (await fetch(url)).blob());
        await out.close();
    }
    window.showDirectoryPicker = async () => folder;
    return true;
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_goes_on_by_itself_with_a_folder_that_was_lent() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let samples = std::fs::read_to_string(paths::dist()?.join("samples/samples.json"))?;
    let samples: Vec<serde_json::Value> = serde_json::from_str(&samples)?;
    let files: Vec<_> = samples
        .iter()
        .map(|sample| {
            let file = sample["file"].as_str().context("a sample without a file")?;
            Ok(json!([file, format!("samples/{file}")]))
        })
        .collect::<Result<_>>()?;
    let lent = page.wait_for_script(LEND, &[json!(files)]).await?;
    assert_eq!(lent, json!(true));
    page.click("#choose-folder").await?;
    page.wait_for_rows(files.len()).await?;
    reload_in_the_middle(&page, 1).await?;

    page.wait_for("#go-on").await?;
    page.click("#go-on").await?;
    let rows = page.wait_for_all().await?;
    assert!(rows.iter().all(|row| row.state == "done"), "{rows:?}");
    page.reload_once_written().await?;
    page.wait_for_library(files.len()).await?;
    assert!(page.rows().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_can_be_let_go() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let long = shelf.put("long.wav", &Sound::song()?.repeated(60).to_wav())?;
    let files: [&Path; 1] = [&long];
    let jobs = page.choose(&files).await?;
    page.wait_for_state(jobs[0], "analysing").await?;
    page.reload().await?;
    page.wait_for("#left").await?;
    page.click("#leave-left").await?;
    page.wait_for_rows(0).await?;
    page.reload_once_written().await?;
    assert!(page.rows().await?.is_empty());
    page.judge(&paths::data("song/song.mp3")?).await?;
    Ok(())
}

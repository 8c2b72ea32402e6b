//! The page put aside in the middle of a queue: hidden, frozen, and taken up again.

use std::time::Duration;

use anyhow::Result;
use browser_tests::page::Page;
use browser_tests::songs::{Shelf, Sound};
use browser_tests::waiting;
use serde_json::json;

use crate::stage::Stage;

/// Songs in the queue.
const SONGS: u32 = 6;

/// A page that has begun with a folder of songs, and has not come far.
async fn begun(page: &Page<'_>, shelf: &Shelf) -> Result<()> {
    let song = Sound::song()?;
    for index in 0..SONGS {
        let part = song.clone().part_ms(index * 97, 6_000);
        shelf.put(&format!("Music/{index}.wav"), &part.to_wav())?;
    }
    page.choose_folder(&shelf.folder().join("Music")).await?;
    page.wait_for_rows(SONGS as usize).await?;
    waiting::until("the first song is under way", async || {
        let rows = page.rows().await?;
        let busy = rows.iter().any(|row| row.state == "analysing");
        Ok(busy.then_some(()))
    })
    .await
}

async fn all_are_judged(page: &Page<'_>) -> Result<()> {
    let rows = page.wait_for_all().await?;
    assert!(rows.iter().all(|row| row.state == "done"), "{rows:?}");
    assert_eq!(page.alert().await?, "");
    page.show_library().await?;
    page.wait_for_library(SONGS as usize).await?;
    Ok(())
}

/// Notes whether the page was ever hidden.
const NOTE_HIDDEN: &str = "document.addEventListener('visibilitychange', () => { \
    window.wasHidden ||= document.visibilityState === 'hidden'; })";

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_page_goes_on_while_another_is_looked_at() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    page.browser.run(NOTE_HIDDEN, &[]).await?;
    let shelf = Shelf::new()?;
    begun(&page, &shelf).await?;
    let client = &stage.browser.client;
    let first = client.window().await?;
    let second = client.new_window(true).await?.handle;
    client.switch_to_window(second).await?;
    // The page that is looked at hears of every verdict of the other.
    let page = stage.page().await?;
    waiting::until_within(3 * waiting::PATIENCE, "the other page judges", async || {
        let count = page.text_of("library-count").await?;
        Ok((count == SONGS.to_string()).then_some(()))
    })
    .await?;
    client.switch_to_window(first).await?;
    let hidden = page.browser.run("return window.wasHidden", &[]).await?;
    assert_eq!(hidden, json!(true));
    all_are_judged(&page).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_page_goes_on_where_it_was() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    begun(&page, &shelf).await?;
    let go = |life| {
        let life = json!({ "state": life });
        stage.browser.devtools("Page.setWebLifecycleState", &life)
    };
    go("frozen")?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    go("active")?;
    all_are_judged(&page).await
}

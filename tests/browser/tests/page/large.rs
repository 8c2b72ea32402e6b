//! The large model: offered, downloaded by those who want it, and there without a network.

use std::net::TcpStream;

use anyhow::{Result, ensure};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::server::Fault;
use browser_tests::waiting;
use serde_json::json;

use crate::stage::Stage;

/// Names of the large model's files that the service worker keeps.
pub const KEPT: &str = "const found = []; \
    for (const name of await caches.keys()) { \
        for (const { url } of await (await caches.open(name)).keys()) { \
            const file = new URL(url).pathname.split('/').pop(); \
            if (file.startsWith('mood-large.')) found.push(file); } } \
    return found.sort()";
const IS_CHOSEN: &str = "return document.getElementById('large').checked";
/// What the judges with the large model say of themselves.
pub const ON: &str = "The large network judges every song from now on.";

pub async fn wait_for_note(page: &Page<'_>, note: &str) -> Result<()> {
    waiting::until(note, async || {
        let notes = page.texts("#large-note").await?;
        Ok(notes.iter().any(|said| said == note).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_large_model_is_chosen_kept_and_works_without_a_network() -> Result<()> {
    let mut stage = Stage::set().await?;
    let page = stage.page().await?;
    page.wait_until_offline_ready().await?;
    page.wait_for("#large-choice").await?;
    let label = page.texts("#large-label").await?.concat();
    ensure!(label.contains("MB download"), "{label}");
    assert_eq!(page.wait_for_script(KEPT, &[]).await?, json!([]));
    let song = paths::data("song/song.mp3")?;
    let without = page.judge(&song).await?;

    page.click("#large").await?;
    wait_for_note(&page, ON).await?;
    page.wait_for("#outdated-note").await?;
    let with = page.judge(&song).await?;
    assert_ne!(with.models.network, without.models.network);
    assert_eq!(with.models.ensemble, without.models.ensemble);
    let (mood, _) = with.judges.network.moods.top();
    let bar = format!("[data-judge=network] [data-judge-probability={mood}][data-top=true]");
    page.wait_for(&bar).await?;
    assert!(page.texts("#outdated-note").await?.is_empty());
    let kept = json!(["mood-large.json", "mood-large.onnx"]);
    assert_eq!(page.wait_for_script(KEPT, &[]).await?, kept);

    let address = stage.server.address();
    stage.server.stop();
    waiting::until("the server is gone", async || {
        Ok(TcpStream::connect(address).is_err().then_some(()))
    })
    .await?;
    let page = Page {
        browser: &stage.browser,
    };
    page.reload().await?;
    assert_eq!(page.browser.run(IS_CHOSEN, &[]).await?, json!(true));
    wait_for_note(&page, ON).await?;
    let report = page.judge(&paths::data("song/song.ogg")?).await?;
    assert_eq!(report.models.network, with.models.network);

    // What the large one has judged is not outdated for the small one.
    page.click("#large").await?;
    page.wait_for_script(
        "return new Promise((resolve) => { const look = () => { \
            const note = document.getElementById('large-note').textContent; \
            if (note.startsWith('It takes')) resolve(true); else setTimeout(look, 50); }; look(); })",
        &[],
    )
    .await?;
    assert!(page.texts("#outdated-note").await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_model_that_does_not_come_is_named_and_can_be_done_without() -> Result<()> {
    let stage = Stage::set().await?;
    stage
        .server
        .break_file("models/mood-large.onnx", Fault::Truncated);
    let page = stage.page().await?;
    page.wait_until_offline_ready().await?;
    page.click("#large").await?;
    let alert = page.wait_for_alert().await?;
    ensure!(alert.contains("mood-large.onnx"), "{alert}");
    let kept = page.wait_for_script(KEPT, &[]).await?;
    assert_eq!(
        kept,
        json!(["mood-large.json"]),
        "what is damaged is not kept"
    );

    page.click("#large").await?;
    let small = page.judge(&paths::data("song/song.mp3")?).await?;
    assert_eq!(page.alert().await?, "");

    stage.server.heal();
    page.click("#large").await?;
    wait_for_note(&page, ON).await?;
    let report = page.judge(&paths::data("song/song.mp3")?).await?;
    assert_ne!(report.models.network, small.models.network);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_loaded_before_the_page_was_stored_is_kept_too() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    page.wait_for("#large-choice").await?;
    page.click("#large").await?;
    page.wait_until_offline_ready().await?;
    waiting::until("the large model is kept", async || {
        let kept = page.wait_for_script(KEPT, &[]).await?;
        Ok((kept == json!(["mood-large.json", "mood-large.onnx"])).then_some(()))
    })
    .await
}

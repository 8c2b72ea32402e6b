//! Storage that is forbidden, full, held by others or taken over: said, and survived.

use anyhow::Result;
use browser_tests::page::Page;
use browser_tests::paths;
use serde_json::json;

use crate::library::made_up;
use crate::stage::Stage;

/// A page of the same origin that runs no script of ours.
const ELSEWHERE: &str = "icons/undertone.svg";

/// Judges a song, and looks for it in the library of this visit.
async fn judging_works(page: &Page<'_>) -> Result<()> {
    page.judge(&paths::data("song/song.mp3")?).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.show_library().await?;
    let rows = page.library().await?;
    let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
    assert!(
        names.contains(&"song.mp3") && names.contains(&"song.ogg"),
        "{names:?}"
    );
    page.open_from_library("song.mp3").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn forbidden_storage_is_said_and_survived() -> Result<()> {
    let stage = Stage::set().await?;
    let forbid = r#"Object.defineProperty(window, "indexedDB", {
        get() { throw new DOMException("denied", "SecurityError"); },
    });"#;
    stage.browser.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        &json!({ "source": forbid }),
    )?;
    let page = stage.page().await?;
    assert!(page.wait_for_alert().await?.contains("private"));
    judging_works(&page).await
}

#[tokio::test(flavor = "multi_thread")]
async fn full_storage_is_said_and_survived() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    page.wait_until_offline_ready().await?;
    let origin = stage.server.url();
    stage.browser.devtools(
        "Storage.overrideQuotaForOrigin",
        &json!({ "origin": origin, "quotaSize": 1 }),
    )?;
    let jobs = page.choose(&[&paths::data("song/song.flac")?]).await?;
    assert!(page.wait_for_alert().await?.contains("full"));
    page.wait_for_state(jobs[0], "done").await?;
    judging_works(&page).await
}

/// Holds the storage open without minding others, and asks to delete it, so that
/// everybody after that waits.
const HOLD: &str = r#"
    window.held = await new Promise((resolve) => {
        const open = indexedDB.open("undertone:/");
        open.onsuccess = () => resolve(open.result);
    });
    indexedDB.deleteDatabase("undertone:/");
    return true;
"#;

#[tokio::test(flavor = "multi_thread")]
async fn storage_that_another_window_holds_is_said_and_survived() -> Result<()> {
    let stage = Stage::set().await?;
    let client = &stage.browser.client;
    let elsewhere = Page {
        browser: &stage.browser,
    };
    client
        .goto(&format!("{}{ELSEWHERE}", stage.server.url()))
        .await?;
    elsewhere.wait_for_script(HOLD, &[]).await?;
    let second = client.new_window(true).await?.handle;
    client.switch_to_window(second).await?;
    let page = stage.page().await?;
    assert!(page.wait_for_alert().await?.contains("window"));
    judging_works(&page).await
}

/// Opens the storage as a newer version of the page would.
const TAKE_OVER: &str = r#"
    return new Promise((resolve, reject) => {
        const open = indexedDB.open("undertone:/", 1000);
        open.onsuccess = () => resolve("taken");
        open.onblocked = () => reject("blocked");
        open.onerror = () => reject(open.error);
    });
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_page_gets_the_storage_and_the_older_one_works_on() -> Result<()> {
    let stage = Stage::set().await?;
    let client = &stage.browser.client;
    let page = stage.page().await?;
    page.judge(&paths::data("song/song.flac")?).await?;
    let first = client.window().await?;
    let second = client.new_window(true).await?.handle;
    client.switch_to_window(second).await?;
    client
        .goto(&format!("{}{ELSEWHERE}", stage.server.url()))
        .await?;
    let taken = page.wait_for_script(TAKE_OVER, &[]).await?;
    assert_eq!(taken, json!("taken"));
    client.switch_to_window(first).await?;
    assert!(page.wait_for_alert().await?.contains("newer version"));
    page.judge(&paths::data("song/song.mp3")?).await?;

    // An older page that is opened now is told as well.
    page.reload().await?;
    assert!(page.wait_for_alert().await?.contains("newer version"));
    judging_works(&page).await
}

/// Makes the storage as the page made it before there were smart lists, with these songs.
const OLDER: &str = r#"
    const database = await new Promise((resolve) => {
        const open = indexedDB.open("undertone:/", 1);
        open.onupgradeneeded = () => {
            for (const store of ["songs", "reports", "said", "queue", "folders"]) open.result.createObjectStore(store);
        };
        open.onsuccess = () => resolve(open.result);
    });
    const writing = database.transaction("songs", "readwrite");
    for (const [hash, text] of arguments[0]) writing.objectStore("songs").put(text, hash);
    await new Promise((resolve) => { writing.oncomplete = resolve; });
    database.close();
    return true;
"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_storage_of_an_older_page_is_taken_over() -> Result<()> {
    let stage = Stage::set().await?;
    let elsewhere = Page {
        browser: &stage.browser,
    };
    stage
        .browser
        .client
        .goto(&format!("{}{ELSEWHERE}", stage.server.url()))
        .await?;
    let songs: Vec<_> = (0..3)
        .map(made_up)
        .map(|kept| Ok((kept.origin.hash.clone(), serde_json::to_string(&kept)?)))
        .collect::<Result<_>>()?;
    elsewhere.wait_for_script(OLDER, &[json!(songs)]).await?;
    let page = stage.page().await?;
    page.wait_for_library(3).await?;
    assert_eq!(page.alert().await?, "");
    judging_works(&page).await
}

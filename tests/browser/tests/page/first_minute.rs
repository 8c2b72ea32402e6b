//! What a newcomer finds, and how the installed page takes songs from the system.

use anyhow::{Context, Result, ensure};
use browser_tests::browser::{Browser, Options};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::server::Server;
use browser_tests::waiting;
use serde_json::json;

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_reads_what_is_downloaded_and_what_it_can_not_do() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let size = waiting::until("the size is told", async || {
        Ok(page.texts("#download-size").await?.into_iter().next())
    })
    .await?;
    let judges = ["worker_bg.wasm", "worker.js", "judge.js"]
        .map(|name| paths::dist().map(|dist| dist.join(name)));
    let mut bytes = 0;
    for file in judges {
        bytes += std::fs::metadata(file?)?.len();
    }
    for file in std::fs::read_dir(paths::dist()?.join("models"))? {
        bytes += file?.metadata()?.len();
    }
    let told = format!("{:.1} MB for the judges", bytes as f64 / 1e6);
    ensure!(
        size.replace('\u{a0}', " ").contains(&told),
        "{size}: {told}"
    );

    page.click("[data-reveal=about-limits]").await?;
    ensure!(!page.texts("#about-limits li").await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_song_is_taken_once() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    wait_until_offline(&page).await?;
    let share = "const form = new FormData(); \
        form.append('songs', new File(['no song'], '歌 & 1.mp3', { type: 'audio/mpeg' })); \
        return fetch('receive', { method: 'POST', body: form }).then((answer) => answer.url)";
    let url = page.browser.run(share, &[]).await?;
    let url = url.as_str().context("an address")?;
    assert_eq!(url, format!("{}?received", stage.server.url()));

    stage.browser.client.goto(url).await?;
    let rows = waiting::until("the song is listed", async || {
        let rows = page.rows().await?;
        Ok((!rows.is_empty()).then_some(rows))
    })
    .await?;
    assert_eq!((rows.len(), rows[0].name.as_str()), (1, "歌 & 1.mp3"));
    let address = page.browser.run("return location.href", &[]).await?;
    assert_eq!(address, stage.server.url());
    let left = "return caches.keys().then(async (names) => { \
        const name = names.find((name) => name.startsWith('undertone-received')); \
        return (await (await caches.open(name)).keys()).length; })";
    waiting::until("nothing is left behind", async || {
        Ok((page.browser.run(left, &[]).await? == 0).then_some(()))
    })
    .await
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_from_a_folder() -> Result<()> {
    let root = tempfile::tempdir()?;
    std::fs::create_dir(root.path().join("music"))?;
    std::os::unix::fs::symlink(paths::dist()?, root.path().join("music/mood"))?;
    let server = Server::start(root.path().to_owned())?;
    let _turn = crate::stage::turn().await;
    let browser = Browser::start(Options::default()).await?;
    let url = format!("{}music/mood/", server.url());
    browser.client.goto(&url).await?;
    let page = Page { browser: &browser };
    page.wait_until_loaded().await?;
    let song = page.choose_sample().await?;
    page.report(song).await?;
    wait_until_offline(&page).await?;
    let addresses = "return fetch('manifest.webmanifest').then(async (answer) => { \
        const manifest = await answer.json(); \
        const actions = [manifest.start_url, manifest.scope, manifest.share_target.action, manifest.file_handlers[0].action]; \
        return actions.map((action) => new URL(action, answer.url).href); })";
    let addresses = browser.run(addresses, &[]).await?;
    assert_eq!(addresses, json!([url, url, format!("{url}receive"), url]));
    Ok(())
}

async fn wait_until_offline(page: &Page<'_>) -> Result<()> {
    waiting::until("the page is stored", async || {
        let ready = "return document.getElementById('offline-status').dataset.ready === 'true' \
            && navigator.serviceWorker.controller !== null";
        Ok((page.browser.run(ready, &[]).await? == true).then_some(()))
    })
    .await
}

/// Chromium gives the queue of launches to installed pages, which need a desktop: this one
/// takes its place and keeps who asks for files.
const LAUNCHES: &str = "Object.defineProperty(window, 'launchQueue', { \
    value: { setConsumer(take) { window.launch = take; } } })";

#[tokio::test(flavor = "multi_thread")]
async fn songs_that_are_opened_with_the_page_are_judged() -> Result<()> {
    let stage = Stage::set().await?;
    stage.browser.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        &json!({ "source": LAUNCHES }),
    )?;
    let page = stage.page().await?;
    let launch = "const handles = []; \
        for (const name of ['dried-tears', 'taiko-1']) { \
            const blob = await (await fetch(`samples/${name}.ogg`)).blob(); \
            handles.push({ getFile: async () => new File([blob], `${name} 歌.ogg`) }); \
        } \
        window.launch({ files: handles }); \
        return true";
    assert_eq!(page.wait_for_script(launch, &[]).await?, json!(true));
    page.wait_for_rows(2).await?;
    let rows = page.wait_for_all().await?;
    let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["dried-tears 歌.ogg", "taiko-1 歌.ogg"]);
    assert!(rows.iter().all(|row| row.state == "done"), "{rows:?}");
    // A launch without files, as from the list of programs, changes nothing.
    page.browser
        .run("window.launch({ files: [] })", &[])
        .await?;
    assert_eq!(page.rows().await?.len(), 2);
    Ok(())
}

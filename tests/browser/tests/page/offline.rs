//! The page without a network.

use std::net::TcpStream;

use anyhow::Result;
use browser_tests::paths;
use browser_tests::server::Fault;
use browser_tests::waiting;

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_without_its_server() -> Result<()> {
    let mut stage = Stage::set().await?;
    stage.page().await?.wait_until_offline_ready().await?;
    let address = stage.server.address();
    stage.server.stop();
    waiting::until("the server is gone", async || {
        Ok(TcpStream::connect(address).is_err().then_some(()))
    })
    .await?;

    let page = stage.page().await?;
    let sample = page.choose_sample().await?;
    page.report(sample).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;

    page.reload().await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_not_stored() -> Result<()> {
    let stage = Stage::set().await?;
    stage
        .server
        .break_file("icons/undertone.svg", Fault::Changed);
    let page = stage.page().await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    let registered = "return navigator.serviceWorker.getRegistration().then(Boolean)";
    waiting::until("what was begun to be stored is given up", async || {
        let begun = stage.server.asked("sw.js") > 0;
        let given_up = begun && page.browser.run(registered, &[]).await? == false;
        Ok(given_up.then_some(()))
    })
    .await?;

    stage.server.heal();
    page.reload().await?;
    page.wait_until_offline_ready().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_downloaded_is_stored_without_another_download() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    page.wait_until_offline_ready().await?;
    for name in ["worker_bg.wasm", "models/mood.onnx", "models/ensemble.bin"] {
        assert_eq!(stage.server.asked(name), 1, "{name}");
    }
    // What nothing has needed so far is stored, too.
    assert_eq!(stage.server.asked("tagger_bg.wasm"), 1);
    Ok(())
}

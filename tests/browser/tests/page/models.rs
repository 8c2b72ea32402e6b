//! Model files that are missing, cut off or other than they should be.

use anyhow::Result;
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::server::{Fault, Server};

use crate::stage::Stage;

/// Breaks the file, looks for its name in the alert, heals the server, tries again.
///
/// The new server is an origin of its own: nothing is stored of another case.
async fn refuses(stage: &Stage, name: &str, fault: Fault) -> Result<()> {
    let server = Server::start(paths::dist()?)?;
    server.break_file(&format!("models/{name}"), fault);
    let page = Page::open(&stage.browser, &server).await?;
    let jobs = page.choose(&[&paths::data("song/song.mp3")?]).await?;

    let alert = page.wait_for_alert().await?;
    assert!(alert.contains(name), "{name}, {fault:?}: {alert}");

    server.heal();
    page.click("#retry").await?;
    page.report(jobs[0]).await?;
    assert_eq!(page.alert().await?, "", "{name}, {fault:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_at_fault_is_named_and_can_be_tried_again() -> Result<()> {
    let stage = Stage::set().await?;
    for (name, fault) in [
        ("mood.onnx", Fault::Missing),
        ("ensemble.json", Fault::Missing),
        ("features.json", Fault::Missing),
        ("mood.onnx", Fault::Truncated),
        ("mood.json", Fault::Truncated),
        ("ensemble.bin", Fault::Truncated),
        ("features.bin", Fault::Truncated),
        ("mood.onnx", Fault::Changed),
        ("ensemble.bin", Fault::Changed),
    ] {
        refuses(&stage, name, fault).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_that_does_not_load_is_named_and_can_be_tried_again() -> Result<()> {
    let stage = Stage::set().await?;
    let server = Server::start(paths::dist()?)?;
    server.break_file("worker_bg.wasm", Fault::Missing);
    let page = Page::open(&stage.browser, &server).await?;
    let alert = page.wait_for_alert().await?;
    assert!(alert.contains("worker_bg.wasm"), "{alert}");

    server.heal();
    page.click("#retry").await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    Ok(())
}

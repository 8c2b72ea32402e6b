//! axe-core on every view: run by `make test-axe`, which fetches it.

use anyhow::{Context, Result};
use browser_tests::browser::{Browser, Options};
use browser_tests::page::Page;
use browser_tests::paths;
use serde_json::{Value, json};

use crate::stage::Stage;

/// Runs it on what is shown, and returns each finding with the elements at fault.
const RUN: &str = "
    return axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
        violations.map(({ id, help, nodes }) =>
            [id, help, ...nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`)]));
";
const OPEN_ALL: &str =
    "document.querySelectorAll('details').forEach((details) => { details.open = true; })";
const CHINESE: &str = "const choice = document.getElementById('language'); \
    choice.value = 'zh-Hans'; choice.dispatchEvent(new Event('change'))";
const ENGLISH: &str = "const choice = document.getElementById('language'); \
    choice.value = 'en'; choice.dispatchEvent(new Event('change'))";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs axe-core: `make test-axe`"]
async fn axe_finds_nothing_on_a_wide_screen() -> Result<()> {
    check_all(Options::default()).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs axe-core: `make test-axe`"]
async fn axe_finds_nothing_on_a_phone_in_the_dark() -> Result<()> {
    let options = Options {
        width: Some(360),
        flags: vec!["--blink-settings=preferredColorScheme=0".to_owned()],
        ..Options::default()
    };
    check_all(options).await
}

/// The empty page, a microphone that is heard, a verdict, a failure, the list of keys, the
/// library with tags and its question, Chinese, and the example.
async fn check_all(mut options: Options) -> Result<()> {
    let microphone = ["device", "ui"].map(|fake| format!("--use-fake-{fake}-for-media-stream"));
    options.flags.extend(microphone);
    let stage = Stage::set_with(options).await?;
    let page = stage.page().await?;
    let axe = std::fs::read_to_string(paths::axe()?)?;
    page.browser.run(OPEN_ALL, &[]).await?;
    check(page.browser, &axe, "the empty page").await?;
    page.click("#listen").await?;
    check(page.browser, &axe, "what may be heard live").await?;
    page.click("#live-microphone").await?;
    page.wait_for("#live[data-kind]").await?;
    check(page.browser, &axe, "what is heard live").await?;
    page.click("#listen").await?;
    judge(&page).await?;
    check(page.browser, &axe, "a verdict").await?;
    page.browser
        .run("document.getElementById('show-keys').click()", &[])
        .await?;
    check(page.browser, &axe, "the keys").await?;
    page.browser
        .run("document.getElementById('close-keys').click()", &[])
        .await?;
    page.browser.run(CHINESE, &[]).await?;
    check(page.browser, &axe, "a verdict in Chinese").await?;
    let bad = page.choose(&[&paths::data("bad/text.mp3")?]).await?;
    page.wait_for_end(bad[0]).await?;
    check(page.browser, &axe, "a failure").await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    page.show_library().await?;
    check(page.browser, &axe, "the library in Chinese").await?;
    page.browser.run(ENGLISH, &[]).await?;
    page.browser.run(OPEN_ALL, &[]).await?;
    check(page.browser, &axe, "the library").await?;
    let select = "document.querySelector('#library-rows .library-check').click()";
    page.browser.run(select, &[]).await?;
    page.wait_for_selected(1).await?;
    check(page.browser, &axe, "a selection").await?;
    let tag = "document.querySelector('[data-picked=tag]').click()";
    page.browser.run(tag, &[]).await?;
    page.wait_for("#tags-write").await?;
    check(page.browser, &axe, "the preview of tags").await?;
    page.click("#tags-close").await?;
    page.browser
        .run("document.getElementById('as-map').click()", &[])
        .await?;
    page.wait_for("#library-map").await?;
    check(page.browser, &axe, "the map").await?;
    page.browser
        .run("document.getElementById('as-list').click()", &[])
        .await?;
    page.wait_for("#library-list").await?;
    page.click("#forget-all").await?;
    check(page.browser, &axe, "the question before all is forgotten").await?;
    let example = format!("{}example.html", stage.server.url());
    stage.browser.client.goto(&example).await?;
    check(page.browser, &axe, "the example").await
}

async fn judge(page: &Page<'_>) -> Result<()> {
    let sample = page.choose_sample().await?;
    page.report(sample).await?;
    Ok(())
}

async fn check(browser: &Browser, axe: &str, view: &str) -> Result<()> {
    let found: Value = browser
        .run(&format!("{axe};{RUN}"), &[])
        .await
        .context("axe runs")?;
    assert_eq!(found, json!([]), "{view}: {found:#}");
    Ok(())
}

//! Nothing leaves the page's origin.

use anyhow::Result;
use browser_tests::browser::{Browser, Options};
use browser_tests::paths;
use browser_tests::proxy::Proxy;
use serde_json::json;

use crate::stage::Stage;

/// Reserved for hosts that don't exist (RFC 2606).
const ELSEWHERE: &str = "http://example.invalid/";

#[tokio::test(flavor = "multi_thread")]
async fn judging_a_song_calls_nobody() -> Result<()> {
    let proxy = Proxy::start().await?;
    let stage = through(&proxy).await?;
    let page = stage.page().await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    let sample = page.choose_sample().await?;
    page.report(sample).await?;
    page.wait_until_offline_ready().await?;
    page.reload().await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    assert_eq!(proxy.requests(), Vec::<String>::new());

    // Even a script on the page could not.
    let fetch = "return fetch(arguments[0]).then(() => 'fetched', (error) => error.name)";
    let refused = page.browser.run(fetch, &[json!(ELSEWHERE)]).await?;
    assert_eq!(refused, "TypeError");
    assert_eq!(proxy.requests(), Vec::<String>::new());
    Ok(())
}

/// A browser that asks the proxy. A private window calls no search engine of its own.
async fn through(proxy: &Proxy) -> Result<Stage> {
    let options = Options {
        flags: vec![proxy.flag(), "--incognito".to_owned()],
        ..Options::default()
    };
    Stage::set_with(options).await
}

/// Without this the test above would also pass with a proxy that nobody asks.
#[tokio::test(flavor = "multi_thread")]
async fn the_proxy_sees_who_is_called() -> Result<()> {
    let proxy = Proxy::start().await?;
    let stage = through(&proxy).await?;
    let browser: &Browser = &stage.browser;
    // Chromium shows its own error page; what counts is that it asked.
    let _ = browser.client.goto(ELSEWHERE).await;
    let seen = proxy.requests();
    let asked = seen.iter().any(|line| line.contains("example.invalid"));
    assert!(asked, "{seen:?}");
    Ok(())
}

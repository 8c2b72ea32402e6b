//! The JavaScript module, as other pages use it.

use anyhow::{Context, Result};
use browser_tests::browser::Browser;
use browser_tests::paths;
use browser_tests::waiting;
use fantoccini::Locator;
use serde_json::{Value, json};
use undertone::Report;
use undertone::error::AnalysisError;

use crate::stage::Stage;

/// Begins a function on the example page, and keeps what it ends with.
const BEGIN: &str = r#"
    window.answer = null;
    const sample = async (name) => (await fetch(name)).arrayBuffer();
    (async () => {
        const { default: init, analyse, UndertoneError } = await import("./undertone.js");
        return await (SCRIPT)({ init, analyse, UndertoneError, sample });
    })().then(
        (value) => { window.answer = { value }; },
        (error) => { window.answer = { error: { name: error.name, kind: error.kind ?? null, message: error.message } }; },
    );
"#;

async fn outcome(browser: &Browser, stage: &Stage, script: &str) -> Result<Value> {
    let example = format!("{}example.html", stage.server.url());
    if browser.client.current_url().await?.as_str() != example {
        browser.client.goto(&example).await?;
    }
    let begin = BEGIN.replace("SCRIPT", script);
    browser.run(&begin, &[]).await?;
    waiting::until_within(3 * waiting::PATIENCE, "the module answers", async || {
        let answer = browser.run("return window.answer", &[]).await?;
        Ok((!answer.is_null()).then_some(answer))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_module_gives_the_report_that_the_page_gives() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let sample = page.choose_sample().await?;
    let expected = page.report(sample).await?;

    let script = "async ({ init, analyse, sample }) => {
        await init();
        const bytes = await sample('samples/crystan-introsad.ogg');
        const length = bytes.byteLength;
        const stages = [];
        const report = await analyse(bytes, { onProgress: ({ stage, fraction }) => stages.push([stage, fraction]) });
        return { report: JSON.stringify(report), whole: bytes.byteLength === length, stages };
    }";
    let answer = outcome(&stage.browser, &stage, script).await?;
    let value = &answer["value"];
    let report = value["report"].as_str().context("a report")?;
    let report: Report = serde_json::from_str(report).with_context(|| format!("{answer}"))?;
    // To the last bit: the page has read and written the worker's JSON once more.
    assert_eq!(report, expected);
    assert_eq!(value["whole"], true, "the caller's bytes are left alone");
    let stages = value["stages"].as_array().context("stages")?;
    assert!(
        stages.iter().any(|stage| stage[0] == "network"),
        "{stages:?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_module_takes_decoded_sound_and_calls_in_turn() -> Result<()> {
    let stage = Stage::set().await?;
    let script = "async ({ analyse, sample }) => {
        const bytes = await sample('samples/taiko-1.ogg');
        const decoded = await new OfflineAudioContext(2, 1, 44100).decodeAudioData(bytes.slice(0));
        const reports = await Promise.all([analyse(decoded), analyse(new Blob([bytes]))]);
        return { moods: reports.map((report) => report.moods), whole: decoded.getChannelData(0).length > 0 };
    }";
    let answer = outcome(&stage.browser, &stage, script).await?;
    let moods = &answer["value"]["moods"];
    // The browser has brought the one to another rate.
    for mood in ["sad", "calm", "happy", "energetic"] {
        let [decoded, read] = [0, 1].map(|at| moods[at][mood].as_f64().unwrap_or(f64::NAN));
        assert!((decoded - read).abs() < 0.05, "{answer}");
    }
    assert_eq!(answer["value"]["whole"], true);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_module_tells_errors_by_kind_and_stops_when_asked() -> Result<()> {
    let stage = Stage::set().await?;
    let fails = [
        (
            "async ({ analyse }) => analyse(new ArrayBuffer(0))",
            "empty",
        ),
        (
            "async ({ analyse }) => analyse(new Blob(['no song']))",
            "undecodable",
        ),
        (
            "async ({ analyse }) => analyse(new AudioBuffer({ length: 44100, sampleRate: 44100 }))",
            "too-short",
        ),
        (
            "async ({ analyse }) => analyse(new AudioBuffer({ length: 441000, sampleRate: 44100 }))",
            "silent",
        ),
    ];
    for (script, kind) in fails {
        let answer = outcome(&stage.browser, &stage, script).await?;
        assert_eq!(answer["error"]["kind"], kind, "{answer}");
        assert!(
            answer["error"]["message"]
                .as_str()
                .is_some_and(|m| m.len() > 20),
            "{answer}"
        );
    }
    let script = "async ({ init, analyse, sample }) => {
        await init();
        const bytes = await sample('samples/taiko-1.ogg');
        const controller = new AbortController();
        const stopped = analyse(bytes, { signal: controller.signal, onProgress: () => controller.abort() });
        const reason = await stopped.catch((error) => error.name);
        return { reason, next: (await analyse(bytes)).mood };
    }";
    let answer = outcome(&stage.browser, &stage, script).await?;
    assert_eq!(answer["value"]["reason"], "AbortError", "{answer}");
    assert!(answer["value"]["next"].is_string(), "{answer}");
    Ok(())
}

/// A decoder that never answers, and clocks of ten seconds that tick so many times as fast.
const DUMB: &str = "
    const { setInterval } = window;
    window.setInterval = (react, pause) => setInterval(react, pause === 10_000 ? pause / FASTER : pause);
    OfflineAudioContext.prototype.decodeAudioData = () => new Promise(() => {});
";

#[tokio::test(flavor = "multi_thread")]
async fn the_module_gives_up_a_decoder_that_never_answers() -> Result<()> {
    let stage = Stage::set().await?;
    // The worker does not know what it is either.
    let script = "async ({ analyse }) => { DUMB
        return analyse(new Blob(['no song']));
    }";
    let dumb = DUMB.replace("FASTER", "100");
    let answer = outcome(&stage.browser, &stage, &script.replace("DUMB", &dumb)).await?;
    assert_eq!(answer["error"]["name"], "UndertoneError", "{answer}");
    assert_eq!(answer["error"]["kind"], "undecodable");
    let error = AnalysisError::Undecodable {
        detail: "no answer for 90 s".to_owned(),
    };
    assert_eq!(answer["error"]["message"], error.to_string());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_module_stops_while_it_decodes_and_goes_on_with_the_next() -> Result<()> {
    let stage = Stage::set().await?;
    let script = "async ({ analyse, sample }) => {
        const controller = new AbortController();
        OfflineAudioContext.prototype.decodeAudioData = () => new Promise(() => controller.abort());
        const stopped = analyse(new Blob(['no song']), { signal: controller.signal });
        const reason = await stopped.catch((error) => error.name);
        return { reason, next: (await analyse(await sample('samples/taiko-1.ogg'))).mood };
    }";
    let answer = outcome(&stage.browser, &stage, script).await?;
    assert_eq!(answer["value"]["reason"], "AbortError", "{answer}");
    assert!(answer["value"]["next"].is_string(), "{answer}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_judges_a_chosen_song() -> Result<()> {
    let stage = Stage::set().await?;
    let client = &stage.browser.client;
    client
        .goto(&format!("{}example.html", stage.server.url()))
        .await?;
    let song = paths::data("song/song.mp3")?;
    let input = client.find(Locator::Id("file")).await?;
    input.send_keys(song.to_str().context("a path")?).await?;
    let text = waiting::until_within(3 * waiting::PATIENCE, "the example tells", async || {
        let json = "return document.getElementById('report').textContent";
        let text = stage.browser.run(json, &[]).await?;
        Ok(text
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned))
    })
    .await?;
    let report: Report = serde_json::from_str(&text)?;
    let says = stage
        .browser
        .run("return document.getElementById('says').textContent", &[])
        .await?;
    let expected = format!("song.mp3: {}", report.mood);
    assert!(
        says.as_str()
            .is_some_and(|says| says.starts_with(&expected)),
        "{says}"
    );
    assert_eq!(json!(report.timeline.is_empty()), false);
    Ok(())
}

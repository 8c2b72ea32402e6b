//! The verdict before its reasons.

use std::collections::HashSet;

use anyhow::{Context, Result, ensure};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::{Shelf, Sound};
use serde::Deserialize;
use serde_json::json;

use crate::language::CHOOSE;
use crate::stage::Stage;
use crate::workers::SEND_COMPANY;

/// Keeps what the page shows of its last song, each time that it changes.
const WATCH: &str = r##"
    window.shown = [];
    const text = (id) => document.getElementById(id).textContent;
    const look = () => {
        const row = document.querySelector("#queue > li:last-child");
        if (!row) return;
        const verdict = document.getElementById("verdict");
        const now = {
            state: row.dataset.state,
            mood: row.dataset.mood ?? null,
            unsure: row.dataset.unsure ?? null,
            row: row.querySelector(".song-note").textContent,
            coloured: verdict.dataset.mood ?? null,
            verdict: verdict.textContent,
            note: text("verdict-note"),
            status: text("status"),
        };
        if (JSON.stringify(now) !== JSON.stringify(window.shown.at(-1))) window.shown.push(now);
    };
    new MutationObserver(look).observe(document.body, {
        attributes: true, characterData: true, childList: true, subtree: true,
    });
"##;

/// Stops a song as soon as its verdict is there.
const STOP_JUDGED: &str = r##"
    const look = () => {
        const row = document.querySelector("#queue > li[data-state=analysing][data-mood]");
        row?.querySelector("[data-action=cancel]").click();
    };
    new MutationObserver(look).observe(document.body, { attributes: true, subtree: true });
"##;

/// What the page shows of a song.
#[derive(Debug, PartialEq, Deserialize)]
struct Shown {
    state: String,
    mood: Option<String>,
    unsure: Option<String>,
    row: String,
    coloured: Option<String>,
    verdict: String,
    note: String,
    status: String,
}

async fn shown(page: &Page<'_>) -> Result<Vec<Shown>> {
    let shown = page.browser.run("return window.shown", &[]).await?;
    Ok(serde_json::from_value(shown)?)
}

/// Judges a song, and looks at what the page said before and with the reasons.
async fn judge(page: &Page<'_>, shelf: &Shelf, reasons: &str) -> Result<()> {
    let song = shelf.put("song.wav", &Sound::song()?.repeated(4).to_wav())?;
    page.browser.run("window.shown = []", &[]).await?;
    let report = page.judge(&song).await?;
    let shown = shown(page).await?;
    let judged = |shown: &&Shown| shown.state == "analysing" && shown.mood.is_some();
    let before: Vec<_> = shown.iter().filter(judged).collect();
    let last = shown.last().context("nothing is shown")?;
    ensure!(
        !before.is_empty(),
        "no verdict before the reasons: {shown:?}"
    );
    assert_eq!(last.mood.as_deref(), Some(report.mood.name()));
    let [first, second, third, fourth] = {
        let mut shares = report
            .moods
            .to_array()
            .map(|share| (100.0 * share).round() as u32);
        shares.sort_unstable();
        shares
    };
    for early in before {
        assert_eq!((&early.mood, &early.unsure), (&last.mood, &last.unsure));
        assert_eq!(
            (&early.coloured, &early.verdict),
            (&last.coloured, &last.verdict)
        );
        assert!(early.row.starts_with(&last.row), "{early:?}");
        assert!(early.note.contains(reasons), "{early:?}");
        for share in [first, second, third, fourth] {
            assert!(
                early.note.contains(&share.to_string()),
                "{share}: {early:?}"
            );
        }
        assert!(early.status.starts_with("song.wav"), "{early:?}");
    }
    // It is told once: nothing else was, from then on.
    let from = shown.iter().position(|shown| judged(&shown));
    let told: HashSet<_> = shown[from.unwrap_or(0)..]
        .iter()
        .map(|s| &s.status)
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    page.forget_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verdict_comes_before_its_reasons_and_stays() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    page.browser.run(WATCH, &[]).await?;
    judge(&page, &shelf, "reasons are being worked out").await?;
    page.browser.run(CHOOSE, &[json!("zh-Hans")]).await?;
    page.browser.run(SEND_COMPANY, &[]).await?;
    judge(&page, &shelf, "正在推求理由").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_goes_with_a_song_that_is_stopped() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    page.browser.run(SEND_COMPANY, &[]).await?;
    page.browser.run(WATCH, &[]).await?;
    page.browser.run(STOP_JUDGED, &[]).await?;
    let jobs = page.choose(&[&paths::data("song/song.mp3")?]).await?;
    let row = page.wait_for_end(jobs[0]).await?;
    assert_eq!(row.state, "cancelled");
    let shown = shown(&page).await?;
    assert!(shown.iter().any(|shown| shown.mood.is_some()));
    let last = shown.last().context("nothing is shown")?;
    assert_eq!((&last.mood, &last.coloured), (&None, &None));
    assert_eq!(
        (last.verdict.as_str(), last.note.as_str()),
        ("Cancelled", "")
    );
    Ok(())
}

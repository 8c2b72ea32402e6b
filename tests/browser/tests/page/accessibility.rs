//! The page by keyboard, by ear and on a narrow screen.

use anyhow::{Result, ensure};
use browser_tests::browser::{Browser, Options};
use browser_tests::engine::Engine;
use browser_tests::page::Page;
use browser_tests::paths;
use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::json;

use crate::stage::Stage;

/// The narrowest width of WCAG 2.2, criterion 1.4.10 (Reflow), in CSS pixels.
const NARROW: u32 = 320;

#[tokio::test(flavor = "multi_thread")]
async fn controls_have_names_and_news_is_announced() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let labels = "return Array.from(document.getElementById('file-input').labels, (label) => label.textContent)";
    let labels = page.browser.run(labels, &[]).await?;
    assert_eq!(labels, json!(["Choose songs"]));
    for (id, role) in [
        ("status", "status"),
        ("offline-status", "status"),
        ("alert", "alert"),
    ] {
        let element = page.browser.client.find(Locator::Id(id)).await?;
        assert_eq!(element.attr("role").await?.as_deref(), Some(role), "#{id}");
    }

    let report = page.judge(&paths::data("song/song.mp3")?).await?;
    let verdict = text(page.browser, "verdict").await?;
    let mood = report.mood.to_string();
    assert!(verdict.to_lowercase().contains(&mood), "{verdict}: {mood}");
    let status = text(page.browser, "status").await?;
    assert_eq!(status, format!("song.mp3: {verdict}"));

    let nameless = page.browser.run(NAMELESS, &[]).await?;
    assert_eq!(nameless, json!([]), "controls without a name");
    let faults = page.browser.run(STRUCTURE, &[]).await?;
    assert_eq!(faults, json!([]), "what a screen reader would stumble over");
    Ok(())
}

/// Buttons, fields and pictures that a screen reader could not name.
const NAMELESS: &str = r#"
    const named = (element) =>
        element.textContent.trim() || element.ariaLabel || element.labels?.length ||
        element.hasAttribute("aria-labelledby");
    const controls = document.querySelectorAll("button, input, summary, a, progress, [role=img]");
    return Array.from(controls).filter((element) => !named(element)).map((element) => element.outerHTML);
"#;

/// Ids that stand twice or that nothing bears, headings that skip a level, lists of names
/// and values that lack one of them, and bars whose row has no figure in its text.
const STRUCTURE: &str = r#"
    const faults = [];
    const all = (selector) => Array.from(document.querySelectorAll(selector));
    const shown = (selector) => all(selector).filter((element) => element.checkVisibility());
    const ids = all("[id]").map((element) => element.id);
    faults.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`));
    for (const name of ["aria-labelledby", "aria-describedby", "for"]) {
        for (const element of all(`[${name}]`)) {
            const asked = element.getAttribute(name).split(" ");
            faults.push(...asked.filter((id) => !ids.includes(id)).map((id) => `${name}: no ${id}`));
        }
    }
    let level = 0;
    for (const heading of shown("h1, h2, h3, h4")) {
        const next = Number(heading.tagName[1]);
        if (next > level + 1) faults.push(`after h${level}: ${heading.outerHTML}`);
        if (!heading.textContent.trim()) faults.push(`empty: ${heading.outerHTML}`);
        level = next;
    }
    for (const entry of shown("dl > *")) {
        if (!entry.querySelector("dt") || !entry.querySelector("dd")) faults.push(entry.outerHTML);
    }
    for (const row of shown(".rows > li, .bars > li, .scale")) {
        if (!/[0-9]|not measured/.test(row.textContent)) faults.push(`no figure: ${row.outerHTML}`);
    }
    return faults;
"#;

/// The text of an element, seen or not.
async fn text(browser: &Browser, id: &str) -> Result<String> {
    let script = "return document.getElementById(arguments[0]).textContent";
    let text = browser.run(script, &[json!(id)]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tab_key_reaches_the_file_input() -> Result<()> {
    const MOST: usize = 10;
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let mut passed = Vec::new();
    for _ in 0..MOST {
        press(page.browser, Key::Tab).await?;
        let focused = "return document.activeElement.id || document.activeElement.className";
        let focused = page.browser.run(focused, &[]).await?;
        if focused == "file-input" {
            return Ok(());
        }
        passed.push(focused);
    }
    panic!("the focus went over {passed:?}");
}

async fn press(browser: &Browser, key: Key) -> Result<()> {
    let value = char::from(key);
    let keys = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value })
        .then(KeyAction::Up { value });
    Ok(browser.client.perform_actions(keys).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_narrow_screen_needs_no_sideways_scrolling() -> Result<()> {
    let is_chromium = Engine::chosen()? == Engine::Chromium;
    let options = Options {
        width: is_chromium.then_some(NARROW),
        ..Options::default()
    };
    let stage = Stage::set_with(options).await?;
    let page = if is_chromium {
        stage.page().await?
    } else {
        // Only Chromium's driver shows less than a window's least width.
        Page::open_in_frame(&stage.browser, &stage.server, NARROW).await?
    };
    ensure_it_fits(page.browser).await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    let open =
        "document.querySelectorAll('details').forEach((details) => { details.open = true; })";
    page.browser.run(open, &[]).await?;
    ensure_it_fits(page.browser).await
}

async fn ensure_it_fits(browser: &Browser) -> Result<()> {
    let wide = browser.run(TOO_WIDE, &[json!(NARROW)]).await?;
    ensure!(
        wide == json!([NARROW, []]),
        "width, and who reaches over it: {wide}"
    );
    Ok(())
}

/// The page's width, and the elements that reach over the screen's and don't lie in a
/// box that scrolls by itself.
const TOO_WIDE: &str = r#"
    const reaches = (element) =>
        element.getBoundingClientRect().right > arguments[0] + 0.5 && !element.closest(".scroll, .visually-hidden");
    const wide = Array.from(document.body.querySelectorAll("*")).filter(reaches);
    return [document.documentElement.scrollWidth, wide.map((element) => element.outerHTML.slice(0, 80))];
"#;

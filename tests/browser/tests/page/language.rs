//! The page in both of its languages.

use anyhow::{Context, Result};
use browser_tests::browser::Options;
use browser_tests::engine::Engine;
use browser_tests::page::Page;
use browser_tests::paths;
use serde_json::{Value, json};
use undertone::text::{Language, mood_title, page};

use crate::stage::Stage;

/// Chooses a language as a visitor does.
pub const CHOOSE: &str = r#"
    const choice = document.getElementById("language");
    choice.value = arguments[0];
    choice.dispatchEvent(new Event("change"));
"#;

/// Texts in the page's main part and head that hold English words, but for the model cards
/// and the names of songs, which are what they are in every language.
const ENGLISH_WORDS: &str = r##"
    const open = document.querySelectorAll("details");
    open.forEach((details) => { details.open = true; });
    const names = "#language, #models, .song-name, #result-name, #samples, .brand, code, script, template, noscript";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    const known = /\b(undertone\.js|Undertone|BPM|CSV|PNG|SVG|Tab|Esc|MP3|OGG|LSTM|JavaScript|WebAssembly|MIT|Apache|JSON|Cookie|Opus|FLAC|WMA|AIFF|ALAC|WAV|LUFS|dBTP|kHz|Rekordbox|XML|Users|Ctrl)\b/g;
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent;
        if (walker.currentNode.parentElement.closest(names)) continue;
        if (/[A-Za-z]{3}/.test(text.replace(known, ""))) found.push(text.trim());
    }
    for (const element of document.querySelectorAll("[aria-label], [aria-valuetext]")) {
        const label = element.getAttribute("aria-valuetext") ?? element.ariaLabel;
        if (!element.closest(names) && /[A-Za-z]{3}/.test(label.replaceAll(element.closest("[data-name]")?.dataset.name, ""))) {
            found.push(label);
        }
    }
    return found;
"##;

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_language_reaches_every_text_and_stays() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    assert_eq!(lang(&page).await?, "en");
    let report = page.judge(&paths::data("song/song.mp3")?).await?;

    page.browser.run(CHOOSE, &[json!("zh-Hans")]).await?;
    wait_for_heading(&page, Language::Chinese).await?;
    assert_eq!(lang(&page).await?, "zh-Hans");
    let verdict = page.texts("#verdict").await?;
    let mood = mood_title(report.mood).of(Language::Chinese);
    assert!(verdict[0].contains(mood), "{verdict:?}");
    let english = page.browser.run(ENGLISH_WORDS, &[]).await?;
    assert_eq!(english, json!([]));

    page.reload().await?;
    wait_for_heading(&page, Language::Chinese).await?;
    page.browser.run(CHOOSE, &[json!("en")]).await?;
    wait_for_heading(&page, Language::English).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browsers_language_is_spoken_at_once() -> Result<()> {
    let options = Options {
        languages: Some("zh-CN,en".to_owned()),
        ..Options::default()
    };
    let stage = Stage::set_with(options).await?;
    let page = stage.page().await?;
    wait_for_heading(&page, Language::Chinese).await?;

    page.choose(&[&paths::data("bad/text.mp3")?]).await?;
    let note = browser_tests::waiting::until("the song is refused", async || {
        let notes = page.texts(".song[data-state=failed] .song-note").await?;
        Ok(notes.into_iter().next())
    })
    .await?;
    assert!(
        note.starts_with("没有结论：无法将文件解码为音频（不是已知的声音格式）"),
        "{note}"
    );
    Ok(())
}

async fn wait_for_heading(page: &Page<'_>, language: Language) -> Result<()> {
    let expected = page::QUESTION.of(language);
    browser_tests::waiting::until(expected, async || {
        let script = "return document.getElementById('question').textContent";
        let heading = page.browser.run(script, &[]).await?;
        Ok((heading == expected).then_some(()))
    })
    .await
}

async fn lang(page: &Page<'_>) -> Result<String> {
    let lang: Value = page
        .browser
        .run("return document.documentElement.lang", &[])
        .await?;
    Ok(lang.as_str().context("the page has a language")?.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_whose_language_is_none_starts_the_page() -> Result<()> {
    // Other drivers can't pretend; WebKitGTK's own language is this one where the system has none.
    if Engine::chosen()? != Engine::Chromium {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let source = "Object.defineProperty(Navigator.prototype, 'language', { get: () => 'C' });\
        Object.defineProperty(Navigator.prototype, 'languages', { get: () => ['C'] });";
    let source = json!({ "source": source });
    let script = "Page.addScriptToEvaluateOnNewDocument";
    stage.browser.devtools(script, &source)?;
    let page = stage.page().await?;
    let language = "return [navigator.language, document.documentElement.lang]";
    let language = page.browser.run(language, &[]).await?;
    assert_eq!(language, json!(["C", "en"]));
    Ok(())
}

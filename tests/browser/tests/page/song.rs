//! One song: heard, sought, stretched, and given to others.

use anyhow::{Context, Result, ensure};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::Shelf;
use browser_tests::waiting;
use fantoccini::actions::{InputSource, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::key::Key;
use fantoccini::{Locator, elements::Element};
use serde_json::{Value, json};

use crate::stage::Stage;

/// A judged sample; it is 25 s long.
async fn sample(page: &Page<'_>) -> Result<undertone::Report> {
    let sample = page.choose_sample().await?;
    page.report(sample).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_song_plays_and_all_that_lies_along_it_follows() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    sample(&page).await?;
    let before = path_length(&page).await?;

    page.click("#play").await?;
    wait_for(&page, PLAYING, json!(true)).await?;
    waiting::until("the slider moves by itself", async || {
        let value = value_of(&page, "moment").await?;
        Ok((value > 1.0).then_some(()))
    })
    .await?;
    assert!(path_length(&page).await? > before);
    let status = page.browser.run(STATUS, &[]).await?;
    let status = status.as_str().context("a status")?;
    assert!(status.starts_with("0:0"), "the mood is announced: {status}");

    page.click("#play").await?;
    wait_for(&page, PLAYING, json!(false)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_song_that_can_not_be_heard_is_named_and_what_to_do() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let song = std::fs::read(paths::data("song/song.mp3")?)?;
    let file = shelf.put("Ärger 歌.mp3", &song)?;
    page.judge(&file).await?;
    // A file that the browser decodes and does not play.
    page.click("#play").await?;
    wait_for(&page, PLAYING, json!(true)).await?;
    let refuse = "document.getElementById('player').dispatchEvent(new Event('error'))";
    page.browser.run(refuse, &[]).await?;
    let note = play_note(&page, "can't play it").await?;
    assert!(
        note.contains("Ärger 歌.mp3") && note.contains("Convert"),
        "{note}"
    );

    // A file that is not there any more.
    page.reload().await?;
    let jobs = page.choose(&[&file]).await?;
    page.wait_for_end(jobs[0]).await?;
    page.wait_for("#play").await?;
    std::fs::remove_file(&file)?;
    page.click("#play").await?;
    let note = play_note(&page, "can't be read any more").await?;
    assert!(
        note.contains("Ärger 歌.mp3") && note.contains("Choose it again"),
        "{note}"
    );
    wait_for(&page, PLAYING, json!(false)).await?;

    // A result without a file.
    page.reload_once_written().await?;
    page.wait_for_library(1).await?;
    page.open_from_library("Ärger 歌.mp3").await?;
    page.click("#play").await?;
    let note = play_note(&page, "not kept here").await?;
    assert!(
        note.contains("Ärger 歌.mp3") && note.contains("choose its file again"),
        "{note}"
    );

    // It is there again, and chosen again.
    let file = shelf.put("Ärger 歌.mp3", &song)?;
    let jobs = page.choose(&[&file]).await?;
    page.wait_for_end(jobs[0]).await?;
    page.wait_for("#play").await?;
    page.click("#play").await?;
    wait_for(&page, PLAYING, json!(true)).await?;
    assert_eq!(page.text_of("play-note").await?, "");
    Ok(())
}

/// Waits until the player says why it is silent.
async fn play_note(page: &Page<'_>, part: &str) -> Result<String> {
    waiting::until(&format!("the player says: {part}"), async || {
        let note = page.text_of("play-note").await?;
        Ok(Some(note).filter(|note| note.contains(part)))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mood_curve_is_a_seek_bar() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let report = sample(&page).await?;
    let chart = page.browser.client.find(Locator::Id("chart")).await?;

    point(&page, &chart, 0, false).await?;
    let text = page.texts("#moment-text").await?;
    assert!(text[0].starts_with("0:1"), "hovering shows: {text:?}");
    assert!(
        value_of(&page, "moment").await? < 1.0,
        "hovering does not seek"
    );

    point(&page, &chart, 0, true).await?;
    waiting::until("a click goes to the middle", async || {
        let position = page.texts("#position").await?;
        let middle = format!("0:{:02} of ", (report.duration_s / 2.0) as u32);
        Ok(position[0].starts_with(&middle).then_some(()))
    })
    .await?;
    page.click("#play").await?;
    wait_for(&page, PLAYING, json!(true)).await?;
    let at = page
        .browser
        .run(AT, &[])
        .await?
        .as_f64()
        .context("a time")?;
    assert!(at > report.duration_s / 2.0 - 1.0, "played from {at}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_play_seek_and_show_their_list() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    sample(&page).await?;
    page.browser
        .run("document.activeElement.blur()", &[])
        .await?;

    press(&page, Key::Right.into()).await?;
    wait_for_position(&page, "0:05 of ").await?;
    press(&page, Key::Left.into()).await?;
    wait_for_position(&page, "0:00 of ").await?;
    press(&page, ' ').await?;
    wait_for(&page, PLAYING, json!(true)).await?;
    press(&page, ' ').await?;
    wait_for(&page, PLAYING, json!(false)).await?;

    press(&page, '?').await?;
    wait_for(&page, LIST_OPEN, json!(true)).await?;
    assert!(!page.texts("#keys dt").await?.is_empty());
    press(&page, Key::Escape.into()).await?;
    wait_for(&page, LIST_OPEN, json!(false)).await?;

    // In a field the keys are the field's.
    page.browser
        .run("document.getElementById('language').focus()", &[])
        .await?;
    press(&page, '?').await?;
    page.browser
        .run("document.activeElement.blur()", &[])
        .await?;
    wait_for(&page, LIST_OPEN, json!(false)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_spectrogram_stretches_and_its_axis_with_it() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    sample(&page).await?;
    let whole = page.texts("#spectrogram-axis span").await?;
    assert_eq!(whole[0], "0:00");
    let bands = page.texts("#spectrogram-bands span").await?;
    assert!(bands.contains(&"1 kHz".to_owned()), "{bands:?}");
    let picture = "return document.getElementById('spectrogram').toDataURL()";
    let unstretched = page.browser.run(picture, &[]).await?;

    page.click("#zoom-in").await?;
    page.click("#zoom-in").await?;
    waiting::until("time is stretched", async || {
        let zoom = page.texts("#zoom").await?;
        Ok((zoom == ["4×"]).then_some(()))
    })
    .await?;
    let part = page.texts("#spectrogram-axis span").await?;
    assert_ne!(part, whole);
    assert_ne!(page.browser.run(picture, &[]).await?, unstretched);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn judges_and_doubts_are_told_in_words_and_the_cards_are_near() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let report = sample(&page).await?;
    let apart = page.texts("#apart").await?;
    assert!(apart[0].starts_with("Furthest apart on "), "{apart:?}");
    let note = page.texts("#unsure-note").await?;
    assert_eq!(note.is_empty(), !report.unsure, "{note:?}");

    page.click("#show-models").await?;
    let cards = page.texts("#models h3").await?;
    ensure!(cards.len() == 3, "the cards are shown: {cards:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_becomes_a_picture_and_text() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let report = sample(&page).await?;
    page.browser.run(CATCH, &[]).await?;

    page.click("#save-svg").await?;
    let svg = caught(&page, 0).await?;
    let name = svg["name"].as_str().context("a name")?;
    assert!(name.ends_with(".undertone.svg"), "{svg}");
    let text = svg["text"].as_str().context("text")?;
    assert!(
        text.starts_with("<svg ") && text.contains("Undertone"),
        "{text}"
    );
    let parsed = "return new DOMParser().parseFromString(arguments[0], 'image/svg+xml') \
        .querySelectorAll('parsererror').length";
    assert_eq!(page.browser.run(parsed, &[json!(text)]).await?, 0);

    page.click("#save-png").await?;
    let png = caught(&page, 1).await?;
    assert_eq!(png["size"], json!([1200, 630]), "{png}");
    assert_eq!(png["type"], "image/png");

    page.click("#copy-text").await?;
    wait_for(&page, SHARED, json!(true)).await?;
    let copied = page.browser.run("return window.copied", &[]).await?;
    let copied = copied.as_str().context("copied text")?;
    assert!(copied.contains(&report.reasons[0]), "{copied}");
    Ok(())
}

/// Keeps what the page offers for saving or puts on the clipboard.
const CATCH: &str = r"
    window.offered = [];
    const blobs = new Map();
    const create = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
        const url = create(blob);
        blobs.set(url, blob);
        return url;
    };
    HTMLAnchorElement.prototype.click = function () {
        const entry = { name: this.download };
        window.offered.push(entry);
        (async (blob) => {
            entry.text = await blob.text();
            entry.type = blob.type;
            if (blob.type === 'image/png') {
                const image = await createImageBitmap(blob);
                entry.size = [image.width, image.height];
            }
            entry.ready = true;
        })(blobs.get(this.href)).catch((error) => { entry.failed = String(error); });
    };
    navigator.clipboard.writeText = async (text) => { window.copied = text; };
";

async fn caught(page: &Page<'_>, index: usize) -> Result<Value> {
    waiting::until("a file is offered", async || {
        let entry = page
            .browser
            .run(
                "return window.offered[arguments[0]] ?? null",
                &[json!(index)],
            )
            .await?;
        ensure!(entry["failed"].is_null(), "{entry}");
        Ok((entry["ready"] == true).then_some(entry))
    })
    .await
}

const PLAYING: &str = "const player = document.getElementById('player'); \
    return document.getElementById('play').dataset.playing === 'true' && !player.paused";
const AT: &str = "return document.getElementById('player').currentTime";
const STATUS: &str = "return document.getElementById('status').textContent";
const LIST_OPEN: &str = "return document.getElementById('keys').open";
const SHARED: &str =
    "return document.getElementById('share-note').textContent.includes('clipboard')";

async fn wait_for(page: &Page<'_>, script: &str, expected: Value) -> Result<()> {
    waiting::until(&format!("{script} is {expected}"), async || {
        let value = page.browser.run(script, &[]).await?;
        Ok((value == expected).then_some(()))
    })
    .await
}

async fn wait_for_position(page: &Page<'_>, start: &str) -> Result<()> {
    waiting::until(&format!("the player is at {start}"), async || {
        let position = page.texts("#position").await?;
        Ok(position[0].starts_with(start).then_some(()))
    })
    .await
}

async fn value_of(page: &Page<'_>, id: &str) -> Result<f64> {
    let script = "return Number(document.getElementById(arguments[0]).value)";
    let value = page.browser.run(script, &[json!(id)]).await?;
    value.as_f64().context("a number")
}

async fn path_length(page: &Page<'_>) -> Result<u64> {
    let script = "return document.getElementById('plane-path').points.length";
    let length = page.browser.run(script, &[]).await?;
    length.as_u64().context("a path")
}

async fn press(page: &Page<'_>, value: char) -> Result<()> {
    let keys = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value })
        .then(KeyAction::Up { value });
    Ok(page.browser.client.perform_actions(keys).await?)
}

/// Moves the pointer to the middle of an element, and presses there.
async fn point(page: &Page<'_>, element: &Element, x: i64, press: bool) -> Result<()> {
    let scroll = "document.getElementById('chart').scrollIntoView({ block: 'center' })";
    page.browser.run(scroll, &[]).await?;
    let mut mouse = MouseActions::new("mouse".to_owned()).then(PointerAction::MoveToElement {
        element: element.clone(),
        duration: None,
        x: x as f64,
        y: 0.0,
    });
    if press {
        mouse = mouse
            .then(PointerAction::Down { button: 0 })
            .then(PointerAction::Up { button: 0 });
    }
    Ok(page.browser.client.perform_actions(mouse).await?)
}

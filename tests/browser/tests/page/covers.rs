//! Covers of files, in the list, the result and the storage.

use anyhow::{Context, Result};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::Shelf;
use browser_tests::waiting;
use serde_json::{Value, json};

use crate::stage::Stage;

/// Most bytes of a cover that is kept.
const MOST_BYTES: u64 = 12_000;

/// A number in seven bits a byte (`ID3v2.4`, 6.2).
fn synchsafe(number: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| ((number >> shift) & 0x7f) as u8)
}

/// The song with a front cover of these bytes.
fn with_cover(picture: &[u8]) -> Result<Vec<u8>> {
    let body = [&b"\0image/png\0\x03\0"[..], picture].concat();
    let frame = [&b"APIC"[..], &synchsafe(body.len()), &[0, 0], &body].concat();
    let tag = [&b"ID3\x04\0\0"[..], &synchsafe(frame.len()), &frame].concat();
    let song = std::fs::read(paths::data("song/song.mp3")?)?;
    Ok([tag, song].concat())
}

fn picture() -> Result<Vec<u8>> {
    Ok(std::fs::read(
        paths::dist()?.join("icons/undertone-512.png"),
    )?)
}

/// Waits until the cover of that element is shown, and returns its type and size.
async fn shown(page: &Page<'_>, selector: &str) -> Result<(String, u64)> {
    waiting::until(&format!("{selector} shows a cover"), async || {
        let address =
            "return getComputedStyle(document.querySelector(arguments[0])).backgroundImage";
        let address = page.browser.run(address, &[json!(selector)]).await?;
        Ok(address
            .as_str()
            .is_some_and(|text| text.contains("blob:"))
            .then_some(()))
    })
    .await?;
    let measure = "const place = document.querySelector(arguments[0]);
        const [, address] = getComputedStyle(place).backgroundImage.match(/url\\(\"(.*)\"\\)/);
        const picture = new Image();
        picture.src = address;
        await picture.decode();
        const { width, height } = place.getBoundingClientRect();
        const blob = await new Promise((resolve) => {
            indexedDB.open('undertone:/').onsuccess = ({ target: { result } }) => {
                result.transaction('covers').objectStore('covers').getAll().onsuccess = ({ target }) => {
                    resolve(target.result[0]);
                    result.close();
                };
            };
        });
        return [`${blob.type} ${picture.naturalWidth} ${Math.min(width, height) > 20}`, blob.size];";
    let measured = page.wait_for_script(measure, &[json!(selector)]).await?;
    serde_json::from_value(measured.clone()).with_context(|| measured.to_string())
}

/// How many covers are kept.
async fn kept(page: &Page<'_>) -> Result<Value> {
    let count = "return new Promise((resolve) => {
        indexedDB.open('undertone:/').onsuccess = ({ target: { result } }) => {
            result.transaction('covers').objectStore('covers').count().onsuccess = ({ target }) => {
                resolve(target.result);
                result.close();
            };
        };
    })";
    page.browser.run(count, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_is_kept_small_and_shown_until_its_song_is_forgotten() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let song = shelf.put("cover.mp3", &with_cover(&picture()?)?)?;
    page.judge(&song).await?;
    let (kind, bytes) = shown(&page, "#result-cover").await?;
    assert_eq!(kind, "image/jpeg 96 true");
    assert!(bytes < MOST_BYTES, "{bytes} bytes");
    let row = ".library-row[data-name='cover.mp3'] .cover";
    page.reload_once_written().await?;
    page.wait_for_library(1).await?;
    assert_eq!(shown(&page, row).await?.0, kind);

    page.forget("cover.mp3").await?;
    page.wait_for_library(0).await?;
    page.reload_once_written().await?;
    assert_eq!(kept(&page).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn covers_stand_on_cards_on_a_phone() -> Result<()> {
    let stage = Stage::set().await?;
    let page = Page::open_in_frame(&stage.browser, &stage.server, 360).await?;
    let shelf = Shelf::new()?;
    let song = shelf.put("cover.mp3", &with_cover(&picture()?)?)?;
    page.judge(&song).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.show_library().await?;
    shown(&page, ".library-row[data-name='cover.mp3'] .cover").await?;
    // Every card keeps a place for it, so that names begin at one line.
    let lefts = "return [...new Set([...document.querySelectorAll('.library-name')].map((name) => name.getBoundingClientRect().left))].length";
    assert_eq!(page.browser.run(lefts, &[]).await?, 1);
    let wide = "return document.documentElement.scrollWidth > innerWidth";
    assert_eq!(page.browser.run(wide, &[]).await?, false);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_cover_is_none_and_costs_no_verdict() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let mut damaged = picture()?;
    damaged.truncate(60);
    damaged.extend([7; 4_000]);
    let song = shelf.put("damaged.mp3", &with_cover(&damaged)?)?;
    page.judge(&song).await?;
    page.reload_once_written().await?;
    page.wait_for_library(1).await?;
    assert_eq!(kept(&page).await?, 0);
    let place = "return getComputedStyle(document.querySelector('.library-row .cover')).display";
    assert_eq!(page.browser.run(place, &[]).await?, "none");
    assert_eq!(page.alert().await?, "");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_at_the_end_of_old_files_are_read() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let mut song = std::fs::read(paths::data("song/song.mp3")?)?;
    let mut tag = b"TAGAn old title".to_vec();
    tag.resize(33, 0);
    tag.extend(b"Somebody");
    tag.resize(127, 0);
    tag.push(255);
    song.extend(tag);
    page.judge(&shelf.put("old.mp3", &song)?).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.show_library().await?;
    let titles = page.texts(".library-row .library-name").await?;
    assert!(titles.contains(&"An old title".to_owned()), "{titles:?}");
    Ok(())
}

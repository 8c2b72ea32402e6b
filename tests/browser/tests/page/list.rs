//! The list of all songs: as long as it may be, selected, grouped, mapped and played.

use anyhow::{Context, Result, ensure};
use browser_tests::browser::Options;
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::Shelf;
use browser_tests::waiting;
use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::library::{choose_option, fill};
use crate::stage::Stage;

/// Presses keys while the list has the focus, all of them down before any is up.
async fn press(page: &Page<'_>, keys: &[char]) -> Result<()> {
    let focus = "document.getElementById('library-list').focus({ preventScroll: true })";
    page.browser.run(focus, &[]).await?;
    let mut actions = KeyActions::new("keyboard".to_owned());
    for value in keys {
        actions = actions.then(KeyAction::Down { value: *value });
    }
    for value in keys.iter().rev() {
        actions = actions.then(KeyAction::Up { value: *value });
    }
    Ok(page.browser.client.perform_actions(actions).await?)
}

/// Number of rows in the document, and the greatest line among them.
async fn drawn(page: &Page<'_>) -> Result<(u64, u64)> {
    let rows = "const rows = [...document.querySelectorAll('#library-rows > *')]; \
        return [rows.length, Math.max(0, ...rows.map((row) => row.ariaRowIndex ?? Number(row.getAttribute('aria-rowindex'))))]";
    let rows = page.browser.run(rows, &[]).await?;
    Ok(serde_json::from_value(rows)?)
}

async fn sort_by_name(page: &Page<'_>) -> Result<()> {
    page.click("[data-column=name] button").await?;
    page.wait_for("[data-column=name][aria-sort=ascending]")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_songs_are_there_by_the_rows_in_sight() -> Result<()> {
    const COUNT: usize = 10_000;
    const MOST_ROWS: u64 = 120;
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    fill(&page, COUNT).await?;
    for _ in 0..2 {
        page.reload_once_written().await?;
        page.wait_for_library(COUNT + 1).await?;
        let (rows, _) = drawn(&page).await?;
        ensure!(rows < MOST_ROWS, "{rows} rows");
    }
    sort_by_name(&page).await?;
    let bottom = "window.scrollTo(0, document.getElementById('library-rows').offsetTop + \
        document.getElementById('library-rows').offsetHeight / 2)";
    page.browser.run(bottom, &[]).await?;
    waiting::until("the rows in the middle are drawn", async || {
        let (rows, last) = drawn(&page).await?;
        ensure!(rows < MOST_ROWS, "{rows} rows");
        Ok((4_900..5_200).contains(&last).then_some(()))
    })
    .await?;
    // The last key goes to the end, and what is there can be read.
    press(&page, &[Key::End.into()]).await?;
    waiting::until("the last row is drawn", async || {
        let (rows, last) = drawn(&page).await?;
        ensure!(rows < MOST_ROWS, "{rows} rows");
        Ok((last == COUNT as u64 + 2).then_some(()))
    })
    .await?;
    let search = page.browser.client.find(Locator::Id("library-search"));
    search.await?.send_keys("9999").await?;
    let rows = page.wait_for_library(1).await?;
    assert_eq!(rows[0].name, "Song 9999 歌.mp3");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn songs_are_selected_as_in_a_file_manager() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    fill(&page, 9).await?;
    page.reload_once_written().await?;
    page.wait_for_library(10).await?;
    sort_by_name(&page).await?;
    let name = |index| format!("Song {index} 歌.mp3");
    page.press_row(&name(1), &json!({})).await?;
    page.wait_for_selected(1).await?;
    page.press_row(&name(4), &json!({ "shiftKey": true }))
        .await?;
    page.wait_for_selected(4).await?;
    page.press_row(&name(2), &json!({ "ctrlKey": true }))
        .await?;
    page.wait_for_selected(3).await?;
    // Keys go on from there.
    press(&page, &[Key::Down.into()]).await?;
    page.wait_for_selected(1).await?;
    press(&page, &[Key::Shift.into(), Key::Down.into()]).await?;
    page.wait_for_selected(2).await?;
    press(&page, &[Key::Control.into(), 'a']).await?;
    page.wait_for_selected(10).await?;
    press(&page, &[Key::Escape.into()]).await?;
    page.wait_for_selected(0).await?;
    press(&page, &[Key::Home.into()]).await?;
    press(&page, &[' ']).await?;
    page.wait_for_selected(0).await?;
    press(&page, &[' ']).await?;
    page.wait_for_selected(1).await?;

    // What is done, is done to the selected.
    page.press_row(&name(1), &json!({})).await?;
    page.press_row(&name(3), &json!({ "shiftKey": true }))
        .await?;
    page.wait_for_selected(3).await?;
    page.click("[data-picked=energetic]").await?;
    waiting::until("they are energetic", async || {
        let rows = page.library().await?;
        let energetic = rows.iter().filter(|row| row.mood == "energetic");
        let said = energetic.filter(|row| (1..=3).any(|index| row.name == name(index)));
        Ok((said.count() == 3).then_some(()))
    })
    .await?;
    let shelf = Shelf::new()?;
    let list = page
        .export("energetic", "energetic.m3u8", shelf.folder())
        .await?;
    let list = std::fs::read_to_string(list)?;
    assert_eq!(list.matches("#EXTINF").count(), 3, "{list}");

    press(&page, &[Key::Delete.into()]).await?;
    page.wait_for("#forget-picked-dialog").await?;
    let question = page.text_of("forget-picked-question").await?;
    assert!(question.contains("3 songs"), "{question}");
    page.click("#forget-picked-confirm").await?;
    page.wait_for_library(7).await?;
    page.reload_once_written().await?;
    page.wait_for_library(7).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_and_groups_are_the_visitors_choice() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    fill(&page, 14).await?;
    page.reload_once_written().await?;
    page.wait_for_library(15).await?;
    let choose = "document.querySelector(`[data-choice=${arguments[0]}]`).click()";
    for column in ["folder", "album"] {
        page.browser.run(choose, &[json!(column)]).await?;
    }
    page.wait_for("[data-column=folder]").await?;
    page.reload().await?;
    page.wait_for_library(15).await?;
    page.wait_for("[data-column=folder]").await?;
    assert!(page.texts("[data-column=album]").await?.is_empty());
    page.click("[data-column=folder] button").await?;
    page.wait_for("[data-column=folder][aria-sort=ascending]")
        .await?;
    let first = &page.texts("[data-cell=folder]").await?[0];
    assert_eq!(first, "Music/0");

    // Seven folders, and the song that came alone.
    choose_option(&page, "library-group", "folder").await?;
    waiting::until("folders are headings", async || {
        Ok((page.listed().await? == 15 + 8).then_some(()))
    })
    .await?;
    let headings = page.texts(".library-heading button").await?;
    assert_eq!(headings[0], "Music/0 (2)");
    page.click(".library-heading button").await?;
    page.wait_for_selected(2).await
}

/// Draws a rectangle over a share of the map.
const DRAW: &str = "
    const map = document.getElementById('library-map');
    const { left, top, width, height } = map.getBoundingClientRect();
    const [from, to] = arguments[0];
    const fire = (kind, [x, y]) => map.dispatchEvent(new PointerEvent(kind, {
        bubbles: true, button: 0, pointerId: 1,
        clientX: left + x * width, clientY: top + y * height,
    }));
    fire('pointerdown', from);
    fire('pointermove', to);
    fire('pointerup', to);
";

#[tokio::test(flavor = "multi_thread")]
async fn a_rectangle_on_the_map_selects() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    fill(&page, 20).await?;
    page.reload_once_written().await?;
    page.wait_for_library(21).await?;
    page.click("#as-map").await?;
    page.wait_for("#library-map[data-count='21']").await?;
    page.browser
        .run(DRAW, &[json!([[0.0, 0.0], [1.0, 1.0]])])
        .await?;
    page.wait_for_selected(21).await?;
    // Nothing lies in the corner.
    page.browser
        .run(DRAW, &[json!([[0.0, 0.0], [0.05, 0.05]])])
        .await?;
    page.wait_for_selected(0).await?;
    page.click("#as-list").await?;
    page.wait_for("#library-list").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_smart_list_takes_songs_by_itself_and_outlives_a_reload() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    fill(&page, 40).await?;
    page.reload_once_written().await?;
    page.wait_for_library(41).await?;
    let make = "document.getElementById('smart-form-box').open = true; \
        const fields = arguments[0]; \
        for (const id in fields) document.getElementById(id).value = fields[id]; \
        document.getElementById('smart-double').checked = true; \
        document.querySelector('#smart-form [type=submit]').click()";
    let wrong = json!({ "smart-name": "Run", "smart-tempo-from": "fast" });
    page.browser.run(make, &[wrong]).await?;
    let alert = page.wait_for_alert().await?;
    assert!(alert.contains("can't be read"), "{alert}");

    // Tempos are 60 BPM and a quarter more for each song, but for one in three.
    let fields =
        json!({ "smart-tempo-from": "130", "smart-tempo-to": "138", "smart-folder": "music/" });
    page.browser.run(make, &[fields]).await?;
    let fitting = (0..40u32)
        .filter(|index| index % 3 != 0)
        .filter(|index| (130.0..=138.0).contains(&(2.0 * (60.0 + f64::from(*index) / 4.0))))
        .count();
    page.wait_for_library(fitting).await?;
    page.reload_once_written().await?;
    page.wait_for_library(41).await?;
    choose_option(&page, "smart-list", "Run").await?;
    page.wait_for_library(fitting).await?;
    let field = "return document.getElementById('smart-tempo-from').value";
    assert_eq!(page.browser.run(field, &[]).await?, json!("130"));
    page.browser
        .run("document.getElementById('smart-forget').click()", &[])
        .await?;
    page.wait_for_library(41).await?;
    let lists = "return document.getElementById('smart-list').options.length";
    assert_eq!(page.browser.run(lists, &[]).await?, json!(1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn playing_goes_on_from_song_to_song() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    fill(&page, 2).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.show_library().await?;
    sort_by_name(&page).await?;
    press(&page, &[Key::Control.into(), 'a']).await?;
    page.click("[data-picked=play]").await?;
    let plays = async |name: &str| {
        waiting::until(&format!("{name} plays"), async || {
            let names = page.texts("#now-name").await?;
            Ok((names == [name]).then_some(()))
        })
        .await
    };
    // The songs of earlier visits have no files here.
    plays("song.mp3").await?;
    page.browser
        .run(
            "document.getElementById('player').dispatchEvent(new Event('ended'))",
            &[],
        )
        .await?;
    plays("song.ogg").await?;
    page.click("#now-previous").await?;
    plays("song.mp3").await?;
    page.wait_for("#library").await
}

/// Notes where the heads of the list and the switch above it stand, from when they are shown on.
const NOTE_PLACES: &str = r#"
    window.places = {};
    const note = () => {
        for (const id of ["library-heads", "as-map"]) {
            const element = document.getElementById(id);
            if (element?.checkVisibility())
                (window.places[id] ??= new Set()).add(Math.round(element.getBoundingClientRect().top + scrollY));
        }
        requestAnimationFrame(note);
    };
    note();
"#;

/// What comes late (who judges today, that the page works offline) must not push away what a
/// visitor is about to press.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_once_the_songs_are_there() -> Result<()> {
    for width in [None, Some(360)] {
        let options = Options {
            width,
            ..Options::default()
        };
        let stage = Stage::set_with(options).await?;
        let page = stage.page().await?;
        // Their verdicts are by other models, which is told above the list.
        fill(&page, 30).await?;
        let source = json!({ "source": NOTE_PLACES });
        page.browser
            .devtools("Page.addScriptToEvaluateOnNewDocument", &source)?;
        page.reload_once_written().await?;
        page.wait_for_library(31).await?;
        page.wait_for("#library-outdated").await?;
        page.wait_for("#offline-status[data-ready=true]").await?;
        let places = "return Object.entries(window.places).map(([id, tops]) => [id, [...tops]])";
        let places = page.browser.run(places, &[]).await?;
        let places: Vec<(String, Vec<i64>)> = serde_json::from_value(places)?;
        ensure!(!places.is_empty(), "nothing was noted");
        for (id, tops) in places {
            ensure!(tops.len() == 1, "{id} moved at {width:?}: {tops:?}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_songs_are_cards_and_the_verdict_comes_first() -> Result<()> {
    let options = Options {
        width: Some(360),
        ..Options::default()
    };
    let stage = Stage::set_with(options).await?;
    let page = stage.page().await?;
    fill(&page, 30).await?;
    let top = "window.scrollTo(0, 0); \
        return document.getElementById('verdict').getBoundingClientRect().bottom / innerHeight";
    let top: Value = page.browser.run(top, &[]).await?;
    let top = top.as_f64().context("a share of the window")?;
    ensure!(top < 0.75, "the verdict ends at {top} of the first screen");

    page.reload_once_written().await?;
    page.wait_for_library(31).await?;
    let wide = "return [document.documentElement.scrollWidth, getComputedStyle(document.querySelector('.library-top')).display]";
    assert_eq!(
        page.browser.run(wide, &[]).await?,
        json!([360, "none"]),
        "cards need no heads"
    );
    let folded = "return document.getElementById('library-options').open";
    assert_eq!(page.browser.run(folded, &[]).await?, json!(false));
    choose_option(&page, "library-sort", "name").await?;
    waiting::until("the cards are sorted", async || {
        let rows = page.library().await?;
        Ok((rows[0].name == "song.mp3" || rows[0].name == "Song 0 歌.mp3").then_some(()))
    })
    .await
}

/// Notes that the visitor hears sadness in the songs with these hashes.
const SAY_SAD: &str = r#"
    const writing = database.transaction("said", "readwrite");
    for (const hash of arguments[0]) writing.objectStore("said").put("sad", hash);
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_learnt_and_can_be_left_aside() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    fill(&page, 80).await?;
    // The slower half of the calm songs.
    let sad = (0..40).filter(|index| index % 4 == 1 && index % 5 != 4);
    let sad: Vec<_> = sad.map(|index| format!("{index:064x}")).collect();
    page.write_storage(SAY_SAD, &[json!(sad)]).await?;
    page.reload_once_written().await?;
    page.wait_for_library(81).await?;
    page.wait_for("#ear").await?;
    let note = page.text_of("ear-text").await?;
    assert!(
        note.contains(&format!("said of {} songs", sad.len())),
        "{note}"
    );
    let changed = async || {
        let moods = page.texts("[data-cell=mood]").await?;
        let changed = moods.iter().filter(|mood| mood.contains("by your ear"));
        anyhow::Ok(changed.count())
    };
    // Of those of which nothing was said.
    let search = page.browser.client.find(Locator::Id("library-search"));
    search.await?.send_keys("Song 4").await?;
    waiting::until("verdicts are changed", async || {
        Ok((changed().await? > 0).then_some(()))
    })
    .await?;
    page.click("#ear-toggle").await?;
    waiting::until("the judges stand alone", async || {
        Ok((changed().await? == 0).then_some(()))
    })
    .await?;
    page.reload().await?;
    page.wait_for_library(81).await?;
    assert_eq!(page.text_of("ear-text").await?, "");
    page.click("#ear-toggle").await?;
    waiting::until("it is heard by her ear again", async || {
        Ok(page
            .text_of("ear-text")
            .await?
            .contains("By your ear")
            .then_some(()))
    })
    .await
}

//! What is kept between visits: seen again, corrected, found, and forgotten.

use anyhow::Result;
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::Shelf;
use browser_tests::waiting;
use serde_json::{Value, json};
use undertone::Kind;
use undertone::features::TrackFeatures;
use undertone::mood::MoodProbabilities;
use undertone::page::library::{Kept, Origin};
use undertone::report::ModelIds;

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_outlive_a_reload_and_a_song_heard_before_is_not_decoded() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let song = paths::data("song/song.mp3")?;
    let before = page.judge(&song).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;

    page.reload_once_written().await?;
    page.wait_for_library(2).await?;
    let job = page.open_from_library("song.mp3").await?;
    assert_eq!(page.report(job).await?, before);

    page.reload_once_written().await?;
    page.count_decoded().await?;
    let again = page.choose(&[&song]).await?;
    assert_eq!(page.report(again[0]).await?, before);
    // By its contents, whatever its name, and also where the browser has no SHA-256.
    page.browser
        .run(
            "Object.defineProperty(crypto, 'subtle', { value: undefined })",
            &[],
        )
        .await?;
    let shelf = Shelf::new()?;
    let copy = shelf.put("copy.mp3", &std::fs::read(&song)?)?;
    let again = page.choose(&[&copy]).await?;
    assert_eq!(page.wait_for_end(again[0]).await?.state, "done");
    assert_eq!(page.decoded().await?, 0);
    page.show_library().await?;
    assert_eq!(page.library().await?.len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_or_all_results_are_forgotten() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let song = paths::data("song/song.mp3")?;
    page.judge(&song).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.show_library().await?;
    page.forget("song.ogg").await?;
    page.wait_for_library(1).await?;
    page.reload_once_written().await?;
    let rows = page.wait_for_library(1).await?;
    assert_eq!(rows[0].name, "song.mp3");

    let open = "document.querySelector('.library-foot').open = true";
    page.browser.run(open, &[]).await?;
    page.click("#forget-all").await?;
    page.click("#forget-keep").await?;
    assert_eq!(page.library().await?.len(), 1);
    page.click("#forget-all").await?;
    page.click("#forget-confirm").await?;
    page.wait_for_library(0).await?;
    page.reload_once_written().await?;
    page.count_decoded().await?;
    page.judge(&song).await?;
    assert_eq!(page.decoded().await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_visitor_says_is_shown_and_kept() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.click("[data-said=sad]").await?;
    page.wait_for("[data-said=sad][aria-pressed=true]").await?;
    assert!(page.text_of("said-text").await?.contains("sad"));

    page.reload_once_written().await?;
    let rows = page.wait_for_library(2).await?;
    let row = rows.iter().find(|row| row.name == "song.ogg");
    assert_eq!(row.map(|row| row.mood.as_str()), Some("sad"));
    page.open_from_library("song.ogg").await?;
    page.click("[data-said=sad]").await?;
    page.wait_for("[data-said=sad][aria-pressed=false]").await
}

/// A verdict as an earlier visit may have left it, by models that are no more.
pub fn made_up(index: usize) -> Kept {
    let mut weights = [1.0; 4];
    // One in five is flat.
    if index % 5 != 4 {
        weights[index % 4] = 5.0;
    }
    let moods = MoodProbabilities::from_weights(weights);
    let name = format!("Song {index} 歌.mp3");
    Kept {
        origin: Origin {
            hash: format!("{index:064x}"),
            path: format!("Music/{}/{name}", index % 7),
            name,
            bytes: 1_000,
        },
        tags: undertone::tags::Tags::default(),
        judged_ms: 1.7e12 + index as f64,
        duration_s: 60.0 + index as f64,
        kind: Kind::Music,
        mood: moods.top().0,
        unsure: index % 5 == 4,
        moods,
        affect: moods.affect(),
        features: TrackFeatures {
            tempo: (!index.is_multiple_of(3)).then_some(60.0 + index as f64 / 4.0),
            ..TrackFeatures::default()
        },
        centroid_hz: 1_000.0,
        onset_rate_hz: 2.0,
        pulse_clarity: 0.5,
        dynamic_range_db: 10.0,
        models: ModelIds::default(),
    }
}

/// Puts verdicts into the page's storage.
const FILL: &str = r#"
    const writing = database.transaction("songs", "readwrite");
    for (const [hash, text] of arguments[0]) writing.objectStore("songs").put(text, hash);
"#;

/// Waits for the storage, and fills it.
pub async fn fill(page: &Page<'_>, count: usize) -> Result<()> {
    // The page itself makes the storage.
    page.judge(&paths::data("song/song.mp3")?).await?;
    let songs: Vec<_> = (0..count)
        .map(made_up)
        .map(|kept| Ok((kept.origin.hash.clone(), serde_json::to_string(&kept)?)))
        .collect::<Result<_>>()?;
    page.write_storage(FILL, &[json!(songs)]).await
}

pub async fn choose_option(page: &Page<'_>, id: &str, value: &str) -> Result<Value> {
    let choose = "const select = document.getElementById(arguments[0]); select.value = arguments[1]; \
        select.dispatchEvent(new Event('change'))";
    page.browser.run(choose, &[json!(id), json!(value)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_of_hundreds_is_sorted_filtered_and_searched() -> Result<()> {
    const COUNT: usize = 500;
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    fill(&page, COUNT).await?;
    page.reload_once_written().await?;
    page.wait_for_library(COUNT + 1).await?;
    page.click("#as-map").await?;
    page.wait_for(&format!("#library-map[data-count='{}']", COUNT + 1))
        .await?;
    page.click("#as-list").await?;
    // Those of other models are marked.
    page.wait_for("#library-outdated").await?;
    assert!(page.text_of("library-outdated").await?.contains("500"));

    page.click("[data-column=name] button").await?;
    page.wait_for("[data-column=name][aria-sort=ascending]")
        .await?;
    assert_eq!(page.library().await?[0].name, "Song 0 歌.mp3");
    let scroll = "document.getElementById('library-list').scrollIntoView(); scrollBy(0, 300)";
    page.browser.run(scroll, &[]).await?;
    waiting::until("the tenth song follows the ninth", async || {
        let rows = page.library().await?;
        let mut pairs = rows.windows(2);
        let follows =
            pairs.any(|pair| pair[0].name == "Song 9 歌.mp3" && pair[1].name == "Song 10 歌.mp3");
        Ok(follows.then_some(()))
    })
    .await?;
    page.browser.run("scrollTo(0, 0)", &[]).await?;
    page.click("[data-column=tempo] button").await?;
    page.click("[data-column=tempo] button").await?;
    page.wait_for("[data-column=tempo][aria-sort=descending]")
        .await?;
    waiting::until("the fastest song comes first", async || {
        let rows = page.library().await?;
        Ok((rows[0].name == "Song 499 歌.mp3").then_some(()))
    })
    .await?;

    choose_option(&page, "library-mood", "calm").await?;
    choose_option(&page, "library-certainty", "sure").await?;
    waiting::until("only calm songs are shown", async || {
        let rows = page.library().await?;
        let calm = rows
            .iter()
            .all(|row| row.mood == "calm" && row.unsure == "false");
        Ok(calm.then_some(()))
    })
    .await?;
    // One in four, less one in five of those; perhaps the song that was judged.
    let count = page.listed().await?;
    assert!((100..=101).contains(&count), "{count}");
    choose_option(&page, "library-mood", "").await?;
    choose_option(&page, "library-certainty", "").await?;
    let search = page
        .browser
        .client
        .find(fantoccini::Locator::Id("library-search"))
        .await?;
    search.send_keys("歌 SONG 42").await?;
    // 42, 142, 242, 342, 442 hold these, and 420 to 429.
    page.wait_for_library(15).await?;
    assert!(page.text_of("library-shown").await?.contains("15"));

    // A song that only its verdict is left of is told so.
    page.click("[data-column=name] button").await?;
    page.wait_for("[data-name='Song 42 歌.mp3'] [data-action=open]")
        .await?;
    page.click("[data-name='Song 42 歌.mp3'] [data-action=open]")
        .await?;
    assert!(page.wait_for_alert().await?.contains("Song 42"));
    Ok(())
}

/// Makes every verdict and report in the page's storage one of other models.
const AGE: &str = r#"
    const aged = (text) => {
        const value = JSON.parse(text);
        value.models.network = "0".repeat(64);
        return JSON.stringify(value);
    };
    const writing = database.transaction(["songs", "reports"], "readwrite");
    for (const [name, age] of [["songs", aged], ["reports", ([text, ...rest]) => [aged(text), ...rest]]]) {
        const store = writing.objectStore(name);
        store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
            cursor?.update(age(cursor.value));
            cursor?.continue();
        };
    }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_of_older_models_says_so_and_is_judged_anew() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let song = paths::data("song/song.mp3")?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.judge(&song).await?;
    assert!(page.texts("#outdated-note").await?.is_empty());
    page.write_storage(AGE, &[]).await?;

    page.reload_once_written().await?;
    page.wait_for_library(2).await?;
    page.wait_for("#library-outdated").await?;
    page.wait_for("[data-name='song.mp3'][data-outdated=true]")
        .await?;
    page.browser
        .run(
            "document.querySelector('[data-choice=judged]').click()",
            &[],
        )
        .await?;
    page.wait_for("[data-cell=judged]").await?;
    let judged = page.texts("[data-cell=judged]").await?;
    assert!(judged[0].contains("other models"), "{judged:?}");
    page.open_from_library("song.mp3").await?;
    page.wait_for("#outdated-note").await?;
    let note = page.texts("#outdated-note").await?;
    assert!(note[0].contains("Drop the song again"), "{note:?}");

    page.count_decoded().await?;
    let again = page.choose(&[&song]).await?;
    let report = page.report(again[0]).await?;
    assert_eq!(page.decoded().await?, 1);
    assert_ne!(report.models.network, "0".repeat(64));
    assert!(page.texts("#outdated-note").await?.is_empty());
    page.show_library().await?;
    page.wait_for("[data-name='song.mp3'][data-outdated=false]")
        .await?;
    let left = page.texts("#library-outdated").await?;
    assert!(left[0].starts_with("1 verdict "), "{left:?}");
    // The row that had the older verdict has the new one.
    page.open_from_library("song.mp3").await?;
    assert!(page.texts("#outdated-note").await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_songs_are_one_press_away() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.wait_for("#similar").await?;
    assert_eq!(page.texts(".similar-name").await?, ["song.mp3"]);
    page.click(".similar-name").await?;
    waiting::until("the similar song is shown", async || {
        let name = page.text_of("result-name").await?;
        Ok((name == "song.mp3").then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_pages_agree() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    page.judge(&paths::data("song/song.mp3")?).await?;
    let first = stage.browser.client.window().await?;
    let second = stage.browser.client.new_window(true).await?.handle;
    stage
        .browser
        .client
        .switch_to_window(second.clone())
        .await?;
    let page = stage.page().await?;
    page.wait_for_library(1).await?;
    page.judge(&paths::data("song/song.ogg")?).await?;
    page.click("[data-said=happy]").await?;
    page.wait_for("[data-said=happy][aria-pressed=true]")
        .await?;

    stage.browser.client.switch_to_window(first).await?;
    page.show_library().await?;
    waiting::until("the other page's song and its mood are here", async || {
        let rows = page.library().await?;
        let here = rows
            .iter()
            .any(|row| row.name == "song.ogg" && row.mood == "happy");
        Ok(here.then_some(()))
    })
    .await?;
    page.forget("song.mp3").await?;
    page.wait_for_library(1).await?;

    stage.browser.client.switch_to_window(second).await?;
    waiting::until("it is forgotten in the other page", async || {
        let count = page.text_of("library-count").await?;
        Ok((count == "1").then_some(()))
    })
    .await
}

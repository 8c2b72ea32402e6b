//! Listening live, to Chromium's fake microphone, which plays a file.

use anyhow::{Context, Result};
use browser_tests::browser::Options;
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::{Shelf, Sound};
use browser_tests::waiting;
use serde_json::{Value, json};

use crate::stage::Stage;

/// A microphone that is no device, and a visitor who allows it.
const MICROPHONE: &str = "--use-fake-device-for-media-stream";
const ALLOW: &str = "--use-fake-ui-for-media-stream";
const REFUSE: &str = "--deny-permission-prompts";
/// She shares the tab of the page.
const SHARE: &str = "--auto-accept-this-tab-capture";

/// Notes what the page is lent, what it asked for, and the workers that it starts and ends.
const NOTE: &str = "
    const devices = navigator.mediaDevices;
    window.lent = [];
    window.asked = [];
    for (const name of ['getUserMedia', 'getDisplayMedia']) {
        const ask = devices[name].bind(devices);
        devices[name] = async (wanted) => {
            window.asked.push(wanted);
            const stream = await ask(wanted);
            window.lent.push(stream);
            return stream;
        };
    }
    window.started = [];
    window.Worker = class extends Worker {
        constructor(...given) { super(...given); window.started.push(this); }
        terminate() { this.ended = true; super.terminate(); }
    };
    window.contexts = [];
    const hear = AudioContext.prototype.createMediaStreamSource;
    AudioContext.prototype.createMediaStreamSource = function (stream) {
        window.contexts.push(this);
        return hear.call(this, stream);
    };
";
const TRACKS: &str =
    "return window.lent.flatMap((stream) => stream.getTracks().map((track) => track.readyState))";

fn options(flags: &[&str]) -> Options {
    Options {
        flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
        ..Options::default()
    }
}

/// With a microphone that plays that, again and again.
fn hearing(shelf: &Shelf, sound: &Sound) -> Result<Options> {
    let file = shelf.put("microphone.wav", &sound.to_wav())?;
    let plays = format!("--use-file-for-fake-audio-capture={}", file.display());
    Ok(options(&[MICROPHONE, ALLOW, &plays]))
}

/// Opens the panel and presses a button of it, both by the keyboard.
async fn press(page: &Page<'_>, button: &str) -> Result<()> {
    page.browser.run(NOTE, &[]).await?;
    for id in ["#listen", button] {
        page.wait_for(id).await?;
        let element = fantoccini::Locator::Css(id);
        let element = page.browser.client.find(element).await?;
        element.send_keys("\u{e007}").await?;
    }
    Ok(())
}

/// Waits until the panel says something that begins so.
async fn wait_for_note(page: &Page<'_>, begin: &str) -> Result<()> {
    waiting::until(begin, async || {
        let note = page.texts("#live-note").await?.concat();
        Ok(note.starts_with(begin).then_some(()))
    })
    .await
}

async fn wait_for_verdict(page: &Page<'_>, verdict: &str) -> Result<()> {
    waiting::until(verdict, async || {
        let said = page.texts("#live-verdict").await?.concat();
        Ok((said == verdict).then_some(()))
    })
    .await
}

/// What a screen reader was told last.
async fn status(page: &Page<'_>) -> Result<String> {
    let script = "return document.getElementById('status').textContent";
    let status = page.browser.run(script, &[]).await?;
    Ok(status.as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_song_in_the_room_has_the_mood_that_its_file_has() -> Result<()> {
    let shelf = Shelf::new()?;
    let song = Sound::of("beat/beat.flac")?.repeated(3);
    let mut options = hearing(&shelf, &song)?;
    options.width = Some(360);
    let stage = Stage::set_with(options).await?;
    let page = stage.page().await?;
    let file = shelf.put("song.wav", &song.to_wav())?;
    let report = page.judge(&file).await?;
    let mood = report.sure_mood().context("the judges are sure of it")?;
    let verdict = page.texts("#verdict").await?.concat();

    press(&page, "#live-microphone").await?;
    wait_for_note(&page, "Listening: 10 seconds are needed").await?;
    let focused = "return document.activeElement.id";
    assert_eq!(page.browser.run(focused, &[]).await?, "live-stop");
    wait_for_note(&page, "By the last 30 seconds").await?;
    wait_for_verdict(&page, &verdict).await?;
    assert_eq!(status(&page).await?, format!("Live: {verdict}"));
    let top = "return document.querySelector('#live-bars [data-top]').dataset.live";
    assert_eq!(page.browser.run(top, &[]).await?, mood.to_string());
    let points =
        "return document.getElementById('live-path').getAttribute('points').split(' ').length";
    let points = page.browser.run(points, &[]).await?.as_u64();
    assert!(points.is_some_and(|points| points > 2), "{points:?}");
    let level = page
        .browser
        .run("return document.getElementById('live-level').value", &[])
        .await?;
    assert!(level.as_f64().is_some_and(|level| level > 0.3), "{level}");
    let wide = "return document.documentElement.scrollWidth";
    assert_eq!(page.browser.run(wide, &[]).await?, 360);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_said_to_be_silence() -> Result<()> {
    let shelf = Shelf::new()?;
    let stage = Stage::set_with(hearing(&shelf, &Sound::silence(48_000, 5))?).await?;
    let page = stage.page().await?;
    press(&page, "#live-microphone").await?;
    wait_for_verdict(&page, "No music: silence").await?;
    wait_for_note(&page, "Nothing can be heard.").await?;
    assert!(page.texts("#live-bars").await?.is_empty());
    let level = "return document.getElementById('live-level').value";
    assert_eq!(page.browser.run(level, &[]).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_refuses_is_told_how_to_allow() -> Result<()> {
    let stage = Stage::set_with(options(&[MICROPHONE, REFUSE])).await?;
    let page = stage.page().await?;
    press(&page, "#live-microphone").await?;
    let said = "The microphone was refused. To allow it,";
    wait_for_note(&page, said).await?;
    assert!(status(&page).await?.starts_with(said));
    // She may try again.
    page.wait_for("#live-microphone").await?;
    page.wait_for("#live-tab").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_without_a_microphone_says_so() -> Result<()> {
    let stage = Stage::set_with(options(&[ALLOW])).await?;
    let page = stage.page().await?;
    press(&page, "#live-microphone").await?;
    wait_for_note(&page, "There is no microphone.").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_lets_no_page_listen_says_so() -> Result<()> {
    let stage = Stage::set_with(options(&[MICROPHONE, ALLOW])).await?;
    let page = stage.page().await?;
    page.browser.run(NOTE, &[]).await?;
    for (lacks, said) in [
        (
            "navigator.mediaDevices.getUserMedia = undefined",
            "This browser does not let pages",
        ),
        (
            "Object.defineProperty(navigator, 'mediaDevices', { value: undefined }); \
             Object.defineProperty(window, 'isSecureContext', { value: false })",
            "Browsers let only pages with HTTPS",
        ),
    ] {
        page.browser.run(lacks, &[]).await?;
        let open =
            "if (document.getElementById('live').hidden) document.getElementById('listen').click()";
        page.browser.run(open, &[]).await?;
        page.wait_for("#live-microphone").await?;
        page.click("#live-microphone").await?;
        wait_for_note(&page, said).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_go_of_everything() -> Result<()> {
    let shelf = Shelf::new()?;
    let stage = Stage::set_with(hearing(&shelf, &Sound::noise(44_100, 12))?).await?;
    let page = stage.page().await?;
    page.wait_until_offline_ready().await?;
    press(&page, "#live-microphone").await?;
    wait_for_verdict(&page, "No music: noise").await?;
    assert_eq!(page.browser.run(TRACKS, &[]).await?, json!(["live"]));
    let raw = "return ['echoCancellation', 'noiseSuppression', 'autoGainControl'] \
        .map((name) => window.lent[0].getAudioTracks()[0].getSettings()[name])";
    assert_eq!(
        page.browser.run(raw, &[]).await?,
        json!([false, false, false])
    );

    page.click("#live-stop").await?;
    wait_for_note(&page, "What shall be listened to?").await?;
    assert_eq!(page.browser.run(TRACKS, &[]).await?, json!(["ended"]));
    // The samples were in that worker alone.
    let workers = "return window.started.map((worker) => worker.ended ?? false)";
    assert_eq!(page.browser.run(workers, &[]).await?, json!([true]));
    waiting::until("the audio is off", async || {
        let contexts = "return window.contexts.map((context) => context.state)";
        let contexts = page.browser.run(contexts, &[]).await?;
        Ok((contexts == json!(["closed"])).then_some(()))
    })
    .await?;
    assert!(page.texts("#live-verdict, #live-picture").await?.is_empty());
    assert_eq!(
        page.browser
            .run("return document.activeElement.id", &[])
            .await?,
        "live-microphone"
    );
    assert!(status(&page).await?.starts_with("Stopped listening."));
    let kept = "return indexedDB.databases().then((all) => Promise.all(all.map(({ name }) => \
        new Promise((resolve) => { indexedDB.open(name).onsuccess = ({ target: { result } }) => { \
            const names = [...result.objectStoreNames]; \
            const songs = names.length ? result.transaction(names).objectStore(names[0]).count() : {}; \
            songs.onsuccess = () => resolve(songs.result); } }))))";
    let kept = page.browser.run(kept, &[]).await?;
    let empty = kept
        .as_array()
        .is_some_and(|counts| counts.iter().all(|count| *count == 0));
    assert!(empty, "{kept}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_microphone_that_goes_is_said_to_be_gone() -> Result<()> {
    let stage = Stage::set_with(options(&[MICROPHONE])).await?;
    let page = stage.page().await?;
    let setting = |setting| {
        let permission = json!({ "name": "microphone" });
        let asked = json!({ "permission": permission, "setting": setting });
        stage.browser.devtools("Browser.setPermission", &asked)
    };
    setting("granted")?;
    press(&page, "#live-microphone").await?;
    wait_for_note(&page, "Listening: ").await?;
    setting("denied")?;
    let said = "The microphone is gone:";
    wait_for_note(&page, said).await?;
    assert!(status(&page).await?.starts_with(said));
    assert_eq!(page.browser.run(TRACKS, &[]).await?, json!(["ended"]));
    setting("granted")?;
    page.click("#live-microphone").await?;
    wait_for_note(&page, "Listening: ").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_is_heard_and_its_picture_is_not_watched() -> Result<()> {
    let stage = Stage::set_with(options(&[MICROPHONE, ALLOW, SHARE])).await?;
    let page = stage.page().await?;
    press(&page, "#live-tab").await?;
    wait_for_note(&page, "Listening: ").await?;
    let kinds = "return window.lent[0].getTracks().map((track) => [track.kind, track.readyState])";
    let kinds = page.browser.run(kinds, &[]).await?;
    assert_eq!(kinds, json!([["audio", "live"], ["video", "ended"]]));
    page.wait_for("#live[data-kind]").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shared_without_sound_is_not_listened_to() -> Result<()> {
    let stage = Stage::set_with(options(&[MICROPHONE, ALLOW, SHARE])).await?;
    let page = stage.page().await?;
    // As the browsers do that share no sound.
    let mute = "const devices = navigator.mediaDevices; \
        const ask = devices.getDisplayMedia.bind(devices); \
        devices.getDisplayMedia = () => ask({ video: true })";
    page.browser.run(mute, &[]).await?;
    press(&page, "#live-tab").await?;
    wait_for_note(&page, "What you shared has no sound.").await?;
    assert_eq!(page.browser.run(TRACKS, &[]).await?, json!(["ended"]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn songs_are_judged_meanwhile_and_nothing_is_sent() -> Result<()> {
    let shelf = Shelf::new()?;
    let stage = Stage::set_with(hearing(&shelf, &Sound::song()?)?).await?;
    let page = stage.page().await?;
    page.wait_until_offline_ready().await?;
    page.browser
        .run("performance.clearResourceTimings()", &[])
        .await?;
    press(&page, "#live-microphone").await?;
    page.wait_for("#live[data-kind]").await?;
    let loaded =
        "return performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop())";
    let loaded: Value = page.browser.run(loaded, &[]).await?;
    let loaded: Vec<String> = serde_json::from_value(loaded)?;
    let known = |name: &String| ["live.js", "judge.js", "worker.js"].contains(&name.as_str());
    assert!(loaded.iter().all(known), "{loaded:?}");
    page.judge(&paths::data("song/song.mp3")?).await?;
    page.wait_for("#live[data-phase=listening]").await?;
    Ok(())
}

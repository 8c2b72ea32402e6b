//! Two songs at once, each in a worker of its own; what a worker can't decode.

use anyhow::{Context, Result};
use browser_tests::page::{Job, Page};
use browser_tests::paths;
use browser_tests::songs::{Shelf, Sound};
use serde_json::json;
use undertone::Report;
use undertone::worker::protocol::Timing;

use crate::formats::judge_without_the_browser;
use crate::stage::Stage;

/// The song is 10 s long; this many make ten minutes.
const TIMES: usize = 60;

/// Notes the workers that judge and are started beside the first.
const NOTE_WORKERS: &str = r#"
    window.others = [];
    window.Worker = class extends Worker {
        constructor(url, ...more) {
            super(url, ...more);
            if (url === "judge.js") window.others.push(this);
        }
    };
"#;
const COUNT: &str = "return window.others.length";
const TRAP: &str =
    "window.others[0].dispatchEvent(new ErrorEvent('error', { message: 'unreachable' }))";
const MAKE_DEAF: &str = "window.others[0].postMessage = () => {}";

/// The page on a machine that takes two workers.
async fn page(stage: &Stage) -> Result<Page<'_>> {
    stage.browser.pretend_cores(2)?;
    let page = stage.page().await?;
    // Only then the first worker is there, and not taken for another.
    page.wait_until_offline_ready().await?;
    page.browser.run(NOTE_WORKERS, &[]).await?;
    Ok(page)
}

/// Chooses two songs of ten minutes and a short one, and waits for the first two to be in
/// the workers.
async fn two_at_once(page: &Page<'_>, shelf: &Shelf) -> Result<Vec<Job>> {
    let song = Sound::song()?;
    let first = shelf.put("first.wav", &song.clone().repeated(TIMES).to_wav())?;
    let second = shelf.put("second.wav", &song.repeated(TIMES - 1).to_wav())?;
    let third = paths::data("song/song.mp3")?;
    let jobs = page.choose(&[&first, &second, &third]).await?;
    page.wait_for_state(jobs[1], "analysing").await?;
    page.wait_for_state(jobs[0], "analysing").await?;
    Ok(jobs)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_traps_costs_its_own_song_alone() -> Result<()> {
    let stage = Stage::set().await?;
    let page = page(&stage).await?;
    let shelf = Shelf::new()?;
    let jobs = two_at_once(&page, &shelf).await?;
    page.browser.run(TRAP, &[]).await?;

    let second = page.wait_for_end(jobs[1]).await?;
    assert_eq!(second.error.as_deref(), Some("internal"), "{second:?}");
    assert_eq!(page.wait_for_end(jobs[0]).await?.state, "done");
    assert_eq!(page.wait_for_end(jobs[2]).await?.state, "done");
    page.click(&format!("[data-job='{}'] [data-action=retry]", jobs[1]))
        .await?;
    page.report(jobs[1]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_does_not_stop_is_ended_and_the_other_goes_on() -> Result<()> {
    let stage = Stage::set().await?;
    let page = page(&stage).await?;
    let shelf = Shelf::new()?;
    let jobs = two_at_once(&page, &shelf).await?;
    page.browser.run(MAKE_DEAF, &[]).await?;
    page.click(&format!("[data-job='{}'] [data-action=cancel]", jobs[1]))
        .await?;

    assert_eq!(page.wait_for_end(jobs[1]).await?.state, "cancelled");
    assert_eq!(page.wait_for_end(jobs[0]).await?.state, "done");
    assert_eq!(page.wait_for_end(jobs[2]).await?.state, "done");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn songs_that_come_one_by_one_take_one_worker() -> Result<()> {
    let stage = Stage::set().await?;
    let page = page(&stage).await?;
    for name in ["song/song.mp3", "song/song.ogg"] {
        page.judge(&paths::data(name)?).await?;
    }
    assert_eq!(page.browser.run(COUNT, &[]).await?, json!(0));
    Ok(())
}

/// Tells the worker that every song has company.
pub const SEND_COMPANY: &str = r#"
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
        if (typeof message[0] === "string") {
            message[0] = JSON.stringify({ ...JSON.parse(message[0]), alone: false });
        }
        return postMessage.call(this, message, ...rest);
    };
"#;

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_judge_a_song_as_one_does() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    let song = shelf.put("song.wav", &Sound::song()?.repeated(4).to_wav())?;
    let judged = async || -> Result<(Report, usize)> {
        let job = page.choose(&[&song]).await?[0];
        let timing = page.wait_for_end(job).await?.timing.context("no timing")?;
        let report = page.report(job).await?;
        page.forget_all().await?;
        Ok((report, serde_json::from_str::<Timing>(&timing)?.helpers))
    };
    let cores = page
        .browser
        .run("return navigator.hardwareConcurrency", &[]);
    let helpers = usize::from(cores.await?.as_u64() > Some(1));
    let (shared, helped) = judged().await?;
    assert_eq!(helped, helpers);
    page.browser.run(SEND_COMPANY, &[]).await?;
    assert_eq!(judged().await?, (shared, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn joined_files_are_heard_whole() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    // Without the header that counts the frames of the first, from which Chromium would take
    // the duration of them all.
    let mut file = std::fs::read(paths::data("song/song.mp3")?)?;
    let header = file.windows(4).position(|four| four == b"Info");
    let header = header.context("no header of LAME's")?;
    file[header..header + 4].fill(0);
    let song = shelf.put("five-minutes.mp3", &file.repeat(30))?;
    judge_without_the_browser(&page, &song).await
}

/// Counts the songs that a worker is asked to decode.
const COUNT_READ: &str = r#"
    const { postMessage } = Worker.prototype;
    window.read = 0;
    Worker.prototype.postMessage = function (message, ...rest) {
        // The first that a worker gets is its program.
        window.read += typeof message[0] === "string" && JSON.parse(message[0]).type === "read";
        return postMessage.call(this, message, ...rest);
    };
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_the_worker_can_not_decode_is_left_to_the_browser() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    // AAC behind a tag that mostly stands before MP3: of three engines Chromium decodes it.
    let mut song = b"ID3\x04\0\0\0\0\0\x0a\0\0\0\0\0\0\0\0\0\0".to_vec();
    song.extend(std::fs::read(paths::data("audio/sweep.aac")?)?.repeat(90));
    page.browser.run(COUNT_READ, &[]).await?;
    let report = page.judge(&shelf.put("six-minutes.aac", &song)?).await?;
    let read = page.browser.run("return window.read", &[]).await?;
    assert_eq!(read.as_u64(), Some(1));
    assert!(report.duration_s > 350.0, "{}", report.duration_s);
    Ok(())
}
